"""What the dates, amounts and laws of a document lean on: its date, its country, the dates and codes it named before."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from casetrace.normalize.dateparts import Surroundings, as_day
from casetrace.normalize.dates import When, read_date
from casetrace.normalize.laws import named_code
from casetrace.normalize.places import country_code, document_country, place_country
from casetrace.types import Annotation, Document, Span

_BEFORE_EVENT = re.compile(r"(?:after|before|later|earlier|following|since|anniversary)$", re.IGNORECASE)
_NUMERIC = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-]\d{2,4}")


@dataclass(frozen=True)
class DocumentContext:
    """The document's own date, country, date custom, resolved dates and law codes, by span id."""

    document: Document
    country: str | None
    mentioned: frozenset[str]
    day_first: bool | None
    dates: dict[str, When] = field(default_factory=dict)
    codes: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, document: Document, annotation: Annotation) -> DocumentContext:
        """Read everything once, in text order."""
        spans = sorted(annotation.spans, key=lambda span: span.start)
        places = [span.text for span in spans if span.label == "GPE"]
        context = cls(
            document=document,
            country=document_country(places),
            mentioned=frozenset(code for place in places if (code := country_code(place))),
            day_first=_day_first([span for span in spans if span.label == "DATE"]),
            codes=_carry_codes([span for span in spans if span.label == "LAW"]),
        )
        context.dates.update(_resolve_dates(spans, annotation, context))
        return context

    def place_country(self, name: str) -> str | None:
        """The country of a place of this document."""
        return place_country(name, mentioned=self.mentioned or ([self.country] if self.country else []))


def _day_first(dates: list[Span]) -> bool | None:
    """How the document writes 03/05/2023, if one of its dates can be read in one way only."""
    for span in dates:
        if match := _NUMERIC.fullmatch(span.text.strip()):
            if int(match[1]) > 12:
                return True
            if int(match[2]) > 12:
                return False
    return None


def _carry_codes(laws: list[Span]) -> dict[str, str]:
    """For each citation the code that the text named last, for "Article 610" and "the code's Article 495"."""
    codes: dict[str, str] = {}
    last = ""
    for span in laws:
        if last:
            codes[span.id] = last
        last = named_code(span.text) or last
    return codes


def _resolve_dates(spans: list[Span], annotation: Annotation, context: DocumentContext) -> dict[str, When]:
    """Every DATE in text order, each with the one before it as anchor; then those told from an event; then lone years."""
    dates = [span for span in spans if span.label == "DATE"]
    future = _future_dates(annotation)
    found: dict[str, When] = {}
    anchors: dict[str, str] = {}
    for span in dates:
        around = _around(
            span, context, anchor=_anchor(span, found, dates, context.document.text), future=span.id in future
        )
        event_anchor = _event_anchor(span, spans, annotation, found, context.document.text)
        when = read_date(span.text, around._replace(anchor=event_anchor) if event_anchor else around)
        if when:
            found[span.id] = when
            anchors[span.id] = when.value
    for span in dates:
        if span.id not in found and (when := _second_try(span, dates, found, context)):
            found[span.id] = when
    return found


def _around(span: Span, context: DocumentContext, *, anchor: str | None, future: bool) -> Surroundings:
    day_first = context.day_first
    if day_first is None and context.country:
        day_first = context.country not in ("US", "PH")
    return Surroundings(context.document.published, anchor, future, day_first, context.country)


def _anchor(span: Span, found: dict[str, When], dates: list[Span], text: str) -> str | None:
    """The date last spoken of; a year alone counts only within its sentence."""
    earlier = [date for date in dates if date.end <= span.start and date.id in found]
    for date in reversed(earlier):
        between, value = text[date.end : span.start], found[date.id].value
        if re.fullmatch(r"\d{4}", value) and re.search(r"[.!?]\s|\n", between):
            continue
        return value
    return None


def _event_anchor(
    span: Span, spans: list[Span], annotation: Annotation, found: dict[str, When], text: str
) -> str | None:
    """ "a week after" + "his arrest": the date of that arrest, told at another mention of it."""
    if not _BEFORE_EVENT.search(span.text) and not re.match(
        r"\s+(?:of|after|before|since|following)\b", text[span.end :]
    ):
        return None
    reach = re.split(r"[.;\n]", text[span.end : span.end + 60])[0]
    near = [event for event in spans if event.modality and span.end <= event.start < span.end + len(reach)]
    if not near:
        return None
    kinds = {"ARREST", "DETAIN"} if near[0].label in ("ARREST", "DETAIN") else {near[0].label}
    labels = {event.id: event.label for event in spans if event.modality == "ASSERTED"}
    dated = [relation.child for relation in annotation.relations
             if relation.label == "time" and labels.get(relation.head) in kinds and relation.child in found and relation.child != span.id]  # fmt: skip
    return found[dated[-1]].value if dated else None


def _future_dates(annotation: Annotation) -> set[str]:
    """Dates of events that are still to come."""
    ahead = {span.id for span in annotation.spans if span.modality in ("POSSIBLE", "DEMANDED")}
    past = {span.id for span in annotation.spans if span.modality in ("ASSERTED", "NEGATED")}
    timed = [relation for relation in annotation.relations if relation.label == "time"]
    return {one.child for one in timed if one.head in ahead} - {one.child for one in timed if one.head in past}


def _second_try(span: Span, dates: list[Span], found: dict[str, When], context: DocumentContext) -> When | None:
    """A date without a year that nothing before it settles: the year of the only year that the document speaks of."""
    years = {value[:4] for when in found.values() if (value := when.value.strip("{}["))}
    if len(years) != 1 or context.document.published:
        return None
    when = read_date(span.text, _around(span, context, anchor=years.pop(), future=False))
    return when if (when and as_day(when.value)) or (when and len(when.value) == 7) else None
