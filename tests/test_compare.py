"""Two systems on the same documents."""

from __future__ import annotations

import numpy
import pytest

from casetrace.assemble import assemble
from casetrace.evaluate.cases import Case
from casetrace.evaluate.compare import changes, compare, permutation_test
from casetrace.markup import read_markup
from casetrace.types import CasetraceError

GOLD = "[Police|ORG o] [arrested|ARREST agent=o subject=p time=d] [Ruth Okello|PERSON p] on [3 May 2023|DATE d]."
NO_DATE = "[Police|ORG o] [arrested|ARREST agent=o subject=p] [Ruth Okello|PERSON p] on 3 May 2023."
YEAR = "[Police|ORG o] [arrested|ARREST agent=o subject=p time=d] [Ruth Okello|PERSON p] on 3 May [2023|DATE d]."


def case(found: str, doc_id: str = "d") -> Case:
    document, gold = read_markup(GOLD, doc_id=doc_id)
    predicted = read_markup(found, doc_id=doc_id)[1]
    return Case(document, gold, predicted, assemble(document, gold), assemble(document, predicted))


CHANGES = [
    # left, right, (kind, field, left value, right value)
    (NO_DATE, GOLD, [("gained", "date", None, "2023-05-03")]),
    (GOLD, NO_DATE, [("lost", "date", "2023-05-03", None)]),
    (NO_DATE, YEAR, [("newly wrong", "date", None, "2023")]),
    (YEAR, NO_DATE, [("no longer wrong", "date", "2023", None)]),
    (GOLD, GOLD, []),
]


@pytest.mark.parametrize(("left", "right", "expected"), CHANGES)
def test_changes(left: str, right: str, expected: list[tuple[str, str, str | None, str | None]]) -> None:
    found = [(one.kind, one.field, one.left, one.right) for one in changes(case(left), case(right))]
    assert found == expected


def test_two_alike_systems_do_not_differ() -> None:
    cases = [case(GOLD, str(number)) for number in range(6)]
    comparison = compare(cases, cases)
    assert {(row.p, row.better, row.worse) for row in comparison.differences} == {(1.0, 0, 0)}


def test_the_permutation_test_counts_swaps_worked_by_hand() -> None:
    """Three documents, right on the right side and wrong on the left: of the 8 swaps, 2 give a difference as large."""
    left, right = numpy.zeros((1, 3, 4)), numpy.ones((1, 3, 4))
    left[..., [1, 3]] = 1
    swaps = numpy.array([[bool(number >> bit & 1) for bit in range(3)] for number in range(8)])
    assert permutation_test(left, right, swaps) == (1 + 2) / (1 + 8)


def test_other_documents_are_refused() -> None:
    with pytest.raises(CasetraceError, match="same documents"):
        compare([case(GOLD, "a")], [case(GOLD, "b")])
