"""Places where annotators differ, and the annotation that verdicts make."""

from __future__ import annotations

from casetrace.adjudicate import Settled, settle
from casetrace.markup import read_markup, write_markup
from casetrace.types import Annotation, Document

SHE = "[She|ANAPHOR s coref=p] was [freed|RELEASE subject=s]."
ANN = f"[Police|ORG o] [arrested|ARREST agent=o subject=p] [Ruth Okello|PERSON p]. {SHE}"
BEN = f"[Police|ORG o] [arrested|ARREST agent=o] [Ruth|PERSON p] Okello. {SHE.replace('RELEASE', 'RELEASE:NEGATED')}"


def hands(*marked: str) -> tuple[Document, dict[str, Annotation]]:
    read = [read_markup(text, doc_id="d") for text in marked]
    return read[0][0], {name: annotation for name, (_, annotation) in zip(("ann", "ben", "cho"), read, strict=False)}


def told(settled: Settled) -> list[tuple[str, list[tuple[tuple[str, ...], list[str]]]]]:
    versions = [[(version.annotators, [mark[2] for mark in version.marks]) for version in place.versions]
                for place in settled.open]  # fmt: skip
    return [(place.relation or place.kind, found) for place, found in zip(settled.open, versions, strict=True)]


def test_who_agree_need_no_verdict() -> None:
    document, found = hands(ANN, ANN)
    settled = settle(document, found, verdicts={})
    assert settled.places == 0
    assert settled.annotation is not None
    assert write_markup(document, settled.annotation) == (
        "[Police|ORG _0] [arrested|ARREST agent=_0 subject=_16] [Ruth Okello|PERSON _16]. [She|ANAPHOR _29 coref=_16]"
        " was [freed|RELEASE subject=_29]."
    )


def test_a_tick_of_no_case_stands_unless_an_event_is_settled() -> None:
    document, found = hands("[Ruth Okello|PERSON p] spoke.", "[Ruth Okello|PERSON p] spoke.")
    ticked = found | {"ben": found["ben"].model_copy(update={"no_case": True})}
    settled = settle(document, ticked, verdicts={}).annotation
    assert settled is not None
    assert settled.no_case
    document, found = hands(ANN, ANN)
    settled = settle(document, found, verdicts={}).annotation
    assert settled is not None
    assert not settled.no_case


def test_spans_first_then_relations() -> None:
    document, found = hands(ANN, BEN, ANN)
    first = settle(document, found, verdicts={})
    assert told(first) == [
        ("spans", [(("ben",), ["PERSON"]), (("ann", "cho"), ["PERSON"])]),
        ("spans", [(("ann", "cho"), ["RELEASE"]), (("ben",), ["RELEASE"])]),
    ]
    verdicts = {first.open[0].id: 1, first.open[1].id: 1}
    second = settle(document, found, verdicts=verdicts)
    assert told(second) == []  # ben did not mark the whole name, so he has no say in what is linked to it
    assert second.annotation is not None
    released = next(span for span in second.annotation.spans if span.label == "RELEASE")
    assert released.modality == "NEGATED"


def test_relations_on_settled_spans() -> None:
    document, found = hands(ANN, ANN.replace(" agent=o subject=p", " agent=p"))
    first = settle(document, found, verdicts={})
    assert told(first) == [
        ("agent", [(("ann",), ["ORG"]), (("ben",), ["PERSON"])]),
        ("subject", [(("ann",), ["PERSON"]), (("ben",), [])]),
    ]
    done = settle(document, found, verdicts={first.open[0].id: 0, first.open[1].id: -1})
    assert done.annotation is not None
    assert [(link.head, link.label, link.child) for link in done.annotation.relations] == [
        ("_7", "agent", "_0"), ("_29", "coref", "_16"), ("_37", "subject", "_29"),
    ]  # fmt: skip


def test_coreference_counts_for_its_chain() -> None:
    one = "[Ruth|PERSON a] left. [She|ANAPHOR b coref=a] and [her|ANAPHOR c coref=a] [trial|TRIAL subject=b,c]"
    document, found = hands(one, one.replace("c coref=a", "c coref=b"))
    settled = settle(document, found, verdicts={})
    assert (settled.places, settled.annotation is not None) == (0, True)


def test_ids_are_stable_and_change_with_what_is_asked() -> None:
    document, found = hands(ANN, BEN)
    first = settle(document, found, verdicts={}).open
    assert first == settle(document, found, verdicts={}).open
    _, other = hands(ANN, ANN.replace("[freed|RELEASE subject=s]", "freed"))
    assert {place.id for place in first}.isdisjoint(place.id for place in settle(document, other, verdicts={}).open)
