"""Pushing to a real server: changed texts, newer models, and the commands as they are typed."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from casetrace import jsonl
from casetrace.cli import app
from casetrace.labelstudio.client import Client
from casetrace.labelstudio.project import get_project, make_project, push, tasks_on
from casetrace.labelstudio.server import EMAIL, Running
from casetrace.types import Annotation, Document

Pair = tuple[Document, Annotation]


def test_another_text_under_the_same_id_is_left_alone(client: Client) -> None:
    project = make_project(client, "changed text")
    push(client, project, [(Document(id="a", text="Police arrested her."), None)])
    done = push(client, project, [(Document(id="a", text="Police arrested him."), None)])
    assert (done.new, done.changed) == ((), ("a",))
    assert len(list(tasks_on(client, project))) == 1


def test_a_newer_model_is_shown(client: Client, gold: list[Pair]) -> None:
    pairs = gold[:3]
    project = make_project(client, "two models")
    push(client, project, pairs)
    newer = [(document, annotation.model_copy(update={"made_by": "gold-2"})) for document, annotation in pairs]
    assert push(client, get_project(client, "two models"), newer).predictions == 3
    assert push(client, get_project(client, "two models"), newer).predictions == 0
    assert get_project(client, "two models").model_version == "gold-2"


def test_the_commands_speak_to_the_own_server(
    server: Running, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, gold: list[Pair]
) -> None:
    monkeypatch.setenv("CASETRACE_LABEL_STUDIO_DATA", str(server.data))
    (server.data / "server.json").write_text(f'{{"url": "{server.url}"}}')
    jsonl.write((document for document, _ in gold[:3]), tmp_path / "texts.jsonl")
    runner = CliRunner()
    pushed = runner.invoke(
        app, ["annotate", "push", str(tmp_path / "texts.jsonl"), "--model", "none", "--project", "cli"]
    )
    assert (pushed.exit_code, "3 documents pushed, 0 were there" in pushed.stderr) == (0, True)
    listed = runner.invoke(app, ["annotate", "users", "--overlap", "2", "--project", "cli"])
    assert EMAIL in listed.stdout
    assigned = ["annotate", "push", str(tmp_path / "texts.jsonl"), "--model", "none", "--project", "parts", "--overlap",
                "2", "--assign", "ann@example.org,ben@example.org,cho@example.org"]  # fmt: skip
    for told in ("2 documents pushed, 0 were there", "0 documents pushed, 2 were there"):
        given = runner.invoke(app, assigned)
        assert (given.exit_code, given.stderr.count(told)) == (0, 3)
    everything = runner.invoke(app, ["annotate", "pull", str(tmp_path / "parts"), "--project", "parts"])
    assert (everything.exit_code, "0 annotations new" in everything.stderr) == (0, True)
    pulled = runner.invoke(app, ["annotate", "pull", str(tmp_path / "work"), "--project", "cli"])
    assert (pulled.exit_code, "0 annotations new" in pulled.stderr) == (0, True)
