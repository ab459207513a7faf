"""Whether a text settles which event came last, and with it where the case stands."""

from __future__ import annotations

from collections.abc import Sequence

from casetrace.assemble.merge import bounds
from casetrace.assemble.narrative import Narrative
from casetrace.assemble.order import start_of
from casetrace.assemble.status import last_asserted, rests_on, stages, status_after
from casetrace.types import Event


def is_settled(events: Sequence[Event], narrative: Narrative, *, check_below: float) -> bool:
    """Whether dates, the law or the words put one event last, that event is not doubtful, and its state not over."""
    last = last_asserted(events)
    if last is None or last.type == "KILL":
        return last is None or not _is_doubtful(last, check_below)
    others = [event for event in events if event.modality == "ASSERTED" and status_after(event) != status_after(last)]
    return (
        not _is_doubtful(last, check_below)
        and not narrative.is_over(last)
        and all(_comes_before(other, last, narrative) for other in others)
    )


def _is_doubtful(event: Event, check_below: float) -> bool:
    return event.score is not None and event.score < check_below


def _comes_before(event: Event, last: Event, narrative: Narrative) -> bool:
    by_law = rests_on(last, event) and not rests_on(event, last)
    by_words = narrative.cue(event) == "before" or narrative.cue(last) or narrative.in_headline(last)
    return bool(
        _by_date(event, last)
        or by_law
        or by_words
        or event.type == "SUE"
        or stages()[event.type].aside
        or narrative.told_in_order(event, last) is not None
    )


def _by_date(event: Event, last: Event) -> bool:
    """Whether the last event is dated, and the other earlier, or put by where it is told."""
    if last.date is None or start_of(last) is None:
        return False
    return event.date is None or start_of(event) is None or bounds(event.date.value)[1] < bounds(last.date.value)[0]
