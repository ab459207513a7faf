"""What one document says of one person, group or organisation."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from casetrace.types.base import Frozen
from casetrace.types.texts import Modality
from casetrace.types.values import Amount, Bound, Charge, DateValue, Place, Quote, Term, Value

SubjectKind = Literal["person", "group", "organisation"]


class Event(Frozen):
    """What happened to the subject of a record, or is demanded, feared or denied (`modality`)."""

    type: str
    modality: Modality
    score: float | None = None
    date: DateValue | None = None
    agents: tuple[Value, ...] = ()
    charges: tuple[Charge, ...] = ()
    laws: tuple[Value, ...] = ()
    places: tuple[Place, ...] = ()
    term: Term | None = None
    amount: Amount | None = None
    evidence: tuple[Quote, ...] = ()
    detail: str | None = Field(
        default=None, description='what the words add to the type: "on bail", "upheld", "suspended"'
    )
    with_group: str | None = Field(default=None, description="the group as part of which it happened to the subject")
    check: bool = Field(
        default=False, description="a person should look at it: low score, or the text contradicts itself"
    )


class Subject(Frozen):
    """Whom a record is about, as this one document names them."""

    name: str
    kind: SubjectKind
    count: int | None = None
    count_bound: Bound | None = None
    aliases: tuple[str, ...] = ()
    roles: tuple[Value, ...] = ()
    organisations: tuple[Value, ...] = ()
    evidence: tuple[Quote, ...] = ()


class CaseRecord(Frozen):
    """What one document says of one person, group or organisation."""

    case_id: str
    doc_id: str
    subject: Subject
    events: tuple[Event, ...] = ()
    charges: tuple[str, ...] = ()
    status: str | None = None
    status_check: bool = Field(
        default=False, description="a person should look at it: the text does not settle what happened last"
    )
    country: str | None = Field(
        default=None, description="ISO 3166 code of the country the document is about, if it is clear"
    )
    published: str | None = Field(default=None, description="the date of the document, ISO 8601")
