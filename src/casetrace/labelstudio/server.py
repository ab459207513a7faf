"""A Label Studio of one's own: installed into its own environment, on SQLite and loopback, telling nobody anything."""

from __future__ import annotations

import json
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

from casetrace.types import CasetraceError

VERSION = "1.23.2"
"""The version that every call in this package was tried on."""
EXECUTABLE_VARIABLE, CACHE_VARIABLE, DATA_VARIABLE = (
    "CASETRACE_LABEL_STUDIO", "CASETRACE_CACHE", "CASETRACE_LABEL_STUDIO_DATA",
)  # fmt: skip
EMAIL = "admin@casetrace.localhost"
PORT = 8080
START_SECONDS = 180.0
BARE_NAMES = ("USERNAME", "PASSWORD", "HOST", "PORT", "DEBUG", "SECRET_KEY", "USER_TOKEN", "SENTRY_DSN")
"""Label Studio reads its settings under bare names too, where a system's USERNAME would become the log-in."""

Tell = Callable[[str], None]


class Login(NamedTuple):
    """The first user of a server."""

    email: str
    password: str
    token: str


class Running(NamedTuple):
    """A server that answers."""

    url: str
    data: Path
    process: subprocess.Popen[bytes]


def cache_folder() -> Path:
    """Where installed tools are kept: $CASETRACE_CACHE, or casetrace under the user's cache folder."""
    named = os.environ.get(CACHE_VARIABLE)
    return Path(named) if named else Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "casetrace"


def data_folder() -> Path:
    """Where the server keeps its database: $CASETRACE_LABEL_STUDIO_DATA, or under the user's data folder."""
    named = os.environ.get(DATA_VARIABLE)
    if named:
        return Path(named)
    share = Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share")
    return share / "casetrace" / "label-studio"


def executable(*, tell: Tell = print) -> Path:
    """The label-studio program: $CASETRACE_LABEL_STUDIO, or one installed on first use into its own environment.

    `tell` is given each line of progress. Raises `CasetraceError` when it cannot be installed.
    """
    named = os.environ.get(EXECUTABLE_VARIABLE)
    if named:
        if not Path(named).is_file():
            raise CasetraceError(f"${EXECUTABLE_VARIABLE}: no such file: {named}")
        return Path(named)
    folder = cache_folder() / f"label-studio-{VERSION}"
    program = folder / ("Scripts/label-studio.exe" if os.name == "nt" else "bin/label-studio")
    with _alone(folder.with_name(f"{folder.name}.lock")):
        if not (folder / "complete").is_file():
            _install(folder, tell=tell)
    return program


@contextmanager
def _alone(lock: Path) -> Iterator[None]:
    """Let one process at a time into the block; the system opens the lock again if that process dies."""
    try:
        import fcntl
    except ImportError:  # not on Windows
        yield
        return
    lock.parent.mkdir(parents=True, exist_ok=True)
    with lock.open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield


def _install(folder: Path, *, tell: Tell) -> None:
    tell(f"installing Label Studio {VERSION} into {folder} (about 1 GB, once; some minutes)")
    shutil.rmtree(folder, ignore_errors=True)  # an installation that was broken off
    folder.parent.mkdir(parents=True, exist_ok=True)
    python = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    _run([sys.executable, "-m", "venv", str(folder)], tell=tell)
    _run([str(python), "-m", "pip", "install", "--disable-pip-version-check", f"label-studio=={VERSION}"], tell=tell)
    (folder / "complete").touch()


def _run(command: list[str], *, tell: Tell) -> None:
    lines: list[str] = []
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as process:
        for line in process.stdout or ():
            lines.append(line.strip())
            if line.startswith(("Collecting", "Installing", "Successfully", "ERROR")):
                tell(line.strip()[:100])
    if process.returncode:
        raise CasetraceError(f"Label Studio could not be installed: {' / '.join(lines[-3:])}; with a server that runs"
                             " elsewhere use --url, with a program installed elsewhere set $"
                             + EXECUTABLE_VARIABLE)  # fmt: skip


