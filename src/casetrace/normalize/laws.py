"""Citations to items: one for each article, each with its code."""

from __future__ import annotations

import re

from casetrace.normalize.numbers import ORDINALS, SMALL

_KINDS = {
    "article": "art.", "art": "art.", "arts": "art.", "section": "s.", "sec": "s.", "secs": "s.", "s": "s.", "ss": "s.",
    "§": "§", "§§": "§", "rule": "r.", "regulation": "reg.", "reg": "reg.", "chapter": "ch.", "clause": "cl.",
    "paragraph": "para.", "para": "para.",
}  # fmt: skip
_KIND = (
    r"(?:articles?|arts?\.?|sections?|secs?\.?|ss?\.?(?=\s?\d)|§{1,2}|rules?|regulations?|regs?\.|chapters?|clauses?)"
)
_AGAIN = re.compile(rf"(?<!\d)(?<!\d\s){_KIND}\s?", re.IGNORECASE)
"""A kind told again inside a list, not the § of "377 § 2"."""
_NUMBER = (
    r"\d+(?:[./]\d+)*(?:\s?-\s?[A-Z](?![a-z])|\s?(?:bis|ter|quater)\b|"
    r"[A-Z]{1,2}(?![a-z]))?(?:\s?§\s?\d+)?(?:\s?\([^)\s]{1,5}\))*"
)
_LIST = (
    rf"{_NUMBER}(?:(?:\s?(?:,|;|&|/|-|–|to\b|and\b|or\b|,\s?and\b)\s?)+(?:{_KIND}\s?)?(?:{_NUMBER}|"
    rf"\([a-z0-9]{{1,3}}\)(?:\([^)\s]{{1,5}}\))*))*"
)
_CITED = re.compile(rf"(?<![A-Za-z-])(?P<kind>{_KIND})\s?(?P<list>{_LIST})", re.IGNORECASE)
_ORDINAL = "|".join(ORDINALS)
_PARAGRAPH = re.compile(
    r",?\s*(?:(?:paragraphs?|para\.?|sub-?articles?|sub-?sections?)\s?(\d+(?:\s?\(\w+\))*)|"
    rf"(?:the )?({_ORDINAL}) paragraph)"
    r"(?:\s+of\b)?,?\s*",
    re.IGNORECASE,
)
_PART = re.compile(r",?\s*\bpart (\d+(?:\s?\([a-z]\))?|[a-z]+)(?:,?\s+of\b|(?=,|$)),?\s*", re.IGNORECASE)
_ROMAN = re.compile(r"(?:the )?Chapter ([IVXLC]+)(?: of (?:the )?(.+))?")
_NUMBER_FIRST = re.compile(rf"({_NUMBER}) of (?:the )?(?=[A-Z])(.+)")


def read_laws(text: str, *, code: str | None = None) -> tuple[str, ...]:
    """The provisions that the words cite, the code first; `code` is used where they name none.

    >>> read_laws("Articles 494 and 495 of the Criminal Code")
    ('Criminal Code art. 494', 'Criminal Code art. 495')
    >>> read_laws("Article 610", code="Criminal Code")
    ('Criminal Code art. 610',)
    """
    words = re.sub(r"\s+", " ", text.replace("–", "-").replace("’", "'")).strip(" .,;")
    words, tail = _take_tail(words)
    items = _provisions(words, code=code)
    return tuple(dict.fromkeys(item + tail for item in items))


def _take_tail(words: str) -> tuple[str, str]:
    """The citation without its paragraph or part, and that: "Article 146, part 3" -> "Article 146", " part 3"."""
    for pattern, name in ((_PARAGRAPH, "para."), (_PART, "part")):
        found = pattern.search(words)
        rest = f"{words[: found.start()]} {words[found.end() :]}".strip() if found else ""
        if found and _CITED.search(rest):
            number = next(group for group in found.groups() if group).lower()
            return rest, f" {name} {ORDINALS.get(number) or SMALL.get(number) or _tidy_number(number)}"
    return words, ""


def named_code(text: str) -> str | None:
    """The code or statute that a citation names in full, to be carried over to a later "Article 610".

    >>> named_code("Article 494 of the Criminal Code"), named_code("the code's Article 495")
    ('Criminal Code', None)
    """
    items = read_laws(text)
    if not items:
        return None
    code = re.sub(r"\s*(?:art\.|s\.|§|r\.|reg\.|ch\.|cl\.)\s\d.*$", "", items[0])
    return code if re.search(r"[A-Z]", code) and not code.startswith(("art.", "s.", "the ")) else None


