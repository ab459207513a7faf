"""The pretrained encoder and the heads in PyTorch, trained as one."""

from __future__ import annotations

from typing import Any

import torch
from tokenizers import Tokenizer
from torch import Tensor, nn

from casetrace.components import antecedents, pairs, tags
from casetrace.components.modality import NAMES as MODALITY_NAMES
from casetrace.components.pieces import SHAPES
from casetrace.train.config import EncoderConfig, HeadsConfig
from casetrace.train.pretrained import read_pretrained, read_weights


class SharedDropout(nn.Module):
    """Dropout with one mask for all rows of a batch: drawing a mask for each costs a third of the time on a CPU."""

    def __init__(self, rate: float) -> None:
        super().__init__()
        self.rate = rate

    def forward(self, hidden: Tensor) -> Tensor:
        """Batch x length x width to the same."""
        if not self.training or not self.rate:
            return hidden
        kept = torch.rand(hidden.shape[1:], device=hidden.device) >= self.rate
        return hidden * (kept / (1 - self.rate))


class Block(nn.Module):
    """One transformer block, as BERT has it."""

    def __init__(self, width: int, inner: int, heads: int, dropout: float, epsilon: float) -> None:
        super().__init__()
        self.heads = heads
        self.qkv = nn.Linear(width, 3 * width)
        self.attended = nn.Linear(width, width)
        self.norm1, self.norm2 = nn.LayerNorm(width, eps=epsilon), nn.LayerNorm(width, eps=epsilon)
        self.up, self.down = nn.Linear(width, inner), nn.Linear(inner, width)
        self.dropout = SharedDropout(dropout)

    def forward(self, hidden: Tensor, mask: Tensor) -> Tensor:
        """Batch x length x width to the same; `mask` is True where there is a piece."""
        batch, length, width = hidden.shape
        query, key, value = self.qkv(hidden).view(batch, length, 3, self.heads, -1).permute(2, 0, 3, 1, 4)
        mixed: Tensor = nn.functional.scaled_dot_product_attention(query, key, value, mask[:, None, None])
        mixed = mixed.transpose(1, 2).reshape(batch, length, width)
        hidden = self.norm1(hidden + self.dropout(self.attended(mixed)))
        return self.norm2(hidden + self.dropout(self.down(nn.functional.gelu(self.up(hidden)))))  # type: ignore[no-any-return]


class Encoder(nn.Module):
    """Word-piece, position and word-shape embeddings, then the first layers of a pretrained encoder."""

    def __init__(self, config: EncoderConfig) -> None:
        super().__init__()
        found = read_pretrained(config)
        held, self.tokenizer = found.shape, found.tokenizer
        width, epsilon = held.hidden_size, held.layer_norm_eps
        self.width, self.heads, self.epsilon = width, held.num_attention_heads, epsilon
        self.pieces = nn.Embedding(held.vocab_size, width)
        self.positions = nn.Embedding(held.max_position_embeddings, width)
        self.shapes = nn.Embedding(SHAPES, width)
        self.hidden_pieces, self.mask = config.hidden_pieces, Tokenizer.from_str(self.tokenizer).token_to_id("[MASK]")
        self.norm, self.dropout = nn.LayerNorm(width, eps=epsilon), SharedDropout(config.dropout)
        self.blocks = nn.ModuleList(
            Block(width, held.intermediate_size, self.heads, config.dropout, epsilon) for _ in range(config.layers)
        )
        self._load(read_weights(found, config.layers))

    def forward(self, ids: Tensor, shapes: Tensor, mask: Tensor) -> Tensor:
        """Batch x length piece ids to batch x length x width."""
        if self.training and self.hidden_pieces and self.mask is not None:
            ids = torch.where(torch.rand(ids.shape, device=ids.device) < self.hidden_pieces, self.mask, ids)
        hidden: Tensor = self.pieces(ids) + self.positions.weight[: ids.shape[1]] + self.shapes(shapes)
        hidden = self.dropout(self.norm(hidden))
        for block in self.blocks:
            hidden = block(hidden, mask)
        return hidden

    def _load(self, held: dict[str, Tensor]) -> None:
        nn.init.normal_(self.shapes.weight, std=0.02)
        with torch.no_grad():
            self.pieces.weight.copy_(held["embeddings.word_embeddings.weight"])
            segment = held["embeddings.token_type_embeddings.weight"][0]
            self.positions.weight.copy_(held["embeddings.position_embeddings.weight"] + segment)
        _copy(self.norm, held, "embeddings.LayerNorm")
        for number, block in enumerate(self.blocks):
            _load_block(block, held, f"encoder.layer.{number}.")


