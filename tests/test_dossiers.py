"""Linking over several documents, worked by hand."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from casetrace.assemble import assemble
from casetrace.evaluate.cases import Case
from casetrace.evaluate.dossiers import GoldDossier, dossier_figures
from casetrace.markup import read_markup
from casetrace.types import CaseRecord

GOLD = GoldDossier.model_validate(
    {"subjects": [{"doc_id": "a", "name": "Ruth Okello"}, {"doc_id": "b", "name": "R. Okello"}]}
)


def case(doc_id: str, *names: str) -> Case:
    marked = " ".join(f"[{name}|PERSON p{at}] was [arrested|ARREST subject=p{at}]." for at, name in enumerate(names))
    document, annotation = read_markup(marked, doc_id=doc_id)
    records = assemble(document, annotation)
    return Case(document, annotation, annotation, records, records)


CASES = [case("a", "Ruth Okello", "Ann Were"), case("b", "R. Okello")]


def together(records: Sequence[CaseRecord]) -> Iterator[list[str]]:
    yield [record.case_id for record in records if "Okello" in record.subject.name]
    yield [record.case_id for record in records if "Okello" not in record.subject.name]


def apart(records: Sequence[CaseRecord]) -> Iterator[list[str]]:
    yield from ([record.case_id] for record in records)


def one_heap(records: Sequence[CaseRecord]) -> Iterator[list[str]]:
    yield [record.case_id for record in records]


def test_right_dossiers() -> None:
    figures = dossier_figures(CASES, [GOLD], join=together)
    assert {name: (figure.precision, figure.recall) for name, figure in figures.items()} == {
        "dossiers, B-cubed": (1, 1),
        "dossiers, pairs": (1, 1),
    }


def test_nothing_joined() -> None:
    figures = dossier_figures(CASES, [GOLD], join=apart)
    assert figures["dossiers, B-cubed"].recall == (1 / 2 + 1 / 2 + 1) / 3
    assert (figures["dossiers, pairs"].missed, figures["dossiers, pairs"].hits) == (1, 0)


def test_everything_joined() -> None:
    figures = dossier_figures(CASES, [GOLD], join=one_heap)
    assert round(figures["dossiers, B-cubed"].precision, 9) == round((2 / 3 + 2 / 3 + 1 / 3) / 3, 9)
    assert (figures["dossiers, pairs"].hits, figures["dossiers, pairs"].spurious) == (1, 2)
