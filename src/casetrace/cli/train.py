"""`casetrace train`: a pipeline from annotation."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from casetrace.cli import app
from casetrace.cli.extra import extra


@app.command("train", context_settings={"allow_extra_args": True, "ignore_unknown_options": True})
def train_cli(
    context: typer.Context,
    config: Annotated[Path, typer.Argument(help="training config, such as models/config.cfg")],
    output: Annotated[str, typer.Option("--output", "-o", help="folder for the pipeline")] = "",
    hrdsattack: Annotated[str, typer.Option(help="folder of the HRDsAttack data, for the external annotation")] = "",
) -> None:
    """Train the pipeline; `--section.name VALUE` overrides a value of the config."""
    with extra("train"):
        from casetrace.train import read_config, train
    overrides = _overrides(context.args)
    overrides |= {f"paths.{name}": value for name, value in (("output", output), ("hrdsattack", hrdsattack)) if value}
    print(train(read_config(config, overrides), report=lambda line: print(line, file=sys.stderr, flush=True)))


def _overrides(arguments: list[str]) -> dict[str, Any]:
    from spacy.cli._util import parse_config_overrides

    for name in arguments:
        if name.startswith("--") and "." not in name:
            raise typer.BadParameter(f"{name} is no option of train, nor a value of the config (--section.name VALUE)")
    return parse_config_overrides(arguments, env_var=None)
