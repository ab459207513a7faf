"""Training: config, data, network, losses, loop, calibration, and the pipeline that comes out (casetrace[train])."""

from __future__ import annotations

from casetrace.train.config import TrainConfig, read_config
from casetrace.train.train import train

__all__ = ["TrainConfig", "read_config", "train"]
