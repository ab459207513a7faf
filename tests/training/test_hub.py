"""An encoder of the hub, fetched by the hub's own library from a hub of this machine; nothing else is asked of it."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

pytest.importorskip("torch")
pytest.importorskip("safetensors")

COMMIT = "1" * 40
HELD = {"config.json": b"{}", "tokenizer.json": b"[]", "model.safetensors": b"weights", "pytorch_model.bin": b"other"}
FETCHED = ["config.json", "model.safetensors", "tokenizer.json"]


class Hub(BaseHTTPRequestHandler):
    """The four answers of the hub that a fetch needs, for one repository at one commit."""

    asked: list[str]

    def do_GET(self) -> None:
        self.asked.append(self.path.partition("?")[0])
        listing = [{"type": "file", "path": name, "size": len(body), "oid": _sum(body)} for name, body in HELD.items()]
        siblings = [{"rfilename": name} for name in HELD]
        repository = {"id": "some/bert", "modelId": "some/bert", "sha": COMMIT, "private": False, "siblings": siblings}
        known = {f"/api/models/some/bert/tree/{COMMIT}": json.dumps(listing).encode()}
        known |= {f"/api/models/some/bert/revision/{name}": json.dumps(repository).encode() for name in ("main", "v1")}
        known |= {f"/some/bert/resolve/{COMMIT}/{name}": body for name, body in HELD.items()}
        if (body := known.get(self.asked[-1])) is None:
            self.send_error(404)
            return
        self.send_response(200)
        for name, value in {"ETag": f'"{_sum(body)}"', "X-Repo-Commit": COMMIT, "Content-Length": len(body)}.items():
            self.send_header(name, str(value))
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(body)

    do_HEAD = do_GET

    def log_message(self, format: str, *args: object) -> None:
        """Nothing on the screen."""


def _sum(body: bytes) -> str:
    return hashlib.sha1(body).hexdigest()


@pytest.fixture
def hub() -> Iterator[ThreadingHTTPServer]:
    Hub.asked = []
    server = ThreadingHTTPServer(("127.0.0.1", 0), Hub)
    Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.server_close()


def fetched(source: str, hub: ThreadingHTTPServer, home: Path) -> list[str]:
    """The files of `source` as another process finds them, since the library reads its settings once."""
    code = "import sys; from casetrace.train.pretrained import source_folder; print(source_folder(sys.argv[1]))"
    theirs = {name: value for name, value in os.environ.items() if not name.startswith("HF_")}
    theirs |= {"HF_ENDPOINT": f"http://127.0.0.1:{hub.server_port}", "HF_HOME": str(home), "NO_PROXY": "127.0.0.1"}
    done = subprocess.run([sys.executable, "-c", code, source], env=theirs, capture_output=True, text=True, check=True)
    return sorted(path.name for path in Path(done.stdout.strip()).iterdir())


def test_three_files_are_fetched_and_found_again_without_a_hub(hub: ThreadingHTTPServer, tmp_path: Path) -> None:
    assert fetched("hub:some/bert@v1", hub, tmp_path) == FETCHED
    asked = {path.removeprefix("/api/models") for path in Hub.asked}
    looked = {"/some/bert/revision/v1", f"/some/bert/tree/{COMMIT}"}
    assert asked <= looked | {f"/some/bert/resolve/{COMMIT}/{name}" for name in FETCHED}
    hub.shutdown()
    hub.server_close()
    assert fetched("hub:some/bert@v1", hub, tmp_path) == FETCHED
