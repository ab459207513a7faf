"""Go on from a trained pipeline: its weights, as they were shipped, put back into a network."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np
import numpy.typing as npt
import onnx
import torch
from google.protobuf.message import DecodeError
from onnx import numpy_helper
from torch import Tensor, nn

from casetrace.train.config import ConfigError
from casetrace.train.network import Encoder, Network, PairNet

Arrays = dict[str, npt.NDArray[Any]]
PAIR_LAYERS = ("head", "child", "left", "right", "product")


def start_from(folder: Path, network: Network) -> None:
    """Fill a network with the weights of the pipeline in `folder`; raises `ConfigError` where it has another shape.

    The encoder's weights come back as the int8 values times their scales: what the pipeline itself computes with.
    """
    layers = len(network.encoder.blocks)
    if depth(folder) != layers:
        raise ConfigError(f"{folder} has {depth(folder)} layers, encoder.layers is {layers}; go on with as many")
    if _pieces(folder / "casetrace_encoder" / "tokenizer.json") != json.loads(network.encoder.tokenizer)["model"]:
        raise ConfigError(f"{folder} was made of another encoder: its word pieces are not those of encoder.source")
    try:
        held = {row.name: numpy_helper.to_array(row) for row in _graph(folder).initializer}
        with torch.no_grad():
            _fill_encoder(network.encoder, held)
            _fill_heads(network, {step: _weights(folder, step) for step in ("mentions", "modality")})
            for step, net in (("arguments", network.relations), ("coref", network.coref)):
                _fill_pair_net(net, _weights(folder, step))
    except (OSError, KeyError, RuntimeError, ValueError, EOFError, BadZipFile) as error:
        raise ConfigError(f"{folder}: its weights do not fit this config: {error}") from error


def depth(folder: Path) -> int:
    """Number of transformer blocks of the pipeline in a folder; raises `ConfigError` where there is none."""
    return sum(row.name.endswith(".qkv.weight") for row in _graph(folder).initializer)


def _graph(folder: Path) -> Any:
    try:
        return onnx.load(folder / "casetrace_encoder" / "encoder.onnx").graph
    except (OSError, DecodeError) as error:
        raise ConfigError(f"{folder}: no trained pipeline is there: {error}") from error


def _pieces(path: Path) -> Any:
    """The model in a tokenizer's file: which pieces it has, and how it finds them."""
    try:
        return json.loads(path.read_text("utf-8"))["model"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ConfigError(f"{path}: no tokenizer can be read there: {error}") from error


def _weights(folder: Path, step: str) -> Arrays:
    with np.load(folder / f"casetrace_{step}" / "weights.npz") as held:
        return dict(held)


def _fill_encoder(encoder: Encoder, held: Arrays) -> None:
    encoder.pieces.weight.copy_(_tensor(held["pieces"] * held["pieces.scale"]))
    encoder.positions.weight[: len(held["positions"])] = _tensor(held["positions"])
    encoder.shapes.weight.copy_(_tensor(held["shape_table"]))
    _fill(encoder.norm, held, "norm0")
    for number, block in enumerate(encoder.blocks):
        for name in ("norm1", "norm2"):
            _fill(getattr(block, name), held, f"block{number}.{name}")
        for name in ("qkv", "attended", "up", "down"):
            scaled = held[f"block{number}.{name}.weight"] * held[f"block{number}.{name}.scale"]
            layer = getattr(block, name)
            layer.weight.copy_(_tensor(scaled.T))
            layer.bias.copy_(_tensor(held[f"block{number}.{name}.bias"]))


def _fill_heads(network: Network, held: dict[str, Arrays]) -> None:
    _fill_linear(network.tags, held["mentions"], "tags")
    network.modality_hidden.weight.copy_(_tensor(held["modality"]["hidden"].T))
    network.modality_labels.weight.copy_(_tensor(held["modality"]["labels"]))
    _fill_linear(network.modality_out, held["modality"], "out")


def _fill_pair_net(net: PairNet, held: Arrays) -> None:
    for name in PAIR_LAYERS:
        getattr(net, name).weight.copy_(_tensor(held[name].T))
    net.features.weight.copy_(_tensor(held["features"]))
    _fill_linear(net.out, held, "out")


def _fill_linear(layer: nn.Linear, held: Arrays, name: str) -> None:
    layer.weight.copy_(_tensor(held[name].T))
    layer.bias.copy_(_tensor(held[f"{name}_bias"]))


def _fill(layer: Any, held: Arrays, name: str) -> None:
    layer.weight.copy_(_tensor(held[f"{name}.weight"]))
    layer.bias.copy_(_tensor(held[f"{name}.bias"]))


def _tensor(values: npt.NDArray[Any]) -> Tensor:
    return torch.tensor(np.asarray(values, np.float32))
