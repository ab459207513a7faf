"""What each means of training is worth: the same small run with one of them changed, scored on dev.

    python benchmarks/ablation.py --hrdsattack PATH [--share 0.25] [--epochs 4] [--layers 3] [--threads 1] \\
      [--variants "as shipped" "no names swapped"] [--markdown models/README.md]

Small runs tell in an hour what whole ones would tell in a day, and no more than that: `as shipped` is run with two
seeds, and a difference no larger than theirs says nothing. What changes is in `VARIANTS`.
"""

from __future__ import annotations

import argparse
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from small_run import options, part_of, tell

from casetrace.cli.evaluate import renew
from casetrace.markup import read_markup
from casetrace.report.tables import markdown
from casetrace.train import read_config
from casetrace.train.loop import evaluate, fit
from casetrace.train.pipeline import blank, fill
from casetrace.train.run import Pair, Run, fingerprint
from casetrace.train.silver import silver_pairs
from casetrace.train.train import prepare

SHIPPED = "as shipped"
SELF_TRAINING = "self-training on unannotated articles"
GUIDELINES = "the guidelines' examples as texts"
VARIANTS: dict[str, dict[str, Any]] = {
    SHIPPED: {},
    f"{SHIPPED}, seed 2": {"optimiser.seed": 2},
    "six epochs instead of four": {"optimiser.epochs": 6},
    "no label smoothing": {"loss.smoothing": 0.0},
    "no averaged weights": {"optimiser.average": 0.0},
    "no names swapped": {"augment.swap": 0.0},
    "no masked pieces": {"encoder.hidden_pieces": 0.0},
    "one rate for all layers": {"optimiser.layer_decay": 1.0},
    "all losses weigh one": {"loss.mentions": 1.0, "loss.modality": 1.0, "loss.relations": 1.0, "loss.coref": 1.0},
    GUIDELINES: {},
    SELF_TRAINING: {},
}
LEVELS = ("entities", "events", "modality", "relations", "coref")
EXAMPLES = re.compile(r"^```mark\n(.*?)^```", re.MULTILINE | re.DOTALL)


def main() -> None:
    """Train each variant and print or write the table; what is done is kept in `--kept`, to go on after a break."""
    given = arguments()
    kept = json.loads(given.kept.read_text()) if given.kept.exists() else {}
    rows = []
    for name in given.variants or VARIANTS:
        settled = settings(name, given)
        run = prepare(read_config(given.root / "models" / "config.cfg", settled), report=tell)
        part = part_of(run.train, given.share)
        run = replace(run, train=part, fingerprint=fingerprint(part))
        key = f"{name} {run.fingerprint} {run.config.model_dump_json(exclude={'paths'})}"
        if key not in kept:
            kept[key] = run_variant(name, run, given.root)
            given.kept.parent.mkdir(parents=True, exist_ok=True)
            given.kept.write_text(json.dumps(kept, indent=1))
        written, real = kept[key][: len(LEVELS)], kept[key][len(LEVELS) :]
        rows.append([name, *(" / ".join(pair) for pair in zip(written, real, strict=True))])
    table = "Each written / real articles.\n\n" + markdown(["variant", *LEVELS], rows)
    print(table, end="")
    if given.markdown:
        renew(given.markdown, "ablation", table)


def arguments() -> argparse.Namespace:
    """The command line."""
    parser = options(__doc__)
    parser.add_argument("--variants", nargs="+", choices=list(VARIANTS))
    parser.add_argument("--kept", type=Path, default=Path("build/ablation.json"))
    return parser.parse_args()


def run_variant(name: str, run: Run, root: Path) -> list[str]:
    """Dev figures of one variant: the levels on written texts, then on real ones."""
    if name == GUIDELINES:
        train = [*run.train, *guidelines(root)]
        run = replace(run, train=train, fingerprint=fingerprint(train))
    if name == SELF_TRAINING:
        silver = own_labels(run)
        run = replace(run, silver=silver, fingerprint=fingerprint([*run.train, *silver]))
    network, _ = fit(run)
    figures = evaluate(run, network)
    tell(f"{name}: {json.dumps(figures)}")
    return [f"{figures[part][level]:.3f}" for part in ("written", "external") for level in LEVELS]


def settings(name: str, given: argparse.Namespace) -> dict[str, Any]:
    """What a variant changes in the config, and what all of them change."""
    paths = {"root": str(given.root), "hrdsattack": given.hrdsattack, "checkpoint": "build/ablation.pt"}
    small = {"encoder.layers": given.layers, "optimiser.epochs": given.epochs, "optimiser.threads": given.threads}
    return {f"paths.{key}": value for key, value in paths.items()} | small | VARIANTS[name]


def guidelines(root: Path) -> Iterator[Pair]:
    """The guidelines' right examples as documents of their own."""
    text = (root / "annotations" / "GUIDELINES.md").read_text("utf-8")
    lines = [line for block in EXAMPLES.findall(text) for line in block.splitlines() if line]
    yield from (read_markup(line, doc_id=f"guidelines-{number}") for number, line in enumerate(lines))


def own_labels(run: Run) -> list[Pair]:
    """Unannotated articles labelled by the pipeline that the same part of the documents makes."""
    network, _ = fit(run)
    teacher = Path("build/ablation_teacher")
    fill(blank(run.config), network, config=run.config).to_disk(teacher)
    silver = run.config.silver.model_copy(update={"teacher": str(teacher)})
    return silver_pairs(run.config.model_copy(update={"silver": silver}))


if __name__ == "__main__":
    main()
