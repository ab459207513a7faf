"""Looking annotation over before anything is trained on it: errors that must go, oddities that a person should see."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from typing import Literal, NamedTuple

from casetrace.clean import SeenTexts
from casetrace.corpus import Split
from casetrace.schema import EVENTS, faults
from casetrace.types import Annotation, Document, Span

ARGUMENT_ONLY = ("GROUP", "ANAPHOR")
"""Labels that are marked only as argument of an event, or as a link of a coreference chain that leads to one."""
NAMES = ("PERSON", "ORG", "COURT", "GPE", "LAW")
"""Labels whose strings are names, so that a repeat without the label is likely to be forgotten."""
LONG_SENTENCE = 8
"""Words; shorter sentences ("Share this article.") may stand in several splits."""

Pair = tuple[Document, Annotation]


class Finding(NamedTuple):
    """One thing that is wrong ("error") or worth a look ("notice") in one document."""

    level: Literal["error", "notice"]
    doc_id: str
    message: str


def audit(
    splits: Mapping[Split, list[Pair]], *, shared_names: frozenset[str] = frozenset(), leaks: bool = True
) -> Iterator[Finding]:
    """Yield everything wrong or odd in the annotated documents of each split.

    `shared_names` are the organisations that several splits may name: state bodies, international bodies, platforms.
    Without `leaks` nothing is compared between splits: real articles do share the public figures of their time.
    """
    for document, annotation in chain.from_iterable(splits.values()):
        for fault in faults(annotation, document):
            yield Finding("error", document.id, fault)
        for level, message in chain(_span_findings(document, annotation), _link_findings(document, annotation)):
            yield Finding(level, document.id, message)
    yield from _copies(chain.from_iterable(splits.values()))
    yield from _leaks(splits, shared_names) if leaks else ()


def _span_findings(document: Document, annotation: Annotation) -> Iterator[tuple[Literal["error", "notice"], str]]:
    labels: dict[str, set[str]] = defaultdict(set)
    for span in annotation.spans:
        labels[span.text].add(span.label)
        if _cuts_word(span, document.text):
            yield "error", f"{_where(span, document)} cuts a word"
        if span.label not in EVENTS and _ends_in_punctuation(span.text):
            yield "error", f"{_where(span, document)} ends in punctuation"
    for text, names in labels.items():
        if len(names) > 1:
            yield "notice", f"{text!r} is labelled {' and '.join(sorted(names))}"
    yield from (("notice", message) for message in _forgotten(document, annotation))


def _link_findings(document: Document, annotation: Annotation) -> Iterator[tuple[Literal["error", "notice"], str]]:
    links = {label: [r for r in annotation.relations if r.label == label] for label in ("subject", "coref")}
    with_subject = {relation.head for relation in links["subject"]}
    corefs = {relation.head: relation.child for relation in links["coref"]}
    used = {relation.child for relation in annotation.relations} | set(corefs)
    for span in annotation.spans:
        if span.label in EVENTS and span.id not in with_subject:
            yield "notice", f"{_where(span, document)} has no subject"
        if span.label in ARGUMENT_ONLY and span.id not in used:
            yield "error", f"{_where(span, document)} is no argument of an event"
        if _loops(span.id, corefs):
            yield "error", f"{_where(span, document)} corefers to itself in a circle"


def _loops(span_id: str, corefs: dict[str, str]) -> bool:
    at, steps = corefs.get(span_id), 0
    while at is not None and at != span_id and steps <= len(corefs):
        at, steps = corefs.get(at), steps + 1
    return at == span_id


def _cuts_word(span: Span, text: str) -> bool:
    before, after = text[span.start - 1 : span.start], text[span.end : span.end + 1]
    # A footnote digit stuck to the last letter is page noise, not a part of the word.
    return (before.isalnum() and span.text[0].isalnum()) or (after.isalpha() and span.text[-1].isalnum())


def _ends_in_punctuation(words: str) -> bool:
    """A closing quotation mark belongs to the words when they hold the opening one too."""
    return (
        words[-1] in ",;:!?"
        or (words[-1] == "”" and "“" not in words)
        or (words[-1] == '"' and words.count('"') % 2 == 1)
    )


def _forgotten(document: Document, annotation: Annotation) -> Iterator[str]:
    names = {span.text: span.label for span in annotation.spans if span.label in NAMES and span.text[0].isupper()}
    taken = bytearray(len(document.text))
    for span in annotation.spans:
        taken[span.start : span.end] = b"\1" * (span.end - span.start)
    for name, label in names.items():
        for match in re.finditer(rf"(?<!\w){re.escape(name)}(?!\w)", document.text):
            if len(name) > 3 and not any(taken[match.start() : match.end()]):
                yield f"{name!r} at {match.start()} is not labelled, elsewhere it is {label}"


def _copies(pairs: Iterable[Pair]) -> Iterator[Finding]:
    seen = SeenTexts()
    for document, _ in pairs:
        copy = seen.near_copy(document.id, document.text)
        if copy:
            yield Finding("error", document.id, f"is a copy of {copy[0]} (likeness {copy[1]:.2f})")


def _leaks(splits: Mapping[Split, list[Pair]], shared_names: frozenset[str]) -> Iterator[Finding]:
    """Whatever one split has of another: people, organisations that are not shared, long sentences."""
    home: dict[tuple[str, str], str] = {}
    for split, pairs in splits.items():
        for document, annotation in pairs:
            for mark in {*_names(annotation, shared_names), *_sentences(document)}:
                if home.setdefault(mark, split) != split:
                    yield Finding("error", document.id, f"{mark[0]} {mark[1]!r} is in {home[mark]} and in {split}")


def _names(annotation: Annotation, shared_names: frozenset[str]) -> Iterator[tuple[str, str]]:
    for span in annotation.spans:
        several_words = len(span.text.split()) > 1
        if span.label == "PERSON" and several_words:
            yield "person", span.text
        if span.label == "ORG" and several_words and span.text[0].isupper() and span.text not in shared_names:
            yield "organisation", span.text


def _sentences(document: Document) -> Iterator[tuple[str, str]]:
    for sentence in re.split(r"(?<=[.!?])\s+|\n+", document.text):
        if len(sentence.split()) >= LONG_SENTENCE:
            yield "sentence", sentence


def _where(span: Span, document: Document) -> str:
    near = document.text[max(0, span.start - 25) : span.end + 25].replace("\n", " ")
    return f"{span.label} {span.text!r} at {span.start} (…{near}…)"
