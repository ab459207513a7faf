"""Change the words of an annotated document, span by span, and keep every offset right."""

from __future__ import annotations

from collections.abc import Callable

from casetrace.types import Annotation, Document, Span

Inside = Callable[[Span], str]
Between = Callable[[str], str]


def rewrite(
    document: Document, annotation: Annotation, *, inside: Inside, between: Between
) -> tuple[Document, Annotation]:
    """A new document in which `inside` gives the words of each span and `between` those of each stretch between spans.

    >>> document = Document(id="a", text="Police arrested her.")
    >>> span = Span(id="s", start=7, end=15, label="ARREST", text="arrested", modality="ASSERTED")
    >>> annotation = Annotation(doc_id="a", sha256=document.sha256, spans=(span,))
    >>> changed, marked = rewrite(document, annotation, inside=lambda span: "held", between=str.upper)
    >>> changed.text, marked.spans[0].start, marked.spans[0].text
    ('POLICE held HER.', 7, 'held')
    """
    pieces: list[str] = []
    spans: list[Span] = []
    at = length = 0
    for span in sorted(annotation.spans, key=lambda span: span.start):
        gap, words = between(document.text[at : span.start]), inside(span)
        start = length + len(gap)
        spans.append(span.model_copy(update={"start": start, "end": start + len(words), "text": words}))
        pieces += [gap, words]
        length, at = start + len(words), span.end
    text = "".join([*pieces, between(document.text[at:])])
    changed = Document(id=document.id, text=text, title=document.title, published=document.published)
    return changed, annotation.model_copy(update={"sha256": changed.sha256, "spans": tuple(spans)})
