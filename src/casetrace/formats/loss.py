"""What a format cannot take, and the words that formats are cut into."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from casetrace.types import Annotation, Document, Span

Pair = tuple[Document, Annotation]
DOCUMENT_FIELDS = ("title", "published", "url", "publisher")


class Loss(NamedTuple):
    """Something of one document that is not in the written file."""

    doc_id: str
    what: str
    detail: str = ""


class Word(NamedTuple):
    """A run of letters and digits, or one other mark."""

    text: str
    start: int
    end: int


def words(text: str) -> list[Word]:
    """The words and marks of a text, without white space.

    >>> [word.text for word in words("She's 5 km away.")]
    ['She', "'", 's', '5', 'km', 'away', '.']
    """
    return [Word(match[0], match.start(), match.end()) for match in re.finditer(r"\w+|[^\w\s]", text)]


def document_losses(document: Document, *kept: str) -> Iterator[Loss]:
    """What is known of a document beside its text, where the format has no place for it."""
    for field in DOCUMENT_FIELDS:
        if field not in kept and getattr(document, field) is not None:
            yield Loss(document.id, f"document {field}")


def place(span: Span) -> tuple[int, int]:
    """Where a span stands, which tells flat spans apart."""
    return span.start, span.end
