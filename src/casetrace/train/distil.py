"""Learning from a deeper pipeline: the word vectors of a trained teacher are one more target (Sun et al. 2019, PKD)."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from casetrace.train.config import ConfigError, TrainConfig
from casetrace.train.network import Network
from casetrace.train.pretrained import read_pretrained
from casetrace.train.start import depth, start_from


def read_teacher(config: TrainConfig) -> Network | None:
    """The network of `paths.teacher`, as deep as it is; None without one.

    Raises `ConfigError` where it is no pipeline, or was made of another encoder.
    """
    if not config.paths.teacher:
        return None
    folder = Path(config.paths.teacher)
    if depth(folder) > (most := read_pretrained(config.encoder).shape.num_hidden_layers):
        raise ConfigError(f"paths.teacher: {folder} has {depth(folder)} layers, {config.encoder.source!r} has {most}")
    teacher = Network(config.encoder.model_copy(update={"layers": depth(folder)}), config.heads)
    start_from(folder, teacher)
    return teacher.eval().requires_grad_(False)


def take_over(student: Network, teacher: Network) -> None:
    """Begin with the teacher's embeddings, heads and evenly spaced blocks, from its first to its last."""
    blocks = len(student.encoder.blocks)
    chosen = np.linspace(0, len(teacher.encoder.blocks) - 1, blocks).astype(int).tolist()
    held = {name: value for name, value in teacher.state_dict().items() if not name.startswith("encoder.blocks.")}
    student.load_state_dict(held, strict=False)
    for mine, theirs in enumerate(chosen):
        student.encoder.blocks[mine].load_state_dict(teacher.encoder.blocks[theirs].state_dict())
