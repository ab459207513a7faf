"""Dossiers: what several sources say of one person, every disagreement side by side, every merge reversible."""

from __future__ import annotations

import tomllib
from pathlib import Path

from casetrace.assemble import assemble
from casetrace.consolidate import consolidate
from casetrace.link import link
from casetrace.markup import read_markup
from casetrace.types import CaseRecord, Document, Judgement
from casetrace.verify import verify

SOURCES = tomllib.loads((Path(__file__).parent / "cases" / "sources.toml").read_text("utf-8"))["source"]


def sources() -> tuple[dict[str, Document], list[CaseRecord]]:
    documents, records = {}, []
    for source in SOURCES:
        document, annotation = read_markup(source["text"].strip(), doc_id=source["id"])
        documents[document.id] = document.model_copy(update={"published": source["published"]})
        records += assemble(documents[document.id], annotation)
    return documents, records


def test_one_person_of_two_sources_and_a_namesake_apart() -> None:
    _, records = sources()
    dossiers = consolidate(records, link(records))
    told = {dossier.subject.name: [record.doc_id for record in dossier.records] for dossier in dossiers}
    assert told == {"Ruth Okello": ["elsewhere"], "about 100 workers": ["wire", "statement"]} | {}
    assert [
        [record.doc_id for record in dossier.records] for dossier in dossiers if dossier.subject.name == "Ruth Okello"
    ] == [
        ["wire", "statement"],
        ["elsewhere"],
    ]


def test_every_version_of_a_disagreement_is_listed() -> None:
    _, records = sources()
    found = [
        (
            conflict.field,
            conflict.event,
            [(version.doc_id, version.value, version.text) for version in conflict.versions],
        )
        for dossier in consolidate(records, link(records))
        for conflict in dossier.conflicts
    ]
    assert found == [
        ("charges", None, [("wire", "incitement", "incitement"), ("statement", "defamation", "defamation")]),
        ("date", "ARREST", [("wire", "2023-05-03", "3 May"), ("statement", "2023-05-04", "4 May 2023")]),
        ("count", None, [("wire", "100", "about 100 workers"), ("statement", "88", "eighty-eight workers")]),
    ]


def test_records_stay_as_they_were() -> None:
    _, records = sources()
    kept = [record for dossier in consolidate(records, link(records)) for record in dossier.records]
    assert sorted(kept, key=lambda record: record.case_id) == sorted(records, key=lambda record: record.case_id)


def test_a_person_undoes_a_merge() -> None:
    _, records = sources()
    proposed = list(link(records))
    changed = [
        one.model_copy(update={"verdict": "different", "by": "a reader"}) for one in proposed if one.verdict == "same"
    ]
    assert len(consolidate(records, proposed)) == len(records) - 2
    assert len(consolidate(records, [*changed, *proposed])) == len(records)


def test_two_that_were_judged_different_are_never_joined_through_a_third() -> None:
    records = [
        CaseRecord.model_validate({"case_id": at, "doc_id": at, "subject": {"name": at, "kind": "person"}})
        for at in "abc"
    ]
    judged = [Judgement(left="a", right="b", verdict="same", score=0.9, by="casetrace link"),
              Judgement(left="b", right="c", verdict="same", score=0.99, by="casetrace link"),
              Judgement(left="a", right="c", verdict="different", by="a reader")]  # fmt: skip
    assert [[record.case_id for record in dossier.records] for dossier in consolidate(records, judged)] == [
        ["a"],
        ["b", "c"],
    ]


def test_dossiers_verify() -> None:
    documents, records = sources()
    dossiers = consolidate(records, link(records))
    assert list(verify(dossiers, documents)) == []
    changed = {
        doc_id: document.model_copy(update={"text": document.text.replace("4 May 2023", "5 May 2023")})
        for doc_id, document in documents.items()
    }
    faults = list(verify(dossiers, changed))
    assert len(faults) == 2
    assert all("'4 May 2023' is not at" in fault and "there stands '5 May 2023'" in fault for fault in faults)
