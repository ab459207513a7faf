"""Scores brought to what they are worth: the rising line of the pipeline, slope and shift of record fields."""

from __future__ import annotations

import numpy as np
import pytest

pytest.importorskip("torch")
pytest.importorskip("onnx")

from casetrace.components.pairnet import calibrate
from casetrace.train.calibrate import error, isotonic
from casetrace.train.trust import platt


def test_platt_repairs_scores_that_are_too_sure() -> None:
    chance = np.random.default_rng(0)
    truth = chance.uniform(0.3, 0.9, 4000)
    right = (chance.uniform(size=4000) < truth).astype(float)
    odds = 3 * np.log(truth / (1 - truth))
    sure = 1 / (1 + np.exp(-odds))
    slope, shift = platt(sure, right)
    mended = 1 / (1 + np.exp(-(slope * odds + shift)))
    assert error(mended, right) < 0.03 < error(sure, right)


def test_isotonic_repairs_any_rising_shape_and_keeps_the_order() -> None:
    chance = np.random.default_rng(0)
    raw = chance.uniform(0, 1, 4000)
    right = (chance.uniform(size=4000) < np.where(raw < 0.7, raw / 2, raw)).astype(float)
    mended = calibrate(raw, isotonic(raw, right))
    assert error(mended, right) < 0.02 < error(raw, right)
    assert np.all(np.diff(mended[np.argsort(raw)]) >= 0)
    assert len(set(mended.round(6).tolist())) > 3900
