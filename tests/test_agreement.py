"""Agreement of small annotations worked out by hand, and what must hold for any annotators."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from casetrace.agreement import agreement, by_annotator
from casetrace.cli import app
from casetrace.markup import read_markup
from casetrace.types import Annotation, CasetraceError, Document

ANN = (
    "[Police|ORG o] [arrested|ARREST agent=o subject=p] [Ruth Okello|PERSON p].",
    "She was [freed|RELEASE:DEMANDED] and [fined|SENTENCE].",
)
BEN = (
    "[Police|ORG o] [arrested|ARREST agent=o] [Ruth Okello|PERSON p].",
    "She was [freed|RELEASE] and [fined|SENTENCE].",
)


def work(*hands: tuple[str, ...]) -> tuple[dict[str, dict[str, Annotation]], dict[str, Document]]:
    found: dict[str, dict[str, Annotation]] = {}
    texts = {}
    for name, marked in zip(("ann", "ben", "cho"), hands, strict=False):
        for number, line in enumerate(marked):
            document, annotation = read_markup(line, doc_id=f"d{number}", made_by=name)
            texts[document.id] = document
            found.setdefault(name, {})[document.id] = annotation
    return found, texts


def test_two_annotators_who_differ_in_one_argument_and_one_modality() -> None:
    hands, texts = work(ANN, BEN)
    (pair,) = agreement(hands, texts=texts).pairs
    levels = {name: round(figure.value, 3) for name, figure in pair.overall.items()}
    assert (pair.left, pair.right, pair.documents) == ("ann", "ben", 2)
    assert {name: levels[name] for name in ("entities", "events", "modality", "arguments")} == {
        "entities": 1.0, "events": 1.0, "modality": 0.667, "arguments": 0.667,
    }  # fmt: skip
    # agreed 2 of 3, expected (2*3 + 1*0) / 9
    assert pair.modality_kappa.value == pytest.approx(0.0)
    assert pair.modality_kappa.items == 3
    assert pair.word_kappa is not None
    assert pair.word_kappa.value == 1
    assert pair.overall["records"].hits == 0  # without a subject ben filed no record
    assert pair.confusion["DEMANDED"] == {"ASSERTED": 1, "DEMANDED": 0, "POSSIBLE": 0, "NEGATED": 0}


def test_three_who_do_the_same_agree_on_everything() -> None:
    hands, texts = work(ANN, ANN, ANN)
    found = agreement(hands, texts=texts)
    assert len(found.pairs) == 3
    assert {coefficient.value for coefficient in found.alpha.values()} == {1.0}
    assert found.by_annotator["cho"]["records, identical"].value == 1


def test_alpha_of_the_library_is_the_one_that_is_resampled() -> None:
    import numpy

    from casetrace.coefficients import alpha, coincidences, kappa, table_alpha, table_kappa

    values = numpy.random.default_rng(3).integers(0, 4, size=(60, 4))
    whole = alpha([values[:20], values[20:]], seed=0)
    table = coincidences(values[:20]) + coincidences(values[20:])
    assert whole.value == pytest.approx(table_alpha(table))
    left, right = [list("aabbcabc"), list("aabbcbbc")]
    answers = numpy.array([[2, 1, 0], [0, 3, 0], [0, 0, 2]])
    assert kappa([(left, right)], seed=0).value == pytest.approx(table_kappa(answers))


def test_without_texts_words_and_records_are_left_out() -> None:
    hands, _ = work(ANN, BEN)
    found = agreement(hands)
    assert found.alpha == {}
    assert not {"records", "record slots", "records, identical"} & found.pairs[0].overall.keys()


def test_what_cannot_be_compared_is_refused() -> None:
    hands, texts = work(ANN)
    with pytest.raises(CasetraceError, match="no document was annotated by two"):
        agreement(hands, texts=texts)
    other = read_markup("Another text.", doc_id="d0")[1]
    with pytest.raises(CasetraceError, match="d0: ann and ben did not have the same text"):
        agreement({**hands, "ben": {"d0": other}}, texts=texts)


def test_annotators_are_named_after_their_signature_or_their_file() -> None:
    hands, _ = work(ANN, BEN)
    ann, ben = (list(rows.values()) for rows in hands.values())
    unsigned = [row.model_copy(update={"made_by": None}) for row in ben]
    assert set(by_annotator({"1.jsonl": ann, "2.jsonl": unsigned})) == {"ann", "2.jsonl"}
    assert set(by_annotator({"1.jsonl": ann, "2.jsonl": ann})) == {"1.jsonl", "2.jsonl"}
    assert set(by_annotator({"both.jsonl": ann + ben})) == {"ann", "ben"}
    with pytest.raises(CasetraceError, match="ann annotated document d0 twice"):
        by_annotator({"1.jsonl": ann + ann})


def test_the_command_writes_every_figure(tmp_path: Path) -> None:
    hands, texts = work(ANN, BEN)
    for name, rows in hands.items():
        lines = [row.model_dump_json(by_alias=True) for row in rows.values()]
        (tmp_path / f"{name}.jsonl").write_text("\n".join(lines), "utf-8")
    for document in texts.values():
        (tmp_path / f"{document.id}.txt").write_bytes(document.text.encode())
    files = [str(tmp_path / "ann.jsonl"), str(tmp_path / "ben.jsonl")]
    ran = CliRunner().invoke(
        app, ["annotate", "agreement", *files, "--text", str(tmp_path), "-o", str(tmp_path / "o.json")]
    )
    assert ran.exit_code == 0, ran.output
    assert json.loads((tmp_path / "o.json").read_text("utf-8"))["annotators"] == ["ann", "ben"]
