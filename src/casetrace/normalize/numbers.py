"""Numbers as they are written: digits with separators, words, millions and dozens."""

from __future__ import annotations

import re
from decimal import Decimal

_UNITS = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
]
_TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
SMALL = {word: value for value, word in enumerate(_UNITS)} | {word: 10 * (n + 2) for n, word in enumerate(_TENS)}
SCALES = {
    "hundred": 100, "thousand": 1000, "million": 10**6, "billion": 10**9, "trillion": 10**12, "lakh": 10**5,
    "lakhs": 10**5, "crore": 10**7, "crores": 10**7, "dozen": 12, "m": 10**6, "mn": 10**6, "mln": 10**6, "bn": 10**9,
    "k": 1000, "tn": 10**12,
}  # fmt: skip
_WORD = "|".join(sorted([*SMALL, *SCALES], key=len, reverse=True))
ORDINALS = (
    {
        word: value
        for value, word in enumerate(
            [
                "first",
                "second",
                "third",
                "fourth",
                "fifth",
                "sixth",
                "seventh",
                "eighth",
                "ninth",
                "tenth",
                "eleventh",
                "twelfth",
                "thirteenth",
                "fourteenth",
                "fifteenth",
                "sixteenth",
                "seventeenth",
                "eighteenth",
                "nineteenth",
                "twentieth",
            ],
            start=1,
        )
    }
    | {
        "twenty-" + word: 20 + n
        for n, word in enumerate(
            ["first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth"], 1
        )
    }
    | {
        "thirtieth": 30,
        "thirty-first": 31,
    }
)


def read_number(text: str) -> Decimal | None:
    """The number that the whole of `text` spells, in digits, words or both; nothing for "several" or "dozens".

    >>> [str(read_number(words)) for words in ("1,250", "2.5 million", "a hundred and twenty", "eighty-eight")]
    ['1250', '2500000', '120', '88']
    """
    words = text.lower().strip().strip(".")
    if half := re.fullmatch(r"half an? (\w+)", words):
        return Decimal(SCALES[half[1]]) / 2 if half[1] in SCALES else None
    tokens = re.findall(r"[\d.,’' \u00a0\u202f]*\d|[a-z]+", re.sub(r"(\d)([a-z])", r"\1 \2", words))
    if "".join(tokens).replace(" ", "") != re.sub(r"[\s-]", "", words).replace("\u00a0", ""):
        return None
    return _sum(tokens)


def read_digits(text: str) -> Decimal | None:
    """A number in digits with any separators: a group of three after a separator is thousands, else decimals.

    >>> [str(read_digits(digits)) for digits in ("6,000,000", "1.500,00", "20 000", "3.5", "2,50")]
    ['6000000', '1500.00', '20000', '3.5', '2.50']
    """
    digits = re.sub(r"[\s\u00a0\u202f’']", "", text)
    if re.fullmatch(r"\d{1,3}(,\d{2})*,\d{3}(\.\d+)?|\d{1,3}(,\d{3})+(\.\d+)?", digits):
        return Decimal(digits.replace(",", ""))
    if re.fullmatch(r"\d{1,3}(\.\d{3})+(,\d+)?", digits):
        return Decimal(digits.replace(".", "").replace(",", "."))
    if re.fullmatch(r"\d+([.,]\d+)?", digits):
        return Decimal(digits.replace(",", "."))
    return None


def _sum(tokens: list[str]) -> Decimal | None:
    """Add up number words: a scale multiplies what stands before it; `hundred` stays open for a larger scale."""
    total, part, seen = Decimal(0), Decimal(0), False
    for token in tokens:
        if token in ("a", "an", "and"):
            continue
        value = _small(token)
        if value is not None:
            part, seen = part + value, True
        elif token in SCALES:
            part, seen = (part if part else Decimal(1)) * SCALES[token], True
            if SCALES[token] >= 1000:
                total, part = total + part, Decimal(0)
        else:
            return None
    value = total + part
    return (
        (value.quantize(Decimal(1)) if value == int(value) and SCALES.keys() & set(tokens) else value) if seen else None
    )


def _small(token: str) -> Decimal | None:
    if token[0].isdigit():
        return read_digits(token)
    return Decimal(SMALL[token]) if token in SMALL else None
