"""Judging pairs: the desk with its file, the pages as they come out, and who may not judge."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from typer.testing import CliRunner

from casetrace import jsonl
from casetrace.assemble import assemble
from casetrace.cli import app
from casetrace.consolidate import consolidate
from casetrace.link import MADE_BY
from casetrace.markup import read_markup
from casetrace.review import Desk, make_app
from casetrace.types import CaseRecord, CasetraceError, Document, Judgement

SOURCES = tomllib.loads((Path(__file__).parent / "cases" / "sources.toml").read_text("utf-8"))["source"]


@pytest.fixture
def told() -> tuple[list[CaseRecord], list[Document]]:
    documents, records = [], []
    for source in SOURCES:
        document, annotation = read_markup(source["text"].strip(), doc_id=source["id"])
        documents.append(document.model_copy(update={"published": source["published"]}))
        records += assemble(documents[-1], annotation)
    return records, documents


@pytest.fixture
def desk(told: tuple[list[CaseRecord], list[Document]], tmp_path: Path) -> Desk:
    return Desk(*told, judgements=tmp_path / "judgements.jsonl", by="a reader")


def visit(desk: Desk, *, host: str = "127.0.0.1") -> TestClient:
    return TestClient(make_app(desk), base_url=f"http://{host}", follow_redirects=True)


def token(page: str) -> str:
    found = re.search(r'name="token" value="([^"]+)"', page)
    assert found
    return found[1]


def test_every_verdict_is_a_line_and_the_last_one_stands(desk: Desk) -> None:
    pair = desk.pairs()[0]
    assert pair.judgement.by == MADE_BY
    desk.judge(pair, "same")
    changed = desk.judge(desk.pair(pair.right.case_id, pair.left.case_id) or pair, "different")
    held = [one for one in jsonl.read(desk.place, Judgement) if one.by != MADE_BY]
    assert [(one.verdict, one.by) for one in held] == [("same", "a reader"), ("different", "a reader")]
    assert held[-1] == changed
    again = Desk(desk.records.values(), desk.documents.values(), judgements=desk.place, by="another")
    assert again.pairs()[-1].judgement == changed
    assert len(again.pairs()) == len(desk.pairs())


def test_consolidate_sees_what_the_page_shows(desk: Desk) -> None:
    desk.judge(desk.pairs()[0], "different")
    assert consolidate(desk.records.values(), jsonl.read(desk.place, Judgement)) == desk.dossiers()


def test_verdicts_make_and_unmake_dossiers(desk: Desk) -> None:
    for verdict, size in (("same", 2), ("different", 1)):
        for pair in desk.pairs():
            desk.judge(pair, verdict)  # type: ignore[arg-type]
        assert max(len(dossier.records) for dossier in desk.dossiers()) == size


def test_a_missing_document_is_told(told: tuple[list[CaseRecord], list[Document]], tmp_path: Path) -> None:
    records, documents = told
    with pytest.raises(CasetraceError, match="document elsewhere of the records is not among those given"):
        Desk(records, documents[:2], judgements=tmp_path / "j.jsonl", by="a reader")


def test_one_click_after_the_other_until_none_is_left(desk: Desk) -> None:
    with visit(desk) as browser:
        for left in range(len(desk.pairs()), 0, -1):
            page = browser.get("/")
            assert f"{left} pair" in page.text
            assert page.text.count('<mark id="t') > 4
            done = browser.post(page.url.path, data={"verdict": "same", "token": token(page.text)})
            assert done.status_code == 200
        assert "0 pairs not yet judged" in browser.get("/").text
        assert "the sources disagree" in browser.get("/dossiers").text


def test_words_of_a_text_are_only_words(told: tuple[list[CaseRecord], list[Document]], tmp_path: Path) -> None:
    records, documents = told
    nasty = [document.model_copy(update={"title": "<script>alert(1)</script>"}) for document in documents]
    with visit(Desk(records, nasty, judgements=tmp_path / "j.jsonl", by="<b>me</b>")) as browser:
        page = browser.get("/")
    assert "<script" not in page.text
    assert "<b>me" not in page.text
    assert "default-src 'none'" in page.headers["content-security-policy"]


@pytest.mark.parametrize(
    ("host", "form", "status"),
    [
        ("127.0.0.1", {"verdict": "same", "token": "guessed"}, 403),
        ("127.0.0.1", {"verdict": "same"}, 403),
        ("evil.example", {"verdict": "same", "token": "guessed"}, 400),
    ],
)
def test_nobody_else_judges(desk: Desk, host: str, form: dict[str, str], status: int) -> None:
    pair = desk.pairs()[0]
    with visit(desk, host=host) as browser:
        answer = browser.post(f"/pair/{pair.left.case_id}/{pair.right.case_id}", data=form)
    assert answer.status_code == status
    assert {one.by for one in jsonl.read(desk.place, Judgement)} == {MADE_BY}


def test_a_wrong_verdict_and_an_unknown_pair(desk: Desk) -> None:
    pair = desk.pairs()[0]
    with visit(desk) as browser:
        page = browser.get("/")
        wrong = browser.post(page.url.path, data={"verdict": "maybe", "token": token(page.text)})
        assert wrong.status_code == 422
        assert browser.get(f"/pair/{pair.left.case_id}/nobody").status_code == 404


def test_the_command_names_what_is_missing(tmp_path: Path) -> None:
    done = CliRunner().invoke(app, ["review", str(tmp_path / "no.jsonl"), str(tmp_path)])
    assert isinstance(done.exception, CasetraceError)
    assert "no such file or folder" in str(done.exception)
