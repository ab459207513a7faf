"""CoNLL columns: word, start, end, BIO label, modality; the text itself in a comment. Relations have no place here."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import get_args

from casetrace import jsonl
from casetrace.formats.loss import Loss, Pair, Word, document_losses, words
from casetrace.markup import default_id
from casetrace.schema import EVENTS, check
from casetrace.types import Annotation, CasetraceError, Document, Modality, Span

OUTSIDE, NONE = "O", "_"


def write(pairs: Iterable[Pair], path: Path) -> Iterator[Loss]:
    """Write one block for each document; spans are widened to whole words, relations, ids and scores are left out."""
    with jsonl.replacing(path) as lines:
        for document, annotation in pairs:
            found = words(document.text)
            tags, losses = _tags(document, annotation, found)
            lines.write(f"# id = {document.id}\n# text = {json.dumps(document.text)}\n")
            for word, (tag, modality) in zip(found, tags, strict=True):
                lines.write(f"{word.text}\t{word.start}\t{word.end}\t{tag}\t{modality}\n")
            lines.write("\n")
            yield from losses
            yield from _losses(document, annotation)


def read(path: Path) -> Iterator[Pair]:
    """Read such blocks; without a `# text` comment the text is the words with blanks between."""
    for block in path.read_text("utf-8").split("\n\n"):
        rows = [line.split("\t") for line in block.split("\n") if line and not line.startswith("# ")]
        notes = dict(line[2:].split(" = ", 1) for line in block.split("\n") if line.startswith("# ") and " = " in line)
        if rows:
            try:
                yield _read(rows, notes, name=path.stem)
            except (IndexError, ValueError) as error:
                raise CasetraceError(f"{path}: block {notes.get('id', '')}: not these columns: {error}") from error


def _tags(document: Document, annotation: Annotation, found: list[Word]) -> tuple[list[tuple[str, str]], list[Loss]]:
    tags = [(OUTSIDE, NONE)] * len(found)
    losses = []
    for span in sorted(annotation.spans, key=lambda span: span.start):
        inside = [at for at, word in enumerate(found) if word.start < span.end and span.start < word.end]
        free = [at for at in inside if tags[at][0] == OUTSIDE]
        if not free:
            losses.append(Loss(document.id, "a span that shares its only word with another", span.text))
            continue
        if (found[free[0]].start, found[free[-1]].end) != (span.start, span.end):
            losses.append(Loss(document.id, "exact ends of a span that cuts a word", span.text))
        for at in free:
            tags[at] = (f"{'B' if at == free[0] else 'I'}-{span.label}", span.modality or NONE)
    return tags, losses


def _losses(document: Document, annotation: Annotation) -> Iterator[Loss]:
    yield from document_losses(document)
    for relation in annotation.relations:
        yield Loss(document.id, "relation", f"{relation.head} {relation.label} {relation.child}")
    yield from (Loss(document.id, "span score", span.id) for span in annotation.spans if span.score is not None)
    yield from (Loss(document.id, "span id", span.id) for span in annotation.spans if span.id != default_id(span.start))
    if annotation.no_case:
        yield Loss(document.id, "that there is no case")
    if annotation.made_by is not None:
        yield Loss(document.id, "who made it", annotation.made_by)


def _read(rows: list[list[str]], notes: dict[str, str], *, name: str) -> Pair:
    text = str(json.loads(notes["text"])) if "text" in notes else " ".join(row[0] for row in rows)
    document = Document(id=notes.get("id", name), text=text)
    spans: list[Span] = []
    at, open_span = 0, False
    for row in rows:
        word, tag, modality = row[0], row[-2] if len(row) > 2 else row[-1], row[-1] if len(row) > 2 else NONE
        start = text.index(word, at)
        at = start + len(word)
        label = tag[2:]
        if tag == OUTSIDE:
            open_span = False
        elif tag.startswith("I-") and open_span and spans[-1].label == label:
            spans[-1] = spans[-1].model_copy(update={"end": at, "text": text[spans[-1].start : at]})
        else:
            spans.append(_span(start, at, label, text, modality))
            open_span = True
    annotation = Annotation(doc_id=document.id, sha256=document.sha256, spans=tuple(spans))
    return document, check(annotation, document)


def _span(start: int, end: int, label: str, text: str, modality: str) -> Span:
    told: Modality | None = next((name for name in get_args(Modality) if name == modality), None)
    said: Modality | None = (told or "ASSERTED") if label in EVENTS else None
    return Span(id=default_id(start), start=start, end=end, label=label, text=text[start:end], modality=said)
