"""What a training run needs, looked at before any data is read: device, encoder, teachers, room for its output."""

from __future__ import annotations

import os
from pathlib import Path

import torch

from casetrace.train.config import ConfigError, TrainConfig
from casetrace.train.distil import read_teacher
from casetrace.train.network import Network
from casetrace.train.pretrained import read_pretrained
from casetrace.train.start import start_from


def check_run(config: TrainConfig) -> None:
    """Raise `ConfigError` where the run could not begin, or could not write what it made."""
    device_of(config.optimiser.device)
    for name, folder in pipelines(config):
        if not (Path(folder) / "meta.json").is_file():
            raise ConfigError(f"{name}: {folder} is not a trained pipeline (no meta.json); leave it empty for none")
    if config.silver.teacher and not config.paths.hrdsattack:
        raise ConfigError("silver.teacher needs the articles that it labels: give paths.hrdsattack, or leave it empty")
    _check_fit(config)
    _check_output(Path(config.paths.output))
    _check_checkpoint(Path(config.paths.checkpoint))


def device_of(name: str) -> str:
    """The device to train on; `auto` is the first GPU, and the CPU where there is none.

    Raises `ConfigError` for a device that torch does not know or does not see.
    """
    if name == "auto":
        return "cuda" if torch.cuda.is_available() else "cpu"
    try:
        torch.empty(0, device=name)
    except (RuntimeError, AssertionError, NotImplementedError) as error:
        told = str(error).splitlines()[0][:80]
        raise ConfigError(
            f"optimiser.device: {name!r} cannot be used here ({told}); auto takes what is there"
        ) from error
    return name


def pipelines(config: TrainConfig) -> list[tuple[str, str]]:
    """The trained pipelines that a config names, each with the value that names it."""
    named = [("paths.start", config.paths.start), ("paths.teacher", config.paths.teacher)]
    named += [("paths.averaged_with", folder) for folder in config.paths.averaged_with]
    return [(name, folder) for name, folder in (*named, ("silver.teacher", config.silver.teacher)) if folder]


def _check_fit(config: TrainConfig) -> None:
    """The encoder is one, and the pipelines that are read later have its shape."""
    before = [config.paths.start, *config.paths.averaged_with]
    if not any(before):
        read_pretrained(config.encoder)
    else:
        network = Network(config.encoder, config.heads)
        for folder in filter(None, before):
            start_from(Path(folder), network)
    read_teacher(config)


def _check_output(folder: Path) -> None:
    """A pipeline goes into a new or empty folder, or takes the place of a pipeline."""
    if folder.exists() and not folder.is_dir():
        raise ConfigError(f"paths.output: {folder} is a file; name a folder")
    if folder.is_dir() and any(folder.iterdir()) and not (folder / "meta.json").is_file():
        raise ConfigError(f"paths.output: {folder} holds something other than a pipeline; name a new folder")
    _check_writable("paths.output", folder)


def _check_checkpoint(path: Path) -> None:
    if path.is_dir():
        raise ConfigError(f"paths.checkpoint: {path} is a folder; name a file")
    _check_writable("paths.checkpoint", path.absolute().parent)


def _check_writable(name: str, path: Path) -> None:
    there = next(parent for parent in (path, *path.absolute().parents) if parent.exists())
    if not os.access(there, os.W_OK):
        raise ConfigError(f"{name}: {there} cannot be written to; name another place")
    if not (there.is_dir() or there == path):
        raise ConfigError(f"{name}: {there} is a file, so {path} cannot be made; name another place")
