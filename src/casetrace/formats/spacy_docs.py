"""spaCy DocBin, for `spacy train` and friends; what has no place on a Doc is in the attributes of a span group."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import spacy
from spacy.tokens import DocBin, SpanGroup

from casetrace.docs import to_annotation, to_doc, to_docbin
from casetrace.formats.loss import DOCUMENT_FIELDS, Loss, Pair
from casetrace.markup import default_id
from casetrace.types import Document

GROUP = "casetrace"


def write(pairs: Iterable[Pair], path: Path) -> Iterator[Loss]:
    """Write a `.spacy` file; spans are widened to whole words where they cut one."""
    nlp = spacy.blank("en")
    docs = []
    for document, annotation in pairs:
        doc, misfits = to_doc(nlp.make_doc, document, annotation=annotation)
        known: dict[str, Any] = {field: getattr(document, field) for field in DOCUMENT_FIELDS}
        ids = {default_id(found.start_char): span.id for span in annotation.spans
               if (found := doc.char_span(span.start, span.end, alignment_mode="expand")) is not None}  # fmt: skip
        attrs = known | {"id": document.id, "made_by": annotation.made_by, "no_case": annotation.no_case, "ids": ids}
        doc.spans[GROUP] = SpanGroup(doc, name=GROUP, attrs=attrs)
        docs.append(doc)
        for misfit in misfits:
            what = "a span that shares its word" if misfit.words is None else "exact ends of a span that cuts a word"
            yield Loss(document.id, what, misfit.span.text)
        yield from _scores(document, annotation.spans)
    to_docbin(docs, path)


def read(path: Path) -> Iterator[Pair]:
    """Read a `.spacy` file; the text of a Doc is the text that it was made from."""
    nlp = spacy.blank("en")
    for number, doc in enumerate(DocBin().from_disk(path).get_docs(nlp.vocab)):
        attrs = doc.spans[GROUP].attrs if GROUP in doc.spans else {}
        known = {field: attrs.get(field) for field in DOCUMENT_FIELDS}
        document = Document(id=attrs.get("id", f"{path.stem}:{number}"), text=doc.text, **known)
        annotation = to_annotation(doc, document=document, made_by=attrs.get("made_by"))
        ids = attrs.get("ids", {})
        spans = tuple(span.model_copy(update={"id": ids.get(span.id, span.id)}) for span in annotation.spans)
        relations = tuple(
            link.model_copy(update={"head": ids.get(link.head, link.head), "child": ids.get(link.child, link.child)})
            for link in annotation.relations
        )
        no_case = bool(attrs.get("no_case"))
        yield document, annotation.model_copy(update={"spans": spans, "relations": relations, "no_case": no_case})


def _scores(document: Document, spans: Iterable[Any]) -> Iterator[Loss]:
    """A group of spans has scores for all of them or for none."""
    scored = [span.score is not None for span in spans]
    if any(scored) and not all(scored):
        yield Loss(document.id, "scores, because some spans have none")
