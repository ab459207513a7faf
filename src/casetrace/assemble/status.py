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
    after: tuple[str, ...] | None = None


class Stage(NamedTuple):
    """Where an event type stands in the course of a case."""

    rank: int
    status: str
    after: tuple[str, ...]
    aside: bool
    details: tuple[Detail, ...]


@cache
def stages() -> dict[str, Stage]:
    """The table of status.toml."""
    rows = tomllib.loads(files("casetrace.assemble").joinpath("status.toml").read_text("utf-8"))
    return {name: _stage(row) for name, row in rows.items()}


def status_of(events: Iterable[Event]) -> str | None:
    """The status that the last asserted event leaves; nothing if the text asserts none.

    >>> arrest, release = (Event(type=type_, modality="ASSERTED") for type_ in ("ARREST", "RELEASE"))
    >>> status_of([arrest, release.model_copy(update={"detail": "on bail"})])
    'released on bail'
    """
    last = last_asserted(events)
    return status_after(last) if last else None


def last_asserted(events: Iterable[Event]) -> Event | None:
    """The last of the asserted events; after a death nothing changes where a case stands."""
    asserted = [event for event in events if event.modality == "ASSERTED"]
    return next((event for event in reversed(asserted) if event.type == "KILL"), asserted[-1] if asserted else None)


def status_after(event: Event) -> str:
    """The status that one event leaves."""
    stage = stages()[event.type]
    return next((detail.status for detail in stage.details if detail.name == event.detail), stage.status)


def rank_of(event: Event) -> int:
    """Where an event stands in the course of a case, where no dates tell."""
    stage = stages()[event.type]
    own = next((detail.rank for detail in stage.details if detail.name == event.detail), None)
    return stage.rank if own is None else own


def rests_on(event: Event, other: Event) -> bool:
    """Whether an event comes, by law or by nature, after another of the same round of a case."""
    stage = stages()[event.type]
    own = next((detail.after for detail in stage.details if detail.name == event.detail), None)
    return other.type in (stage.after if own is None else own)


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


def _stage(row: dict[str, Any]) -> Stage:
    details = tuple(_detail(detail) for detail in row.get("details", []))
    return Stage(row["rank"], row["status"], tuple(row.get("after", ())), row.get("aside", False), details)


def _detail(row: dict[str, Any]) -> Detail:
    after = tuple(row["after"]) if "after" in row else None
    return Detail(row["name"], re.compile(row["pattern"]), row["status"], row.get("rank"), after)
