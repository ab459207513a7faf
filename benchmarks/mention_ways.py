"""Three heads that find mentions in word vectors, for `mention_heads.py`; each gives a loss, and the spans it finds."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional
from torch.nn.utils.rnn import pad_sequence

from casetrace.components import tags
from casetrace.train.examples import Example

LONGEST = 10
HIDDEN = 192
NONE = len(tags.NAMES)
Spans = set[tuple[int, int, int]]


class TagHead(nn.Module):
    """Each word's tag by itself; only the decoder knows which may follow which."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.out = nn.Linear(width, tags.COUNT)

    def loss(self, rows: list[Tensor], batch: list[Example]) -> Tensor:
        """Mean cross-entropy of the words."""
        return functional.cross_entropy(
            self.out(torch.cat(rows)), torch.cat([torch.from_numpy(example.tags) for example in batch])
        )

    def find(self, rows: list[Tensor]) -> Spans:
        """The best valid spans."""
        return as_set(tags.decode(self.out(torch.cat(rows)).numpy()))


class CrfHead(TagHead):
    """Tags with learnt scores for every pair of neighbours, each window of words a chain."""

    def __init__(self, width: int) -> None:
        super().__init__(width)
        self.follow = nn.Parameter(torch.zeros(tags.COUNT, tags.COUNT))

    def loss(self, rows: list[Tensor], batch: list[Example]) -> Tensor:
        """Minus log likelihood of the gold tags, by word."""
        lengths = [len(row) for row in rows]
        gold = torch.cat([torch.from_numpy(example.tags) for example in batch]).split(lengths)
        scores = [self.out(row) for row in rows]
        right = sum(
            score[torch.arange(len(path)), path].sum() + self.follow[path[:-1], path[1:]].sum()
            for score, path in zip(scores, gold, strict=True)
        )
        return (self._every_path(pad_sequence(scores, batch_first=True), lengths) - right) / sum(lengths)

    def find(self, rows: list[Tensor]) -> Spans:
        """The best tags of each window, those that make no span left out."""
        paths = [self._best_path(self.out(row)) for row in rows if len(row)]
        sure = functional.one_hot(torch.cat(paths), tags.COUNT).float() * 50
        return as_set(tags.decode(sure.numpy()))

    def _every_path(self, scores: Tensor, lengths: list[int]) -> Tensor:
        chain = scores[:, 0]
        left = torch.tensor(lengths)
        for word in range(1, scores.shape[1]):
            further = torch.logsumexp(chain[:, :, None] + self.follow, 1) + scores[:, word]
            chain = torch.where((word < left)[:, None], further, chain)
        return torch.logsumexp(chain, 1).sum()

    def _best_path(self, scores: Tensor) -> Tensor:
        chain, back = scores[0], []
        for word in range(1, len(scores)):
            best, before = (chain[:, None] + self.follow).max(0)
            chain = best + scores[word]
            back.append(before)
        path = [int(chain.argmax())]
        for before in reversed(back):
            path.append(int(before[path[-1]]))
        return torch.tensor(path[::-1])


class SpanHead(nn.Module):
    """Every span of up to `LONGEST` words, from its first and last word and its length."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.first, self.last = nn.Linear(width, HIDDEN), nn.Linear(width, HIDDEN, bias=False)
        self.length = nn.Embedding(LONGEST, HIDDEN)
        self.out = nn.Linear(HIDDEN, NONE + 1)

    def loss(self, rows: list[Tensor], batch: list[Example]) -> Tensor:
        """Cross-entropy over all spans, by word."""
        words = torch.cat(rows)
        low, size = self._every_span(rows)
        gold = torch.full((len(low),), NONE)
        place = {pair: row for row, pair in enumerate(zip(low.tolist(), size.tolist(), strict=True))}
        offset = 0
        for example in batch:
            for start, end, label in gold_spans(example):
                row = place.get((start + offset, end - start - 1))
                if row is not None:
                    gold[row] = label
            offset += len(example.words)
        return functional.cross_entropy(self._scores(words, low, size), gold, reduction="sum") / len(words)

    def find(self, rows: list[Tensor]) -> Spans:
        """The most probable spans that do not overlap a more probable one."""
        low, size = self._every_span(rows)
        chances, labels = self._scores(torch.cat(rows), low, size).softmax(1).max(1)
        taken = np.zeros(sum(len(row) for row in rows), bool)
        found: Spans = set()
        hits = torch.nonzero(labels != NONE)[:, 0]
        for row in hits[chances[hits].argsort(descending=True)].tolist():
            start, end = int(low[row]), int(low[row] + size[row]) + 1
            if not taken[start:end].any():
                taken[start:end] = True
                found.add((start, end, int(labels[row])))
        return found

    def _every_span(self, rows: list[Tensor]) -> tuple[Tensor, Tensor]:
        """First word and length less one of every span that ends in the window where it begins."""
        left = torch.cat([torch.arange(len(row), 0, -1) for row in rows])
        low, size = torch.nonzero(torch.arange(LONGEST) < left[:, None], as_tuple=True)
        return low, size

    def _scores(self, words: Tensor, low: Tensor, size: Tensor) -> Tensor:
        hidden = self.first(words)[low] + self.last(words)[low + size] + self.length(size)
        scores: Tensor = self.out(torch.relu(hidden))
        return scores


HEADS: dict[str, Any] = {"tags": TagHead, "crf": CrfHead, "spans": SpanHead}


def gold_spans(example: Example) -> Spans:
    """(first word, end, label) of what is marked, idle pronouns left out."""
    return {span for span in as_set(example.mentions) if example.tags[span[0]]}


def as_set(mentions: tags.Mentions) -> Spans:
    """(first word, end, label) of each mention."""
    return set(zip(mentions.starts.tolist(), mentions.ends.tolist(), mentions.labels.tolist(), strict=True))
