"""`casetrace annotate serve`: a Label Studio with the project and the model, ready for annotators."""

from __future__ import annotations

import json
import signal
import threading
import time
import webbrowser
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from casetrace.cli.annotate import annotate
from casetrace.cli.annotate.connection import SERVER_FILE, Server, Title, connect, on_server, say
from casetrace.cli.extra import extra

if TYPE_CHECKING:
    from casetrace.labelstudio.backend import Model
    from casetrace.labelstudio.client import Client
    from casetrace.labelstudio.page import Step
    from casetrace.retrain import Trainer

StepOption = Annotated[
    str, typer.Option(help="what annotators do: all; or first spans (and modality), later links between agreed spans")
]
Overlap = Annotated[int, typer.Option(min=1, help="annotators for each document, who do not see each other's work")]


@annotate.command("serve")
@extra("annotate")
@on_server
def serve_cli(
    server: Server,
    port: Annotated[int, typer.Option(help="port of the server on this machine")] = 8080,
    title: Title = "casetrace",
    step: StepOption = "all",
    overlap: Overlap = 1,
    model: Annotated[str, typer.Option(help="pipeline that pre-labels tasks as they open; `none` for none")] = "",
    model_port: Annotated[int, typer.Option(help="port of the model; 0 is any free one")] = 0,
    model_address: Annotated[str, typer.Option(help="with --url: address of this machine as that server sees it")] = "",
    guidelines: Annotated[Path, typer.Option(help="Markdown shown to annotators")] = Path("annotations/GUIDELINES.md"),
    retrain: Annotated[
        Path | None, typer.Option(help="training config; fine-tune on saved work, answer with the better model")
    ] = None,
    retrain_after: Annotated[int, typer.Option(min=1, help="saved annotations between two trainings")] = 50,
    browser: Annotated[bool, typer.Option(help="open the project in the browser")] = True,
) -> None:
    """Start Label Studio (installed on first use) with project and model, or set both up on a server that runs."""
    import casetrace.labelstudio.backend  # noqa: F401  (a missing extra is told before a server is installed)
    from casetrace.labelstudio.server import data_folder, login_of, running

    found_step, own = check_step(step), not server.url
    with ExitStack() as stack:
        if own:
            folder = server.data or data_folder()
            started = stack.enter_context(running(folder, port=port, tell=say))
            (folder / SERVER_FILE).write_text(json.dumps({"url": started.url}), "utf-8")
            server = server._replace(url=started.url)
            login = login_of(folder)
            say(f"Label Studio at {server.url}, log in as {login.email} with the password in {folder / 'login.json'}")
        client = stack.enter_context(connect(server))
        address = open_project(client, title, step=found_step, overlap=overlap, guidelines=guidelines)
        helper = _load(model)
        if helper is not None:
            at = _answer(helper, found_step, model_port, "0.0.0.0" if model_address else "127.0.0.1",
                         _trainer(client, title, helper, model or None, retrain, retrain_after))  # fmt: skip
            _connect_model(client, title, model_address or at, helper)
        say(f"annotate at {address}?labeling=1 (Ctrl-C ends)")
        if browser:
            webbrowser.open(address)
        if own or helper is not None:
            _wait()


def check_step(step: str) -> Step:
    """The step with this name; raises `CasetraceError` naming those that are there."""
    from casetrace.labelstudio.page import STEPS
    from casetrace.types import CasetraceError

    if step not in STEPS:
        raise CasetraceError(f"--step {step}: not known; there is: {', '.join(STEPS)}")
    return step


def open_project(client: Client, title: str, *, step: Step, overlap: int, guidelines: Path) -> str:
    """Make the project unless it is there, and return the address at which its tasks are labelled."""
    from markdown_it import MarkdownIt

    from casetrace.labelstudio.project import find_project, make_project

    project = find_project(client, title)
    if project is None:
        text = guidelines.read_text("utf-8") if guidelines.is_file() else ""
        project = make_project(client, title, step=step, overlap=overlap, guide=MarkdownIt().render(text))
    return f"{client.url}/projects/{project.id}/data"


def _load(model: str) -> Model | None:
    from casetrace.labelstudio.backend import model_at
    from casetrace.types import CasetraceError

    if model == "none":
        return None
    try:
        return model_at(model or None)
    except CasetraceError as error:
        if model:
            raise
        say(f"no model pre-labels the tasks: {error}")
        return None


def _trainer(
    client: Client, title: str, model: Model, path: str | None, config: Path | None, after: int
) -> Trainer | None:
    """Trains on corpus and saved work, in the folder that the command was started in."""
    if config is None:
        return None
    from casetrace.extraction import load
    from casetrace.labelstudio.backend import model_at
    from casetrace.labelstudio.project import get_project
    from casetrace.labelstudio.pull import pull
    from casetrace.retrain import Trainer, dev_score, run_training, write_corpus
    from casetrace.types import CasetraceError

    current = [path]

    def train() -> None:
        try:
            attempt()
        except (CasetraceError, OSError) as error:
            say(f"no new model: {error}")

    def attempt() -> None:
        found = pull(client, get_project(client, title))
        work = [(item.document, item.annotation) for item in found.work if item.document and item.annotation]
        folder = Path("build") / f"retrain-{time.strftime('%Y%m%d-%H%M%S')}"
        say(f"training on {write_corpus(Path(), work, folder / 'data')} annotated documents and the corpus")
        run_training(config, folder / "data", folder / "model", start=load(current[0]).path)
        old, new = dev_score(current[0], Path()), dev_score(folder / "model", Path())
        say(f"dev: {old:.3f} before, {new:.3f} now; {'the new' if new > old else 'the old'} model answers")
        if new > old:
            current[0] = str(folder / "model")
            fresh = model_at(current[0])
            model.swap(fresh.predict, fresh.name)

    return Trainer(train, after=after)


def _answer(model: Model, step: Step, port: int, host: str, trainer: Trainer | None) -> str:
    """Serve the model in the background; returns its address."""
    import uvicorn

    from casetrace.labelstudio.backend import make_app
    from casetrace.labelstudio.server import free_port

    port = port or free_port()
    on_saved, train = (trainer.saved, trainer.start) if trainer else (None, None)
    app = make_app(model, step=step, on_saved=on_saved, train=train)
    server = uvicorn.Server(uvicorn.Config(app, host=host, port=port, log_level="warning"))
    threading.Thread(target=server.run, daemon=True).start()
    return f"http://127.0.0.1:{port}"


def _connect_model(client: Client, title: str, address: str, model: Model) -> None:
    from casetrace.labelstudio.backend import connect as connect_model
    from casetrace.labelstudio.project import get_project

    connect_model(client, get_project(client, title).id, address, title=model.name)
    say(f"{model.name} pre-labels each task as it opens")


def _wait() -> None:
    """Until Ctrl-C or the system asks to end, so that the server is stopped too."""
    for sent in (signal.SIGTERM, signal.SIGINT):  # a shell's background job inherits SIGINT as ignored
        signal.signal(sent, signal.default_int_handler)
    try:
        threading.Event().wait()
    except KeyboardInterrupt:
        say("stopping")
