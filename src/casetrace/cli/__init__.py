"""The command line: one file for each command, each a thin wrapper around the plain function of the same name."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from casetrace import __version__

app = typer.Typer(
    name="casetrace",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def main() -> None:
    """Run the command line; a user's mistake is one line on stderr and exit code 2, never a traceback."""
    try:
        app()
    except BrokenPipeError:
        sys.stderr.close()
    except OSError as error:
        print(f"casetrace: {error.filename or 'output'}: {error.strerror or error}", file=sys.stderr)
        sys.exit(2)
    except Exception as error:
        from casetrace.types import CasetraceError  # here, because the types cost a third of the time of `--help`

        if not isinstance(error, CasetraceError):
            raise
        print(f"casetrace: {error}", file=sys.stderr)
        sys.exit(2)


def _tell_version(wanted: bool) -> None:
    if wanted:
        print(f"casetrace {__version__}")
        raise typer.Exit


@app.callback()
def casetrace(
    version: Annotated[
        bool, typer.Option("--version", callback=_tell_version, is_eager=True, help="print the version and exit")
    ] = False,
) -> None:
    """Case records, with the words they came from, out of human-rights and labour-rights texts."""


# Each command file adds itself to `app`; imported last because it needs `app`.
from casetrace.cli import (  # noqa: E402, F401
    annotate,
    compare,
    consolidate,
    evaluate,
    explain,
    export,
    extract,
    gate,
    link,
    review,
    schema,
    show,
    train,
    verify,
)
