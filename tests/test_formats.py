"""Other tools' formats: what comes back is what went out, but for what the writer told."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from typer.testing import CliRunner

from casetrace import jsonl
from casetrace.cli import app
from casetrace.corpus import read_split
from casetrace.formats import FORMATS, Pair
from casetrace.markup import read_markup
from casetrace.types import Annotation, Document

ROOT = Path(__file__).parents[1]
HARD = (
    "😀 [Police|ORG o score=0.5]\r\n"
    "[held|DETAIN:NEGATED e agent=o@0.25 subject=p,q law=l] [Ruth\r\nOkello|PERSON p] and "
    "[two 🇰🇪 others|GROUP q] under [Act 3|LAW l] in [ភ្នំពេញ|GPE]. [She|ANAPHOR coref=p@0.5] left.\n\n"
)
LOSSLESS = ("prodigy", "brat")


def pairs() -> list[Pair]:
    return [*read_split(ROOT, "dev"), read_markup(HARD, doc_id="hard"), read_markup("Nothing.", doc_id="nothing")]


def sets(annotation: Annotation) -> tuple[set[object], set[object]]:
    return set(annotation.spans), set(annotation.relations)


def target(kind: str, folder: Path) -> Path:
    return folder / {"prodigy": "all.jsonl", "brat": "brat", "conll": "all.conll", "spacy": "all.spacy"}[kind]


@pytest.mark.parametrize("kind", LOSSLESS)
def test_spans_and_relations_come_back_with_ids_scores_and_modality(kind: str, tmp_path: Path) -> None:
    there = {document.id: (document, annotation) for document, annotation in pairs()}
    list(FORMATS[kind].write(there.values(), target(kind, tmp_path)))
    back = {document.id: (document, annotation) for document, annotation in FORMATS[kind].read(target(kind, tmp_path))}
    assert back.keys() == there.keys()
    for name, (document, annotation) in there.items():
        assert back[name][0].text == document.text
        assert sets(back[name][1]) == sets(annotation)


@pytest.mark.parametrize("kind", ["conll", "spacy"])
def test_what_does_not_come_back_was_told(kind: str, tmp_path: Path) -> None:
    there = {document.id: (document, annotation) for document, annotation in pairs()}
    lost = list(FORMATS[kind].write(there.values(), target(kind, tmp_path)))
    told = {loss.doc_id for loss in lost if "ends" in loss.what or "shares" in loss.what}
    back = {document.id: (document, annotation) for document, annotation in FORMATS[kind].read(target(kind, tmp_path))}
    for name, (document, annotation) in there.items():
        assert back[name][0].text == document.text
        if name not in told:
            marks = {(span.start, span.end, span.label, span.modality) for span in annotation.spans}
            assert {(span.start, span.end, span.label, span.modality) for span in back[name][1].spans} == marks
            if kind == "spacy":
                assert len(back[name][1].relations) == len(annotation.relations)
    relations = sum(len(annotation.relations) for _, annotation in there.values())
    assert Counter(loss.what for loss in lost)["relation"] == (relations if kind == "conll" else 0)


@pytest.mark.parametrize("kind", sorted(FORMATS))
def test_a_tick_of_no_case_comes_back_or_is_told(kind: str, tmp_path: Path) -> None:
    document, annotation = read_markup("[Ruth Okello|PERSON] spoke.", doc_id="d")
    ticked = annotation.model_copy(update={"no_case": True})
    lost = [loss.what for loss in FORMATS[kind].write([(document, ticked)], target(kind, tmp_path))]
    ((_, read),) = FORMATS[kind].read(target(kind, tmp_path))
    assert read.no_case == ("that there is no case" not in lost)
    assert read.no_case == (kind in ("prodigy", "spacy"))


def test_brat_files_are_what_brat_reads(tmp_path: Path) -> None:
    list(FORMATS["brat"].write([read_markup(HARD, doc_id="hard")], tmp_path))
    lines = (tmp_path / "hard.ann").read_text("utf-8").splitlines()
    assert lines[:5] == [
        "T1\tORG 2 8\tPolice",
        "T2\tDETAIN 10 14\theld",
        "E2\tDETAIN:T2 agent:T1 subject:T3 subject2:T4 law:T5",
        "A2\tModality E2 NEGATED",
        "T3\tPERSON 15 19;21 27\tRuth Okello",
    ]
    assert "[events]\nSUE subject*:<ENTITY>" in (tmp_path / "annotation.conf").read_text("utf-8")


def test_plain_conll_of_two_columns_is_read(tmp_path: Path) -> None:
    (tmp_path / "a.conll").write_text("Police\tB-ORG\narrested\tB-ARREST\nRuth\tB-PERSON\nOkello\tI-PERSON\n\n")
    ((document, annotation),) = FORMATS["conll"].read(tmp_path / "a.conll")
    expected = read_markup("[Police|ORG] [arrested|ARREST] [Ruth Okello|PERSON]", doc_id="a")
    assert (document, annotation) == expected


def test_the_command_tells_what_is_lost(tmp_path: Path) -> None:
    document, annotation = read_markup(HARD, doc_id="hard")
    jsonl.write([document], tmp_path / "texts.jsonl")
    jsonl.write([annotation], tmp_path / "a.jsonl")
    ask = ["annotate", "convert", "conll", str(tmp_path / "a.jsonl"), "--text", str(tmp_path / "texts.jsonl")]
    done = CliRunner().invoke(app, [*ask, "-o", str(tmp_path / "a.conll")])
    assert (done.exit_code, "    5 relation" in done.stderr) == (0, True)
    out = ["-o", str(tmp_path / "b.jsonl"), "--documents", str(tmp_path / "b.texts.jsonl")]
    CliRunner().invoke(app, ["annotate", "convert", "conll", str(tmp_path / "a.conll"), "--back", *out])
    assert [row.text for row in jsonl.read(tmp_path / "b.texts.jsonl", Document)] == [document.text]
