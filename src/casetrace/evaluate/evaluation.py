"""All figures of a set of documents in one object that can be written as JSON."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from casetrace.evaluate.cases import Case
from casetrace.evaluate.confidence import Confidence, confidence
from casetrace.evaluate.figures import RESAMPLES, Draws, Figure, draw, figure, mean_figure
from casetrace.evaluate.levels import SHARES, Level, levels
from casetrace.evaluate.slices import Slice, slices
from casetrace.score import marks
from casetrace.score.coref import CONLL
from casetrace.score.counts import Counts, Shares, add_shares
from casetrace.types import CasetraceError, Frozen

LEAD = "coreference, CoNLL"
Names = frozenset[str]


class Evaluation(Frozen):
    """All figures: overall by level, by name within each level, modality confusion, slices, confidence."""

    documents: int
    made_by: str
    overall: dict[str, Figure]
    by_name: dict[str, dict[str, Figure]]
    confusion: dict[str, dict[str, int]]
    labels: dict[str, dict[str, int]]
    slices: tuple[Slice, ...] = ()
    confidence: tuple[Confidence, ...] = ()


def evaluate(
    cases: Sequence[Case],
    *,
    resamples: int = RESAMPLES,
    seed: int = 0,
    known: Names | None = None,
    frequency: Mapping[str, int] | None = None,
) -> Evaluation:
    """Score every level on every document, add up, and put a document-bootstrap interval on each figure.

    `known` are the names of the training data and `frequency` its number of spans by label, for the slices by them.
    """
    if not cases:
        raise CasetraceError("nothing to evaluate: no document in this split or folder")
    counted = [levels(case) for case in cases]
    draws = draw(len(cases), resamples=resamples, seed=seed)
    return Evaluation(
        documents=len(cases),
        made_by=", ".join(sorted({case.predicted.made_by or "unknown" for case in cases})),
        overall=overall_figures(counted, draws),
        by_name={name: _by_name([level[name] for level in counted], draws, name in SHARES) for name in counted[0]},
        confusion=_matrix(sum((marks.modality(case.gold, case.predicted) for case in cases), Counter())),
        labels=_matrix(sum((marks.confusion(case.gold, case.predicted) for case in cases), Counter())),
        slices=tuple(slices(cases, counted, known=known, frequency=frequency)),
        confidence=tuple(confidence(cases)),
    )


def overall_figures(counted: Sequence[Mapping[str, Level]], draws: Draws) -> dict[str, Figure]:
    """One figure for each level, all names together; the CoNLL mean before the measures it is made of."""
    sums = {name: [add_shares(level[name].values()) for level in counted] for name in counted[0]}
    found: dict[str, Figure] = {}
    for name, counts in sums.items():
        if name.startswith("coreference") and LEAD not in found:
            found[LEAD] = mean_figure([sums[f"coreference, {part}"] for part in CONLL], draws)
        found[name] = figure(counts, draws, share=name in SHARES)
    return found


def _by_name(counted: Sequence[Level], draws: Draws, share: bool) -> dict[str, Figure]:
    names = sorted({name for level in counted for name in level})
    nothing: Counts | Shares = Counts()
    return {name: figure([level.get(name, nothing) for level in counted], draws, share=share) for name in names}


def _matrix(confusion: Mapping[tuple[str, str], int]) -> dict[str, dict[str, int]]:
    names = sorted({name for pair in confusion for name in pair})
    return {meant: {said: confusion.get((meant, said), 0) for said in names} for meant in names}
