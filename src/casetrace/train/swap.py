"""Entity swap: other names, places, courts, bodies, offences, dates and amounts in a training document.

One mapping serves a whole document, so that a reduced name or an acronym still belongs to its full form.
"""

from __future__ import annotations

import random
import re
import tomllib
from collections.abc import Callable
from functools import cache
from importlib.resources import files
from typing import Any

from casetrace.components import likeness
from casetrace.types import Annotation, Span

MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
          "December")  # fmt: skip
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_MONTH = rf"(?P<month>{'|'.join(MONTHS)})"
_YEAR = r"(?P<year>(?:19|20)\d\d)"
_DATE_FORMS = ("{d} {month} {y}", "{month} {d}, {y}", "{d:02}/{m:02}/{y}", "{y}-{m:02}-{d:02}", "{d} {short} {y}",
               "{d:02}.{m:02}.{y}", "{short}. {d}, {y}")  # fmt: skip
_TH_DAYS = (4, 5, 6, 7, 8, 9, 14, 15, 16, 17, 18, 19, 24, 25, 26, 27)
_PARTICLES = {"al", "bin", "de", "la", "del", "da", "dos", "van", "von", "bint", "ibn", "ben", "the", "and"}
_GENERIC = {"Province", "District", "City", "County", "State", "Region", "Township", "Commune", "Governorate"}


@cache
def tables() -> dict[str, Any]:
    """The lists of swaps.toml."""
    return tomllib.loads(files("casetrace.train").joinpath("swaps.toml").read_text("utf-8"))


