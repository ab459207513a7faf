"""The Ray engine with a stand-in for the pipeline: order, a worker that dies, an address where nobody answers."""

from __future__ import annotations

import builtins
import os
from collections.abc import Iterable
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from casetrace import scale
from casetrace.cli import app
from casetrace.extraction import Extraction
from casetrace.scale import extract_on_ray
from casetrace.types import Annotation, CasetraceError, Document, Rejection

pytestmark = pytest.mark.skipif(find_spec("ray") is None, reason="needs casetrace[scale]")


def listening() -> set[str]:
    """Local addresses, in the kernel's hexadecimal, on which anything of this machine waits for callers."""
    tables = [Path("/proc/net") / name for name in ("tcp", "tcp6")]
    lines = [line.split() for table in tables if table.exists() for line in table.read_text().splitlines()[1:]]
    return {line[1] for line in lines if line[3] == "0A"}


@pytest.mark.skipif(not Path("/proc/net/tcp").exists(), reason="needs the /proc of Linux")
def test_a_ray_of_ones_own_listens_to_this_machine_alone() -> None:
    before = listening()
    with scale._ray(1):
        opened = {address.split(":")[0] for address in listening() - before}
    assert opened
    assert opened <= {"0100007F", "00000000000000000000000001000000", "0000000000000000FFFF00000100007F"}


def test_a_dying_worker_costs_one_document_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    def stand_in(batch: Iterable[Document], model: Any, threads: int) -> list[Extraction | Rejection]:
        if any("poison" in document.text for document in batch):
            os._exit(1)
        if any("thorn" in document.text for document in batch):
            raise ValueError("cannot swallow this")
        return [Extraction(document, Annotation(id=document.id, sha256=document.sha256), []) for document in batch]

    monkeypatch.setattr(scale, "extract_batch", stand_in)
    monkeypatch.setattr(scale, "BATCH", 3)
    texts = ["one", "two", "three", "four", "poison", "six", "thorn"]
    documents = [Document(id=text, text=text) for text in texts]
    found = list(extract_on_ray(documents, jobs=2))
    assert [item.source if isinstance(item, Rejection) else item.document.id for item in found] == texts
    assert [item for item in found if isinstance(item, Rejection)] == [
        Rejection(source="poison", reason="its worker died: WorkerCrashedError"),
        Rejection(source="thorn", reason="the pipeline failed: ValueError: cannot swallow this"),
    ]


@pytest.mark.parametrize("address", ["no-port", "127.0.0.1:9"])
def test_a_cluster_that_does_not_answer_is_told(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    monkeypatch.setenv("RAY_ADDRESS", address)
    with pytest.raises(CasetraceError, match=f"Ray cannot be reached at {address}"):
        list(extract_on_ray([Document(id="a", text="One.")]))


def test_a_model_that_is_not_there_is_told_and_no_output_is_lost(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Police arrested her.")
    (tmp_path / "r.jsonl").write_text("as before\n")
    words = ["extract", tmp_path / "a.txt", "-o", tmp_path / "r.jsonl", "--engine", "ray", "--model", "no_such_model"]
    done = CliRunner().invoke(app, [str(word) for word in words])
    assert isinstance(done.exception, CasetraceError)
    assert "no pipeline at no_such_model" in str(done.exception)
    assert (tmp_path / "r.jsonl").read_text() == "as before\n"


def test_without_ray_the_way_out_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def without_ray(name: str, *others: Any, **named: Any) -> Any:
        if name == "ray":
            raise ImportError(name)
        return real(name, *others, **named)

    monkeypatch.setattr(builtins, "__import__", without_ray)
    with pytest.raises(CasetraceError, match=r"pip install 'casetrace\[scale\]'"):
        list(extract_on_ray([Document(id="a", text="One.")]))
