"""The trained encoder as an ONNX graph with int8 weights, written node by node.

Weights keep seven bits, so that processors without a wide int8 dot product (where sums of two products saturate) give
the same numbers. The graph reads one window, so the scale of its activations depends on that window alone.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
from onnx import TensorProto, helper, numpy_helper
from torch import nn

from casetrace.train.network import Encoder

Array = npt.NDArray[Any]
MICROSOFT = "com.microsoft"
BITS_7, BITS_8 = 63, 127


class Graph:
    """Collects nodes and constants."""

    def __init__(self) -> None:
        self.nodes: list[Any] = []
        self.constants: list[Any] = []
        self._names: set[str] = set()

    def constant(self, name: str, values: Array) -> str:
        """Add an initialiser once."""
        if name not in self._names:
            self._names.add(name)
            self.constants.append(numpy_helper.from_array(np.ascontiguousarray(values), name))
        return name

    def node(self, kind: str, inputs: list[str], output: str, *, domain: str = "", **attributes: Any) -> str:
        """Add a node with one output."""
        self.nodes.append(helper.make_node(kind, inputs, [output], domain=domain, **attributes))
        return output

    def linear(self, layer: nn.Linear, given: str, name: str) -> str:
        """A linear layer with one int8 scale for each output column."""
        quantised, scale = quantise(_array(layer.weight).T, axis=0, top=BITS_7)
        inputs = [
            given,
            self.constant(f"{name}.weight", quantised),
            self.constant(f"{name}.scale", scale),
            "",
            self.constant(f"{name}.bias", _array(layer.bias)),
        ]
        return self.node("DynamicQuantizeMatMul", inputs, f"{name}.out", domain=MICROSOFT)

    def norm(self, layer: nn.LayerNorm, given: str, name: str) -> str:
        """A layer normalisation."""
        inputs = [
            given,
            self.constant(f"{name}.weight", _array(layer.weight)),
            self.constant(f"{name}.bias", _array(layer.bias)),
        ]
        return self.node("LayerNormalization", inputs, f"{name}.out", axis=-1, epsilon=layer.eps)


def encoder_graph(encoder: Encoder, *, size: int) -> bytes:
    """The graph: piece ids and shapes of one window (length), first and last piece of each word, to words x width."""
    graph = Graph()
    hidden = _embeddings(graph, encoder, size)
    for number, block in enumerate(encoder.blocks):
        hidden = _block(graph, block, hidden, f"block{number}", encoder.heads)
    flat = graph.node("Squeeze", [hidden, graph.constant("axis0", np.array([0]))], "flat")
    both = [graph.node("Gather", [flat, name], f"{name}.vectors", axis=0) for name in ("first", "last")]
    total = graph.node("Add", both, "both")
    graph.node("Mul", [total, graph.constant("half", np.array(0.5, np.float32))], "vectors")
    return _serialise(graph, encoder.width)


def quantise(values: Array, *, axis: int, top: int) -> tuple[Array, Array]:
    """Int8 values and float scales, one scale for each slice along the other axis."""
    scale = np.maximum(np.abs(values).max(axis, keepdims=True), 1e-8) / top
    return np.round(values / scale).astype(np.int8), scale.astype(np.float32).reshape(-1)


def _embeddings(graph: Graph, encoder: Encoder, size: int) -> str:
    table, scale = quantise(_array(encoder.pieces.weight), axis=1, top=BITS_8)
    rows = graph.node("Gather", [graph.constant("pieces", table), "ids"], "pieces.rows", axis=0)
    rows = graph.node("Cast", [rows], "pieces.float", to=TensorProto.FLOAT)
    scales = graph.node("Gather", [graph.constant("pieces.scale", scale[:, None]), "ids"], "pieces.scales", axis=0)
    words = graph.node("Mul", [rows, scales], "pieces.vectors")
    forms = graph.constant("shape_table", _array(encoder.shapes.weight))
    shapes = graph.node("Gather", [forms, "shapes"], "shape.vectors", axis=0)
    length = graph.node("Shape", ["ids"], "length")
    bounds = [graph.constant("zero", np.array([0])), length, graph.constant("axis0", np.array([0]))]
    places = graph.node(
        "Slice", [graph.constant("positions", _array(encoder.positions.weight)[:size]), *bounds], "places"
    )
    total = graph.node("Add", [graph.node("Add", [words, shapes], "words.shapes"), places], "embedded")
    return graph.norm(encoder.norm, graph.node("Unsqueeze", [total, "axis0"], "embedded.batch"), "norm0")


def _block(graph: Graph, block: Any, hidden: str, name: str, heads: int) -> str:
    mixed = graph.linear(block.qkv, hidden, f"{name}.qkv")
    parts = [f"{name}.{part}" for part in ("query", "key", "value")]
    graph.nodes.append(helper.make_node("Split", [mixed], parts, axis=-1, num_outputs=3))
    mixed = graph.node("MultiHeadAttention", parts, f"{name}.mixed", domain=MICROSOFT, num_heads=heads)
    mixed = graph.linear(block.attended, mixed, f"{name}.attended")
    hidden = graph.norm(block.norm1, graph.node("Add", [hidden, mixed], f"{name}.sum1"), f"{name}.norm1")
    inner = graph.node("Gelu", [graph.linear(block.up, hidden, f"{name}.up")], f"{name}.gelu", domain=MICROSOFT)
    inner = graph.linear(block.down, inner, f"{name}.down")
    return graph.norm(block.norm2, graph.node("Add", [hidden, inner], f"{name}.sum2"), f"{name}.norm2")


def _serialise(graph: Graph, width: int) -> bytes:
    lengths = {"ids": "length", "shapes": "length", "first": "words", "last": "words"}
    inputs = [helper.make_tensor_value_info(name, TensorProto.INT64, [axis]) for name, axis in lengths.items()]
    output = helper.make_tensor_value_info("vectors", TensorProto.FLOAT, ["words", width])
    made = helper.make_graph(graph.nodes, "casetrace_encoder", inputs, [output], graph.constants)
    opsets = [helper.make_opsetid("", 18), helper.make_opsetid(MICROSOFT, 1)]
    return bytes(helper.make_model(made, opset_imports=opsets, ir_version=9).SerializeToString())


def _array(values: Any) -> Array:
    return np.asarray(values.detach().cpu().numpy(), np.float32)
