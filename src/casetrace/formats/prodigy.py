"""Prodigy-style JSON lines: text, tokens, spans, relations; ids, scores and modality as keys of their own: no loss."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from casetrace import jsonl
from casetrace.formats.loss import DOCUMENT_FIELDS, Loss, Pair, words
from casetrace.markup import default_id
from casetrace.schema import EVENTS, check
from casetrace.types import Annotation, Document, Relation, Span


def write(pairs: Iterable[Pair], path: Path) -> Iterator[Loss]:
    """Write one line for each document; spans that cut a word keep their offsets but have no tokens, and are told."""
    with jsonl.replacing(path) as lines:
        for document, annotation in pairs:
            starts = {word.start: at for at, word in enumerate(words(document.text))}
            ends = {word.end: at for at, word in enumerate(words(document.text))}
            lines.write(json.dumps(_row(document, annotation, starts, ends), ensure_ascii=False) + "\n")
            for span in annotation.spans:
                if span.start not in starts or span.end not in ends:
                    yield Loss(document.id, "token numbers of a span that cuts a word", span.text)


def read(path: Path) -> Iterator[Pair]:
    """Read such lines, also those that Prodigy itself wrote; an event without a modality is ASSERTED."""
    for number, row in jsonl.rows(path):
        meta: Any = row.get("meta") or {}
        known = {field: meta.get(field) for field in DOCUMENT_FIELDS}
        document = Document(id=str(meta.get("id") or f"{path.stem}:{number}"), text=str(row["text"]), **known)
        rows: Any = row.get("spans") or []
        spans = tuple(_read_span(span, document) for span in rows)
        ids = {(span.start, span.end): span.id for span in spans}
        links: Any = row.get("relations") or []
        relations = tuple(_read_relation(link, ids) for link in links)
        annotation = Annotation(
            doc_id=document.id, sha256=document.sha256, spans=spans, relations=relations,
            no_case=bool(meta.get("no_case")), made_by=meta.get("made_by"),
        )  # fmt: skip
        yield document, check(annotation, document)


def _row(document: Document, annotation: Annotation, starts: dict[int, int], ends: dict[int, int]) -> dict[str, Any]:
    known = {field: value for field in DOCUMENT_FIELDS if (value := getattr(document, field)) is not None}
    made_by = {} if annotation.made_by is None else {"made_by": annotation.made_by}
    no_case = {"no_case": True} if annotation.no_case else {}
    spans = {span.id: _span(span, starts, ends) for span in annotation.spans}
    found = words(document.text)
    tokens = [{"text": word.text, "start": word.start, "end": word.end, "id": at,
               "ws": document.text[word.end : word.end + 1].isspace()} for at, word in enumerate(found)]  # fmt: skip
    return {
        "text": document.text,
        "meta": {"id": document.id, **known, **no_case, **made_by},
        "tokens": tokens,
        "spans": list(spans.values()),
        "relations": [_relation(relation, spans) for relation in annotation.relations],
    }


def _span(span: Span, starts: dict[int, int], ends: dict[int, int]) -> dict[str, Any]:
    row: dict[str, Any] = {"id": span.id, "start": span.start, "end": span.end, "label": span.label}
    if span.start in starts and span.end in ends:
        row |= {"token_start": starts[span.start], "token_end": ends[span.end]}
    row |= {} if span.score is None else {"score": span.score}
    return row | ({} if span.modality is None else {"modality": span.modality})


def _relation(relation: Relation, spans: dict[str, dict[str, Any]]) -> dict[str, Any]:
    head, child = spans[relation.head], spans[relation.child]
    row = {"head_span": head, "child_span": child, "label": relation.label}
    row |= {name: end["token_end"] for name, end in (("head", head), ("child", child)) if "token_end" in end}
    return row | ({} if relation.score is None else {"score": relation.score})


def _read_span(row: dict[str, Any], document: Document) -> Span:
    start, end, label = row["start"], row["end"], row["label"]
    modality = row.get("modality") or ("ASSERTED" if label in EVENTS else None)
    return Span(id=row.get("id") or default_id(start), start=start, end=end, label=label, modality=modality,
                score=row.get("score"), text=document.text[start:end])  # fmt: skip


def _read_relation(row: dict[str, Any], ids: dict[tuple[int, int], str]) -> Relation:
    head, child = row["head_span"], row["child_span"]
    return Relation(head=ids[head["start"], head["end"]], label=row["label"], child=ids[child["start"], child["end"]],
                    score=row.get("score"))  # fmt: skip
