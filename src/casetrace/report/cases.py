"""Case records as a table on a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice

from rich.table import Table
from rich.text import Text

from casetrace.types import Amount, CaseRecord, Event, Term, Value

BOUNDS = {"min": "at least ", "max": "up to ", "about": "about "}


def cases_table(records: Iterable[CaseRecord], *, most: int) -> Table:
    """One row for each of the first `most` records: whom, what happened when, what is demanded or feared, status.

    The caption tells how many are left out, and what "?" and "(check)" mean where they occur.
    """
    table = Table(title="Cases", show_lines=True, caption_justify="left")
    for name, ratio in (
        ("subject", 3),
        ("what happened", 6),
        ("demanded, feared, denied", 3),
        ("status", 1),
        ("source", 1),
    ):
        table.add_column(name, ratio=ratio, overflow="fold")
    rest = iter(records)
    records_shown = list(islice(rest, most))
    for record in records_shown:
        happened = [event_line(event) for event in record.events if event.modality == "ASSERTED"]
        other = [
            f"{event.modality.lower()}: {event_line(event)}" for event in record.events if event.modality != "ASSERTED"
        ]
        status = f"{record.status or ''}{' (check)' if record.status_check else ''}"
        cells = (_subject(record), "\n".join(happened), "\n".join(other), status, record.doc_id)
        table.add_row(*map(Text, cells))
    table.caption = _caption(records_shown, left_out=sum(1 for _ in rest))
    return table


def event_line(event: Event) -> str:
    """An event in one line, in the words of the record; "?" behind what a person should look at.

    >>> event_line(Event(type="ARREST", modality="ASSERTED", check=True))
    'ARREST?'
    """
    return " ".join([event_name(event), *event_parts(event)])


def event_name(event: Event) -> str:
    """The type of an event, with "?" where it is not sure to have been told."""
    return f"{event.type}?" if event.check else event.type


def event_parts(event: Event) -> Iterator[str]:
    """What an event's line says behind its name."""
    if event.detail:
        yield f"({event.detail})"
    if event.date:
        yield shown(event.date)
    for word, values in (("by", event.agents), ("for", event.charges), ("under", event.laws), ("in", event.places)):
        if values:
            yield f"{word} {', '.join(map(shown, values))}"
    yield from (shown(value) for value in (event.term, event.amount) if value)


def shown(value: Value | Amount) -> str:
    """A value with its bound and what else changes its meaning, and "?" where a person should look at it.

    >>> shown(Term(value="P2Y", bound="max", kind="suspended", check=True, text="", start=0, end=0))
    'up to P2Y suspended?'
    >>> shown(Amount(value="1500", high="2000", currency="USD", share="each", text="", start=0, end=0))
    '1,500-2,000 USD each'
    """
    words = _term(value) if isinstance(value, Term) else _amount(value) if isinstance(value, Amount) else value.value
    return f"{words}?" if value.check else words


def _term(term: Term) -> str:
    bound = BOUNDS[term.bound] if term.bound else ""
    return f"{bound}{term.value}{' suspended' if term.kind == 'suspended' else ''}"


def _amount(amount: Amount) -> str:
    if amount.value is None:
        return amount.text
    bound = BOUNDS[amount.bound] if amount.bound else ""
    high = f"-{amount.high:,f}" if amount.high is not None else ""
    each = "each" if amount.share == "each" else ""
    return " ".join(part for part in (f"{bound}{amount.value:,f}{high}", amount.currency, each) if part)


def _caption(records: list[CaseRecord], *, left_out: int) -> str | None:
    total = len(records) + left_out
    notes = [f"the first {len(records):,} of {total:,} records; --most shows more"] if left_out else []
    if any("?" in event_line(event) for record in records for event in record.events):
        notes.append("?: the score is low, or the text contradicts it; read the text")
    if any(record.status_check for record in records):
        notes.append("(check): dates and words do not settle the status, or its event is doubtful; read the text")
    return "\n".join(notes) or None


def _subject(record: CaseRecord) -> str:
    subject = record.subject
    count = f" ({subject.count})" if subject.count else ""
    about = ", ".join(value.value for value in (*subject.roles, *subject.organisations))
    return f"{subject.name}{count}" + (f"\n{about}" if about else "")
