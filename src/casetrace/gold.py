"""Gold documents for evaluation: a folder of ID.txt + ID.json with annotation and records, or a split of the corpus."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple

from pydantic import ValidationError

from casetrace import jsonl
from casetrace.corpus import Split, read_external, read_manifest, read_split
from casetrace.schema import RELATIONS, check
from casetrace.types import (
    Annotation,
    CaseRecord,
    CasetraceError,
    Document,
    Relation,
    Span,
)

NAMES = ("PERSON", "ORG", "COURT")


class Gold(NamedTuple):
    """One document as people annotated it; `records` is None where they filed none by hand.

    `about` says what is known of the document (genre, country, source), for slices.
    """

    document: Document
    annotation: Annotation
    records: list[CaseRecord] | None = None
    notes: tuple[str, ...] = ()
    about: Mapping[str, str] = {}


def read_split_gold(root: Path, split: Split, *, hrdsattack: Path | None = None) -> Iterator[Gold]:
    """Yield a split of the corpus as gold: the texts written for it, or with `hrdsattack` the real articles."""
    if hrdsattack:
        for document, annotation in read_external(root, split, hrdsattack=hrdsattack):
            yield Gold(document, annotation, about={"source": "HRDsAttack"})
        return
    manifest = read_manifest(root)
    for document, annotation in read_split(root, split):
        entry = manifest[document.id]
        about = {"genre": entry.genre, "country": entry.country, "source": "written"}
        yield Gold(document, annotation, about=about)


def training_facts(root: Path, *, hrdsattack: Path | None = None) -> tuple[frozenset[str] | None, Counter[str] | None]:
    """Names of the training data and its number of spans by label; None where there is no corpus at `root`."""
    if not (root / "annotations" / "train.jsonl").is_file():
        return None, None
    written = jsonl.read(root / "annotations" / "train.jsonl", Annotation)
    real = read_external(root, "train", hrdsattack=hrdsattack) if hrdsattack else ()
    spans = [span for annotation in (*written, *(pair[1] for pair in real)) for span in annotation.spans]
    return frozenset(span.text for span in spans if span.label in NAMES), Counter(span.label for span in spans)


def fingerprint(gold: Iterable[Gold]) -> str:
    """SHA-256 over texts, annotation and records of gold documents, in order of document id."""
    whole = sha256()
    for item in sorted(gold, key=lambda item: item.document.id):
        whole.update(item.document.sha256.encode())
        whole.update(item.annotation.model_dump_json(exclude={"made_by"}).encode())
        whole.update("".join(record.model_dump_json() for record in item.records or ()).encode())
    return whole.hexdigest()


def read_gold(folder: Path) -> Iterator[Gold]:
    """Yield the documents of a gold folder; raises `CasetraceError` naming the file that cannot be used.

    Relations whose ends the vocabulary does not allow are left out and named in `notes`.
    """
    files = sorted(folder.glob("*.json"))
    if not files:
        raise CasetraceError(f"{folder}: no gold here; it needs pairs of ID.txt and ID.json")
    for file in files:
        try:
            yield _read_one(file)
        except (KeyError, ValueError, OSError, ValidationError) as error:
            raise CasetraceError(f"{file}: not a gold document: {error}") from error


def _read_one(file: Path) -> Gold:
    row = json.loads(file.read_text("utf-8"))
    text = file.with_suffix(".txt").read_bytes().decode("utf-8")
    document = Document(id=row.get("doc", file.stem), text=text, published=row.get("published"))
    spans = {span["id"]: Span.model_validate(span) for span in row["spans"]}
    good, notes = [], []
    for relation in (Relation.model_validate(relation) for relation in row["relations"]):
        if _allowed(relation, spans):
            good.append(relation)
        else:
            notes.append(f"{document.id}: relation {relation.head} {relation.label} {relation.child} left out")
    annotation = Annotation(
        doc_id=document.id, sha256=row["sha256"], spans=tuple(spans.values()), relations=tuple(good), made_by="gold"
    )
    filed = row.get("records")
    records = None if filed is None else [_record(document.id, number, one) for number, one in enumerate(filed)]
    return Gold(document, check(annotation, document), records, tuple(notes), {"source": file.parent.name})


def _allowed(relation: Relation, spans: dict[str, Span]) -> bool:
    ends = RELATIONS[relation.label]
    return spans[relation.head].label in ends.head and spans[relation.child].label in ends.child


def _record(doc_id: str, number: int, row: dict[str, Any]) -> CaseRecord:
    """A hand-filed record; its values are plain, so their words are the values and have no place in the text."""
    subject = row["subject"] | {field: _values(row[field]) for field in ("roles", "organisations")}
    events = [_event(event) for event in row["events"]]
    return CaseRecord.model_validate(
        {
            "case_id": f"{doc_id}#{number}",
            "doc_id": doc_id,
            "status": row["status"],
            "subject": subject,
            "events": events,
        }
    )


def _event(row: dict[str, Any]) -> dict[str, Any]:
    many = {field: _values(row[field]) for field in ("agents", "charges", "laws", "places")}
    single = {field: _words(row[field]) if row[field] else None for field in ("date", "term")}
    amount = _amount(row["amount"]) if row["amount"] else None
    return {"type": row["type"], "modality": row["modality"], "amount": amount, **many, **single}


def _amount(words: str) -> dict[str, Any]:
    """The gold's "6000000 KHR"."""
    number, currency = words.split()
    return _words(words) | {"value": number, "currency": currency}


def _values(values: list[str]) -> list[dict[str, Any]]:
    return [_words(value) for value in values]


def _words(value: str) -> dict[str, Any]:
    return {"value": value, "text": value, "start": 0, "end": 0}
