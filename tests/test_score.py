"""Scores worked out by hand on small texts, and what must hold for any pair of annotations."""

from __future__ import annotations

import pytest

from casetrace.markup import read_markup
from casetrace.score import marks, records
from casetrace.score.counts import Counts, overall
from casetrace.types import Annotation, CaseRecord, Event, Subject


def annotation(marked: str) -> Annotation:
    return read_markup(marked, doc_id="d")[1]


GOLD = "[Police|ORG o] [arrested|ARREST agent=o subject=p time=d] [Ruth Okello|PERSON p] on [3 May 2023|DATE d]."
SPAN_CASES = [
    # predicted, match, ORG+PERSON+DATE hits/missed/spurious together
    (GOLD, "strict", Counts(3, 0, 0)),
    ("Police [arrested|ARREST] Ruth Okello on 3 May 2023.", "strict", Counts(0, 3, 0)),
    ("[Police|COURT] arrested [Ruth|PERSON] Okello on [3 May 2023|DATE].", "strict", Counts(1, 2, 2)),
    ("[Police|COURT] arrested [Ruth|PERSON] Okello on [3 May 2023|DATE].", "exact", Counts(2, 1, 1)),
    ("[Police|COURT] arrested [Ruth|PERSON] Okello on [3 May 2023|DATE].", "partial", Counts(3, 0, 0)),
    ("[Police|COURT] arrested [Ruth|PERSON] Okello on [3 May 2023|DATE].", "type", Counts(2, 1, 1)),
    # one long prediction over two gold spans counts once
    ("[Police arrested Ruth Okello|PERSON] on 3 May 2023.", "partial", Counts(1, 2, 0)),
]


@pytest.mark.parametrize(("predicted", "match", "counts"), SPAN_CASES)
def test_entities(predicted: str, match: marks.Match, counts: Counts) -> None:
    assert overall(marks.entities(annotation(GOLD), annotation(predicted), match=match)) == counts


def test_arguments_need_trigger_role_and_argument() -> None:
    predicted = "[Police|ORG o] [arrested|ARREST agent=o time=d] [Ruth|PERSON] Okello on [3 May 2023|DATE d]."
    tally = marks.arguments(annotation(GOLD), annotation(predicted))
    assert tally == {"agent": Counts(1, 0, 0), "time": Counts(1, 0, 0), "subject": Counts(0, 1, 0)}


def test_an_argument_in_the_same_chain_counts_through_coreference() -> None:
    gold = annotation("[Ruth Okello|PERSON p] said [she|ANAPHOR a coref=p] was [held|DETAIN subject=a].")
    predicted = annotation("[Ruth Okello|PERSON p] said [she|ANAPHOR a] was [held|DETAIN subject=p].")
    assert marks.arguments(gold, predicted) == {"subject": Counts(0, 1, 1)}
    assert marks.arguments(gold, predicted, through_coref=True) == {"subject": Counts(1, 0, 0)}


def test_coreference_pairs_join_equal_names() -> None:
    gold = annotation("[Ruth|PERSON a] met [Ruth|PERSON b]. [She|ANAPHOR coref=a] left.")
    predicted = annotation("[Ruth|PERSON a] met [Ruth|PERSON b]. [She|ANAPHOR] left.")
    assert marks.coref_links(gold, predicted) == {"coref": Counts(1, 2, 0)}


def test_modality_is_counted_on_shared_triggers_only() -> None:
    gold = annotation("[freed|RELEASE:DEMANDED] [held|DETAIN] [fined|SENTENCE]")
    predicted = annotation("[freed|RELEASE] [held|DETAIN] fined")
    assert marks.modality(gold, predicted) == {("DEMANDED", "ASSERTED"): 1, ("ASSERTED", "ASSERTED"): 1}


ANNOTATIONS = [annotation(marked) for marked in (GOLD, *(case[0] for case in SPAN_CASES))]


@pytest.mark.parametrize("match", ["strict", "exact", "partial", "type"])
@pytest.mark.parametrize("left", ANNOTATIONS)
def test_perfect_is_one_and_swapping_swaps(left: Annotation, match: marks.Match) -> None:
    own = overall(marks.entities(left, left, match=match))
    assert own.missed == own.spurious == 0
    for right in ANNOTATIONS:
        there = overall(marks.entities(left, right, match=match))
        back = overall(marks.entities(right, left, match=match))
        assert (there.precision, there.recall) == (back.recall, back.precision)


def words(value: str) -> dict[str, object]:
    return {"value": value, "text": value, "start": 0, "end": 0}


def record(name: str, *events: Event, status: str | None = None) -> CaseRecord:
    return CaseRecord(case_id=name, doc_id="d", subject=Subject(name=name, kind="person"), events=events, status=status)


def event(kind: str, **fields: object) -> Event:
    return Event.model_validate({"type": kind, "modality": "ASSERTED", **fields})


ARREST = event("ARREST", date=words("2023-05-03"), agents=[words("police")])
FINE = event("SENTENCE", amount=words("500") | {"currency": "USD"})


def test_perfect_records() -> None:
    gold = [record("Ruth Okello", ARREST, FINE, status="detained"), record("Ann Were")]
    assert records.records(gold, gold) == {"record": Counts(2, 0, 0)}
    assert overall(records.slots(gold, gold)) == Counts(
        2 * 2 + 1 + 4 + 3, 0, 0
    )  # names and kinds, status, arrest, fine


def test_record_fields_are_compared_after_alignment() -> None:
    gold = [record("Ruth Okello", ARREST, FINE)]
    later = event("ARREST", date=words("2023-05"), agents=[words("The Police")])
    predicted = [record("Ann Were"), record("Okello", later)]
    assert records.records(gold, predicted) == {"record": Counts(1, 0, 1)}
    assert records.slots(gold, predicted) == {
        "name": Counts(0, 1, 2),
        "kind": Counts(1, 0, 1),
        "event": Counts(1, 1, 0),
        "modality": Counts(1, 1, 0),
        "date": Counts(0, 1, 1),
        "agent": Counts(1, 0, 0),
        "amount": Counts(0, 1, 0),
    }
    assert records.dates(gold, predicted) == {"date": Counts(1, 0, 0)}
