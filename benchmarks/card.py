"""What the shipped pipeline was trained on and reached on dev, from its meta.json into the model card.

python benchmarks/card.py [--model models/en_casetrace] [--page models/README.md]
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

from casetrace.cli.evaluate import renew

ROOT = Path(__file__).parents[1]
COLUMNS = ("entities", "events", "modality", "relations", "coref")


def main() -> None:
    """Write the tables between their marks."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", type=Path, default=ROOT / "models" / "en_casetrace")
    parser.add_argument("--page", type=Path, default=ROOT / "models" / "README.md")
    given = parser.parse_args()
    meta = json.loads((given.model / "meta.json").read_text("utf-8"))
    size = sum(path.stat().st_size for path in given.model.rglob("*") if path.is_file())
    renew(given.page, "training", training(meta, size) + "\n" + dev(meta["performance"]))


def training(meta: dict[str, Any], size: int) -> str:
    """Data, time and size."""
    held = meta["training"]
    rows = {
        "version": meta["version"],
        "training documents": held["documents"],
        "third-party articles among them": "yes" if held["external"] else "no",
        "articles labelled by a teacher": held["silver"],
        "pipeline whose word vectors were learnt": held.get("teacher") or "none",
        "fingerprint of texts and annotation (SHA-256)": f"`{held['fingerprint']}`",
        "best of so many epochs": f"{meta['performance']['best_epoch']} of {held['config']['optimiser']['epochs']}",
        "its weights are the mean with": "; ".join(held.get("averaged_with", ())) or "none",
        "training time of its own run, all epochs": f"{held['minutes']} minutes on a shared 4-core CPU",
        "size on disk": f"{size / 1e6:.1f} MB",
    }
    return "| what | value |\n| --- | --- |\n" + "".join(f"| {name} | {value} |\n" for name, value in rows.items())


def dev(performance: dict[str, Any]) -> str:
    """Strict F1 (accuracy for modality) on the two parts of dev, and calibration."""
    lines = [f"| dev | {' | '.join(COLUMNS)} |", f"| --- |{' --- |' * len(COLUMNS)}"]
    for name, figures in performance["dev"].items():
        lines.append(f"| {name} | " + " | ".join(f"{figures[column]:.3f}" for column in COLUMNS) + " |")
    errors = performance["calibration_error"]
    lines.append("| calibration error | " + " | ".join(f"{errors[column]['after']:.3f}" for column in COLUMNS) + " |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    main()
