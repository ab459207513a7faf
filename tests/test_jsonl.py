"""JSONL hand-overs: whole files or none, and bad lines told by number."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from casetrace import jsonl
from casetrace.types import CasetraceError, Quote

QUOTES = [Quote(text="freed", start=3, end=8), Quote(text="ភ្នំពេញ", start=10, end=17)]


def test_what_is_written_is_read(tmp_path: Path) -> None:
    assert jsonl.write(QUOTES, tmp_path / "deep" / "a.jsonl") == 2
    assert list(jsonl.read(tmp_path / "deep" / "a.jsonl", Quote)) == QUOTES


BAD = [
    ("{}", "line 2: not a Quote: text"),
    ("{", "line 2: not a JSON object"),
    ("[]", "line 2: not a JSON object"),
    ('{"text": nope}', r"line 2: not a JSON object: .* at character \d+$"),
    ("\udcff", "line 2: not UTF-8 at byte 0"),
    ('{"text": "a", "start": 1, "end": 2, "more": 1}', "line 2: not a Quote: more"),
]


@pytest.mark.parametrize(("line", "message"), BAD)
def test_bad_line_is_named(line: str, message: str, tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text(QUOTES[0].model_dump_json() + "\n" + line + "\n", errors="surrogateescape")
    with pytest.raises(jsonl.JsonlError, match=message):
        list(jsonl.read(tmp_path / "a.jsonl", Quote))


def _fail_half_way(path: Path) -> None:
    with jsonl.replacing(path) as lines:
        lines.write("half")
        raise RuntimeError


def test_a_failed_write_leaves_the_old_file(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text("old")
    with pytest.raises(RuntimeError):
        _fail_half_way(tmp_path / "a.jsonl")
    assert [file.read_text() for file in tmp_path.iterdir()] == ["old"]


def test_a_device_is_written_to_and_never_replaced(tmp_path: Path) -> None:
    (tmp_path / "null").symlink_to("/dev/null")
    assert jsonl.write(QUOTES, tmp_path / "null") == 2
    assert (tmp_path / "null").is_char_device()


@pytest.mark.parametrize("call", [lambda path: jsonl.write(QUOTES, path), lambda path: list(jsonl.read(path, Quote))])
def test_a_folder_is_no_file(call: Callable[[Path], object], tmp_path: Path) -> None:
    with pytest.raises(CasetraceError, match="a folder; name a"):
        call(tmp_path)