class Swapper:
    """The new words of each span of one document."""

    def __init__(self, annotation: Annotation, chance: random.Random) -> None:
        self.chance = chance
        self.tradition = chance.choice(list(tables()["names"].values()))
        self.known: dict[str, str] = {}
        self.years = chance.randint(-8, 6)
        self.kinds = {label for label in _SWAPS if chance.random() < 0.75}
        self.organisations = [span.text for span in annotation.spans if span.label == "ORG" and " " in span.text]

    def __call__(self, span: Span) -> str:
        """New words for a span; the old ones where its label is left alone this time."""
        swap = _SWAPS.get(span.label)
        if swap and span.label in self.kinds:
            return _like(span.text, swap(self, span.text))
        if span.modality and self.chance.random() < 0.2:
            return self.trigger(span)
        return span.text

    def remember(self, text: str, make: Callable[[], str]) -> str:
        """The same answer for the same words."""
        key = text.casefold()
        if key not in self.known:
            self.known[key] = make()
        return self.known[key]

    def person(self, text: str) -> str:
        """Each word of a name stands for one new word, wherever it comes back."""
        words = text.split()
        return " ".join(
            self._name_word(word, given=number == 0 and len(words) > 1) for number, word in enumerate(words)
        )

    def _name_word(self, word: str, *, given: bool) -> str:
        if word.casefold().strip("-.") in _PARTICLES or not word[:1].isalpha():
            return word
        if re.fullmatch(r"[A-Z]\.?", word):
            return self.remember(word, lambda: self.chance.choice("ABCDEGHJKLMNPRSTVWY") + word[1:])
        if self.chance.random() < 0.1:
            self.tradition = self.chance.choice(list(tables()["names"].values()))
        return self.remember(word, lambda: self.chance.choice(self.tradition["given" if given else "family"]))

    def place(self, text: str) -> str:
        """A country for a country, else a town; "Province" and the like stay."""
        places = tables()["places"]
        *rest, last = text.split()
        if rest and last in _GENERIC:
            return f"{self.place(' '.join(rest))} {last}"
        kind = "countries" if text in places["countries"] else "cities"
        return self.remember(text, lambda: str(self.chance.choice(places[kind])).removeprefix("the "))

    def court(self, text: str) -> str:
        """A named court for a named one."""
        if not text[:1].isupper() or " " not in text:
            return text
        courts = tables()["courts"]
        if self.chance.random() < 0.3:
            return self.remember(text, lambda: str(self.chance.choice(courts["national"])))
        return self.remember(text, lambda: f"{self._town()} {self.chance.choice(courts['kinds'])}")

    def facility(self, text: str) -> str:
        """A named building for a named one."""
        if not text[:1].isupper() or " " not in text:
            return text
        return self.remember(text, lambda: f"{self._town()} {self.chance.choice(tables()['facilities']['kinds'])}")

    def organisation(self, text: str) -> str:
        """A new name; an acronym follows its long form; bodies without a name of their own stay."""
        if not text[:1].isupper() or re.search(
            r"Ministry|Police|Government|Office|Department|Court|UN\b|United Nations", text
        ):
            return text
        if " " not in text:
            return self._acronym(text)
        return self.remember(text, self._new_organisation)

    def _acronym(self, text: str) -> str:
        full = next(
            (name for name in self.organisations if likeness.ALIKE[likeness.alike(text, name)] == "acronym"), None
        )
        if full is None or full.casefold() not in self.known:
            return text
        letters = "".join(word[0] for word in re.findall(r"[A-Z]\w*", self.known[full.casefold()]))
        return letters if len(letters) > 1 else text

    def _new_organisation(self) -> str:
        held = tables()["organisations"]
        pattern = self.chance.choice(held[self.chance.choice(("unions", "groups", "companies", "media"))])
        return str(pattern.format(subject=self.chance.choice(held["subjects"]), place=self._town()))

    def _town(self) -> str:
        return str(self.chance.choice(tables()["places"]["cities"]))

    def charge(self, text: str) -> str:
        """An offence for an offence."""
        return self.remember(text, lambda: str(self.chance.choice(tables()["charges"]["phrases"])))

    def date(self, text: str) -> str:
        """Other days and months; years move by one step in the whole document; sometimes another way of writing."""
        text = re.sub(r"\b(19|20)\d\d\b", lambda found: str(int(found[0]) + self.years), text)
        text = re.sub("|".join(MONTHS), lambda found: self._month(found[0]), text)
        text = re.sub(
            r"(?<![\d/.-])([1-9]|[12]\d)(?=(st|nd|rd|th)?\b(?! (?:days|weeks|months|years))(?![\d/.-]))",
            self._day,
            text,
        )
        return self._other_form(text)

    def _month(self, name: str) -> str:
        return self.remember(f"month {name}", lambda: self.chance.choice(MONTHS))  # May is a name as well

    def _day(self, found: re.Match[str]) -> str:
        if found[2] and found[2] != "th":
            return found[0]
        return str(self.chance.choice(_TH_DAYS) if found[2] else self.chance.randint(1, 28))

    def _other_form(self, text: str) -> str:
        found = re.fullmatch(rf"{_DAY} {_MONTH},? {_YEAR}", text) or re.fullmatch(rf"{_MONTH} {_DAY},? {_YEAR}", text)
        if not found or self.chance.random() < 0.5:
            return text
        day, month, year = int(found["day"]), found["month"], found["year"]
        parts = {"d": day, "m": MONTHS.index(month) + 1, "y": year, "month": month, "short": month[:3]}
        return str(self.chance.choice(_DATE_FORMS)).format(**parts)

    def number(self, text: str) -> str:
        """Another first digit in each number of an amount or a length of time."""
        return re.sub(r"(?<![\d.,])[1-9](?=\d|\b)", lambda found: str(self.chance.randint(2, 9)), text)

    def trigger(self, span: Span) -> str:
        """A word of the same form for the same event."""
        held = tables()["synonyms"]
        for name in (span.label, f"{span.label}_noun"):
            if span.text in held.get(name, ()):
                return str(self.chance.choice(held[name]))
        return span.text


def _like(old: str, new: str) -> str:
    return new.upper() if old.isupper() and len(old) > 5 else new


_SWAPS: dict[str, Callable[[Swapper, str], str]] = {
    "PERSON": Swapper.person,
    "GPE": Swapper.place,
    "COURT": Swapper.court,
    "FACILITY": Swapper.facility,
    "ORG": Swapper.organisation,
    "CHARGE": Swapper.charge,
    "DATE": Swapper.date,
    "DURATION": Swapper.number,
    "MONEY": Swapper.number,
}
