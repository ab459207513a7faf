"""Every single error, with the words around it: what the counts of missed and spurious are made of."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Literal

from casetrace.evaluate.cases import Case
from casetrace.schema import EVENTS
from casetrace.score.marks import Link, Place, event_links, overlapping
from casetrace.score.records import pair_events, pair_records
from casetrace.score.slots import Slot, event_slots, head
from casetrace.types import Event, Frozen, Quote, Span

Kind = Literal[
    "missed", "spurious", "wrong label", "wrong border", "wrong modality", "wrong argument", "wrong date", "wrong value"
]
AROUND = 240
"""Most characters of a sentence shown on either side of the error."""


class Mark(Frozen):
    """A stretch of the document with what it is said to be."""

    start: int
    end: int
    label: str


class Fault(Frozen):
    """One error: `gold` and `predicted` say what each side has; `marks` lie in the sentence from `start` to `end`.

    `gold_name` and `predicted_name` are the label, role or field that the error counts under on each side.
    """

    kind: Kind
    level: str
    gold_name: str | None
    predicted_name: str | None
    doc_id: str
    start: int
    end: int
    gold: tuple[Mark, ...] = ()
    predicted: tuple[Mark, ...] = ()
    note: str = ""


def faults(cases: Iterable[Case]) -> Iterator[Fault]:
    """Yield every error of entities, events, arguments and record fields, document by document."""
    for case in cases:
        yield from _span_faults(case)
        yield from _argument_faults(case)
        yield from _record_faults(case)


def sentence(text: str, start: int, end: int) -> tuple[int, int]:
    """Where the sentence around a stretch begins and ends, cut at `AROUND` characters.

    >>> text = "They met. Police arrested her! Then they left."
    >>> text[slice(*sentence(text, 10, 16))]
    'Police arrested her!'
    """
    begins = [match.end() for match in re.finditer(r"\n+|[.!?][\"”’)]?\s+(?=[^a-z])", text[: start + 1])]
    after = re.search(r"\n|[.!?][\"”’)]?(?=\s+[^a-z]|\s*$)", text[end:])
    first = begins[-1] if begins else 0
    last = len(text) if after is None else end + (after.start() if after[0] == "\n" else after.end())
    return max(first, start - AROUND), min(last, end + AROUND)


def _span_faults(case: Case) -> Iterator[Fault]:
    found = overlapping(list(case.gold.spans), list(case.predicted.spans), "partial")
    pairs = [(left, right) for left, right in found if (left.label in EVENTS) == (right.label in EVENTS)]
    lefts, rights = {left.id for left, _ in pairs}, {right.id for _, right in pairs}
    for left, right in pairs:
        kind = _difference(left, right)
        if kind:
            yield _span_fault(case, kind, left, right)
    yield from (_span_fault(case, "missed", span, None) for span in case.gold.spans if span.id not in lefts)
    yield from (_span_fault(case, "spurious", None, span) for span in case.predicted.spans if span.id not in rights)


def _difference(left: Span, right: Span) -> Kind | None:
    if left.label != right.label:
        return "wrong label"
    if (left.start, left.end) != (right.start, right.end):
        return "wrong border"
    return "wrong modality" if left.modality != right.modality else None


def _span_fault(case: Case, kind: Kind, left: Span | None, right: Span | None) -> Fault:
    present = [span for span in (left, right) if span]
    level = "events" if (left or present[0]).label in EVENTS else "entities"
    return _fault(
        case,
        "modality" if kind == "wrong modality" else level,
        kind,
        names=_modalities(left, right) if kind == "wrong modality" else _labels(left, right),
        gold=[_mark(left)] if left else [],
        predicted=[_mark(right)] if right else [],
    )


def _labels(left: Span | None, right: Span | None) -> tuple[str | None, str | None]:
    return left.label if left else None, right.label if right else None


def _modalities(left: Span | None, right: Span | None) -> tuple[str | None, str | None]:
    return left.modality if left else None, right.modality if right else None


def _mark(span: Span) -> Mark:
    label = f"{span.label} {span.modality}" if span.modality and span.modality != "ASSERTED" else span.label
    return Mark(start=span.start, end=span.end, label=label)


def _argument_faults(case: Case) -> Iterator[Fault]:
    gold, predicted = event_links(case.gold), event_links(case.predicted)
    missed, spurious = sorted(gold - predicted), sorted(predicted - gold)
    for left in missed:
        right = next((link for link in spurious if _same_but_one(left, link)), None)
        if right:
            spurious.remove(right)
        yield _argument_fault(case, left, right)
    yield from (_argument_fault(case, None, link) for link in spurious)


def _same_but_one(left: Link, right: Link) -> bool:
    """The same trigger with the same role and another argument, or the same argument in another role."""
    return left[0] == right[0] and (left[1] == right[1] or left[2] == right[2])


def _argument_fault(case: Case, left: Link | None, right: Link | None) -> Fault:
    kind: Kind = "wrong argument" if left and right else "missed" if left else "spurious"
    return _fault(
        case,
        "arguments",
        kind,
        names=(left[1] if left else None, right[1] if right else None),
        gold=_link_marks(left),
        predicted=_link_marks(right),
    )


def _link_marks(link: Link | None) -> list[Mark]:
    return [_placed(link[0], link[0][2]), _placed(link[2], link[1])] if link else []


def _placed(place: Place, label: str) -> Mark:
    return Mark(start=place[0], end=place[1], label=label)


def _record_faults(case: Case) -> Iterator[Fault]:
    for left, right in pair_records(case.gold_records, case.predicted_records):
        subjects = [record.subject for record in (right, left) if record]
        who, where = subjects[-1].name, _first([quote for subject in subjects for quote in subject.evidence])
        yield from _slot_faults(case, who, list(head(left)), list(head(right)), where)
        for one, other in pair_events(left, right):
            meant, said = (event_slots(event) if event else [] for event in (one, other))
            yield from _slot_faults(case, _told(who, one, other), meant, said, _evidence(one, other) or where)


def _told(who: str, one: Event | None, other: Event | None) -> str:
    event = one or other
    return f"{who}: {event.type}" if event else who


def _evidence(one: Event | None, other: Event | None) -> Quote | None:
    return _first([*(other.evidence if other else ()), *(one.evidence if one else ())])


def _first(quotes: Sequence[Quote]) -> Quote | None:
    return next((quote for quote in quotes if quote.end > quote.start), None)


def _slot_faults(
    case: Case, told: str, gold: list[Slot], predicted: list[Slot], where: Quote | None
) -> Iterator[Fault]:
    missed, spurious = _without(gold, predicted), _without(predicted, gold)
    for field, meant in missed:
        said = next((slot for slot in spurious if slot[0] == field), None)
        if said:
            spurious.remove(said)
        kind: Kind = ("wrong date" if field == "date" else "wrong value") if said else "missed"
        note = f"{told}: {field} {meant}" + (f", found {said[1]}" if said else "")
        yield _record_fault(case, kind, (field, field if said else None), note, where)
    for field, value in spurious:
        yield _record_fault(case, "spurious", (None, field), f"{told}: {field} {value}", where)


def _without(slots: list[Slot], others: list[Slot]) -> list[Slot]:
    return sorted((Counter(slots) - Counter(others)).elements())


def _record_fault(
    case: Case, kind: Kind, names: tuple[str | None, str | None], note: str, where: Quote | None
) -> Fault:
    marks = [Mark(start=where.start, end=where.end, label="")] if where else []
    return _fault(case, "record slots", kind, names=names, gold=[], predicted=marks, note=note)


def _fault(
    case: Case,
    level: str,
    kind: Kind,
    *,
    names: tuple[str | None, str | None],
    gold: list[Mark],
    predicted: list[Mark],
    note: str = "",
) -> Fault:
    marks = [*gold, *predicted]
    text = case.document.text
    inner = (min(mark.start for mark in marks), max(mark.end for mark in marks)) if marks else (0, 0)
    start, end = sentence(text, *inner) if marks else inner
    return Fault(
        kind=kind,
        level=level,
        gold_name=names[0],
        predicted_name=names[1],
        doc_id=case.document.id,
        start=start,
        end=end,
        gold=tuple(gold),
        predicted=tuple(predicted),
        note=note,
    )
