"""Runs of one config with different seeds, and the mean of their weights."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import spacy

torch = pytest.importorskip("torch")
pytest.importorskip("onnx")

from casetrace.train import train  # noqa: E402
from casetrace.train.average import mean  # noqa: E402
from casetrace.train.config import TrainConfig  # noqa: E402
from casetrace.train.network import Network  # noqa: E402
from casetrace.train.start import start_from  # noqa: E402

STEPS = ("mentions", "modality", "arguments", "coref")


def seeded(config: TrainConfig, seed: int, **changed: object) -> TrainConfig:
    """The config with another seed, and places of its own for what it writes."""
    folder = Path(config.paths.root)
    paths = {"output": str(folder / f"seed{seed}"), "checkpoint": str(folder / f"seed{seed}.pt")}
    optimiser = {name: value for name, value in changed.items() if name in type(config.optimiser).model_fields}
    paths |= {name: value for name, value in changed.items() if name not in optimiser}  # type: ignore[misc]
    return config.model_copy(update={
        "optimiser": config.optimiser.model_copy(update={"seed": seed} | optimiser),
        "paths": config.paths.model_copy(update=paths)})  # fmt: skip


def weights(folder: Path, step: str) -> dict[str, np.ndarray]:
    with np.load(folder / f"casetrace_{step}" / "weights.npz") as held:
        return {name: value for name, value in held.items() if name != "calibration"}


def test_runs_of_two_seeds_begin_alike(config: TrainConfig) -> None:
    one, two = (train(seeded(config, seed, epochs=1, encoder_rate=1e-9, head_rate=1e-9), report=str) for seed in (1, 2))
    for step in STEPS:
        first, second = weights(one, step), weights(two, step)
        assert all(np.allclose(first[name], second[name], atol=1e-5) for name in first), step


def test_mean_of_a_run_and_a_pipeline(config: TrainConfig) -> None:
    folder = train(seeded(config, 3), report=str)
    network, other = Network(config.encoder, config.heads), Network(config.encoder, config.heads)
    start_from(folder, other)
    whole = mean(network, [folder, folder])
    for mine, one, two in zip(whole.parameters(), network.parameters(), other.parameters(), strict=True):
        if mine.shape != network.encoder.positions.weight.shape:  # a pipeline holds no more of them than it needs
            assert torch.allclose(mine, (one + 2 * two) / 3, atol=1e-6)


@pytest.mark.parametrize("better", [True, False])
def test_the_mean_is_taken_where_dev_is_better_for_it(
    config: TrainConfig, monkeypatch: pytest.MonkeyPatch, better: bool
) -> None:
    folder = train(seeded(config, 4), report=str)
    monkeypatch.setattr("casetrace.train.average.evaluate", lambda run, network: {"mean": 2.0 * better - 1})
    made = train(seeded(config, 5, averaged_with=(str(folder),)), report=str)
    told = spacy.load(made).meta["training"]["averaged_with"]
    assert told == [f"casetrace-{spacy.load(folder).meta['version']}, 2 layers, 3 documents, seed 4"] * better
