"""`casetrace evaluate`, `compare` and `gate` from end to end, on a gold folder and annotations from a file."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from casetrace.cli import app
from casetrace.markup import read_markup

GOLD = {
    "a": "[Police|ORG o] [arrested|ARREST agent=o subject=p time=d] [Ruth Okello|PERSON p] on [3 May 2023|DATE d].",
    "b": "The [union|ORG u] met on [4 May 2023|DATE d].",
}
FOUND = {
    "a": "[Police|ORG o] [arrested|ARREST agent=o subject=p] [Ruth Okello|PERSON p] on 3 May 2023.",
    "b": "The union [met|TRIAL] on [4 May 2023|DATE d].",
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """gold/ with two documents, full.jsonl with their annotation, weak.jsonl with a worse one."""
    (tmp_path / "gold").mkdir()
    for name, marked in (("full", GOLD), ("weak", FOUND)):
        found = [read_markup(text, doc_id=doc_id)[1] for doc_id, text in marked.items()]
        rows = "".join(annotation.model_dump_json(by_alias=True) + "\n" for annotation in found)
        (tmp_path / f"{name}.jsonl").write_text(rows)
    for doc_id, marked in GOLD.items():
        document, annotation = read_markup(marked, doc_id=doc_id)
        row = annotation.model_dump(exclude={"doc_id", "made_by"}, exclude_none=True) | {"doc": doc_id}
        (tmp_path / "gold" / f"{doc_id}.txt").write_text(document.text)
        (tmp_path / "gold" / f"{doc_id}.json").write_text(json.dumps(row))
    (tmp_path / "CHANGELOG.md").write_text("# Changelog\n\n## Unreleased\n\n- First.\n\n## 0.1\n")
    return tmp_path


def run(*words: object) -> Result:
    return CliRunner().invoke(app, [str(word) for word in words], env={"COLUMNS": "100"})


def test_evaluate_writes_table_figures_and_page(folder: Path) -> None:
    page = folder / "page.md"
    page.write_text("<!-- figures: gold -->\n<!-- end of figures -->\n")
    done = run("evaluate", folder / "gold", "--model", folder / "weak.jsonl", "--root", folder, "-o", folder / "f.json",
               "--report", folder / "r.html", "--markdown", page)  # fmt: skip
    assert done.exit_code == 0, done.output
    assert "2 documents" in done.output
    figures = json.loads((folder / "f.json").read_text())
    entities = figures["overall"]["entities"]
    assert (entities["hits"], entities["missed"], entities["spurious"]) == (3, 2, 0)
    assert figures["overall"]["events"]["spurious"] == 1
    assert "<h1>" in (folder / "r.html").read_text()
    assert "| entities | 0.750" in page.read_text()


def test_evaluate_writes_tables_by_label(folder: Path) -> None:
    page = folder / "page.md"
    marks = "<!-- figures: {} -->\n<!-- end of figures -->\n"
    page.write_text(marks.format("gold") + marks.format("gold, by label"))
    weak = ["evaluate", folder / "gold", "--model", folder / "weak.jsonl", "--root", folder, "--labels"]
    assert run(*weak, "--markdown", page).exit_code == 0
    assert "| entities | 0.750" in page.read_text()
    assert "| DATE | 2 | 2 | 1.000 | 0.500 | 0.667 (too few) |\n" in page.read_text()
    assert "name it with --markdown FILE" in str(run(*weak).exception)


def test_compare_says_when_nothing_changed(folder: Path) -> None:
    done = run("compare", folder / "full.jsonl", folder / "full.jsonl", folder / "gold")
    assert "values: none changed" in done.output


def test_compare_tells_what_was_gained(folder: Path) -> None:
    done = run("compare", folder / "weak.jsonl", folder / "full.jsonl", folder / "gold", "-o", folder / "c.json")
    assert done.exit_code == 0, done.output
    changes = json.loads((folder / "c.json").read_text())["changes"]
    assert [(one["kind"], one["field"], one["right"]) for one in changes] == [("gained", "date", "2023-05-03")]
    assert "gained: a Ruth Okello ARREST date: 2023-05-03" in done.output


def test_gate_fails_on_a_fall_and_lowering_is_told(folder: Path) -> None:
    gate = ["gate", folder / "gold", "--root", folder, "--floors", folder / "floors.toml", "--changelog",
            folder / "CHANGELOG.md", "--model"]  # fmt: skip
    assert run(*gate, folder / "full.jsonl", "--renew", "first").exit_code == 0
    assert run(*gate, folder / "full.jsonl").exit_code == 0
    assert run(*gate, folder / "weak.jsonl").exit_code == 1
    assert run(*gate, folder / "weak.jsonl", "--renew", "worse").exception is not None
    assert run(*gate, folder / "weak.jsonl", "--renew", "worse", "--lower").exit_code == 0
    assert run(*gate, folder / "weak.jsonl").exit_code == 0
    history = (folder / "CHANGELOG.md").read_text()
    assert "- First.\n- Gate: floor of entities lowered to 0.7500: worse.\n" in history
    assert history.endswith("\n## 0.1\n")
