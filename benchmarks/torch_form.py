"""The shipped encoder as a torch module (float32, weights read back from its ONNX graph), for comparison alone."""

from __future__ import annotations

from typing import Any

import numpy as np
import onnx
import torch
from onnx import numpy_helper
from spacy.tokens import Doc
from torch import Tensor, nn

from casetrace.components.encoder import Encoder
from casetrace.components.pieces import Window, Words, window_inputs


class TorchEncoder(Encoder):
    """The same component with the forward pass in torch."""

    def use(self, shipped: Encoder) -> TorchEncoder:
        """Take over graph, tokenizer and windows of a trained encoder."""
        self.graph, self.tokenizer, self.size, self.context = (
            shipped.graph,
            shipped.tokenizer,
            shipped.size,
            shipped.context,
        )
        self.model = Bert(shipped.graph).eval()
        self.threads = 1  # torch has threads of its own
        return self

    def _run(self, words: Words, window: Window) -> Any:
        ids, shapes, first, last = window_inputs(self._open()[0], words, window)
        with torch.inference_mode():
            return self.model(*(torch.from_numpy(value) for value in (ids, shapes, first, last))).numpy()


class Bert(nn.Module):
    """Piece, shape and position embeddings and the blocks, from the constants of the graph."""

    def __init__(self, graph: bytes) -> None:
        super().__init__()
        model = onnx.load_from_string(graph)
        self.held = {
            item.name: torch.from_numpy(numpy_helper.to_array(item).copy()) for item in model.graph.initializer
        }
        self.heads = next(node for node in model.graph.node if node.op_type == "MultiHeadAttention").attribute[0].i
        self.blocks = sum(name.endswith(".qkv.weight") for name in self.held)
        self.table = self.held["pieces"].float() * self.held["pieces.scale"]
        linears = [
            name.removesuffix(".scale") for name in self.held if name.startswith("block") and name.endswith(".scale")
        ]
        self.linears = {name: self._linear(name) for name in linears}

    def forward(self, ids: Tensor, shapes: Tensor, first: Tensor, last: Tensor) -> Tensor:
        """One window to word vectors."""
        hidden = self.table[ids] + self.held["shape_table"][shapes] + self.held["positions"][: len(ids)]
        hidden = self._norm(hidden[None], "norm0")
        for number in range(self.blocks):
            hidden = self._block(hidden, f"block{number}")
        return (hidden[0, first] + hidden[0, last]) / 2

    def _block(self, hidden: Tensor, name: str) -> Tensor:
        _, length, width = hidden.shape
        parts = self.linears[f"{name}.qkv"](hidden).view(1, length, 3, self.heads, -1).permute(2, 0, 3, 1, 4)
        mixed = nn.functional.scaled_dot_product_attention(*parts).transpose(1, 2).reshape(1, length, width)
        hidden = self._norm(hidden + self.linears[f"{name}.attended"](mixed), f"{name}.norm1")
        inner = nn.functional.gelu(self.linears[f"{name}.up"](hidden))
        return self._norm(hidden + self.linears[f"{name}.down"](inner), f"{name}.norm2")

    def _norm(self, hidden: Tensor, name: str) -> Tensor:
        weight = self.held[f"{name}.weight"]
        return nn.functional.layer_norm(hidden, weight.shape, weight, self.held[f"{name}.bias"], 1e-12)

    def _linear(self, name: str) -> nn.Linear:
        weight = (self.held[f"{name}.weight"].float() * self.held[f"{name}.scale"]).T.contiguous()
        layer = nn.Linear(weight.shape[1], weight.shape[0])
        layer.weight.data, layer.bias.data = weight, self.held[f"{name}.bias"]
        return layer


def torch_form(nlp: Any) -> Any:
    """A pipeline whose encoder runs in torch; its other components are the same."""
    encoder = nlp.get_pipe("casetrace_encoder")
    twin = TorchEncoder("torch_encoder", size=encoder.size, context=encoder.context, threads=1).use(encoder)

    def pipe(texts: list[str]) -> list[Doc]:
        docs = list(twin.pipe(nlp.make_doc(text) for text in texts))
        for name, component in nlp.pipeline:
            docs = docs if name == "casetrace_encoder" else [component(doc) for doc in docs]
        return docs

    return pipe


def agree(nlp: Any, text: str) -> float:
    """Least cosine between the vectors of the two forms, over the words of a text."""
    encoder = nlp.get_pipe("casetrace_encoder")
    twin = TorchEncoder("torch_encoder", size=encoder.size, context=encoder.context, threads=1).use(encoder)
    left, right = encoder(nlp.make_doc(text)).tensor, twin(nlp.make_doc(text)).tensor
    return float(((left * right).sum(1) / np.linalg.norm(left, axis=1) / np.linalg.norm(right, axis=1)).min())
