"""`casetrace annotate ...`: one file for each of its commands."""

from __future__ import annotations

import typer

from casetrace.cli import app

annotate = typer.Typer(name="annotate", help="Label texts: check, count, and work with a Label Studio server.",
                       no_args_is_help=True, rich_markup_mode=None)  # fmt: skip
app.add_typer(annotate)

# Each command file adds itself to `annotate`; imported last because it needs it.
from casetrace.cli.annotate import (  # noqa: E402
    adjudicate,  # noqa: F401
    agreement,  # noqa: F401
    check,  # noqa: F401
    convert,  # noqa: F401
    manuscript,  # noqa: F401
    migrate,  # noqa: F401
    pull,  # noqa: F401
    push,  # noqa: F401
    serve,  # noqa: F401
    stats,  # noqa: F401
    users,  # noqa: F401
)
