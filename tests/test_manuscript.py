"""Manuscripts go into the corpus and come out the same."""

from __future__ import annotations

from pathlib import Path

import pytest

from casetrace.corpus import StandOff, read_manifest, read_split
from casetrace.manuscript import add, read_manuscript, write_manuscript
from casetrace.markup import read_markup
from casetrace.types import CasetraceError

HEAD = """---
id: ke-001
split: dev
title: Freed: at last
published: 2023-05-03
genre: wire_news
country: KE
family: ke-001
violations: arrest, release
date_style: weekday
law_style:
noise:
hard:
---
"""
BODY = "Freed: at last\n\n[Police|ORG o] [freed|RELEASE agent=o subject=p] [Ruth Okello|PERSON p].\n"


def manuscript(tmp_path: Path, content: str) -> Path:
    path = tmp_path / "draft.mark"
    path.write_bytes(content.encode())
    return path


def test_what_is_added_comes_out_the_same(tmp_path: Path) -> None:
    entry, document, annotation = read_manuscript(manuscript(tmp_path, HEAD + BODY))
    assert add(tmp_path, [(entry, document, annotation)]) == 1
    [(stored, stored_annotation)] = read_split(tmp_path, "dev")
    assert (stored.text, stored.title, stored.published) == (document.text, "Freed: at last", "2023-05-03")
    assert stored_annotation == annotation
    assert write_manuscript(read_manifest(tmp_path)["ke-001"], stored, stored_annotation) == HEAD + BODY


def test_adding_again_replaces_and_moves_between_splits(tmp_path: Path) -> None:
    add(tmp_path, [read_manuscript(manuscript(tmp_path, HEAD + BODY))])
    changed = (HEAD + BODY).replace("split: dev", "split: train").replace("freed", "released")
    add(tmp_path, [read_manuscript(manuscript(tmp_path, changed))])
    assert list(read_split(tmp_path, "dev")) == []
    [(document, _)] = read_split(tmp_path, "train")
    assert "released" in document.text


BAD = [
    ("no head", "a manuscript starts with lines"),
    (HEAD + "[Ruth|NOPE]\n", "draft.mark: line 1"),
    (HEAD.replace("split: dev", "split: den") + BODY, "draft.mark: head: split"),
]


@pytest.mark.parametrize(("content", "message"), BAD)
def test_bad_manuscript_is_told(content: str, message: str, tmp_path: Path) -> None:
    with pytest.raises(CasetraceError, match=message):
        read_manuscript(manuscript(tmp_path, content))


def test_changed_text_is_told(tmp_path: Path) -> None:
    add(tmp_path, [read_manuscript(manuscript(tmp_path, HEAD + BODY))])
    (tmp_path / "corpus" / "texts" / "ke-001.txt").write_text("Another text.")
    with pytest.raises(CasetraceError, match="not the one that was annotated"):
        list(read_split(tmp_path, "dev"))


def test_no_case_is_kept_in_a_manuscript_and_stand_off(tmp_path: Path) -> None:
    quiet = read_manuscript(manuscript(tmp_path, HEAD.replace("---\n", "---\nno_case: true\n", 1) + "All is well."))
    assert quiet[2].no_case
    assert "no_case: true" in write_manuscript(*quiet)
    assert StandOff.of(quiet[2]).over(quiet[1]) == quiet[2]


def test_stand_off_holds_no_word_and_loses_nothing() -> None:
    document, annotation = read_markup(BODY, doc_id="a", made_by="corpus")
    row = StandOff.of(annotation)
    assert "Okello" not in row.model_dump_json()
    assert row.over(document) == annotation
