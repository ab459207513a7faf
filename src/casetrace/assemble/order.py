"""Events in time order: by their dates, and where the text gives none, by the course that cases take."""

from __future__ import annotations

import re

from casetrace.assemble.merge import bounds
from casetrace.assemble.status import rank_of
from casetrace.types import Event

_RESTS_ON = {
    "CONVICT": ("INDICT",),
    "ACQUIT": ("INDICT",),
    "SENTENCE": ("INDICT", "CONVICT"),
    "APPEAL": ("INDICT", "CONVICT", "SENTENCE"),
}


def in_time_order(events: list[Event]) -> list[Event]:
    """Sort the events of one subject, given in text order; what is only possible or demanded comes after what
    happened.
    """
    keys = _keys(events)
    order = sorted(range(len(events)), key=lambda at: keys[at])
    return [events[at] for at in order]


def _keys(events: list[Event]) -> list[tuple[str, int, int]]:
    """Date (own, or that of the neighbour told before or after), rank in the course of a case, place in the text."""
    starts = [_start(event) for event in events]
    days = [start if start and not start.endswith("-00-00") else None for start in starts]
    keys = []
    for at, event in enumerate(events):
        before = _nearest(days[:at][::-1]) or _nearest(starts[:at][::-1])
        after = _nearest(days[at + 1 :]) or _nearest(starts[at + 1 :])
        keys.append((starts[at] or max(before or after or "", _not_before(event, events, starts)), _rank(event), at))
    return keys


def _nearest(starts: list[str | None]) -> str | None:
    return next((start for start in starts if start), None)


def _not_before(event: Event, events: list[Event], starts: list[str | None]) -> str:
    """An undated verdict, sentence or appeal comes after the dated step that it rests on."""
    if event.modality != "ASSERTED":
        return ""
    needed = _RESTS_ON.get(event.type, ())
    return max((start for one, start in zip(events, starts, strict=True) if start and one.type in needed
                and one.modality == "ASSERTED"), default="")  # fmt: skip


def _rank(event: Event) -> int:
    again = any(
        re.match(r"re-?(?:arrest|detain|sentenc|charg|jail|imprison)", quote.text.lower()) for quote in event.evidence
    )
    rank = rank_of(event) + (100 if again else 0)
    return rank if event.modality in ("ASSERTED", "NEGATED") else rank + 1000


def _start(event: Event) -> str | None:
    if event.date is None or event.date.date_type is None:
        return None
    low, high = bounds(event.date.value)
    return high if rank_of(event) >= 70 and low[-2:] == "00" else low
