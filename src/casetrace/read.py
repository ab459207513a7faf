"""Files -> documents: .txt .md .html .pdf .docx .jsonl, folders, stdin; what gives none gives a `Rejection`."""

from __future__ import annotations

import sys
from collections.abc import Callable, Collection, Iterable, Iterator
from pathlib import Path
from typing import BinaryIO

from casetrace.clean import SeenTexts
from casetrace.jsonl import JsonlError, decode_line
from casetrace.reading.listing import split_listing
from casetrace.reading.metadata import find_published, find_title, iso_date
from casetrace.reading.page import Page, Unreadable, read_docx, read_html, read_markdown, read_pdf, read_text, sniff
from casetrace.types import Document, Rejection, text_hash

MAX_BYTES = 20_000_000

READERS: dict[str, Callable[[bytes], Page]] = {
    "text": read_text,
    "markdown": read_markdown,
    "html": read_html,
    "pdf": read_pdf,
    "docx": read_docx,
}
KINDS = {".txt": "text", ".md": "markdown", ".html": "html", ".htm": "html", ".pdf": "pdf", ".docx": "docx"}
"""File name endings and the reader for each; `.jsonl` is read line by line."""
_TOLD_KEYS = ("id", "title", "published", "url", "publisher")


def read(
    inputs: Iterable[Path | str], *, max_bytes: int = MAX_BYTES, leave_out: Collection[Path] = ()
) -> Iterator[Document | Rejection]:
    """Yield every document in files, folders, JSONL and stdin (`-`), and a rejection for everything that gives none.

    A near-copy of an earlier document becomes a rejection of kind "duplicate". `leave_out` are resolved paths that are
    passed over in folders. Never raises for what a file holds.
    """
    seen = SeenTexts()
    ids: dict[str, int] = {}
    for found in _read_all(inputs, max_bytes, leave_out):
        if isinstance(found, Rejection):
            yield found
            continue
        document = _with_free_id(found, ids)
        copy = seen.near_copy(document.id, document.text)
        if copy:
            reason = f"a copy of {copy[0]} (likeness {copy[1]:.2f}); only the first is kept"
            yield Rejection(source=document.id, kind="duplicate", reason=reason)
        else:
            yield document


def _read_all(
    inputs: Iterable[Path | str], max_bytes: int, leave_out: Collection[Path]
) -> Iterator[Document | Rejection]:
    for path in inputs:
        if str(path) == "-":
            yield from _read_stdin(sys.stdin.buffer, max_bytes)
        elif Path(path).is_dir():
            for file in _files(Path(path)):
                if file.resolve() not in leave_out:
                    yield from read_file(file, max_bytes=max_bytes)
        else:
            yield from read_file(Path(path), max_bytes=max_bytes)


def _files(folder: Path) -> list[Path]:
    """The files of a folder and its folders, without hidden ones."""
    return [
        file
        for file in sorted(folder.rglob("*"))
        if file.is_file() and not any(part.startswith(".") for part in file.relative_to(folder).parts)
    ]


def read_file(path: Path, *, max_bytes: int = MAX_BYTES) -> Iterator[Document | Rejection]:
    """Yield the document or documents of one file, or the rejection that says why there is none."""
    try:
        if path.suffix.lower() == ".jsonl":
            with path.open("rb") as lines:
                yield from _read_lines(lines, source=str(path), name=path.stem, max_bytes=max_bytes)
            return
        size = path.stat().st_size
        if size > max_bytes:
            reason = f"{size:,} bytes, over the limit of {max_bytes:,}; split it, or raise --max-bytes"
            yield Rejection(source=str(path), reason=reason)
            return
        yield from _documents(path.read_bytes(), KINDS.get(path.suffix.lower(), ""), name=path.stem)
    except Unreadable as error:
        yield Rejection(source=str(path), reason=str(error))
    except OSError as error:
        yield Rejection(source=str(path), reason=f"cannot be opened: {error.strerror}")


def _documents(data: bytes, kind: str, *, name: str) -> Iterator[Document]:
    page = READERS[sniff(data, kind)](data)
    pieces = split_listing(page.text)
    if len(pieces) == 1:
        yield _document(page, name)
    for number, piece in enumerate(pieces if len(pieces) > 1 else [], start=1):
        yield _document(Page(text=piece, publisher=page.publisher, url=page.url), f"{name}_{number:02}")


def _document(page: Page, name: str) -> Document:
    title = page.title or find_title(page.text)
    published = page.published or find_published(page.text)
    return Document(id=name, text=page.text, title=title, published=published, url=page.url, publisher=page.publisher)


def _read_stdin(stream: BinaryIO, max_bytes: int) -> Iterator[Document | Rejection]:
    data = stream.read()
    if data.lstrip().startswith(b"{"):
        yield from _read_lines(data.splitlines(), source="stdin", name="stdin", max_bytes=max_bytes)
        return
    try:
        yield from _documents(data, "", name="stdin")
    except Unreadable as error:
        yield Rejection(source="stdin", reason=str(error))


def _read_lines(lines: Iterable[bytes], *, source: str, name: str, max_bytes: int) -> Iterator[Document | Rejection]:
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            if len(line) > max_bytes:
                raise Unreadable(f"{len(line):,} bytes, over the limit of {max_bytes:,}")
            yield _line_document(line, f"{name}:{number}")
        except (Unreadable, JsonlError) as error:
            yield Rejection(source=source, line=number, reason=str(error))


def _line_document(line: bytes, name: str) -> Document:
    row = decode_line(line)
    text = row.get("text")
    if not isinstance(text, str) or not text.strip():
        raise Unreadable('no text: a line needs at least {"text": "..."}')
    known = {key: str(row[key]) for key in _TOLD_KEYS if row.get(key) not in (None, "")}
    if "published" in known:
        known["published"] = _told_date(known["published"])
    found = {"id": name, "title": find_title(text), "published": find_published(text)} | known
    return Document.model_validate(found | {"text": text, "sha256": text_hash(text)})


def _told_date(words: str) -> str:
    """Every relative date of a text hangs on this one, so what is no date is refused rather than carried along."""
    date = iso_date(words)
    if date is None:
        raise Unreadable(f'"published" is {words!r}; write it as 2024-07-24, or leave it out')
    return date


def _with_free_id(document: Document, ids: dict[str, int]) -> Document:
    """Two files of one name in two folders keep both documents: the second gets a number."""
    ids[document.id] = ids.get(document.id, 0) + 1
    if ids[document.id] == 1:
        return document
    return document.model_copy(update={"id": f"{document.id}-{ids[document.id]}"})
