"""How far annotators agree: F1 between each two, chance-corrected coefficients, whole records, all with intervals.

F1 between two annotators takes neither as gold (exchanging them exchanges missed and spurious). For spans it is the
usual coefficient, because the number of places that nobody marks is not defined; where every item has a value, on
words and on shared triggers, Krippendorff's alpha and Cohen's kappa correct for chance.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from itertools import combinations
from typing import NamedTuple

import numpy

from casetrace.assemble import assemble
from casetrace.coefficients import Answers, Coefficient, Matrix, alpha, kappa
from casetrace.evaluate.cases import Case
from casetrace.evaluate.evaluation import overall_figures
from casetrace.evaluate.figures import Draws, Figure, draw, figure
from casetrace.evaluate.levels import SHARES, Level, levels
from casetrace.schema import ENTITIES, EVENTS, LABELS, MODALITIES, check
from casetrace.score import marks, records
from casetrace.score.counts import Counts
from casetrace.types import Annotation, CaseRecord, CasetraceError, Document, Frozen, Span

NOTHING = ""
"""The label of a word in no span."""
LEFT_OUT = ("values", "dates", "dates, less precise allowed", "grounding", "silence", "arguments, role aside")
"""Levels of `evaluate` that say nothing of two people's work beyond the others."""
OF_RECORDS = ("records", "record slots", "records, identical")
"""Levels that need the text."""
BY_NAME = ("entities", "events", "modality", "arguments", "attributes")
"""Levels that are told label by label."""

Work = Mapping[str, Mapping[str, Annotation]]
"""The annotation of each document, by annotator and document id."""


class PairAgreement(Frozen):
    """Two annotators on the documents that both did."""

    left: str
    right: str
    documents: int
    overall: dict[str, Figure]
    by_name: dict[str, dict[str, Figure]]
    modality_kappa: Coefficient
    word_kappa: Coefficient | None
    confusion: dict[str, dict[str, int]]


class Agreement(Frozen):
    """All annotators: each pair, each against the others (where there are three), alpha over all."""

    annotators: tuple[str, ...]
    documents: int
    pairs: tuple[PairAgreement, ...]
    by_annotator: dict[str, dict[str, Figure]]
    alpha: dict[str, Coefficient]


class _Desk(NamedTuple):
    """Everything that is compared; `texts` is None where nobody gave them, `records` is then empty."""

    work: Work
    texts: Mapping[str, Document] | None
    records: Mapping[tuple[str, str], list[CaseRecord]]
    seed: int

    def case(self, left: str, right: str, doc_id: str) -> Case:
        ours, theirs = self.work[left][doc_id], self.work[right][doc_id]
        nowhere = Document(id=doc_id, text="", sha256=ours.sha256)
        document = nowhere if self.texts is None else self.texts[doc_id]
        filed, also = self.records.get((left, doc_id), []), self.records.get((right, doc_id), [])
        return Case(document, ours, theirs, filed, also)

    def levels(self, case: Case) -> dict[str, Level]:
        found = levels(case) | {"records, identical": {"record": _identical(case)}}
        left_out = LEFT_OUT if self.texts is not None else LEFT_OUT + OF_RECORDS
        return {name: level for name, level in found.items() if name not in left_out}


def agreement(work: Work, *, texts: Mapping[str, Document] | None = None, seed: int = 0) -> Agreement:
    """Compare annotators on the documents that at least two of them did.

    Without `texts` nothing is said of words and records, which need the document. Raises `CasetraceError` when no
    document was done twice.
    """
    names = tuple(sorted(work))
    shared = sorted({doc_id for left, right in combinations(names, 2) for doc_id in work[left].keys() & work[right]})
    if not shared:
        raise CasetraceError(f"no document was annotated by two of {', '.join(names)}; there is nothing to compare")
    _check_texts(work, shared, texts)
    desk = _Desk(work, texts, _records(work, shared, texts), seed)
    found = [_pair(left, right, desk) for left, right in combinations(names, 2)]
    return Agreement(
        annotators=names,
        documents=len(shared),
        pairs=tuple(pair for pair in found if pair is not None),
        by_annotator={name: _with_others(name, desk) for name in names} if len(names) > 2 else {},
        alpha=_alphas(work, shared, texts, seed) if texts is not None else {},
    )


def by_annotator(files: Mapping[str, Sequence[Annotation]]) -> dict[str, dict[str, Annotation]]:
    """Sort annotations by who made them: a file of one hand is named after `made_by`, or after the file itself.

    `files` maps a file's name to its rows. Raises `CasetraceError` when one annotator did a document twice.
    """
    signed = {name: {row.made_by for row in rows} for name, rows in files.items()}
    unclear = {name for name, makers in signed.items() for other in signed if name != other and makers & signed[other]}
    work: dict[str, dict[str, Annotation]] = defaultdict(dict)
    for name, rows in files.items():
        for row in rows:
            annotator = name if name in unclear or row.made_by is None else row.made_by
            if row.doc_id in work[annotator]:
                raise CasetraceError(f"{name}: {annotator} annotated document {row.doc_id} twice")
            work[annotator][row.doc_id] = row
    return dict(work)


