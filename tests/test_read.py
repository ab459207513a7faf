"""Every kind of file, good and bad, that a folder of articles may hold."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
from docx import Document as new_docx
from fpdf import FPDF

from casetrace.read import read, read_file
from casetrace.types import Document, Rejection

ARTICLE = (
    "Harbour pilot freed\n3 May 2023\n\nThe Mombasa Law Courts on Tuesday released Tabitha Wekesa, a pilot, on bail of "
    "50,000 shillings. She had been held for nine days at the Kilindini police station."
)


def pdf(*lines: str, password: str = "") -> bytes:
    page = FPDF()
    page.add_page()
    page.set_font("helvetica", size=12)
    for line in lines:
        page.cell(0, 10, line, new_x="LMARGIN", new_y="NEXT")
    if password:
        page.set_encryption(owner_password=password + "o", user_password=password)
    return bytes(page.output())


def docx(*lines: str) -> bytes:
    document = new_docx()
    for line in lines:
        document.add_paragraph(line)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


HTML = f"""<!doctype html><html><head><title>Harbour pilot freed | Kilindini Post</title>
<meta property="og:site_name" content="Kilindini Post">
<meta property="article:published_time" content="2023-05-03T09:00:00Z">
</head><body><nav>Home News Sport</nav><article><h1>Harbour pilot freed</h1><p>{ARTICLE[33:]}</p>
<p>Her union said the case against her had been opened after a strike at the port, and called for it to be closed.</p>
</article><footer>All rights reserved</footer></body></html>"""

GOOD = {
    "a.txt": ARTICLE.encode(),
    "a.md": b"---\ntitle: Harbour pilot freed\ndate: 2023-05-03\n---\n" + ARTICLE[33:].encode(),
    "a.html": HTML.encode(),
    "a.pdf": pdf("Harbour pilot freed", "3 May 2023", "Tabitha Wekesa was released."),
    "a.docx": docx("Harbour pilot freed", "3 May 2023", "Tabitha Wekesa was released."),
    "utf16.txt": ARTICLE.encode("utf-16"),
    "latin.txt": ARTICLE.replace("Wekesa", "Wékésà, señora Peña").encode("cp1252"),
    "page.txt": HTML.encode(),
}
BAD = {
    "empty.txt": (b"", "the file is empty"),
    "blank.txt": (b" \n\t\n", "the file is empty"),
    "photo.txt": (b"\xff\xd8\xff\xe0\x00\x10JFIF" + bytes(range(256)), "JPEG image"),
    "fill.txt": (b"\xff" * 5000, "not a text in any known encoding"),
    "nul.txt": (b"text\x00with\x00nuls", "NUL bytes"),
    "scan.pdf": (pdf(), "no text layer"),
    "locked.pdf": (pdf("secret", password="pw"), "encrypted"),
    "cut.pdf": (pdf("Tabitha Wekesa was released.")[:300], "damaged or truncated"),
    "cut.docx": (docx("Tabitha Wekesa was released.")[:2000], "no whole Word file"),
    "fake.pdf": (b"just words", "no PDF file"),
    "odd.txt": (b"\xff\xfe\x41", "claims to be UTF-16"),
    "menu.html": (b"<html><body><nav></nav></body></html>", "no article text"),
}


@pytest.mark.parametrize("name", GOOD)
def test_good_file(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(GOOD[name])
    [document] = read_file(tmp_path / name)
    assert isinstance(document, Document)
    assert "released" in document.text
    assert (document.title, document.published) == ("Harbour pilot freed", "2023-05-03")


@pytest.mark.parametrize("name", BAD)
def test_bad_file(name: str, tmp_path: Path) -> None:
    data, reason = BAD[name]
    (tmp_path / name).write_bytes(data)
    [rejection] = read_file(tmp_path / name)
    assert isinstance(rejection, Rejection)
    assert rejection.source == str(tmp_path / name)
    assert reason in rejection.reason


def test_large_file_is_refused_unread(tmp_path: Path) -> None:
    with (tmp_path / "large.txt").open("wb") as file:
        file.truncate(50_000_000)
    [rejection] = read_file(tmp_path / "large.txt")
    assert isinstance(rejection, Rejection)
    assert rejection.reason == "50,000,000 bytes, over the limit of 20,000,000; split it, or raise --max-bytes"


def test_plain_text_is_kept_to_the_letter(tmp_path: Path) -> None:
    text = "Freed\r\n\r\n  \U0001f600 She was  freed.\r\n"
    (tmp_path / "a.txt").write_bytes(text.encode())
    [document] = read_file(tmp_path / "a.txt")
    assert isinstance(document, Document)
    assert document.text == text


def test_markdown_links_keep_their_words(tmp_path: Path) -> None:
    text = 'Ana of [The Post](https://a.example/x_(y) "title") [sic] (see) ![her](p.png) was **freed**[1](#note).'
    (tmp_path / "a.md").write_text(text, "utf-8")
    [document] = read_file(tmp_path / "a.md")
    assert isinstance(document, Document)
    assert document.text == "Ana of The Post [sic] (see) her was **freed**1."


def test_jsonl_lines_stand_alone(tmp_path: Path) -> None:
    lines = [json.dumps({"id": "x", "text": ARTICLE, "published": "2023"}), "{broken", '{"title": "no text"}', "[1]"]
    (tmp_path / "a.jsonl").write_text("\n".join(lines))
    document, *rejections = read([tmp_path / "a.jsonl"])
    assert isinstance(document, Document)
    assert (document.id, document.published, document.title) == ("x", "2023", "Harbour pilot freed")
    assert [rejection.line for rejection in rejections if isinstance(rejection, Rejection)] == [2, 3, 4]


def test_publication_date_that_is_none_is_refused(tmp_path: Path) -> None:
    lines = [json.dumps({"text": ARTICLE, "published": words}) for words in ("3 May 2023", "yesterday")]
    (tmp_path / "a.jsonl").write_text("\n".join(lines), "utf-8")
    document, rejection = read([tmp_path / "a.jsonl"])
    assert isinstance(document, Document)
    assert isinstance(rejection, Rejection)
    assert document.published == "2023-05-03"
    assert rejection.reason == "\"published\" is 'yesterday'; write it as 2024-07-24, or leave it out"


def test_near_copy_is_told_and_kept_once(tmp_path: Path) -> None:
    long = ARTICLE + " The union " + " ".join(f"said {number}" for number in range(60))
    (tmp_path / "a.txt").write_text(long)
    (tmp_path / "b.txt").write_text(long + " Share this article.")
    (tmp_path / "c.txt").write_text("Another story altogether, about a strike that ended well for everybody.")
    found = list(read([tmp_path]))
    assert [type(item) for item in found] == [Document, Rejection, Document]
    assert isinstance(found[1], Rejection)
    assert found[1].kind == "duplicate"
    assert "a copy of a " in found[1].reason


def test_same_name_in_two_folders_keeps_both(tmp_path: Path) -> None:
    for folder, text in (("one", "First text of the day."), ("two", "Second, quite different words.")):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "a.txt").write_text(text)
    assert [item.id for item in read([tmp_path]) if isinstance(item, Document)] == ["a", "a-2"]


def test_missing_path_is_told(tmp_path: Path) -> None:
    [rejection] = read([tmp_path / "none.txt"])
    assert isinstance(rejection, Rejection)
    assert "No such file" in rejection.reason
