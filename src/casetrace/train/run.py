"""A training run: what it is given, and where it stands."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from hashlib import sha256

from casetrace.train.config import TrainConfig
from casetrace.train.examples import Reader
from casetrace.types import Annotation, Document

Pair = tuple[Document, Annotation]


@dataclass
class Progress:
    """Where a run stands: what a checkpoint holds beside the weights."""

    epoch: int = 0
    steps: int = 0
    best: float = -1.0
    best_epoch: int = 0
    seconds: float = 0.0


@dataclass
class Run:
    """One training run."""

    config: TrainConfig
    reader: Reader
    train: list[Pair]
    silver: list[Pair]
    dev: dict[str, list[Pair]]
    fingerprint: str
    report: Callable[[str], None]


def fingerprint(pairs: Iterable[Pair]) -> str:
    """SHA-256 over texts and annotation, in order of document id."""
    whole = sha256()
    for document, annotation in sorted(pairs, key=lambda pair: pair[0].id):
        whole.update(document.sha256.encode())
        whole.update(annotation.model_dump_json().encode())
    return whole.hexdigest()
