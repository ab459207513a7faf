"""A real Label Studio for these tests: installed once, its database made once, a copy for each server."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from casetrace.labelstudio.client import Client
from casetrace.labelstudio.server import (
    EXECUTABLE_VARIABLE,
    VERSION,
    Running,
    cache_folder,
    executable,
    free_port,
    login_of,
    running,
)
from casetrace.types import CasetraceError

CHROMIUM = ("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome")


@pytest.fixture(scope="session")
def prepared() -> Path:
    """A data folder whose database is made, which takes half a minute; kept between runs."""
    try:
        program = executable(tell=print)
    except CasetraceError as error:
        pytest.skip(f"no Label Studio: {error}")
    os.environ[EXECUTABLE_VARIABLE] = str(program)
    folder = cache_folder() / f"test-data-{VERSION}"
    if not (folder / "complete").is_file():
        shutil.rmtree(folder, ignore_errors=True)
        with running(folder, port=free_port(), tell=print):
            pass
        (folder / "complete").touch()
    return folder


@pytest.fixture
def data(prepared: Path, tmp_path: Path) -> Path:
    """A data folder for one server, with users of its own."""
    return Path(shutil.copytree(prepared, tmp_path / "label-studio"))


@pytest.fixture(scope="module")
def server(prepared: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """One server for all tests of a file."""
    folder = Path(shutil.copytree(prepared, tmp_path_factory.mktemp("server") / "label-studio"))
    with running(folder, port=free_port(), tell=print) as found:
        yield found


@pytest.fixture(scope="module")
def client(server: Running) -> Iterator[Client]:
    """The first user's connection to that server."""
    with Client(server.url, login_of(server.data).token) as found:
        yield found


@pytest.fixture(scope="session")
def chromium() -> str:
    """The browser's program."""
    found = next((path for path in CHROMIUM if Path(path).is_file()), None)
    if found is None:
        pytest.skip("no Chromium: install it, for example with `apt-get install chromium`")
    return found
