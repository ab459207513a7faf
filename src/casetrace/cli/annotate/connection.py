"""Which server a command of `casetrace annotate` speaks to, and the options that say so."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from casetrace.labelstudio.client import Client

SERVER_FILE = "server.json"

Url = Annotated[str, typer.Option(help="address of the server; the one that `annotate serve` started when not given")]
Token = Annotated[
    Path | None,
    typer.Option(help="file (mode 600) with an access token; else $LABEL_STUDIO_API_KEY or the own server's"),
]
Title = Annotated[str, typer.Option("--project", help="title or number of the project")]
Timeout = Annotated[float, typer.Option(help="seconds that one call may take")]
Data = Annotated[
    Path | None, typer.Option(help="folder of the own server's database; $CASETRACE_LABEL_STUDIO_DATA when not given")
]


def say(line: str) -> None:
    """A message to the person at the terminal."""
    print(f"casetrace: {line}", file=sys.stderr, flush=True)


def connect(url: str, token: Path | None, *, timeout: float, data: Path | None = None) -> Client:
    """The server at `url`, or the one that runs on this machine; raises `CasetraceError` without address or token."""
    from casetrace.labelstudio.client import TOKEN_VARIABLE, Client, read_token
    from casetrace.labelstudio.server import data_folder, login_of
    from casetrace.types import CasetraceError

    folder = data or data_folder()
    own = own_url(folder)
    address = url or own
    if not address:
        raise CasetraceError("no server runs on this machine; start one with `casetrace annotate serve`, or give the"
                             " address of another with --url")  # fmt: skip
    secret = read_token(token) or (login_of(folder).token if address.rstrip("/") == own else None)
    if not secret:
        raise CasetraceError(f"{address}: no access token; put it into a file that only you can read and give --token"
                             f" FILE, or into ${TOKEN_VARIABLE}")  # fmt: skip
    return Client(address, secret, timeout=timeout)


def own_url(folder: Path) -> str:
    """The address at which `annotate serve` last started its server."""
    file = folder / SERVER_FILE
    return str(json.loads(file.read_text("utf-8"))["url"]) if file.is_file() else ""
