"""Records and judgements to dossiers: what all sources say of one subject, nothing picked and nothing overwritten.

Dossiers are made anew from the records each time, so changing a line of the judgement file undoes a merge.
"""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import sha256

from casetrace.consolidate.align import align_events
from casetrace.consolidate.clusters import cluster, standing
from casetrace.consolidate.conflicts import find_conflicts
from casetrace.normalize.names import name_parts, plain
from casetrace.types import CaseRecord, Dossier, Judgement, Subject, Value


def consolidate(records: Iterable[CaseRecord], judgements: Iterable[Judgement] = ()) -> list[Dossier]:
    """One dossier for each subject, also for those that a single record tells of, in the order of the records.

    >>> from casetrace.types import Judgement
    >>> records = [CaseRecord(case_id=at, doc_id=at, subject=Subject(name="Ruth Okello", kind="person")) for at in "ab"]
    >>> same = Judgement(left="a", right="b", verdict="same", by="a reader")
    >>> [len(dossier.records) for dossier in consolidate(records, [same])], len(consolidate(records))
    ([2], 2)
    """
    known = {record.case_id: record for record in records}
    final = standing(judgements)
    return [_dossier([known[case_id] for case_id in group], final) for group in cluster(list(known), final)]


def _dossier(records: list[CaseRecord], judgements: list[Judgement]) -> Dossier:
    ids = {record.case_id for record in records}
    events = align_events(records)
    return Dossier(
        id=sha256("\n".join(sorted(ids)).encode()).hexdigest()[:16],
        subject=_subject([record.subject for record in records]),
        records=tuple(records),
        events=tuple(events),
        conflicts=tuple(find_conflicts(records, events)),
        judgements=tuple(one for one in judgements if one.left in ids and one.right in ids),
    )


def _subject(subjects: list[Subject]) -> Subject:
    """The fullest name, every other form as alias; the number only where all sources agree on it."""
    first = max(subjects, key=lambda subject: len(name_parts(subject.name)))
    counts = {subject.count for subject in subjects if subject.count is not None}
    forms = {plain(form): form for subject in subjects for form in (subject.name, *subject.aliases)}
    forms.pop(plain(first.name), None)
    return Subject(
        name=first.name,
        kind=first.kind,
        count=counts.pop() if len(counts) == 1 else None,
        aliases=tuple(forms.values()),
        roles=_distinct([role for subject in subjects for role in subject.roles]),
        organisations=_distinct([value for subject in subjects for value in subject.organisations]),
    )


def _distinct(values: list[Value]) -> tuple[Value, ...]:
    return tuple({plain(value.value): value for value in reversed(values)}.values())[::-1]
