"""Events in time order: by their dates; what has none, by where the text tells it and by the course of the law."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from casetrace.assemble.merge import bounds
from casetrace.assemble.narrative import Narrative
from casetrace.assemble.status import rank_of, rests_on, stages
from casetrace.types import Event

Key = tuple[str, int]
"""The day an event sorts by, and -1 if it lies before what else has that day."""


_VERDICTS = {"CONVICT", "ACQUIT", "SENTENCE"}
"""Told of one day, some on one count and some on another: the penalty is where the case stands."""


def in_time_order(events: Sequence[Event], narrative: Narrative) -> list[Event]:
    """Sort the events of one subject, given in text order; what is only possible or demanded comes after what
    happened.
    """
    happened = [event for event in events if event.modality in ("ASSERTED", "NEGATED")]
    keys = {id(event): _key(event, happened, narrative) for event in happened}
    ordered: list[Event] = []
    for key in sorted(set(keys.values())):
        ordered += in_course([event for event in happened if keys[id(event)] == key], narrative)
    others = [event for event in events if event.modality not in ("ASSERTED", "NEGATED")]
    return ordered + sorted(others, key=lambda event: (start_of(event) or "9999", rank_of(event)))


def in_course(events: Iterable[Event], narrative: Narrative) -> list[Event]:
    """Events of one day: in the order of the text, but none before what it rests on."""
    placed: list[Event] = []
    for event in events:
        before = (at for at, other in enumerate(placed) if precedes(event, other, narrative))
        placed.insert(next(before, len(placed)), event)
    return placed


def precedes(one: Event, other: Event, narrative: Narrative) -> bool:
    """Whether one event comes before another of the same day: by nature, by law, by the order of a sentence."""
    if other.type == "KILL" or one.type == "KILL":
        return other.type == "KILL" and one.type != "KILL"
    if (by_words := _by_words(one, other, narrative)) is not None:
        return by_words
    law, against = rests_on(other, one), rests_on(one, other)
    if law or against:
        return rank_of(one) < rank_of(other) if law and against else law
    later = max(one, other, key=narrative.place)
    if narrative.cue(later) == "then" and start_of(later) is None:
        return later is other
    if {one.type, other.type} <= _VERDICTS:
        return rank_of(one) < rank_of(other)
    if stages()[one.type].aside or stages()[other.type].aside:
        return rank_of(one) < rank_of(other) and not _one_breath(one, other, narrative)
    return narrative.told_in_order(one, other) is True and narrative.told_in_order(other, one) is False


def _by_words(one: Event, other: Event, narrative: Narrative) -> bool | None:
    """What the words say against the course of the law: arrested again, still held in spite of bail, held for a day."""
    if narrative.is_again(one) != narrative.is_again(other):
        return narrative.is_again(other)
    if "RELEASE" in (one.type, other.type) and narrative.is_still(one) != narrative.is_still(other):
        return narrative.is_still(other)
    if {one.type, other.type} == {"DETAIN", "INDICT"} and narrative.is_over(one) != narrative.is_over(other):
        return narrative.is_over(one)
    return None


def start_of(event: Event) -> str | None:
    """The day that a dated event sorts by: late steps of a case at the end of what a month or year leaves open."""
    if event.date is None or event.date.date_type is None:
        return None
    low, high = bounds(event.date.value)
    return high if rank_of(event) >= 70 and low[-2:] == "00" else low


def _one_breath(one: Event, other: Event, narrative: Narrative) -> bool:
    """ "says a guard hit him and has been questioned": between steps that leave no standing, the sentence decides."""
    return stages()[one.type].aside and stages()[other.type].aside and narrative.told_in_order(one, other) is not None


def _key(event: Event, events: Sequence[Event], narrative: Narrative) -> Key:
    if start := start_of(event):
        return start, 0
    dated = [other for other in events if start_of(other)]
    cue = narrative.cue(event)
    if not dated:
        return "", -1 if cue == "before" else 0
    if cue == "before":
        return _day(_nearest(event, dated, narrative)), -1
    day = _day(_nearest(event, dated, narrative))
    if cue == "now" and (last := _last_before_now(dated)):
        day = _day(last)
    elif cue is None and narrative.in_headline(event):
        day = max(_day(other) for other in dated)
    elif _in_one_sentence(event, _nearest(event, dated, narrative), narrative):
        return day, 0
    return _within(event, day, dated, narrative), 0


def _in_one_sentence(event: Event, other: Event, narrative: Narrative) -> bool:
    return narrative.sentence(narrative.place(event)) == narrative.sentence(_told_at(other))


def _day(event: Event) -> str:
    return start_of(event) or ""


def _last_before_now(dated: list[Event]) -> Event | None:
    """The last step that a custody which goes on can come after: all but the court's."""
    steps = [event for event in dated if event.modality == "ASSERTED" and rank_of(event) not in range(50, 80)]
    return max(steps, key=_day, default=None)


def _nearest(event: Event, dated: list[Event], narrative: Narrative) -> Event:
    """The dated event told in the same sentence, else before it in the paragraph, before it, after it."""
    at = narrative.place(event)

    def distance(other: Event) -> tuple[int, int]:
        place = _told_at(other)
        if narrative.sentence(place) == narrative.sentence(at):
            return 0, abs(place - at)
        if place < at:
            return (1 if narrative.line(place) == narrative.line(at) else 2), at - place
        return 3, place - at

    exact = [other for other in dated if not _day(other).endswith(("-00-00", "-99-99"))]
    return min(exact or dated, key=distance)


def _told_at(event: Event) -> int:
    """Where a dated event is told with its date."""
    assert event.date is not None
    date = event.date
    return min((quote.start for quote in event.evidence), key=lambda start: abs(start - date.start))


def _within(event: Event, day: str, dated: list[Event], narrative: Narrative) -> str:
    """The day moved after the dated steps that the event rests on, and before those that rest on it."""
    if event.modality != "ASSERTED":
        return day
    told = [other for other in dated if other.modality == "ASSERTED"]
    floor = max((_day(other) for other in _of_the_round(event, [o for o in told if rests_on(event, o)])), default="")
    resting = [o for o in told if rests_on(o, event) and not rests_on(event, o) and not narrative.is_again(event)]
    resting = [other for other in resting if not (other.type == "RELEASE" and narrative.is_still(event))]
    ceiling = min((_day(other) for other in _of_the_round(event, resting)), default="9999")
    return max(day, floor) if floor > ceiling else min(max(day, floor), ceiling)


def _of_the_round(event: Event, others: list[Event]) -> list[Event]:
    """Of each type the one told last before the event, else the first told after it: people are arrested twice."""
    at = event.evidence[0].start
    nearest: dict[str, Event] = {}
    for other in sorted(others, key=lambda other: (_told_at(other) > at, abs(_told_at(other) - at))):
        nearest.setdefault(other.type, other)
    return list(nearest.values())
