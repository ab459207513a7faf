"""Three ways to find mentions, each trained alone with the encoder in the same small run: strict F1 of spans on dev.

    python benchmarks/mention_heads.py --hrdsattack PATH [--share 0.25] [--epochs 4] [--layers 3] [--threads 1] \\
      [--seeds 1 2] [--markdown models/README.md]

`tags` is what ships: a BILOU tag for each word, decoded to the best valid spans. `crf` learns beside it how well each
tag follows each other (linear-chain conditional random field). `spans` weighs every span of up to ten words.
"""

from __future__ import annotations

import argparse
import random
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional
from torch.nn.utils.rnn import pad_sequence

from casetrace.cli.evaluate import renew
from casetrace.components import tags
from casetrace.report.tables import markdown
from casetrace.train import read_config
from casetrace.train.augment import augment
from casetrace.train.examples import Example, batches
from casetrace.train.loop import Pair, Run
from casetrace.train.losses import join
from casetrace.train.network import Encoder
from casetrace.train.train import prepare

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
        return functional.cross_entropy(self.out(torch.cat(rows)), torch.cat([gold_tags(example) for example in batch]))

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
        gold = torch.cat([gold_tags(example) for example in batch]).split(lengths)
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


class Finder(nn.Module):
    """The pretrained encoder and one way to find mentions."""

    def __init__(self, run: Run, name: str) -> None:
        super().__init__()
        self.encoder = Encoder(run.config.encoder)
        self.dropout = nn.Dropout(run.config.heads.dropout)
        self.head = HEADS[name](self.encoder.width)

    def rows(self, batch: list[Example]) -> list[Tensor]:
        """Word vectors of each window of a batch."""
        words = join(self, batch, "cpu").words  # type: ignore[arg-type]
        return list(self.dropout(words).split([len(first) for example in batch for _, _, first, _ in example.inputs]))


def main() -> None:
    """Train each way with each seed and print or write the table."""
    given = arguments()
    torch.set_num_threads(given.threads)
    changed = {"paths.root": str(given.root), "paths.hrdsattack": given.hrdsattack, "encoder.layers": given.layers}
    run = prepare(read_config(given.root / "models" / "config.cfg", changed), report=tell)
    run.train = random.Random(1).sample(run.train, round(given.share * len(run.train)))
    rows = []
    for name in HEADS:
        for seed in given.seeds:
            figures = score(run, fit(run, name, epochs=given.epochs, seed=seed))
            tell(f"{name}, seed {seed}: {figures}")
            rows.append([name, str(seed), *(f"{figure:.3f}" for figure in figures)])
    table = markdown(["way", "seed", *(f"{kind}, {part}" for part in run.dev for kind in ("entities", "events"))], rows)
    print(table, end="")
    if given.markdown:
        renew(given.markdown, "mention heads", table)


def arguments() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--root", type=Path, default=Path())
    parser.add_argument("--hrdsattack", default="")
    parser.add_argument("--share", type=float, default=0.25)
    parser.add_argument("--epochs", type=int, default=4)
    parser.add_argument("--layers", type=int, default=3)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--markdown", type=Path)
    return parser.parse_args()


def fit(run: Run, name: str, *, epochs: int, seed: int) -> Finder:
    """The weights after the last epoch, mentions the only task."""
    torch.manual_seed(seed)
    finder, chance = Finder(run, name), random.Random(seed)
    rates = [(finder.encoder, run.config.optimiser.encoder_rate), (finder.head, run.config.optimiser.head_rate)]
    optimiser = torch.optim.AdamW([{"params": list(part.parameters()), "lr": rate} for part, rate in rates])
    per_epoch = sum(1 for _ in batches(examples(run, chance), pieces=run.config.optimiser.batch_pieces))
    steps = epochs * per_epoch
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimiser, lambda step: min(10 * (step + 1), 1.05 * steps - step) / steps
    )
    finder.train()
    for _ in range(epochs):
        for batch in batches(examples(run, chance), pieces=run.config.optimiser.batch_pieces):
            optimiser.zero_grad()
            finder.head.loss(finder.rows(batch), batch).backward()
            nn.utils.clip_grad_norm_(finder.parameters(), run.config.optimiser.clip)
            optimiser.step()
            schedule.step()
    return finder.eval()


def examples(run: Run, chance: random.Random) -> Iterator[Example]:
    """The documents in random order, freshly varied."""
    for document, annotation in chance.sample(run.train, len(run.train)):
        yield run.reader.read(*augment(document, annotation, run.config.augment, chance))


def score(run: Run, finder: Finder) -> list[float]:
    """F1 of entities, then of events, for each part of dev."""
    figures = []
    for pairs in run.dev.values():
        counts = sum((counted(run, finder, pair) for pair in pairs), start=np.zeros((2, 3)))
        figures += [2 * right / max(1, gold + found) for right, gold, found in counts]
    return figures


@torch.no_grad()
def counted(run: Run, finder: Finder, pair: Pair) -> Any:
    """(right, gold, found) of entities, then of events, in one document."""
    example = run.reader.read(*pair)
    gold, found = gold_spans(example), finder.head.find(finder.rows([example]))
    kinds = (range(tags.FIRST_EVENT), range(tags.FIRST_EVENT, NONE))
    return np.array(
        [[sum(span[2] in kind for span in spans) for spans in (gold & found, gold, found)] for kind in kinds]
    )


def gold_tags(example: Example) -> Tensor:
    """Words to tag numbers."""
    return torch.from_numpy(example.tags)


def gold_spans(example: Example) -> Spans:
    """(first word, end, label) of what is marked, idle pronouns left out."""
    return {span for span in as_set(example.mentions) if example.tags[span[0]]}


def as_set(mentions: tags.Mentions) -> Spans:
    """(first word, end, label) of each mention."""
    return set(zip(mentions.starts.tolist(), mentions.ends.tolist(), mentions.labels.tolist(), strict=True))


def tell(line: str) -> None:
    """A message on stderr."""
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
