"""Floors under the headline figures."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from casetrace.assemble import assemble
from casetrace.evaluate.cases import Case
from casetrace.evaluate.evaluation import Evaluation, evaluate
from casetrace.evaluate.gate import Floors, failures, read_floors, renew, write_floors
from casetrace.markup import read_markup
from casetrace.types import CasetraceError

GOLD = "[Police|ORG o] [arrested|ARREST agent=o subject=p time=d] [Ruth Okello|PERSON p] on [3 May 2023|DATE d]."
NO_DATE = "[Police|ORG o] [arrested|ARREST agent=o subject=p] [Ruth Okello|PERSON p] on 3 May 2023."


def measured(found: str) -> Evaluation:
    document, gold = read_markup(GOLD, doc_id="d")
    predicted = read_markup(found, doc_id="d")[1]
    case = Case(document, gold, predicted, assemble(document, gold), assemble(document, predicted))
    return evaluate([case], resamples=5)


GOOD, BAD = measured(GOLD), measured(NO_DATE)


def floors(evaluation: Evaluation) -> Floors:
    return renew(None, evaluation, gold="test", fingerprint="f", reason="first")[0]


def test_the_file_is_read_as_it_was_written(tmp_path: Path) -> None:
    file = tmp_path / "floors.toml"
    file.write_text(write_floors(floors(GOOD)))
    assert read_floors(file) == floors(GOOD)
    assert tomllib.loads(file.read_text())["reason"] == "first"


def test_a_fall_fails_and_noise_does_not() -> None:
    assert not list(failures(floors(GOOD), GOOD, fingerprint="f", changelog=""))
    found = list(failures(floors(GOOD), BAD, fingerprint="f", changelog=""))
    assert any(line.startswith("dates: 0.0000 is under its floor of 1.0000") for line in found)
    lenient = floors(GOOD).model_copy(update={"noise": 1.0})
    assert not list(failures(lenient, BAD, fingerprint="f", changelog=""))


def test_other_gold_fails() -> None:
    assert "set them anew" in next(iter(failures(floors(GOOD), GOOD, fingerprint="g", changelog="")))


def test_lowering_needs_the_flag_and_a_line_in_the_changelog() -> None:
    with pytest.raises(CasetraceError, match="would fall"):
        renew(floors(GOOD), BAD, gold="test", fingerprint="f", reason="worse")
    lowered, lines = renew(floors(GOOD), BAD, gold="test", fingerprint="f", reason="worse", lower=True)
    assert "Gate: floor of dates lowered to 0.0000: worse" in lines
    assert list(failures(lowered, BAD, fingerprint="f", changelog=""))
    assert not list(failures(lowered, BAD, fingerprint="f", changelog="\n".join(lines)))


def test_no_floors_says_how_to_set_them(tmp_path: Path) -> None:
    with pytest.raises(CasetraceError, match="--renew"):
        read_floors(tmp_path / "floors.toml")
