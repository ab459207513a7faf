"""How much each agreement between two records weighs, with a sentence for each."""

from __future__ import annotations

import math
import re
import tomllib
from collections.abc import Iterator
from datetime import date
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

from rapidfuzz.distance import DamerauLevenshtein

from casetrace.link.facts import Facts
from casetrace.link.rarity import Rarity
from casetrace.normalize.names import is_reduced, name_parts, plain, same_name
from casetrace.normalize.organisations import abbreviates, reduced
from casetrace.normalize.romanisation import same_sound

Reason = tuple[float, str]
IMPOSSIBLE = -5.0
"""A name that weighs less ends the comparison."""
SLIGHT = 0.2
"""A name whose rarity weighs less needs no sentence."""


@cache
def weights() -> dict[str, Any]:
    """The table of weights.toml."""
    return tomllib.loads(files("casetrace.link").joinpath("weights.toml").read_text("utf-8"))


def reasons(left: Facts, right: Facts, *, rarity: Rarity | None = None, shared: str | None = None) -> list[Reason]:
    """Everything that speaks for or against one subject; `rarity` knows how common names are, `shared` is a subject
    whom both sources tell of."""
    if left.kind == "organisation":
        return list(_organisation_name(left, right))
    if left.kind == "group":
        return [*_group(left, right, shared), *_circumstances(left, right)]
    name = list(_person_name(left, right, rarity))
    return name if name and name[0][0] < IMPOSSIBLE else [*name, *_circumstances(left, right)]


def probability(found: list[Reason]) -> float:
    """The probability that two records are about one subject, from the weights of the reasons."""
    odds = weights()["prior"] + sum(weight for weight, _ in found)
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, odds))))


def _say(kind: str, key: str, *words: str) -> Reason:
    row = weights()[kind][key]
    return row["weight"], row["say"].format(*words)


def _person_name(left: Facts, right: Facts, rarity: Rarity | None) -> Iterator[Reason]:
    longer, shorter = (left, right) if len(left.parts) >= len(right.parts) else (right, left)
    named = _name_reason(longer, shorter)
    yield named
    if rarity is None or named[0] < IMPOSSIBLE:
        return
    weight = rarity.weight(left, right, scale=weights()["person"]["rarity"]["weight"])
    if abs(weight) >= SLIGHT:
        yield weight, weights()["person"]["rarity"]["rare" if weight > 0 else "common"].format(shorter.name)


def _name_reason(longer: Facts, shorter: Facts) -> Reason:
    return _say("person", _name_relation(longer.name, shorter.name), longer.name, shorter.name)


@lru_cache(maxsize=200_000)
def _name_relation(full: str, short: str) -> str:
    """How two names go together, as a key of the weights; the same pairs of names come again and again."""
    ours, theirs = name_parts(full), name_parts(short)
    if ours == theirs or sorted(ours) == sorted(theirs):
        return "name_single" if len(ours) == 1 else "name_equal"
    if not same_name(full, short):
        return "name_typo" if _typo(ours, theirs) else "name_sound" if same_sound(full, short) else "name_different"
    if len(theirs) == len(ours) and not any(len(part) == 1 for part in (*ours, *theirs)):
        return "name_spelling"
    if len(theirs) == 1:
        return "name_single"
    return "name_initials" if any(len(part) == 1 for part in theirs) or not is_reduced(short, full) else "name_reduced"


def _typo(ours: tuple[str, ...], theirs: tuple[str, ...]) -> bool:
    """One slip in a long name: all parts but one equal, and that one a letter off (two in a long part)."""
    if len(ours) != len(theirs) or len(ours) < 2:
        return False
    unlike = [(one, other) for one, other in zip(ours, theirs, strict=True) if one != other]
    if len(unlike) != 1 or unlike[0][0][0] != unlike[0][1][0]:
        return False
    size = min(len(part) for part in unlike[0])
    return size >= 5 and DamerauLevenshtein.distance(*unlike[0]) <= (1 if size < 8 else 2)


def _circumstances(left: Facts, right: Facts) -> Iterator[Reason]:
    if left.country and right.country:
        same = left.country == right.country
        yield _say("person", "country_same" if same else "country_different", left.country, right.country)
    elif left.country or right.country:
        yield _say("person", "country_unknown")
    yield from _organisations(left, right)
    if left.roles and right.roles:
        shared = sorted(one for one in left.roles | right.roles if _holds(left.roles, one) and _holds(right.roles, one))
        key, words = ("role_same", shared[:1]) if shared else ("role_different", [min(left.roles), min(right.roles)])
        yield _say("person", key, *words)
    yield from _happened(left, right)
    for key, ours, theirs in (
        ("offence_same", left.offences, right.offences), ("place_same", left.places, right.places),
        ("agent_same", left.agents, right.agents), ("term_same", left.terms, right.terms),
    ):  # fmt: skip
        if both := sorted(ours & theirs):
            yield _say("person", key, both[0])
    yield from _apart(left, right)


