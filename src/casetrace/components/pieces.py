"""Words to word pieces: what the encoder reads of a Doc, and the windows it reads it in."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from spacy.attrs import IS_SPACE, ORTH  # type: ignore[import-not-found]
from spacy.strings import get_string_id
from spacy.tokens import Doc
from tokenizers import Tokenizer

Ints = npt.NDArray[np.int64]

SHAPES = 16
MOST_PIECES = 12
"""Of a word, so that each word fits a window with its context; the rest of a longer one is not read."""
MOST_CACHED = 200_000
NO_BREAK, SENTENCE_END, LINE_END, PARAGRAPH_END = range(4)
_SHAPE_PATTERNS = (
    (6, r"\d{1,2}"),
    (7, r"\d{4}"),
    (8, r"[\d.,:/'’-]*\d[\d.,:/'’-]*"),
    (10, r"[.!?…]+"),
    (11, r"[,;:–—\-/|•*·_]+"),
    (12, r"[\"'“”‘’«»()\[\]{}<>]+"),
    (14, r"(?:[A-Z]\.)+-?[A-Z]?"),
    (4, r"[A-Z]"),
)
_ENDS = (".", "!", "?", "…", "?!", "!!")
_SENTENCE_ENDS = np.array([get_string_id(text) for text in _ENDS], np.uint64)
_SHAPE = re.compile("|".join(f"(?P<s{number}>{pattern})$" for number, pattern in _SHAPE_PATTERNS))


@dataclass(frozen=True)
class Words:
    """The pieces of one document: `ids` is flat, word `i` has `ids[starts[i]:starts[i + 1]]`."""

    ids: Ints
    starts: Ints
    shapes: Ints
    breaks: Ints

    def __len__(self) -> int:
        return len(self.shapes)


@dataclass(frozen=True)
class Window:
    """Words `left` to `right` are read together; vectors are kept for `start` to `end` alone."""

    left: int
    right: int
    start: int
    end: int


class Lexicon:
    """Word pieces, shape and break class of every word, each worked out once."""

    def __init__(self, tokenizer: Tokenizer) -> None:
        self.tokenizer = tokenizer
        tokenizer.no_truncation()
        tokenizer.no_padding()
        self.first = _special(tokenizer, "[CLS]", "<s>")
        self.last = _special(tokenizer, "[SEP]", "</s>")
        self._unknown = _special(tokenizer, "[UNK]", "<unk>")
        self._blanks = [_special(tokenizer, f"[unused{number}]", "[UNK]", "<unk>") for number in range(3)]
        self._known: dict[int, tuple[tuple[int, ...], int, int]] = {}

    def words(self, doc: Doc) -> Words:
        """The pieces of all words of a document, white-space words included (they tell lines and paragraphs)."""
        orths: list[int] = doc.to_array([ORTH]).reshape(-1).tolist()  # type: ignore[assignment]
        if len(self._known) > MOST_CACHED:
            self._known.clear()
        if missing := [orth for orth in dict.fromkeys(orths) if orth not in self._known]:
            self._learn(missing, [doc.vocab.strings[orth] for orth in missing])
        rows = [self._known[orth] for orth in orths]
        lengths = np.fromiter((len(row[0]) for row in rows), np.int64, len(rows))
        ids = np.fromiter((piece for row in rows for piece in row[0]), np.int64, int(lengths.sum()))
        shapes = np.fromiter((row[1] for row in rows), np.int64, len(rows))
        breaks = np.fromiter((row[2] for row in rows), np.int64, len(rows))
        return Words(ids=ids, starts=np.concatenate(([0], np.cumsum(lengths))), shapes=shapes, breaks=breaks)

    def _learn(self, orths: list[int], texts: list[str]) -> None:
        encodings = self.tokenizer.encode_batch(texts, add_special_tokens=False)
        for orth, text, encoding in zip(orths, texts, encodings, strict=True):
            ids = tuple(encoding.ids[:MOST_PIECES]) or (self._unknown,)
            if text.isspace():
                ids = (self._blanks[min(text.count("\n"), 2)],)
            self._known[orth] = (ids, word_shape(text), break_class(text))


def word_shape(text: str) -> int:
    """One of 16 classes of case and shape, which an uncased encoder would not see.

    >>> [word_shape(text) for text in ("Dara", "police", "UN", "2024", "1,000", "28th", ".")]
    [2, 1, 3, 7, 8, 9, 10]
    """
    if match := _SHAPE.match(text):
        return int(str(match.lastgroup)[1:])
    if not any(letter.isalpha() for letter in text):
        return 13 if not text.isspace() else 0
    if any(letter.isdigit() for letter in text):
        return 9
    if text.islower():
        return 1
    if text.isupper():
        return 3
    if text[:1].isupper() and text[1:].islower():
        return 2
    return 5 if any(letter.isupper() for letter in text) else 15


def break_class(text: str) -> int:
    """Whether a word ends a sentence, a line or a paragraph."""
    if text.isspace():
        return (NO_BREAK, LINE_END)[text.count("\n")] if text.count("\n") < 2 else PARAGRAPH_END
    return SENTENCE_END if text in _ENDS else NO_BREAK


def breaks(doc: Doc) -> Ints:
    """The break class of every word."""
    table = doc.to_array([ORTH, IS_SPACE]).reshape(-1, 2)
    found = np.where(np.isin(table[:, 0], _SENTENCE_ENDS), SENTENCE_END, NO_BREAK)
    for place in np.flatnonzero(table[:, 1]).tolist():
        found[place] = break_class(doc[place].text)
    return found


def windows(words: Words, *, size: int, context: int) -> list[Window]:
    """Cut a document into windows of at most `size` pieces, each with up to `context` pieces of what came before.

    A window ends with a sentence or line where there is one in its last third, else it reads on into the next one.
    Every word is in the kept part of exactly one window, so the number of windows grows linearly with the text.
    """
    found: list[Window] = []
    start, count = 0, len(words)
    while start < count:
        left = int(np.searchsorted(words.starts, words.starts[start] - context))
        limit = words.starts[left] + size - 2
        right = int(np.searchsorted(words.starts, limit, side="right")) - 1
        end = _end(words, start, right, context)
        found.append(Window(left, end if words.breaks[end - 1] else right, start, end))
        start = end
    return found


def _end(words: Words, start: int, right: int, context: int) -> int:
    if right == len(words):
        return right
    earliest = start + (right - start) * 2 // 3
    for kind in (PARAGRAPH_END, LINE_END, SENTENCE_END):
        places = np.flatnonzero(words.breaks[earliest:right] == kind)
        if len(places):
            return earliest + int(places[-1]) + 1
    end = int(np.searchsorted(words.starts, words.starts[right] - context, side="right")) - 1
    return max(end, start + 1)


def window_inputs(lexicon: Lexicon, words: Words, window: Window) -> tuple[Ints, Ints, Ints, Ints]:
    """Piece ids and shapes (CLS and SEP added), and the first and last piece of each kept word."""
    low, high = words.starts[window.left], words.starts[window.right]
    ids = np.concatenate(([lexicon.first], words.ids[low:high], [lexicon.last]))
    lengths = np.diff(words.starts[window.left : window.right + 1])
    shapes = np.concatenate(([0], np.repeat(words.shapes[window.left : window.right], lengths), [0]))
    offset = 1 - low
    first = words.starts[window.start : window.end] + offset
    last = words.starts[window.start + 1 : window.end + 1] - 1 + offset
    return ids, shapes, first, last


def _special(tokenizer: Any, *names: str) -> int:
    for name in names:
        if (number := tokenizer.token_to_id(name)) is not None:
            return int(number)
    raise ValueError(f"the tokenizer knows none of {', '.join(names)}")
