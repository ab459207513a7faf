"""The table of cases, in full."""

from __future__ import annotations

import pytest

from casetrace.report.cases import cases_table, event_line
from casetrace.types import CaseRecord, Event, Subject


def words(value: str) -> dict[str, object]:
    return {"value": value, "text": value, "start": 0, "end": 1}


LINES: list[tuple[dict[str, object], str]] = [
    ({"type": "RELEASE"}, "RELEASE"),
    (
        {"type": "ARREST", "date": words("2023-05"), "agents": [words("police"), words("army")]},
        "ARREST 2023-05 by police, army",
    ),
    ({"type": "SENTENCE", "term": words("P2Y"), "laws": [words("art. 3")]}, "SENTENCE under art. 3 P2Y"),
    ({"type": "SENTENCE", "amount": words("1500") | {"currency": "USD"}}, "SENTENCE 1,500 USD"),
    ({"type": "SENTENCE", "amount": words("1500") | {"currency": None}}, "SENTENCE 1,500"),
    (
        {"type": "SENTENCE", "amount": words("10") | {"currency": "USD", "share": "each", "bound": "about"}},
        "SENTENCE about 10 USD each",
    ),
    ({"type": "SENTENCE", "term": words("P18M") | {"kind": "suspended"}}, "SENTENCE P18M suspended"),
    ({"type": "SENTENCE", "term": words("P5Y") | {"kind": "maximum", "bound": "max"}}, "SENTENCE up to P5Y"),
    (
        {"type": "ARREST", "check": True, "agents": [words("police") | {"check": True}, words("army")]},
        "ARREST? by police?, army",
    ),
    ({"type": "DISMISS", "detail": "suspended", "date": words("2023")}, "DISMISS (suspended) 2023"),
]


@pytest.mark.parametrize(("fields", "line"), LINES)
def test_event_line(fields: dict[str, object], line: str) -> None:
    assert event_line(Event.model_validate({"modality": "ASSERTED", **fields})) == line


def test_no_more_rows_than_asked_for() -> None:
    record = CaseRecord(case_id="a", doc_id="d", subject=Subject(name="[Ruth]", kind="person"))
    table = cases_table([record] * 3, most=2)
    assert (table.row_count, table.caption) == (2, "the first 2 of 3 records; --most shows more")
    assert cases_table([record], most=2).caption is None


def test_what_check_means_is_told_where_it_stands() -> None:
    record = CaseRecord(case_id="a", doc_id="d", subject=Subject(name="Ruth", kind="person"), status_check=True)
    assert str(cases_table([record], most=2).caption).startswith("(check): ")
