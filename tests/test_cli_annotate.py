"""The commands of `casetrace annotate` as a group: all are there, share their options, and load nothing before use."""

from __future__ import annotations

import importlib
import subprocess
import sys

from typer.main import get_command
from typer.testing import CliRunner

import casetrace.cli.annotate
from casetrace.cli import app

ON_SERVER = ("adjudicate", "migrate", "pull", "push", "serve", "users")


def test_the_group_keeps_its_commands_when_its_package_is_run_again() -> None:
    before = set(get_command(app).commands["annotate"].commands)  # type: ignore[attr-defined]
    importlib.reload(casetrace.cli.annotate)
    assert set(get_command(app).commands["annotate"].commands) == before > set(ON_SERVER)  # type: ignore[attr-defined]


def test_commands_that_speak_to_a_server_share_their_options() -> None:
    commands = get_command(app).commands["annotate"].commands  # type: ignore[attr-defined]
    for name in ON_SERVER:
        options = {option.name: option for option in commands[name].params}
        assert [options[key].default for key in ("url", "token", "data", "timeout")] == ["", None, None, 120.0]
        assert "server" not in options


def test_a_command_is_given_its_server() -> None:
    told = CliRunner().invoke(app, ["annotate", "users", "--url", "nonsense", "--token", "no-such-file"])
    assert "no-such-file: no such file" in str(told.exception)


def test_help_loads_no_library_of_the_extras() -> None:
    code = "import sys, casetrace.cli; print(*{'label_studio_sdk', 'httpx', 'pandas', 'spacy'} & set(sys.modules))"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == ""
