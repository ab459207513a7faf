"""Events that no record holds, so that nothing is dropped in silence."""

from __future__ import annotations

from collections.abc import Iterable

from casetrace.schema import EVENTS
from casetrace.types import Annotation, CaseRecord, Span


def unplaced(annotation: Annotation, records: Iterable[CaseRecord]) -> tuple[Span, ...]:
    """The event triggers on which no event of a record rests: nobody was found to whom they happen.

    >>> from casetrace.assemble import assemble
    >>> from casetrace.markup import read_markup
    >>> marked = "[Police|ORG o] [held|DETAIN subject=p agent=o] [Ruth|PERSON p]. [Arrests|ARREST] went on."
    >>> document, annotation = read_markup(marked, doc_id="d")
    >>> [span.text for span in unplaced(annotation, assemble(document, annotation))]
    ['Arrests']
    """
    held = {(quote.start, quote.end) for record in records for event in record.events for quote in event.evidence}
    return tuple(span for span in annotation.spans if span.label in EVENTS and (span.start, span.end) not in held)
