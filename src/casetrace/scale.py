"""Extraction on Ray: many machines, or many processes of which one may die without taking the batch with it."""

from __future__ import annotations

import logging
import os
import secrets
import sys
from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from spacy.util import minibatch

from casetrace.extraction import BATCH, Extraction, cores_for, extract_batch, find_model
from casetrace.types import CasetraceError, Document, Rejection

AHEAD = 3
"""Batches under way for each job: enough that no worker waits, few enough that memory does not grow with the input."""


ALONE = {
    "RAY_USAGE_STATS_ENABLED": "0",  # it would send figures about its use to its makers
    "RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER": "0",  # off: it listens on the loopback address alone, on Linux too
    "RAY_AUTH_MODE": "token",
    "RAY_AUTH_TOKEN": secrets.token_hex(32),
}
"""What keeps a Ray of one's own to oneself: no report, no port that another machine or user could use.

A program that imports Ray before it calls `extract_on_ray` sets Ray up as it likes.
"""


def extract_on_ray(
    documents: Iterable[Document], *, model: Path | str | None = None, jobs: int = 1
) -> Iterator[Extraction | Rejection]:
    """Yield what `casetrace.extract` yields, in the same order, worked out by `jobs` Ray tasks at a time.

    $RAY_ADDRESS names a cluster, on whose machines casetrace and the model must lie where they lie here; without it
    Ray runs on this machine alone (see `ALONE`). A batch whose worker dies is tried again document by document,
    and a document that a worker dies on is rejected with the reason. Raises `CasetraceError` when Ray is not installed
    or cannot be reached.
    """
    with _ray(jobs) as ray:
        work = ray.remote(num_cpus=1, max_retries=0)(extract_batch)
        place, threads = str(Path(find_model(model)).resolve()) if model else None, cores_for(jobs)
        waiting: deque[tuple[list[Document], Any]] = deque()
        for batch in minibatch(documents, BATCH):
            waiting.append((batch, work.remote(batch, place, threads)))
            if len(waiting) >= AHEAD * jobs:
                yield from _outcome(ray, work, *waiting.popleft(), place, threads)
        for batch, pending in waiting:
            yield from _outcome(ray, work, batch, pending, place, threads)


def _outcome(
    ray: Any, work: Any, batch: list[Document], pending: Any, place: str | None, threads: int
) -> Iterator[Extraction | Rejection]:
    try:
        yield from ray.get(pending)
    except ray.exceptions.RayError:
        for document in batch:
            yield _alone(ray, work.remote([document], place, threads), document)


def _alone(ray: Any, pending: Any, document: Document) -> Extraction | Rejection:
    try:
        found: Extraction | Rejection = ray.get(pending)[0]
        return found
    except ray.exceptions.RayError as error:
        first = str(error).strip().splitlines()[0]
        return Rejection(source=document.id, reason=f"its worker died: {type(error).__name__}: {first}")


@contextmanager
def _ray(jobs: int) -> Iterator[Any]:
    """Ray as the caller has it running, the cluster of $RAY_ADDRESS, or one of this machine's own until the end."""
    address = os.environ.get("RAY_ADDRESS")
    if not address and "ray" not in sys.modules:  # Ray reads these as it is imported
        os.environ |= ALONE
    try:
        import ray
    except ImportError as error:
        raise CasetraceError("--engine ray needs its package: pip install 'casetrace[scale]'") from error
    if ray.is_initialized():
        yield ray
        return
    here: dict[str, Any] = {} if address else {"num_cpus": jobs, "include_dashboard": False}
    try:
        ray.init(address=address or "local", log_to_driver=False, logging_level=logging.ERROR, **here)
    except (ConnectionError, ValueError, RuntimeError) as error:
        raise CasetraceError(f"Ray cannot be reached at {address or 'this machine'}: {error}") from error
    try:
        yield ray
    finally:
        ray.shutdown()
