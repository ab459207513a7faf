"""Acquittals that an appeal brought: "the court reversed the conviction and acquitted her"."""

from __future__ import annotations

from collections.abc import Sequence

from casetrace.assemble.narrative import Narrative
from casetrace.types import Event


def mark_acquittals(events: Sequence[Event], narrative: Narrative) -> list[Event]:
    """Give an acquittal that the sentence of an asserted appeal tells, on the same day, the detail `on appeal`."""
    appeals = [event for event in events if event.type == "APPEAL" and event.modality == "ASSERTED"]
    return [
        event.model_copy(update={"detail": "on appeal"})
        if event.type == "ACQUIT" and any(_brought(appeal, event, narrative) for appeal in appeals)
        else event
        for event in events
    ]


def _brought(appeal: Event, acquittal: Event, narrative: Narrative) -> bool:
    days = [event.date.value if event.date else None for event in (appeal, acquittal)]
    return days[0] == days[1] and narrative.told_in_order(appeal, acquittal) is not None
