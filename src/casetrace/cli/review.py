"""`casetrace review`: a page on this machine on which a person judges which records are about one subject."""

from __future__ import annotations

import getpass
import sys
from pathlib import Path
from typing import Annotated

import typer

from casetrace.cli import app
from casetrace.cli.paths import check_paths


@app.command("review")
def review_cli(
    records: Annotated[str, typer.Argument(help="records.jsonl")],
    documents: Annotated[list[str], typer.Argument(help="what they were extracted from: files, folders, .jsonl")],
    judgements: Annotated[
        Path, typer.Option("-j", "--judgements", help="file that every verdict is added to; taken up where it exists")
    ] = Path("judgements.jsonl"),
    by: Annotated[str, typer.Option(help="who judges, as it is to stand in the file")] = "",
    port: Annotated[int, typer.Option(min=1, max=65535, help="port on 127.0.0.1")] = 8070,
) -> None:
    """Show pairs of records side by side, with their words in the text, to be judged with a click; Ctrl-C ends it."""
    check_paths([records, *documents], [judgements])
    from casetrace.types import CasetraceError

    try:
        import uvicorn

        from casetrace.review import Desk, make_app
    except ModuleNotFoundError as error:
        raise CasetraceError(f"{error.name} is not installed: pip install 'casetrace[review]'") from error
    from casetrace import jsonl
    from casetrace.read import read
    from casetrace.types import CaseRecord, Document

    texts = [item for item in read(documents) if isinstance(item, Document)]
    desk = Desk(jsonl.read(records, CaseRecord), texts, judgements=judgements, by=by or getpass.getuser())
    print(f"casetrace: {len(desk.pairs())} pairs, on http://127.0.0.1:{port}; Ctrl-C ends it", file=sys.stderr)
    uvicorn.run(make_app(desk), host="127.0.0.1", port=port, log_level="warning", access_log=False)
