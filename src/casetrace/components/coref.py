"""Coreference: which earlier mention each reduced name, description or pronoun stands for, over the whole document."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import cast

import numpy as np
from spacy.language import Language
from spacy.tokens import Doc, Span

from casetrace.components.antecedents import GROUPS, SIZES, Surface, antecedents, is_candidate, key_of
from casetrace.components.mentions import read
from casetrace.components.pairnet import Floats, PairScorer, calibrate, span_vectors
from casetrace.components.pairs import Pairs
from casetrace.components.pieces import breaks
from casetrace.components.stored import Stored
from casetrace.components.tags import Mentions
from casetrace.docs import put_relations


@Language.factory("casetrace_coref", requires=["doc.tensor", "doc.ents", "doc.spans"], assigns=["doc.spans"])
def make_coref(nlp: Language, name: str) -> CoreferenceFinder:
    """Puts `coref` relations, later mention to earlier mention, into `doc.spans["relations"]`."""
    return CoreferenceFinder(name)


class CoreferenceFinder(Stored):
    """One link from each mention that has an antecedent, with a calibrated probability."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.weights = {}

    def __call__(self, doc: Doc) -> Doc:
        """Find the links of one document."""
        weights = self.needed()
        mentions, spans = read(doc)
        surface = surface_of(doc, spans)
        found = antecedents(mentions, surface, breaks(doc))
        if not len(found.heads):
            put_relations(doc, (), labels=("coref",))
            return doc
        scorer = self.made("scorer", lambda weights: PairScorer(weights, sizes=SIZES, groups=GROUPS))
        vectors = span_vectors(cast(Floats, doc.tensor), mentions.starts, mentions.ends)
        logits = scorer(vectors, found.heads, found.children, found.features)[:, 0]
        links = list(resolve(logits, found, mentions, surface, threshold=float(weights["thresholds"][0])))
        chances = np.array([score for _, _, score in links], np.float32)
        ends = np.array([(later, earlier) for later, earlier, _ in links], np.int64).reshape(-1, 2)
        sure = calibrate(chances * mentions.scores[ends].prod(1), weights["calibration"][0]).tolist()
        rows = zip(links, sure, strict=True)
        named = [(spans[later], "coref", spans[earlier], round(score, 4)) for (later, earlier, _), score in rows]
        put_relations(doc, named, labels=("coref",))
        return doc


def surface_of(doc: Doc, spans: list[Span]) -> Surface:
    """The words of mentions, and the word before each."""
    return Surface([span.text for span in spans], [doc[span.start - 1].text if span.start else "" for span in spans])


def resolve(
    logits: Floats, found: Pairs, mentions: Mentions, surface: Surface, *, threshold: float
) -> Iterator[tuple[int, int, float]]:
    """Yield (later, earlier, raw probability): the nearest mention of the most probable earlier entity.

    The probabilities of all candidates that are known to be one entity are added up.
    """
    parents = _named(mentions, surface)
    edges = np.flatnonzero(np.diff(found.heads, prepend=-1, append=-1)).tolist()
    for low, high in pairwise(edges):
        later = int(found.heads[low])
        shares = shares_of(logits[low:high])
        candidates = found.children[low:high].tolist()
        totals: dict[int, float] = {}
        for candidate, share in zip(candidates, shares.tolist(), strict=True):
            root = _root(parents, candidate)
            totals[root] = totals.get(root, 0.0) + share
        best = max(totals, key=lambda number: totals[number])
        if totals[best] > threshold:
            earlier = max(candidate for candidate in candidates if _root(parents, candidate) == best)
            parents[_root(parents, later)] = best
            yield later, earlier, min(totals[best], 1.0)


def shares_of(logits: Floats) -> Floats:
    """Probability of each candidate beside that of having no antecedent, whose logit is 0."""
    top = max(float(logits.max()), 0.0)
    powers = np.exp(logits - top)
    return np.asarray(powers / (powers.sum() + np.exp(-top)))


def _named(mentions: Mentions, surface: Surface) -> list[int]:
    """For each mention the first of the same name, else itself: the roots of a union-find forest."""
    first: dict[tuple[int, str], int] = {}
    parents = list(range(len(mentions)))
    for row, label in enumerate(mentions.labels.tolist()):
        if is_candidate(label):
            parents[row] = first.setdefault(key_of(mentions, surface, row), row)
    return parents


def _root(parents: list[int], row: int) -> int:
    while parents[row] != row:
        parents[row] = parents[parents[row]]
        row = parents[row]
    return row
