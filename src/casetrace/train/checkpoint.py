"""The state of a training run after its last whole epoch, to go on from after an interruption."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path
from pickle import UnpicklingError
from typing import Any

import torch

from casetrace.train.config import ConfigError
from casetrace.train.preflight import pipelines
from casetrace.train.run import Progress, Run, fingerprint

HARDWARE = {"threads", "device"}  # what may differ between the parts of one run


class Checkpoint:
    """The file of `paths.checkpoint`; one made with other settings, data or pipelines is not taken up."""

    def __init__(self, run: Run) -> None:
        self.path, self.report, self.key = Path(run.config.paths.checkpoint), run.report, _key(run)

    def ready(self) -> bool:
        """Whether there is one of this run; one of another run gets the name PATH.old.

        Raises `ConfigError` where the file is something else.
        """
        if not self.path.is_file():
            return False
        try:
            held = torch.load(self.path, weights_only=False, mmap=True, map_location="cpu")
            mine = bool(held["key"] == self.key)
        except (RuntimeError, UnpicklingError, EOFError, KeyError, TypeError) as error:
            raise ConfigError(f"paths.checkpoint: {self.path} is no checkpoint; delete it or name another") from error
        if not mine:
            old = self.path.replace(self.path.with_name(f"{self.path.name}.old"))
            self.report(f"paths.checkpoint: {self.path} is of another run; it is kept as {old}")
        return mine

    def read(self, network: Any, average: Any, optimiser: Any, device: str) -> tuple[dict[str, Any], Progress]:
        """Load what `write` wrote."""
        held = torch.load(self.path, weights_only=False, map_location=device)
        network.load_state_dict(held["network"])
        average.load_state_dict(held["average"])
        optimiser.load_state_dict(held["optimiser"])
        torch.set_rng_state(held["random"].cpu())
        if len(held["random_of_gpus"]) == torch.cuda.device_count():
            torch.cuda.set_rng_state_all([state.cpu() for state in held["random_of_gpus"]])
        return held["best"], Progress(**held["progress"])

    def write(self, network: Any, average: Any, optimiser: Any, best: dict[str, Any], progress: Progress) -> None:
        """Replace the file with the state now."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        unfinished = self.path.with_suffix(".tmp")
        states = {"network": network.state_dict(), "average": average.state_dict(), "best": best}
        gpus = torch.cuda.get_rng_state_all() if torch.cuda.is_available() else []
        states |= {"optimiser": optimiser.state_dict(), "random": torch.get_rng_state(), "random_of_gpus": gpus}
        torch.save({"key": self.key, "progress": vars(progress), **states}, unfinished)
        unfinished.replace(self.path)


def _key(run: Run) -> str:
    """Settings but for the machine's, all data, and the weights of the pipelines that training begins with."""
    settings = run.config.model_dump_json(exclude={"paths": True, "optimiser": HARDWARE})
    data = fingerprint([*run.train, *run.silver, *(pair for pairs in run.dev.values() for pair in pairs)])
    named = [(name, folder) for name, folder in pipelines(run.config) if name in ("paths.start", "paths.teacher")]
    return " ".join([data, *(f"{name} {_sum(Path(folder))}" for name, folder in named), settings])


def _sum(folder: Path) -> str:
    """SHA-256 over the trained files of a pipeline."""
    files = sorted([*folder.glob("*/*.onnx"), *folder.glob("*/*.npz")])
    return sha256(b"".join(path.read_bytes() for path in files)).hexdigest()
