"""One row for each thing that the audit must find, and clean texts in which it must find nothing."""

from __future__ import annotations

import pytest

from casetrace.audit import Finding, audit
from casetrace.corpus import Split
from casetrace.markup import read_markup
from casetrace.types import Annotation, Document

CLEAN = "[Police|ORG o] [arrested|ARREST agent=o subject=p] [Ruth Okello|PERSON p] in [Lamu|GPE].3"
FOUND = [
    ("error", "[Ruth|PERSON]s left.", "cuts a word"),
    ("error", "[Ruth Okello,|PERSON] left.", "ends in punctuation"),
    ("error", "[Ten men|GROUP] left.", "is no argument of an event"),
    ("error", "[A|PERSON a coref=b] [B|PERSON b coref=a].", "corefers to itself"),
    ("notice", "[Ruth|PERSON] and [Ruth|ORG].", "is labelled ORG and PERSON"),
    ("notice", "She was [freed|RELEASE].", "has no subject"),
    ("notice", "[Okello|PERSON] left. Okello stayed.", "'Okello' at 13 is not labelled"),
]


def pair(marked: str, doc_id: str = "d") -> tuple[Document, Annotation]:
    return read_markup(marked, doc_id=doc_id)


@pytest.mark.parametrize("marked", [CLEAN, "[Union “Hope”|ORG] left."])
def test_clean_text_gives_nothing(marked: str) -> None:
    assert list(audit({"train": [pair(marked)]})) == []


@pytest.mark.parametrize(("level", "marked", "message"), FOUND)
def test_finds(level: str, marked: str, message: str) -> None:
    found = list(audit({"train": [pair(marked)]}))
    assert {finding.level for finding in found if message in finding.message} == {level}


LEAKS: list[tuple[str, str, list[str]]] = [
    ("[Ruth Okello|PERSON] left.", "[Ruth Okello|PERSON] came.", ["person 'Ruth Okello' is in train and in dev"]),
    ("[Quay Union|ORG] left.", "[Quay Union|ORG] came.", ["organisation 'Quay Union' is in train and in dev"]),
    ("[State Police|ORG] left.", "[State Police|ORG] came.", []),
    ("[Ruth|PERSON] left.", "[Ruth|PERSON] came.", []),
]


@pytest.mark.parametrize(("train", "dev", "messages"), LEAKS)
def test_names_stay_in_one_split(train: str, dev: str, messages: list[str]) -> None:
    splits: dict[Split, list[tuple[Document, Annotation]]] = {"train": [pair(train, "a")], "dev": [pair(dev, "b")]}
    found = list(audit(splits, shared_names=frozenset({"State Police"})))
    assert found == [Finding("error", "b", message) for message in messages]
    assert list(audit(splits, leaks=False)) == []


def test_copies_are_errors() -> None:
    words = " ".join(f"word{number}" for number in range(40))
    [finding] = audit({"train": [pair(words, "a"), pair(words + " more", "b")]})
    assert (finding.level, finding.doc_id) == ("error", "b")
