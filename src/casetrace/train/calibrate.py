"""Each kind of score brought on dev to where 0.8 means right in four of five; and how far off it is."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.optimize import isotonic_regression
from spacy.language import Language

from casetrace.docs import to_annotation
from casetrace.train.pipeline import KNOTS
from casetrace.train.scorer import entities
from casetrace.types import Annotation, Document

Floats = npt.NDArray[np.float64]
Judged = dict[str, list[tuple[float, bool]]]
FEWEST = 100
"""What is found less often on dev keeps its raw scores."""
KINDS = ("entities", "events", "modality", "relations", "coref")


def calibrate(nlp: Language, pairs: Iterable[tuple[Document, Annotation]]) -> dict[str, dict[str, float]]:
    """Fit the knots of every kind of score; returns the expected calibration error before and after.

    Scores of relations and links are fitted last, as they contain those of the mentions at their ends.
    """
    pairs = list(pairs)
    before = judge(nlp, pairs)
    _fit(nlp, before, KINDS[:3])
    _fit(nlp, judge(nlp, pairs), KINDS[3:])
    after = judge(nlp, pairs)
    return {kind: {"before": error(*_columns(before[kind])), "after": error(*_columns(after[kind]))} for kind in KINDS}


def _fit(nlp: Language, judged: Judged, kinds: Iterable[str]) -> None:
    for kind in kinds:
        if len(judged[kind]) > FEWEST:
            _place(nlp, kind)[:] = isotonic(*_columns(judged[kind]))


def judge(nlp: Language, pairs: Iterable[tuple[Document, Annotation]]) -> Judged:
    """(score, right) of everything found, by kind."""
    judged: Judged = {kind: [] for kind in KINDS}
    for document, gold in pairs:
        doc = nlp(document.text)
        _judge_spans(judged, doc, gold)
        _judge_relations(judged, to_annotation(doc, document=document), gold)
    return judged


def isotonic(scores: Floats, right: Floats) -> Floats:
    """Knots of the rising line through the share that is right in each of ten bins of equal size, 2 x `KNOTS`.

    A thirtieth of the raw score is left in, so that no two scores of different height become one.
    """
    parts = np.array_split(np.argsort(scores, kind="stable"), KNOTS - 2)
    raw = np.array([scores[part].mean() for part in parts])
    shares = [right[part].mean() for part in parts]
    risen = isotonic_regression(shares, weights=[len(part) for part in parts]).x
    low, high = np.concatenate(([0], raw, [1])), np.concatenate(([0], risen, [(1 + risen[-1]) / 2]))
    return np.stack((low, (high * 29 + low) / 30))


def error(scores: Floats, right: Floats, *, bins: int = 10) -> float:
    """Expected calibration error over bins of equal size."""
    if not len(scores):
        return 0.0
    order = np.argsort(scores, kind="stable")
    parts = np.array_split(order, min(bins, len(order)))
    gaps = [abs(scores[part].mean() - right[part].mean()) * len(part) for part in parts]
    return round(float(sum(gaps)) / len(scores), 4)


def _judge_spans(judged: Judged, doc: Any, gold: Annotation) -> None:
    wanted = {(span.start, span.end, span.label): span.modality for span in gold.spans}
    for name, kind in (("entities", "entities"), ("events", "events")):
        held = doc.spans[name]
        for span, score in zip(held, held.attrs["scores"], strict=True):
            judged[kind].append((score, (span.start_char, span.end_char, span.label_) in wanted))
    held = doc.spans["events"]
    for span, name, score in zip(
        held, held.attrs.get("modality", []), held.attrs.get("modality_scores", []), strict=True
    ):
        place = (span.start_char, span.end_char, span.label_)
        if place in wanted:
            judged["modality"].append((score, wanted[place] == name))


def _judge_relations(judged: Judged, found: Annotation, gold: Annotation) -> None:
    places = {span.id: (span.start, span.end, span.label) for span in found.spans}
    wanted = {span.id: (span.start, span.end, span.label) for span in gold.spans}
    right = {(wanted[item.head], item.label, wanted[item.child]) for item in gold.relations}
    same = entities(gold)
    for item in found.relations:
        head, child = places[item.head], places[item.child]
        if item.label == "coref":
            together = head[:2] in same and same[head[:2]] == same.get(child[:2])
            judged["coref"].append((item.score or 0.0, together))
        else:
            judged["relations"].append((item.score or 0.0, (head, item.label, child) in right))


def _place(nlp: Language, kind: str) -> Any:
    """The part of a component's weights that holds the knots of a kind of score, 2 x `KNOTS`."""
    owner, row = {"entities": ("mentions", 0), "events": ("mentions", 1), "modality": ("modality", 0),
                  "relations": ("arguments", 0), "coref": ("coref", 0)}[kind]  # fmt: skip
    component: Any = nlp.get_pipe(f"casetrace_{owner}")
    return component.weights["calibration"][row]


def _columns(rows: list[tuple[float, bool]]) -> tuple[Floats, Floats]:
    table = np.array(rows, np.float64).reshape(-1, 2)
    return table[:, 0], table[:, 1]
