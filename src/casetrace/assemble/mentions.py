"""Event mentions with their arguments as values: what one trigger of the text says."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import TypeVar

from casetrace.assemble.chains import Chains, is_pronoun
from casetrace.assemble.groups import group_members
from casetrace.assemble.mention import Mention
from casetrace.assemble.status import detail_of
from casetrace.assemble.surroundings import DocumentContext
from casetrace.normalize.durations import read_duration
from casetrace.normalize.laws import read_laws
from casetrace.normalize.money import read_money
from casetrace.normalize.offences import read_offence
from casetrace.types import (
    Amount,
    Annotation,
    Charge,
    DateValue,
    Document,
    Place,
    Relation,
    Span,
    Term,
    TermKind,
    Value,
)

Made = TypeVar("Made")


def read_mentions(
    document: Document, annotation: Annotation, *, chains: Chains, context: DocumentContext
) -> list[Mention]:
    """Every event mention of a document, in text order."""
    reader = _Reader(document, annotation, chains=chains, context=context)
    members = group_members(document, annotation, chains=chains)
    triggers = sorted((span for span in annotation.spans if span.modality), key=lambda span: span.start)
    return [_for_members(reader.read(trigger), members) for trigger in triggers]


def _for_members(mention: Mention, members: dict[str, frozenset[str]]) -> Mention:
    """What happened to a group happened to each of its named members."""
    subjects = dict(mention.subjects)
    for group, score in mention.subjects.items():
        for person in sorted(members.get(group, ())):
            subjects.setdefault(person, score)
    return mention._replace(subjects=subjects)


class _Reader:
    """The lookups that reading a mention needs."""

    def __init__(self, document: Document, annotation: Annotation, *, chains: Chains, context: DocumentContext) -> None:
        self._document, self._chains, self._context = document, chains, context
        self._spans = {span.id: span for span in annotation.spans}
        self._links: dict[tuple[str, str], list[Relation]] = defaultdict(list)
        for relation in annotation.relations:
            self._links[relation.head, relation.label].append(relation)

    def read(self, trigger: Span) -> Mention:
        """One trigger with its arguments."""
        assert trigger.modality is not None
        charges = self._values(trigger, "charge", self._charge)
        return Mention(
            trigger=trigger,
            modality=trigger.modality,
            detail=detail_of(trigger, self._document.text),
            subjects=self._subjects(trigger),
            named=tuple(self._subjects(trigger)),
            agent_keys=tuple(dict.fromkeys(self._agent_key(link.child) for link in self._linked(trigger.id, "agent"))),
            agents=_distinct(self._values(trigger, "agent", self._agent)),
            date=self._date(trigger),
            charges=_distinct(charges),
            laws=_distinct(value for values in self._values(trigger, "law", self._laws) for value in values)
            + self._charge_laws(trigger),
            places=_distinct(self._values(trigger, "place", self._place)),
            terms=self._ranged(self._values(trigger, "term", self._term)),
            amounts=self._values(trigger, "amount", self._amount),
        )

    def _linked(self, span_id: str, label: str) -> list[Relation]:
        return sorted(self._links[span_id, label], key=lambda link: self._spans[link.child].start)

    def _values(self, trigger: Span, label: str, make: Callable[[Span, float | None, Span], Made]) -> tuple[Made, ...]:
        return tuple(
            make(self._spans[link.child], product(self._spans[link.child].score, link.score), trigger)
            for link in self._linked(trigger.id, label)
        )

    def _subjects(self, trigger: Span) -> dict[str, float | None]:
        """The chains it happened to, each with the probability of the link."""
        found: dict[str, float | None] = {}
        for link in self._linked(trigger.id, "subject"):
            found.setdefault(self._chains.of(link.child).key, product(trigger.score, link.score))
        return found

    def _agent_key(self, span_id: str) -> str:
        return span_id if self._spans[span_id].label == "ROLE" else self._chains.of(span_id).key

    def _agent(self, span: Span, score: float | None, _: Span) -> Value:
        chain = None if span.label == "ROLE" else self._chains.of(span.id)
        name = chain.name if chain and not (chain.label == "ANAPHOR" and is_pronoun(chain.name)) else span.text
        return Value(value=name, **_quoted(span, score))

    def _charge(self, span: Span, score: float | None, _: Span) -> Charge:
        return Charge(value=span.text, offence=read_offence(span.text), **_quoted(span, score))

    def _laws(self, span: Span, score: float | None, _: Span) -> tuple[Value, ...]:
        items = read_laws(span.text, code=self._context.codes.get(span.id))
        return tuple(Value(value=item, **_quoted(span, score)) for item in items)

    def _charge_laws(self, trigger: Span) -> tuple[Value, ...]:
        """The provisions that hang on the offences of the event."""
        return _distinct(
            value
            for charge in self._linked(trigger.id, "charge")
            for law in self._linked(charge.child, "law")
            for value in self._laws(
                self._spans[law.child], product(self._spans[law.child].score, law.score, charge.score), trigger
            )
        )

    def _place(self, span: Span, score: float | None, _: Span) -> Place:
        country = self._context.place_country(span.text) if span.label == "GPE" else None
        return Place(value=span.text, country=country, kind=span.label, **_quoted(span, score))

    def _term(self, span: Span, score: float | None, trigger: Span) -> Term:
        length = read_duration(span.text) or read_duration(f"{span.text} {self._unit_beside(span)}")
        if length is None:
            return Term(value=span.text, **_quoted(span, score))
        return Term(value=length.value, bound=length.bound, kind=self._term_kind(span, trigger), **_quoted(span, score))

    def _ranged(self, terms: tuple[Term, ...]) -> tuple[Term, ...]:
        """ "between six months and two years" marked as two lengths is one range."""
        if len(terms) != 2:
            return terms
        low, high = terms
        opening = self._document.text[max(0, low.start - 12) : low.start]
        joined = re.fullmatch(r"\s(?:and|to)\s", self._document.text[low.end : high.start])
        if not (joined and re.search(r"\b(?:between|from)\s$", opening) and low.value[0] == high.value[0] == "P"):
            return terms
        words = self._document.text[low.start : high.end]
        return (high.model_copy(update={"value": f"{low.value}/{high.value}", "text": words, "start": low.start}),)

    def _unit_beside(self, span: Span) -> str:
        """The unit that "two" leaves to its neighbour in "two and three years respectively", or "4,000" to "P5,000"."""
        if not re.fullmatch(r"[\w.,-]*(?:\s(?:and a half|million|thousand|billion))?", span.text):
            return ""
        same = [other for other in self._spans.values() if other.label == span.label and other.id != span.id]
        near = [other for other in same if abs(other.start - span.start) < 200]
        for other in sorted(
            near,
            key=lambda other: (
                not self._joined_to(span, other),
                other.start > span.start,
                abs(other.start - span.start),
            ),
        ):
            unit = re.sub(r"[\d.,]+|\b(?:million|thousand|billion|about|up to)\b", "", other.text)
            if span.label == "DURATION":
                unit = "".join(re.findall(r"(?:year|month|week|day|hour)s?\b", unit)[-1:])
            if unit.strip():
                return unit.strip()
        return ""

    def _joined_to(self, span: Span, after: Span) -> bool:
        """Whether the next length follows at once, as in "two and three years"."""
        between = self._document.text[span.end : after.start]
        return after.start > span.end and bool(re.fullmatch(r"\s?(?:,|and|or|to|-|–)\s?(?:and\s)?", between))

    def _term_kind(self, span: Span, trigger: Span) -> TermKind | None:
        around = self._document.text[max(0, span.start - 25) : span.end + 30].lower()
        detail = detail_of(trigger, self._document.text)
        whole = detail == "suspended" and "suspended" in around
        if trigger.label == "SENTENCE" and (whole or "probation" in around):
            return "suspended"
        if trigger.label in ("SENTENCE", "APPEAL"):
            return (
                "maximum" if trigger.modality == "POSSIBLE" else "imposed" if trigger.modality == "ASSERTED" else None
            )
        return "served" if trigger.label in ("DETAIN", "RELEASE", "ARREST") and trigger.modality == "ASSERTED" else None

    def _amount(self, span: Span, score: float | None, _: Span) -> Amount:
        places = {"country": self._context.country, "mentioned": self._context.mentioned}
        money = read_money(span.text, **places) or read_money(f"{span.text} {self._unit_beside(span)}", **places)  # type: ignore[arg-type]
        if money is None:
            return Amount(value=None, currency=None, **_quoted(span, score))
        share = money.share or _share_after(self._document.text, span)
        return Amount(
            value=money.value,
            currency=money.currency,
            high=money.high,
            bound=money.bound,
            share=share,
            **_quoted(span, score),
        )

    def _date(self, trigger: Span) -> DateValue | None:
        """The most precise of the dates tied to the trigger; words that do not resolve stay as they are."""
        links = self._linked(trigger.id, "time")
        values = [
            self._date_value(self._spans[link.child], product(self._spans[link.child].score, link.score))
            for link in links
        ]
        return max(values, key=_precision) if values else None

    def _date_value(self, span: Span, score: float | None) -> DateValue:
        when = self._context.dates.get(span.id)
        if when is None:
            return DateValue(value=span.text, **_quoted(span, score))
        return DateValue(value=when.value, date_type=when.date_type, **_quoted(span, score))


def product(*scores: float | None) -> float | None:
    """The probability that all parts are right, taken as independent; null where no part has one (made by a person)."""
    known = [score for score in scores if score is not None]
    if not known:
        return None
    result = 1.0
    for score in known:
        result *= score
    return round(result, 6)


def _precision(value: DateValue) -> tuple[bool, int]:
    return value.date_type is not None, len(value.value.split("/")[0]) if value.date_type else 0


def _share_after(text: str, span: Span) -> str | None:
    return "each" if re.match(r"\s(?:each|apiece|per person)\b", text[span.end :]) else None


def _quoted(span: Span, score: float | None) -> dict[str, object]:
    return {"text": span.text, "start": span.start, "end": span.end, "score": score}


_SameValue = TypeVar("_SameValue", bound=Value)


def _distinct(values: Iterable[_SameValue]) -> tuple[_SameValue, ...]:
    found: dict[str, _SameValue] = {}
    for value in values:
        found.setdefault(value.value.casefold(), value)
    return tuple(found.values())
