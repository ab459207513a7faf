"""What all sources say of one subject, and the judgements that joined them."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from casetrace.types.base import Frozen
from casetrace.types.records import CaseRecord, Event, Subject
from casetrace.types.texts import Modality

Verdict = Literal["same", "different", "unsure"]


class Judgement(Frozen):
    """Whether two records are about one subject: proposed by `casetrace link`, or made or changed by a person.

    A later line of a judgement file stands against an earlier one on the same pair; a person's against a proposal.
    """

    left: str
    right: str
    verdict: Verdict
    score: float | None = None
    reasons: tuple[str, ...] = ()
    by: str = Field(description="`casetrace link`, or the name of the person who judged")
    at: str | None = Field(default=None, description="ISO 8601 day of a person's judgement")


class Version(Frozen):
    """What one record says of a field, with the words it rests on."""

    value: str
    case_id: str
    doc_id: str
    text: str
    start: int
    end: int


class Conflict(Frozen):
    """A field on which the sources of a dossier disagree, every version side by side."""

    field: str
    event: str | None = Field(default=None, description="the event type, or null for a field of the subject")
    versions: tuple[Version, ...]


class SourcedEvent(Frozen):
    """An event as one record of a dossier tells it."""

    case_id: str
    doc_id: str
    event: Event


class DossierEvent(Frozen):
    """One event with every source's telling of it; nothing is picked or overwritten."""

    type: str
    modality: Modality
    tellings: tuple[SourcedEvent, ...]


class Dossier(Frozen):
    """What all sources say of one subject; the records are kept as they came."""

    id: str
    subject: Subject
    records: tuple[CaseRecord, ...]
    events: tuple[DossierEvent, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    judgements: tuple[Judgement, ...] = ()
