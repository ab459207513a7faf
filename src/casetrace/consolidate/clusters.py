"""Judgements to groups of records: joined where judged the same, unless a judgement says that two members differ."""

from __future__ import annotations

from collections.abc import Iterable

from casetrace.types import Judgement

PROPOSED_BY = "casetrace link"


def standing(judgements: Iterable[Judgement]) -> list[Judgement]:
    """The judgement that counts for each pair: a person's before a proposal, a later line before an earlier one.

    >>> proposed = Judgement(left="a", right="b", verdict="same", by="casetrace link")
    >>> changed = Judgement(left="b", right="a", verdict="different", by="a reader")
    >>> [one.verdict for one in standing([changed, proposed])]
    ['different']
    """
    found: dict[tuple[str, str], Judgement] = {}
    for one in judgements:
        pair = (min(one.left, one.right), max(one.left, one.right))
        before = found.get(pair)
        if before is None or before.by == PROPOSED_BY or one.by != PROPOSED_BY:
            found[pair] = one
    return list(found.values())


def cluster(case_ids: list[str], judgements: list[Judgement]) -> list[list[str]]:
    """Groups of records on one subject, in the order of the records.

    People's judgements are joined first, then proposals from the surest on; a join is left out where it would put two
    records together that were judged different.
    """
    groups = {case_id: [case_id] for case_id in case_ids}
    apart = {(one.left, one.right) for one in judgements if one.verdict == "different"}
    same = [one for one in judgements if one.verdict == "same" and one.left in groups and one.right in groups]
    for one in sorted(same, key=lambda one: (one.by == PROPOSED_BY, -(one.score or 0), one.left, one.right)):
        left, right = groups[one.left], groups[one.right]
        if left is right or _forbidden(left, right, apart):
            continue
        left.extend(right)
        for case_id in right:
            groups[case_id] = left
    order = {case_id: at for at, case_id in enumerate(case_ids)}
    unique = {id(group): group for group in groups.values()}
    return sorted(
        (sorted(group, key=order.__getitem__) for group in unique.values()), key=lambda group: order[group[0]]
    )


def _forbidden(left: list[str], right: list[str], apart: set[tuple[str, str]]) -> bool:
    return bool(apart) and any((one, other) in apart or (other, one) in apart for one in left for other in right)
