"""Judging pairs: the desk with its file, the pages as they come out, and who may not judge."""

from __future__ import annotations

import socket
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from httpx import Response
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
KEY = "the key"


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
    """A browser, before it has shown the key."""
    return TestClient(make_app(desk, key=KEY), base_url=f"http://{host}", raise_server_exceptions=False)


def enter(browser: TestClient) -> Response:
    """The first page, asked for with the key."""
    return browser.get("/", params={"key": KEY})


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


def test_verdicts_that_clash_are_told(desk: Desk) -> None:
    pair = desk.pairs()[0]
    desk.judge(pair, "same")
    desk.judgements.append(Judgement(left=pair.left.case_id, right=pair.right.case_id, verdict="different", by=MADE_BY))
    apart = desk.dossiers()
    assert desk.not_joined(apart) == []
    alone = [dossier.model_copy(update={"id": record.case_id, "records": (record,)})
             for dossier in apart for record in dossier.records]  # fmt: skip
    assert desk.not_joined(alone) == [desk.pairs()[-1]]


def test_a_line_left_open_takes_no_verdict_with_it(desk: Desk) -> None:
    desk.place.write_bytes(desk.place.read_bytes().rstrip(b"\n"))
    desk.judge(desk.pairs()[0], "same")
    assert [one.by for one in jsonl.read(desk.place, Judgement)][-1] == "a reader"


def test_judgements_on_other_records_stay_and_are_told(
    told: tuple[list[CaseRecord], list[Document]], tmp_path: Path
) -> None:
    place = tmp_path / "j.jsonl"
    jsonl.write([Judgement(left="a", right="b", verdict="same", by="someone")], place)
    desk = Desk(*told, judgements=place, by="a reader")
    assert [one.left for one in desk.strangers] == ["a"]
    with visit(desk) as browser:
        enter(browser)
        assert "1 judgement of j.jsonl" in browser.get("/pairs").text


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda documents: documents[:2], "its document elsewhere is not among those given"),
        (lambda documents: [one.model_copy(update={"text": f"X{one.text}"}) for one in documents], "is not at"),
    ],
)
def test_documents_that_do_not_bear_the_records_out(
    told: tuple[list[CaseRecord], list[Document]],
    tmp_path: Path,
    change: Callable[[list[Document]], list[Document]],
    reason: str,
) -> None:
    with pytest.raises(CasetraceError, match=reason):
        Desk(told[0], change(told[1]), judgements=tmp_path / "j.jsonl", by="a reader")


def test_a_person_is_not_the_program(told: tuple[list[CaseRecord], list[Document]], tmp_path: Path) -> None:
    with pytest.raises(CasetraceError, match="signs proposals"):
        Desk(*told, judgements=tmp_path / "j.jsonl", by=MADE_BY)


def test_one_click_after_the_other_until_none_is_left(desk: Desk) -> None:
    with visit(desk) as browser:
        page = enter(browser)
        for left in range(len(desk.pairs()), 0, -1):
            assert f"{left} pair" in page.text
            assert page.text.count('<mark id="t') > 4
            page = browser.post(str(page.url), data={"verdict": "same"})
            assert page.status_code == 200
            assert "judged <b>same</b>" in page.text
        assert "0 pairs not yet judged" in page.text
        assert "the sources disagree" in browser.get("/dossiers").text


def test_words_of_a_text_are_only_words(told: tuple[list[CaseRecord], list[Document]], tmp_path: Path) -> None:
    records, documents = told
    nasty = [document.model_copy(update={"title": "<script>alert(1)</script>"}) for document in documents]
    with visit(Desk(records, nasty, judgements=tmp_path / "j.jsonl", by="<b>me</b>")) as browser:
        page = enter(browser)
    assert "<script" not in page.text
    assert "<b>me" not in page.text
    assert "default-src 'none'" in page.headers["content-security-policy"]


@pytest.mark.parametrize(
    ("host", "key", "status"), [("127.0.0.1", "guessed", 403), ("127.0.0.1", "", 403), ("evil.example", KEY, 400)]
)
def test_nobody_else_reads_or_judges(desk: Desk, host: str, key: str, status: int) -> None:
    pair = desk.pairs()[0]
    where = {"left": pair.left.case_id, "right": pair.right.case_id, "key": key}
    with visit(desk, host=host) as browser:
        read = browser.get("/pairs", params={"key": key})
        answer = browser.post("/pair", params=where, data={"verdict": "same"})
    assert (read.status_code, answer.status_code) == (status, status)
    assert pair.left.subject.name not in read.text
    assert {one.by for one in jsonl.read(desk.place, Judgement)} == {MADE_BY}


def test_what_cannot_be_done_is_said_on_a_page(desk: Desk) -> None:
    with visit(desk) as browser:
        page = enter(browser)
        wrong = browser.post(str(page.url), data={"verdict": "maybe"})
        assert (wrong.status_code, "nothing was saved" in wrong.text) == (422, True)
        assert browser.get("/pair", params={"left": "x", "right": "nobody"}).status_code == 404
        desk.place.unlink()
        desk.place.mkdir()
        failed = browser.post(str(page.url), data={"verdict": "same"})
        assert (failed.status_code, "not saved" in failed.text) == (500, True)
    assert desk.last is None


def test_the_command_names_what_is_missing(tmp_path: Path) -> None:
    done = CliRunner().invoke(app, ["review", str(tmp_path / "no.jsonl"), str(tmp_path)])
    assert isinstance(done.exception, CasetraceError)
    assert "no such file or folder" in str(done.exception)


def test_a_port_that_is_taken_is_told(told: tuple[list[CaseRecord], list[Document]], tmp_path: Path) -> None:
    jsonl.write(told[0], tmp_path / "r.jsonl")
    jsonl.write(told[1], tmp_path / "d.jsonl")
    words = ["review", tmp_path / "r.jsonl", tmp_path / "d.jsonl", "-j", tmp_path / "j.jsonl"]
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        done = CliRunner().invoke(app, [str(word) for word in (*words, "--port", taken.getsockname()[1])])
    assert isinstance(done.exception, CasetraceError)
    assert "name another with --port" in str(done.exception)
