"""How two mentions resemble each other in words: reduced names, acronyms, initials, kinds of pronoun, counts."""

from __future__ import annotations

import re
from functools import lru_cache

ALIKE = ("none", "same", "end", "start", "within", "around", "acronym", "spelt out", "same head", "shared", "initials")
FORMS = ("name", "he", "she", "they", "it", "I", "we", "several", "one")
TITLES = ("none", "Mr", "Ms")

_PRONOUNS = {
    "he": "he him his himself",
    "she": "she her hers herself",
    "they": "they them their theirs themselves",
    "it": "it its itself",
    "I": "i me my mine",
    "we": "we us our ours",
}
_PRONOUN_FORMS = {word: FORMS.index(form) for form, words in _PRONOUNS.items() for word in words.split()}
_THIRD_PERSON = {word for form in ("he", "she", "they", "it") for word in _PRONOUNS[form].split()} - {"it", "its"}
_MEN = {"mr", "mr.", "sir", "brother", "father", "son", "husband", "lord", "don", "señor", "monsieur", "bapak", "pak"}
_WOMEN = {"ms", "ms.", "mrs", "mrs.", "miss", "madam", "mother", "sister", "daughter", "wife", "widow", "doña", "daw"}
_TEN = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_TEENS = ("eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen")
_NUMBERS = {word: number for number, word in enumerate((*_TEN, *_TEENS))}
_MANY = frozenset((*list(_NUMBERS)[2:], "both", "these", "those"))
_SMALL = {"the", "of", "and", "for", "a", "an", "in", "on", "de", "la", "el", "du", "des", "&"}
_WORD = re.compile(r"\w+(?:[.'’-]\w+)*\.?")


@lru_cache(maxsize=100_000)
def words(text: str) -> tuple[str, ...]:
    """Lower-case words of a mention, small words and possessive endings left out."""
    found = (re.sub(r"['’]s?$", "", word.lower()) for word in _WORD.findall(text))
    return tuple(word for word in found if word not in _SMALL)


@lru_cache(maxsize=100_000)
def alike(later: str, earlier: str) -> int:
    """Index in ALIKE of how a later mention resembles an earlier one.

    >>> pairs = (("Nary", "Keo Nary"), ("NLA", "National Labour Alliance"), ("J. Oba", "Jean Oba"))
    >>> [ALIKE[alike(*pair)] for pair in pairs]
    ['end', 'acronym', 'initials']
    """
    a, b = words(later), words(earlier)
    if a == b:
        return 1 if a else 0
    how = _sharing(a, b) if not set(a).isdisjoint(b) else None
    if how is None and _acronym(later, b):
        how = "acronym"
    if how is None and _acronym(earlier, a):
        how = "spelt out"
    return ALIKE.index(how or "none")


def _sharing(a: tuple[str, ...], b: tuple[str, ...]) -> str | None:
    """How two mentions with a word in common resemble each other."""
    if len(a) < len(b) and set(a) <= set(b):
        return _place(a, b)
    if len(b) < len(a) and set(b) <= set(a):
        return "around"
    if _initials(a, b) or _initials(b, a):
        return "initials"
    if a[-1] == b[-1]:
        return "same head"
    return "shared" if any(len(word) > 3 for word in {*a} & {*b}) else None


def is_pronoun(text: str) -> bool:
    """Whether a word is a personal or possessive pronoun of the third person."""
    return text.lower() in _THIRD_PERSON


@lru_cache(maxsize=100_000)
def form(text: str, label: str) -> int:
    """Index in FORMS of the kind of pronoun or description.

    >>> [FORMS[form(text, "ANAPHOR")] for text in ("her", "the five men", "the journalist")]
    ['she', 'several', 'one']
    """
    lowered = text.lower()
    if lowered in _PRONOUN_FORMS:
        return _PRONOUN_FORMS[lowered]
    if label not in {"ANAPHOR", "GROUP"}:
        return 0
    found = words(text)
    several = (
        bool({*found} & _MANY) or count(text) not in (None, 1) or (found and found[-1].endswith(("s", "men", "people")))
    )
    return FORMS.index("several" if several else "one")


@lru_cache(maxsize=100_000)
def count(text: str) -> int | None:
    """The number in a mention, if it has one.

    >>> count("twelve of the workers"), count("at least 100 workers"), count("workers")
    (12, 100, None)
    """
    for word in words(text.replace(",", "")):
        if word.isdigit() and len(word) < 9:
            return int(word)
        if word in _NUMBERS:
            return _NUMBERS[word]
    return None


def same_count(later: str, earlier: str) -> int:
    """0 where one has no number, 1 where the numbers agree, 2 where they differ."""
    left, right = count(later), count(earlier)
    return 0 if left is None or right is None else 1 if left == right else 2


def title(word: str) -> int:
    """Index in TITLES of what the word before a name tells of gender."""
    lowered = word.lower()
    return 1 if lowered in _MEN else 2 if lowered in _WOMEN else 0


def _place(short: tuple[str, ...], long: tuple[str, ...]) -> str:
    if long[-len(short) :] == short:
        return "end"
    return "start" if long[: len(short)] == short else "within"


def _acronym(text: str, long: tuple[str, ...]) -> bool:
    if " " in text or len(text) > 12 or len(long) < 2:
        return False
    letters = [letter for letter in text if letter.isalpha()]
    if len(letters) < 2 or 2 * sum(letter.isupper() for letter in letters) <= len(letters):
        return False
    initials, short = "".join(word[0] for word in long), "".join(letters).lower()
    return short == initials or (len(short) > 2 and short[0] == initials[0] and _in_order(short, "".join(long)))


def _in_order(letters: str, text: str) -> bool:
    remaining = iter(text)
    return all(letter in remaining for letter in letters)


def _initials(short: tuple[str, ...], long: tuple[str, ...]) -> bool:
    if short[-1] != long[-1] or len(short) < 2:
        return False
    heads = [word.rstrip(".") for word in short[:-1]]
    return all(len(head) <= 2 and any(word.startswith(head[0]) for word in long[:-1]) for head in heads if head)