def _holds(roles: frozenset[str], role: str) -> bool:
    """Whether one of the roles is this one, or says it more fully ("former prosecutor", "prosecutor")."""
    return any(set(role.split()) <= set(one.split()) for one in roles)


def _organisations(left: Facts, right: Facts) -> Iterator[Reason]:
    if not left.organisations or not right.organisations:
        return
    both = sorted(left.organisations.keys() & right.organisations.keys())
    short = [
        one for one in left.organisations.values() for other in right.organisations.values() if _abbreviated(one, other)
    ]
    if both or short:
        yield _say("person", "organisation_same", left.organisations[both[0]] if both else short[0])
    else:
        yield _say(
            "person", "organisation_different", min(left.organisations.values()), min(right.organisations.values())
        )


@lru_cache(maxsize=200_000)
def _abbreviated(one: str, other: str) -> bool:
    return (" " in one) != (" " in other) and (abbreviates(one, other) or abbreviates(other, one))


def _happened(left: Facts, right: Facts) -> Iterator[Reason]:
    """The best agreement of dated events; a second day that agrees counts half."""
    found = sorted(_event_reasons(left, right), reverse=True)
    yield from found[:1]
    yield from ((weight / 2, said) for weight, said in found[1:2] if weight > 2)


def _event_reasons(left: Facts, right: Facts) -> Iterator[Reason]:
    for one in left.events:
        for other in right.events:
            if one.type == other.type and (reason := _same_time(one.type.lower(), one.date, other.date)):
                yield reason


def _same_time(kind: str, one: str, other: str) -> Reason | None:
    if one == other:
        return _say("person", {10: "event_same_day", 7: "event_same_month"}.get(len(one), "event_same_year"), kind, one)
    if len(one) == len(other) == 10:
        days = abs((date.fromisoformat(one) - date.fromisoformat(other)).days)
        return _say("person", "event_near", kind, min(one, other), max(one, other)) if days <= 7 else None
    if one[:7] == other[:7] and len(one[:7]) == len(other[:7]) == 7:
        return _say("person", "event_same_month", kind, one[:7])
    return (
        _say("person", "event_same_year", kind, one[:4])
        if one[:4] == other[:4] and min(len(one), len(other)) == 4
        else None
    )


def _apart(left: Facts, right: Facts) -> Iterator[Reason]:
    if left.years and right.years:
        gap = max(left.years[0] - right.years[1], right.years[0] - left.years[1])
        if gap <= 1:
            yield _say("person", "years_near")
        elif gap <= 5:
            yield _say("person", "years_few")
        elif gap > 10:
            yield _say("person", "years_far_apart" if gap > 25 else "years_apart")


def _group(left: Facts, right: Facts, shared: str | None) -> Iterator[Reason]:
    if left.number and right.number:
        low, high = sorted((left.number, right.number))
        key = "count_same" if low == high else "count_near" if low >= 0.75 * high else "count_different"
        yield _say("group", key, str(low), str(high))
    ours, theirs = _heads(left.name), _heads(right.name)
    both = sorted(ours & theirs)
    key, words = ("words_same", both[:1]) if both else ("words_different", [left.name, right.name])
    yield _say("group", key, *words)
    if shared:
        yield _say("group", "source_same", shared)


def _heads(name: str) -> set[str]:
    return {
        word
        for word in re.findall(r"[a-z]+", plain(name))
        if len(word) > 3 and word.endswith(("s", "men", "women", "people"))
    }


def _organisation_name(left: Facts, right: Facts) -> Iterator[Reason]:
    ours, theirs = {reduced(name) for name in left.names}, {reduced(name) for name in right.names}
    if ours & theirs:
        yield _say("organisation", "name_equal", left.name)
    elif any(abbreviates(one, other) or abbreviates(other, one) for one in left.names for other in right.names):
        yield _say("organisation", "name_short", *sorted((left.name, right.name), key=len, reverse=True))
    else:
        close = DamerauLevenshtein.normalized_similarity(reduced(left.name), reduced(right.name)) > 0.93
        yield _say("organisation", "name_typo" if close else "name_different", left.name, right.name)
    if left.country and right.country and left.country != right.country:
        yield _say("person", "country_different", left.country, right.country)
