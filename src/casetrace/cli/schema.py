"""`casetrace schema`: the JSON Schemas of what flows."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from casetrace.cli import app


@app.command("schema")
def schema_cli(
    name: Annotated[str, typer.Argument(help="a type such as CaseRecord; without it, all of them")] = "",
) -> None:
    """Print the JSON Schema of documents, annotations, records and dossiers."""
    from casetrace import types
    from casetrace.types import CasetraceError

    kinds = {kind.__name__: kind for kind in types.Frozen.__subclasses__() if kind.__name__ in types.__all__}
    if name and name not in kinds:
        raise CasetraceError(f"no type is called {name!r}; there are {', '.join(kinds)}")
    chosen = {name: kinds[name]} if name else kinds
    print(json.dumps({kind: value.model_json_schema() for kind, value in chosen.items()}, indent=2))
