"""What the score of each field of a record is worth: slope and shift of its log odds, fitted on dev with the pipeline.

The product of the probabilities that a value rests on is too sure: it knows nothing of whether the value went to the
right person and event, or was read right.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TypeVar

from casetrace.types import Amount, CaseRecord, Event, Value

Trust = Mapping[str, tuple[float, float]]
"""Slope and shift by field (`event`, `date`, `agent`, `charge`, `law`, `place`, `term`, `amount`, `role`,
`organisation`); a field that is not there keeps its score."""
Scored = TypeVar("Scored", Value, Amount, Event)
LEAST = 1e-4


def calibrated(record: CaseRecord, trust: Trust, *, check_below: float) -> CaseRecord:
    """The record with scores as `trust` has them; what falls below `check_below` is marked `check` as well."""
    subject = record.subject

    def each(field: str, values: tuple[Scored, ...]) -> tuple[Scored, ...]:
        return tuple(_rescored(value, trust.get(field), check_below) for value in values)

    held = subject.model_copy(
        update={"roles": each("role", subject.roles), "organisations": each("organisation", subject.organisations)}
    )
    events = tuple(_event(event, trust, check_below) for event in each("event", record.events))
    return record.model_copy(update={"subject": held, "events": events})


def rescore(score: float, slope: float, shift: float) -> float:
    """A score with its log odds stretched and moved.

    >>> round(rescore(0.9, 0.5, 0.0), 2), round(rescore(0.5, 1.0, -1.0), 2)
    (0.75, 0.27)
    """
    score = min(max(score, LEAST), 1 - LEAST)
    return 1 / (1 + math.exp(-(slope * math.log(score / (1 - score)) + shift)))


def _event(event: Event, trust: Trust, check_below: float) -> Event:
    several = {"agents": "agent", "charges": "charge", "laws": "law", "places": "place"}
    changes: dict[str, object] = {
        name: tuple(_rescored(value, trust.get(field), check_below) for value in getattr(event, name))
        for name, field in several.items()
    }
    for field in ("date", "term", "amount"):
        value = getattr(event, field)
        changes[field] = value and _rescored(value, trust.get(field), check_below)
    return event.model_copy(update=changes)


def _rescored(value: Scored, line: tuple[float, float] | None, check_below: float) -> Scored:
    if line is None or value.score is None:
        return value
    score = round(rescore(value.score, *line), 4)
    return value.model_copy(update={"score": score, "check": value.check or score < check_below})
