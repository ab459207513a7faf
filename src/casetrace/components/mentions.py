"""Mentions: entities to `doc.ents`, event triggers to `doc.spans["events"]`, from the word vectors."""

from __future__ import annotations

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
from casetrace.docs import ENTITIES, EVENTS, group

Floats = npt.NDArray[np.float32]


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
    """Entity mentions and event triggers, flat, each with a calibrated probability."""

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
        return write(doc, agree(doc, trimmed(doc, found)))


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


def write(doc: Doc, found: tags.Mentions) -> Doc:
    """Put mentions on a document."""
    held: dict[str, tuple[list[Span], list[float]]] = {ENTITIES: ([], []), EVENTS: ([], [])}
    rows = zip(found.starts.tolist(), found.ends.tolist(), found.labels.tolist(), found.scores.tolist(), strict=True)
    for start, end, label, score in rows:
        spans, scores = held[EVENTS if label >= tags.FIRST_EVENT else ENTITIES]
        spans.append(Span(doc, start, end, label=tags.NAMES[label]))
        scores.append(round(score, 4))
    doc.set_ents(held[ENTITIES][0])
    for name, (spans, scores) in held.items():
        doc.spans[name] = SpanGroup(doc, name=name, attrs={"scores": scores}, spans=spans)
    return doc


def keep_entities(doc: Doc, wanted: list[bool]) -> None:
    """Take away the entities (in the order of `doc.ents`) that are not wanted; events stay as they are."""
    held = group(doc, ENTITIES)
    kept = [span for span, keep in zip(held, wanted, strict=True) if keep]
    scores = [score for score, keep in zip(held.attrs["scores"], wanted, strict=True) if keep]
    doc.set_ents(kept)
    doc.spans[ENTITIES] = SpanGroup(doc, name=ENTITIES, attrs={"scores": scores}, spans=kept)


def read(doc: Doc) -> tuple[tags.Mentions, list[Span]]:
    """The mentions on a document in text order, as arrays and as spans."""
    rows = [
        (span.start, span.end, tags.NUMBERS[span.label_], score, span)
        for name in (ENTITIES, EVENTS)
        for span, score in zip(group(doc, name), group(doc, name).attrs.get("scores", []), strict=True)
    ]
    rows.sort(key=lambda row: row[0])
    starts, ends, labels, scores, spans = zip(*rows, strict=True) if rows else ((), (), (), (), ())
    begin, end, label = (np.array(values, np.int64) for values in (starts, ends, labels))
    return tags.Mentions(begin, end, label, np.array(scores, np.float32)), list(spans)