class PairNet(nn.Module):
    """Scores of pairs of spans: the trained form of `components.pairnet.PairScorer`."""

    def __init__(self, width: int, sizes: tuple[int, ...], labels: int, config: HeadsConfig) -> None:
        super().__init__()
        self.head, self.child = (nn.Linear(2 * width, config.hidden, bias=False) for _ in range(2))
        self.left, self.right = (nn.Linear(2 * width, config.rank, bias=False) for _ in range(2))
        self.product = nn.Linear(config.rank, config.hidden, bias=False)
        self.features = nn.Embedding(sum(sizes), config.hidden)
        self.offsets: Tensor
        self.register_buffer("offsets", torch.tensor([0, *sizes[:-1]]).cumsum(0))
        self.out = nn.Linear(config.hidden, labels)
        self.dropout = nn.Dropout(config.dropout)
        nn.init.normal_(self.features.weight, std=0.05)

    def forward(self, spans: Tensor, heads: Tensor, children: Tensor, features: Tensor) -> Tensor:
        """Span vectors and pair indices to pairs x labels."""
        spans = self.dropout(spans)
        hidden = self.head(spans)[heads] + self.child(spans)[children]
        hidden = hidden + self.product(self.left(spans)[heads] * self.right(spans)[children])
        hidden = self.dropout(torch.relu(hidden + self.features(features + self.offsets).sum(1)))
        return self.out(hidden)  # type: ignore[no-any-return]


class Network(nn.Module):
    """Encoder and heads."""

    def __init__(self, encoder: EncoderConfig, heads: HeadsConfig) -> None:
        super().__init__()
        self.encoder = Encoder(encoder)
        width = self.encoder.width
        self.dropout = nn.Dropout(heads.dropout)
        self.tags = nn.Linear(width, tags.COUNT)
        self.modality_hidden = nn.Linear(2 * width, heads.hidden, bias=False)
        self.modality_labels = nn.Embedding(len(tags.NAMES), heads.hidden)
        self.modality_out = nn.Linear(heads.hidden, len(MODALITY_NAMES))
        self.relations = PairNet(width, pairs.SIZES, len(pairs.LABELS), heads)
        self.coref = PairNet(width, antecedents.SIZES, 1, heads)

    def modality(self, spans: Tensor, labels: Tensor) -> Tensor:
        """Span vectors and labels of events to events x modalities."""
        hidden = self.modality_hidden(self.dropout(spans)) + self.modality_labels(labels)
        return self.modality_out(self.dropout(torch.relu(hidden)))  # type: ignore[no-any-return]


def _copy(layer: Any, held: dict[str, Tensor], name: str) -> None:
    with torch.no_grad():
        layer.weight.copy_(held[f"{name}.weight"])
        layer.bias.copy_(held[f"{name}.bias"])


def _load_block(block: Any, held: dict[str, Tensor], prefix: str) -> None:
    with torch.no_grad():
        for kind in ("weight", "bias"):
            parts = [held[f"{prefix}attention.self.{name}.{kind}"] for name in ("query", "key", "value")]
            getattr(block.qkv, kind).copy_(torch.cat(parts))
    _copy(block.attended, held, f"{prefix}attention.output.dense")
    _copy(block.norm1, held, f"{prefix}attention.output.LayerNorm")
    _copy(block.up, held, f"{prefix}intermediate.dense")
    _copy(block.down, held, f"{prefix}output.dense")
    _copy(block.norm2, held, f"{prefix}output.LayerNorm")
