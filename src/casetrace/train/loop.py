"""Joint training: augmented epochs, averaged weights, early stopping on dev, a checkpoint to resume from."""

from __future__ import annotations

import random
import time
from collections.abc import Iterable, Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

import numpy as np
import torch
from spacy.language import Language

from casetrace.docs import to_annotation
from casetrace.train import scorer
from casetrace.train.augment import augment
from casetrace.train.checkpoint import Checkpoint
from casetrace.train.config import Optimiser
from casetrace.train.distil import read_teacher, take_over
from casetrace.train.examples import Example, batches
from casetrace.train.losses import batch_loss
from casetrace.train.network import Network
from casetrace.train.pipeline import fill
from casetrace.train.preflight import device_of
from casetrace.train.run import Pair, Progress, Run
from casetrace.train.start import start_from

SEED_OF_HEADS = 1  # every run begins with the same heads, so that the weights of runs with other seeds can be averaged


def fit(run: Run) -> tuple[Network, Progress]:
    """Train until `epochs` or until dev has not improved for `patience` epochs; returns the best averaged network."""
    config = run.config.optimiser
    torch.manual_seed(SEED_OF_HEADS)
    torch.set_num_threads(config.threads)
    device = device_of(config.device)
    network, teacher = Network(run.config.encoder, run.config.heads), read_teacher(run.config)
    if teacher is not None:
        take_over(network, teacher)
        teacher.to(device)
    if run.config.paths.start:
        start_from(Path(run.config.paths.start), network)
    torch.manual_seed(config.seed)
    network.to(device)
    average = deepcopy(network)
    optimiser = torch.optim.AdamW(_groups(network, config), weight_decay=config.weight_decay, fused=True)
    best, progress = deepcopy(average.state_dict()), Progress()
    checkpoint = Checkpoint(run)
    if checkpoint.ready():
        best, progress = checkpoint.read(network, average, optimiser, device)
        run.report(f"resumed after epoch {progress.epoch}")
    schedule = _schedule(optimiser, run, done=progress.steps)
    while progress.epoch < config.epochs and progress.epoch - progress.best_epoch < config.patience:
        progress.epoch += 1
        started = time.monotonic()
        loss = _epoch(run, progress, network, average, optimiser, schedule, device, teacher=teacher)
        figures = evaluate(run, average)
        better = figures["mean"] > progress.best
        if better:
            progress.best, progress.best_epoch, best = figures["mean"], progress.epoch, deepcopy(average.state_dict())
        seconds = time.monotonic() - started
        progress.seconds += seconds
        run.report(f"epoch {progress.epoch}: loss {loss:.3f}, {line(figures)}, {seconds:.0f} s{' *' if better else ''}")
        checkpoint.write(network, average, optimiser, best, progress)
    average.load_state_dict(best)
    return average.cpu(), progress


def evaluate(run: Run, network: Network) -> dict[str, Any]:
    """Dev figures of the pipeline as it would ship (int8), for each part of dev, and their mean."""
    nlp = fill(run.reader.nlp, network, config=run.config)
    parts = {name: scorer.summary(scorer.total(counts(nlp, pairs))) for name, pairs in run.dev.items() if pairs}
    return {"mean": sum(part["mean"] for part in parts.values()) / max(1, len(parts)), **parts}


def counts(nlp: Language, pairs: Iterable[Pair]) -> Iterator[scorer.Counts]:
    """Strict counts of each document."""
    for document, gold in pairs:
        yield scorer.count(gold, to_annotation(nlp(document.text), document=document))


def _epoch(
    run: Run,
    progress: Progress,
    network: Network,
    average: Network,
    optimiser: Any,
    schedule: Any,
    device: str,
    *,
    teacher: Network | None,
) -> float:
    config = run.config.optimiser
    network.train()
    losses = []
    for batch in batches(_examples(run, progress.epoch), pieces=config.batch_pieces):
        loss = batch_loss(network, batch, run.config.loss, device, teacher=teacher)["total"]
        optimiser.zero_grad(set_to_none=True)
        loss.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(network.parameters(), config.clip)
        optimiser.step()
        schedule.step()
        _blend(average, network, config.average)
        losses.append(float(loss.detach()))
    progress.steps += len(losses)
    average.eval()
    return float(np.mean(losses))


def _examples(run: Run, epoch: int) -> Iterator[Example]:
    """All documents in random order, freshly augmented; the same for the same seed and epoch."""
    chance = random.Random(f"{run.config.optimiser.seed}-{epoch}")
    rows = [(pair, 1.0) for pair in run.train] + [(pair, run.config.silver.weight) for pair in run.silver]
    chance.shuffle(rows)
    for (document, annotation), weight in rows:
        document, annotation = augment(document, annotation, run.config.augment, chance)
        yield run.reader.read(document, annotation, weight=weight)


def _groups(network: Network, config: Optimiser) -> list[dict[str, Any]]:
    """Parameters with their rates: lower layers of the encoder learn more slowly."""
    blocks = network.encoder.blocks
    depth = {id(value): number + 1 for number, block in enumerate(blocks) for value in block.parameters()}
    inside = {id(value) for value in network.encoder.parameters()}
    rates: dict[float, list[Any]] = {}
    for name, value in network.named_parameters():
        below = len(blocks) - depth.get(id(value), 0)
        rate = config.encoder_rate * config.layer_decay**below if id(value) in inside else config.head_rate
        rate = config.head_rate if name == "encoder.shapes.weight" else rate
        rates.setdefault(rate, []).append(value)
    return [{"params": values, "lr": rate} for rate, values in rates.items()]


def _schedule(optimiser: Any, run: Run, *, done: int) -> Any:
    per_epoch = sum(1 for _ in batches(_examples(run, 0), pieces=run.config.optimiser.batch_pieces))
    steps = per_epoch * run.config.optimiser.epochs
    warm = max(1.0, steps * run.config.optimiser.warmup)

    def rate(step: int) -> float:
        return min((step + 1) / warm, max(0.02, (steps - step) / max(1.0, steps - warm)))

    for group in optimiser.param_groups:
        group.setdefault("initial_lr", group["lr"])
    return torch.optim.lr_scheduler.LambdaLR(optimiser, rate, last_epoch=done - 1)


def _blend(average: Network, network: Network, decay: float) -> None:
    with torch.no_grad():
        mine: list[torch.Tensor] = list(average.parameters())
        theirs: list[torch.Tensor] = list(network.parameters())
        torch._foreach_mul_(mine, decay)
        torch._foreach_add_(mine, theirs, alpha=1 - decay)


def line(figures: dict[str, Any]) -> str:
    parts = {name: part for name, part in figures.items() if isinstance(part, dict)}
    return "; ".join(
        f"{name}: " + " ".join(f"{key} {value:.3f}" for key, value in part.items()) for name, part in parts.items()
    )
