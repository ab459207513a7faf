"""What goes wrong between casetrace and a real server: each failure has its sentence, and repeating completes."""

from __future__ import annotations

import shutil
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from casetrace.labelstudio import pull as pulling
from casetrace.labelstudio.client import Client, ServerError, Wire
from casetrace.labelstudio.folder import read_state, store
from casetrace.labelstudio.guard import Leak, refuse_leaks
from casetrace.labelstudio.project import Project, make_project, push, tasks_on
from casetrace.labelstudio.pull import pull
from casetrace.labelstudio.server import Running, free_port, login_of, running
from casetrace.types import Annotation, Document

Pair = tuple[Document, Annotation]
AcceptAll = Callable[[Client, Project], None]
AWAY = r"repeat the command when it is back|no server answers there"


def test_the_guard_lets_the_own_server_pass(client: Client) -> None:
    assert refuse_leaks(client) == []


def test_a_server_that_reports_outside_gets_no_texts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Client, "page", lambda *_: "APP_SETTINGS.collect_analytics = true; sentry_dsn: 'https://x'")
    with Client("http://127.0.0.1:1", "x") as client:
        with pytest.raises(Leak, match=r"analytics; its pages report errors to Sentry; .*--allow-telemetry"):
            refuse_leaks(client)
        assert len(refuse_leaks(client, allow=True)) == 2


def ask(*arguments: str, env: dict[str, str] | None = None) -> tuple[int, str]:
    """Exit code and messages of a command in a process of its own."""
    done = subprocess.run([sys.executable, "-m", "casetrace", "annotate", *arguments], capture_output=True, text=True,
                          env=env, check=False, timeout=120)  # fmt: skip
    return done.returncode, done.stderr.strip()


@pytest.fixture
def token(server: Running, tmp_path: Path) -> Path:
    file = tmp_path / "token"
    file.write_text(login_of(server.data).token)
    file.chmod(0o600)
    return file


def test_each_failure_has_its_sentence(server: Running, token: Path, tmp_path: Path) -> None:
    nobody = f"http://127.0.0.1:{free_port()}"
    wrong = tmp_path / "wrong"
    wrong.write_text("0" * 40)
    wrong.chmod(0o600)
    open_to_all = tmp_path / "open"
    shutil.copy(token, open_to_all)
    open_to_all.chmod(0o644)
    folder = str(tmp_path / "work")
    cases = [
        (["--url", nobody, "--token", str(token)], f"{nobody}: no server answers there"),
        (["--url", server.url, "--token", str(wrong)], f"{server.url}: the token is not accepted"),
        (["--url", server.url, "--token", str(open_to_all)], "others can read this token; run `chmod 600"),
        (
            ["--url", server.url, "--token", str(token), "--project", "nope"],
            f"{server.url}: no project 'nope'; there is:",
        ),
        (["--url", server.url, "--token", "0" * 40], "--token wants a file that holds the token"),
    ]
    for options, message in cases:
        code, told = ask("pull", folder, *options)
        assert (code, message in told, "Traceback" in told) == (2, True, False), told
        assert login_of(server.data).token not in told


def kill_after(monkeypatch: pytest.MonkeyPatch, server: Running, *, calls: int, path: str) -> None:
    """Kill the server at the moment of the given call to addresses that end like this."""
    seen = []
    send = Wire.send

    def counting(self: Wire, request: httpx.Request, **rest: Any) -> httpx.Response:
        if request.url.path.endswith(path):
            seen.append(request.url.path)
            if len(seen) == calls:
                threading.Timer(0.02, server.process.kill).start()
        return send(self, request, **rest)

    monkeypatch.setattr(Wire, "send", counting)


def test_killed_in_the_middle_of_push_and_pull(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, gold: list[Pair], accept_all: AcceptAll
) -> None:
    """Repeating both after the server is back gives everything once."""
    pairs = gold[:40]
    port, folder = free_port(), tmp_path / "work"
    monkeypatch.setattr("casetrace.labelstudio.project.BATCH", 10)
    monkeypatch.setattr(pulling, "BATCH", 10)
    with running(data, port=port, tell=print) as server, Client(server.url, login_of(data).token) as client:
        project = make_project(client, "killed")
        kill_after(monkeypatch, server, calls=2, path="/import")
        with pytest.raises(ServerError, match=AWAY):
            push(client, project, pairs)
    monkeypatch.undo()
    monkeypatch.setattr(pulling, "BATCH", 10)
    with running(data, port=port, tell=print) as server, Client(server.url, login_of(data).token) as client:
        there = len(list(tasks_on(client, project)))
        assert 10 <= there < 40
        done = push(client, project, pairs)
        assert (len(done.new), len(done.known)) == (40 - there, there)
        assert sorted(row.doc_id for row in tasks_on(client, project)) == sorted(document.id for document, _ in pairs)
        accept_all(client, project)
        kill_after(monkeypatch, server, calls=2, path="/export")
        with pytest.raises(ServerError, match=AWAY):
            pull(client, project)
        assert not folder.exists()
    monkeypatch.undo()
    with running(data, port=port, tell=print) as server, Client(server.url, login_of(data).token) as client:
        state = read_state(folder, url=client.url, title=project.title)
        assert store(pull(client, project), folder, state=state)["new"] == 40
