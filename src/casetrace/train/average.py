"""Averaging runs: the mean of the weights of pipelines that began alike (Wortsman et al. 2022, model soups)."""

from __future__ import annotations

from copy import deepcopy
from pathlib import Path

import torch

from casetrace.train.loop import evaluate, line
from casetrace.train.network import Network
from casetrace.train.run import Progress, Run
from casetrace.train.start import start_from


def average(run: Run, network: Network, progress: Progress) -> tuple[Network, bool]:
    """The mean with the pipelines of `paths.averaged_with` where dev is better for it, and whether it is."""
    if not (folders := run.config.paths.averaged_with):
        return network, False
    whole = mean(network, [Path(folder) for folder in folders])
    figures = evaluate(run, whole)
    better = bool(figures["mean"] > progress.best)
    taken = "taken" if better else f"not taken, epoch {progress.best_epoch} alone is better"
    run.report(f"averaged with {len(folders)} more: {line(figures)}, {taken}")
    return (whole, True) if better else (network, False)


def mean(network: Network, folders: list[Path]) -> Network:
    """A network whose weights are the mean of this one's and of the pipelines'.

    Raises `ConfigError` where a pipeline has another shape.
    """
    whole = deepcopy(network)
    for folder in folders:
        other = deepcopy(network)
        start_from(folder, other)
        with torch.no_grad():
            torch._foreach_add_(list(whole.parameters()), list(other.parameters()))
    with torch.no_grad():
        torch._foreach_div_(list(whole.parameters()), 1 + len(folders))
    return whole
