"""Changed copies of training documents: other names and values, another case, the noise of web pages."""

from __future__ import annotations

import random
import re
from collections.abc import Callable

from casetrace.train.config import AugmentConfig
from casetrace.train.rewrite import rewrite
from casetrace.train.swap import Swapper, tables
from casetrace.types import Annotation, Document, Span

Pair = tuple[Document, Annotation]
Change = Callable[[str], str]
_CURLY = str.maketrans({"'": "’"})
_STRAIGHT = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"'})


def augment(document: Document, annotation: Annotation, config: AugmentConfig, chance: random.Random) -> Pair:
    """A document with its annotation, changed in as many ways as chance has it; the links stay as they are."""
    if chance.random() < config.swap:
        document, annotation = rewrite(document, annotation, inside=Swapper(annotation, chance), between=str)
    if chance.random() < config.noise:
        document, annotation = _noise(document, annotation, chance)
    if chance.random() < config.upper:
        document, annotation = _headline(document, annotation, chance)
    if chance.random() < config.lower:
        document, annotation = _everywhere(document, annotation, str.lower)
    return document, annotation


def _headline(document: Document, annotation: Annotation, chance: random.Random) -> Pair:
    """The first line in capitals, or with every word capitalised."""
    end = document.text.find("\n")
    if not 0 < end < 200:
        return document, annotation
    change: Change = str.upper if chance.random() < 0.7 else _title
    seen = 0

    def between(text: str) -> str:
        nonlocal seen
        inside = max(0, min(len(text), end - seen))
        seen += len(text)
        return _same_length(change, text[:inside]) + text[inside:]

    def inside(span: Span) -> str:
        nonlocal seen
        seen += len(span.text)
        return _same_length(change, span.text) if span.start < end else span.text

    return rewrite(document, annotation, inside=inside, between=between)


def _everywhere(document: Document, annotation: Annotation, change: Change) -> Pair:
    def inside(span: Span) -> str:
        return _same_length(change, span.text)

    return rewrite(document, annotation, inside=inside, between=lambda text: _same_length(change, text))


def _noise(document: Document, annotation: Annotation, chance: random.Random) -> Pair:
    """Lines that do not belong, other quotation marks, other breaks: a few at a time."""
    table: dict[int, str] = chance.choice((_CURLY, _STRAIGHT, {}))
    breaks = chance.choice(("\n\n", "\n\n", "\n", "\n\n\n", "\n \n"))
    lines = tables()["noise"]["lines"]

    def between(text: str) -> str:
        text = text.translate(table).replace("\n\n", breaks)
        if breaks in text and chance.random() < 0.12:
            text = text.replace(breaks, f"{breaks}{chance.choice(lines)}{breaks}", 1)
        return re.sub(r" (?=\S)", lambda _: "\n" if chance.random() < 0.004 else " ", text)

    return rewrite(document, annotation, inside=lambda span: span.text.translate(table), between=between)


def _title(text: str) -> str:
    return re.sub(r"\b[a-z]", lambda found: found[0].upper(), text)


def _same_length(change: Change, text: str) -> str:
    changed = change(text)
    return changed if len(changed) == len(text) else text
