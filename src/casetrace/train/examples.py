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
from casetrace.components.likeness import is_pronoun
from casetrace.components.modality import NAMES as MODALITY_NAMES
from casetrace.components.pairs import LABELS, Pairs, allowed, pairs
from casetrace.components.pieces import Lexicon, Words, window_inputs, windows
from casetrace.docs import EVENTS, RELATIONS, group, to_doc
from casetrace.types import Annotation, Document

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Example:
    """One document. `inputs` has (ids, shapes, first, last) for each window, in order of the words.

    `mentions` has pronouns beside what is marked (see `with_idle`); `events` are the places of the events in it.
    """

    words: Words
    inputs: list[tuple[Ints, Ints, Ints, Ints]]
    mentions: tags.Mentions
    tags: Ints
    events: Ints
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
        marked, spans = _mentions(doc)
        mentions, places = with_idle(doc, marked)
        found = pairs(mentions, words.breaks, reach=self.reach)
        links = antecedents(marked, surface_of(doc, spans), words.breaks)
        entity = _entities(doc, marked, spans)
        return Example(
            words=words,
            inputs=[window_inputs(self.lexicon, words, window) for window in cut],
            mentions=mentions,
            tags=tags.encode(len(words), marked.starts, marked.ends, marked.labels),
            events=places[marked.labels >= tags.FIRST_EVENT],
            modality=_modality(doc),
            pairs=found,
            related=_related(doc, {span.start: int(place) for span, place in zip(spans, places, strict=True)}, found),
            antecedents=Pairs(places[links.heads], places[links.children], links.features),
            same=entity[links.heads] == entity[links.children],
            weight=weight,
        )


def with_idle(doc: Doc, marked: tags.Mentions) -> tuple[tags.Mentions, Ints]:
    """Mentions, and as more of them the pronouns that nobody marked, so that relations learn to leave them alone.

    Also returns where each marked mention now is.
    """
    taken = np.zeros(len(doc), bool)
    for start, end in zip(marked.starts.tolist(), marked.ends.tolist(), strict=True):
        taken[start:end] = True
    idle = [token.i for token in doc if not taken[token.i] and is_pronoun(token.text)]
    starts = np.concatenate((marked.starts, np.array(idle, np.int64)))
    ends = np.concatenate((marked.ends, np.array(idle, np.int64) + 1))
    labels = np.concatenate((marked.labels, np.full(len(idle), tags.NUMBERS["ANAPHOR"])))
    order = np.argsort(starts, kind="stable")
    places = np.argsort(order, kind="stable")[: len(marked)]
    return tags.Mentions(starts[order], ends[order], labels[order], np.ones(len(order), np.float32)), places


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


def _links(doc: Doc, places: dict[int, int]) -> list[tuple[int, str, int]]:
    held = group(doc, RELATIONS)
    ends = [places[span.start] for span in held]
    return list(zip(ends[::2], held.attrs["labels"], ends[1::2], strict=True))


def _related(doc: Doc, places: dict[int, int], found: Pairs) -> Floats:
    gold = {(head, child, LABELS.index(label)) for head, label, child in _links(doc, places) if label != "coref"}
    target = np.zeros((len(found.heads), len(LABELS)), np.float32)
    rows = {pair: row for row, pair in enumerate(zip(found.heads.tolist(), found.children.tolist(), strict=True))}
    for head, child, label in gold:
        if (head, child) in rows:
            target[rows[head, child], label] = 1
    return target


def _entities(doc: Doc, mentions: tags.Mentions, spans: list[Span]) -> Ints:
    """A number for each mention; mentions of one person, group or body share theirs."""
    entity = np.arange(len(spans))
    first: dict[tuple[int, str], int] = {}
    surface = surface_of(doc, spans)
    for row, label in enumerate(mentions.labels.tolist()):
        if is_candidate(label):
            entity[row] = first.setdefault(key_of(mentions, surface, row), row)
    for head, label, child in _links(doc, {span.start: row for row, span in enumerate(spans)}):
        if label == "coref":
            entity[entity == entity[head]] = entity[child]
    return entity
