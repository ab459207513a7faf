"""What flows through casetrace: every type that crosses a file boundary, in the order of a document's way."""

from __future__ import annotations

from decimal import Decimal
from hashlib import sha256
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

Modality = Literal["ASSERTED", "DEMANDED", "POSSIBLE", "NEGATED"]
SubjectKind = Literal["person", "group", "organisation"]
Verdict = Literal["same", "different", "unsure"]
Bound = Literal["min", "max", "about"]
TermKind = Literal["imposed", "suspended", "served", "maximum"]
Share = Literal["each", "total"]
DateType = Literal["exact", "estimate", "unknown day", "unknown day and month"]


def text_hash(text: str) -> str:
    """SHA-256 of the UTF-8 text, as 64 hexadecimal digits."""
    return sha256(text.encode("utf-8")).hexdigest()


class CasetraceError(Exception):
    """A mistake in the input that the user can mend; the message says where it is and what to do."""


class Frozen(BaseModel):
    """A value that is never changed after it is made."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class Document(Frozen):
    """One article or statement; every offset in casetrace counts code points of `text`.

    >>> Document(id="a", text="Police arrested her.").sha256[:8]
    'f9c9d5c0'
    """

    id: str
    text: str
    title: str | None = None
    published: str | None = Field(default=None, description="ISO 8601 date with the precision that the source gives")
    url: str | None = None
    publisher: str | None = None
    sha256: str = ""

    @model_validator(mode="before")
    @classmethod
    def _fill_sha256(cls, data: dict[str, object]) -> dict[str, object]:
        if isinstance(data, dict) and not data.get("sha256") and isinstance(data.get("text"), str):
            return {**data, "sha256": text_hash(str(data["text"]))}
        return data


class Span(Frozen):
    """An entity mention or event trigger: `document.text[start:end] == text`, end exclusive."""

    id: str
    start: int = Field(ge=0)
    end: int = Field(ge=0)
    label: str
    text: str
    score: float | None = Field(default=None, description="calibrated probability; null when made by a person")
    modality: Modality | None = Field(default=None, description="events only")


class Relation(Frozen):
    """A directed link between two spans of one annotation, by span id."""

    head: str
    label: str
    child: str
    score: float | None = None


class Annotation(Frozen):
    """Everything marked in one document, by a person or by a model: gold and predicted are this one type."""

    doc_id: str = Field(alias="id")
    sha256: str
    spans: tuple[Span, ...] = ()
    relations: tuple[Relation, ...] = ()
    no_case: bool = Field(
        default=False, description="an annotator says that no event of the vocabulary happens to anybody in the text"
    )
    made_by: str | None = None


class Quote(Frozen):
    """The words of the document that something rests on."""

    text: str
    start: int
    end: int


class Value(Frozen):
    """A normalised value and the words it came from; `value` equals the words where no normal form is sure."""

    value: str
    text: str
    start: int
    end: int
    score: float | None = None
    check: bool = Field(
        default=False, description="a person should look at it: the score is low or the text contradicts it"
    )


class DateValue(Value):
    """A date in ISO 8601; `date_type` is null where the words do not resolve and `value` only repeats them."""

    date_type: DateType | None = None


class Charge(Value):
    """An offence: `value` is its words, `offence` its name in the published vocabulary."""

    offence: str | None = None


class Place(Value):
    """A place as named, with its ISO 3166 country where it is certain."""

    country: str | None = None
    kind: Literal["GPE", "FACILITY"] | None = None


class Term(Value):
    """A length of time in ISO 8601 (`life` for life), with the bound its words give and what kind of term it is."""

    bound: Bound | None = None
    kind: TermKind | None = None


class Amount(Frozen):
    """Money: a decimal number and an ISO 4217 code; null where the words are not sure to mean one.

    `high` is the upper end of a range, `share` tells an amount for each person from a total.
    """

    value: Decimal | None
    currency: str | None
    text: str
    start: int
    end: int
    score: float | None = None
    check: bool = False
    high: Decimal | None = None
    bound: Bound | None = None
    share: Share | None = None


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


class Rejection(Frozen):
    """A source, or one part of it, that gave no document: a line of the quarantine file."""

    source: str
    line: int | None = None
    kind: Literal["failed", "duplicate"] = "failed"
    reason: str
