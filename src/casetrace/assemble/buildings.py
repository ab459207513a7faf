"""Whether two words for a building can mean one: "prison" and "Kamiti Prison", not "police station" and "court"."""

from __future__ import annotations

import re

from casetrace.normalize.names import plain
from casetrace.types import Place

_BUILDINGS = re.compile(
    r"prison|jail|cell|detention|custodial|penitentiary|remand|station|office|factory|hospital|court|home|house|camp|barracks|base"
)


def one_building(left: str, right: str) -> bool:
    """Whether two names of a building can mean one: the same words, or a bare noun that fits what the other is."""
    if plain(left) == plain(right) or set(plain(left).split()) <= set(plain(right).split()):
        return True
    kinds = [_BUILDINGS.search(plain(name)) for name in (left, right)]
    same_kind = kinds[0] and kinds[1] and _building_kind(kinds[0][0]) == _building_kind(kinds[1][0])
    return bool(same_kind) and (left.islower() or right.islower())


def _building_kind(noun: str) -> str:
    return "prison" if noun in ("jail", "cell", "detention", "custodial", "penitentiary", "prison", "remand") else noun


def named_first(places: tuple[Place, ...]) -> tuple[Place, ...]:
    """ "prison" says no more where another mention names the prison."""
    named = [place for place in places if place.kind == "FACILITY" and not place.value.islower()]
    return tuple(
        place
        for place in places
        if place in named
        or place.kind != "FACILITY"
        or not any(one_building(place.value, other.value) for other in named)
    )
