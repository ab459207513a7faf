"""What the dates, amounts and laws of a document lean on: its date, its country, the dates and codes it named
before.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field
from itertools import zip_longest

from casetrace.normalize.dateparts import MONTH, Surroundings
from casetrace.normalize.dates import When, read_date
from casetrace.normalize.laws import named_code
from casetrace.normalize.places import country_code, document_country, mentioned_countries, place_country
from casetrace.types import Annotation, Document, Span

LONG_AGO_YEARS = 3
_LAST_DAY = re.compile(r"\b(?:by|before|until|no later than|not later than)\s(?:the\s)?$")
_TOLD_FROM = re.compile(r"(.{2,30}?)\s(following|after|before|from)\s(.+)", re.IGNORECASE)
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
            country=document_country(places, document.text),
            mentioned=frozenset(mentioned_countries(document.text))
            | {code for place in places if (code := country_code(place))},
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
    """Every DATE in text order, each with the one before it as anchor or the event it is told from; then lone years."""
    dates = [span for span in spans if span.label == "DATE"]
    future = _future_dates(annotation, context.document.text)
    found: dict[str, When] = {}
    for span in [*dates, *dates]:  # twice, because an event may be dated after the words that are told from it
        if span.id in found:
            continue
        around = _around(span, context, anchor=_anchor(span, found, dates, context.document), future=span.id in future)
        if told_from := _told_from(span, context.document.text):
            event = _event_date(span, spans, annotation, found, context.document.text)
            around = around._replace(anchor=event or _phrase_date(told_from, span, dates, found, context.document.text))
        if when := read_date(_bare(span.text), around):
            found[span.id] = when
    for span, after in zip_longest(dates, dates[1:]):
        if span.id not in found and (when := _second_try(span, after, found, context)):
            found[span.id] = when
    return found


def _around(span: Span, context: DocumentContext, *, anchor: str | None, future: bool) -> Surroundings:
    return Surroundings(context.document.published, anchor, future, context.day_first, context.country)


def _anchor(span: Span, found: dict[str, When], dates: list[Span], document: Document) -> str | None:
    """The date last spoken of; a year alone counts only within its sentence.

    A relative expression never reaches over a date that could not be read: "the next day" is the day after that one.
    """
    text, published = document.text, document.published
    relative = not re.search(r"\d", span.text)
    for date in reversed([date for date in dates if date.end <= span.start]):
        if date.id not in found:
            if relative:
                return None
            continue
        value = found[date.id].value
        if re.fullmatch(r"\d{4}", value) and re.search(r"[.!?]\s|\n", text[date.end : span.start]):
            continue
        if _is_background(value, found, published) and "\n" in text[date.end : span.start] and _names_month(span):
            return None
        return value
    return None


def _is_background(value: str, found: dict[str, When], published: str | None) -> bool:
    """A date of long ago in a text that has told of the year of its publication: the next paragraph is news again."""
    if published is None or int(published[:4]) - int(value.strip("{[")[:4]) < LONG_AGO_YEARS:
        return False
    return any(when.value.strip("{[").startswith(published[:4]) for when in found.values())


def _names_month(span: Span) -> bool:
    return re.search(rf"\b(?:{MONTH})\b", span.text.lower()) is not None


def _bare(words: str) -> str:
    """ "the day following her post" is the day after, whatever the post is."""
    match = _TOLD_FROM.match(words)
    return f"{match[1]} after" if match and match[2] != "before" else f"{match[1]} before" if match else words


def _told_from(span: Span, text: str) -> str | None:
    """The words of the event that a date is told from: "a week after" + "his arrest", "the day following her post"."""
    if match := _TOLD_FROM.match(span.text):
        return match[3]
    if re.search(r"(?:after|before|following|anniversary|anniversary of)$", span.text, re.IGNORECASE):
        following = re.split(r"[.;,:()\n]|\s(?:and|but)\s", text[span.end : span.end + 60])[0].strip()
        return following or None  # "the day before." and "a year before, ..." are told from the date last spoken of
    if match := re.match(r"\s(?:after|before|following|of)\s([^.;,\n]{3,60})", text[span.end :]):
        return (
            match[1]
            if re.search(r"day|week|month|year|anniversary", span.text) and not re.search(r"\d{4}", span.text)
            else None
        )
    return None


def _event_date(span: Span, spans: list[Span], annotation: Annotation, found: dict[str, When], text: str) -> str | None:
    """The date of the event that follows, told at another mention of it."""
    reach = len(re.split(r"[.;\n]", text[span.end : span.end + 60])[0])
    near = [event for event in spans if event.modality and span.end <= event.start < span.end + reach]
    if not near:
        return None
    kinds = {"ARREST", "DETAIN"} if near[0].label in ("ARREST", "DETAIN") else {near[0].label}
    labels = {
        event.id: event.label for event in spans if event.modality == "ASSERTED" and event.start < span.end + reach
    }
    dated = [link.child for link in annotation.relations if link.label == "time" and labels.get(link.head) in kinds]
    known = [child for child in dated if child in found and child != span.id]
    return found[known[-1]].value if known else None


def _phrase_date(phrase: str, span: Span, dates: list[Span], found: dict[str, When], text: str) -> str | None:
    """The date in an earlier sentence that tells of the same thing: "wrote a Facebook post" ... "her Facebook post"."""
    noun = re.sub(r"^(?:the|a|an|his|her|their|its|this|that|these|those)\s+", "", phrase.strip(), flags=re.IGNORECASE)
    noun = " ".join(noun.split()[:3])
    if len(noun) < 4:
        return None
    for date in reversed([date for date in dates if date.end <= span.start and date.id in found]):
        sentence = re.split(r"[.!?]\s|\n", text[date.end :])[0]
        before = re.split(r"[.!?]\s|\n", text[: date.start])[-1]
        if noun.lower() in (before + sentence).lower():
            return found[date.id].value
    return None


def _future_dates(annotation: Annotation, text: str) -> set[str]:
    """Dates of events that are still to come, and the last days of demands ("release them by 1 September")."""
    spans = {span.id: span for span in annotation.spans}
    modality: dict[str, set[str]] = defaultdict(set)
    for link in annotation.relations:
        if link.label == "time":
            modality[link.child].add(spans[link.head].modality or "")
    ahead = {date for date, found in modality.items() if found == {"POSSIBLE"}}
    demanded = {date for date, found in modality.items() if found == {"DEMANDED"}}
    return ahead | {date for date in demanded if _LAST_DAY.search(text[: spans[date].start])}


def _second_try(span: Span, after: Span | None, found: dict[str, When], context: DocumentContext) -> When | None:
    """A date that nothing before it settles: its bracketed double "23 Baisakh (6 May)", or the only year of the
    text.
    """
    if after and after.id in found and re.fullmatch(r"\s?[(/]\s?", context.document.text[span.end : after.start]):
        return found[after.id]
    years = {when.value.strip("{[")[:4] for when in found.values() if len(when.value) >= 7}
    if len(years) != 1 or context.document.published or not re.search(r"\d", span.text):
        return None
    return read_date(span.text, _around(span, context, anchor=years.pop(), future=False))
