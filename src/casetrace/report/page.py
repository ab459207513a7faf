"""The evaluation as one HTML file: it fetches nothing, and its tables, charts and errors need no script.

Words of documents reach the page only through the template, which escapes them; the page's own policy lets no other
script run than its own.
"""

from __future__ import annotations

import base64
from collections.abc import Iterable, Iterator, Mapping, Sequence
from hashlib import sha256
from importlib.resources import files
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

from jinja2 import Environment, StrictUndefined

from casetrace.evaluate import Case, Evaluation, Figure
from casetrace.evaluate.errors import Fault, Mark, faults
from casetrace.evaluate.levels import DOSSIERS, HEADLINE, SHARES
from casetrace.jsonl import replacing
from casetrace.report import charts
from casetrace.report.tables import LEAST_DOCUMENTS, interval, number

DETAILED = ("entities", "events", "arguments", "record slots")
"""Levels shown by name, whose errors are listed."""
Curve = Mapping[str, Sequence[tuple[float, float]]]


class Piece(NamedTuple):
    """A stretch of a sentence; `label` is None where nothing is marked."""

    text: str
    label: str | None


class Shown(NamedTuple):
    """One error with its sentence cut into pieces, as gold has it and as it was found."""

    fault: Fault
    gold: list[Piece]
    predicted: list[Piece]


class Section(NamedTuple):
    """The errors that count under one name of one level."""

    anchor: str
    title: str
    shown: list[Shown]


def write_report(
    evaluation: Evaluation, cases: Sequence[Case], path: Path, *, title: str, learning: Curve | None = None
) -> None:
    """Write the page; `learning` are lines of (training documents, F1) by level, where they were measured."""
    with replacing(path) as lines:
        lines.write(render_report(evaluation, cases, title=title, learning=learning))


def render_report(evaluation: Evaluation, cases: Sequence[Case], *, title: str, learning: Curve | None = None) -> str:
    """The page as text."""
    script = _resource("page.js")
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    environment.filters |= {"interval": interval, "number": number, "anchor": anchor}
    return environment.from_string(_resource("page.html.jinja")).render(
        title=title,
        evaluation=evaluation,
        headline={name: evaluation.overall[name] for name in (*HEADLINE, *DOSSIERS) if name in evaluation.overall},
        shares=SHARES,
        few=LEAST_DOCUMENTS,
        detailed={name: evaluation.by_name[name] for name in DETAILED},
        figures=[figure for name in DETAILED for figure in evaluation.by_name[name].values()],
        bars={name: _bars(name, evaluation.by_name[name]) for name in DETAILED},
        reliability={item.kind: charts.reliability_chart(item) for item in evaluation.confidence},
        automation={item.kind: charts.automation_chart(item) for item in evaluation.confidence},
        learning=charts.lines_chart(learning, title="Learning curve", x="training documents", y="F1")
        if learning
        else "",
        sections=list(_sections(cases)),
        style=_resource("page.css"),
        script=script,
        script_hash=base64.b64encode(sha256(script.encode()).digest()).decode(),
    )


def anchor(level: str, name: str | None) -> str:
    """The id of the section that holds the errors of one name, usable in an address."""
    return "-".join(["errors", *level.split(), *(name or "none").split()])


def pieces(text: str, start: int, end: int, marks: Iterable[Mark]) -> list[Piece]:
    """The stretch from `start` to `end` cut at its marks.

    >>> [tuple(piece) for piece in pieces("Ann left.", 0, 9, [Mark(start=0, end=3, label="PERSON")])]
    [('Ann', 'PERSON'), (' left.', None)]
    """
    found, at = [], start
    for mark in sorted(marks, key=lambda mark: mark.start):
        if mark.start < at or mark.end > end:
            continue
        found += [Piece(text[at : mark.start], None)] if mark.start > at else []
        found.append(Piece(text[mark.start : mark.end], mark.label))
        at = mark.end
    return [*found, Piece(text[at:end], None)] if at < end else found


def _sections(cases: Sequence[Case]) -> Iterator[Section]:
    texts = {case.document.id: case.document.text for case in cases}
    ordered = sorted(faults(cases), key=lambda fault: (fault.level, _name(fault), fault.kind))
    for (level, name), group in groupby(ordered, key=lambda fault: (fault.level, _name(fault))):
        yield Section(anchor(level, name), f"{level}: {name}", [_shown(fault, texts[fault.doc_id]) for fault in group])


def _name(fault: Fault) -> str:
    return fault.gold_name or fault.predicted_name or ""


def _shown(fault: Fault, text: str) -> Shown:
    gold, predicted = (pieces(text, fault.start, fault.end, marks) for marks in (fault.gold, fault.predicted))
    return Shown(fault, gold if fault.gold else [], predicted if fault.predicted else [])


def _bars(level: str, figures: Mapping[str, Figure]) -> str:
    return charts.bars_chart({name: figure for name, figure in figures.items() if figure.documents}, title=level)


def _resource(name: str) -> str:
    return files("casetrace.report").joinpath(name).read_text("utf-8")
