"""What to annotate next: the documents from which the model learns most for the words that a person has to read.

Two things are multiplied. Doubt: the sum over all marks of 1 - score, which for calibrated scores is the number of
marks expected to be wrong, divided by the number of words, because that is what reading costs. Newness: 1 - the cosine
of the word counts (TF-IDF) with the most similar document that is annotated or stands earlier in the queue, because the
tenth near-copy of a hard text teaches nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy
import numpy.typing

from casetrace.types import Annotation, Document

LEAST_DOUBT = 1e-3
"""Marks in a word; even a text that the model is sure of comes before a copy of one that it is not."""

Floats = numpy.typing.NDArray[numpy.float64]


def order(items: Sequence[tuple[Document, Annotation | None]], *, known: Sequence[Document] = ()) -> list[int]:
    """Positions of the documents, the most useful first; `known` are those that are annotated already.

    A document without a pre-annotation, or with one that has no scores, counts as doubtful as the average.
    """
    if not items:
        return []
    doubts = _doubts(items)
    vectors = _vectors([document.text for document, _ in items] + [document.text for document in known])
    likeness: Floats = numpy.zeros(len(items))
    for at in range(len(items), vectors.shape[0]):
        likeness = numpy.maximum(likeness, _likeness(vectors, at, len(items)))
    left, chosen = set(range(len(items))), []
    while left:
        worth = doubts * (1 - likeness)
        best = max(sorted(left), key=lambda at: worth[at])
        chosen.append(best)
        left.remove(best)
        likeness = numpy.maximum(likeness, _likeness(vectors, best, len(items)))
    return chosen


def doubt(document: Document, annotation: Annotation) -> float | None:
    """Marks expected to be wrong for each word; None where nothing has a score.

    >>> from casetrace.markup import read_markup
    >>> round(doubt(*read_markup("[Ruth|PERSON score=0.9] was [held|DETAIN score=0.5].", doc_id="d")), 3)
    0.2
    """
    found = [span.score for span in annotation.spans] + [relation.score for relation in annotation.relations]
    scores = [score for score in found if score is not None]
    if found and not scores:
        return None
    return max(LEAST_DOUBT, sum(1 - score for score in scores) / max(1, len(document.text.split())))


def _doubts(items: Sequence[tuple[Document, Annotation | None]]) -> Floats:
    found = [None if annotation is None else doubt(document, annotation) for document, annotation in items]
    told = [value for value in found if value is not None]
    average = sum(told) / len(told) if told else 1.0
    return numpy.array([average if value is None else value for value in found])


def _vectors(texts: list[str]) -> Any:
    """One row of word weights for each text, of length 1."""
    from sklearn.feature_extraction.text import TfidfVectorizer

    return TfidfVectorizer(sublinear_tf=True, token_pattern=r"\w+").fit_transform(texts)


def _likeness(vectors: Any, at: int, count: int) -> Floats:
    found: Floats = (vectors[:count] @ vectors[at].T).toarray().ravel()
    return numpy.clip(found, 0.0, 1.0)
