"""Which earlier mentions a mention may stand for, and what is seen of each such pair."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice

import numpy as np
import numpy.typing as npt

from casetrace.components import likeness
from casetrace.components.pairs import Ints, Pairs
from casetrace.components.pieces import LINE_END, NO_BREAK
from casetrace.components.tags import FIRST_EVENT, NUMBERS, Mentions

KINDS = ("PERSON", "GROUP", "ANAPHOR", "ORG", "COURT")
NAMED = frozenset({"PERSON", "ORG", "COURT"})
NEAREST = 20
BY_WORD = 4
_KIND = {NUMBERS[name]: number for number, name in enumerate(KINDS)}
_GAPS = np.array([3, 6, 10, 16, 25, 40, 70, 120, 250])
_FORMS, _ALIKE = len(likeness.FORMS), len(likeness.ALIKE)
SIZES = (
    len(KINDS) ** 2,
    _FORMS**2,
    _ALIKE * len(KINDS) ** 2,
    3,
    len(likeness.TITLES) * _FORMS,
    12,
    4,
    len(_GAPS) + 1,
    3,
    4,
    4,
    4,
)
GROUPS = (2, 2, 3, 3, 2)
assert sum(GROUPS) == len(SIZES)


@dataclass(frozen=True)
class Surface:
    """The words of each mention, and the word before it."""

    texts: list[str]
    before: list[str]


@dataclass
class _Seen:
    """What has been read so far: the latest mention of each name, description or pronoun, in order."""

    latest: dict[tuple[int, str], int] = field(default_factory=dict)
    by_word: defaultdict[str, dict[tuple[int, str], None]] = field(default_factory=lambda: defaultdict(dict))
    times: defaultdict[tuple[int, str], int] = field(default_factory=lambda: defaultdict(int))


def key_of(mentions: Mentions, surface: Surface, row: int) -> tuple[int, str]:
    """What makes two mentions the same name: kind and words; other mentions are each their own."""
    kind = _KIND[int(mentions.labels[row])]
    text = surface.texts[row]
    return (kind, text) if KINDS[kind] in NAMED else (kind, f"{text}\0{row}")


def is_candidate(label: int) -> bool:
    """Whether mentions of a label can corefer."""
    return label in _KIND


def antecedents(mentions: Mentions, surface: Surface, breaks: Ints) -> Pairs:
    """Candidate (later, earlier) pairs: the nearest few mentions, and those that share a word, however far back.

    A name that was seen before has none: the same string is the same entity.
    """
    rows = list(_candidates(mentions, surface))
    if not rows:
        nothing = np.zeros(0, np.int64)
        return Pairs(nothing, nothing, np.zeros((0, len(SIZES)), np.int64))
    table = np.array(rows, np.int64)
    later, earlier = table[:, 0], table[:, 1]
    return Pairs(later, earlier, _features(mentions, breaks, table))


def _candidates(mentions: Mentions, surface: Surface) -> Iterator[tuple[int, ...]]:
    seen = _Seen()
    for row, label in enumerate(mentions.labels.tolist()):
        if label not in _KIND:
            continue
        key = key_of(mentions, surface, row)
        if key not in seen.latest:
            yield from _weigh(mentions, surface, row, seen)
        _note(seen, key, row)


def _weigh(mentions: Mentions, surface: Surface, row: int, seen: _Seen) -> Iterator[tuple[int, ...]]:
    text, kind = surface.texts[row], _KIND[int(mentions.labels[row])]
    form = likeness.form(text, KINDS[kind])
    title = likeness.title(surface.before[row])
    nearest = dict.fromkeys(islice(reversed(seen.latest), NEAREST))
    for word in likeness.words(text):
        nearest.update(dict.fromkeys(islice(reversed(seen.by_word[word]), BY_WORD)))
    for rank, key in enumerate(nearest):
        earlier = seen.latest[key]
        other = surface.texts[earlier]
        other_kind = key[0]
        alike = likeness.alike(text, other)
        if _hopeless(kind, other_kind, text, other, alike):
            continue
        other_form = likeness.form(other, KINDS[other_kind])
        heading = likeness.title(surface.before[earlier])
        gender = heading * _FORMS + form if form else title * _FORMS + other_form
        yield (row, earlier, kind * len(KINDS) + other_kind, form * _FORMS + other_form,
               alike * len(KINDS) ** 2 + kind * len(KINDS) + other_kind, likeness.same_count(text, other), gender,
               min(rank, 11), min(seen.times[key] - 1, 3))  # fmt: skip


def _hopeless(kind: int, other_kind: int, text: str, other: str, alike: int) -> bool:
    """Names of unlike kinds, and names of one kind that share nothing."""
    if KINDS[kind] not in NAMED or KINDS[other_kind] not in NAMED:
        return False
    described = text[:1].islower() or other[:1].islower()
    return not alike and (not described or "PERSON" in (KINDS[kind], KINDS[other_kind]))


def _note(seen: _Seen, key: tuple[int, str], row: int) -> None:
    seen.latest.pop(key, None)
    seen.latest[key] = row
    seen.times[key] += 1
    for word in likeness.words(key[1].split("\0")[0]):
        seen.by_word[word].pop(key, None)
        seen.by_word[word][key] = None


def _features(mentions: Mentions, breaks: Ints, table: Ints) -> Ints:
    later, earlier = table[:, 0], table[:, 1]
    gap = np.searchsorted(_GAPS, mentions.starts[later] - mentions.ends[earlier], side="right")
    sentence = _between(breaks > NO_BREAK, mentions, later, earlier)
    paragraph = _between(breaks >= LINE_END, mentions, later, earlier)
    events = np.concatenate(([0], np.cumsum(mentions.labels >= FIRST_EVENT)))
    between = events[later] - events[earlier]
    columns = (*table[:, 2:9].T, gap, np.minimum(paragraph, 2), np.minimum(sentence, 3), np.minimum(between, 3),
               np.minimum(earlier, 3))  # fmt: skip
    return np.stack(columns, 1)


def _between(marks: npt.NDArray[np.bool_], mentions: Mentions, later: Ints, earlier: Ints) -> Ints:
    total = np.concatenate(([0], np.cumsum(marks)))
    return np.asarray(total[mentions.starts[later]] - total[mentions.ends[earlier]])
