"""Re-check every quote and offset of records or dossiers against the documents that they were made from.

What is checked is that the words stand there, and that names are among them; what a value says of its words ("two days
later" as a date, an amount) is not worked out again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from pydantic import BaseModel

from casetrace.types import Amount, CaseRecord, Document, Dossier, Quote, SourcedEvent, Value, Version


def verify(found: Iterable[CaseRecord | Dossier], documents: Mapping[str, Document]) -> Iterator[str]:
    """Every quote that its document does not bear out, one sentence each.

    >>> document = Document(id="d", text="Police arrested her.")
    >>> record = CaseRecord.model_validate({"case_id": "c", "doc_id": "d", "subject": {"name": "him", "kind": "person",
    ...     "evidence": [{"text": "him", "start": 16, "end": 19}]}})
    >>> list(verify([record], {"d": document}))
    ["record c, subject.evidence[0]: 'him' is not at 16-19 of document d; there stands 'her'"]
    """
    for one in found:
        yield from _dossier(one, documents) if isinstance(one, Dossier) else _record(one, documents)


def _record(record: CaseRecord, documents: Mapping[str, Document]) -> Iterator[str]:
    where = f"record {record.case_id}"
    document = documents.get(record.doc_id)
    if document is None:
        yield f"{where}: its document {record.doc_id} is not among those given"
        return
    yield from _quotes(record.subject, document, f"{where}, subject")
    if record.subject.name not in {quote.text for quote in record.subject.evidence}:
        yield f"{where}, subject: the name {record.subject.name!r} is none of its quotes"
    for number, event in enumerate(record.events):
        yield from _quotes(event, document, f"{where}, events[{number}] ({event.type})")
    charges = {charge.value for event in record.events for charge in event.charges}
    yield from (
        f"{where}: the charge {charge!r} is in none of its events" for charge in record.charges if charge not in charges
    )


def _dossier(dossier: Dossier, documents: Mapping[str, Document]) -> Iterator[str]:
    where = f"dossier {dossier.id}"
    records = {record.case_id: record for record in dossier.records}
    for record in dossier.records:
        yield from (f"{where}, {fault}" for fault in _record(record, documents))
    for event in dossier.events:
        yield from (f"{where}, {fault}" for telling in event.tellings for fault in _telling(telling, records))
    known = {
        (value.value, value.start)
        for record in dossier.records
        for value in (*record.subject.roles, *record.subject.organisations)
    }
    for value in (*dossier.subject.roles, *dossier.subject.organisations):
        if (value.value, value.start) not in known:
            yield f"{where}: {value.value!r} is in none of its records"
    for conflict in dossier.conflicts:
        for number, version in enumerate(conflict.versions):
            yield from _version(version, documents, f"{where}, conflict over {conflict.field}, version {number + 1}")


def _telling(telling: SourcedEvent, records: Mapping[str, CaseRecord]) -> Iterator[str]:
    record = records.get(telling.case_id)
    if record is None or telling.event not in record.events:
        yield f"record {telling.case_id}: the {telling.event.type} that is told from it is not in it"


def _version(version: Version, documents: Mapping[str, Document], where: str) -> Iterator[str]:
    document = documents.get(version.doc_id)
    if document is None:
        yield f"{where}: its document {version.doc_id} is not among those given"
    else:
        yield from _quote(version, document, where)


def _quotes(part: BaseModel, document: Document, where: str) -> Iterator[str]:
    """Every quote inside a part of a record, however deep."""
    if isinstance(part, Quote | Value | Amount):
        yield from _quote(part, document, where)
    for name in type(part).model_fields:
        value = getattr(part, name)
        if isinstance(value, BaseModel):
            yield from _quotes(value, document, f"{where}.{name}")
        elif isinstance(value, tuple):
            for number, item in enumerate(value):
                if isinstance(item, BaseModel):
                    yield from _quotes(item, document, f"{where}.{name}[{number}]")


def _quote(quote: Quote | Value | Amount | Version, document: Document, where: str) -> Iterator[str]:
    there = document.text[quote.start : quote.end]
    if there != quote.text:
        place = f"{quote.start}-{quote.end} of document {document.id}"
        yield f"{where}: {quote.text!r} is not at {place}; there stands {there!r}"
