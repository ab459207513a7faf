"""Push and pull against a real server: whole corpus, twice, changed texts, guard, tokens, failures in the middle."""

from __future__ import annotations

import shutil
import socketserver
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import httpx
import pytest
from typer.testing import CliRunner

from casetrace import jsonl
from casetrace.cli import app
from casetrace.corpus import SPLITS, read_split
from casetrace.labelstudio import pull as pulling
from casetrace.labelstudio.client import Client, ServerError
from casetrace.labelstudio.folder import file_name, read_state, store
from casetrace.labelstudio.guard import Leak, refuse_leaks
from casetrace.labelstudio.people import add_member, token_of
from casetrace.labelstudio.project import get_project, make_project, push, tasks_on
from casetrace.labelstudio.pull import pull
from casetrace.labelstudio.server import EMAIL, Running, free_port, login_of, running
from casetrace.markup import read_markup
from casetrace.types import Annotation, CasetraceError, Document

ROOT = Path(__file__).parents[2]
Pair = tuple[Document, Annotation]
AWAY = r"repeat the command when it is back|no server answers there"


def gold(count: int | None = None) -> list[Pair]:
    pairs = [pair for split in SPLITS for pair in read_split(ROOT, split)][:count]
    return [(document, annotation.model_copy(update={"made_by": "gold-1"})) for document, annotation in pairs]


def accept_all(client: Client, project_id: int) -> None:
    """Submit every pre-annotation as the token's owner."""
    everything = {"selectedItems": {"all": True, "excluded": []}, "filters": {"conjunction": "and", "items": []}}
    client.post("/api/dm/actions", everything | {"project": project_id, "ordering": []},
                id="predictions_to_annotations", project=project_id)  # fmt: skip


def by_place(annotation: Annotation) -> tuple[Any, ...]:
    links = sorted((link.head, link.label, link.child) for link in annotation.relations)
    return annotation.doc_id, sorted(annotation.spans, key=lambda span: span.start), links


def test_the_whole_corpus_comes_back_identical(client: Client, tmp_path: Path) -> None:
    pairs = gold()
    for text in (
        "😀 [Police|ORG o]\r\n[held|DETAIN:NEGATED agent=o] nobody",
        "[ភ្នំពេញ|GPE g] [Ruth|PERSON]\u00a0\u2028",
    ):
        document, annotation = read_markup(text, doc_id=f"hard-{len(pairs)}", made_by="gold-1")
        pairs.append((document, annotation))
    project = make_project(client, "whole corpus")
    done = push(client, project, pairs)
    assert (len(done.new), done.predictions, done.changed) == (len(pairs), len(pairs), ())
    assert push(client, get_project(client, "whole corpus"), pairs).known == tuple(pair[0].id for pair in pairs)
    accept_all(client, project.id)
    state = read_state(tmp_path, url=client.url, title=project.title)
    found = pull(client, project)
    assert store(found, tmp_path, state=state)["new"] == len(pairs)
    rows = {row.doc_id: row for row in jsonl.read(tmp_path / f"{file_name(EMAIL)}.jsonl", Annotation)}
    assert [by_place(rows[document.id]) for document, _ in pairs] == [by_place(annotation) for _, annotation in pairs]
    documents = {row.id: row for row in jsonl.read(tmp_path / "documents.jsonl", Document)}
    assert documents == {document.id: document for document, _ in pairs}


