"""Every stage of one article for a newcomer: text with coloured spans, events with arguments, values, records."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from casetrace.assemble.unplaced import unplaced
from casetrace.report.cases import event_name, event_parts, shown
from casetrace.schema import EVENTS, LABELS
from casetrace.types import Amount, Annotation, CaseRecord, Document, Event, Span, Value


def explain(document: Document, annotation: Annotation, records: list[CaseRecord]) -> Iterator[RenderableType]:
    """Yield what to print for each stage, top to bottom; needs a console of 80 columns or more."""
    yield Text("1  The document", style="bold")
    yield Text(f"{document.id}: {document.title or 'untitled'}, published {document.published or 'unknown'}, "
               f"{len(document.text.split()):,} words, SHA-256 {document.sha256[:12]}\n")  # fmt: skip
    yield Text("2  What is marked in it", style="bold")
    yield coloured_text(document, annotation)
    yield Text("\n3  Events and their arguments", style="bold")
    yield events_table(annotation)
    yield Text("\n4  Words and the values read from them", style="bold")
    yield values_table(records)
    yield Text("\n5  Case records (read the text again where there is a ? or a check)", style="bold")
    for record in records:
        yield record_text(record)
    if not records:
        yield Text("no case in this document")
    if left := unplaced(annotation, records):
        told = ", ".join(f"{span.label} {span.text!r} at {span.start}" for span in left)
        yield Text(f"in no record, because nobody was found to whom it happens: {told}")


def coloured_text(document: Document, annotation: Annotation) -> Text:
    """The document's text, each span in its label's colour and followed by the label's name."""
    text = Text()
    at = 0
    for span in sorted(annotation.spans, key=lambda span: span.start):
        label = LABELS[span.label]
        text.append(document.text[at : span.start])
        text.append(span.text, style=f"{'bold reverse' if span.label in EVENTS else 'bold'} {label.colour}")
        text.append(f" {_label(span)} ", style=f"dim {label.colour}")
        at = span.end
    return text.append(document.text[at:])


def events_table(annotation: Annotation) -> Table:
    """One row for each event trigger: type, modality, words, and each argument with its words and score."""
    table = Table("event", "modality", "trigger", "arguments", "score")
    spans = {span.id: span for span in annotation.spans}
    arguments: dict[str, list[str]] = defaultdict(list)
    for relation in annotation.relations:
        score = "" if relation.score is None else f" ({relation.score:.2f})"
        arguments[relation.head].append(f"{relation.label}: {spans[relation.child].text}{score}")
    for span in annotation.spans:
        if span.label in EVENTS:
            score = "" if span.score is None else f"{span.score:.2f}"
            lines = "\n".join(arguments[span.id])
            table.add_row(span.label, span.modality, Text(span.text), Text(lines), score)
    return table


def values_table(records: list[CaseRecord]) -> Table:
    """One row for each value of the records whose normal form differs from its words."""
    table = Table("field", "words", "offsets", "value")
    rows = {row: None for record in records for event in record.events for row in _value_rows(event)}
    for row in rows:
        table.add_row(*map(Text, row))
    return table


def record_text(record: CaseRecord) -> Text:
    """A record as a few indented lines."""
    subject = record.subject
    roles = ", ".join(value.value for value in (*subject.roles, *subject.organisations))
    text = Text(f"{subject.name} ({subject.kind}{f' of {subject.count}' if subject.count else ''})", style="bold")
    status = f"{record.status or 'unknown'}{' (check)' if record.status_check else ''}"
    text.append(f"  {roles}  status: {status}\n", style="not bold")
    for event in record.events:
        text.append(f"  {_event_line(event)}\n", style="not bold")
    return text


def _label(span: Span) -> str:
    return span.label if span.modality in (None, "ASSERTED") else f"{span.label}:{span.modality}"


def _value_rows(event: Event) -> Iterator[tuple[str, str, str, str]]:
    single: list[tuple[str, Value | Amount | None]] = [
        ("date", event.date), ("term", event.term), ("amount", event.amount)
    ]  # fmt: skip
    many = [("charge", value) for value in event.charges] + [("law", value) for value in event.laws]
    for field, value in [*single, *many]:
        if value is not None:
            yield field, value.text, f"{value.start}-{value.end}", shown(value)


def _event_line(event: Event) -> str:
    modality = [] if event.modality == "ASSERTED" else [f"({event.modality.lower()})"]
    quotes = ", ".join(f"“{quote.text}” {quote.start}-{quote.end}" for quote in event.evidence)
    return " ".join([event_name(event), *modality, *event_parts(event)]) + f"   [{quotes}]"
