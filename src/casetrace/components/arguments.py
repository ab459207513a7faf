"""Arguments: what belongs to each event, and the roles, memberships and laws of people and charges."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
from spacy.language import Language
from spacy.tokens import Doc

from casetrace.components.mentions import read
from casetrace.components.pairnet import Floats, calibrate, pair_logits, sigmoid, span_vectors
from casetrace.components.pairs import LABELS, Pairs, allowed, pairs
from casetrace.components.pieces import break_class
from casetrace.components.stored import Stored
from casetrace.components.tags import Mentions
from casetrace.docs import add_relations

Ints = npt.NDArray[np.int64]


@Language.factory(
    "casetrace_arguments",
    requires=["doc.tensor", "doc.ents", "doc.spans"],
    assigns=["doc.spans"],
    default_config={"reach": 100},
)
def make_arguments(nlp: Language, name: str, reach: int) -> ArgumentFinder:
    """Pairs at most `reach` words apart are weighed; results go to `doc.spans["relations"]`."""
    return ArgumentFinder(name, reach=reach)


class ArgumentFinder(Stored):
    """Relations between mentions, coreference left out, each with a calibrated probability."""

    def __init__(self, name: str, *, reach: int) -> None:
        self.name, self.reach = name, reach
        self.weights = {}

    def __call__(self, doc: Doc) -> Doc:
        """Find the relations of one document."""
        weights = self.needed()
        mentions, spans = read(doc)
        found = pairs(mentions, breaks_of(doc), reach=self.reach)
        if not len(found.heads):
            return doc
        vectors = span_vectors(doc.tensor, mentions.starts, mentions.ends)
        logits = pair_logits(weights, vectors, found.heads, found.children, found.features)
        rows = decide(logits, found, mentions, weights["thresholds"])
        slope, shift = weights["calibration"][0].tolist()
        add_relations(
            doc,
            (
                (spans[head], LABELS[label], spans[child], round(float(calibrate(score, slope, shift)), 4))
                for head, label, child, score in rows
            ),
        )
        return doc


def breaks_of(doc: Doc) -> Ints:
    """The break class of every word."""
    return np.fromiter((break_class(token.text) for token in doc), np.int64, len(doc))


def decide(
    logits: Floats, found: Pairs, mentions: Mentions, thresholds: Floats
) -> Iterator[tuple[int, int, int, Floats]]:
    """Yield (head, relation, child, raw probability) of all allowed pairs above the threshold of their relation."""
    legal = allowed()[mentions.labels[found.heads], mentions.labels[found.children]]
    probabilities = np.where(legal, sigmoid(logits), 0)
    for row, label in np.argwhere(probabilities > thresholds).tolist():
        yield int(found.heads[row]), label, int(found.children[row]), probabilities[row, label]
