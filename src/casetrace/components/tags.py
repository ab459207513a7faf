"""The BILOU tags of all labels, and the best valid spans for a table of tag scores."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from casetrace.schema import ENTITIES, EVENTS

Floats = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int64]

NAMES: tuple[str, ...] = (*ENTITIES, *EVENTS)
NUMBERS = {name: number for number, name in enumerate(NAMES)}
FIRST_EVENT = len(ENTITIES)
COUNT = 1 + 4 * len(NAMES)
BEGIN, INSIDE, LAST, UNIT = range(4)
SURE_OUTSIDE = 6.0


@dataclass(frozen=True)
class Mentions:
    """Spans in text order: word offsets (end exclusive), label numbers, raw probabilities."""

    starts: Ints
    ends: Ints
    labels: Ints
    scores: Floats

    def __len__(self) -> int:
        return len(self.starts)


def tag(label: int, part: int) -> int:
    """The tag of a part (BEGIN, INSIDE, LAST, UNIT) of a label; tag 0 is outside."""
    return 1 + 4 * label + part


def encode(count: int, starts: Ints, ends: Ints, labels: Ints) -> Ints:
    """The tag of each of `count` words.

    >>> encode(4, np.array([1]), np.array([3]), np.array([0])).tolist()
    [0, 1, 3, 0]
    """
    tags = np.zeros(count, np.int64)
    for start, end, label in zip(starts.tolist(), ends.tolist(), labels.tolist(), strict=True):
        tags[start:end] = tag(label, INSIDE)
        tags[start], tags[end - 1] = tag(label, BEGIN), tag(label, LAST)
        if end - start == 1:
            tags[start] = tag(label, UNIT)
    return tags


def decode(logits: Floats) -> Mentions:
    """The most probable valid spans (`logits`: words x tags).

    Words that are surely outside cut the text into stretches; in a stretch where the best tag of each word makes no
    valid sequence, a Viterbi search over the BILOU constraints finds the best one that is valid.
    """
    if not len(logits):
        return _mentions([], [], [], [])
    shifted = logits - logits.max(1, keepdims=True)
    probabilities = shifted - np.log(np.exp(shifted).sum(1, keepdims=True))
    best = probabilities.argmax(1)
    rows: list[tuple[int, int, int, float]] = []
    for start, end in _stretches(logits, best):
        tags = best[start:end].tolist()
        if not _valid(tags):
            tags = viterbi(probabilities[start:end])
        rows += _spans(tags, probabilities, start)
    return _mentions(*zip(*rows, strict=True)) if rows else _mentions([], [], [], [])


def viterbi(scores: Floats) -> list[int]:
    """The best valid tag sequence for words x tags of log probabilities."""
    count = len(scores)
    parts = scores[:, 1:].reshape(count, -1, 4)
    closed, opened = 0.0, np.full(parts.shape[1], -np.inf)
    closing = np.zeros((count, 2), np.int64)
    carried = np.zeros((count, parts.shape[1]), bool)
    for word in range(count):
        unit = int(parts[word, :, UNIT].argmax())
        last = int((opened + parts[word, :, LAST]).argmax())
        options = (scores[word, 0] + closed, parts[word, unit, UNIT] + closed, opened[last] + parts[word, last, LAST])
        choice = int(np.argmax(options))
        closing[word] = choice, (0, unit, last)[choice]
        begun, kept = closed + parts[word, :, BEGIN], opened + parts[word, :, INSIDE]
        carried[word] = kept > begun
        closed, opened = float(options[choice]), np.maximum(begun, kept)
    return _trace(closing, carried)


def _trace(closing: Ints, carried: npt.NDArray[np.bool_]) -> list[int]:
    tags: list[int] = []
    word, label = len(closing) - 1, -1
    while word >= 0:
        if label >= 0:
            inside = bool(carried[word, label])
            tags.append(tag(label, INSIDE if inside else BEGIN))
            label = label if inside else -1
        else:
            choice, which = closing[word].tolist()
            tags.append((0, tag(which, UNIT), tag(which, LAST))[choice])
            label = which if choice == 2 else -1
        word -= 1
    return tags[::-1]


def _stretches(logits: Floats, best: Ints) -> list[tuple[int, int]]:
    rival = logits[:, 1:].max(1)
    inside = (best > 0) | (logits[:, 0] - rival < SURE_OUTSIDE)
    edges = np.flatnonzero(np.diff(np.concatenate(([False], inside, [False])).astype(np.int8))).tolist()
    pairs = zip(edges[::2], edges[1::2], strict=True)
    return [(start, end) for start, end in pairs if best[start:end].any()]


def _valid(tags: list[int]) -> bool:
    opened = -1
    for value in tags:
        label, part = divmod(value - 1, 4) if value else (-1, UNIT)
        if opened >= 0:
            if label != opened or part not in (INSIDE, LAST):
                return False
            opened = -1 if part == LAST else opened
        elif part in (INSIDE, LAST):
            return False
        elif part == BEGIN:
            opened = label
    return opened < 0


def _spans(tags: list[int], probabilities: Floats, offset: int) -> list[tuple[int, int, int, float]]:
    rows = []
    begun = 0
    for word, value in enumerate(tags):
        label, part = divmod(value - 1, 4)
        if value and part in (BEGIN, UNIT):
            begun = word
        if value and part in (LAST, UNIT):
            total = sum(float(probabilities[offset + at, tags[at]]) for at in range(begun, word + 1))
            rows.append((offset + begun, offset + word + 1, label, float(np.exp(total))))
    return rows


def _mentions(starts: object, ends: object, labels: object, scores: object) -> Mentions:
    begin, end, label = (np.array(values, np.int64) for values in (starts, ends, labels))
    return Mentions(begin, end, label, np.array(scores, np.float32))
