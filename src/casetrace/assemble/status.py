"""Where a case stands after its last asserted event, and the details of an event that its status depends on."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple

from casetrace.types import Event, Span

_ON_TRIGGER = ("APPEAL", "DISMISS")


class Detail(NamedTuple):
    """Words near a trigger that say more than its type."""

    name: str
    pattern: re.Pattern[str]
    status: str
    rank: int | None = None


class Stage(NamedTuple):
    """Where an event type stands in the course of a case."""

    rank: int
    status: str
    details: tuple[Detail, ...]


@cache
def stages() -> dict[str, Stage]:
    """The table of status.toml."""
    rows = tomllib.loads(files("casetrace.assemble").joinpath("status.toml").read_text("utf-8"))
    return {name: Stage(row["rank"], row["status"], _details(row.get("details", []))) for name, row in rows.items()}


def status_of(events: Iterable[Event]) -> str | None:
    """The status that the last asserted event leaves; nothing if the text asserts none.

    >>> arrest, release = (Event(type=type_, modality="ASSERTED") for type_ in ("ARREST", "RELEASE"))
    >>> status_of([arrest, release.model_copy(update={"detail": "on bail"})])
    'released on bail'
    """
    asserted = [event for event in events if event.modality == "ASSERTED"]
    if not asserted:
        return None
    stage = stages()[asserted[-1].type]
    return next((detail.status for detail in stage.details if detail.name == asserted[-1].detail), stage.status)


def rank_of(event: Event) -> int:
    """Where an event stands in the course of a case, where no dates tell."""
    stage = stages()[event.type]
    own = next((detail.rank for detail in stage.details if detail.name == event.detail), None)
    return stage.rank if own is None else own


def detail_of(trigger: Span, text: str) -> str | None:
    """What the words around a trigger add: "released on bail", "sentence suspended", "appeal rejected".

    >>> trigger = Span(id="e", start=8, end=13, label="RELEASE", text="freed", modality="ASSERTED")
    >>> detail_of(trigger, "She was freed on bail.")
    'on bail'
    """
    around = trigger.text if trigger.label in _ON_TRIGGER else _sentence(trigger, text)
    details = stages()[trigger.label].details
    found = next((detail.name for detail in details if detail.pattern.search(around.lower())), None)
    if found in (None, "lodged") and trigger.label == "APPEAL":
        clause = re.split(r"[.;\n]", text[trigger.end : trigger.end + 40])[0]
        more = re.match(r"\W+(?:\w+\W+){0,2}?(?:was|were|been|is)\W+(\w+)", clause)
        after = next((detail.name for detail in details[:-1] if more and detail.pattern.match(more[1].lower())), None)
        return after or found
    return found


def _sentence(trigger: Span, text: str) -> str:
    """The clause around a trigger: up to 60 characters on either side, not over a full stop or a line's end."""
    before = re.split(r"[.;\n]", text[max(0, trigger.start - 30) : trigger.start])[-1]
    after = re.split(r"[;\n]|\.\s", text[trigger.end : trigger.end + 60])[0]
    return before + trigger.text + after


def _details(rows: list[dict[str, Any]]) -> tuple[Detail, ...]:
    return tuple(Detail(row["name"], re.compile(row["pattern"]), row["status"], row.get("rank")) for row in rows)
