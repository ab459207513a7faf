"""Annotated documents as arrays: what the network reads, and what it should answer."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from spacy.language import Language
from spacy.tokens import Doc, Span

from casetrace.components import tags
from casetrace.components.antecedents import antecedents, is_candidate, key_of
from casetrace.components.coref import surface_of
from casetrace.components.modality import NAMES as MODALITY_NAMES
from casetrace.components.pairs import LABELS, Pairs, allowed, pairs
from casetrace.components.pieces import Lexicon, Words, window_inputs, windows
from casetrace.docs import EVENTS, RELATIONS, group, to_doc
from casetrace.types import Annotation, Document

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Example:
    """One document. `inputs` has (ids, shapes, first, last) for each window, in order of the words."""

    words: Words
    inputs: list[tuple[Ints, Ints, Ints, Ints]]
    mentions: tags.Mentions
    tags: Ints
    modality: Ints
    pairs: Pairs
    related: Floats
    antecedents: Pairs
    same: npt.NDArray[np.bool_]
    weight: float = 1.0


@dataclass(frozen=True)
class Reader:
    """Makes examples; holds what every example is made with."""

    nlp: Language
    lexicon: Lexicon
    size: int
    context: int
    reach: int

    def read(self, document: Document, annotation: Annotation, *, weight: float = 1.0) -> Example:
        """The example for one annotated document."""
        doc, _ = to_doc(self.nlp.make_doc, document, annotation=annotation)
        words = self.lexicon.words(doc)
        cut = windows(words, size=self.size, context=self.context)
        mentions, spans = _mentions(doc)
        found = pairs(mentions, words.breaks, reach=self.reach)
        links = antecedents(mentions, surface_of(doc, spans), words.breaks)
        entity = _entities(doc, mentions, spans)
        return Example(
            words=words,
            inputs=[window_inputs(self.lexicon, words, window) for window in cut],
            mentions=mentions,
            tags=tags.encode(len(words), mentions.starts, mentions.ends, mentions.labels),
            modality=_modality(doc),
            pairs=found,
            related=_related(doc, spans, found),
            antecedents=links,
            same=entity[links.heads] == entity[links.children],
            weight=weight,
        )


def batches(examples: Iterable[Example], *, pieces: int) -> Iterable[list[Example]]:
    """Examples in the order given, packed until a batch has about `pieces` word pieces."""
    batch: list[Example] = []
    held = 0
    for example in examples:
        batch.append(example)
        held += sum(len(ids) for ids, *_ in example.inputs)
        if held >= pieces:
            yield batch
            batch, held = [], 0
    if batch:
        yield batch


def legal(example: Example) -> npt.NDArray[np.bool_]:
    """Pairs x relations that the vocabulary allows."""
    labels = example.mentions.labels
    return np.asarray(allowed()[labels[example.pairs.heads], labels[example.pairs.children]])


def _mentions(doc: Doc) -> tuple[tags.Mentions, list[Span]]:
    spans = sorted((*doc.ents, *group(doc, EVENTS)), key=lambda span: span.start)
    starts = np.array([span.start for span in spans], np.int64)
    ends = np.array([span.end for span in spans], np.int64)
    labels = np.array([tags.NUMBERS[span.label_] for span in spans], np.int64)
    return tags.Mentions(starts, ends, labels, np.ones(len(spans), np.float32)), spans


def _modality(doc: Doc) -> Ints:
    held = group(doc, EVENTS).attrs.get("modality", [])
    return np.array([MODALITY_NAMES.index(name) for name in held], np.int64)


def _links(doc: Doc, spans: list[Span]) -> list[tuple[int, str, int]]:
    rows = {span.start: row for row, span in enumerate(spans)}
    held = group(doc, RELATIONS)
    ends = list(held)
    heads, children = ends[::2], ends[1::2]
    labels = held.attrs["labels"]
    return [
        (rows[head.start], label, rows[child.start]) for head, child, label in zip(heads, children, labels, strict=True)
    ]


def _related(doc: Doc, spans: list[Span], found: Pairs) -> Floats:
    gold = {(head, child, LABELS.index(label)) for head, label, child in _links(doc, spans) if label != "coref"}
    target = np.zeros((len(found.heads), len(LABELS)), np.float32)
    place = {pair: row for row, pair in enumerate(zip(found.heads.tolist(), found.children.tolist(), strict=True))}
    for head, child, label in gold:
        if (head, child) in place:
            target[place[head, child], label] = 1
    return target


def _entities(doc: Doc, mentions: tags.Mentions, spans: list[Span]) -> Ints:
    """A number for each mention; mentions of one person, group or body share theirs."""
    entity = np.arange(len(spans))
    first: dict[tuple[int, str], int] = {}
    surface = surface_of(doc, spans)
    for row, label in enumerate(mentions.labels.tolist()):
        if is_candidate(label):
            entity[row] = first.setdefault(key_of(mentions, surface, row), row)
    for head, label, child in _links(doc, spans):
        if label == "coref":
            entity[entity == entity[head]] = entity[child]
    return entity
