"""A text, and what a person or a model marked in it."""

from __future__ import annotations

from hashlib import sha256
from typing import Literal

from pydantic import Field, model_validator

from casetrace.types.base import Frozen

Modality = Literal["ASSERTED", "DEMANDED", "POSSIBLE", "NEGATED"]


def text_hash(text: str) -> str:
    """SHA-256 of the UTF-8 text, as 64 hexadecimal digits."""
    return sha256(text.encode("utf-8")).hexdigest()


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


class Rejection(Frozen):
    """A source, or one part of it, that gave no document: a line of the quarantine file."""

    source: str
    line: int | None = None
    kind: Literal["failed", "duplicate"] = "failed"
    reason: str
