"""Case records as a table on a terminal."""

from __future__ import annotations

from collections.abc import Iterable

from rich.table import Table
from rich.text import Text

from casetrace.types import CaseRecord, Event


def cases_table(records: Iterable[CaseRecord], *, most: int) -> Table:
    """One row for each of the first `most` records: whom, what happened when, what is demanded or feared, status."""
    table = Table(title="Cases", show_lines=True)
    for name, ratio in (
        ("subject", 3),
        ("what happened", 6),
        ("demanded, feared, denied", 3),
        ("status", 1),
        ("source", 1),
    ):
        table.add_column(name, ratio=ratio, overflow="fold")
    for record, _ in zip(records, range(most), strict=False):
        happened = [event_line(event) for event in record.events if event.modality == "ASSERTED"]
        other = [
            f"{event.modality.lower()}: {event_line(event)}" for event in record.events if event.modality != "ASSERTED"
        ]
        status = f"{record.status or ''}{' (check)' if record.status_check else ''}"
        cells = (_subject(record), "\n".join(happened), "\n".join(other), status, record.doc_id)
        table.add_row(*map(Text, cells))
    return table


def event_line(event: Event) -> str:
    """An event in one line, in the words of the record.

    >>> event_line(Event(type="ARREST", modality="ASSERTED"))
    'ARREST'
    """
    parts = [event.type, event.date.value if event.date else ""]
    for word, values in (("by", event.agents), ("for", event.charges), ("under", event.laws), ("in", event.places)):
        parts.append(f"{word} {', '.join(value.value for value in values)}" if values else "")
    parts.append(event.term.value if event.term else "")
    if event.amount:
        known = event.amount.value is not None
        parts.append(f"{event.amount.value:,f} {event.amount.currency}" if known else event.amount.text)
    return " ".join(part for part in parts if part)


def _subject(record: CaseRecord) -> str:
    subject = record.subject
    count = f" ({subject.count})" if subject.count else ""
    about = ", ".join(value.value for value in (*subject.roles, *subject.organisations))
    return f"{subject.name}{count}" + (f"\n{about}" if about else "")
