"""Which records of different documents are about one subject: proposals with reasons, never a merge.

Records are compared only if they share a key (blocking.py); each agreement and disagreement has a weight and a sentence
(weights.toml, compare.py); the sum is a probability. The proposals are judgements that a person may change.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from casetrace.link.blocking import candidate_pairs
from casetrace.link.compare import Reason, probability, reasons, weights
from casetrace.link.facts import Facts, read_facts
from casetrace.link.rarity import Rarity
from casetrace.types import CaseRecord, Judgement, Verdict

MADE_BY = "casetrace link"


def link(records: Iterable[CaseRecord], *, different: bool = False) -> Iterator[Judgement]:
    """Propose pairs of records on one subject, verdict `same` or `unsure`; with `different`, those compared and kept
    apart too.

    Records of one document are never compared: one text keeps its own people apart.

    >>> list(link([]))
    []
    """
    facts = [read_facts(record) for record in records]
    rarity = Rarity(facts)
    pairs = list(candidate_pairs(facts))
    told: dict[tuple[str, str], str] = {}
    groups = []
    for left, right in pairs:
        if facts[left].kind == "group":
            groups.append((left, right))
            continue
        judged = judge(facts[left], facts[right], rarity=rarity)
        if judged.verdict == "same" and facts[left].kind == "person":
            told[_sources(facts[left], facts[right])] = facts[left].name
        if different or judged.verdict != "different":
            yield judged
    yield from _judge_groups(groups, facts, told, different=different)


def judge(left: Facts, right: Facts, *, rarity: Rarity | None = None, shared: str | None = None) -> Judgement:
    """The proposal for one pair."""
    found = reasons(left, right, rarity=rarity, shared=shared)
    score = probability(found)
    return Judgement(
        left=min(left.case_id, right.case_id), right=max(left.case_id, right.case_id), verdict=_verdict(score),
        score=round(score, 4), reasons=tuple(_spell(reason) for reason in found), by=MADE_BY,
    )  # fmt: skip


def _judge_groups(
    pairs: list[tuple[int, int]], facts: list[Facts], told: dict[tuple[str, str], str], *, different: bool
) -> Iterator[Judgement]:
    """Groups last, because two sources that tell of one person are likelier to tell of one group; each group once."""
    best: dict[tuple[str, str], Judgement] = {}
    taken: dict[str, set[str]] = defaultdict(set)
    judged = [
        judge(facts[left], facts[right], shared=told.get(_sources(facts[left], facts[right]))) for left, right in pairs
    ]
    documents = {fact.case_id: fact.doc_id for fact in facts}
    for judgement in sorted(judged, key=lambda judgement: -(judgement.score or 0)):
        left, right = judgement.left, judgement.right
        clash = documents[right] in taken[left] or documents[left] in taken[right]
        if judgement.verdict == "same" and clash:
            judgement = judgement.model_copy(
                update={
                    "verdict": "unsure",
                    "reasons": (*judgement.reasons, "another group of that source fits better"),
                }
            )
        elif judgement.verdict == "same":
            taken[left].add(documents[right])
            taken[right].add(documents[left])
        best[left, right] = judgement
    yield from (judgement for judgement in best.values() if different or judgement.verdict != "different")


def _sources(left: Facts, right: Facts) -> tuple[str, str]:
    return min(left.doc_id, right.doc_id), max(left.doc_id, right.doc_id)


def _verdict(score: float) -> Verdict:
    table = weights()
    return "same" if score >= table["same_from"] else "different" if score < table["different_below"] else "unsure"


def _spell(reason: Reason) -> str:
    return f"{reason[1]} ({reason[0]:+.1f})"
