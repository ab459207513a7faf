"""The commands over records, one after the other, as a user runs them."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from casetrace import __version__, jsonl
from casetrace.assemble import assemble
from casetrace.cli import app, main
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


def test_verify_finds_a_name_that_no_quote_bears_out(folder: Path) -> None:
    rows = (folder / "records.jsonl").read_text("utf-8").splitlines()
    first = json.loads(rows[0])
    first["subject"]["name"] = "Ruth Akello"
    (folder / "records.jsonl").write_text("\n".join([json.dumps(first), *rows[1:]]), "utf-8")
    found = run("verify", folder / "records.jsonl", folder / "documents.jsonl")
    assert found.exit_code == 1
    assert "subject: the name 'Ruth Akello' is none of its quotes" in found.stdout


@pytest.mark.parametrize("name", ["out.jsonl", "out.csv", "out.sqlite"])
def test_export_by_the_ending_of_the_file(folder: Path, name: str) -> None:
    assert run("export", folder / "records.jsonl", "-o", folder / name).exit_code == 0
    assert (folder / name).stat().st_size > 0


MISTAKES = [
    (["ingest", "nowhere", "-o", "out.jsonl"], "nowhere: no such file or folder"),
    (["ingest", "records.jsonl", "-o", "records.jsonl"], "records.jsonl: is read and would be overwritten"),
    (["extract", "documents.jsonl", "-o", "x", "--annotations", "x", "--model", "."], "two outputs share a file"),
    (["link", "records.jsonl", "-o", "records.jsonl"], "records.jsonl: is read and would be overwritten"),
    (["consolidate", "records.jsonl", "-o", "records.jsonl"], "records.jsonl: is read and would be overwritten"),
    (["export", "records.jsonl", "-o", "records.jsonl"], "records.jsonl: is read and would be overwritten"),
    (["verify", "records.jsonl", "nowhere"], "nowhere: no such file or folder"),
    (["ingest", "documents.jsonl", "-o", "."], ".: a folder; name a file to write"),
    (["ingest", "documents.jsonl", "-o", "documents.jsonl/x"], "documents.jsonl: File exists"),
    (["export", "records.jsonl", "-o", "documents.jsonl/x.csv"], "documents.jsonl: File exists"),
    (["export", "records.jsonl", "-o", "x.xlsx"], "x.xlsx: the format does not show in the name; add --to jsonl, csv"),
    (["evaluate", "nowhere"], "nowhere: neither a folder nor one of train, dev, test, all"),
    (["evaluate", "test", "--root", "."], ".: no annotations/ here; run it in a clone of casetrace, or name one"),
    (["explain", "records.jsonl"], "records.jsonl, line 1: no text: a line needs at least"),
    (["show", "."], ".: a folder; name a .jsonl file"),
    (["show", "documents.jsonl"], "documents.jsonl, line 1: not a CaseRecord: case_id: Field required; is it the file"),
    (["verify", "documents.jsonl", "records.jsonl"], "documents.jsonl, line 1: neither a record nor a dossier"),
]


@pytest.mark.parametrize(("words", "message"), MISTAKES)
def test_a_mistake_is_one_line(
    folder: Path, words: list[str], message: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(folder)
    (folder / "config.cfg").touch()
    monkeypatch.setattr("sys.argv", ["casetrace", *words])
    with pytest.raises(SystemExit) as stopped:
        main()
    assert stopped.value.code == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert message in line
    assert {path.name for path in folder.iterdir()} == {"config.cfg", "documents.jsonl", "records.jsonl"}


def test_a_second_run_passes_over_its_own_output(folder: Path) -> None:
    for _ in range(2):
        assert run("ingest", folder, "-o", folder / "out.jsonl").exit_code == 1  # records.jsonl holds no text
    rejected = [json.loads(line) for line in (folder / "out.quarantine.jsonl").read_text("utf-8").splitlines()]
    assert {Path(row["source"]).name for row in rejected} == {"records.jsonl"}


def test_version_is_told() -> None:
    assert run("--version").stdout == f"casetrace {__version__}\n"


def test_schemas_of_all_that_flows() -> None:
    result = CliRunner().invoke(app, ["schema"])
    wanted = {"Document", "Annotation", "CaseRecord", "Judgement", "Dossier", "Rejection"}
    assert wanted <= set(json.loads(result.stdout))
