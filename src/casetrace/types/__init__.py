"""What flows through casetrace: every type that crosses a file boundary, in the order of a document's way."""

from __future__ import annotations

from casetrace.types.base import CasetraceError, Frozen
from casetrace.types.dossiers import Conflict, Dossier, DossierEvent, Judgement, SourcedEvent, Verdict, Version
from casetrace.types.records import CaseRecord, Event, Subject, SubjectKind
from casetrace.types.texts import Annotation, Document, Modality, Rejection, Relation, Span, text_hash
from casetrace.types.values import (
    Amount,
    Bound,
    Charge,
    DateType,
    DateValue,
    Place,
    Quote,
    Share,
    Term,
    TermKind,
    Value,
)

__all__ = [
    "Amount",
    "Annotation",
    "Bound",
    "CaseRecord",
    "CasetraceError",
    "Charge",
    "Conflict",
    "DateType",
    "DateValue",
    "Document",
    "Dossier",
    "DossierEvent",
    "Event",
    "Frozen",
    "Judgement",
    "Modality",
    "Place",
    "Quote",
    "Rejection",
    "Relation",
    "Share",
    "SourcedEvent",
    "Span",
    "Subject",
    "SubjectKind",
    "Term",
    "TermKind",
    "Value",
    "Verdict",
    "Version",
    "text_hash",
]
