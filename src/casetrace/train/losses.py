"""The loss of a batch of documents: mentions, modality, relations and coreference, weighted and added."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from casetrace.train.config import Loss
from casetrace.train.examples import Example, legal
from casetrace.train.network import Network, PairNet

Device = torch.device | str


@dataclass(frozen=True)
class Joined:
    """A batch as one long document: word vectors, span vectors, and the offsets of each document in them."""

    words: Tensor
    spans: Tensor
    labels: Tensor
    first_word: list[int]
    first_span: list[int]


def batch_loss(
    network: Network, batch: list[Example], weights: Loss, device: Device, *, teacher: Network | None = None
) -> dict[str, Tensor]:
    """Each task's loss and their weighted sum, as `total`; with a teacher, the distance to its vectors is one more."""
    joined = join(network, batch, device)
    parts = {
        "mentions": _mentions(network, batch, joined, weights.smoothing),
        "modality": _modality(network, batch, joined),
        "relations": _relations(network, batch, joined),
        "coref": _coref(network, batch, joined),
    }
    if teacher is not None:
        parts["distil"] = _distil(teacher, batch, joined, device)
    total = torch.stack([getattr(weights, name) * part for name, part in parts.items()]).sum()
    return parts | {"total": total}


def join(network: Network, batch: list[Example], device: Device) -> Joined:
    """Run the encoder over all windows of a batch and gather word and span vectors."""
    inputs = [row for example in batch for row in example.inputs]
    length = max(len(ids) for ids, *_ in inputs)
    ids, shapes = (np.zeros((len(inputs), length), np.int64) for _ in range(2))
    mask = np.zeros((len(inputs), length), bool)
    for row, (pieces, forms, _, _) in enumerate(inputs):
        ids[row, : len(pieces)], shapes[row, : len(pieces)], mask[row, : len(pieces)] = pieces, forms, True
    hidden = network.encoder(*(torch.from_numpy(value).to(device) for value in (ids, shapes, mask))).flatten(0, 1)
    first = np.concatenate([first + row * length for row, (_, _, first, _) in enumerate(inputs)])
    last = np.concatenate([last + row * length for row, (_, _, _, last) in enumerate(inputs)])
    words = (hidden[torch.from_numpy(first).to(device)] + hidden[torch.from_numpy(last).to(device)]) / 2
    first_word = _offsets([len(example.words) for example in batch])
    starts = np.concatenate([example.mentions.starts + low for example, low in zip(batch, first_word, strict=True)])
    ends = np.concatenate([example.mentions.ends - 1 + low for example, low in zip(batch, first_word, strict=True)])
    spans = torch.cat((words[_tensor(starts, device)], words[_tensor(ends, device)]), 1)
    labels = _tensor(np.concatenate([example.mentions.labels for example in batch]), device)
    return Joined(words, spans, labels, first_word, _offsets([len(example.mentions) for example in batch]))


def _mentions(network: Network, batch: list[Example], joined: Joined, smoothing: float) -> Tensor:
    device = joined.words.device
    logits = network.tags(network.dropout(joined.words))
    gold = _tensor(np.concatenate([example.tags for example in batch]), device)
    each = functional.cross_entropy(logits, gold, reduction="none", label_smoothing=smoothing)
    shares = np.concatenate([np.full(len(example.words), example.weight, np.float32) for example in batch])
    return (each * _tensor(shares, device)).sum() / len(gold)


def _modality(network: Network, batch: list[Example], joined: Joined) -> Tensor:
    device = joined.words.device
    rows = [example.events + low for example, low in zip(batch, joined.first_span, strict=True)]
    events = _tensor(np.concatenate(rows), device)
    if not len(events):
        return joined.words.sum() * 0
    gold = _tensor(np.concatenate([example.modality for example in batch]), device)
    shares = np.concatenate([np.full(len(example.modality), example.weight, np.float32) for example in batch])
    each = functional.cross_entropy(
        network.modality(joined.spans[events], joined.labels[events]), gold, reduction="none"
    )
    return (each * _tensor(shares, device)).sum() / len(gold)


def _relations(network: Network, batch: list[Example], joined: Joined) -> Tensor:
    device = joined.words.device
    logits = _pair_scores(network.relations, batch, joined, kind="pairs")
    target = _tensor(np.concatenate([example.related for example in batch]), device)
    shares = np.concatenate([legal(example) * np.float32(example.weight) for example in batch]).astype(np.float32)
    each = functional.binary_cross_entropy_with_logits(logits, target, reduction="none")
    return (each * _tensor(shares, device)).sum() / max(1, len(joined.labels))


def _coref(network: Network, batch: list[Example], joined: Joined) -> Tensor:
    """Minus log of the summed probability of all right antecedents, or of none where there is none."""
    device = joined.words.device
    logits = _pair_scores(network.coref, batch, joined, kind="antecedents")[:, 0]
    if not len(logits):
        return joined.words.sum() * 0
    heads = np.concatenate(
        [example.antecedents.heads + low for example, low in zip(batch, joined.first_span, strict=True)]
    )
    _, groups = np.unique(heads, return_inverse=True)
    group, count = _tensor(groups, device), int(groups.max()) + 1
    right = _tensor(np.concatenate([example.same for example in batch]), device)
    powers = logits.clamp(-30, 30).exp()
    every = torch.ones(count, device=device).index_add(0, group, powers)
    good = torch.zeros(count, device=device).index_add(0, group, powers * right)
    none = torch.zeros(count, device=device).index_add(0, group, right.float()) == 0
    wanted = torch.where(none, torch.ones_like(good), good)
    shares = np.concatenate([np.full(len(example.antecedents.heads), example.weight, np.float32) for example in batch])
    share = torch.zeros(count, device=device).index_copy(0, group, _tensor(shares, device))
    return ((every.log() - wanted.log()) * share).sum() / count


def _distil(teacher: Network, batch: list[Example], joined: Joined, device: Device) -> Tensor:
    """Mean squared distance of word vectors to those of the teacher, whose input has no masked piece."""
    with torch.no_grad():
        target = join(teacher, batch, device).words
    return functional.mse_loss(joined.words, target)


def _pair_scores(head: PairNet, batch: list[Example], joined: Joined, *, kind: str) -> Tensor:
    device = joined.words.device
    found = [getattr(example, kind) for example in batch]
    heads = np.concatenate([pairs.heads + low for pairs, low in zip(found, joined.first_span, strict=True)])
    children = np.concatenate([pairs.children + low for pairs, low in zip(found, joined.first_span, strict=True)])
    features = np.concatenate([pairs.features for pairs in found])
    scores: Tensor = head(joined.spans, *(_tensor(value, device) for value in (heads, children, features)))
    return scores


def _tensor(values: object, device: Device) -> Tensor:
    return torch.from_numpy(np.asarray(values)).to(device)


def _offsets(lengths: list[int]) -> list[int]:
    return [0, *np.cumsum(lengths)[:-1].tolist()]
