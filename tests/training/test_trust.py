"""Scores of record fields as the pipeline's calibration has them."""

from __future__ import annotations

from casetrace.assemble import assemble
from casetrace.assemble.trust import calibrated
from casetrace.markup import read_markup
from casetrace.types import CaseRecord

MARKED = (
    "[Police|ORG o score=0.9] [arrested|ARREST score=0.9 subject=p@0.9 agent=o@0.9 time=d@0.9 place=g@0.9] "
    "[Ruth Okello|PERSON p score=0.9 has_role=r@0.9], a [nurse|ROLE r score=0.9], in [Lamu|GPE g score=0.9] on "
    "[3 May 2023|DATE d score=0.9]."
)


def record() -> CaseRecord:
    (found,) = assemble(*read_markup(MARKED, doc_id="d"))
    return found


def test_scores_move_by_field_and_low_ones_are_marked() -> None:
    raw = record()
    trust = {"date": (1.0, -3.0), "event": (0.5, 0.0), "role": (1.0, 0.0)}
    new = calibrated(raw, trust, check_below=0.5)
    before, after = raw.events[0], new.events[0]
    assert before.date is not None and after.date is not None  # noqa: PT018
    assert (before.date.check, after.date.check) == (False, True)
    assert before.score is not None and after.score is not None  # noqa: PT018
    assert 0.5 < after.score < before.score
    assert after.agents == before.agents
    assert new.subject == raw.subject


def test_without_calibration_nothing_moves() -> None:
    assert calibrated(record(), {}, check_below=0.5) == record()


def test_values_without_a_score_stay() -> None:
    document, annotation = read_markup("[Police|ORG o] [held|DETAIN subject=p agent=o] [Ruth|PERSON p].", doc_id="d")
    (plain,) = assemble(document, annotation)
    assert calibrated(plain, {"agent": (1.0, -3.0), "event": (1.0, -3.0)}, check_below=0.5) == plain
