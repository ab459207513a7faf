"""Scores worked out by hand on small texts, and what must hold for any pair of annotations."""

from __future__ import annotations

import pytest

from casetrace.markup import read_markup
from casetrace.score import coref, marks, records
from casetrace.score.counts import Counts, overall
from casetrace.score.grounding import grounding
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


COREF_CASES = [
    # gold, predicted, {measure: (precision, recall)}; the arithmetic beside
    ("abc de", "abc de", {"MUC": (1, 1), "B-cubed": (1, 1), "CEAF-e": (1, 1), "LEA": (1, 1)}),
    (
        "abc de",
        "ab cde",
        {
            "MUC": (2 / 3, 2 / 3),  # links kept: ab 1 of 1, cde 1 of 2
            "B-cubed": ((2 * 2 / 2 + 1 * 1 / 3 + 2 * 2 / 3) / 5, (2 * 2 / 3 + 1 * 1 / 3 + 2 * 2 / 2) / 5),
            "CEAF-e": ((2 * 2 / 5 + 2 * 2 / 5) / 2, (2 * 2 / 5 + 2 * 2 / 5) / 2),
            "LEA": ((2 * 1 + 3 * 1 / 3) / 5, (3 * 1 / 3 + 2 * 1) / 5),
        },
    ),
    # one chain for everything: recall is perfect, precision pays
    (
        "ab cd",
        "abcd",
        {
            "MUC": (2 / 3, 1),
            "B-cubed": (2 * (2 * 2 / 4) / 4, 1),
            "CEAF-e": ((2 * 2 / 6) / 1, (2 * 2 / 6) / 2),
            "LEA": (4 * (1 + 1) / 6 / 4, 1),
        },
    ),
    # a mention that gold does not have
    ("ab", "abx", {"MUC": (1 / 2, 1), "B-cubed": ((2 * 2 / 3) / 3, 1), "CEAF-e": (4 / 5, 4 / 5), "LEA": (1 / 3, 1)}),
    ("ab", "", {"MUC": (0, 0), "B-cubed": (0, 0), "CEAF-e": (0, 0), "LEA": (0, 0)}),
]


@pytest.mark.parametrize(("gold", "predicted", "expected"), COREF_CASES)
def test_coreference_measures(gold: str, predicted: str, expected: dict[str, tuple[float, float]]) -> None:
    theirs, ours = ([frozenset(group) for group in side.split()] for side in (gold, predicted))
    found = {name: measure(theirs, ours) for name, measure in coref.MEASURES.items()}
    assert {name: (shares.precision, shares.recall) for name, shares in found.items()} == {
        name: pytest.approx(pair) for name, pair in expected.items()
    }


def test_clusters_leave_single_mentions_out() -> None:
    one = annotation("[Ruth|PERSON a] met [Ann|PERSON b]. [She|ANAPHOR c coref=a] left [Kisumu|GPE].")
    assert [{place[:2] for place in cluster} for cluster in marks.clusters(one)] == [{(0, 4), (14, 17)}]


def test_arguments_with_the_role_aside() -> None:
    predicted = annotation(GOLD.replace("agent=o subject=p", "subject=o agent=p"))
    assert overall(marks.arguments(annotation(GOLD), predicted)) == Counts(1, 2, 2)
    assert marks.arguments(annotation(GOLD), predicted, role=False) == {"ARREST": Counts(3, 0, 0)}


def test_attributes_are_not_arguments() -> None:
    one = annotation(
        "[Ruth|PERSON p has_role=r member_of=o], [clerk|ROLE r] of [KPWU|ORG o], was [held|DETAIN subject=p]."
    )
    assert marks.attributes(one, one) == {"has_role": Counts(1, 0, 0), "member_of": Counts(1, 0, 0)}
    assert marks.arguments(one, one) == {"subject": Counts(1, 0, 0)}


DATE_CASES = [
    # gold, found, dates strict, dates with less precise allowed
    ("2023-05-03", "2023-05-03", Counts(1, 0, 0), Counts(1, 0, 0)),
    ("2023-05-03", "2023-05", Counts(0, 1, 1), Counts(1, 0, 0)),
    ("2023-05-03", "2023", Counts(0, 1, 1), Counts(1, 0, 0)),
    ("2023-05", "2023-05-03", Counts(0, 1, 1), Counts(0, 1, 1)),  # more precise than gold is not right
    ("2023-05-03", "2023-06", Counts(0, 1, 1), Counts(0, 1, 1)),
    ("2023-05-03", "last spring", Counts(0, 1, 0), Counts(0, 1, 0)),  # no date at all
]


@pytest.mark.parametrize(("meant", "said", "strict", "lenient"), DATE_CASES)
def test_dates(meant: str, said: str, strict: Counts, lenient: Counts) -> None:
    gold, found = ([record("Ruth", event("ARREST", date=words(value)))] for value in (meant, said))
    assert records.slots(gold, found)["date"] == strict
    assert records.dates(gold, found) == {"date": lenient}


def test_records_are_aligned_for_the_most_agreement_not_in_order() -> None:
    gold = [record("Ruth Okello", ARREST), record("Ann Were", FINE)]
    assert overall(records.slots(gold, gold[::-1])).f1 == 1
    twins = [record("Okello", FINE), record("Okello", ARREST)]
    assert records.slots(twins, twins[::-1])["amount"] == Counts(1, 0, 0)


def test_a_status_counts_by_the_event_that_left_it() -> None:
    gold, found = [record("Ruth", status="detain")], [record("Ruth", status="detained before trial")]
    assert records.slots(gold, found)["status"] == Counts(1, 0, 0)


def test_judged_values_say_which_of_them_are_right() -> None:
    found = [record("Ruth Okello", event("ARREST", date=words("2023-05-03"), agents=[words("army")]))]
    judged = [(item.stated.field, item.right) for item in records.judge([record("Ruth Okello", ARREST)], found)]
    assert judged == [("date", True), ("agent", False)]


def test_grounding_needs_the_words_in_their_place_and_a_fitting_gold_span() -> None:
    document, gold = read_markup(GOLD, doc_id="d")
    date = {"value": "2023-05-03", "text": "3 May 2023", "start": 31, "end": 41}
    moved, elsewhere = date | {"start": 30, "end": 40}, date | {"text": "Police", "start": 0, "end": 6}
    found = [record("Ruth Okello", *(event("ARREST", date=place) for place in (date, moved, elsewhere)))]
    assert grounding(document, gold, found) == {"date": Counts(1, 0, 2)}
