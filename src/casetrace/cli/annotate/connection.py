"""Which server a command of `casetrace annotate` speaks to, and the options that say so."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from functools import wraps
from inspect import Parameter, Signature, signature
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple, get_type_hints

import typer

if TYPE_CHECKING:
    from casetrace.labelstudio.client import Client

SERVER_FILE = "server.json"

Title = Annotated[str, typer.Option("--project", help="title or number of the project")]


class Server(NamedTuple):
    """The server that a command is to speak to, as its options say."""

    url: Annotated[str, typer.Option(help="address of the server; the one that `annotate serve` started by default")]
    token: Annotated[
        Path | None,
        typer.Option(help="file (mode 600) with an access token; else $LABEL_STUDIO_API_KEY or the own server's"),
    ]
    data: Annotated[
        Path | None,
        typer.Option(help="folder of the own server's database; $CASETRACE_LABEL_STUDIO_DATA when not given"),
    ]
    timeout: Annotated[float, typer.Option(help="seconds that one call may take")]


NOT_GIVEN = Server(url="", token=None, data=None, timeout=120.0)


def on_server(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the options --url, --token, --data and --timeout, and hand them to it as `server`."""

    @wraps(command)
    def run(**given: Any) -> None:
        command(server=Server(**{name: given.pop(name) for name in Server._fields}), **given)

    kinds = get_type_hints(command, include_extras=True) | get_type_hints(Server, include_extras=True)
    own = [row.replace(annotation=kinds[name]) for name, row in signature(command).parameters.items()]
    options = [
        Parameter(name, Parameter.KEYWORD_ONLY, default=default, annotation=kinds[name])
        for name, default in NOT_GIVEN._asdict().items()
    ]
    rows = [row for row in own if row.name != "server"] + options
    run.__signature__ = Signature(rows)  # type: ignore[attr-defined]
    run.__annotations__ = {row.name: row.annotation for row in rows}
    return run


def say(line: str) -> None:
    """A message to the person at the terminal."""
    print(f"casetrace: {line}", file=sys.stderr, flush=True)


def connect(server: Server) -> Client:
    """The server at `url`, or the one that runs on this machine; raises `CasetraceError` without address or token."""
    from casetrace.labelstudio.client import TOKEN_VARIABLE, Client, read_token
    from casetrace.labelstudio.server import data_folder, login_of
    from casetrace.types import CasetraceError

    folder = server.data or data_folder()
    own = own_url(folder)
    address = server.url or own
    if not address:
        raise CasetraceError("no server runs on this machine; start one with `casetrace annotate serve`, or give the"
                             " address of another with --url")  # fmt: skip
    secret = read_token(server.token) or (login_of(folder).token if address.rstrip("/") == own else None)
    if not secret:
        raise CasetraceError(f"{address}: no access token; put it into a file that only you can read and give --token"
                             f" FILE, or into ${TOKEN_VARIABLE}")  # fmt: skip
    return Client(address, secret, timeout=server.timeout)


def own_url(folder: Path) -> str:
    """The address at which `annotate serve` last started its server."""
    file = folder / SERVER_FILE
    return str(json.loads(file.read_text("utf-8"))["url"]) if file.is_file() else ""
