"""Chance-corrected coefficients, from scikit-learn and krippendorff, with bootstrap intervals over documents."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import krippendorff
import numpy
import numpy.typing
from sklearn.metrics import cohen_kappa_score

from casetrace.types import Frozen

RESAMPLES = 1000

Answers = tuple[list[str], list[str]]
"""What two annotators said of the items of one document, item by item."""
Matrix = numpy.typing.NDArray[numpy.int64]
Table = numpy.typing.NDArray[numpy.float64]


class Coefficient(Frozen):
    """A chance-corrected coefficient (1 perfect, 0 chance) with its bootstrap 95 % interval over documents.

    `value` is null where it is not defined: nothing to compare, or one value only.
    """

    value: float | None
    low: float | None = None
    high: float | None = None
    items: int


def kappa(answers: Sequence[Answers], *, seed: int) -> Coefficient:
    """Cohen's kappa of two annotators; `answers` holds what each said of the items of one document."""
    names = sorted({said for left, right in answers for said in (*left, *right)})
    if len(names) < 2:
        return Coefficient(value=None, items=sum(len(left) for left, _ in answers))
    codes = {name: code for code, name in enumerate(names)}
    # Tables by document: a resample is then a weighted sum, however many words there are.
    tables = numpy.zeros((len(answers), len(names), len(names)), dtype=numpy.int64)
    for at, (left, right) in enumerate(answers):
        for one, other in zip(left, right, strict=True):
            tables[at, codes[one], codes[other]] += 1
    table = tables.sum(axis=0)
    ones, others = numpy.nonzero(table)
    value = float(cohen_kappa_score(ones, others, sample_weight=table[ones, others]))
    return _interval(lambda chosen: table_kappa(tables[chosen].sum(axis=0)), len(answers), seed,
                     value=value, items=int(tables.sum()))  # fmt: skip


def table_kappa(table: Matrix) -> float | None:
    """Cohen's kappa of a table of answers, those of one annotator in rows, those of the other in columns."""
    total = table.sum()
    expected = (table.sum(axis=0) * table.sum(axis=1)).sum()
    return float((total * numpy.trace(table) - expected) / (total**2 - expected)) if total**2 != expected else None


def alpha(counts: Sequence[Matrix], *, seed: int) -> Coefficient:
    """Krippendorff's nominal alpha; `counts` says for each document how often each item got each value."""
    values = numpy.concatenate(counts)
    items = int((values.sum(axis=1) > 1).sum())
    used = values[:, values.any(axis=0)]
    if used.shape[1] < 2 or not items:
        return Coefficient(value=None, items=items)
    value = float(krippendorff.alpha(value_counts=used, level_of_measurement="nominal"))
    tables = numpy.array([coincidences(rows) for rows in counts])
    return _interval(lambda chosen: table_alpha(tables[chosen].sum(axis=0)), len(counts), seed, value=value,
                     items=items)  # fmt: skip


def coincidences(counts: Matrix) -> Table:
    """Pairs of values given to one item, each item with the weight of its answers.

    These add up over documents, so that a thousand resamples cost no more than a few passes over the words.
    """
    answers = counts.sum(axis=1)
    paired = counts[answers > 1]
    weighted = paired / (answers[answers > 1] - 1)[:, None]
    pairs: Table = weighted.T @ paired - numpy.diag(weighted.sum(axis=0))
    return pairs


def table_alpha(table: Table) -> float | None:
    """Nominal alpha of a table of coincidences."""
    by_value = table.sum(axis=0)
    total = by_value.sum()
    expected = total**2 - (by_value**2).sum()
    return float(1 - (total - 1) * (total - numpy.trace(table)) / expected) if expected else None


def _interval(
    coefficient: Callable[[Sequence[int]], float | None], documents: int, seed: int, *, value: float | None, items: int
) -> Coefficient:
    draws = numpy.random.default_rng(seed).integers(0, documents, size=(RESAMPLES, documents))
    drawn = [found for draw in draws if (found := coefficient(draw)) is not None]
    low, high = numpy.percentile(drawn, [2.5, 97.5]) if drawn else (None, None)
    return Coefficient(value=value, low=low, high=high, items=items)
