"""Training on what annotators saved while they work: a new pipeline takes over only if it is better on dev."""

from __future__ import annotations

import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from casetrace import jsonl
from casetrace.corpus import ManifestEntry, read_manifest, read_split
from casetrace.evaluate import evaluate
from casetrace.evaluate.cases import predict
from casetrace.gold import Gold
from casetrace.types import Annotation, CasetraceError, Document

LEVELS = ("entities", "events", "arguments", "coreference, CoNLL")
"""What is averaged to tell the better of two pipelines."""

Pair = tuple[Document, Annotation]


def write_corpus(root: Path, work: Iterable[Pair], into: Path) -> int:
    """A corpus folder with the texts of `root`, and the work as more training texts; returns how many those are.

    Work on dev and test texts is left out: what a pipeline is measured on, it must not learn from.
    """
    shutil.copytree(root / "corpus", into / "corpus", dirs_exist_ok=True)
    shutil.copytree(root / "annotations", into / "annotations", dirs_exist_ok=True)
    manifest = read_manifest(root)
    train = {annotation.doc_id: annotation for _, annotation in read_split(root, "train")}
    added = 0
    for document, annotation in work:
        if document.id in manifest and manifest[document.id].split != "train":
            continue
        manifest[document.id] = _entry(document)
        train[document.id] = annotation
        (into / "corpus" / "texts" / f"{document.id}.txt").write_bytes(document.text.encode("utf-8"))
        added += 1
    jsonl.write(manifest.values(), into / "corpus" / "manifest.jsonl")
    jsonl.write(train.values(), into / "annotations" / "train.jsonl")
    return added


FINE_TUNING = ("--optimiser.epochs", "3", "--optimiser.encoder_rate", "1e-4", "--optimiser.head_rate", "3e-4")
"""Few epochs at a third of the usual rates: the model has seen the corpus, and must not forget it over the new work."""


def run_training(
    config: Path, root: Path, output: Path, *, start: Path | None = None, options: Sequence[str] = ()
) -> None:
    """Train in a process of its own, so that the server goes on answering; raises `CasetraceError` if it fails.

    With `start`, a trained pipeline, its weights are fine-tuned; without, training begins at the pretrained encoder.
    """
    command = [sys.executable, "-m", "casetrace", "train", str(config), "-o", str(output), "--paths.root", str(root),
               "--paths.checkpoint", str(output.with_suffix(".pt"))]  # fmt: skip
    command += ["--paths.start", str(start), *FINE_TUNING] if start else []
    done = subprocess.run([*command, *options], capture_output=True, text=True, check=False)
    if done.returncode:
        raise CasetraceError(f"training failed: {done.stderr.strip().splitlines()[-1:]}")


def dev_score(model: Path | str | None, root: Path) -> float:
    """Mean F1 of a pipeline over LEVELS on the dev split."""
    gold = [Gold(document, annotation) for document, annotation in read_split(root, "dev")]
    figures = evaluate(predict(gold, system=str(model) if model else None), resamples=1).overall
    return sum(figures[level].value for level in LEVELS) / len(LEVELS)


class Trainer:
    """Counts saved work and trains in the background, one training at a time."""

    def __init__(self, train: Callable[[], None], *, after: int) -> None:
        self._train, self._after, self._saved = train, after, 0
        self._busy = threading.Lock()

    def saved(self) -> None:
        """One more annotation was saved."""
        self._saved += 1
        if self._saved >= self._after:
            self.start()

    def start(self) -> None:
        """Train now, unless a training runs."""
        if self._busy.acquire(blocking=False):
            self._saved = 0
            threading.Thread(target=self._run, daemon=True).start()

    def _run(self) -> None:
        try:
            self._train()
        finally:
            self._busy.release()


def _entry(document: Document) -> ManifestEntry:
    return ManifestEntry(
        id=document.id, split="train", title=document.title, published=document.published, genre="annotated",
        country="", family=document.id, words=len(document.text.split()), sha256=document.sha256,
    )  # fmt: skip
