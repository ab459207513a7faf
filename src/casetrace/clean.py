"""Near-copies told apart from new texts: each text is compared with all earlier ones at constant cost.

Of the hashes of a text's five-word sequences the 64 smallest are kept as its sketch (Broder 1997, bottom-k); the share
of common hashes in the sketch of the union estimates the share of common sequences (Jaccard) of the texts.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from hashlib import blake2b

SEQUENCE = 5
SKETCH = 64
NEAR_COPY = 0.8  # two versions of one agency story share 0.8 and more, two stories of one event under 0.5

_WORD = re.compile(r"\w+")


class SeenTexts:
    """Remembers texts by sketch.

    >>> seen = SeenTexts()
    >>> words = " ".join(f"word{n}" for n in range(300))
    >>> seen.near_copy("a", words), seen.near_copy("b", words + " more"), seen.near_copy("c", "other words")
    (None, ('a', 0.98), None)
    """

    def __init__(self) -> None:
        """Start with no text seen."""
        self._sketches: dict[str, set[bytes]] = {}
        self._holders: dict[bytes, list[str]] = defaultdict(list)

    def near_copy(self, doc_id: str, text: str) -> tuple[str, float] | None:
        """The earlier text that this is a copy of and their likeness in 0..1; None for a new text, now remembered."""
        sketch = _sketch(text)
        shared = Counter(holder for mark in sketch for holder in self._holders.get(mark, ()))
        for holder, _ in shared.most_common(3):
            likeness = _likeness(sketch, self._sketches[holder])
            if likeness >= NEAR_COPY:
                return holder, likeness
        self._sketches[doc_id] = sketch
        for mark in sketch:
            self._holders[mark].append(doc_id)
        return None


def _sketch(text: str) -> set[bytes]:
    words = _WORD.findall(text.lower())
    sequences = {" ".join(words[at : at + SEQUENCE]) for at in range(max(1, len(words) - SEQUENCE + 1))}
    return set(sorted(blake2b(sequence.encode(), digest_size=8).digest() for sequence in sequences)[:SKETCH])


def _likeness(left: set[bytes], right: set[bytes]) -> float:
    union = set(sorted(left | right)[:SKETCH])
    return round(len(union & left & right) / len(union), 2)
