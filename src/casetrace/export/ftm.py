"""FollowTheMoney: people, organisations, events and court cases as entities, one JSON object a line.

Written with the followthemoney package, which validates every entity. An entity is of one source; joining sources is
left to
the judgements.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any

from casetrace.export.rows import huridocs_date_type
from casetrace.jsonl import replacing
from casetrace.schema import EVENTS
from casetrace.types import CaseRecord, CasetraceError, Event

_COURT = re.compile(r"court|tribunal|police|ministry|prosecut|authorit|government|army|department", re.IGNORECASE)
_IN_COURT = ("INDICT", "TRIAL", "CONVICT", "ACQUIT", "SENTENCE", "APPEAL", "DROP", "SUE")


def write_ftm(records: Sequence[CaseRecord], path: Path) -> list[str]:
    """Write valid entities; returns a sentence for each value that FollowTheMoney did not take."""
    model = _model()
    warnings: list[str] = []
    with replacing(path) as lines:
        for entity in _merged(_entities(records, model, warnings)):
            entity.schema.validate(entity.to_dict())
            lines.write(json.dumps(entity.to_dict(), ensure_ascii=False, sort_keys=True) + "\n")
    return warnings


def _model() -> Any:
    try:
        from followthemoney import model
    except ImportError as error:
        raise CasetraceError("FollowTheMoney needs its package: pip install 'casetrace[export]'") from error
    return model


def _merged(entities: Iterator[Any]) -> list[Any]:
    """The same organisation named by several events of a source is written once."""
    found: dict[str, Any] = {}
    for entity in entities:
        found[entity.id] = found[entity.id].merge(entity) if entity.id in found else entity
    return list(found.values())


class _Maker:
    """Makes entities, and notes what they do not take."""

    def __init__(self, model: Any, warnings: list[str]) -> None:
        self._model, self._warnings = model, warnings

    def make(self, schema: str, *key: str, **values: object) -> Any:
        """An entity with an id from its key; `None` and empty values are left out."""
        entity = self._model.make_entity(schema)
        entity.id = "casetrace-" + sha256("\n".join((schema, *key)).encode()).hexdigest()[:24]
        for name, value in values.items():
            given = value if isinstance(value, list | tuple) else [value]
            for one in dict.fromkeys(str(one) for one in given if one not in (None, "")):
                before = len(entity.get(name))
                entity.add(name, one)
                if len(entity.get(name)) == before:
                    self._warnings.append(f"{key[0]}: {schema} does not take {name} {one!r}")
        return entity


def _entities(records: Sequence[CaseRecord], model: Any, warnings: list[str]) -> Iterator[Any]:
    maker = _Maker(model, warnings)
    for record in records:
        subject = _subject(record, maker)
        yield subject
        yield from _memberships(record, subject, maker)
        yield from _court_case(record, subject, maker)
        for number in range(len(record.events)):
            yield from _event(record, number, subject, maker)


def _subject(record: CaseRecord, maker: _Maker) -> Any:
    subject = record.subject
    schema = {"person": "Person", "group": "LegalEntity", "organisation": "Organization"}[subject.kind]
    position = {"position": [role.value for role in subject.roles]} if schema == "Person" else {}
    return maker.make(
        schema,
        record.case_id,
        name=subject.name,
        alias=list(subject.aliases),
        country=record.country,
        summary=f"{subject.count} people" if subject.count else None,
        notes=f"status: {record.status}" if record.status else None,
        **position,
    )


def _memberships(record: CaseRecord, subject: Any, maker: _Maker) -> Iterator[Any]:
    for value in record.subject.organisations:
        organisation = maker.make("Organization", record.doc_id, value.value, name=value.value)
        yield organisation
        yield maker.make(
            "Membership", record.case_id, value.value, member=subject.id, organization=organisation.id, proof=None
        )


def _court_case(record: CaseRecord, subject: Any, maker: _Maker) -> Iterator[Any]:
    """A court case if the text tells a step of one, with the subject as defendant."""
    steps = [event for event in record.events if event.type in _IN_COURT and event.modality == "ASSERTED"]
    if not steps:
        return
    courts = [agent.value for event in steps for agent in event.agents if "court" in agent.value.lower()]
    case = maker.make(
        "CourtCase",
        record.case_id,
        name=f"Case of {record.subject.name}",
        category=list(record.charges),
        country=record.country,
        court=list(dict.fromkeys(courts)),
        status=record.status,
    )
    yield case
    yield maker.make(
        "CourtCaseParty",
        record.case_id,
        "party",
        case=case.id,
        party=subject.id,
        role="defendant",
        status=record.status,
    )


def _event(record: CaseRecord, number: int, subject: Any, maker: _Maker) -> Iterator[Any]:
    event = record.events[number]
    agents = [_agent(record, agent.value, maker) for agent in event.agents]
    yield from agents
    yield maker.make(
        "Event",
        record.case_id,
        str(number),
        name=f"{event.type.lower()}: {record.subject.name}",
        involved=[subject.id],
        organizer=[agent.id for agent in agents],
        location=[place.value for place in event.places],
        country=[place.country for place in event.places if place.country] or record.country,
        keywords=[event.modality.lower(), *([event.detail] if event.detail else [])],
        description=EVENTS[event.type].description,
        summary=_summary(event),
        notes=[f"“{quote.text}” ({record.doc_id}, {quote.start}-{quote.end})" for quote in event.evidence],
        recordId=f"{record.case_id}-{number}",
        **_dates(event),
    )


def _agent(record: CaseRecord, name: str, maker: _Maker) -> Any:
    schema = "PublicBody" if _COURT.search(name) else "LegalEntity"
    return maker.make(schema, record.doc_id, name, name=name)


def _summary(event: Event) -> str:
    """What has no property of its own: date type, offences, provisions, term and amount in their words."""
    parts = [f"date: {event.date.text} ({huridocs_date_type(event.date) or 'words only'})"] if event.date else []
    parts += [f"charge: {charge.value}" for charge in event.charges] + [f"law: {law.value}" for law in event.laws]
    parts += [f"term: {event.term.text} ({event.term.value})"] if event.term else []
    parts += [f"amount: {event.amount.text}"] if event.amount else []
    return "; ".join(parts)


def _dates(event: Event) -> dict[str, object]:
    """FollowTheMoney knows dates by prefix (2020, 2020-04); a range has a start and an end."""
    if event.date is None or event.date.date_type is None:
        return {}
    value = event.date.value
    if "/" in value:
        start, end = value.split("/")
        return {"startDate": start, "endDate": end}
    return {"date": value.strip("{}[]").split(",")}
