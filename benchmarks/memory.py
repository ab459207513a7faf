"""Size on disk, load time after imports, and peak memory of the pipeline.

python benchmarks/memory.py [--model models/en_casetrace]
"""

from __future__ import annotations

import argparse
import resource
import time
from pathlib import Path

import onnxruntime
import spacy

import casetrace.components

ROOT = Path(__file__).parents[1]
IMPORTED = (onnxruntime, casetrace.components)


def main() -> None:
    """Load, run over the corpus, print what it took."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", default=str(ROOT / "models" / "en_casetrace"))
    model = Path(parser.parse_args().model)
    size = sum(path.stat().st_size for path in model.rglob("*") if path.is_file())
    before = peak()
    started = time.perf_counter()
    nlp = spacy.load(model)
    nlp("Police arrested her.")
    loaded = time.perf_counter() - started
    after = peak()
    for _ in nlp.pipe(path.read_text("utf-8") for path in sorted((ROOT / "corpus" / "texts").glob("*.txt"))):
        pass
    print("| what | value |\n| --- | --- |")
    print(f"| size on disk | {size / 1e6:.1f} MB |")
    print(f"| load and first sentence, imports done | {loaded:.2f} s |")
    print(f"| peak memory after imports | {before:.0f} MB |")
    print(f"| peak memory after loading | {after:.0f} MB |")
    print(f"| peak memory after the whole corpus | {peak():.0f} MB |")


def peak() -> float:
    """Largest resident size so far, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main()
