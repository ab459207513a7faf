"""How well and how fast records are linked: generated pairs with known truth, then many records on one machine.

    python benchmarks/linking.py                        # 2,000 pairs, precision and recall, by kind of pair
    python benchmarks/linking.py --seeds 201-207        # a line for each seed
    python benchmarks/linking.py --records 100000       # time and peak memory

The weights were set on the seeds 1 to 5. Precision is told twice: over the pairs, and over every proposal among their
4,000 records, most of whom are strangers of one country to each other.
"""

from __future__ import annotations

import argparse
import random
import resource
import time
from collections import Counter

from made_records import Pair, make_pairs, make_records

from casetrace.link import link

STRANGERS = "strangers"
Counts = Counter[tuple[str, bool, str]]
"""Pairs by kind, truth and verdict."""


def measure(pairs: list[Pair]) -> Counts:
    """Link all records of the pairs at once, then look at the pairs, and at what else was proposed."""
    records = [record for pair in pairs for record in (pair.left, pair.right)]
    verdicts = {(one.left, one.right): one.verdict for one in link(records)}
    counts: Counts = Counter()
    for pair in pairs:
        left, right = sorted((pair.left.case_id, pair.right.case_id))
        counts[pair.kind, pair.same, verdicts.pop((left, right), "different")] += 1
    counts.update((STRANGERS, False, verdict) for verdict in verdicts.values())
    return counts


def figures(counts: Counts) -> str:
    """Precision and recall of the verdict `same`."""

    def number(truth: bool, *verdicts: str, strangers: bool = False) -> int:
        return sum(
            n for (kind, same, verdict), n in counts.items()
            if same == truth and verdict in verdicts and (strangers or kind != STRANGERS)
        )  # fmt: skip

    found, wrong, all_wrong = number(True, "same"), number(False, "same"), number(False, "same", strangers=True)
    truth = number(True, "same", "unsure", "different")
    return (
        f"precision {found / max(1, found + wrong):.4f}  recall {found / truth:.4f}  (with unsure shown to a person "
        f"{number(True, 'same', 'unsure') / truth:.4f})  "
        f"precision of every proposal {found / max(1, found + all_wrong):.4f}"
    )


def kinds_table(counts: Counts) -> str:
    """The verdicts for each kind of pair."""
    verdicts = ("same", "unsure", "different")
    kinds = dict.fromkeys(kind for kind, _, _ in counts)
    rows = {kind: [sum(counts[kind, truth, one] for truth in (True, False)) for one in verdicts] for kind in kinds}
    return "\n".join(
        f"  {kind:<26} " + "  ".join(f"{one} {number:5}" for one, number in zip(verdicts, row, strict=True))
        for kind, row in rows.items()
    )


def measure_scale(count: int, rng: random.Random) -> None:
    """Time and peak memory of linking many records."""
    records = list(make_records(count, rng))[:count]
    before, start = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.perf_counter()
    verdicts = Counter(one.verdict for one in link(records))
    seconds = time.perf_counter() - start
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(
        f"{count} records: {seconds:.1f} s, peak {after / 1024:.0f} "
        f"MiB ({before / 1024:.0f} MiB are the records), {dict(verdicts)}"
    )


def main() -> None:
    """Print what was asked for."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--pairs", type=int, default=2000)
    options.add_argument("--records", type=int, default=0)
    options.add_argument("--seed", type=int, default=2)
    options.add_argument("--seeds", help="FIRST-LAST: only the figures, a line for each")
    chosen = options.parse_args()
    if chosen.records:
        measure_scale(chosen.records, random.Random(chosen.seed))
    elif chosen.seeds:
        first, last = map(int, chosen.seeds.split("-"))
        for seed in range(first, last + 1):
            print(seed, figures(measure(make_pairs(chosen.pairs, random.Random(seed)))), flush=True)
    else:
        counts = measure(make_pairs(chosen.pairs, random.Random(chosen.seed)))
        print(figures(counts), kinds_table(counts), sep="\n")


if __name__ == "__main__":
    main()
