"""The annotation page offers exactly what schema.toml holds."""

from __future__ import annotations

from xml.etree import ElementTree as ET

import pytest
from label_studio_sdk.label_interface.interface import LabelInterface

from casetrace.labelstudio.page import STEPS, Step, page
from casetrace.labelstudio.verdicts import verdict_page
from casetrace.schema import EVENTS, LABELS, MODALITIES, RELATIONS


@pytest.mark.parametrize("step", STEPS)
def test_all_labels_modalities_and_guidelines_are_there(step: Step) -> None:
    view = ET.fromstring(page(step))
    names = [row.get("value") for row in view.iter("Label")]
    assert names == list(LABELS)
    (modality,) = (row for row in view.iter("Choices") if row.get("name") == "modality")
    assert [row.get("value") for row in modality] == list(MODALITIES)
    assert str(modality.get("whenLabelValue")).split(",") == list(EVENTS)
    assert [row.get("whenLabelValue") for row in view.iter("Markdown")] == [None, *LABELS]
    assert [row.get("value") for row in view.iter("Relation")] == ([] if step == "spans" else list(RELATIONS))


@pytest.mark.parametrize("config", [*map(page, STEPS), verdict_page()], ids=[*STEPS, "verdicts"])
def test_label_studio_takes_the_pages(config: str) -> None:
    LabelInterface(config).validate()


def test_no_key_is_given_twice() -> None:
    keys = [str(row.get("hotkey")) for row in ET.fromstring(page()).iter() if row.get("hotkey")]
    assert len(keys) == len(set(keys))
