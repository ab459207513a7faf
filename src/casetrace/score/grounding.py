"""Whether the words that a predicted value quotes stand in the document, and people marked them as such a thing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from casetrace.schema import EVENTS
from casetrace.score.counts import Counts, Tally, add
from casetrace.score.slots import event_values, subject_values
from casetrace.types import Annotation, CaseRecord, Document, Span

NAMED = frozenset({"PERSON", "GROUP", "ANAPHOR", "ORG", "COURT"})
LABELS: dict[str, frozenset[str]] = {
    "date": frozenset({"DATE"}),
    "term": frozenset({"DURATION"}),
    "amount": frozenset({"MONEY"}),
    "charge": frozenset({"CHARGE"}),
    "law": frozenset({"LAW"}),
    "place": frozenset({"GPE", "FACILITY"}),
    "agent": NAMED | {"ROLE"},
    "role": frozenset({"ROLE"}),
    "organisation": frozenset({"ORG", "COURT"}),
    "name": NAMED,
    "event": frozenset(EVENTS),
}
"""What the words of a field's value may be marked as."""

Quoted = tuple[str, str, int, int]
"""Field, quoted words, start, end."""


def grounding(document: Document, gold: Annotation, predicted: Sequence[CaseRecord]) -> Tally:
    """Predicted values by field: a hit when the quote is in its place and overlaps a gold span of a fitting label."""
    quotes = [quote for record in predicted for quote in _quotes(record)]
    return add({quote[0]: _supported(quote, document, gold.spans)} for quote in quotes)


def _supported(quote: Quoted, document: Document, spans: Iterable[Span]) -> Counts:
    field, words, start, end = quote
    stands = bool(words) and document.text[start:end] == words
    meant = any(span.label in LABELS[field] and span.start < end and start < span.end for span in spans)
    return Counts(hits=1) if stands and meant else Counts(spurious=1)


def _quotes(record: CaseRecord) -> Iterator[Quoted]:
    yield from (("name", quote.text, quote.start, quote.end) for quote in record.subject.evidence)
    stated = [*subject_values(record), *(value for event in record.events for value in event_values(event))]
    yield from ((field, value.text, value.start, value.end) for field, _, value in stated)
    yield from (("event", quote.text, quote.start, quote.end) for event in record.events for quote in event.evidence)
