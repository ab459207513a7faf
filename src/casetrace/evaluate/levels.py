"""The counts of one document at every level, from words to records."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from casetrace.evaluate.cases import Case
from casetrace.score import coref, grounding, marks, records
from casetrace.score.counts import Counts, Shares, Tally, add
from casetrace.types import Annotation

Level = Mapping[str, Counts | Shares]
"""Counts by name: label, role, field."""

HEADLINE = (
    "entities",
    "events",
    "modality",
    "arguments",
    "arguments, through coreference",
    "coreference, CoNLL",
    "values",
    "records",
    "record slots",
    "dates",
    "grounding",
    "silence",
)
"""The levels that stand in the headline table; the others are variants of these."""
DOSSIERS = ("dossiers, B-cubed", "dossiers, pairs")
"""Headline levels over several documents, where there is gold for them."""
SHARES = frozenset({"modality", "grounding", "silence"})
"""Levels whose figure is a plain share (right of all) and not an F1."""


def levels(case: Case) -> dict[str, Level]:
    """The counts of one document at every level, in the order in which they are shown."""
    gold, predicted = case.gold, case.predicted
    theirs, ours = case.gold_records, case.predicted_records
    return {
        **dict(_spans("entities", gold, predicted)),
        **dict(_spans("events", gold, predicted)),
        "modality": _modality(gold, predicted),
        "arguments": marks.arguments(gold, predicted),
        "arguments, through coreference": marks.arguments(gold, predicted, through_coref=True),
        "arguments, role aside": marks.arguments(gold, predicted, role=False),
        "attributes": marks.attributes(gold, predicted),
        **dict(_coref(gold, predicted)),
        "coreference, links": marks.coref_links(gold, predicted),
        "values": records.values(theirs, ours),
        "records": records.records(theirs, ours),
        "record slots": records.slots(theirs, ours),
        "dates": {name: counts for name, counts in records.slots(theirs, ours).items() if name == "date"},
        "dates, less precise allowed": records.dates(theirs, ours),
        "grounding": grounding.grounding(case.document, gold, ours),
        "silence": _silence(case),
    }


def _spans(name: str, gold: Annotation, predicted: Annotation) -> Iterator[tuple[str, Level]]:
    count = marks.entities if name == "entities" else marks.events
    exact, overlap = count(gold, predicted, match="exact"), count(gold, predicted, match="partial")
    yield name, count(gold, predicted)
    yield f"{name}, exact", exact
    yield f"{name}, partial", {label: _half_credit(exact.get(label, Counts()), overlap[label]) for label in overlap}
    yield f"{name}, type", count(gold, predicted, match="type")


def _half_credit(exact: Counts, overlap: Counts) -> Shares:
    """MUC's partial credit: 1 for the same border, a half for an overlap."""
    credit = (exact.hits + overlap.hits) / 2
    return Shares(credit, overlap.hits + overlap.spurious, credit, overlap.hits + overlap.missed)


def _modality(gold: Annotation, predicted: Annotation) -> Tally:
    """Among triggers that both have, by gold modality: right, or spurious where another was said."""
    return add(
        {meant: Counts(hits=number) if said == meant else Counts(spurious=number)}
        for (meant, said), number in marks.modality(gold, predicted).items()
    )


def _coref(gold: Annotation, predicted: Annotation) -> Iterator[tuple[str, Level]]:
    theirs, ours = marks.clusters(gold), marks.clusters(predicted)
    for name, measure in coref.MEASURES.items():
        yield f"coreference, {name}", {"coref": measure(theirs, ours)}


def _silence(case: Case) -> Tally:
    """A document without a case: a hit when it stays without one."""
    if case.gold_records:
        return {}
    return {"no case": Counts(spurious=1) if case.predicted_records else Counts(hits=1)}
