"""What is said of servers that are slow, away, or something else, and what is kept from all of them."""

from __future__ import annotations

import json
import logging
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import jwt
import pytest

from casetrace.labelstudio.backend import connect
from casetrace.labelstudio.client import Client, Refused, ServerError
from casetrace.labelstudio.people import members
from casetrace.labelstudio.project import Project, projects, send_tasks
from casetrace.types import CasetraceError

TOKEN = "0123456789abcdef0123456789abcdef01234567"
USERS = json.dumps([{"id": 1, "email": "ann@example.org"}])


ASKED: list[tuple[str, dict[str, str]]] = []


class Odd(BaseHTTPRequestHandler):
    """Answers with the status that stands first in the path, and keeps what it was asked."""

    def do_GET(self) -> None:
        self.rfile.read(int(self.headers.get("content-length", 0)))
        headers = {name.lower(): value for name, value in self.headers.items()}
        ASKED.append((f"{self.command} {self.path}", headers))
        first = self.path.split("/")[1]
        if first == "slow":
            time.sleep(2)
        status, kind, body = {"page": (200, "text/html", "<h1>It works</h1>"), "moved": (301, "text/html", ""),
                              "slow": (200, "application/json", "[]"),
                              "bare": (200, "application/json", "[]"), "team": (200, "application/json", USERS),
                              }.get(first) or (int(first), "application/json", '{"detail": "no"}')  # fmt: skip
        if first == "bare" and self.command == "POST":
            status, body = 403, '{"detail": "no"}'
        if self.path.endswith("/token/refresh/"):
            body = json.dumps({"access": access(300)})
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        if first == "moved":
            self.send_header("Location", f"https://elsewhere.example.org{self.path}")
        self.end_headers()
        with suppress(BrokenPipeError):  # nobody waits any more
            self.wfile.write(body.encode())

    do_POST = do_GET

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def access(seconds: float, kind: str = "access") -> str:
    return jwt.encode({"exp": time.time() + seconds, "token_type": kind}, "k" * 32)


@pytest.fixture(scope="module")
def odd() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Odd) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()


SENTENCES = [
    ("401", "the token is not accepted"),
    ("403", "GET /403/api/users/ was refused with 403: no"),
    ("400", "GET /400/api/users/ was refused with 400: no"),
    ("413", "the proxy there lets no call of this size through; have it take bodies of 50 MB"),
    ("500", "was refused with 500: no"),
    ("502", r"the proxy there gets no answer from Label Studio \(502\); repeat the command"),
    ("504", r"the proxy there gets no answer from Label Studio \(504\); repeat the command"),
    ("page", "answers, but not as a Label Studio does; is the address right?"),
    ("moved", "sends on to https://elsewhere.example.org; use that"),
    ("slow", r"no answer within 0.5 s; it may be busy: .* with --timeout"),
]


@pytest.mark.parametrize(("path", "sentence"), SENTENCES)
def test_each_failure_has_its_sentence(odd: str, path: str, sentence: str) -> None:
    with Client(f"{odd}/{path}", TOKEN, timeout=0.5) as client, pytest.raises(ServerError, match=sentence) as caught:
        list(members(client))
    assert str(caught.value).startswith(f"{odd}/{path}: ")
    assert TOKEN not in str(caught.value)


@pytest.mark.parametrize("address", ["127.0.0.1:8080", "http://", "http://x:port", "ftp://x", "nonsense"])
def test_an_address_that_is_none(address: str) -> None:
    with pytest.raises(ServerError, match="not an address of a server"):
        Client(address, TOKEN)


def test_a_server_that_calls_no_private_address_is_told_to(odd: str) -> None:
    with (
        Client(f"{odd}/bare", TOKEN) as client,
        pytest.raises(CasetraceError, match=r"no: it does not call http://127.0.0.1:9090; .*_ML_BLOCK_LOCAL_IP=false"),
    ):
        connect(client, 1, "http://127.0.0.1:9090", title="model")


def test_a_refused_import_is_not_sent_again(odd: str) -> None:
    ASKED.clear()
    with Client(f"{odd}/500", TOKEN) as client, pytest.raises(Refused):
        send_tasks(client, Project(1, "p", "", None), [{"data": {"text": "Police arrested her."}}])
    assert [call for call, _ in ASKED] == ["POST /500/api/projects/1/import?commit_to_project=true"]


def test_a_missing_page_of_projects_is_their_end(odd: str) -> None:
    with Client(f"{odd}/404", TOKEN) as client, pytest.raises(Refused, match="was refused with 404: no"):
        list(projects(client))  # the first page is asked for outside of the pager


def test_a_personal_token_is_traded_under_the_path_of_the_server(odd: str) -> None:
    ASKED.clear()
    with Client(f"{odd}/team/", access(3600, "refresh")) as client:
        assert [member.email for member in members(client)] == ["ann@example.org"]
    assert [call for call, _ in ASKED] == ["POST /team/api/token/refresh/", "GET /team/api/users/"]
    assert ASKED[1][1]["authorization"].startswith("Bearer ")


def test_a_personal_token_that_has_run_out(odd: str) -> None:
    with pytest.raises(ServerError, match="the personal access token is not accepted; make a new one"):
        Client(odd, access(-60, "refresh"))
    with (
        Client(f"{odd}/401", access(60, "refresh")) as client,
        pytest.raises(ServerError, match="personal access token"),
    ):
        list(members(client))


def test_servers_learn_nothing_of_the_machine_and_logs_nothing_of_the_token(
    odd: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    ASKED.clear()
    with Client(f"{odd}/team", TOKEN) as client:
        list(members(client))
    ((_, headers),) = ASKED
    assert set(headers) == {"host", "accept", "accept-encoding", "connection", "user-agent", "authorization"}
    assert headers["user-agent"].startswith("label_studio_sdk/")
    assert TOKEN not in caplog.text
