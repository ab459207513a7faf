"""The guidelines' examples are read by the same code as the corpus."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from casetrace.markup import read_markup
from casetrace.schema import LABELS, MODALITIES, RELATIONS
from casetrace.types import Annotation

GUIDELINES = (Path(__file__).parents[1] / "annotations" / "GUIDELINES.md").read_text("utf-8")
SECTIONS = dict(re.findall(r"^## (\w+)\n(.*?)(?=^#|\Z)", GUIDELINES, re.MULTILINE | re.DOTALL))


def examples(section: str, kind: str) -> list[tuple[str, Annotation]]:
    blocks = re.findall(rf"```{kind}\n(.*?)```", SECTIONS[section], re.DOTALL)
    read = [read_markup(line, doc_id=section) for block in blocks for line in block.splitlines() if line]
    return [(document.text, annotation) for document, annotation in read]


def names(annotation: Annotation) -> set[str]:
    marks = {span.label for span in annotation.spans} | {span.modality or "" for span in annotation.spans}
    return marks | {relation.label for relation in annotation.relations}


def test_one_section_for_each_name() -> None:
    assert set(SECTIONS) == {*LABELS, *MODALITIES, *RELATIONS}


@pytest.mark.parametrize("section", SECTIONS)
def test_right_examples_use_the_name(section: str) -> None:
    assert any(section in names(annotation) for _, annotation in examples(section, "mark"))


@pytest.mark.parametrize("section", SECTIONS)
def test_each_wrong_example_is_a_right_one_marked_otherwise(section: str) -> None:
    right = dict(examples(section, "mark"))
    wrong = examples(section, "wrong")
    assert wrong
    for text, annotation in wrong:
        assert right[text] != annotation
