"""What a training run refuses before it begins."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("torch")

from casetrace.train import read_config
from casetrace.train.config import ConfigError
from casetrace.train.preflight import check_run, device_of

CONFIG = Path(__file__).parents[2] / "models" / "config.cfg"

OUT_OF_RANGE = [
    ("encoder.layers", 0, "encoder.layers: Input should be greater than or equal to 1"),
    ("encoder.dropout", 1.0, "encoder.dropout: Input should be less than 1"),
    ("encoder.context", 65, "encoder: context 65 is more than half of size 128; no room for new pieces"),
    ("optimiser.layer_decay", -1, "optimiser.layer_decay: Input should be greater than 0"),
    ("optimiser.average", 7, "optimiser.average: Input should be less than 1"),
    (
        "optimiser.epochs",
        "ten",
        "optimiser.epochs: Input should be a valid integer, unable to parse string as an integer",
    ),
    ("optimiser.nosuch", 3, "optimiser.nosuch: Extra inputs are not permitted"),
    ("nosuch.x", 3, "nosuch.x: not a section value that can be overridden"),
]


@pytest.mark.parametrize(("name", "value", "told"), OUT_OF_RANGE)
def test_values_out_of_range_are_named(name: str, value: Any, told: str) -> None:
    with pytest.raises(ConfigError) as caught:
        read_config(CONFIG, {name: value})
    assert str(caught.value) == f"{CONFIG}: {told}"


def test_a_file_that_is_no_config_is_named(tmp_path: Path) -> None:
    path = tmp_path / "bad.cfg"
    path.write_text("not ini\n")
    with pytest.raises(ConfigError, match="File contains no section headers"):
        read_config(path)


REFUSED = [
    ({"optimiser.device": "gpu"}, "optimiser.device: 'gpu' cannot be used here"),
    ({"encoder.source": "nowhere"}, "encoder.source: '{here}/nowhere': no such folder"),
    ({"paths.start": "empty"}, "paths.start: {here}/empty is not a trained pipeline"),
    ({"paths.teacher": "nowhere"}, "paths.teacher: {here}/nowhere is not a trained pipeline"),
    ({"paths.averaged_with": "nowhere"}, "paths.averaged_with: {here}/nowhere is not a trained pipeline"),
    ({"paths.averaged_with": "pipeline"}, "{here}/pipeline: no trained pipeline is there"),
    ({"silver.teacher": "nowhere"}, "silver.teacher: {here}/nowhere is not a trained pipeline"),
    ({"silver.teacher": "pipeline"}, "silver.teacher needs the articles that it labels"),
    ({"paths.output": "file"}, "paths.output: {here}/file is a file; name a folder"),
    ({"paths.output": "full"}, "paths.output: {here}/full holds something other than a pipeline; name a new folder"),
    ({"paths.output": "file/out"}, "paths.output: {here}/file is a file, so {here}/file/out cannot be made"),
    ({"paths.checkpoint": "empty"}, "paths.checkpoint: {here}/empty is a folder; name a file"),
]


@pytest.mark.parametrize(("changed", "told"), REFUSED)
def test_a_run_that_could_not_end_is_refused(changed: dict[str, str], told: str, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "file").write_text("x")
    for name in ("full", "pipeline"):
        (tmp_path / name).mkdir()
        (tmp_path / name / ("meta.json" if name == "pipeline" else "notes.txt")).write_text("{}")
    paths = {"paths.output": str(tmp_path / "out"), "paths.checkpoint": str(tmp_path / "run.pt")}
    named: dict[str, Any] = {key: str(tmp_path / value) for key, value in changed.items()}
    named |= {key: value for key, value in changed.items() if key == "optimiser.device"}
    named |= {key: [value] for key, value in named.items() if key == "paths.averaged_with"}
    with pytest.raises(ConfigError) as caught:
        check_run(read_config(CONFIG, paths | named))
    assert str(caught.value).startswith(told.format(here=tmp_path))


def test_the_shipped_config_can_begin(tmp_path: Path) -> None:
    paths = {"paths.output": str(tmp_path / "out"), "paths.checkpoint": str(tmp_path / "build" / "run.pt")}
    assert check_run(read_config(CONFIG, paths)) is None
    assert (device_of("cpu"), device_of("auto") in {"cpu", "cuda"}) == ("cpu", True)
