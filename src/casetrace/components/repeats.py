"""One name, one label: what the mentions of a whole document say together of a name that stands in it several times.

A word window sees each mention alone; a headline or a list gives it little to go by. The other mentions of the same
string tell whether it is a person or an organisation, and that it is a name at all.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

import numpy as np
from spacy.tokens import Doc

from casetrace.components import tags

NAMES = frozenset(tags.NUMBERS[label] for label in ("PERSON", "ORG", "COURT", "GPE", "FACILITY"))
MAJORITY = 0.6
"""Share of the summed probability that a label needs to be given to all mentions of a string."""
SURE = 0.8
"""Probability of the likeliest mention from which on unmarked repeats of its string are mentions too."""

Key = tuple[str, ...]


def agree(doc: Doc, found: tags.Mentions) -> tags.Mentions:
    """The mentions with one label for each repeated name, and with the repeats of sure names that were overlooked."""
    words = [token.text for token in doc]
    support = _support(words, found)
    labels = found.labels.copy()
    for row, key in _named(words, found):
        label, share = _winner(support[key])
        if share >= MAJORITY:
            labels[row] = label
    rows = list(zip(found.starts.tolist(), found.ends.tolist(), labels.tolist(), found.scores.tolist(), strict=True))
    rows += _overlooked(words, found, support)
    rows.sort()
    starts, ends, numbers, scores = zip(*rows, strict=True) if rows else ((), (), (), ())
    begin, end, label_numbers = (np.array(values, np.int64) for values in (starts, ends, numbers))
    return tags.Mentions(begin, end, label_numbers, np.array(scores, np.float32))


def _named(words: list[str], found: tags.Mentions) -> Iterator[tuple[int, Key]]:
    for row in range(len(found)):
        key = tuple(words[found.starts[row] : found.ends[row]])
        if int(found.labels[row]) in NAMES and key[0][:1].isupper():
            yield row, key


def _support(words: list[str], found: tags.Mentions) -> dict[Key, dict[int, list[float]]]:
    """For each name the probabilities of its mentions, by label."""
    support: dict[Key, dict[int, list[float]]] = defaultdict(lambda: defaultdict(list))
    for row, key in _named(words, found):
        support[key][int(found.labels[row])].append(float(found.scores[row]))
    return support


def _winner(labels: dict[int, list[float]]) -> tuple[int, float]:
    total = sum(map(sum, labels.values()))
    label = max(labels, key=lambda number: sum(labels[number]))
    return label, sum(labels[label]) / total


def _overlooked(
    words: list[str], found: tags.Mentions, support: dict[Key, dict[int, list[float]]]
) -> Iterator[tuple[int, int, int, float]]:
    taken = np.zeros(len(words) + 1, bool)
    for start, end in zip(found.starts.tolist(), found.ends.tolist(), strict=True):
        taken[start:end] = True
    first: dict[str, list[Key]] = defaultdict(list)
    for key in support:
        first[key[0]].append(key)
    for start, word in enumerate(words):
        for key in sorted(first.get(word, ()), key=len, reverse=True):
            end = start + len(key)
            label, share = _winner(support[key])
            sure = max(support[key][label])
            if (
                tuple(words[start:end]) == key and not taken[start:end].any() and share >= MAJORITY and sure >= SURE
                and len(word) > 2 and not _inside_a_longer_name(words, taken, start, end)
            ):  # fmt: skip
                taken[start:end] = True
                yield start, end, label, sure * share


def _inside_a_longer_name(
    words: list[str], taken: np.ndarray[tuple[int], np.dtype[np.bool_]], start: int, end: int
) -> bool:
    before = words[start - 1] if start else ""
    after = words[end] if end < len(words) else ""
    named_before = before[:1].isupper() and not taken[start - 1] and start > 1 and words[start - 2] not in ".!?\n"
    return named_before or (after[:1].isupper() and not taken[end])
