"""A run that was interrupted goes on as if it had not been; what is no checkpoint of it is left whole."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch")
pytest.importorskip("onnx")

from casetrace.train import read_config, train  # noqa: E402
from casetrace.train.checkpoint import Checkpoint  # noqa: E402
from casetrace.train.config import ConfigError, TrainConfig  # noqa: E402
from casetrace.train.run import Run  # noqa: E402
from casetrace.train.train import prepare  # noqa: E402

CONFIG = Path(__file__).parents[2] / "models" / "config.cfg"


def placed(config: TrainConfig, name: str, **optimiser: object) -> TrainConfig:
    """The config, with an output and a checkpoint of this name."""
    folder = Path(config.paths.root)
    paths = {"output": str(folder / "not" / "there yet" / name), "checkpoint": str(folder / f"{name}.pt")}
    return config.model_copy(update={
        "paths": config.paths.model_copy(update=paths),
        "optimiser": config.optimiser.model_copy(update=optimiser)})  # fmt: skip


def test_an_interrupted_run_ends_as_an_uninterrupted_one(config: TrainConfig) -> None:
    def stop(line: str) -> None:
        if line.startswith("epoch 2"):
            raise KeyboardInterrupt

    lines: list[str] = []
    whole = train(placed(config, "whole", epochs=4), report=str)
    broken = placed(config, "broken", epochs=4)
    with pytest.raises(KeyboardInterrupt):
        train(broken, report=stop)
    resumed = train(broken, report=lines.append)
    assert "resumed after epoch 1" in lines
    for path in sorted(whole.glob("*/weights.npz")):
        one, two = np.load(path), np.load(resumed / path.relative_to(whole))
        assert all(np.array_equal(one[name], two[name]) for name in one.files), path
    graphs = [(folder / "casetrace_encoder" / "encoder.onnx").read_bytes() for folder in (whole, resumed)]
    assert graphs[0] == graphs[1]


@pytest.mark.parametrize(("changed", "taken_up"), [({"threads": 2}, True), ({"seed": 2}, False)])
def test_what_another_run_left_is_kept(config: TrainConfig, changed: dict[str, object], taken_up: bool) -> None:
    first = placed(config, f"first{taken_up}")
    train(first, report=str)
    lines: list[str] = []
    run = prepare(placed(config, f"first{taken_up}", **changed), lines.append)
    assert Checkpoint(run).ready() == taken_up
    path = Path(first.paths.checkpoint)
    assert (path.exists(), path.with_name(f"{path.name}.old").exists()) == (taken_up, not taken_up)
    told = [line for line in lines if line.startswith(f"paths.checkpoint: {path} is of another run; it is kept as")]
    assert len(told) == (not taken_up)


def test_a_checkpoint_that_is_none_is_told(tmp_path: Path) -> None:
    path = tmp_path / "run.pt"
    path.write_text("junk")
    config = read_config(CONFIG, {"paths.checkpoint": str(path)})
    run = Run(config, reader=None, train=[], silver=[], dev={}, fingerprint="", report=print)  # type: ignore[arg-type]
    with pytest.raises(ConfigError, match="is no checkpoint; delete it or name another"):
        Checkpoint(run).ready()
