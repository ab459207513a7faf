"""Several mentions of one event become one event with all its evidence; mentions that contradict each other stay
apart.
"""

from __future__ import annotations

import re
from typing import TypeVar

from casetrace.assemble.buildings import named_first, one_building
from casetrace.assemble.chains import Chain, Chains
from casetrace.assemble.mention import Mention
from casetrace.normalize.durations import months
from casetrace.normalize.names import plain
from casetrace.normalize.organisations import body_kind
from casetrace.types import Amount, DateValue, Event, Quote, Term, Value

_BY_CHARGE = ("INDICT", "CONVICT", "SENTENCE", "ACQUIT", "SUE")
_BY_AGENT = ("SUE", "QUESTION", "DISMISS", "THREATEN", "ATTACK", "REINSTATE")
Kept = TypeVar("Kept", bound=Value)


def merge_mentions(mentions: list[Mention], *, chain: Chain, chains: Chains, check_below: float) -> list[Event]:
    """The events of one subject: dated mentions first find their like, undated ones then join what they fit."""
    clusters: list[list[Mention]] = []
    for mention in sorted(mentions, key=lambda mention: (not _resolved(mention), mention.trigger.start)):
        fitting = [cluster for cluster in clusters if all(compatible(mention, other) for other in cluster)]
        if fitting:
            min(fitting, key=lambda cluster: _distance(mention, cluster)).append(mention)
        else:
            clusters.append([mention])
    events = [
        _event(sorted(cluster, key=lambda m: m.trigger.start), chain=chain, chains=chains, check_below=check_below)
        for cluster in clusters
    ]
    return sorted(events, key=lambda event: event.evidence[0].start)


def compatible(left: Mention, right: Mention) -> bool:
    """Whether two mentions can tell one event."""
    return (
        left.trigger.label == right.trigger.label
        and left.modality == right.modality
        and (
            left.detail == right.detail or left.trigger.label not in ("APPEAL",) or None in (left.detail, right.detail)
        )
        and same_date(left.date, right.date)
        and _same_place(left, right)
        and _same_terms(left, right)
        and _same_amounts(left, right)
        and _same_charges(left, right)
        and _same_agents(left, right)
    )


def same_date(left: DateValue | None, right: DateValue | None) -> bool:
    """Two dates agree if one is missing or unresolved, or if they share a day.

    >>> day = DateValue(value="2020-04-02", date_type="exact", text="", start=0, end=0)
    >>> [same_date(day, day.model_copy(update={"value": value})) for value in ("2020-04", "2020-05")]
    [True, False]
    """
    if left is None or right is None or left.date_type is None or right.date_type is None:
        return True
    (low, high), (low_other, high_other) = bounds(left.value), bounds(right.value)
    return low <= high_other and low_other <= high


def bounds(value: str) -> tuple[str, str]:
    """First and last day of an ISO value, as strings that sort.

    >>> bounds("2020-04"), bounds("2020/2021-03")
    (('2020-04-00', '2020-04-99'), ('2020-00-00', '2021-03-99'))
    """
    pieces = sorted(re.split(r"[/,]", value.strip("{}[]")))
    return pieces[0] + "-00-00"[len(pieces[0]) - 4 :], pieces[-1] + "-99-99"[len(pieces[-1]) - 4 :]


def _resolved(mention: Mention) -> bool:
    return mention.date is not None and mention.date.date_type is not None


def _distance(mention: Mention, cluster: list[Mention]) -> tuple[int, int]:
    """Prefer the cluster told nearest before the mention."""
    gaps = [mention.trigger.start - other.trigger.start for other in cluster]
    before = [gap for gap in gaps if gap >= 0]
    return (0, min(before)) if before else (1, min(abs(gap) for gap in gaps))


def _same_place(left: Mention, right: Mention) -> bool:
    """Two named countries differ; a district and its city do not. Held in two named prisons is held twice."""
    countries = [{place.country for place in mention.places if place.country} for mention in (left, right)]
    if countries[0] and countries[1] and not countries[0] & countries[1]:
        return False
    buildings = [[place.value for place in mention.places if place.kind == "FACILITY"] for mention in (left, right)]
    return (
        not buildings[0]
        or not buildings[1]
        or any(one_building(one, other) for one in buildings[0] for other in buildings[1])
    )


def _same_terms(left: Mention, right: Mention) -> bool:
    if not left.terms or not right.terms:
        return True
    return any(_same_length(one, other) for one in left.terms for other in right.terms)


def _same_length(left: Term, right: Term) -> bool:
    one, other = months(left.value), months(right.value)
    if one is None or other is None:
        return left.value == right.value
    about = "about" in (left.bound, right.bound) or left.bound != right.bound
    return one == other or (about and abs(one - other) <= max(one, other) / 5)  # "nearly two months" and "55 days"