def word_labels(document: Document, annotation: Annotation) -> list[str]:
    """For each word or mark of the text the label of the span that covers its start, or nothing.

    >>> from casetrace.markup import read_markup
    >>> word_labels(*read_markup("[Ruth Okello|PERSON] left.", doc_id="d"))
    ['PERSON', 'PERSON', '', '']
    """
    at: dict[int, str] = {}
    for span in annotation.spans:
        at.update((place, span.label) for place in range(span.start, span.end))
    return [at.get(match.start(), NOTHING) for match in re.finditer(r"\w+|[^\w\s]", document.text)]


def _check_texts(work: Work, shared: Sequence[str], texts: Mapping[str, Document] | None) -> None:
    for doc_id in shared:
        rows = {name: rows[doc_id] for name, rows in work.items() if doc_id in rows}
        if len({row.sha256 for row in rows.values()}) > 1:
            raise CasetraceError(f"document {doc_id}: {' and '.join(rows)} did not have the same text")
        if texts is None:
            continue
        if doc_id not in texts:
            raise CasetraceError(f"document {doc_id}: its text is in none of the files given")
        for row in rows.values():
            check(row, texts[doc_id])


def _records(
    work: Work, shared: Sequence[str], texts: Mapping[str, Document] | None
) -> dict[tuple[str, str], list[CaseRecord]]:
    if texts is None:
        return {}
    return {
        (name, doc_id): assemble(texts[doc_id], rows[doc_id])
        for name, rows in work.items()
        for doc_id in shared
        if doc_id in rows
    }


def _pair(left: str, right: str, desk: _Desk) -> PairAgreement | None:
    both = sorted(desk.work[left].keys() & desk.work[right])
    if not both:
        return None
    cases = [desk.case(left, right, doc_id) for doc_id in both]
    counted = [desk.levels(case) for case in cases]
    draws = draw(len(cases), seed=desk.seed)
    confusion = sum((marks.modality(case.gold, case.predicted) for case in cases), Counter[tuple[str, str]]())
    return PairAgreement(
        left=left,
        right=right,
        documents=len(both),
        overall=overall_figures(counted, draws),
        by_name={name: _by_name([level[name] for level in counted], draws, name in SHARES) for name in BY_NAME},
        modality_kappa=kappa([_modalities(case) for case in cases], seed=desk.seed),
        word_kappa=None if desk.texts is None else kappa([_word_pairs(case) for case in cases], seed=desk.seed),
        confusion={one: {other: confusion[one, other] for other in MODALITIES} for one in MODALITIES},
    )


def _by_name(counted: Sequence[Level], draws: Draws, share: bool) -> dict[str, Figure]:
    names = sorted({name for level in counted for name in level})
    return {name: figure([level.get(name, Counts()) for level in counted], draws, share=share) for name in names}


def _with_others(name: str, desk: _Desk) -> dict[str, Figure]:
    """F1 of one annotator with all the others together."""
    cases = [
        desk.case(name, other, doc_id)
        for other, rows in sorted(desk.work.items())
        for doc_id in sorted(desk.work[name].keys() & rows)
        if other != name
    ]
    counted = [desk.levels(case) for case in cases]
    return overall_figures(counted, draw(len(cases), seed=desk.seed)) if cases else {}


def _identical(case: Case) -> Counts:
    """Records that both filed with the very same fields."""
    left, right = list(case.gold_records), list(case.predicted_records)
    same = 0
    for record in left:
        twin = next((other for other in right if _same_fields(record, other)), None)
        if twin is not None:
            right.remove(twin)
            same += 1
    return Counts(same, len(left) - same, len(right))


def _same_fields(left: CaseRecord, right: CaseRecord) -> bool:
    return not any(counts.missed or counts.spurious for counts in records.slots([left], [right]).values())


def _modalities(case: Case) -> Answers:
    """What the two say of the triggers that both marked alike."""
    right = {(span.start, span.end, span.label): span.modality for span in case.predicted.spans}
    both = [
        (str(span.modality), str(right[span.start, span.end, span.label]))
        for span in case.gold.spans
        if span.label in EVENTS and (span.start, span.end, span.label) in right
    ]
    return [said for said, _ in both], [said for _, said in both]


def _word_pairs(case: Case) -> Answers:
    return word_labels(case.document, case.gold), word_labels(case.document, case.predicted)


def _alphas(work: Work, shared: Sequence[str], texts: Mapping[str, Document], seed: int) -> dict[str, Coefficient]:
    kinds: dict[str, Callable[[Span], bool]] = {
        "labels of words": lambda span: span.label in LABELS,
        "entities of words": lambda span: span.label in ENTITIES,
        "events of words": lambda span: span.label in EVENTS,
    }
    return {
        name: alpha([_value_counts(work, texts[doc_id], keep) for doc_id in shared], seed=seed)
        for name, keep in kinds.items()
    }


def _value_counts(work: Work, document: Document, keep: Callable[[Span], bool]) -> Matrix:
    """How many annotators gave each word of a document each label: words x labels."""
    names = [NOTHING, *LABELS]
    rows = [rows[document.id] for rows in work.values() if document.id in rows]
    chosen = [row.model_copy(update={"spans": tuple(span for span in row.spans if keep(span))}) for row in rows]
    codes = numpy.array([[names.index(label) for label in word_labels(document, row)] for row in chosen])
    return numpy.stack([(codes == code).sum(axis=0) for code in range(len(names))], axis=1)
