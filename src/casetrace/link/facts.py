"""What linking compares: the facts of one record, drawn out once and kept small."""

from __future__ import annotations

import re
from typing import NamedTuple

from casetrace.normalize.names import name_parts, skeleton
from casetrace.normalize.organisations import reduced
from casetrace.types import CaseRecord, Event

_GENERIC = frozenset(
    [
        "police",
        "officers",
        "court",
        "courts",
        "authorities",
        "government",
        "prosecutors",
        "prosecutor",
        "management",
        "army",
        "soldiers",
        "military",
        "judge",
        "judges",
        "security",
        "forces",
        "men",
        "gunmen",
        "officials",
        "company",
        "employer",
        "state",
        "factory",
        "agents",
        "troops",
        "guards",
    ]
)


class Happened(NamedTuple):
    """One asserted event: type, and its day or month or year as far as the record has it."""

    type: str
    date: str


class Facts(NamedTuple):
    """The facts of one record that linking compares."""

    case_id: str
    doc_id: str
    kind: str
    name: str
    names: tuple[str, ...]
    parts: tuple[str, ...]
    country: str | None
    number: int | None
    organisations: dict[str, str]
    roles: frozenset[str]
    events: frozenset[Happened]
    types: frozenset[str]
    offences: frozenset[str]
    places: frozenset[str]
    agents: frozenset[str]
    terms: frozenset[str]
    years: tuple[int, int] | None


def read_facts(record: CaseRecord) -> Facts:
    """Draw out what is compared."""
    subject, asserted = record.subject, [event for event in record.events if event.modality == "ASSERTED"]
    names = (subject.name, *subject.aliases)
    return Facts(
        case_id=record.case_id,
        doc_id=record.doc_id,
        kind=subject.kind,
        name=subject.name,
        names=names,
        parts=tuple(skeleton(part) for part in name_parts(subject.name)),
        country=record.country,
        number=subject.count,
        organisations={reduced(value.value): value.value for value in subject.organisations},
        roles=frozenset(value.value.casefold() for value in subject.roles),
        events=frozenset(Happened(event.type, date) for event in asserted if (date := _date(event))),
        types=frozenset(event.type for event in asserted),
        offences=frozenset(
            charge.offence or charge.value.casefold() for event in record.events for charge in event.charges
        ),
        places=frozenset(
            place.value.casefold() for event in asserted for place in event.places if not place.value.islower()
        ),
        agents=frozenset(
            key for event in asserted for agent in event.agents if (key := reduced(agent.value)) not in _GENERIC
        ),
        terms=frozenset(event.term.value for event in asserted if event.term and event.term.value[0] in "Pl"),
        years=_years(record),
    )


def _date(event: Event) -> str | None:
    if event.date is None or event.date.date_type is None:
        return None
    return event.date.value.strip("{[").split("/")[0].split(",")[0]


def _years(record: CaseRecord) -> tuple[int, int] | None:
    """The first and last year that the record speaks of; the document's own only if there is no other."""
    dates = [date for event in record.events if (date := _date(event))] or (
        [record.published] if record.published else []
    )
    years = [int(date[:4]) for date in dates if re.match(r"\d{4}", date)]
    return (min(years), max(years)) if years else None
