"""One number with what it rests on: the sum over documents, and the interval over documents drawn again."""

from __future__ import annotations

from collections.abc import Sequence

import numpy
import numpy.typing

from casetrace.score.counts import Counts, Shares, add_shares
from casetrace.types import Frozen

RESAMPLES = 1000
Draws = numpy.typing.NDArray[numpy.int64]
"""Rows of document numbers: each row is one resample."""
Floats = numpy.typing.NDArray[numpy.float64]


class Figure(Frozen):
    """One number with what it rests on; `low` and `high` are the bootstrap 95 % interval over documents.

    `documents` counts those that have anything to count. `hits`, `missed` and `spurious` are whole numbers where things
    are counted, sums of credit where a measure gives parts (partial borders, coreference).
    """

    value: float
    low: float
    high: float
    precision: float
    recall: float
    hits: float
    missed: float
    spurious: float
    documents: int


def draw(documents: int, *, resamples: int = RESAMPLES, seed: int = 0) -> Draws:
    """The same resamples for every figure of a run, and for every run with the same number of documents."""
    return numpy.random.default_rng(seed).integers(0, documents, size=(resamples, documents))


def figure(counts: Sequence[Counts | Shares], draws: Draws, *, share: bool = False) -> Figure:
    """F1 of the documents' counts (`share`: their precision), with the interval over the drawn resamples.

    Resamples that drew no document with anything to count say nothing and are left out of the interval.
    """
    matrix = numpy.array([part.shares for part in counts], dtype=float)
    summed = add_shares(counts)
    low, high = _interval(_values(matrix[draws].sum(axis=1), share=share))
    return Figure(
        value=summed.precision if share else summed.f1,
        low=low,
        high=high,
        precision=summed.precision,
        recall=summed.recall,
        hits=summed.right_predicted,
        missed=summed.gold - summed.right_gold,
        spurious=summed.predicted - summed.right_predicted,
        documents=_concerned(matrix),
    )


def mean_figure(groups: Sequence[Sequence[Counts | Shares]], draws: Draws) -> Figure:
    """The mean F1 of several measures over the same documents (CoNLL-2012 takes three of coreference)."""
    matrices = [numpy.array([part.shares for part in counts], dtype=float) for counts in groups]
    summed = [add_shares(counts) for counts in groups]
    low, high = _interval(numpy.mean([_values(matrix[draws].sum(axis=1)) for matrix in matrices], axis=0))
    return Figure(
        value=float(numpy.mean([shares.f1 for shares in summed])),
        low=low,
        high=high,
        precision=float(numpy.mean([shares.precision for shares in summed])),
        recall=float(numpy.mean([shares.recall for shares in summed])),
        hits=0,
        missed=0,
        spurious=0,
        documents=max(_concerned(matrix) for matrix in matrices),
    )


def f1(shares: Floats) -> Floats:
    """F1 of each row of (right predicted, predicted, right gold, gold); 0 where nothing is right."""
    precision, recall = _ratio(shares[..., 0], shares[..., 1]), _ratio(shares[..., 2], shares[..., 3])
    return _ratio(2 * precision * recall, precision + recall)


def share_right(shares: Floats) -> Floats:
    """Precision of each row, for levels that are plain shares."""
    return _ratio(shares[..., 0], shares[..., 1])


def _ratio(part: Floats, whole: Floats) -> Floats:
    """Part by whole; 0 where there is nothing."""
    result: Floats = numpy.divide(part, whole, out=numpy.zeros_like(part), where=whole > 0)
    return result


def _values(shares: Floats, *, share: bool = False) -> Floats:
    """F1 or share of each resample; not a number where it drew nothing to count."""
    if share:
        return numpy.where(shares[:, 1] > 0, share_right(shares), numpy.nan)
    return numpy.where(shares[:, 1] + shares[:, 3] > 0, f1(shares), numpy.nan)


def _interval(sampled: Floats) -> tuple[float, float]:
    told = sampled[~numpy.isnan(sampled)]
    low, high = numpy.percentile(told, [2.5, 97.5]) if len(told) else (0.0, 0.0)
    return float(low), float(high)


def _concerned(matrix: Floats) -> int:
    return int((matrix[:, [1, 3]].sum(axis=1) > 0).sum())
