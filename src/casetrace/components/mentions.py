"""Mentions: entities to `doc.ents`, event triggers to `doc.spans["events"]`, from the word vectors."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import numpy.typing as npt
from spacy.attrs import IS_SPACE  # type: ignore[import-not-found]
from spacy.language import Language
from spacy.tokens import Doc, Span, SpanGroup

from casetrace.components import tags
from casetrace.components.pairnet import calibrate
from casetrace.components.repeats import agree
from casetrace.components.stored import Stored
from casetrace.docs import ENTITIES, EVENTS, entities, group, place, set_entities, words_of
from casetrace.schema import ENTITIES as ENTITY_LABELS

Floats = npt.NDArray[np.float32]
Scored = tuple[Span, float]


@Language.factory(
    "casetrace_mentions",
    requires=["doc.tensor"],
    assigns=["doc.ents", "doc.spans"],
    default_config={"outside": 0.0},
)
def make_mentions(nlp: Language, name: str, outside: float) -> MentionFinder:
    """`outside` is added to the score of "no mention" of every word: higher means fewer, surer mentions."""
    return MentionFinder(name, outside=outside)


class MentionFinder(Stored):
    """Entity mentions and event triggers, flat, each with a calibrated probability.

    Entities that stand in `doc.ents` already, set by a rule or by hand, stay, and what was found on their words goes.
    """

    def __init__(self, name: str, *, outside: float) -> None:
        self.name, self.outside = name, outside
        self.weights = {}

    def __call__(self, doc: Doc) -> Doc:
        """Find the mentions of one document."""
        weights = self.needed()
        if not len(doc):
            return write(doc, tags.decode(np.zeros((0, tags.COUNT), np.float32)))
        vectors: Any = doc.tensor
        logits: Floats = vectors @ weights["tags"] + weights["tags_bias"]
        logits[:, 0] += self.outside
        found = tags.decode(logits)
        entity, event = weights["calibration"]
        is_event = found.labels >= tags.FIRST_EVENT
        scores = np.where(is_event, calibrate(found.scores, event), calibrate(found.scores, entity))
        found = tags.Mentions(found.starts, found.ends, found.labels, scores.astype(np.float32))
        return write(doc, agree(doc, trimmed(doc, found)), preset=presets(doc))


def trimmed(doc: Doc, found: tags.Mentions) -> tags.Mentions:
    """Mentions without white-space words at their edges; one that is white space alone goes."""
    blank = doc.to_array([IS_SPACE]).reshape(-1) == 1
    if not (blank[found.starts] | blank[found.ends - 1]).any():
        return found
    starts, ends = found.starts.copy(), found.ends.copy()
    for row in range(len(found)):
        while starts[row] < ends[row] and blank[starts[row]]:
            starts[row] += 1
        while starts[row] < ends[row] and blank[ends[row] - 1]:
            ends[row] -= 1
    keep = starts < ends
    return tags.Mentions(starts[keep], ends[keep], found.labels[keep], found.scores[keep])


def presets(doc: Doc) -> list[Span]:
    """The entities with a label of the vocabulary that this component did not find when it was run before."""
    held = group(doc, ENTITIES)
    flags = held.attrs.get("preset") or [False] * len(held)
    own = {place(span) for span, preset in zip(held, flags, strict=True) if not preset}
    return [span for span in doc.ents if span.label_ in ENTITY_LABELS and place(span) not in own]


def write(doc: Doc, found: tags.Mentions, *, preset: Iterable[Span] = ()) -> Doc:
    """Put preset entities and the mentions that overlap none of them on a document."""
    given = list(preset)
    taken = words_of(given)
    held: dict[str, list[Scored]] = {ENTITIES: [(span, 1.0) for span in given], EVENTS: []}
    rows = zip(found.starts.tolist(), found.ends.tolist(), found.labels.tolist(), found.scores.tolist(), strict=True)
    for start, end, label, score in rows:
        if taken.isdisjoint(range(start, end)):
            span = Span(doc, start, end, label=tags.NAMES[label])
            held[EVENTS if label >= tags.FIRST_EVENT else ENTITIES].append((span, round(score, 4)))
    _hold(doc, held[ENTITIES], preset=given)
    events, scores = [span for span, _ in held[EVENTS]], [score for _, score in held[EVENTS]]
    doc.spans[EVENTS] = SpanGroup(doc, name=EVENTS, attrs={"scores": scores}, spans=events)
    return doc


def keep_entities(doc: Doc, wanted: list[bool]) -> None:
    """Take away the entities (in the order of `read`) that are not wanted; presets and events stay as they are."""
    given = presets(doc)
    places = set(map(place, given))
    rows = zip(_scored(doc), wanted, strict=True)
    _hold(doc, [row for row, keep in rows if keep or place(row[0]) in places], preset=given)


def _hold(doc: Doc, rows: list[Scored], *, preset: list[Span]) -> None:
    rows = sorted(rows, key=lambda row: row[0].start)
    spans, places = [span for span, _ in rows], set(map(place, preset))
    set_entities(doc, spans)
    attrs = {"scores": [score for _, score in rows], "preset": [place(span) in places for span in spans]}
    doc.spans[ENTITIES] = SpanGroup(doc, name=ENTITIES, attrs=attrs, spans=spans)


def _scored(doc: Doc) -> list[Scored]:
    """Entities with scores; one that another component set is taken as sure."""
    return [(span, 1.0 if score is None else score) for span, score in entities(doc)]


def read(doc: Doc) -> tuple[tags.Mentions, list[Span]]:
    """The mentions on a document in text order, as arrays and as spans; those without a score are taken as sure."""
    events = group(doc, EVENTS)
    held = [*_scored(doc), *zip(events, events.attrs.get("scores") or [1.0] * len(events), strict=True)]
    rows = [(span.start, span.end, tags.NUMBERS[span.label_], score, span) for span, score in held]
    rows.sort(key=lambda row: row[0])
    starts, ends, labels, scores, spans = zip(*rows, strict=True) if rows else ((), (), (), (), ())
    begin, end, label = (np.array(values, np.int64) for values in (starts, ends, labels))
    return tags.Mentions(begin, end, label, np.array(scores, np.float32)), list(spans)
