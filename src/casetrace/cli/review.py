"""`casetrace review`: a page on this machine on which a person judges which records are about one subject."""

from __future__ import annotations

import getpass
import socket
import sys
from collections.abc import Iterator
from pathlib import Path
from secrets import token_urlsafe
from typing import TYPE_CHECKING, Annotated

import typer

from casetrace.cli import app
from casetrace.cli.extra import extra
from casetrace.cli.extract import MAX_BYTES, MaxBytes
from casetrace.cli.paths import check_paths

if TYPE_CHECKING:
    from casetrace.types import Document


@app.command("review")
def review_cli(
    records: Annotated[str, typer.Argument(help="records.jsonl")],
    documents: Annotated[list[str], typer.Argument(help="what they were extracted from: files, folders, .jsonl")],
    judgements: Annotated[
        Path, typer.Option("-j", "--judgements", help="file that every verdict is added to; taken up where it exists")
    ] = Path("judgements.jsonl"),
    by: Annotated[str, typer.Option(help="who judges, as the file is to say; the account's name if not given")] = "",
    port: Annotated[int, typer.Option(min=1, max=65535, help="port on 127.0.0.1")] = 8070,
    max_bytes: MaxBytes = MAX_BYTES,
) -> None:
    """Show pairs of records side by side, with their words in the text, to be judged with a click; Ctrl-C ends it."""
    check_paths([records, *documents], [judgements])
    from casetrace.types import CasetraceError

    if [records, *documents].count("-") > 1:
        raise CasetraceError("- is stdin, and can be either the records or the documents")
    with extra("review"):
        import uvicorn

        from casetrace.review import Desk, make_app
    from casetrace import jsonl
    from casetrace.types import CaseRecord

    found = jsonl.read(records, CaseRecord)
    desk = Desk(found, _texts(documents, max_bytes), judgements=judgements, by=by or _account())
    key, door = token_urlsafe(16), _door(port)
    address = f"http://127.0.0.1:{port}/?key={key}"
    print(f"casetrace: {len(desk.pairs())} pairs; open {address} (Ctrl-C ends it)", file=sys.stderr)
    uvicorn.Server(uvicorn.Config(make_app(desk, key=key), log_level="warning", access_log=False)).run(sockets=[door])


def _texts(documents: list[str], max_bytes: int) -> Iterator[Document]:
    """The documents; what cannot be read is told."""
    from casetrace.read import read
    from casetrace.types import Document

    for item in read(documents, max_bytes=max_bytes):
        if isinstance(item, Document):
            yield item
        else:
            print(f"  {item.kind}: {item.source}: {item.reason}", file=sys.stderr)


def _account() -> str:
    from casetrace.types import CasetraceError

    try:
        return getpass.getuser()
    except (KeyError, OSError, ImportError) as error:
        raise CasetraceError("this account has no name; say who judges with --by") from error


def _door(port: int) -> socket.socket:
    """The port, taken before anybody is sent there."""
    from casetrace.types import CasetraceError

    door = socket.socket()
    door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        door.bind(("127.0.0.1", port))
    except OSError as error:
        raise CasetraceError(f"port {port}: {error.strerror}; name another with --port") from error
    return door
