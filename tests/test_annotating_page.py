"""docs/annotating.md names commands and pictures that are there, and every command."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from casetrace.cli.annotate import annotate

DOCS = Path(__file__).parents[1] / "docs"
PAGE = (DOCS / "annotating.md").read_text("utf-8")
COMMANDS = {str(command.name) for command in annotate.registered_commands}
OF_THE_CORPUS = {"check", "stats", "show", "add"}


def test_every_command_is_told_and_is_there() -> None:
    assert set(re.findall(r"`(?:casetrace )?annotate (\w+)", PAGE)) == COMMANDS - OF_THE_CORPUS


@pytest.mark.parametrize("picture", re.findall(r"\]\((pictures/[^)]+)\)", PAGE))
def test_every_picture_is_there(picture: str) -> None:
    assert (DOCS / picture).is_file()
