"""The pages: two records side by side with their words in the text, all pairs, all dossiers. No script, no request out.

Words of documents reach a page only through the templates, which escape them.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple

from jinja2 import DictLoader, Environment, StrictUndefined
from pydantic import BaseModel

from casetrace.report.cases import BOUNDS, event_name, shown
from casetrace.review.desk import Desk, Pair, judged
from casetrace.types import Amount, CaseRecord, Document, Event, Quote, Value

PAGES = ("frame", "pair", "list", "dossiers", "said")
FIELDS = {"date": "when", "agents": "by", "charges": "charges", "laws": "under", "places": "where", "term": "term",
          "amount": "amount"}  # fmt: skip
"""Fields of an event in the order shown, with the word beside them."""


class Line(NamedTuple):
    """A value of a record, its name, and where in the text its words begin."""

    name: str
    value: str
    words: str
    start: int


class Told(NamedTuple):
    """An event as a heading, with its lines."""

    heading: str
    start: int | None
    lines: list[Line]


class Piece(NamedTuple):
    """A stretch of a document; `start` is None where no value rests on it."""

    text: str
    start: int | None


def pair_page(desk: Desk, pair: Pair) -> str:
    """The two records of a pair, why they were proposed, and the three verdicts to choose from."""
    sides = [_side(desk.documents[record.doc_id], record) for record in (pair.left, pair.right)]
    return _render("pair", desk, pair=pair, sides=sides, proposal=desk.proposal(pair))


def list_page(desk: Desk) -> str:
    """Every pair with its verdict and who gave it."""
    return _render("list", desk, pairs=desk.pairs(), strangers=len(desk.strangers))


def dossiers_page(desk: Desk) -> str:
    """The subjects that more than one record tells of, with what their sources disagree on."""
    every = desk.dossiers()
    several = [dossier for dossier in every if len(dossier.records) > 1]
    return _render("dossiers", desk, dossiers=several, apart=desk.not_joined(every))


def said(desk: Desk, message: str) -> str:
    """A sentence for the reviewer, where something could not be done."""
    return _render("said", desk, message=message)


def told(record: CaseRecord) -> list[Told]:
    """The events of a record as headings and lines."""
    return [_told(event) for event in record.events]


def pieces(document: Document, record: CaseRecord) -> list[Piece]:
    """The text cut where a value of the record rests on it; the texts of the pieces add up to the whole.

    >>> document = Document(id="d", text="Police arrested her.")
    >>> record = CaseRecord.model_validate({"case_id": "c", "doc_id": "d", "subject": {"name": "her", "kind": "person",
    ...     "evidence": [{"text": "her", "start": 16, "end": 19}]}})
    >>> pieces(document, record)
    [Piece(text='Police arrested ', start=None), Piece(text='her', start=16), Piece(text='.', start=None)]
    """
    found, at = [], 0
    for quote in sorted(set(_quotes(record)), key=lambda quote: (quote[0], -quote[1])):
        start, end = max(quote[0], at), quote[1]
        if start < end:
            found += [Piece(document.text[at:start], None), Piece(document.text[start:end], quote[0])]
            at = end
    return [piece for piece in (*found, Piece(document.text[at:], None)) if piece.text]


def _side(document: Document, record: CaseRecord) -> dict[str, Any]:
    subject = record.subject
    number = f"{BOUNDS[subject.count_bound] if subject.count_bound else ''}{subject.count}" if subject.count else ""
    about = [*_lines("role", subject.roles), *_lines("of", subject.organisations)]
    text = pieces(document, record)
    return {
        "record": record, "document": document, "number": number, "about": about, "told": told(record), "pieces": text
    }  # fmt: skip


def _told(event: Event) -> Told:
    kind = "" if event.modality == "ASSERTED" else f"{event.modality.lower()}: "
    detail = f" ({event.detail})" if event.detail else ""
    within = f", as one of {event.with_group}" if event.with_group else ""
    lines = [line for field, name in FIELDS.items() for line in _lines(name, _values(event, field))]
    start = event.evidence[0].start if event.evidence else None
    return Told(f"{kind}{event_name(event)}{detail}{within}", start, lines)


def _values(event: Event, field: str) -> tuple[Value | Amount, ...]:
    held = getattr(event, field)
    return held if isinstance(held, tuple) else () if held is None else (held,)


def _lines(name: str, values: tuple[Value | Amount, ...]) -> Iterator[Line]:
    yield from (Line(name, shown(value), " ".join(value.text.split()), value.start) for value in values)


def _quotes(part: BaseModel) -> Iterator[tuple[int, int]]:
    """Start and end of everything in a record that has its words in the text."""
    if isinstance(part, Quote | Value | Amount):
        yield part.start, part.end
    for name in type(part).model_fields:
        held = getattr(part, name)
        for item in held if isinstance(held, tuple) else (held,):
            if isinstance(item, BaseModel):
                yield from _quotes(item)


def _render(page: str, desk: Desk, **values: Any) -> str:
    open_pairs = sum(not judged(pair) for pair in desk.pairs())
    about = {"left": open_pairs, "by": desk.by, "place": desk.place.name, "last": desk.last}
    return _templates().get_template(page).render(**about, **values)


@cache
def _templates() -> Environment:
    folder = files("casetrace.review")
    held = {name: folder.joinpath(f"{name}.html.jinja").read_text("utf-8") for name in PAGES}
    held["style"] = folder.joinpath("review.css").read_text("utf-8")
    return Environment(
        loader=DictLoader(held), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
