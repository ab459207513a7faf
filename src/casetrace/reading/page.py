"""One file's bytes -> the text that a reader sees, with the title, date and publisher that the format carries."""

from __future__ import annotations

import io
import logging
import re
import zipfile
from dataclasses import dataclass

from charset_normalizer import from_bytes

from casetrace.types import CasetraceError


class Unreadable(CasetraceError):
    """Bytes that hold no readable text; the message says what they are."""


@dataclass(frozen=True)
class Page:
    """The text of one source before it becomes a document."""

    text: str
    title: str | None = None
    published: str | None = None
    url: str | None = None
    publisher: str | None = None


MAGIC = {
    b"%PDF-": "pdf",
    b"PK\x03\x04": "docx",
    b"\xff\xd8\xff": "a JPEG image",
    b"\x89PNG": "a PNG image",
    b"GIF8": "a GIF image",
    b"II*\x00": "a TIFF image",
    b"MM\x00*": "a TIFF image",
    b"\xd0\xcf\x11\xe0": "an old Office file (.doc, .xls); save it as .docx",
    b"\x1f\x8b": "a gzip archive; unpack it first",
    b"7z\xbc\xaf": "a 7z archive; unpack it first",
    b"Rar!": "a RAR archive; unpack it first",
    b"{\\rtf": "an RTF file; save it as .docx",
    b"\x7fELF": "a program",
    b"SQLite format 3": "a SQLite database",
}
"""First bytes of a file, and the reader for it or what the file is; the name's ending is not believed against them."""

_HTML = re.compile(rb"^\s*(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body|article)\b", re.I | re.DOTALL)
_MARKDOWN_LINK = re.compile(r"""!?\[([^\[\]\n]+)\]\((?:[^()\s]|\([^()\s]*\))+(?:[ ]+"[^"\n]*")?\)""")
_CODECS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe\x00\x00", "utf-32"), (b"\x00\x00\xfe\xff", "utf-32"),
           (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))  # fmt: skip


def sniff(data: bytes, kind: str) -> str:
    """Which reader fits the bytes; `kind` is what the file's name claims. Raises `Unreadable` when none does."""
    if not data.strip():
        raise Unreadable("the file is empty")
    for start, found in MAGIC.items():
        if data.startswith(start):
            if found not in ("pdf", "docx"):
                raise Unreadable(f"not a text: it is {found}")
            return found
    if kind in ("pdf", "docx"):
        raise Unreadable(f"named .{kind}, but its content is no {kind.upper()} file; it may be truncated or renamed")
    return "html" if kind == "html" or (kind != "markdown" and _HTML.match(data[:2000])) else kind or "text"


def decode(data: bytes) -> str:
    """The text of the bytes: byte order mark, UTF-8, else the likeliest legacy encoding; raises `Unreadable`."""
    for mark, codec in _CODECS:
        if data.startswith(mark):
            return _decode_as(data, codec)
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        text = _decode_legacy(data)
    if "\x00" in text:
        raise Unreadable("not a text: it holds NUL bytes")
    return text


def read_text(data: bytes) -> Page:
    """A plain text, kept to the letter so that offsets hold for the file as it is."""
    return Page(text=_not_blank(decode(data)))


def read_markdown(data: bytes) -> Page:
    """A Markdown text with the words of links and pictures in place of their addresses, otherwise as it is.

    `title:` and `date:` of a front-matter block are taken off the top.
    """
    text = _MARKDOWN_LINK.sub(r"\1", decode(data))
    block = re.match(r"---\r?\n(.*?)\r?\n---\r?\n", text, re.DOTALL)
    if block is None:
        return Page(text=_not_blank(text))
    pairs = (line.split(":", 1) for line in block[1].splitlines() if ":" in line)
    keys = {key.strip().lower(): value.strip().strip("\"'") for key, value in pairs}
    date = re.match(r"\d{4}-\d\d-\d\d", keys.get("date", ""))
    return Page(
        text=_not_blank(text[block.end() :]),
        title=keys.get("title") or None,
        published=date[0] if date else None,
        url=keys.get("url") or None,
        publisher=keys.get("publisher") or None,
    )


def read_html(data: bytes) -> Page:
    """The article of a web page without menus, footers and advertisements (trafilatura)."""
    from trafilatura import bare_extraction
    from trafilatura.settings import Document as Extracted

    found = bare_extraction(decode(data), include_comments=False, favor_recall=True, with_metadata=True)
    if not isinstance(found, Extracted) or not found.text or not found.text.strip():
        raise Unreadable("no article text was found on the page")
    return Page(text=found.text, title=found.title, published=found.date, url=found.url, publisher=found.sitename)


def read_pdf(data: bytes) -> Page:
    """The text layer of a PDF, pages joined with blank lines; scans without one are `Unreadable`."""
    from pypdf import PdfReader
    from pypdf.errors import PyPdfError

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # what it would print beside the reason comes without a name
    try:
        reader = PdfReader(io.BytesIO(data))
        if reader.is_encrypted and not reader.decrypt(""):
            raise Unreadable("the PDF is encrypted; save a copy without a password")
        text = "\n\n".join(page.extract_text() for page in reader.pages)
        title = reader.metadata.title if reader.metadata else None
    except Unreadable:
        raise
    except (PyPdfError, ValueError, KeyError, TypeError, AttributeError, RecursionError, OSError) as error:
        raise Unreadable(f"the PDF is damaged or truncated ({type(error).__name__}: {error})") from error
    if not text.strip():
        raise Unreadable("the PDF has no text layer; it is probably a scan: run text recognition on it first")
    return Page(text=text, title=title or None)


def read_docx(data: bytes) -> Page:
    """The paragraphs and table cells of a Word file, in reading order."""
    from docx import Document as open_docx
    from docx.opc.exceptions import PackageNotFoundError

    try:
        document = open_docx(io.BytesIO(data))
        parts = [block.text if hasattr(block, "text") else _table(block) for block in document.iter_inner_content()]
    except (PackageNotFoundError, zipfile.BadZipFile, KeyError, ValueError) as error:
        raise Unreadable("a zip archive that is no whole Word file; it may be truncated") from error
    return Page(text=_not_blank("\n".join(parts)), title=document.core_properties.title or None)


def _table(table: object) -> str:
    rows = getattr(table, "rows", ())
    return "\n".join("\t".join(cell.text for cell in row.cells) for row in rows)


def _decode_as(data: bytes, codec: str) -> str:
    try:
        return data.decode(codec)
    except UnicodeDecodeError as error:
        raise Unreadable(f"the text claims to be {codec.upper()}, but byte {error.start} is not") from error


def _decode_legacy(data: bytes) -> str:
    best = from_bytes(data).best()
    if best is None or _unlikely(str(best)):
        raise Unreadable("not a text in any known encoding; save it as UTF-8")
    return str(best)


def _unlikely(text: str) -> bool:
    """Text has words: bytes of an image or a fill pattern read as letters have few, or one character over and over."""
    letters = sum(char.isalpha() or char.isspace() for char in text)
    return letters < 0.6 * len(text) or len(set(text)) < 5


def _not_blank(text: str) -> str:
    if not text.strip():
        raise Unreadable("the file holds nothing but white space")
    return text
