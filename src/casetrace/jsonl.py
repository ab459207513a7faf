"""JSON Lines in and out: every hand-over between stages can be written with `write` and read with `head`."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import TextIO, TypeVar

import jsonlines
from pydantic import BaseModel, ValidationError

from casetrace.types import CasetraceError

Row = TypeVar("Row", bound=BaseModel)


class JsonlError(CasetraceError):
    """A line that is not what the file should hold; the message names file and line."""


def read(path: Path | str, kind: type[Row]) -> Iterator[Row]:
    """Yield each line of a JSONL file (`-` is stdin) as `kind`; raises `JsonlError` at the first bad line."""
    for number, row in rows(path):
        try:
            yield kind.model_validate(row)
        except ValidationError as error:
            first = error.errors()[0]
            field = ".".join(str(part) for part in first["loc"])
            raise JsonlError(
                f"{path}, line {number}: not a {kind.__name__}: {field}: {first['msg']}; "
                "is it the file of another command, or of another version of casetrace?"
            ) from error


def rows(path: Path | str) -> Iterator[tuple[int, dict[str, object]]]:
    """Yield (line number, object) for each non-empty line of a JSONL file; `-` is stdin."""
    if str(path) != "-" and not Path(path).exists():
        raise JsonlError(f"{path}: no such file")
    if Path(path).is_dir():
        raise JsonlError(f"{path}: a folder; name a .jsonl file")
    with nullcontext(sys.stdin.buffer) if str(path) == "-" else open(path, "rb") as lines:
        for number, line in enumerate(lines, start=1):
            if line.strip():
                yield number, _object(line, where=f"{path}, line {number}")


def write(rows: Iterable[BaseModel], path: Path | str) -> int:
    """Write one line for each row, whole or not at all (`-` is stdout); returns the number of lines."""
    count = 0
    with replacing(path) as lines:
        for row in rows:
            lines.write(row.model_dump_json(by_alias=True) + "\n")
            count += 1
    return count


@contextmanager
def replacing(path: Path | str) -> Iterator[TextIO]:
    """A text file that takes its name only when it is complete, so that no reader ever sees half of it."""
    if str(path) == "-":
        yield sys.stdout
        return
    with unfinished(path) as place, open(place, "w", encoding="utf-8", newline="\n") as lines:
        yield lines


@contextmanager
def unfinished(path: Path | str) -> Iterator[Path]:
    """Where to write what is to stand at `path`: it moves there at the end, or is gone when the writing failed."""
    path = Path(path)
    if path.is_dir():
        raise CasetraceError(f"{path}: a folder; name a file to write")
    device = path.exists() and not path.is_file()  # /dev/null and pipes must never be replaced by a file
    place = path if device else path.with_name(f".{path.name}.{os.getpid()}.tmp")
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        yield place
        if not device:
            place.replace(path)
    except OSError as error:
        if error.filename in (None, str(place)):
            raise CasetraceError(f"{path}: cannot be written: {error.strerror or error}") from error
        raise
    finally:
        if not device:
            place.unlink(missing_ok=True)


def parse_line(line: str) -> dict[str, object]:
    """The object that one line holds; raises `JsonlError` with what is wrong in it."""
    try:
        return dict(jsonlines.Reader([line]).read(type=dict))
    except jsonlines.InvalidLineError as error:
        reason = re.sub(r"^line contains | \(line 1\)$", "", str(error).splitlines()[0])
        reason = re.sub(r"( at)?: line 1 column (\d+) \(char \d+\)$", r" at character \2", reason)  # line 1 of one line
        raise JsonlError(f"not a JSON object: {reason}") from error


def decode_line(line: bytes) -> dict[str, object]:
    """The object that one line of a file holds; raises `JsonlError`, also for bytes that are no UTF-8."""
    try:
        return parse_line(line.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise JsonlError(f"not UTF-8 at byte {error.start}: save the file as UTF-8") from error


def _object(line: bytes, *, where: str) -> dict[str, object]:
    try:
        return decode_line(line)
    except JsonlError as error:
        raise JsonlError(f"{where}: {error}") from error