def _same_amounts(left: Mention, right: Mention) -> bool:
    known = [
        {(amount.value, amount.currency) for amount in mention.amounts if amount.value is not None}
        for mention in (left, right)
    ]
    codes = [{code for _, code in found} for found in known]
    return not (known[0] and known[1] and codes[0] & codes[1] and not known[0] & known[1])


def _same_charges(left: Mention, right: Mention) -> bool:
    if left.trigger.label not in _BY_CHARGE or not left.charges or not right.charges:
        return True
    return bool(_offence_keys(left) & _offence_keys(right))


def _offence_keys(mention: Mention) -> set[str]:
    return {charge.offence or plain(charge.value) for charge in mention.charges}


def _same_agents(left: Mention, right: Mention) -> bool:
    if left.trigger.label not in _BY_AGENT or not left.agents or not right.agents:
        return True
    if set(left.agent_keys) & set(right.agent_keys):
        return True
    kinds = [{body_kind(agent.value) for agent in mention.agents} for mention in (left, right)]
    return bool(kinds[0] & kinds[1]) and "other" not in kinds[0] & kinds[1]


def _event(cluster: list[Mention], *, chain: Chain, chains: Chains, check_below: float) -> Event:
    score = _best([mention.subjects[chain.key] for mention in cluster])
    date = _date([mention.date for mention in cluster if mention.date])
    return Event(
        type=cluster[0].trigger.label,
        modality=cluster[0].modality,
        score=score,
        date=marked(date, check_below) if date else None,
        agents=_united([_others(mention, chain) for mention in cluster], check_below),
        charges=_united([mention.charges for mention in cluster], check_below),
        laws=_united([mention.laws for mention in cluster], check_below),
        places=named_first(_united([mention.places for mention in cluster], check_below)),
        term=_term([term for mention in cluster for term in mention.terms_of(chain.key)], check_below),
        amount=_amount([amount for mention in cluster for amount in mention.amounts_of(chain.key)], check_below),
        evidence=tuple(_quote(mention) for mention in cluster),
        detail=next((mention.detail for mention in cluster if mention.detail), None),
        with_group=_group(cluster, chain=chain, chains=chains),
        check=score is not None and score < check_below,
    )


def _others(mention: Mention, chain: Chain) -> tuple[Value, ...]:
    """Who did it to the subject: nobody arrests themselves, but a defendant lodges the appeal."""
    own = {(one.start, one.end) for one in chain.mentions}
    appeals = mention.trigger.label == "APPEAL"
    return tuple(agent for agent in mention.agents if appeals or (agent.start, agent.end) not in own)


def marked(value: Kept, check_below: float) -> Kept:
    """The value, marked for a check if its probability is low."""
    low = value.score is not None and value.score < check_below
    return value.model_copy(update={"check": True}) if low else value


def _date(dates: list[DateValue]) -> DateValue | None:
    """The most precise resolved date, the first told among equals."""
    if not dates:
        return None
    return max(
        dates, key=lambda date: (date.date_type is not None, date.date_type != "estimate", -_width(date), -date.start)
    )


def _width(date: DateValue) -> int:
    """How many days a date leaves open; much for words that do not resolve."""
    if date.date_type is None:
        return 10**6
    low, high = ([int(part) for part in end.split("-")] for end in bounds(date.value))
    return (high[0] - low[0]) * 372 + (high[1] - low[1]) * 31 + high[2] - low[2]


def _united(groups: list[tuple[Kept, ...]], check_below: float) -> tuple[Kept, ...]:
    found: dict[str, Kept] = {}
    for value in (value for group in groups for value in group):
        key = plain(value.value)
        if key not in found or (value.score or 0) > (found[key].score or 0):
            found[key] = marked(value, check_below)
    return tuple(found.values())


def _term(terms: list[Term], check_below: float) -> Term | None:
    best = next(
        (term for term in terms if term.kind != "suspended" and term.value[0] in "Pl"), terms[0] if terms else None
    )
    return marked(best, check_below) if best else None


def _amount(amounts: list[Amount], check_below: float) -> Amount | None:
    """Of a pair "6 million riels (about $1,500)" the first told, which is the local one."""
    best = next((amount for amount in amounts if amount.value is not None), amounts[0] if amounts else None)
    low = best is not None and best.score is not None and best.score < check_below
    return best.model_copy(update={"check": True}) if best and low else best


def _group(cluster: list[Mention], *, chain: Chain, chains: Chains) -> str | None:
    if chain.kind != "person":
        return None
    keys = [key for mention in cluster for key in mention.subjects if key != chain.key]
    return next((chains.of(key).name for key in keys if chains.of(key).kind == "group"), None)


def _quote(mention: Mention) -> Quote:
    return Quote(text=mention.trigger.text, start=mention.trigger.start, end=mention.trigger.end)


def _best(scores: list[float | None]) -> float | None:
    known = [score for score in scores if score is not None]
    return max(known) if known else None
