"""Organisations: an abbreviation and its full name are one; what kind of body a name is."""

from __future__ import annotations

import re
import unicodedata

_SMALL_WORDS = frozenset(
    [
        "of",
        "for",
        "the",
        "and",
        "in",
        "on",
        "to",
        "by",
        "de",
        "du",
        "des",
        "del",
        "la",
        "le",
        "les",
        "el",
        "los",
        "y",
        "et",
        "a",
        "au",
        "da",
        "do",
        "das",
        "dos",
        "e",
    ]
)
_LEGAL = re.compile(
    r"(?:,?\s+(?:ltd|limited|inc|co|company|corp|corporation|plc|llc|gmbh|s\.?a\.?|pty|pvt|sdn bhd|sarl))+\.?$",
    re.IGNORECASE,
)
_POLICE = re.compile(
    r"police|gendarm|officer|security force|soldier|army|military|troops|immigration|constab|sheriff|marine|"
    r"navy|guard|authorit|agents?\b|squad|detective",
    re.IGNORECASE,
)
_COURT = re.compile(r"court|tribunal|judge|magistrate|bench|judiciary|prosecut", re.IGNORECASE)


def abbreviates(short: str, full: str) -> bool:
    """Whether `short` is the abbreviation of `full`, by its initials in order.

    >>> abbreviates("CUMW", "Collective Union of Movement of Workers"), abbreviates("TWF", "Harbour Board")
    (True, False)
    """
    letters = re.sub(r"[^A-Za-z]", "", short).upper()
    if not 2 <= len(letters) <= 10 or short != short.strip() or " " in short or sum(c.isupper() for c in short) < 2:
        return False
    words = [word for word in re.findall(r"[^\W\d_]+", full) if word]
    every = "".join(word[0] for word in words).upper()
    main = "".join(word[0] for word in words if word.lower() not in _SMALL_WORDS).upper()
    return len(words) > 1 and (letters in (every, main) or (len(letters) > 2 and _in_order(letters, words)))


def reduced(name: str) -> str:
    """A name without article, legal form and punctuation, to compare with another.

    >>> reduced("Superb Ltd."), reduced("The Kisumu Mill")
    ('superb', 'kisumu mill')
    """
    bare = re.sub(r"^the\s+", "", name.strip(), flags=re.IGNORECASE)
    bare = _LEGAL.sub("", bare)
    bare = "".join(letter for letter in unicodedata.normalize("NFKD", bare) if not unicodedata.combining(letter))
    return re.sub(r"\s+", " ", re.sub(r"[^\w&]+", " ", bare)).strip().lower()


def body_kind(name: str) -> str:
    """police, court or other: enough to see that two unnamed bodies cannot be one.

    >>> body_kind("Phnom Penh Municipal Court"), body_kind("officers"), body_kind("Riverside Mill")
    ('court', 'police', 'other')
    """
    return "court" if _COURT.search(name) else "police" if _POLICE.search(name) else "other"


def _in_order(letters: str, words: list[str]) -> bool:
    """Every letter is the start of a word, in order, and the main words all give one."""
    at = 0
    for word in words:
        if at < len(letters) and word[0].upper() == letters[at]:
            at += 1
        elif word.lower() not in _SMALL_WORDS:
            return False
    return at == len(letters)
