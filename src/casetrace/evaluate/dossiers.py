"""Figures of linking over several documents: B-cubed and pairs against groups of records that people put together."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from casetrace import jsonl
from casetrace.evaluate.cases import Case
from casetrace.evaluate.figures import Figure, draw, figure
from casetrace.score.counts import Counts, Shares
from casetrace.score.dossiers import Group, Key, b_cubed_by_document, pairs_by_document
from casetrace.score.records import pair_records
from casetrace.types import CaseRecord, Frozen

Joiner = Callable[[Sequence[CaseRecord]], Iterable[Sequence[str]]]
"""Case ids of records, grouped into dossiers."""


class Named(Frozen):
    """A subject as one document names it in full."""

    doc_id: str
    name: str


class GoldDossier(Frozen):
    """Subjects of several documents that are one; a subject in no dossier stands alone."""

    subjects: tuple[Named, ...]


def dossier_figures(cases: Sequence[Case], gold: Iterable[GoldDossier], *, join: Joiner) -> dict[str, Figure]:
    """Figures of the dossiers that `join` makes of the predicted records of named subjects.

    A predicted record bears the name of the gold record that it is aligned with, so that a wrong name is no wrong link.
    """
    names, records = _named(cases)
    everyone = {(case.document.id, record.subject.name) for case in cases for record in case.gold_records
                if record.subject.kind != "group"}  # fmt: skip
    meant = _with_singles([frozenset((one.doc_id, one.name) for one in item.subjects) for item in gold], everyone)
    said = [frozenset(names[case_id] for case_id in group) for group in join(records)]
    draws, nothing = draw(len(cases)), Counts()
    whole: dict[str, Shares] = b_cubed_by_document(meant, said)
    pairs: dict[str, Counts] = pairs_by_document(meant, said)
    ids = [case.document.id for case in cases]
    return {
        "dossiers, B-cubed": figure([whole.get(doc_id, nothing) for doc_id in ids], draws),
        "dossiers, pairs": figure([pairs.get(doc_id, nothing) for doc_id in ids], draws),
    }


def read_dossiers(path: Path) -> list[GoldDossier]:
    """Gold dossiers, one a line."""
    return list(jsonl.read(path, GoldDossier))


def _named(cases: Sequence[Case]) -> tuple[dict[str, Key], list[CaseRecord]]:
    """The gold key of each predicted record (its own name where it has no partner), and the records."""
    names: dict[str, Key] = {}
    records = []
    for case in cases:
        for left, right in pair_records(case.gold_records, case.predicted_records):
            if right and right.subject.kind != "group":
                names[right.case_id] = (case.document.id, (left or right).subject.name)
                records.append(right)
    return names, records


def _with_singles(groups: Sequence[Group], everyone: set[Key]) -> list[Group]:
    """Groups cut to who is there, and everyone else alone."""
    present = [group & everyone for group in groups if group & everyone]
    together = {key for group in present for key in group}
    return [*present, *(frozenset({key}) for key in sorted(everyone - together))]
