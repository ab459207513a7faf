"""Linking: who is proposed as one, who is kept apart, and why."""

from __future__ import annotations

import importlib.util
import random
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from casetrace.link import link
from casetrace.types import CaseRecord


def record(case_id: str, name: str, **told: Any) -> CaseRecord:
    """A record with an arrest on a day, an organisation and a country, as far as given."""
    date = (
        {"value": told["day"], "date_type": "exact", "text": told["day"], "start": 0, "end": 0}
        if "day" in told
        else None
    )
    organisation = told.get("organisation")
    return CaseRecord.model_validate(
        {
            "case_id": case_id,
            "doc_id": told.get("doc_id", case_id),
            "country": told.get("country"),
            "subject": {
                "name": name,
                "kind": told.get("kind", "person"),
                "count": told.get("count"),
                "aliases": told.get("aliases", ()),
                "organisations": [{"value": organisation, "text": organisation, "start": 0, "end": 0}]
                if organisation
                else [],
            },
            "events": [{"type": told.get("type", "ARREST"), "modality": "ASSERTED", "date": date}],
        }
    )


def verdict(left: CaseRecord, right: CaseRecord) -> str:
    return next((one.verdict for one in link([left, right], different=True)), "not compared")


UNION = "Harbour Workers Union"


@pytest.mark.parametrize(
    ("left", "right", "expected"),
    [
        (
            ("Ruth Okello", {"organisation": UNION, "country": "KE"}),
            ("Okello", {"organisation": UNION, "country": "KE", "day": "2020-04-02"}),
            "same",
        ),
        (
            ("Mohamed Saleh", {"day": "2020-04-02", "country": "EG"}),
            ("Mohammed Saleh", {"day": "2020-04-02", "country": "EG"}),
            "same",
        ),
        (
            ("Ruth Okello", {"country": "KE", "organisation": UNION}),
            ("Ruth Okello", {"country": "UG", "organisation": "Tea Board"}),
            "different",
        ),
        (
            ("Ruth Okello", {"country": "KE", "day": "1990-04-02"}),
            ("Ruth Okello", {"country": "KE", "day": "2020-04-02"}),
            "different",
        ),
        (
            ("Ruth Okello", {"organisation": UNION, "day": "2020-04-02"}),
            ("Mary Okello", {"organisation": UNION, "day": "2020-04-02"}),
            "different",
        ),
        (("Ruth Okello", {"country": "KE"}), ("Ruth Okello", {"country": "KE"}), "unsure"),
        (
            ("CUMW", {"kind": "organisation"}),
            ("Collective Union of Mill Workers", {"kind": "organisation", "aliases": ("CUMW",)}),
            "same",
        ),
    ],
)
def test_verdicts(left: tuple[str, Any], right: tuple[str, Any], expected: str) -> None:
    assert verdict(record("a", left[0], **left[1]), record("b", right[0], **right[1])) == expected


def test_every_proposal_has_reasons_that_add_up() -> None:
    (found,) = link(
        [
            record("a", "Ruth Okello", country="KE", organisation=UNION),
            record("b", "Okello", country="KE", organisation=UNION),
        ]
    )
    assert found.by == "casetrace link"
    assert found.reasons == (
        "Okello is one part of Ruth Okello (+2.0)",
        "both are in KE (+2.5)",
        "both belong to Harbour Workers Union (+4.2)",
    )


def test_records_of_one_document_are_never_compared() -> None:
    records = [record(at, "Ruth Okello", doc_id="d", organisation=UNION) for at in "ab"]
    assert list(link(records, different=True)) == []


def test_one_group_of_a_source_is_linked_once() -> None:
    records = [
        record(
            "a1", "ten drivers", kind="group", count=10, doc_id="a", day="2020-04-02", country="KE", organisation=UNION
        ),
        record(
            "b1", "ten drivers", kind="group", count=10, doc_id="b", day="2020-04-02", country="KE", organisation=UNION
        ),
        record(
            "b2", "ten drivers", kind="group", count=10, doc_id="b", day="2020-04-02", country="KE", organisation=UNION
        ),
    ]
    assert sorted(one.verdict for one in link(records)) == ["same", "unsure"]


def test_generated_pairs() -> None:
    benchmark = _benchmark()
    pairs = benchmark.make_pairs(400, random.Random(5))
    verdicts = {
        (one.left, one.right): one.verdict for one in link([one for pair in pairs for one in (pair.left, pair.right)])
    }
    same = [pair for pair in pairs if verdicts.get(tuple(sorted((pair.left.case_id, pair.right.case_id)))) == "same"]
    assert sum(pair.same for pair in same) / len(same) > 0.98
    assert sum(pair.same for pair in same) / sum(pair.same for pair in pairs) > 0.85


def test_a_common_name_says_less_than_a_rare_one() -> None:
    """ "Mohamed Hassan" twice among many of either name is no match; a name that nobody shares a part of is one."""
    given = ["Mohamed", "Ahmed", "Youssef", "Karim", "Tarek", "Omar", "Nadia", "Salma", "Mona", "Khaled"]
    family = ["Hassan", "Ibrahim", "Saleh", "Mansour", "Khalil", "Fathy", "Nasser", "Darwish", "Amin", "Sabry"]
    others = [record(f"{one}{two}", f"{one} {two}", country="EG") for one in given for two in family]
    pairs = [
        record(at, name, country="EG") for name in ("Mohamed Hassan", "Wafik Qotb") for at in (f"a{name}", f"b{name}")
    ]
    found = {(one.left, one.right): one.verdict for one in link([*others, *pairs])}
    assert found.get(("aMohamed Hassan", "bMohamed Hassan")) != "same"
    assert found["aWafik Qotb", "bWafik Qotb"] == "same"


def test_a_description_is_no_name() -> None:
    assert (
        list(link([record("a", "the pair", country="VN"), record("b", "the pair", country="VN")], different=True)) == []
    )


def _benchmark() -> ModuleType:
    path = Path(__file__).parent.parent / "benchmarks" / "made_records.py"
    spec = importlib.util.spec_from_file_location("made_records", path)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module
