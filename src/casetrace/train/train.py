"""Train a pipeline from a config: data in, joint training, calibration, a folder that `spacy.load` opens."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from shutil import rmtree
from typing import Any

from spacy.language import Language
from tokenizers import Tokenizer

from casetrace.components.pieces import Lexicon
from casetrace.corpus import read_external, read_split
from casetrace.train import scorer
from casetrace.train.average import average
from casetrace.train.calibrate import calibrate
from casetrace.train.config import TrainConfig
from casetrace.train.examples import Reader
from casetrace.train.loop import counts, fit
from casetrace.train.origin import origin
from casetrace.train.pipeline import blank, fill
from casetrace.train.preflight import check_run
from casetrace.train.pretrained import read_pretrained
from casetrace.train.run import Pair, Run, fingerprint
from casetrace.train.silver import silver_pairs
from casetrace.train.trust import fit_trust


def train(config: TrainConfig, *, report: Callable[[str], None] = print) -> Path:
    """Train and write the pipeline to `paths.output`; returns that folder.

    Raises `ConfigError` before any data is read where something that the run needs is missing.
    """
    check_run(config)
    run = prepare(config, report)
    network, progress = fit(run)
    network, averaged = average(run, network, progress)
    nlp = fill(blank(config), network, config=config)
    dev = [pair for pairs in run.dev.values() for pair in pairs]
    errors = calibrate(nlp, dev)
    report(f"expected calibration error on dev: {json.dumps(errors)}")
    nlp.meta["trust"] = fit_trust(nlp, dev)
    figures = {name: scorer.summary(scorer.total(counts(nlp, pairs))) for name, pairs in run.dev.items()}
    report(f"dev, epoch {progress.best_epoch}: {json.dumps(figures)}")
    nlp.meta["performance"] = {"dev": figures, "calibration_error": errors, "best_epoch": progress.best_epoch}
    nlp.meta["training"] = origin(run, progress, averaged=averaged)
    return write(nlp, Path(config.paths.output))


def write(nlp: Language, folder: Path) -> Path:
    """The pipeline in a folder; one that is there is replaced once the new one is whole."""
    unfinished, old = (folder.absolute().with_name(f".{folder.absolute().name}.{kind}") for kind in ("new", "old"))
    for path in (unfinished, old):
        rmtree(path, ignore_errors=True)
    unfinished.parent.mkdir(parents=True, exist_ok=True)
    nlp.to_disk(unfinished)
    if folder.exists():
        folder.rename(old)
    unfinished.rename(folder)
    rmtree(old, ignore_errors=True)
    return folder


def prepare(config: TrainConfig, report: Callable[[str], None]) -> Run:
    """Read the data and what examples are made with."""
    train, dev = read_pairs(config, "train"), {"written": read_pairs(config, "dev", external=False)}
    if config.paths.hrdsattack:
        dev["external"] = read_pairs(config, "dev", written=False)
    nlp = blank(config)
    tokenizer = Tokenizer.from_str(read_pretrained(config.encoder).tokenizer)
    reader = Reader(nlp, Lexicon(tokenizer), config.encoder.size, config.encoder.context, config.heads.reach)
    report(f"{len(train)} training documents ({sum(len(document.text.split()) for document, _ in train):,} words), "
           f"dev {', '.join(f'{len(pairs)} {name}' for name, pairs in dev.items())}")  # fmt: skip
    silver = silver_pairs(config)
    if silver:
        report(f"{len(silver)} articles labelled by {config.silver.teacher}")
    return Run(config, reader, train, silver, dev, fingerprint(train), report)


def read_pairs(config: TrainConfig, split: Any, *, written: bool = True, external: bool = True) -> list[Pair]:
    """The documents of a split with their annotation, written for the project and, where at hand, third-party ones."""
    pairs = list(read_split(config.paths.root, split)) if written else []
    if external and config.paths.hrdsattack:
        pairs += read_external(config.paths.root, split, hrdsattack=config.paths.hrdsattack)
    return pairs
