"""A training run small enough to compare many of, for `ablation.py` and `mention_heads.py`: options and documents."""

from __future__ import annotations

import argparse
import random
import sys
from pathlib import Path

from casetrace.train.run import Pair


def options(description: str | None) -> argparse.ArgumentParser:
    """The options that say how small, described by a module's first line."""
    parser = argparse.ArgumentParser(description=(description or "").splitlines()[0])
    parser.add_argument("--root", type=Path, default=Path())
    parser.add_argument("--hrdsattack", required=True)
    parser.add_argument("--share", type=float, default=0.25)
    parser.add_argument("--epochs", type=int, default=4)
    parser.add_argument("--layers", type=int, default=3)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--markdown", type=Path)
    return parser


def part_of(train: list[Pair], share: float) -> list[Pair]:
    """A share of the training documents, the same for every run."""
    return random.Random(1).sample(train, round(share * len(train)))


def tell(line: str) -> None:
    """A message on stderr."""
    print(line, file=sys.stderr, flush=True)
