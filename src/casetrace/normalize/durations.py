"""Lengths of time to ISO 8601, with ranges and bounds."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import NamedTuple

from casetrace.normalize.numbers import read_number
from casetrace.types import Bound

_UNITS = {
    "year": "Y", "yr": "Y", "month": "M", "mth": "M", "mo": "M", "week": "W", "wk": "W", "day": "D", "night": "D",
    "hour": "H", "hr": "H", "minute": "MIN", "min": "MIN", "second": "S", "fortnight": "2W", "decade": "10Y",
    "century": "100Y",
}  # fmt: skip
_UNIT = "|".join(_UNITS)
_BOUNDS: tuple[tuple[str, Bound], ...] = (
    (
        r"up to|(?:no|not) more than|(?:fewer|less) than|not exceeding|a maximum(?: term)? of|at most|"
        r"as long as|under|as many as|maximum",
        "max",
    ),
    (
        r"at least|(?:no|not) (?:less|fewer) than|a minimum(?: term)? of|more than|(?:well )?over|upwards? of|"
        r"in excess of|as little as|longer than|minimum",
        "min",
    ),
    (
        r"nearly|almost|about|around|approximately|roughly|some|close to|just over|just under|an estimated|circa|"
        r"most of|the (?:better|best|greater) part of",
        "about",
    ),
)
_BOUNDS_AFTER: tuple[tuple[str, Bound], ...] = (
    (r",? (?:at (?:the )?most|or less|or under|maximum)", "max"),
    (r",? (?:at least|or more|or over|minimum)", "min"),
    (r",? (?:or so|approximately)", "about"),
)
_FILLER = re.compile(
    r"^(?:(?:the|for|last|past|first|next|more|another|consecutive|straight|whole|long|of)\s+|"
    r"(?:an? |the )?(?:total of|combined|cumulative|additional|further|extra|full|whole|entire)\s+)"
)
_TAIL = (
    r"\s(?:in|of|behind|without|with|at|on)\s.*|\s(?:imprisonment|prison|jail|custody|probation|detention|"
    r"hard labou?r|sentences?|terms?|suspended|each|apiece|respectively)"
)
_LIFE = re.compile(
    r"(?:natural )?life(?: imprisonment| in prison| sentence| term| behind bars)*(?: with(?:out)?(?: the)? .+)?|"
    r"(?:the )?rest of (?:his|her|their) li(?:fe|ves)"
)
_VAGUE = re.compile(r"\b(?:several|few|many|couple of|some|dozens|hundreds|number of)\b")


class Length(NamedTuple):
    """An ISO 8601 duration (or a range MIN/MAX, or `life`) and which bound the words give."""

    value: str
    bound: Bound | None = None


def read_duration(text: str) -> Length | None:
    """The length that the words name, or nothing ("several weeks").

    >>> read_duration("up to five years"), read_duration("6-8 years").value, read_duration("one and a half years").value
    (Length(value='P5Y', bound='max'), 'P6Y/P8Y', 'P1Y6M')
    """
    words, bound = _take_bound(_tidy(text))
    if _LIFE.fullmatch(words):
        return Length("life", bound)
    value = _range(_bare(words)) or _single(_bare(words))
    return Length(value, bound) if value else None


def months(value: str) -> Decimal | None:
    """A duration in months of 30 days, to compare "P18M" with "P1Y6M"; nothing for ranges and life.

    >>> months("P18M") == months("P1Y6M")
    True
    """
    match = re.fullmatch(r"P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:\d+S)?)?", value)
    if match is None:
        return None
    years, month, weeks, days, hours, minutes = (Decimal(part or 0) for part in match.groups())
    return years * 12 + month + (weeks * 7 + days + hours / 24 + minutes / 1440) / 30


def _tidy(text: str) -> str:
    """One way of writing: fractions as words, no doubled numbers ("six (6)"), no "-long"."""
    words = re.sub(r"[–—‐‑]", "-", text.lower().replace("½", " 1/2").replace("¼", " 1/4")).replace("\u00a0", " ")
    words = re.sub(r"\((?:[a-z-]+|\d+)\)", " ", words.replace("’", "'"))
    words = re.sub(
        r"(?<=\d)\s+1/([24])(?= )", lambda found: f" and a {'half' if found[1] == '2' else 'quarter'}", words
    )
    words = re.sub(r"\b(days?) and nights?\b", r"\1", re.sub(rf"\b({_UNIT})-long\b", r"\1", words))
    return re.sub(r"\s+", " ", words).strip(" .,")


def _bare(words: str) -> str:
    """The length without what it is a length of: "two years' imprisonment", "six months in prison"."""
    return re.sub(rf"(\b(?:{_UNIT})s?)'?s?(?:{_TAIL})$", r"\1", words).removesuffix("'")


def _take_bound(words: str) -> tuple[str, Bound | None]:
    for pattern, bound in _BOUNDS:
        match = re.match(rf"(?:for )?(?:{pattern})\s+(?=\S)", words)
        if match:
            return words[match.end() :], bound
    for pattern, bound in _BOUNDS_AFTER:
        if match := re.search(rf"(?:{pattern})$", words):
            return words[: match.start()], bound
    plus = re.sub(r"(?<=\d)\+(?=[\s-])|(?<=\w) or more(?= \w)", "", words)
    return plus, "min" if plus != words else None


def _range(words: str) -> str | None:
    words = re.sub(r"^anywhere (?=from|between)", "", words).replace(" up to ", " to ")
    if to_life := re.fullmatch(r"(?:from )?(.+) to life", words):
        low = _single(to_life[1]) or _single(f"{to_life[1]} years")
        return f"{low}/life" if low else None
    if both := re.fullmatch(rf"(?:between |from )?(.+?\b(?:{_UNIT})s?) (?:to|and|or) (.+?\b(?:{_UNIT})s?)", words):
        ends = [_piece(end) for end in both.groups()]
        return f"{ends[0]}/{ends[1]}" if _ascending(ends[0], ends[1]) and not _adds_up(words) else None
    joint = "to|and|or|-" if words.startswith("between") else "to|or|-"
    match = re.fullmatch(rf"(?:between |from )?(.+?)\s?-?(?:{joint})-?\s?(\S+?)[\s-]({_UNIT})s?\.?", words)
    if match is None or re.search(rf"\b(?:{_UNIT})s?\b", match[1]) or match[2].startswith(("half", "a-half")):
        return None
    low, high = _iso(match[1], match[3]), _iso(match[2], match[3])
    return f"{low}/{high}" if _ascending(low, high) else None  # "fifty-five days" is no range


def _ascending(low: str | None, high: str | None) -> bool:
    return bool(low and high) and (months(low or "") or 0) < (months(high or "") or 0)


def _adds_up(words: str) -> bool:
    """ "one month and five days" is one length, "three weeks to five months" is a range."""
    return not re.match(r"between|from", words) and not re.search(r"\b(?:to|or)\b", words)


def _single(words: str) -> str | None:
    """One length, or several added up ("two years and six months")."""
    if _VAGUE.search(words):
        return None
    words = re.sub(rf"\b(an?|one) ({_UNIT}) and (?:a )?half\b", r"1.5 \2s", words)
    words = re.sub(rf"\b((?:{_UNIT})s?) (?=\d)", r"\1, ", words)
    pieces = re.split(r",? and (?!(?:a )?half)(?!(?:a )?quarter)|, ", words)
    isos = [_piece(piece) for piece in pieces]
    if len(isos) > 1 and None in isos:
        isos = [_piece(words)]
    return _join([iso for iso in isos if iso]) if isos and None not in isos else None


def _piece(words: str) -> str | None:
    while _FILLER.match(words):
        words = _FILLER.sub("", words)
    if re.fullmatch(rf"({_UNIT})", words):
        return _iso("1", words)
    if quarter := re.fullmatch(rf"(?:a )?quarter of an? ({_UNIT})", words):
        return _iso("0.25", quarter[1])
    if half := re.fullmatch(rf"(?:a )?half[ -]?(?:an? )?({_UNIT})", words):
        return _iso("0.5", half[1])
    extra = r"(?:more |further |additional |consecutive |straight |full |working |calendar |long )*"
    adjective = r"(?:\s(?!hundred)[a-z]{4,}(?:ing|ous|ful|less|ed|some)(?=\s))?"
    match = re.fullmatch(rf"(.+?){adjective}[\s-]*{extra}({_UNIT})s?\.?(?:'s?)?(?:{_TAIL})?", words)
    return _iso(match[1].strip(" -"), match[2]) if match else None


def _iso(number: str, unit: str) -> str | None:
    if re.search(r"\d and (?!a\b|half|quarter)", number):  # "10 and eight years" are two lengths
        return None
    half = re.fullmatch(r"(.+?)[\s-]and[\s-](?:a[\s-])?(half|quarter)", number)
    fraction = Decimal(0) if half is None else Decimal("0.5") if half[2] == "half" else Decimal("0.25")
    value = Decimal(1) if number in ("a", "an") else read_number(half[1] if half else number)
    if value is None or value + fraction <= 0:
        return None
    return _spell(value + fraction, _UNITS[unit])


def _spell(value: Decimal, unit: str) -> str | None:
    if unit[0].isdigit():  # a fortnight, a decade, a century
        value, unit = value * int(unit[:-1]), unit[-1]
    whole, rest = int(value), value - int(value)
    finer = {"Y": ("M", 12), "M": ("D", 30), "W": ("D", 7), "D": ("H", 24), "H": ("MIN", 60), "MIN": ("S", 60)}.get(
        unit
    )
    parts = {unit: whole} if whole else {}
    if rest and finer:
        parts[finer[0]] = int(rest * finer[1])
    elif rest:
        return None
    if "W" in parts and len(parts) > 1:  # ISO 8601 does not mix weeks with other units
        parts = {"D": parts["W"] * 7 + parts["D"]}
    return _write(parts)


def _join(isos: list[str]) -> str | None:
    """Lengths added up; no unit comes twice in one."""
    found: list[tuple[str, str]] = []
    for iso in isos:
        date, _, time = iso[1:].partition("T")
        found += re.findall(r"(\d+)([YMWD])", date)
        found += [(n, "MIN" if u == "M" else u) for n, u in re.findall(r"(\d+)([HMS])", time)]
    parts = {unit: int(number) for number, unit in found}
    if len(parts) < len(found):
        return None
    if "W" in parts and len(parts) > 1:
        parts["D"] = parts.pop("W") * 7 + parts.get("D", 0)
    return _write(parts)


def _write(parts: dict[str, int]) -> str:
    date = "".join(f"{parts[unit]}{unit}" for unit in "YMWD" if unit in parts)
    time = "".join(f"{parts[unit]}{unit[0]}" for unit in ("H", "MIN", "S") if unit in parts)
    return "P" + date + (f"T{time}" if time else "")
