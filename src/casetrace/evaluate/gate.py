"""The gate: no headline figure may fall under its floor, and no floor may be lowered without saying so.

A floor is the figure that was measured when it was set. The file also keeps the highest floor that a level ever had:
where the floor is lower now, the changelog has to say so, whoever wrote the file.
"""

from __future__ import annotations

import json
import math
import tomllib
from collections.abc import Iterator
from pathlib import Path

from pydantic import Field, ValidationError

from casetrace.evaluate.evaluation import Evaluation
from casetrace.evaluate.levels import HEADLINE
from casetrace.types import CasetraceError, Frozen

NOISE = 0.005
PLACES = 4


class Floor(Frozen):
    """The least that a level may measure, and the most that its floor ever was."""

    floor: float
    best: float


class Floors(Frozen):
    """The floors of one set of gold documents; `fingerprint` is that of gold.fingerprint."""

    gold: str
    fingerprint: str
    documents: int
    noise: float = Field(description="how far under its floor a figure may fall, as other machines round otherwise")
    reason: str
    floors: dict[str, Floor]


def read_floors(path: Path) -> Floors:
    """The floors file; raises `CasetraceError` when it is missing or not one."""
    try:
        return Floors.model_validate(tomllib.loads(path.read_text("utf-8")))
    except FileNotFoundError as error:
        raise CasetraceError(f"{path}: no floors yet; set them with `casetrace gate --renew REASON`") from error
    except (tomllib.TOMLDecodeError, ValidationError) as error:
        raise CasetraceError(f"{path}: not a floors file: {error}") from error


def write_floors(floors: Floors) -> str:
    """The floors as TOML."""
    head = {name: getattr(floors, name) for name in ("gold", "fingerprint", "documents", "noise", "reason")}
    lines = [f"{name} = {json.dumps(value, ensure_ascii=False)}" for name, value in head.items()]
    rows = [f'"{level}" = {{ floor = {one.floor}, best = {one.best} }}' for level, one in floors.floors.items()]
    return "\n".join(
        ["# Written by `casetrace gate --renew REASON`; see docs/evaluation.md.", *lines, "", "[floors]", *rows, ""]
    )


def failures(floors: Floors, evaluation: Evaluation, *, fingerprint: str, changelog: str) -> Iterator[str]:
    """Yield one sentence for everything that does not hold."""
    if fingerprint != floors.fingerprint:
        yield f"the gold of {floors.gold} is not what the floors were set on; set them anew with --renew REASON"
        return
    for level, one in floors.floors.items():
        value = evaluation.overall[level].value
        if value < one.floor - floors.noise:
            yield f"{level}: {value:.4f} is under its floor of {one.floor:.4f} by more than {floors.noise}"
        if one.floor < one.best and lowered_line(level, one.floor) not in changelog:
            yield (f"{level}: its floor was {one.best:.4f} once and is {one.floor:.4f}; the changelog does not say "
                   f"{lowered_line(level, one.floor)!r}")  # fmt: skip


def renew(
    old: Floors | None, evaluation: Evaluation, *, gold: str, fingerprint: str, reason: str, lower: bool = False
) -> tuple[Floors, list[str]]:
    """New floors at the measured figures, and the changelog lines that lowered floors need.

    Raises `CasetraceError` when a floor would fall and `lower` is not given.
    """
    before = old.floors if old else {}
    floors = {name: _floor(before.get(name), evaluation.overall[name].value) for name in HEADLINE}
    fallen = [name for name, one in floors.items() if name in before and one.floor < before[name].floor]
    if fallen and not lower:
        told = ", ".join(f"{name} from {before[name].floor} to {floors[name].floor}" for name in fallen)
        raise CasetraceError(f"these floors would fall: {told}; if that is meant, give --lower as well")
    renewed = Floors(
        gold=gold,
        fingerprint=fingerprint,
        documents=evaluation.documents,
        noise=old.noise if old else NOISE,
        reason=reason,
        floors=floors,
    )
    below = [name for name, one in floors.items() if one.floor < one.best]
    return renewed, [f"{lowered_line(name, floors[name].floor)}: {reason}" for name in below]


def lowered_line(level: str, floor: float) -> str:
    """What the changelog has to say of a lowered floor."""
    return f"Gate: floor of {level} lowered to {floor:.4f}"


def _floor(old: Floor | None, value: float) -> Floor:
    floor = math.floor(round(value * 10**PLACES, 6)) / 10**PLACES
    return Floor(floor=floor, best=max(floor, old.best if old else floor))
