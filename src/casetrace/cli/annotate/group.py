"""The group of commands `casetrace annotate`.

In a file of its own: the package of the commands may be run twice, as pytest does with one that its parent imports, and
a second group would then stand before the commands of the first.
"""

from __future__ import annotations

import typer

from casetrace.cli import app

annotate = typer.Typer(name="annotate", help="Label texts: check, count, and work with a Label Studio server.",
                       no_args_is_help=True, rich_markup_mode=None)  # fmt: skip
app.add_typer(annotate)
