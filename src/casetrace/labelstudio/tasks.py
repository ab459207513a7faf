"""Documents and annotations to Label Studio tasks, and what annotators made of them back, strictly checked.

Label Studio stores whatever it is given: spans past the end, unknown labels, relations into nothing. Offsets on both
sides are code points, so they pass unchanged; `value.text` is not the slice (newlines and runs of spaces are
rewritten), so the words are taken from the document.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from pydantic import ValidationError

from casetrace.labelstudio.page import DOCUMENT, ENTITY, EVENT, MODALITY, NO_CASE, TEXT, Step, control_of
from casetrace.schema import EVENTS, MODALITIES, faults
from casetrace.types import Annotation, Document, Relation, Span

Json = dict[str, Any]
DEFAULT_MODALITY = "ASSERTED"
FIELDS = ("title", "published", "url", "publisher")
"""What a task keeps of a document beside its text."""


class Reading(NamedTuple):
    """One annotator's result as read: an annotation, or the faults for which there is none; notices tell repairs."""

    annotation: Annotation | None
    faults: tuple[str, ...]
    notices: tuple[str, ...]


def to_task(document: Document, annotation: Annotation | None = None, *, step: Step = "all") -> Json:
    """A document as a task, with the annotation as its pre-annotation."""
    known = {field: value for field in FIELDS if (value := getattr(document, field)) is not None}
    about = " · ".join([document.id, *(known[field] for field in ("published", "publisher") if field in known)])
    data = {"text": document.text, "doc_id": document.id, "sha256": document.sha256, "about": about, **known}
    return {"data": data} | ({"predictions": [to_prediction(annotation, step=step)]} if annotation else {})


def to_prediction(annotation: Annotation, *, step: Step = "all") -> Json:
    """An annotation as a pre-annotation; its score is that of the least sure span."""
    scores = [span.score for span in annotation.spans if span.score is not None]
    return {
        "model_version": annotation.made_by or "unnamed",
        "score": min(scores) if scores else None,
        "result": to_result(annotation, step=step),
    }


def to_result(annotation: Annotation, *, step: Step = "all") -> list[Json]:
    """An annotation as Label Studio's result list: spans, the modality of events, the document's tick, relations."""
    result = [part for span in annotation.spans for part in _span_results(span)]
    result += [_tick()] if annotation.no_case else []
    return result if step == "spans" else result + list(_relation_results(annotation.relations))


def document_of(task: Json) -> Document:
    """The document that a task was made from; raises `KeyError` or `ValidationError` when not casetrace made it."""
    data = task["data"]
    known = {field: data.get(field) for field in FIELDS}
    return Document(id=data["doc_id"], text=data["text"], **known)


def read_result(result: Iterable[Json], task: Json, *, made_by: str | None, by_model: bool = False) -> Reading:
    """Read one result list over its task's document.

    Repairs what cannot be meant otherwise (white space at the edges of a span, an event without modality), tells each
    repair, and refuses everything else that the vocabulary does not allow, naming the span. Scores are kept where a
    model made them (`by_model`).
    """
    try:
        document = document_of(task)
    except (KeyError, ValidationError, TypeError) as error:
        return Reading(None, (f"the task was not made by casetrace: {type(error).__name__} {error}",), ())
    if document.sha256 != task["data"].get("sha256"):
        return Reading(None, ("the text on the server is not the one that was pushed",), ())
    reader = _Reader(document, by_model)
    for part in result:
        reader.read(part)
    return reader.finish(made_by)


