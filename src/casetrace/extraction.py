"""Documents -> annotations and case records, in one process or several; a failing document never stops the rest."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from itertools import repeat
from pathlib import Path
from typing import NamedTuple

import spacy
from spacy.language import Language
from spacy.tokens import Doc
from spacy.util import minibatch

from casetrace.assemble import CHECK_BELOW, assemble
from casetrace.assemble.trust import calibrated
from casetrace.components.encoder import cores
from casetrace.docs import to_annotation
from casetrace.schema import check
from casetrace.types import Annotation, CaseRecord, CasetraceError, Document, Rejection

BATCH = 32


class Extraction(NamedTuple):
    """What was found in one document."""

    document: Document
    annotation: Annotation
    records: list[CaseRecord]


def find_model(path: Path | str | None = None) -> Path | str:
    """Where the pipeline is: `path`, $CASETRACE_MODEL, models/en_casetrace here or in the checkout, or the package.

    Raises `CasetraceError` when a named folder holds no pipeline.
    """
    named = path or os.environ.get("CASETRACE_MODEL")
    if named:
        if Path(named).is_dir() and not (Path(named) / "config.cfg").is_file():
            raise CasetraceError(f"{named}: no spaCy pipeline in this folder; make one with `casetrace train`")
        return named
    beside = (Path.cwd(), Path(__file__).resolve().parents[2])
    return next(
        (home / "models/en_casetrace" for home in beside if (home / "models/en_casetrace").is_dir()), "en_casetrace"
    )


@cache
def load(path: Path | str | None = None) -> Language:
    """The trained pipeline, loaded once; raises `CasetraceError` when there is none."""
    model = find_model(path)
    try:
        return spacy.load(model)
    except OSError as error:
        raise CasetraceError(f"no pipeline at {model}: {error}; give one with --model, or train one") from error


def extract(
    documents: Iterable[Document], *, model: Path | str | None = None, jobs: int = 1
) -> Iterator[Extraction | Rejection]:
    """Yield for each document, in order, what the pipeline finds in it, or the rejection that says why it failed.

    The model's name and version stand in `Annotation.made_by`. Output does not depend on `jobs`.
    """
    if jobs == 1:
        for batch in minibatch(documents, BATCH):
            yield from extract_batch(batch, model)
        return
    with ProcessPoolExecutor(jobs) as pool:
        for found in pool.map(extract_batch, minibatch(documents, BATCH), repeat(model), repeat(cores_for(jobs))):
            yield from found


def made_by(nlp: Language) -> str:
    """Name and version of a pipeline, as it signs annotations."""
    return f"{nlp.meta['lang']}_{nlp.meta['name']}-{nlp.meta['version']}"


def cores_for(jobs: int) -> int:
    """How many threads each of several processes gets: together they have the cores of this machine, each at least one.

    >>> cores_for(10_000)
    1
    """
    return max(1, cores() // jobs)


def extract_batch(
    batch: Iterable[Document], model: Path | str | None, threads: int = 0
) -> list[Extraction | Rejection]:
    """The outcome for each document of a batch, worked out in this process; `threads` 0 is what the pipeline has."""
    nlp = load(model)
    if threads and "casetrace_encoder" in nlp.pipe_names:
        nlp.get_pipe("casetrace_encoder").threads = threads  # type: ignore[attr-defined]
    batch = list(batch)
    try:
        docs = list(nlp.pipe(document.text for document in batch))
    except Exception:  # one of them fails: find out which, and keep the others
        return [_extract_alone(document, nlp) for document in batch]
    return [_finish(document, doc, nlp) for document, doc in zip(batch, docs, strict=True)]


def _extract_alone(document: Document, nlp: Language) -> Extraction | Rejection:
    try:
        doc = nlp(document.text)
    except Exception as error:
        return Rejection(source=document.id, reason=f"the pipeline failed: {type(error).__name__}: {error}")
    return _finish(document, doc, nlp)


def _finish(document: Document, doc: Doc, nlp: Language) -> Extraction | Rejection:
    try:
        annotation = check(to_annotation(doc, document=document, made_by=made_by(nlp)), document)
        return Extraction(document, annotation, _records(document, annotation, nlp))
    except Exception as error:
        return Rejection(source=document.id, reason=f"no records could be made: {type(error).__name__}: {error}")


def _records(document: Document, annotation: Annotation, nlp: Language) -> list[CaseRecord]:
    """Records with scores as the pipeline's own calibration of record fields has them, where it brings one."""
    trust = {field: (line[0], line[1]) for field, line in nlp.meta.get("trust", {}).items()}
    found = assemble(document, annotation)
    return [calibrated(record, trust, check_below=CHECK_BELOW) for record in found] if trust else found