def test_a_pull_reads_what_changed_and_keeps_what_it_replaces(client: Client, tmp_path: Path) -> None:
    pairs = gold(6)
    project = make_project(client, "incremental")
    push(client, project, pairs)
    accept_all(client, project.id)
    first = pull(client, project)
    store(first, tmp_path, state=read_state(tmp_path, url=client.url, title=project.title))
    time.sleep(2.5)
    task = list(tasks_on(client, project))[2]
    (submitted,) = client.get(f"/api/tasks/{task.id}/annotations/")
    client.patch(f"/api/annotations/{submitted['id']}/", {"result": submitted["result"][:1]})
    second = pull(client, project, since=first.until)
    assert task.id in [work.task for work in second.work]
    assert [work.task for work in pull(client, project, since=second.until).work] == [task.id]
    counts = store(second, tmp_path, state=read_state(tmp_path, url=client.url, title=project.title))
    assert (counts["changed"], counts["new"]) == (1, 0)
    (old,) = jsonl.read(tmp_path / "history" / f"{file_name(EMAIL)}.jsonl", Annotation)
    assert by_place(old) == by_place(pairs[2][1].model_copy(update={"doc_id": task.doc_id}))
    with pytest.raises(CasetraceError, match="holds the work of"):
        read_state(tmp_path, url=client.url, title="another")


def test_wrong_work_is_named_and_kept_apart(client: Client, tmp_path: Path) -> None:
    project = make_project(client, "wrong work")
    push(client, project, [(document, None) for document, _ in gold(2)])
    left, right = tasks_on(client, project)
    past_the_end = {"id": "x", "from_name": "entity", "to_name": "text", "type": "labels",
                    "value": {"start": 5, "end": 99999, "text": "?", "labels": ["PERSON"]}}  # fmt: skip
    client.post(f"/api/tasks/{left.id}/annotations/", {"result": [past_the_end]})
    client.post(f"/api/tasks/{right.id}/annotations/", {"result": []})
    found = pull(client, project)
    counts = store(found, tmp_path, state=read_state(tmp_path, url=client.url, title=project.title))
    assert (counts["new"], counts["faulty"]) == (1, 1)
    (fault,) = jsonl.rows(tmp_path / "faults.jsonl")
    assert fault[1]["address"] == f"{client.url}/projects/{project.id}/data?task={left.id}"
    assert "span x (PERSON 5-99999 '?'): its place is not in the text" in str(fault[1]["faults"])


def test_another_text_under_the_same_id_is_left_alone(client: Client) -> None:
    project = make_project(client, "changed text")
    push(client, project, [(Document(id="a", text="Police arrested her."), None)])
    done = push(client, project, [(Document(id="a", text="Police arrested him."), None)])
    assert (done.new, done.changed) == ((), ("a",))
    assert len(list(tasks_on(client, project))) == 1


def test_a_newer_model_is_shown(client: Client) -> None:
    pairs = gold(3)
    project = make_project(client, "two models")
    push(client, project, pairs)
    newer = [(document, annotation.model_copy(update={"made_by": "gold-2"})) for document, annotation in pairs]
    assert push(client, get_project(client, "two models"), newer).predictions == 3
    assert push(client, get_project(client, "two models"), newer).predictions == 0
    assert get_project(client, "two models").model_version == "gold-2"


def test_users_log_in_with_the_password_they_are_given(client: Client) -> None:
    made = add_member(client, "Ann@example.org")
    assert made.password is not None
    assert add_member(client, "ann@example.org").password is None
    assert len(token_of(client.url, "ann@example.org", made.password)) == 40
    with pytest.raises(ServerError, match="cannot log in"):
        token_of(client.url, "ann@example.org", "wrong-password")


def test_a_personal_access_token_works_too(client: Client, server: Running) -> None:
    login = login_of(server.data)
    client.post("/api/jwt/settings", {"api_tokens_enabled": True, "legacy_api_tokens_enabled": True})
    with httpx.Client(base_url=server.url, follow_redirects=True) as browser:
        browser.get("/user/login/")
        secret = browser.cookies["csrftoken"]
        fields = {"email": login.email, "password": login.password, "csrfmiddlewaretoken": secret}
        browser.post("/user/login/", data=fields, headers={"Referer": f"{server.url}/user/login/"})
        headers = {"X-CSRFToken": browser.cookies["csrftoken"], "Referer": server.url}
        token = browser.post("/api/token/", headers=headers).json()["token"]
    with Client(server.url, token) as other:
        assert other.get("/api/version")["release"]
    with Client(server.url, token[:-4] + "AAAA") as other, pytest.raises(ServerError, match="token is not accepted"):
        other.get("/api/projects/")


