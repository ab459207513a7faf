"""Extraction on Ray: many machines, or many processes of which one may die without taking the batch with it."""

from __future__ import annotations

import logging
import os
import secrets
import socket
import sys
from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from spacy.util import minibatch

from casetrace.extraction import BATCH, Extraction, extract_batch, find_model
from casetrace.types import CasetraceError, Document, Rejection

AHEAD = 3
"""Batches handed out for each job: enough that no worker waits, few enough that memory does not grow with the input."""
PATIENCE = 10.0
"""Seconds to wait for a cluster's first answer; Ray itself would wait for minutes and say nothing."""
ALONE = {
    "RAY_USAGE_STATS_ENABLED": "0",  # it would send figures about its use to its makers
    "RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER": "0",  # off: it listens on the loopback address alone, on Linux too
    "RAY_AUTH_MODE": "token",
    "RAY_AUTH_TOKEN": secrets.token_hex(32),
}
"""What keeps a Ray of one's own to oneself: no report, no port that another machine or user could use."""


def extract_on_ray(
    documents: Iterable[Document], *, model: Path | str | None = None, jobs: int = 1
) -> Iterator[Extraction | Rejection]:
    """Yield what `casetrace.extract` yields, in the same order, worked out by Ray; each task takes one core.

    $RAY_ADDRESS names a cluster, on whose machines casetrace and the model must lie where they lie here; without it
    Ray runs `jobs` tasks at a time on this machine alone (see `ALONE`). A batch whose worker dies is tried again
    document by document, and a document that a worker dies on is rejected with the reason. Raises `CasetraceError` when
    Ray is not installed or cannot be reached, or when a worker finds no pipeline.
    """
    place = find_model(model)
    place = str(Path(place).resolve()) if Path(place).exists() else place
    with _ray(jobs) as ray:
        work = ray.remote(num_cpus=1, max_retries=0)(extract_batch)
        waiting: deque[tuple[list[Document], Any]] = deque()
        for batch in minibatch(documents, BATCH):
            waiting.append((batch, work.remote(batch, place, 1)))
            if len(waiting) >= AHEAD * jobs:
                batch, pending = waiting.popleft()
                yield from _outcome(ray, work, batch, pending, place)
        for batch, pending in waiting:
            yield from _outcome(ray, work, batch, pending, place)


def _outcome(
    ray: Any, work: Any, batch: list[Document], pending: Any, place: Path | str
) -> Iterator[Extraction | Rejection]:
    """What a task gave; where it failed, what a task for each of its documents gives."""
    try:
        yield from ray.get(pending)
    except ray.exceptions.RayError as error:
        _raise_mistake(error)
        for document in batch:
            yield _alone(ray, work.remote([document], place, 1), document)


def _alone(ray: Any, pending: Any, document: Document) -> Extraction | Rejection:
    try:
        found: Extraction | Rejection = ray.get(pending)[0]
        return found
    except ray.exceptions.RayTaskError as error:
        _raise_mistake(error)
        reason = f"the pipeline failed: {type(error.cause).__name__}: {error.cause}"
    except ray.exceptions.RayError as error:
        reason = f"its worker died: {type(error).__name__}"
    return Rejection(source=document.id, reason=reason)


def _raise_mistake(error: Any) -> None:
    """A user's mistake, such as a model that is not there, is no fault of a document."""
    cause = getattr(error, "cause", None)
    if isinstance(cause, CasetraceError):
        raise cause from error


@contextmanager
def _ray(jobs: int) -> Iterator[Any]:
    """Ray as the caller has it running, the cluster of $RAY_ADDRESS, or one of this machine's own until the end."""
    ray = _import_ray()
    if ray.is_initialized():
        yield ray
        return
    address = os.environ.get("RAY_ADDRESS")
    with TemporaryDirectory(prefix="casetrace-ray-", ignore_cleanup_errors=True) as folder:
        here = {} if address else {"num_cpus": jobs, "include_dashboard": False, "_temp_dir": folder}
        try:
            _begin(ray, address, here)
            yield ray
        finally:
            ray.shutdown()


def _begin(ray: Any, address: str | None, here: dict[str, Any]) -> None:
    try:
        if address:
            _answers(address)
        ray.init(address=address or "local", log_to_driver=False, logging_level=logging.ERROR, **here)
    except (OSError, ValueError, RuntimeError, ray.exceptions.RayError) as error:
        raise CasetraceError(f"Ray cannot be reached at {address or 'this machine'}: {error}") from error


def _import_ray() -> Any:
    """Ray, which reads `ALONE` as it is imported; a program that imported it before has set it up as it likes."""
    if not os.environ.get("RAY_ADDRESS") and "ray" not in sys.modules:
        os.environ |= ALONE
    try:
        import ray
    except ImportError as error:
        raise CasetraceError("--engine ray needs its package: pip install 'casetrace[scale]'") from error
    return ray


def _answers(address: str) -> None:
    """Raise `OSError` unless somebody listens at HOST:PORT; addresses of another form are Ray's to judge."""
    host, _, port = address.removeprefix("ray://").rpartition(":")
    if host and port.isdigit():
        socket.create_connection((host, int(port)), timeout=PATIENCE).close()
