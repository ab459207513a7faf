"""One name in two romanisations: "Siarhei Harbuz" and "Sergey Garbuz"."""

from __future__ import annotations

import re
from functools import cache

from casetrace.normalize.names import name_parts, same_part


def same_sound(left: str, right: str) -> bool:
    """Whether two names are one name in two romanisations: part by part the same consonants, vowels apart.

    A short part that differs ("Toan", "Tan") counts only where another part differs in the same way.

    >>> same_sound("Siarhei Harbuz", "Sergey Garbuz"), same_sound("Van Toan", "Van Tan"), same_sound("Min-su", "Min-ho")
    (True, False, False)
    """
    ours, theirs = name_parts(left), name_parts(right)
    if len(ours) != len(theirs) or len(ours) < 2:
        return False
    unlike = [(one, other) for one, other in zip(ours, theirs, strict=True) if not same_part(one, other)]
    if any(consonants(one) != consonants(other) for one, other in unlike):
        return False
    return any(len(consonants(one)) >= 3 for one, _ in unlike)


@cache
def consonants(part: str) -> str:
    """The consonants of a part, those that romanisations mix up made one.

    >>> consonants("harbuz") == consonants("garbuz"), consonants("warsame") == consonants("warsameh")
    (True, True)
    """
    sound = re.sub(r"h$", "", part)
    for pattern, letter in (
        (r"dz|dj|zh", "j"),
        (r"d(?=z)", ""),
        (r"ts(?=[iye])", "t"),
        (r"ph", "f"),
        (r"ck|kh|gh|[gqhc](?!h)", "k"),
        (r"w", "v"),
        (r"sh", "s"),
        (r"j(?=[iye])", "d"),
    ):
        sound = re.sub(pattern, letter, sound)
    return re.sub(r"(.)\1+", r"\1", re.sub(r"[aeiouy]", "", sound))
