"""One name, one label: what repeated names of a document get."""

from __future__ import annotations

import numpy as np
import pytest
import spacy

from casetrace.components import tags
from casetrace.components.repeats import agree

Row = tuple[int, int, str, float]
CASES: list[tuple[str, list[Row], list[Row]]] = [
    # the majority, weighed by probability, wins
    ("Oba left . Oba came . Oba sat .", [(0, 1, "ORG", 0.5), (3, 4, "PERSON", 0.9), (6, 7, "PERSON", 0.9)],
     [(0, 1, "PERSON", 0.5), (3, 4, "PERSON", 0.9), (6, 7, "PERSON", 0.9)]),
    # no clear majority: each keeps its own
    ("Kano won . Kano lost .", [(0, 1, "GPE", 0.9), (3, 4, "ORG", 0.9)], [(0, 1, "GPE", 0.9), (3, 4, "ORG", 0.9)]),
    # a sure name is found again, an unsure one is not
    ("Oba left . They saw Oba .", [(0, 1, "PERSON", 0.9)], [(0, 1, "PERSON", 0.9), (5, 6, "PERSON", 0.9)]),
    ("Oba left . They saw Oba .", [(0, 1, "PERSON", 0.6)], [(0, 1, "PERSON", 0.6)]),
    # not inside a longer name that nobody marked
    ("Oba left . In Oba Street", [(0, 1, "PERSON", 0.9)], [(0, 1, "PERSON", 0.9)]),
    # descriptions and events are left alone
    ("she left . she came", [(0, 1, "ANAPHOR", 0.9)], [(0, 1, "ANAPHOR", 0.9)]),
    ("nothing here", [], []),
]  # fmt: skip


@pytest.mark.parametrize(("text", "found", "agreed"), CASES)
def test_agree(text: str, found: list[Row], agreed: list[Row]) -> None:
    doc = spacy.blank("en")(text)
    columns = list(zip(*found, strict=True)) or [(), (), (), ()]
    labels = [tags.NUMBERS[label] for label in columns[2]]
    mentions = tags.Mentions(
        np.array(columns[0], np.int64), np.array(columns[1], np.int64), np.array(labels, np.int64),
        np.array(columns[3], np.float32),
    )  # fmt: skip
    result = agree(doc, mentions)
    rows = zip(
        result.starts.tolist(), result.ends.tolist(), result.labels.tolist(), result.scores.tolist(), strict=True
    )
    assert [(start, end, tags.NAMES[label], pytest.approx(score)) for start, end, label, score in rows] == agreed
