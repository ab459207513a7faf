"""The encoder: one pass of a small transformer in ONNX writes the vector of every word to `doc.tensor`.

A window is run by itself, never in a batch with others, so the numbers do not depend on batch size, threads or
processes; threads run windows side by side.
"""

from __future__ import annotations

import os
from bisect import bisect
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import srsly  # type: ignore[import-untyped]
from spacy.language import Language
from spacy.tokens import Doc
from tokenizers import Tokenizer

from casetrace.components.pieces import MOST_PIECES, Lexicon, Window, Words, window_inputs, windows
from casetrace.components.settings import at_least
from casetrace.types import CasetraceError

Floats = npt.NDArray[np.float32]
Job = tuple[int, Words, Window]
Started = tuple[list[Doc], list[Job], Iterable[Floats]]
MOST_AT_ONCE = 32  # documents; the vectors of a batch are in memory together


@Language.factory(
    "casetrace_encoder",
    assigns=["doc.tensor"],
    default_config={"size": 192, "context": 24, "threads": 0},
)
def make_encoder(nlp: Language, name: str, size: int, context: int, threads: int) -> Encoder:
    """Windows of `size` word pieces with `context` pieces of overlap; `threads` 0 means every core.

    Raises `CasetraceError` where a word, its context and the two marks at the edges would not fit a window.
    """
    at_least(context, 0, setting=f"{name}: context")
    at_least(threads, 0, setting=f"{name}: threads")
    at_least(size, context + MOST_PIECES + 2, setting=f"{name}: size (with context {context})")
    return Encoder(name, size=size, context=context, threads=threads)


def cores() -> int:
    """How many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class Encoder:
    """Word vectors for all later components."""

    _session: Any
    _lexicon: Any
    _pool: ThreadPoolExecutor | None
    _pool_of: int

    def __init__(self, name: str, *, size: int, context: int, threads: int) -> None:
        self.name, self.size, self.context, self.threads = name, size, context, threads
        self.graph = b""
        self.tokenizer = ""
        self._forget()

    def __call__(self, doc: Doc) -> Doc:
        """Write the vectors of one document."""
        return next(iter(self.pipe([doc])))

    def pipe(self, stream: Iterable[Doc], *, batch_size: int = 64) -> Iterator[Doc]:
        """Write the vectors of each document; threads are at the next batch while later components have this one."""
        documents = iter(stream)
        ahead: Started | None = None
        while batch := list(islice(documents, min(batch_size, MOST_AT_ONCE))):
            ahead, ready = self._start(batch), ahead
            if ready is not None:
                yield from _finish(*ready)
        if ahead is not None:
            yield from _finish(*ahead)

    def words(self, doc: Doc) -> Words:
        """The word pieces of a document, as every component sees them."""
        return self._open()[0].words(doc)

    def _start(self, batch: list[Doc]) -> Started:
        jobs: list[Job] = []
        for number, doc in enumerate(batch):
            words = self.words(doc)
            jobs += [(number, words, window) for window in windows(words, size=self.size, context=self.context)]
        return batch, jobs, self._run_all(jobs)

    def _run_all(self, jobs: list[Job]) -> Iterable[Floats]:
        if self._workers() == 1:
            return (self._run(words, window) for _, words, window in jobs)
        if self._pool is None or self._pool_of != os.getpid():
            self._pool, self._pool_of = ThreadPoolExecutor(self._workers()), os.getpid()
        return self._pool.map(lambda job: self._run(job[1], job[2]), jobs)

    def _workers(self) -> int:
        return self.threads or cores()

    def _run(self, words: Words, window: Window) -> Floats:
        lexicon, session = self._open()
        ids, shapes, first, last = window_inputs(lexicon, words, window)
        feed = {"ids": ids, "shapes": shapes, "first": first, "last": last}
        return np.asarray(session.run(None, feed)[0])

    def _open(self) -> tuple[Lexicon, Any]:
        if self._session is None:
            if not self.graph:
                raise CasetraceError(f"the component {self.name!r} is not trained; load a trained pipeline")
            self._lexicon = Lexicon(Tokenizer.from_str(self.tokenizer))
            self._session = self._fitting(_session(self.graph))
        return self._lexicon, self._session

    def _fitting(self, session: Any) -> Any:
        """The session, once it has read a window of `size` pieces."""
        if not _reads(session, self.size):
            most = bisect(range(self.size), False, key=lambda size: not _reads(session, size + 1))
            raise CasetraceError(
                f"{self.name}: size is {self.size}, but the model was exported for windows of at most {most} pieces; "
                f"set size to {most} or less, or train with encoder.size {self.size}"
            )
        return session

    def take(self, graph: bytes, tokenizer: str) -> Encoder:
        """Run this ONNX graph behind this tokenizer (the text of its tokenizer.json) from now on."""
        self.graph, self.tokenizer = graph, tokenizer
        self._forget()
        return self

    def _forget(self) -> None:
        self._session = self._lexicon = self._pool = None
        self._pool_of = 0

    def __getstate__(self) -> dict[str, Any]:
        kept = ("name", "size", "context", "threads", "graph", "tokenizer")
        return {key: getattr(self, key) for key in kept}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        self._forget()

    def to_bytes(self, *, exclude: Iterable[str] = ()) -> bytes:
        """Graph and tokenizer as one block."""
        return bytes(srsly.msgpack_dumps({"graph": self.graph, "tokenizer": self.tokenizer}))

    def from_bytes(self, data: bytes, *, exclude: Iterable[str] = ()) -> Encoder:
        """Take what `to_bytes` gave."""
        held = srsly.msgpack_loads(data)
        return self.take(held["graph"], held["tokenizer"])

    def to_disk(self, path: Path | str, *, exclude: Iterable[str] = ()) -> None:
        """Write PATH/encoder.onnx and PATH/tokenizer.json."""
        folder = Path(path)
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "encoder.onnx").write_bytes(self.graph)
        (folder / "tokenizer.json").write_text(self.tokenizer, encoding="utf-8")

    def from_disk(self, path: Path | str, *, exclude: Iterable[str] = ()) -> Encoder:
        """Read what `to_disk` wrote."""
        return self.take((Path(path) / "encoder.onnx").read_bytes(), (Path(path) / "tokenizer.json").read_text("utf-8"))


def _finish(batch: list[Doc], jobs: list[Job], results: Iterable[Floats]) -> list[Doc]:
    parts: list[list[Floats]] = [[] for _ in batch]
    for (number, _, _), vectors in zip(jobs, results, strict=True):
        parts[number].append(vectors)
    for doc, vectors_of in zip(batch, parts, strict=True):
        doc.tensor = np.concatenate(vectors_of) if vectors_of else np.zeros((0, 0), np.float32)
    return batch


def _reads(session: Any, size: int) -> bool:
    """Whether a window of so many pieces goes through the graph, which has a vector for each place up to its size."""
    import onnxruntime  # type: ignore[import-untyped]

    quiet = onnxruntime.RunOptions()
    quiet.log_severity_level = 4
    pieces, word = np.zeros(size, np.int64), np.zeros(1, np.int64)
    try:
        session.run(None, {"ids": pieces, "shapes": pieces, "first": word, "last": word}, quiet)
    except Exception:  # the errors of onnxruntime have no class of their own in common
        return False
    return True


def _session(graph: bytes) -> Any:
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(graph, options, providers=["CPUExecutionProvider"])
