"""Uwazi import CSV: a file of cases and one of events, with a list of what Uwazi would falsify or drop.

Uwazi wants UTF-8, a `title` column, several values joined by `|`, dates as YYYY-MM-DD and ranges as `from:to`. A
year alone
becomes 1 January there and a value that it cannot read is passed over in silence, so dates that are not precise to
the day are
written as the range of days that they leave open, and everything that cannot be written is named in the warnings.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from casetrace.export.rows import Row, case_row, event_row
from casetrace.export.tables import beside, write_rows
from casetrace.types import CaseRecord, Event

_CASE_COLUMNS = [
    "title",
    "case_id",
    "kind",
    "count",
    "aliases",
    "roles",
    "organisations",
    "country",
    "status",
    "charges",
    "period",
    "source",
]
_EVENT_COLUMNS = [
    "title",
    "case",
    "type",
    "modality",
    "detail",
    "date",
    "date_type",
    "date_words",
    "agents",
    "charges",
    "laws",
    "places",
    "term",
    "amount",
    "currency",
    "quote",
    "source",
]


def write_uwazi(records: Sequence[CaseRecord], path: Path) -> list[str]:
    """Write cases and, beside them, events; returns the warnings of `preflight`."""
    titles = _titles(records)
    write_rows([_case(record, titles) for record in records], path, columns=_CASE_COLUMNS, separator="|")
    rows = [_event(record, number, titles) for record in records for number in range(len(record.events))]
    write_rows(rows, beside(path, "events"), columns=_EVENT_COLUMNS, separator="|")
    return list(preflight(records))


def preflight(records: Sequence[CaseRecord]) -> Iterator[str]:
    """Name everything that Uwazi would change or lose, one sentence each."""
    titles = _titles(records)
    for record in records:
        if titles[record.case_id] != record.subject.name:
            yield f"{record.case_id}: several cases are called {record.subject.name!r}; the title gets the source added"
        for where, words in _words(record):
            if "|" in words:
                yield f"{record.case_id}: {where} {words!r}: Uwazi reads | as the end of a value; written as /"
        for event in record.events:
            yield from (f"{record.case_id}: {event.type}: {fault}" for fault in _date_faults(event))
            if event.amount and event.amount.value is None:
                yield f"{record.case_id}: {event.type}: {event.amount.text!r} is no number; the amount stays empty"


def uwazi_date(value: str) -> str | None:
    """A date as Uwazi reads it: a day, or a range of days; of several days the whole span.

    >>> uwazi_date("2020-04-02"), uwazi_date("2020-04"), uwazi_date("2020/2021")
    ('2020-04-02:2020-04-02', '2020-04-01:2020-04-30', '2020-01-01:2021-12-31')
    """
    ends = re.split(r"[/,]", value.strip("{}[]"))
    if not all(re.fullmatch(r"\d{4}(-\d{2}){0,2}", end) for end in ends):
        return None
    return f"{_first(ends[0])}:{_last(ends[-1])}"


def _date_faults(event: Event) -> Iterator[str]:
    if event.date is None:
        return
    if event.date.date_type is None:
        yield f"the date {event.date.text!r} does not resolve; the date stays empty, the words are kept"
    elif not re.fullmatch(r"\d{4}-\d{2}-\d{2}", event.date.value):
        written = uwazi_date(event.date.value)
        yield f"the date {event.date.value} is not one day; Uwazi would read another, so it is written as {written}"


def _words(record: CaseRecord) -> Iterator[tuple[str, str]]:
    yield "the name", record.subject.name
    yield from (("the alias", alias) for alias in record.subject.aliases)
    yield from (("the organisation", value.value) for value in record.subject.organisations)
    yield from (("the agent", value.value) for event in record.events for value in event.agents)


def _titles(records: Sequence[CaseRecord]) -> dict[str, str]:
    """A title for each case that no other has: Uwazi links by title."""
    names = Counter(record.subject.name for record in records)
    return {
        record.case_id: record.subject.name
        if names[record.subject.name] == 1
        else f"{record.subject.name} ({record.doc_id}, {record.case_id[:6]})"
        for record in records
    }


def _case(record: CaseRecord, titles: dict[str, str]) -> Row:
    row = case_row(record)
    period = f"{row['first_date']}/{row['last_date']}" if row["first_date"] else None
    return row | {
        "title": titles[record.case_id],
        "period": uwazi_date(period) if period else None,
        "source": record.doc_id,
    }


def _event(record: CaseRecord, number: int, titles: dict[str, str]) -> Row:
    event, row = record.events[number], event_row(record, number)
    date = uwazi_date(event.date.value) if event.date and event.date.date_type else None
    title = f"{titles[record.case_id]}, {event.type.lower()} {number + 1}"
    return row | {"title": title, "case": titles[record.case_id], "date": date, "source": record.doc_id}


def _first(value: str) -> str:
    return value + "-01-01"[len(value) - 4 :]


def _last(value: str) -> str:
    if len(value) == 10:
        return value
    year, month = (int(part) for part in (value if len(value) == 7 else value + "-12").split("-"))
    return f"{year}-{month:02}-{monthrange(year, month)[1]}"