def test_the_guard_lets_the_own_server_pass(client: Client) -> None:
    assert refuse_leaks(client) == []


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


class Slow(socketserver.BaseRequestHandler):
    """Takes a call and says nothing."""

    def handle(self) -> None:
        time.sleep(3)


def test_a_slow_server_and_one_that_is_none(tmp_path: Path) -> None:
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Slow) as slow:
        threading.Thread(target=slow.serve_forever, daemon=True).start()
        url = f"http://127.0.0.1:{slow.server_address[1]}"
        with Client(url, "x", timeout=0.5) as client, pytest.raises(ServerError, match=r"within 0.5 s.*--timeout"):
            client.get("/api/projects/")
        slow.shutdown()


def test_a_server_that_reports_outside_gets_no_texts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Client, "text", lambda *_: "APP_SETTINGS.collect_analytics = true; sentry_dsn: 'https://x'")
    with Client("http://127.0.0.1:1", "x") as client:
        with pytest.raises(Leak, match=r"analytics; its pages report errors to Sentry; .*--allow-telemetry"):
            refuse_leaks(client)
        assert len(refuse_leaks(client, allow=True)) == 2


def test_killed_in_the_middle_of_push_and_pull(data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Repeating both after the server is back gives everything once."""
    pairs = gold(40)
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
        accept_all(client, project.id)
        kill_after(monkeypatch, server, calls=2, path="/export")
        with pytest.raises(ServerError, match=AWAY):
            pull(client, project)
        assert not folder.exists()
    monkeypatch.undo()
    with running(data, port=port, tell=print) as server, Client(server.url, login_of(data).token) as client:
        state = read_state(folder, url=client.url, title=project.title)
        assert store(pull(client, project), folder, state=state)["new"] == 40


def kill_after(monkeypatch: pytest.MonkeyPatch, server: Running, *, calls: int, path: str) -> None:
    """Kill the server at the moment of the given call to addresses that end like this."""
    seen = []
    send = Client._send

    def counting(self: Client, method: str, address: str, **rest: Any) -> httpx.Response:
        if address.endswith(path):
            seen.append(address)
            if len(seen) == calls:
                threading.Timer(0.02, server.process.kill).start()
        return send(self, method, address, **rest)

    monkeypatch.setattr(Client, "_send", counting)


def test_the_commands_speak_to_the_own_server(server: Running, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CASETRACE_LABEL_STUDIO_DATA", str(server.data))
    (server.data / "server.json").write_text(f'{{"url": "{server.url}"}}')
    jsonl.write((document for document, _ in gold(3)), tmp_path / "texts.jsonl")
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


def test_a_running_project_changes_its_vocabulary_and_back(client: Client) -> None:
    from casetrace.labelstudio.migration import carry_out, plan
    from casetrace.labelstudio.page import page
    from casetrace.migrate import Rules

    project = make_project(client, "migration")
    push(client, project, gold(4))
    accept_all(client, project.id)
    before = {work.task: work.annotation for work in pull(client, project).work}
    rules = Rules(labels={"ORG": "COURT"})
    rows = list(plan(client, project, rules, page=page("spans")))
    done = carry_out(client, rows)
    assert done["done"] == len(rows) > 4
    assert carry_out(client, rows)["already"] == len(rows)
    assert get_project(client, "migration").config != project.config
    labels = {span.label for work in pull(client, project).work if work.annotation for span in work.annotation.spans}
    assert "ORG" not in labels
    assert carry_out(client, rows, undo=True)["done"] == len(rows)
    assert {work.task: work.annotation for work in pull(client, project).work} == before
