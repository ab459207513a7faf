"""A real Label Studio for these tests: installed once, its database made once, a copy for each server."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from casetrace.corpus import SPLITS, read_split
from casetrace.labelstudio.client import Client
from casetrace.labelstudio.project import Project
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
from casetrace.types import Annotation, CasetraceError, Document

ROOT = Path(__file__).parents[2]
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


@pytest.fixture(scope="module")
def gold() -> list[tuple[Document, Annotation]]:
    """The whole corpus, as a model of that name would annotate it."""
    pairs = [pair for split in SPLITS for pair in read_split(ROOT, split)]
    return [(document, annotation.model_copy(update={"made_by": "gold-1"})) for document, annotation in pairs]


@pytest.fixture
def accept_all() -> Callable[[Client, Project], None]:
    """Submits every pre-annotation of a project as the token's owner."""

    def accept(client: Client, project: Project) -> None:
        client.actions.create(id="predictions_to_annotations", project=project.id, ordering=[],
                              filters={"conjunction": "and", "items": []},
                              selected_items={"all": True, "excluded": []})  # fmt: skip

    return accept


@pytest.fixture(scope="session")
def chromium() -> str:
    """The browser's program."""
    found = next((path for path in CHROMIUM if Path(path).is_file()), None)
    if found is None:
        pytest.skip("no Chromium: install it, for example with `apt-get install chromium`")
    return found
