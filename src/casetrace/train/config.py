"""Every value that training depends on, read from one config file; no value has a default here."""

from __future__ import annotations

from configparser import Error as ConfigParserError
from pathlib import Path
from typing import Annotated, Any

from confection import Config, ConfigValidationError
from pydantic import Field, ValidationError, model_validator

from casetrace.types import CasetraceError, Frozen

Count = Annotated[int, Field(ge=1)]
Share = Annotated[float, Field(ge=0, le=1)]
Part = Annotated[float, Field(ge=0, lt=1)]
Weight = Annotated[float, Field(ge=0)]
Rate = Annotated[float, Field(gt=0)]


class ConfigError(CasetraceError):
    """A training config that cannot be used; the message names the section and the value."""


class Paths(Frozen):
    """Where the data is: `root` holds corpus/ and annotations/; `hrdsattack`: the user's copy of it, or empty.

    `start` is a trained pipeline to go on from (fine-tuning), `teacher` one, as a rule deeper, whose word vectors are
    learnt beside the annotation (distillation); both may be empty. `averaged_with` are pipelines of other seeds.
    """

    root: str
    hrdsattack: str
    output: str
    checkpoint: str
    start: str
    teacher: str
    averaged_with: tuple[str, ...]


class EncoderConfig(Frozen):
    """`source`: package:NAME (installed), hub:OWNER/NAME[@REVISION] or a folder; `layers` counts from the input.

    `hidden_pieces` is the share of word pieces that training masks, so that names are learnt from what is around them.
    """

    source: str
    layers: Count
    size: Annotated[int, Field(ge=16)]
    context: Annotated[int, Field(ge=0)]
    dropout: Part
    hidden_pieces: Part

    @model_validator(mode="after")
    def _leave_room(self) -> EncoderConfig:
        if 2 * self.context > self.size:
            raise ValueError(f"context {self.context} is more than half of size {self.size}; no room for new pieces")
        return self


class HeadsConfig(Frozen):
    """Widths of the hidden layers, and how far apart (words) the ends of a relation may be.

    `relations_from` and `coref_from` are the raw probabilities from which a relation or a link counts as found.
    """

    hidden: Count
    rank: Count
    reach: Count
    dropout: Part
    relations_from: Part
    coref_from: Part


class Loss(Frozen):
    """Weight of each task and of the distance to a teacher's vectors, and how much the tag targets are smoothed."""

    mentions: Weight
    modality: Weight
    relations: Weight
    coref: Weight
    distil: Weight
    smoothing: Part


class Optimiser(Frozen):
    """AdamW with linear warm-up and decay; `average` is the decay of the averaged weights, 0 for none."""

    epochs: Count
    patience: Count
    batch_pieces: Count
    encoder_rate: Rate
    head_rate: Rate
    layer_decay: Annotated[float, Field(gt=0, le=1)]
    weight_decay: Weight
    warmup: Share
    clip: Rate
    average: Part
    seed: int
    threads: Count
    device: str


class AugmentConfig(Frozen):
    """Share of documents, each epoch, that get each kind of change."""

    swap: Share
    upper: Share
    lower: Share
    noise: Share


class Silver(Frozen):
    """Articles that nobody annotated, labelled by a trained pipeline (`teacher`, empty for none).

    `articles` is how many at most, `weight` what their loss counts beside that of annotated documents.
    """

    teacher: str
    articles: Annotated[int, Field(ge=0)]
    weight: Weight


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
    try:
        return TrainConfig.model_validate(dict(Config().from_disk(Path(path), overrides=overrides or {})))
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise ConfigError(f"{path}: {where}: {first['msg'].removeprefix('Value error, ')}") from error
    except (ConfigValidationError, ConfigParserError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: {_reason(error)}") from error


def _reason(error: Exception) -> str:
    """What confection has to say, on one line."""
    rows = getattr(error, "errors", None) or []
    told = "; ".join(f"{'.'.join(map(str, row['loc']))}: {row['msg']}" for row in rows)
    return told or " ".join((getattr(error, "desc", None) or str(error)).split())
