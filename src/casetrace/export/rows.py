"""Records as flat rows: one for each case, one for each event."""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal

from casetrace.normalize.dates import When
from casetrace.normalize.offences import offences
from casetrace.types import CaseRecord, DateType, DateValue, Event, Value

Cell = str | int | float | None
Row = dict[str, Cell | list[str]]

_HURIDOCS: dict[DateType, str] = {
    "exact": "exact date",
    "estimate": "estimate",
    "unknown day": "day unknown",
    "unknown day and month": "day and month unknown",
}


def case_row(record: CaseRecord) -> Row:
    """One row for a case; several values of a field are a list."""
    subject = record.subject
    first, last = date_range(record)
    return {
        "case_id": record.case_id,
        "doc_id": record.doc_id,
        "published": record.published,
        "country": record.country,
        "name": subject.name,
        "kind": subject.kind,
        "count": subject.count,
        "count_bound": subject.count_bound,
        "aliases": list(subject.aliases),
        "roles": _words(subject.roles),
        "organisations": _words(subject.organisations),
        "status": record.status,
        "charges": list(record.charges),
        "offences": _unique(charge.offence for event in record.events for charge in event.charges if charge.offence),
        "laws": _unique(law.value for event in record.events for law in event.laws),
        "events": len(record.events),
        "first_date": first,
        "last_date": last,
        "check": int(record.status_check or any(event.check for event in record.events)),
    }


def event_row(record: CaseRecord, number: int) -> Row:
    """One row for an event of a case, `number` counted from 0."""
    event = record.events[number]
    return {
        "event_id": f"{record.case_id}-{number}",
        "case_id": record.case_id,
        "doc_id": record.doc_id,
        "name": record.subject.name,
        "type": event.type,
        "modality": event.modality,
        "detail": event.detail,
        **_date_cells(event.date),
        "agents": _words(event.agents),
        "charges": _words(event.charges),
        "huridocs": _huridocs(event),
        "laws": _words(event.laws),
        "places": _words(event.places),
        "country": _unique(place.country for place in event.places if place.country),
        **_term_cells(event),
        **_amount_cells(event),
        "with_group": event.with_group,
        "score": event.score,
        "check": int(event.check),
        "quote": [quote.text for quote in event.evidence],
        "start": event.evidence[0].start if event.evidence else None,
        "end": event.evidence[0].end if event.evidence else None,
    }


def date_range(record: CaseRecord) -> tuple[str | None, str | None]:
    """The first and last date that the asserted events of a record tell."""
    dates = sorted(event.date.value.strip("{}[]") for event in record.events
                   if event.modality == "ASSERTED" and event.date and event.date.date_type)  # fmt: skip
    return (re.split("[/,]", dates[0])[0], re.split("[/,]", dates[-1])[-1]) if dates else (None, None)


def huridocs_date_type(date: DateValue) -> str | None:
    """The HURIDOCS date type, or nothing for words that did not resolve."""
    return _HURIDOCS[date.date_type] if date.date_type else None


def _date_cells(date: DateValue | None) -> Row:
    if date is None:
        return {"date": None, "date_edtf": None, "date_type": None, "date_words": None}
    return {
        "date": date.value if date.date_type else None,
        "date_edtf": When(date.value, date.date_type == "estimate").edtf if date.date_type else None,
        "date_type": huridocs_date_type(date),
        "date_words": date.text,
    }


def _term_cells(event: Event) -> Row:
    term = event.term
    return {
        "term": term.value if term else None, "term_bound": term.bound if term else None,
        "term_kind": term.kind if term else None, "term_words": term.text if term else None,
    }  # fmt: skip


def _amount_cells(event: Event) -> Row:
    amount = event.amount
    return {
        "amount": number(amount.value) if amount else None, "currency": amount.currency if amount else None,
        "amount_words": amount.text if amount else None,
    }  # fmt: skip


def _huridocs(event: Event) -> list[str]:
    """The HURIDOCS terms of the offences, where the micro-thesauri have one."""
    known = offences()
    return _unique(term for charge in event.charges if charge.offence and (term := known[charge.offence].huridocs))


def number(value: Decimal | None) -> int | float | None:
    """A decimal as a cell that counts."""
    return None if value is None else int(value) if value == int(value) else float(value)


def _words(values: Iterable[Value]) -> list[str]:
    return [value.value for value in values]


def _unique(values: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(values))
