"""Arguments: what belongs to each event, and the roles, memberships and laws of people and charges."""

from __future__ import annotations

from typing import cast

import numpy as np
import numpy.typing as npt
from spacy.language import Language
from spacy.tokens import Doc

from casetrace.components.mentions import keep_entities, read
from casetrace.components.pairnet import Floats, PairScorer, calibrate, sigmoid, span_vectors
from casetrace.components.pairs import GROUPS, LABELS, SIZES, Pairs, allowed, pairs
from casetrace.components.pieces import breaks
from casetrace.components.settings import among, at_least
from casetrace.components.stored import Stored
from casetrace.components.tags import FIRST_EVENT, NAMES, Mentions
from casetrace.docs import put_relations
from casetrace.schema import ENTITIES

Ints = npt.NDArray[np.int64]


@Language.factory(
    "casetrace_arguments",
    requires=["doc.tensor", "doc.ents", "doc.spans"],
    assigns=["doc.spans", "doc.ents"],
    default_config={"reach": 100, "single": ["time"], "only_as_argument": ["ANAPHOR", "GROUP"]},
)
def make_arguments(
    nlp: Language, name: str, reach: int, single: list[str], only_as_argument: list[str]
) -> ArgumentFinder:
    """Pairs at most `reach` words apart are weighed; results go to `doc.spans["relations"]`.

    Of the relations in `single` each head keeps its most probable one; mentions of the labels in `only_as_argument`
    are taken away where nothing ties them to anything, as the guidelines have it. Raises `CasetraceError` for labels
    that there are not.
    """
    at_least(reach, 1, setting=f"{name}: reach")
    among(single, LABELS, setting=f"{name}: single")
    among(only_as_argument, ENTITIES, setting=f"{name}: only_as_argument")
    return ArgumentFinder(name, reach=reach, single=single, only_as_argument=only_as_argument)


class ArgumentFinder(Stored):
    """Relations between mentions, coreference left out, each with a calibrated probability."""

    def __init__(self, name: str, *, reach: int, single: list[str], only_as_argument: list[str]) -> None:
        self.name, self.reach = name, reach
        self.single = np.isin(LABELS, single)
        self.only_as_argument = np.isin(NAMES, only_as_argument)
        self.weights = {}

    def __call__(self, doc: Doc) -> Doc:
        """Find the relations of one document."""
        mentions, spans = read(doc)
        found = pairs(mentions, breaks(doc), reach=self.reach)
        chances = self.chances(doc, mentions, found)
        rows, labels = np.nonzero(chances > self.needed()["thresholds"])
        rows, labels = self._best_only(rows, labels, chances[rows, labels], found.heads)
        heads, children = found.heads[rows], found.children[rows]
        scores = chances[rows, labels] * mentions.scores[heads] * mentions.scores[children]
        sure = calibrate(scores, self.needed()["calibration"][0])
        columns = (heads.tolist(), labels.tolist(), children.tolist(), sure.tolist())
        rated = list(zip(*columns, strict=True))
        links = [(spans[head], LABELS[label], spans[child], round(score, 4)) for head, label, child, score in rated]
        put_relations(doc, links, labels=LABELS)
        tied = np.isin(np.arange(len(mentions)), np.concatenate((heads, children)))
        keep = tied | ~self.only_as_argument[mentions.labels]
        if not keep.all():
            keep_entities(doc, keep[mentions.labels < FIRST_EVENT].tolist())
        return doc

    def chances(self, doc: Doc, mentions: Mentions, found: Pairs) -> Floats:
        """Raw probability of each relation for each pair, 0 where the vocabulary does not allow it."""
        scorer = self.made("scorer", lambda weights: PairScorer(weights, sizes=SIZES, groups=GROUPS))
        if not len(found.heads):
            return np.zeros((0, len(LABELS)), np.float32)
        vectors = span_vectors(cast(Floats, doc.tensor), mentions.starts, mentions.ends)
        logits = scorer(vectors, found.heads, found.children, found.features)
        legal = allowed()[mentions.labels[found.heads], mentions.labels[found.children]]
        return np.asarray(np.where(legal, sigmoid(logits), 0))

    def _best_only(self, rows: Ints, labels: Ints, scores: Floats, heads: Ints) -> tuple[Ints, Ints]:
        """Without all but the most probable of each relation that a head has once."""
        order = np.argsort(-scores, kind="stable")
        keys = np.stack([heads[rows], labels], 1)[order]
        first = np.zeros(len(rows), bool)
        first[order[np.unique(keys, axis=0, return_index=True)[1]]] = True
        keep = first | ~self.single[labels]
        return rows[keep], labels[keep]