def _provisions(words: str, *, code: str | None) -> list[str]:
    found = list(_CITED.finditer(words))
    if chapter := _ROMAN.fullmatch(words):
        return [f"{_tidy_code(chapter[2] or code or '')} ch. {chapter[1]}".strip()]
    if number_first := _NUMBER_FIRST.fullmatch(words):
        return [f"{_tidy_code(number_first[2])} {_tidy_number(number_first[1])}"]
    if not found:
        return [_tidy_code(words)] if words else []
    items: list[str] = []
    for at, match in enumerate(found):
        end = found[at + 1].start() if at + 1 < len(found) else len(words)
        after = words[match.end() : end]
        before = words[: match.start()] if at == 0 else ""
        items += _from_citation(match, before=before, after=after, rest=words[match.end() :], code=code)
    return items


def _from_citation(match: re.Match[str], *, before: str, after: str, rest: str, code: str | None) -> list[str]:
    kind = (
        _KINDS.get(match["kind"].lower().rstrip(".").removesuffix("s") or "s")
        or _KINDS[match["kind"].lower().rstrip(".")]
    )
    own, follow = _split_code(after)
    own = own or _code_of(before) or _code_of(rest) or code or ""
    if (
        re.fullmatch(
            r"(?:the|this|that|same|said) (?:\w+ )?(?:code|law|act|statute|covenant|convention|ordinance)|the same",
            own,
            re.IGNORECASE,
        )
        and code
    ):
        own = code
    items = [f"{own} {kind} {number}".strip() for number in _numbers(match["list"])]
    return items + follow


def _split_code(after: str) -> tuple[str, list[str]]:
    """The code after a citation, and what follows it: "... of the A and 24 of B", "... and the Computer Crime Act"."""
    second = re.search(rf"\s+and\s+({_LIST})\s+of\s+(?:the\s+)?(.+)$", after)
    if second and _code_of(after[: second.start()]):
        more = [f"{_tidy_code(second[2])} art. {number}" for number in _numbers(second[1])]
        return _code_of(after[: second.start()]), more
    if alone := re.fullmatch(r"\s+and\s+(?:the\s+)?([A-Z].*)", after):
        return "", [_tidy_code(alone[1])]
    return _code_of(after), []


def _code_of(words: str) -> str:
    words = re.sub(r"\s*(?:,|;|\band\b|\bor\b)?\s*$", "", words).strip(" ,;()")
    words = re.sub(r"^(?:of|under|in|from)\s+", "", words)
    if re.match(r"(?:and|or)\b", words):
        return ""
    return _tidy_code(words)


def _tidy_code(words: str) -> str:
    words = words.strip(" ,;")
    possessive = re.match(r"(?:.*\b)?([A-Z]\w+)'s?\s+(?=[A-Z]|(?:penal|criminal|labou?r|civil) code)", words)
    if possessive:
        words = words[possessive.end() :]
    words = re.sub(r"'s?$", "", words)
    bare = re.sub(r"^(?:the|a|its)\s+", "", words, flags=re.IGNORECASE)
    generic = re.fullmatch(
        r"(?:same |said )?(?:code|law|act|constitution|statute|decree|covenant|convention|ordinance|proclamation)",
        bare,
        re.IGNORECASE,
    )
    return f"the {bare}" if generic and bare.lower() != "constitution" else bare


def _numbers(words: str) -> list[str]:
    """Every number of a list, ranges spelt out: "5-7" -> 5, 6, 7; "97(a) and (d)" -> 97(a), 97(d)."""
    words = _AGAIN.sub("", words) if re.search(r"\d", words) else words
    numbers: list[str] = []
    for piece in re.split(r"\s*(?:,\s?and\b|,|;|&|\band\b|\bor\b)\s*", words):
        span = re.fullmatch(r"(\d+)\s?(?:-|to)\s?(\d+)", piece)
        if span and 0 < int(span[2]) - int(span[1]) < 60:
            numbers += [str(n) for n in range(int(span[1]), int(span[2]) + 1)]
        elif piece.startswith("(") and numbers:
            numbers.append(re.sub(r"\([^()]*\)$", "", numbers[-1]) + piece)
        elif piece:
            numbers.append(_tidy_number(piece))
    return numbers


def _tidy_number(piece: str) -> str:
    piece = re.sub(r"\s?\(", "(", piece)
    piece = re.sub(r"(\d)\s?(bis|ter|quater)\b", r"\1 \2", piece)
    return re.sub(r"\s?§\s?", " § ", piece).strip()