def login_of(data: Path) -> Login:
    """The first user of the server with this data folder, made up at the first call; kept in a file of mode 600."""
    file = data / "login.json"
    if not file.is_file():
        data.mkdir(parents=True, exist_ok=True)
        made = Login(EMAIL, secrets.token_urlsafe(12), secrets.token_hex(20))
        with open(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as lines:
            json.dump(made._asdict(), lines)
    return Login(**json.loads(file.read_text("utf-8")))


def environment(data: Path) -> dict[str, str]:
    """The server's environment: nothing inherited that would be read as a setting, nothing sent outside."""
    login = login_of(data)
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("LABEL_STUDIO_", "HEARTEX_", "DJANGO_")) and name not in BARE_NAMES
    }
    settings = {
        "BASE_DATA_DIR": str(data), "DJANGO_DB": "sqlite", "USERNAME": login.email, "PASSWORD": login.password,
        "USER_TOKEN": login.token, "ENABLE_LEGACY_API_TOKEN": "true", "DISABLE_SIGNUP_WITHOUT_LINK": "true",
        "COLLECT_ANALYTICS": "false", "LATEST_VERSION_CHECK": "false", "SENTRY_DSN": "", "FRONTEND_SENTRY_DSN": "",
        # the model's help and its news of saved work come from this machine
        "SSRF_PROTECTION_ENABLED": "false", "ML_BLOCK_LOCAL_IP": "false",
    }  # fmt: skip
    prediction_check = {"fflag_feat_utc_210_prediction_validation_15082025": "true"}
    return kept | prediction_check | {"XDG_CONFIG_HOME": str(data / "config")} | {
        f"LABEL_STUDIO_{name}": value for name, value in settings.items()
    }  # fmt: skip


@contextmanager
def running(data: Path, *, port: int = PORT, tell: Tell = print) -> Iterator[Running]:
    """A server on loopback until the block ends; the first start makes the database, which takes half a minute."""
    _refuse_taken(port)
    program = executable(tell=tell)
    environ = environment(data)
    if not (data / "label_studio.sqlite3").exists():
        tell("first start: making the database (about half a minute)")
    with (data / "server.log").open("wb") as log:
        process = subprocess.Popen(
            [str(program), "start", "--no-browser", "--internal-host", "127.0.0.1", "--port", str(port)],
            env=environ, stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT, start_new_session=True,
        )  # fmt: skip
        try:
            yield Running(_wait(port, process, log=data / "server.log"), data, process)
        finally:
            _stop(process)


def _refuse_taken(port: int) -> None:
    """Label Studio would quietly take the next port."""
    with socket.socket() as probe:
        if probe.connect_ex(("127.0.0.1", port)) == 0:
            raise CasetraceError(f"port {port} is taken, perhaps by a server that runs already: use it with"
                                 f" --url http://127.0.0.1:{port}, or choose another with --port")  # fmt: skip


def _wait(port: int, process: subprocess.Popen[bytes], *, log: Path) -> str:
    url, end = f"http://127.0.0.1:{port}", time.monotonic() + START_SECONDS
    while time.monotonic() < end:
        if process.poll() is not None:
            raise CasetraceError(f"Label Studio stopped with {process.returncode}: {_last_line(log)}; see {log}")
        with suppress(OSError), urllib.request.urlopen(url + "/health", timeout=5) as answer:
            if answer.status == 200:
                return url
        time.sleep(0.1)
    raise CasetraceError(f"Label Studio did not answer within {START_SECONDS:g} s; see {log}")


def _last_line(log: Path) -> str:
    lines = log.read_text("utf-8", errors="replace").split("\n")
    return next((line.strip() for line in reversed(lines) if line.strip()), "nothing was said")


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(15)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def free_port() -> int:
    """A port that nobody uses at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
