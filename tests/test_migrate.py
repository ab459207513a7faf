"""A change of the vocabulary, and back."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from casetrace import jsonl
from casetrace.cli import app
from casetrace.labelstudio.migration import migrate_result
from casetrace.labelstudio.tasks import to_result
from casetrace.markup import read_markup
from casetrace.migrate import Rules, migrate, read_rules
from casetrace.types import Annotation, CasetraceError

DOCUMENT, NOW = read_markup(
    "[Police|ORG o] [arrested|ARREST agent=o subject=p] and [held|DETAIN:POSSIBLE subject=p] [Ruth|PERSON p].",
    doc_id="d", made_by="ann",
)  # fmt: skip
RULES = """
[labels]
COP = "ORG"
[split.CUSTODY]
"arrest\\\\w*" = "ARREST"
".*" = "DETAIN"
[relations]
victim = "subject"
[modalities]
MAYBE = "POSSIBLE"
"""


def old() -> Annotation:
    """The same annotation in a vocabulary that had other names; its modality is none of today's."""
    names = {"ORG": "COP", "ARREST": "CUSTODY", "DETAIN": "CUSTODY"}
    spans = tuple(span.model_copy(update={"label": names.get(span.label, span.label)}) for span in NOW.spans)
    links = tuple(link.model_copy(update={"label": link.label.replace("subject", "victim")}) for link in NOW.relations)
    return NOW.model_copy(update={"spans": spans, "relations": links})


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    file = tmp_path / "rules.toml"
    file.write_text(RULES)
    return file


def test_rename_merge_split(rules: Path) -> None:
    assert migrate(old(), read_rules(rules)) == NOW


def test_an_entity_that_becomes_an_event_is_asserted_and_back() -> None:
    event = migrate(NOW, Rules(labels={"PERSON": "KILL"})).spans[-1]
    assert (event.label, event.modality) == ("KILL", "ASSERTED")
    entity = migrate(NOW, Rules(labels={"ARREST": "CHARGE"})).spans[1]
    assert (entity.label, entity.modality) == ("CHARGE", None)


def test_a_project_changes_in_the_same_way(rules: Path) -> None:
    found = migrate_result(to_result(old()), read_rules(rules), DOCUMENT.text)
    assert found == to_result(NOW)
    dropped = migrate_result(to_result(NOW), Rules(labels={"ARREST": "CHARGE"}), DOCUMENT.text)
    assert [part["id"] for part in dropped if part.get("from_name") == "modality"] == ["_20"]


def test_files_change_and_are_restored(rules: Path, tmp_path: Path) -> None:
    file, log = tmp_path / "ann.jsonl", str(tmp_path / "log")
    jsonl.write([old()], file)
    before = file.read_bytes()
    ask = ["annotate", "migrate", str(rules), str(file), "--log", log]
    dry = CliRunner().invoke(app, [*ask, "--dry-run"])
    assert "1 of 1 annotations would change" in dry.stderr
    assert file.read_bytes() == before
    done = CliRunner().invoke(app, ask)
    assert (done.exit_code, list(jsonl.read(file, Annotation))) == (0, [NOW])
    assert "CUSTODY -> DETAIN" in done.stderr
    again = CliRunner().invoke(app, ask)
    assert "0 of 1 annotations changed" in again.stderr
    CliRunner().invoke(app, [*ask, "--undo"])
    assert file.read_bytes() == before


def test_rules_that_lead_nowhere_are_refused(rules: Path) -> None:
    rules.write_text('[labels]\nCOP = "SHERIFF"\n')
    with pytest.raises(CasetraceError, match="SHERIFF: not in the vocabulary"):
        read_rules(rules)
    rules.write_text("[labels\n")
    with pytest.raises(CasetraceError, match="no rules for a migration"):
        read_rules(rules)
