"""What the settings of a component may be, checked when it is made."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from casetrace.types import CasetraceError


def among(values: Iterable[str], allowed: Collection[str], *, setting: str) -> None:
    """Raise `CasetraceError` for the first value of a setting that is not allowed."""
    for value in values:
        if value not in allowed:
            raise CasetraceError(f"{setting} has {value!r}, which is none of {', '.join(allowed)}")


def at_least(value: float, least: float, *, setting: str) -> None:
    """Raise `CasetraceError` for a setting below its least value."""
    if not value >= least:
        raise CasetraceError(f"{setting} is {value}, it must be at least {least}")