class _Reader:
    """Collects the parts of one result list, which may come in any order."""

    def __init__(self, document: Document, by_model: bool) -> None:
        self.document, self.by_model = document, by_model
        self.spans: dict[str, Json] = {}
        self.modalities: dict[str, list[str]] = defaultdict(list)
        self.relations: list[Relation] = []
        self.ticked = False
        self.faults: list[str] = []
        self.notices: list[str] = []

    def read(self, part: Json) -> None:
        kind, name = part.get("type"), part.get("from_name")
        if kind == "relation":
            self._read_relation(part)
        elif kind == "labels" and name in (ENTITY, EVENT):
            self._read_span(part)
        elif kind == "choices" and name == MODALITY:
            self.modalities[str(part.get("id"))] += part["value"].get("choices", [])
        elif kind == "choices" and name == DOCUMENT:
            self.ticked = NO_CASE in part["value"].get("choices", [])
        else:
            self.faults.append(f"a result of type {kind!r} from {name!r}, which the page does not have")

    def _read_span(self, part: Json) -> None:
        span_id, value = str(part.get("id")), part["value"]
        start, end, labels = value.get("start"), value.get("end"), value.get("labels") or []
        where = f"span {span_id} ({', '.join(map(str, labels)) or 'no label'} {start}-{end} {value.get('text')!r})"
        length = len(self.document.text)
        if type(start) is not int or type(end) is not int or not 0 <= start < end <= length:
            self.faults.append(f"{where}: its place is not in the text of {length} characters")
        elif len(labels) != 1:
            self.faults.append(f"{where}: {len(labels)} labels; one is needed")
        elif span_id in self.spans:
            self.faults.append(f"{where}: another span has this id")
        else:
            start, end = self._trim(start, end, where)
            score = part.get("score") if self.by_model else None
            self.spans[span_id] = {"id": span_id, "start": start, "end": end, "label": labels[0], "score": score,
                                   "text": self.document.text[start:end]}  # fmt: skip

    def _trim(self, start: int, end: int, where: str) -> tuple[int, int]:
        words = self.document.text[start:end]
        kept = words.strip()
        if kept and kept != words:
            self.notices.append(f"{where}: white space at its edge was cut off")
            start += len(words) - len(words.lstrip())
            return start, start + len(kept)
        return start, end

    def _read_relation(self, part: Json) -> None:
        head, child, direction = str(part.get("from_id")), str(part.get("to_id")), part.get("direction", "right")
        labels = part.get("labels") or []
        if not labels:
            self.faults.append(f"relation from {self._words(head)} to {self._words(child)}: no name was given to it")
        if direction not in ("right", "left"):
            self.faults.append(f"relation {labels} between {self._words(head)} and {self._words(child)}: no direction")
            return
        head, child = (child, head) if direction == "left" else (head, child)
        scores = part.get("scores") if self.by_model else None
        for label, score in zip(labels, scores or [None] * len(labels), strict=True):
            self.relations.append(Relation(head=head, label=label, child=child, score=score))

    def _words(self, span_id: str) -> str:
        return repr(self.spans[span_id]["text"]) if span_id in self.spans else f"span {span_id}"

    def finish(self, made_by: str | None) -> Reading:
        spans = [span for row in self.spans.values() if (span := self._span(row)) is not None]
        spans.sort(key=lambda span: span.start)
        for span_id in self.modalities.keys() - self.spans.keys():
            self.faults.append(f"a modality of span {span_id}, which is not there")
        annotation = Annotation(
            doc_id=self.document.id, sha256=self.document.sha256, spans=tuple(spans),
            relations=tuple(dict.fromkeys(self.relations)), no_case=self.ticked, made_by=made_by,
        )  # fmt: skip
        self.faults += [] if self.faults else faults(annotation, self.document)
        return Reading(None if self.faults else annotation, tuple(self.faults), tuple(self.notices))

    def _span(self, row: Json) -> Span | None:
        said = self.modalities.get(row["id"], [])
        where = f"span {row['id']} ({row['label']} {row['start']}-{row['end']} {row['text']!r})"
        if len(said) > 1 or not set(said) <= MODALITIES.keys():
            self.faults.append(f"{where}: modality {' and '.join(map(str, said))}; one of {', '.join(MODALITIES)}")
            return None
        if not said and row["label"] in EVENTS:
            self.notices.append(f"{where}: no modality was chosen; {DEFAULT_MODALITY} is meant")
            said = [DEFAULT_MODALITY]
        try:
            return Span.model_validate(row | {"modality": said[0] if said else None})
        except ValidationError as error:
            self.faults.append(f"{where}: {error.errors()[0]['msg']}")
            return None


def _span_results(span: Span) -> Iterator[Json]:
    value = {"start": span.start, "end": span.end, "text": span.text}
    score = {} if span.score is None else {"score": span.score}
    common = {"id": span.id, "to_name": TEXT} | score
    yield common | {"from_name": control_of(span.label), "type": "labels", "value": value | {"labels": [span.label]}}
    if span.modality is not None:
        yield common | {"from_name": MODALITY, "type": "choices", "value": value | {"choices": [span.modality]}}


def _tick() -> Json:
    return {"id": DOCUMENT, "from_name": DOCUMENT, "to_name": TEXT, "type": "choices", "value": {"choices": [NO_CASE]}}


def _relation_results(relations: Iterable[Relation]) -> Iterator[Json]:
    """Relations of the same two spans are one arrow with several names: Label Studio drops a second arrow."""
    arrows: dict[tuple[str, str], list[Relation]] = defaultdict(list)
    for relation in relations:
        arrows[relation.head, relation.child].append(relation)
    for (head, child), found in arrows.items():
        arrow = {"type": "relation", "from_id": head, "to_id": child, "direction": "right"}
        scored = any(relation.score is not None for relation in found)
        scores = {"scores": [relation.score for relation in found]} if scored else {}
        yield arrow | {"labels": [relation.label for relation in found]} | scores
