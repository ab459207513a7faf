"""Mentions that are one person, group, organisation or court: by coref, by the same words, by a reduced form."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import NamedTuple

from casetrace.normalize.counts import read_count
from casetrace.normalize.names import is_reduced, name_parts, plain, same_part
from casetrace.normalize.organisations import abbreviates, reduced
from casetrace.types import Annotation, Document, Span, SubjectKind

SUREST_COUNT = 3
"""From this number on two groups of one number and noun are taken for one; "two men" are too often two others."""
_OTHERS = re.compile(r"\b(?:other|others|another|more|further|additional|of)\b")
LINKED = ("PERSON", "GROUP", "ANAPHOR", "ORG", "COURT")
_PRONOUNS = re.compile(
    r"i|me|my|mine|we|us|ours?|he|him|his|she|hers?|they|them|theirs?|it|its|you|your|this|these|those|"
    r"who|whom|whose|himself|herself|themselves|itself"
)
_NOBODY = ("no one", "nobody", "none", "anyone", "anybody", "everyone", "everybody", "at least")


class Chain(NamedTuple):
    """All mentions of one entity, in text order; `key` is the id of the first."""

    key: str
    mentions: tuple[Span, ...]

    @property
    def name(self) -> str:
        """The fullest form of the name: of a group its first form with a number."""
        for label, rank in (("PERSON", _fullness), ("ORG", _longest), ("COURT", _longest), ("GROUP", _countable)):
            forms = [mention for mention in self.mentions if mention.label == label]
            if forms:
                return max(forms, key=rank).text
        nominal = [mention for mention in self.mentions if not is_pronoun(mention.text)]
        return (nominal or self.mentions)[0].text

    @property
    def label(self) -> str:
        """PERSON, ORG, COURT, GROUP or (never named) ANAPHOR."""
        labels = {mention.label for mention in self.mentions}
        return next(label for label in ("PERSON", "ORG", "COURT", "GROUP", "ANAPHOR") if label in labels)

    @property
    def kind(self) -> SubjectKind:
        """What a record about it is about."""
        if self.label in ("ORG", "COURT"):
            return "organisation"
        if self.label == "ANAPHOR":
            return "group" if _is_plural(self.name) else "person"
        return "person" if self.label == "PERSON" else "group"

    @property
    def is_named(self) -> bool:
        """False for "nobody", and for a lone pronoun that points to nothing: the text does not say whom it means."""
        if self.label == "GROUP":
            return plain(self.name).replace("-", " ") not in _NOBODY
        return self.label != "ANAPHOR" or not is_pronoun(self.name)

    @property
    def aliases(self) -> tuple[str, ...]:
        """Other forms of the name, in text order; pronouns and descriptions are none."""
        wanted = ("GROUP",) if self.label == "GROUP" else ("PERSON", "ORG", "COURT")
        forms: dict[str, str] = {plain(self.name): ""}
        for mention in self.mentions:
            if mention.label in wanted:
                forms.setdefault(plain(mention.text), mention.text)
        return tuple(form for form in forms.values() if form)


class Chains:
    """Which chain a mention belongs to."""

    def __init__(self, groups: list[list[Span]]) -> None:
        self._chains = [Chain(group[0].id, tuple(group)) for group in groups]
        self._of = {mention.id: chain for chain in self._chains for mention in chain.mentions}

    def all(self) -> list[Chain]:
        """Every chain, in the order of first mention."""
        return self._chains

    def of(self, span_id: str) -> Chain:
        """The chain of a mention."""
        return self._of[span_id]


def build_chains(document: Document, annotation: Annotation) -> Chains:
    """Join the mentions of an annotation into chains."""
    spans = sorted((span for span in annotation.spans if span.label in LINKED), key=lambda span: span.start)
    chains = _Union(spans)
    linked = {relation.head for relation in annotation.relations if relation.label == "coref"}
    _join_links(annotation, chains)
    _join_same_words([span for span in spans if span.label in ("PERSON", "ORG", "COURT")], chains, linked=linked)
    _join_short_forms([span for span in spans if span.label in ("ORG", "COURT")], chains, document=document)
    _join_reduced_names([span for span in spans if span.label == "PERSON"], chains, linked=linked)
    _join_repeated_groups([span for span in spans if span.label == "GROUP"], chains, linked=linked)
    return Chains(chains.groups())


def _is_plural(name: str) -> bool:
    count = read_count(name)
    ending = re.search(r"(?:[^s]s|men|women|people|trio|pair|both|all|rest|group|couple)$", name.lower())
    return count.value > 1 if count else ending is not None


def is_pronoun(text: str) -> bool:
    """Whether the words are a bare pronoun."""
    return _PRONOUNS.fullmatch(text.lower().strip("'’")) is not None


class _Union:
    """Disjoint sets of mentions; the earliest mention stands for its set."""

    def __init__(self, spans: list[Span]) -> None:
        self._spans = spans
        self._texts = {span.id: span.text for span in spans if span.label == "PERSON"}
        self._order = {span.id: at for at, span in enumerate(spans)}
        self._parent = {span.id: span.id for span in spans}

    def find(self, span_id: str) -> str:
        while self._parent[span_id] != span_id:
            span_id = self._parent[span_id]
        return span_id

    def join(self, left: str, right: str) -> None:
        if left not in self._order or right not in self._order:
            return  # a link to something that is no person, group, organisation or court
        first, second = sorted((self.find(left), self.find(right)), key=lambda span_id: self._order[span_id])
        self._parent[second] = first

    def names(self, span_id: str) -> list[str]:
        """The names of people in the set of a mention."""
        root = self.find(span_id) if span_id in self._order else None
        return [text for other, text in self._texts.items() if self.find(other) == root]

    def groups(self) -> list[list[Span]]:
        found: dict[str, list[Span]] = defaultdict(list)
        for span in self._spans:
            found[self.find(span.id)].append(span)
        return list(found.values())


def _join_links(annotation: Annotation, chains: _Union) -> None:
    """Follow the coref links, the surest first; a description never makes one person of two different names."""
    people = {span.id for span in annotation.spans if span.label == "PERSON"}
    links = [relation for relation in annotation.relations if relation.label == "coref"]
    for link in sorted(links, key=lambda link: -1.0 if link.score is None else -link.score):
        described = link.score is not None and not {link.head, link.child} <= people
        if not (described and _differ(chains.names(link.head), chains.names(link.child))):
            chains.join(link.head, link.child)


def _differ(left: list[str], right: list[str]) -> bool:
    """Whether no name of one side has a part in common with one of the other; "Okello" and "Ruth" may be one."""
    parts = [[part for name in names for part in name_parts(name)] for names in (left, right)]
    full = any(len(name_parts(name)) > 1 for name in (*left, *right))
    return full and all(parts) and not any(same_part(one, other) for one in parts[0] for other in parts[1])


def _join_same_words(spans: list[Span], chains: _Union, *, linked: set[str]) -> None:
    """The same name again is the same entity as its nearest earlier use; a mention with a link of its own keeps it."""
    last: dict[tuple[str, str], str] = {}
    for span in spans:
        key = (span.label, plain(span.text) if span.label == "PERSON" else reduced(plain(span.text)))
        if key in last and span.id not in linked:
            chains.join(last[key], span.id)
        last[key] = span.id


def _join_short_forms(spans: list[Span], chains: _Union, *, document: Document) -> None:
    """An abbreviation joins the full name it follows in brackets, or the only full name with its initials."""
    for short in spans:
        full = [span for span in spans if span.label == short.label and abbreviates(short.text, span.text)]
        roots = {chains.find(span.id) for span in full}
        before = [
            span for span in full if re.fullmatch(r"[\s,]*\(?[“\"]?(?:the )?", document.text[span.end : short.start])
        ]
        if before or len(roots) == 1:
            chains.join((before or full)[0].id, short.id)


def _join_reduced_names(spans: list[Span], chains: _Union, *, linked: set[str]) -> None:
    """ "Nary" after "Keo Nary": joined when exactly one fuller name of the text can be meant."""
    for short in sorted(spans, key=lambda span: -len(name_parts(span.text))):
        if short.id in linked:
            continue
        full = [span for span in spans if _fuller(span, short)]
        roots = {chains.find(span.id) for span in full}
        if len(roots) == 1 and chains.find(short.id) not in roots:
            chains.join(full[0].id, short.id)


def _join_repeated_groups(groups: list[Span], chains: _Union, *, linked: set[str]) -> None:
    """ "seven local managers" after "seven managers": one number over two and one noun are one group, unless it says
    "other"; in annotated texts 39 of 43 such pairs are.
    """
    last: dict[tuple[int, str], str] = {}
    for span in groups:
        count = read_count(span.text)
        if count is None or count.value < SUREST_COUNT or _OTHERS.search(span.text.lower()):
            continue
        key = (count.value, plain(span.text).split()[-1])
        if key in last and span.id not in linked:
            chains.join(last[key], span.id)
        last[key] = span.id


def _fuller(span: Span, short: Span) -> bool:
    return len(name_parts(span.text)) > len(name_parts(short.text)) and is_reduced(short.text, span.text)


def _fullness(mention: Span) -> tuple[int, int, bool, int]:
    parts = name_parts(mention.text)
    return sum(len(part) > 1 for part in parts), len(parts), not mention.text.isupper(), -mention.start


def _longest(mention: Span) -> tuple[int, bool, int]:
    return len(mention.text), not mention.text.isupper(), -mention.start


def _countable(mention: Span) -> tuple[bool, bool, bool, int]:
    """A number with a noun says most; a headline in capitals is the last choice."""
    words = re.findall(r"[^\W\d_]{3,}", mention.text)
    return (
        read_count(mention.text) is not None and len(words) > 0,
        not mention.text.isupper(),
        " " in mention.text,
        -mention.start,
    )
