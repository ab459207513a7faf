"""Three ways to find mentions, each trained alone with the encoder in the same small run: strict F1 of spans on dev.

    python benchmarks/mention_heads.py --hrdsattack PATH [--share 0.25] [--epochs 4] [--layers 3] [--threads 1] \\
      [--seeds 1 2] [--markdown models/README.md]

`tags` is what ships: a BILOU tag for each word, decoded to the best valid spans. `crf` learns beside it how well each
tag follows each other (linear-chain conditional random field). `spans` weighs every span of up to ten words.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Iterator
from typing import Any

import numpy as np
import torch
from mention_ways import HEADS, gold_spans
from small_run import options, part_of, tell
from torch import Tensor, nn

from casetrace.cli.evaluate import renew
from casetrace.components import tags
from casetrace.report.tables import markdown
from casetrace.train import read_config
from casetrace.train.augment import augment
from casetrace.train.examples import Example, batches
from casetrace.train.losses import join
from casetrace.train.network import Encoder
from casetrace.train.run import Pair, Run
from casetrace.train.train import prepare


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
    run.train = part_of(run.train, given.share)
    rows = []
    for name in HEADS:
        for seed in given.seeds:
            figures = score(run, fit(run, name, epochs=given.epochs, seed=seed))
            rows.append([name, str(seed), *(" / ".join(f"{part:.3f}" for part in parts) for parts in figures)])
            tell(" ".join(rows[-1]))
    table = "Each written / real articles.\n\n" + markdown(["way", "seed", "entities", "events"], rows)
    print(table, end="")
    if given.markdown:
        renew(given.markdown, "mention heads", table)


def arguments() -> argparse.Namespace:
    """The command line."""
    parser = options(__doc__)
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2])
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


def score(run: Run, finder: Finder) -> list[list[float]]:
    """F1 of entities, then of events, each for every part of dev."""
    parts = [sum((counted(run, finder, pair) for pair in pairs), start=np.zeros((2, 3))) for pairs in run.dev.values()]
    return [[2 * part[kind, 0] / max(1, part[kind, 1] + part[kind, 2]) for part in parts] for kind in range(2)]


@torch.no_grad()
def counted(run: Run, finder: Finder, pair: Pair) -> Any:
    """(right, gold, found) of entities, then of events, in one document."""
    example = run.reader.read(*pair)
    gold, found = gold_spans(example), finder.head.find(finder.rows([example]))
    kinds = (range(tags.FIRST_EVENT), range(tags.FIRST_EVENT, len(tags.NAMES)))
    return np.array(
        [[sum(span[2] in kind for span in spans) for spans in (gold & found, gold, found)] for kind in kinds]
    )


if __name__ == "__main__":
    main()
