"""Arguments: what belongs to each event, and the roles, memberships and laws of people and charges."""

from __future__ import annotations

from typing import cast

import numpy as np
import numpy.typing as npt
from spacy.language import Language
from spacy.tokens import Doc

from casetrace.components.mentions import read
from casetrace.components.pairnet import Floats, PairScorer, calibrate, sigmoid, span_vectors
from casetrace.components.pairs import GROUPS, LABELS, SIZES, Pairs, allowed, pairs
from casetrace.components.pieces import breaks
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
        found = pairs(mentions, breaks(doc), reach=self.reach)
        if not len(found.heads):
            return doc
        scorer = self.made("scorer", lambda weights: PairScorer(weights, sizes=SIZES, groups=GROUPS))
        vectors = span_vectors(cast(Floats, doc.tensor), mentions.starts, mentions.ends)
        logits = scorer(vectors, found.heads, found.children, found.features)
        rows, labels, chances = decide(logits, found, mentions, weights["thresholds"])
        heads, children = found.heads[rows], found.children[rows]
        chances = chances * mentions.scores[heads] * mentions.scores[children]
        sure = calibrate(chances, *weights["calibration"][0].tolist())
        columns = (heads.tolist(), labels.tolist(), children.tolist(), sure.tolist())
        add_relations(
            doc,
            (
                (spans[head], LABELS[label], spans[child], round(score, 4))
                for head, label, child, score in zip(*columns, strict=True)
            ),
        )
        return doc


def decide(logits: Floats, found: Pairs, mentions: Mentions, thresholds: Floats) -> tuple[Ints, Ints, Floats]:
    """Pair rows, relations and raw probabilities of all that the vocabulary allows above their thresholds."""
    legal = allowed()[mentions.labels[found.heads], mentions.labels[found.children]]
    chances = np.where(legal, sigmoid(logits), 0)
    rows, labels = np.nonzero(chances > thresholds)
    return rows, labels, chances[rows, labels]
