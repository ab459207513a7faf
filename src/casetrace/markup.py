r"""Inline mark-up <-> stand-off annotation: how people write a text with its annotation in place.

`[words|LABEL]`, `[words|LABEL id]`, `[words|EVENT:MODALITY id relation=id,id score=0.9]`. A relation is written at its
head. An event without a modality is ASSERTED. Literal `[`, `]` and `\` are escaped with `\`; inside a span `|` is too.

>>> document, annotation = read_markup("[Police|ORG o] [arrested|ARREST agent=o] [her|ANAPHOR].", doc_id="d")
>>> document.text
'Police arrested her.'
>>> write_markup(document, annotation)
'[Police|ORG o] [arrested|ARREST agent=o] [her|ANAPHOR].'
"""

from __future__ import annotations

import re
from collections import defaultdict

from casetrace.schema import EVENTS, LABELS, check
from casetrace.types import Annotation, CasetraceError, Document, Relation, Span, text_hash

_TOKEN = re.compile(
    r"\\(?P<escaped>[\[\]\\|])"
    r"|\[(?P<words>(?:\\.|[^\\\[\]|])+)\|(?P<label>[A-Z]+)(?::(?P<modality>[A-Z]+))?(?P<rest>(?:\s+[^\s\]]+)*)\s*\]"
    r"|(?P<stray>[\[\]\\])"
    r"|(?P<plain>[^\[\]\\]+)",
    re.DOTALL,
)
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_SCORED = re.compile(r"^(?P<child>[^@]+)(?:@(?P<score>[\d.eE-]+))?$")


class MarkupError(CasetraceError):
    """Mark-up that cannot be read; the message names the line and the words."""


def read_markup(marked: str, *, doc_id: str, made_by: str | None = None) -> tuple[Document, Annotation]:
    """Split marked-up text into the plain document and its checked annotation.

    Raises `MarkupError` for broken syntax and `SchemaError` for what the vocabulary does not allow.
    """
    plain: list[str] = []
    spans: list[Span] = []
    links: list[tuple[str, str, str]] = []
    length = 0
    for token in _TOKEN.finditer(marked):
        words = _words(token, marked)
        if token["label"]:
            span, found = _read_span(token, words, start=length, line=_line(marked, token))
            spans.append(span)
            links += found
        plain.append(words)
        length += len(words)
    text = "".join(plain)
    document = Document(id=doc_id, text=text)
    annotation = Annotation(
        doc_id=doc_id, sha256=text_hash(text), spans=tuple(spans), relations=_relations(links), made_by=made_by
    )
    return document, check(annotation, document)


def write_markup(document: Document, annotation: Annotation) -> str:
    """Write a document with its annotation in place; `read_markup` gives both back, up to the order of relations."""
    links: dict[str, list[Relation]] = defaultdict(list)
    named = set()
    for relation in annotation.relations:
        links[relation.head].append(relation)
        named.add(relation.child)
    pieces: list[str] = []
    at = 0
    for span in sorted(annotation.spans, key=lambda span: span.start):
        pieces.append(_escape(document.text[at : span.start], r"[\[\]\\]"))
        keep_id = span.id in named or span.id != default_id(span.start)
        pieces.append(_write_span(span, links[span.id], keep_id=keep_id))
        at = span.end
    pieces.append(_escape(document.text[at:], r"[\[\]\\]"))
    return "".join(pieces)


def default_id(start: int) -> str:
    """The id of a span that nobody named: spans are flat, so their start tells them apart."""
    return f"_{start}"


def _words(token: re.Match[str], marked: str) -> str:
    if token["stray"]:
        raise MarkupError(f"line {_line(marked, token)}: stray {token['stray']!r} near {_near(marked, token)!r};"
                          " write a literal one with a backslash before it, a span as [words|LABEL]")  # fmt: skip
    if token["words"]:
        return _ESCAPED.sub(r"\1", token["words"])
    return token["escaped"] or token["plain"]


def _read_span(token: re.Match[str], words: str, *, start: int, line: int) -> tuple[Span, list[tuple[str, str, str]]]:
    label, attributes = token["label"], token["rest"].split()
    where = f"line {line}: [{words}|{label}]"
    if label not in LABELS:
        raise MarkupError(f"{where}: unknown label; known are {', '.join(LABELS)}")
    ids = [attribute for attribute in attributes if "=" not in attribute]
    if len(ids) > 1:
        raise MarkupError(f"{where}: two ids, {' and '.join(ids)}")
    pairs = [attribute.split("=", 1) for attribute in attributes if "=" in attribute]
    scores = [float(value) for key, value in pairs if key == "score"]
    span_id = ids[0] if ids else default_id(start)
    modality = token["modality"] or ("ASSERTED" if label in EVENTS else None)
    span = Span.model_validate(
        {"id": span_id, "start": start, "end": start + len(words), "label": label, "text": words, "modality": modality}
        | {"score": scores[0] if scores else None}
    )
    links = [(span_id, key, child) for key, value in pairs if key != "score" for child in value.split(",")]
    return span, links


def _relations(links: list[tuple[str, str, str]]) -> tuple[Relation, ...]:
    relations = []
    for head, label, child in dict.fromkeys(links):
        match = _SCORED.match(child)
        if match is None:
            raise MarkupError(f"relation {head} {label}={child}: no span id after the equals sign")
        score = float(match["score"]) if match["score"] else None
        relations.append(Relation(head=head, label=label, child=match["child"], score=score))
    return tuple(relations)


def _write_span(span: Span, links: list[Relation], *, keep_id: bool) -> str:
    label = span.label if span.modality in (None, "ASSERTED") else f"{span.label}:{span.modality}"
    parts = [label] + ([span.id] if keep_id else [])
    children: dict[str, list[str]] = defaultdict(list)
    for relation in links:
        score = "" if relation.score is None else f"@{relation.score!r}"
        children[relation.label].append(relation.child + score)
    parts += [f"{name}={','.join(ids)}" for name, ids in children.items()]
    parts += [] if span.score is None else [f"score={span.score!r}"]
    words = _escape(span.text, r"[\[\]|\\]")
    return f"[{words}|{' '.join(parts)}]"


def _escape(text: str, special: str) -> str:
    return re.sub(special, lambda match: "\\" + match[0], text)


def _line(marked: str, token: re.Match[str]) -> int:
    return marked.count("\n", 0, token.start()) + 1


def _near(marked: str, token: re.Match[str]) -> str:
    return marked[max(0, token.start() - 20) : token.start() + 40]
