"""Documents through the pipeline, with one that fails among them; stand-ins for the trained model."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
import spacy
from spacy.language import Language
from spacy.tokens import Doc

import casetrace
from casetrace import extraction
from casetrace.cli.extract import say_left
from casetrace.extraction import Extraction, extract, find_model
from casetrace.types import CasetraceError, Document, Rejection


@Language.component("fails_on_poison")
def fails_on_poison(doc: Doc) -> Doc:
    """Stands for a component with a fault."""
    if "poison" in doc.text:
        raise ValueError("cannot swallow this")
    return doc


def test_a_failing_document_does_not_take_the_others_with_it(monkeypatch: pytest.MonkeyPatch) -> None:
    nlp = spacy.blank("en")
    nlp.add_pipe("fails_on_poison")
    monkeypatch.setattr(extraction, "load", lambda path: nlp)
    documents = [Document(id=name, text=text) for name, text in (("a", "One."), ("b", "A poison."), ("c", "Two."))]
    found = list(extract(documents))
    assert [type(item) for item in found] == [Extraction, Rejection, Extraction]
    assert found[1] == Rejection(source="b", reason="the pipeline failed: ValueError: cannot swallow this")


def test_a_folder_without_a_pipeline_is_told(tmp_path: Path) -> None:
    with pytest.raises(CasetraceError, match="no spaCy pipeline in this folder"):
        find_model(tmp_path)


def test_the_package_offers_extract_and_load() -> None:
    assert casetrace.extract is extract
    assert casetrace.load is extraction.load
    with pytest.raises(AttributeError):
        casetrace.nothing  # noqa: B018


def test_importing_the_package_does_not_import_spacy() -> None:
    code = "import sys, casetrace, casetrace.cli; sys.exit('spacy' in sys.modules or 'torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_events_in_no_record_are_told(capsys: pytest.CaptureFixture[str]) -> None:
    say_left(0, "")
    assert capsys.readouterr().err == ""
    say_left(2, "spans.jsonl")
    assert capsys.readouterr().err == (
        "casetrace: 2 events, of which it was not found to whom they happened, are in no record; they stand in "
        "spans.jsonl, and `casetrace explain` lists them\n"
    )
