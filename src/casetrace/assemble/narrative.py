"""How a text tells the order of what it does not date: sentences, paragraphs, a headline, "still", "then"."""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import Literal

from casetrace.types import Event

Cue = Literal["now", "before", "then"]
_ENDS = re.compile(
    r"(?<!\b[A-Z])(?<!\b(?:Mr|Ms|Dr|St|No))(?<!\bMrs)(?<!\bProf)[.!?][\"”’')]*\s+(?=[\"“‘'(\[]?[A-Z0-9])|\n+"
)
_LINES = re.compile(r"\n+")
_NOW = re.compile(
    r"\b(?:remain|remains|stays?|still|currently|continues?|awaits?)\b[^.;,]{0,30}$|"
    r"\b(?:is|are|has been|have been)\s(?:\w+\s){0,2}$",
    re.IGNORECASE,
)
_STILL = re.compile(r"\b(?:remain|remains|stays?|still|currently|continues?)\b[^.;,]{0,30}$", re.IGNORECASE)
_GOES_ON = re.compile(r"\s(?:since|to this day|goes on|continues)\b", re.IGNORECASE)
_LASTING = ("DETAIN", "ABDUCT")
"""States that go on, so that the present tense tells where the case stands now."""
_EARLIER = re.compile(
    r"\b(?:previously|formerly|had (?:already|once|earlier)|in the past)\b(?:\s\w+){0,3}\s$", re.IGNORECASE
)
_HAD = re.compile(r"\bhad(?: been)?\s$", re.IGNORECASE)
_REPORTED = re.compile(
    r"\b(?:sa(?:id|ys)|told|tells|according|report(?:ed|s)|confirm(?:ed|s)|announced|stated|learn(?:ed|t))\b"
)
_THEN = re.compile(
    r"\b(?:later|then|subsequently|afterwards|eventually|finally|(?:has|have) since|after that|in the end)\b"
    r"[^.;]{0,30}$",
    re.IGNORECASE,
)
_LATER = re.compile(r"\s(?:later|afterwards|subsequently)\b", re.IGNORECASE)
_AGAIN = re.compile(
    r"re-?(?:arrest|detain|sentenc|charg|jail|imprison)|\bagain\b|\ba (?:second|third) time\b", re.IGNORECASE
)
_BACKWARDS = re.compile(r"\b(?:after|following)\b", re.IGNORECASE)


class Narrative:
    """The text of a document as its sentences and lines."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._sentences = [match.end() for match in _ENDS.finditer(text)]
        self._lines = [match.end() for match in _LINES.finditer(text)]

    def sentence(self, at: int) -> int:
        """The number of the sentence that holds a place of the text."""
        return bisect_right(self._sentences, at)

    def line(self, at: int) -> int:
        """The number of the line, which is a paragraph in most texts."""
        return bisect_right(self._lines, at)

    def in_headline(self, event: Event) -> bool:
        """Whether an event is told in the first line, if that is no sentence."""
        first = self._text.split("\n", 1)[0].rstrip()
        return bool(first) and first[-1] not in ".!?\"”'" and event.evidence[0].end <= len(first) < len(self._text)

    def cue(self, event: Event) -> Cue | None:
        """What the words beside an event say of its order: it goes on, it was before, it came then."""
        cues = [self._cue(event.type, quote.start, quote.end) for quote in event.evidence]
        if "now" in cues:
            return "now"
        if cues.count("before") == len(cues):
            return "before"
        return "then" if "then" in cues else None

    def place(self, event: Event) -> int:
        """Where an event is told, for its order: the mention that says "then", else the first."""
        then = (one.start for one in event.evidence if self._cue(event.type, one.start, one.end) == "then")
        return next(then, event.evidence[0].start)

    def is_still(self, event: Event) -> bool:
        """Whether the words say that a custody goes on in spite of what came before: "he remains in detention"."""
        return event.type in _LASTING and any(_STILL.search(self._before(one.start)) for one in event.evidence)

    def is_over(self, event: Event) -> bool:
        """Whether a detention ended: "held for 19 days"."""
        served = event.term is not None and event.term.kind == "served"
        return event.type == "DETAIN" and served and self.cue(event) != "now"

    def is_again(self, event: Event) -> bool:
        """Whether the words say that it happened once more."""
        return any(_AGAIN.search(self._text[max(0, one.start - 12) : one.end + 15]) for one in event.evidence)

    def told_in_order(self, left: Event, right: Event) -> bool | None:
        """Whether one sentence tells `left` before `right`: by its words' order, or by an "after" between them."""
        for one in left.evidence:
            for other in right.evidence:
                if self.sentence(one.start) == self.sentence(other.start):
                    between = self._text[min(one.end, other.end) : max(one.start, other.start)]
                    return (one.start < other.start) != bool(_BACKWARDS.search(between))
        return None

    def _cue(self, kind: str, start: int, end: int) -> Cue | None:
        before, after = self._before(start), self._text[end : end + 20]
        if kind in _LASTING and (
            _NOW.search(before) or _GOES_ON.match(after) or re.match(r"remain|stay", self._text[start:end])
        ):
            return "now"
        if _EARLIER.search(before) or (
            _HAD.search(before) and not _REPORTED.search(self._text[self._opening(start) : end + 80])
        ):
            return "before"
        return "then" if _THEN.search(before) or _LATER.match(after) else None

    def _opening(self, at: int) -> int:
        return self._sentences[self.sentence(at) - 1] if self.sentence(at) else 0

    def _before(self, at: int) -> str:
        """The words of the sentence before a place of it, 60 characters at most."""
        return self._text[max(self._opening(at), at - 60) : at]
