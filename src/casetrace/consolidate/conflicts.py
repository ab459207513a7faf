"""Where the sources of a dossier disagree, field by field, every version with its words and its source."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from casetrace.consolidate.align import days_between
from casetrace.normalize.durations import months
from casetrace.normalize.names import plain
from casetrace.normalize.organisations import abbreviates, reduced
from casetrace.types import Amount, CaseRecord, Conflict, DossierEvent, Event, SourcedEvent, Term, Value, Version


def find_conflicts(records: list[CaseRecord], events: list[DossierEvent]) -> Iterator[Conflict]:
    """Every field on which two records of a dossier exclude each other; saying less is no disagreement."""
    if len(records) < 2:
        return
    yield from _count(records)
    yield from _charges(records)
    for event in events:
        if len(event.tellings) > 1:
            yield from _event(event)


def _count(records: list[CaseRecord]) -> Iterator[Conflict]:
    if len({record.subject.count for record in records if record.subject.count is not None}) > 1:
        yield Conflict(
            field="count", versions=tuple(_count_version(record) for record in records if record.subject.count)
        )


def _count_version(record: CaseRecord) -> Version:
    quote = next((quote for quote in record.subject.evidence if quote.text == record.subject.name), None)
    where = (quote.text, quote.start, quote.end) if quote else (record.subject.name, 0, 0)
    return Version(value=str(record.subject.count), case_id=record.case_id, doc_id=record.doc_id,
                   text=where[0], start=where[1], end=where[2])  # fmt: skip


def _charges(records: list[CaseRecord]) -> Iterator[Conflict]:
    """The offences over the whole case, where two sources name different ones."""
    told = [(record, offences) for record in records if (offences := _offences(record))]
    if len({frozenset(offences) for _, offences in told}) > 1:
        versions = [
            _version(record.case_id, record.doc_id, value) for record, offences in told for value in offences.values()
        ]
        yield Conflict(field="charges", versions=tuple(versions))


def _offences(record: CaseRecord) -> dict[str, Value]:
    found: dict[str, Value] = {}
    for event in record.events:
        if event.modality == "ASSERTED":
            for charge in event.charges:
                found.setdefault(plain(charge.value), charge)
    return found


def _event(event: DossierEvent) -> Iterator[Conflict]:
    told = event.tellings
    dates = [(telling, telling.event.date) for telling in told if telling.event.date]
    if any(days_between(one, other) for _, one in dates for _, other in dates):
        yield _listed(event, "date", dates)
    terms = [(telling, telling.event.term) for telling in told if telling.event.term]
    if not all(_same_term(one, other) for _, one in terms for _, other in terms):
        yield _listed(event, "term", terms)
    agents = [(telling, telling.event.agents[0]) for telling in told if _named(telling.event)]
    if not all(_same_body(one, other) for _, one in agents for _, other in agents):
        yield _listed(event, "agent", agents)
    yield from _amounts(event)


def _listed(event: DossierEvent, field: str, told: Sequence[tuple[SourcedEvent, Value]]) -> Conflict:
    """Every version of a field."""
    versions = tuple(_version(telling.case_id, telling.doc_id, value) for telling, value in told)
    return Conflict(field=field, event=event.type, versions=versions)


def _named(event: Event) -> bool:
    return bool(event.agents) and not event.agents[0].value.islower()


def _same_term(one: Term, other: Term) -> bool:
    left, right = months(one.value), months(other.value)
    if left is None or right is None:
        return one.value == other.value
    about = "about" in (one.bound, other.bound)
    return left == right or (about and abs(left - right) <= max(left, right) / 5)


def _same_body(one: Value, other: Value) -> bool:
    left, right = reduced(one.value), reduced(other.value)
    return left in right or right in left or abbreviates(one.value, other.value) or abbreviates(other.value, one.value)


def _amounts(event: DossierEvent) -> Iterator[Conflict]:
    told = [(telling, telling.event.amount) for telling in event.tellings if telling.event.amount]
    known = {(amount.currency, amount.value) for _, amount in told if amount.value is not None and amount.currency}
    if len({currency for currency, _ in known}) < len(known):
        yield Conflict(
            field="amount", event=event.type, versions=tuple(_amount(telling, amount) for telling, amount in told)
        )


def _amount(telling: SourcedEvent, amount: Amount) -> Version:
    return Version(value=f"{amount.value} {amount.currency}", case_id=telling.case_id, doc_id=telling.doc_id,
                   text=amount.text, start=amount.start, end=amount.end)  # fmt: skip


def _version(case_id: str, doc_id: str, value: Value) -> Version:
    return Version(value=value.value, case_id=case_id, doc_id=doc_id, text=value.text, start=value.start, end=value.end)
