"""Varied training documents: other names, places and noise, and every span where it was."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

pytest.importorskip("torch")

from casetrace.markup import read_markup, write_markup
from casetrace.schema import check
from casetrace.train.augment import augment
from casetrace.train.config import AugmentConfig
from casetrace.train.rewrite import rewrite

MARKED = (Path(__file__).parents[1] / "cases/train.mark").read_text("utf-8").rstrip()


@pytest.mark.parametrize("seed", range(8))
def test_augmented_documents_stay_consistent(seed: int) -> None:
    every = AugmentConfig(swap=1, upper=1, lower=0.2, noise=1)
    document, annotation = read_markup(MARKED, doc_id="a")
    changed, marked = augment(document, annotation, every, random.Random(seed))
    check(marked, changed)
    assert [span.label for span in marked.spans] == [span.label for span in annotation.spans]
    assert marked.relations == annotation.relations


def test_swap_keeps_reduced_names_and_acronyms_together() -> None:
    document, annotation = read_markup(MARKED, doc_id="a")
    only_swap = AugmentConfig(swap=1, upper=0, lower=0, noise=0)
    for seed in range(10):
        changed, marked = augment(document, annotation, only_swap, random.Random(seed))
        names = [span.text for span in marked.spans if span.label == "PERSON"]
        assert names[0].endswith(names[1]), write_markup(changed, marked)


def test_rewrite_moves_offsets() -> None:
    document, annotation = read_markup("In [Kisumu|GPE] [she|ANAPHOR] left.", doc_id="a")
    changed, marked = rewrite(document, annotation, inside=lambda span: span.text * 2, between=lambda text: text)
    assert write_markup(changed, marked) == "In [KisumuKisumu|GPE] [sheshe|ANAPHOR _10] left."
