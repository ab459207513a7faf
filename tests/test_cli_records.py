"""The commands over records, one after the other, as a user runs them."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from casetrace import jsonl
from casetrace.assemble import assemble
from casetrace.cli import app
from casetrace.markup import read_markup

SOURCES = tomllib.loads((Path(__file__).parent / "cases" / "sources.toml").read_text("utf-8"))["source"]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with documents.jsonl and records.jsonl."""
    documents, records = [], []
    for source in SOURCES:
        document, annotation = read_markup(source["text"].strip(), doc_id=source["id"])
        documents.append(document.model_copy(update={"published": source["published"]}))
        records += assemble(documents[-1], annotation)
    jsonl.write(documents, tmp_path / "documents.jsonl")
    jsonl.write(records, tmp_path / "records.jsonl")
    return tmp_path


def run(*words: str | Path) -> Result:
    return CliRunner().invoke(app, [str(word) for word in words])


def test_link_consolidate_conflicts(folder: Path) -> None:
    assert run("link", folder / "records.jsonl", "-o", folder / "judgements.jsonl").exit_code == 0
    done = run("consolidate", folder / "records.jsonl", folder / "judgements.jsonl", "-o", folder / "dossiers.jsonl")
    assert done.exit_code == 0
    listed = run("conflicts", folder / "dossiers.jsonl")
    assert listed.stdout.splitlines()[0] == "Ruth Okello (wire, statement)"
    assert "  date of ARREST" in listed.stdout.splitlines()
    assert "    2023-05-03                   wire, " in listed.stdout


def test_verify_says_what_is_wrong(folder: Path) -> None:
    assert run("verify", folder / "records.jsonl", folder / "documents.jsonl").exit_code == 0
    rows = (folder / "records.jsonl").read_text("utf-8").splitlines()
    first = json.loads(rows[0])
    first["events"][0]["evidence"][0]["start"] += 1
    (folder / "records.jsonl").write_text("\n".join([json.dumps(first), *rows[1:]]), "utf-8")
    found = run("verify", folder / "records.jsonl", folder / "documents.jsonl")
    assert found.exit_code == 1
    assert "'fired' is not at" in found.stdout or "'arrested' is not at" in found.stdout


@pytest.mark.parametrize("name", ["out.jsonl", "out.csv", "out.sqlite"])
def test_export_by_the_ending_of_the_file(folder: Path, name: str) -> None:
    assert run("export", folder / "records.jsonl", "-o", folder / name).exit_code == 0
    assert (folder / name).stat().st_size > 0
