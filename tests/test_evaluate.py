"""Figures over several documents: intervals, slices, confidence, the list of errors."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
import spacy

from casetrace.assemble import assemble
from casetrace.evaluate.cases import Case, predict, seen_in_training
from casetrace.evaluate.confidence import Scored, automation, measure
from casetrace.evaluate.errors import faults
from casetrace.evaluate.evaluation import evaluate
from casetrace.evaluate.figures import draw, figure
from casetrace.evaluate.levels import levels
from casetrace.gold import Gold, fingerprint, read_gold
from casetrace.markup import read_markup
from casetrace.score.counts import Counts, Shares
from casetrace.types import CasetraceError

GOLD = "[Police|ORG o] [arrested|ARREST agent=o subject=p time=d] [Ruth Okello|PERSON p] on [3 May 2023|DATE d]."
SILENT = "The [union|ORG u] met on [3 May 2023|DATE d]."
FOUND = "[Police|COURT o] [arrested|ARREST:POSSIBLE subject=p] [Ruth|PERSON p] Okello on [3 May 2023|DATE d]."


def case(gold: str, found: str, doc_id: str = "d") -> Case:
    document, left = read_markup(gold, doc_id=doc_id)
    right = read_markup(found, doc_id=doc_id)[1]
    return Case(document, left, right, assemble(document, left), assemble(document, right), {"genre": doc_id[0]})


def test_levels_of_one_document() -> None:
    found = levels(case(GOLD, FOUND))
    assert found["entities"] == {"ORG": Counts(0, 1, 0), "COURT": Counts(0, 0, 1), "PERSON": Counts(0, 1, 1),
                                 "DATE": Counts(1, 0, 0)}  # fmt: skip
    # half credit: ORG has the border (1), PERSON overlaps (1/2), DATE has the border (1)
    assert found["entities, partial"] == {"ORG": Shares(1, 1, 1, 1), "PERSON": Shares(0.5, 1, 0.5, 1),
                                          "DATE": Shares(1, 1, 1, 1)}  # fmt: skip
    assert found["modality"] == {"ASSERTED": Counts(0, 0, 1)}
    assert found["arguments"] == {"agent": Counts(0, 1, 0), "time": Counts(0, 1, 0), "subject": Counts(0, 1, 1)}
    assert found["values"] == {"date": Counts(0, 1, 0)}
    assert found["records"] == {"record": Counts(1, 0, 0)}
    assert found["silence"] == {}
    assert found["grounding"] == {"event": Counts(1, 0, 0), "name": Counts(1, 0, 0)}


def test_silence_is_a_share_of_documents_without_a_case() -> None:
    cases = [case(SILENT, SILENT, "a"), case(GOLD.replace("ARREST", "ARREST"), GOLD, "b")]
    assert evaluate(cases, resamples=50).overall["silence"].documents == 1
    assert levels(case(SILENT, SILENT))["silence"] == {"no case": Counts(1, 0, 0)}


def test_a_figure_adds_up_before_it_divides() -> None:
    counts = [Counts(1, 0, 0), Counts(0, 2, 1), Counts()]
    whole = figure(counts, draw(3, resamples=200))
    assert (whole.value, whole.precision, whole.recall) == (2 * 1 / (2 * 1 + 2 + 1), 1 / 2, 1 / 3)
    assert (whole.hits, whole.missed, whole.spurious, whole.documents) == (1, 2, 1, 2)
    assert (whole.low, whole.high) == (0, 1)


def test_the_interval_covers_the_true_share() -> None:
    """Of 60 samples of 80 documents whose true share is 0.7, nearly all 95 % intervals hold 0.7."""
    dice = random.Random(3)
    covered = 0
    for _ in range(60):
        counts = [Counts(hits=1) if dice.random() < 0.7 else Counts(spurious=1) for _ in range(80)]
        interval = figure(counts, draw(80, resamples=300), share=True)
        covered += interval.low <= 0.7 <= interval.high
    assert covered >= 54


def test_slices_keep_the_documents_apart() -> None:
    cases = [case(GOLD, GOLD, "a"), case(GOLD, FOUND, "b")]
    found = evaluate(cases, resamples=20, known=frozenset({"Police"}), frequency={"ORG": 300, "PERSON": 60})
    by = {(one.by, one.part): one for one in found.slices}
    assert by["genre", "a"].figures["entities"].value == 1
    assert by["genre", "b"].figures["entities"].hits == 1
    assert by["name", "names seen in training"].figures["entities"].hits == 1  # Police in a
    assert by["name", "names not seen"].figures["entities"].hits == 1  # Ruth Okello in a
    assert by["training spans of the label", "over 200"].figures["entities"].hits == 1


def test_confidence_tells_what_needs_no_look() -> None:
    found = [Scored(0.9, True)] * 6 + [Scored(0.8, True), Scored(0.8, False)] + [Scored(0.3, False)] * 2
    told = measure("entities", found)
    assert [point.share for point in automation(found)] == [0.6, 0.8, 1.0]
    point = told.automated["0.95"]
    assert point is not None
    assert (point.score, point.share, point.precision) == (0.9, 0.6, 1.0)
    # 6 of 10 are 0.1 under, 2 are 0.3 over, 2 are 0.3 over
    assert told.error == pytest.approx(0.6 * 0.1 + 0.2 * 0.3 + 0.2 * 0.3)


def test_every_error_is_listed_once_on_each_side() -> None:
    found = list(faults([case(GOLD, FOUND)]))
    told = {(one.level, one.kind, one.gold_name, one.predicted_name) for one in found if one.level != "record slots"}
    assert told == {
        ("entities", "wrong label", "ORG", "COURT"),
        ("entities", "wrong border", "PERSON", "PERSON"),
        ("modality", "wrong modality", "ASSERTED", "POSSIBLE"),
        ("arguments", "wrong argument", "subject", "subject"),
        ("arguments", "missed", "agent", None),
        ("arguments", "missed", "time", None),
    }
    assert not list(faults([case(GOLD, GOLD)]))


@pytest.mark.parametrize("level", ["entities", "events", "arguments", "record slots"])
def test_errors_add_up_to_the_counts(level: str) -> None:
    more = " He was [freed|{}] by a [judge|{}] in [Kisumu|GPE]."
    one = case(GOLD + more.format("RELEASE", "ANAPHOR"), FOUND + more.format("ROLE", "TRIAL"))
    counts = levels(one)[level]
    listed = [fault for fault in faults([one]) if fault.level == level]
    for name, part in counts.items():
        missed = sum(fault.gold_name == name for fault in listed)
        spurious = sum(fault.predicted_name == name for fault in listed)
        assert (missed, spurious) == (part.missed, part.spurious), name  # type: ignore[union-attr]


def test_predictions_are_read_from_a_file(tmp_path: Path) -> None:
    document, annotation = read_markup(GOLD, doc_id="d")
    file = tmp_path / "spans.jsonl"
    file.write_text(annotation.model_dump_json(by_alias=True) + "\n")
    gold = Gold(document, annotation)
    assert predict([gold], system=str(file))[0].predicted == annotation
    other = Gold(*read_markup(GOLD, doc_id="other"))
    with pytest.raises(CasetraceError, match="no annotation of document other"):
        predict([other], system=str(file))


def test_the_fingerprint_tells_a_changed_annotation_and_no_changed_order() -> None:
    one, two = (Gold(*read_markup(marked, doc_id=name)) for marked, name in ((GOLD, "a"), (SILENT, "b")))
    assert fingerprint([one, two]) == fingerprint([two, one])
    changed = Gold(one.document, read_markup(GOLD.replace("|ORG", "|COURT"), doc_id="a")[1])
    assert fingerprint([one, two]) != fingerprint([changed, two])


def test_nothing_to_evaluate_is_said(tmp_path: Path) -> None:
    with pytest.raises(CasetraceError, match="nothing to evaluate"):
        evaluate([])
    with pytest.raises(CasetraceError, match="no gold here"):
        list(read_gold(tmp_path))


def test_documents_of_the_training_data_are_named(tmp_path: Path) -> None:
    gold = Gold(*read_markup(GOLD, doc_id="d"))
    nlp = spacy.blank("en")
    nlp.meta["training"] = {"texts": [gold.document.sha256[:16]]}
    nlp.to_disk(tmp_path / "model")
    assert seen_in_training([gold], system=str(tmp_path / "model")) == ["d"]
    assert seen_in_training([Gold(*read_markup(SILENT, doc_id="e"))], system=str(tmp_path / "model")) == []
