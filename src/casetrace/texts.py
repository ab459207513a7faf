"""The documents that annotations were made on, exactly as annotated: no cleaning, because offsets refer to them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from casetrace import jsonl
from casetrace.corpus import read_document, read_manifest
from casetrace.schema import check
from casetrace.types import Annotation, CasetraceError, Document


def read_texts(paths: Iterable[Path | str]) -> dict[str, Document]:
    """Documents by id: from JSONL files, .txt files, folders of .txt files, or a folder that holds corpus/."""
    return {document.id: document for path in paths for document in _read_texts(Path(path))}


def join(annotations: Iterable[Annotation], texts: Mapping[str, Document]) -> Iterator[tuple[Document, Annotation]]:
    """Yield each annotation with its document, checked; raises `CasetraceError` where a text is missing or another."""
    for annotation in annotations:
        document = texts.get(annotation.doc_id)
        if document is None:
            raise CasetraceError(f"document {annotation.doc_id}: its text is in none of the files given")
        yield document, check(annotation, document)


def _read_texts(path: Path) -> Iterator[Document]:
    if path.suffix == ".jsonl" or str(path) == "-":
        yield from jsonl.read(path, Document)
    elif (path / "corpus" / "manifest.jsonl").is_file():
        yield from (read_document(path, entry) for entry in read_manifest(path).values())
    elif path.exists():
        for file in sorted(path.glob("*.txt")) if path.is_dir() else [path]:
            yield Document(id=file.stem, text=file.read_bytes().decode("utf-8"))
    else:
        raise CasetraceError(f"{path}: no such file or folder")
