"""Every value that training depends on, read from one config file; nothing has a hidden default."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from confection import Config
from pydantic import ValidationError

from casetrace.types import CasetraceError, Frozen


class ConfigError(CasetraceError):
    """A training config that cannot be used; the message names the section and the value."""


class Paths(Frozen):
    """Where the data is: `root` holds corpus/ and annotations/; `hrdsattack`: the user's copy of it, or empty.

    `start` is a trained pipeline to go on from (fine-tuning), `teacher` one, as a rule deeper, whose word vectors are
    learnt beside the annotation (distillation); both may be empty.
    """

    root: str
    hrdsattack: str
    output: str
    checkpoint: str
    start: str
    teacher: str


class EncoderConfig(Frozen):
    """`source`: an installed package (package:NAME), a folder, or hub:NAME; `layers` counts from the input.

    `hidden_pieces` is the share of word pieces that training masks, so that names are learnt from what is around them.
    """

    source: str
    layers: int
    size: int
    context: int
    dropout: float
    hidden_pieces: float


class HeadsConfig(Frozen):
    """Widths of the hidden layers, and how far apart (words) the ends of a relation may be.

    `relations_from` and `coref_from` are the raw probabilities from which a relation or a link counts as found.
    """

    hidden: int
    rank: int
    reach: int
    dropout: float
    relations_from: float
    coref_from: float


class Loss(Frozen):
    """Weight of each task and of the distance to a teacher's vectors, and how much the tag targets are smoothed."""

    mentions: float
    modality: float
    relations: float
    coref: float
    distil: float
    smoothing: float


class Optimiser(Frozen):
    """AdamW with linear warm-up and decay; `average` is the decay of the averaged weights, 0 for none."""

    epochs: int
    patience: int
    batch_pieces: int
    encoder_rate: float
    head_rate: float
    layer_decay: float
    weight_decay: float
    warmup: float
    clip: float
    average: float
    seed: int
    threads: int
    device: str


class AugmentConfig(Frozen):
    """Share of documents, each epoch, that get each kind of change."""

    swap: float
    upper: float
    lower: float
    noise: float


class Silver(Frozen):
    """Articles that nobody annotated, labelled by a trained pipeline (`teacher`, empty for none).

    `articles` is how many at most, `weight` what their loss counts beside that of annotated documents.
    """

    teacher: str
    articles: int
    weight: float


class TrainConfig(Frozen):
    """All sections of the file."""

    paths: Paths
    encoder: EncoderConfig
    heads: HeadsConfig
    loss: Loss
    optimiser: Optimiser
    augment: AugmentConfig
    silver: Silver


def read_config(path: Path | str, overrides: dict[str, Any] | None = None) -> TrainConfig:
    """Read a config file; `overrides` are dotted names such as `optimiser.epochs`.

    Raises `ConfigError` for a missing, unknown or ill-typed value.
    """
    if not Path(path).is_file():
        raise ConfigError(f"{path}: no such file; models/config.cfg is the one that the shipped model was made with")
    config = Config().from_disk(Path(path), overrides=overrides or {})
    try:
        return TrainConfig.model_validate(dict(config))
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise ConfigError(f"{path}: {where}: {first['msg']}") from error
