"""What is evaluated: documents with gold and prediction side by side."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from casetrace import jsonl
from casetrace.assemble import assemble
from casetrace.extraction import Extraction, extract, load
from casetrace.gold import Gold
from casetrace.schema import check
from casetrace.types import Annotation, CaseRecord, CasetraceError, Document


class Case(NamedTuple):
    """One document with what people and what the pipeline made of it; `about` says what is known of it for slices."""

    document: Document
    gold: Annotation
    predicted: Annotation
    gold_records: list[CaseRecord]
    predicted_records: list[CaseRecord]
    about: Mapping[str, str] = {}


def predict(gold: Iterable[Gold], *, system: str | None = None) -> list[Case]:
    """Run a pipeline (folder or package), or read its annotations (.jsonl of `extract --annotations`), over gold.

    `system=None` is the shipped pipeline. Gold that has no records of its own gets those that its annotation assembles
    to. Raises `CasetraceError` when a document failed or has no prediction.
    """
    found = list(gold)
    predicted = _read(found, Path(system)) if system and system.endswith(".jsonl") else _run(found, system)
    return [_case(item, extraction) for item, extraction in zip(found, predicted, strict=True)]


def assemble_gold(gold: Iterable[Gold]) -> list[Case]:
    """The gold annotation as the prediction, to measure the assembly of records alone."""
    return [_case(item, _assembled(item, item.annotation)) for item in gold]


def seen_in_training(gold: Iterable[Gold], *, system: str | None = None) -> list[str]:
    """Ids of the documents that a pipeline says it was trained on: their figures would flatter it."""
    if system and system.endswith(".jsonl"):
        return []
    texts = set(load(system).meta.get("training", {}).get("texts", ()))
    return [item.document.id for item in gold if item.document.sha256[:16] in texts]


def _run(gold: list[Gold], system: str | None) -> Iterator[Extraction]:
    for extraction in extract([item.document for item in gold], model=system):
        if not isinstance(extraction, Extraction):
            raise CasetraceError(f"{extraction.source}: {extraction.reason}")
        yield extraction


def _read(gold: list[Gold], file: Path) -> Iterator[Extraction]:
    annotations = {annotation.doc_id: annotation for annotation in jsonl.read(file, Annotation)}
    for item in gold:
        if item.document.id not in annotations:
            raise CasetraceError(f"{file}: no annotation of document {item.document.id}")
        yield _assembled(item, check(annotations[item.document.id], item.document))


def _assembled(gold: Gold, annotation: Annotation) -> Extraction:
    return Extraction(gold.document, annotation, assemble(gold.document, annotation))


def _case(gold: Gold, extraction: Extraction) -> Case:
    records = assemble(gold.document, gold.annotation) if gold.records is None else gold.records
    return Case(gold.document, gold.annotation, extraction.annotation, records, extraction.records, gold.about)
