"""What lies on the reviewer's desk: records, their documents, and the judgements, of which none is ever overwritten."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from casetrace import jsonl
from casetrace.consolidate import consolidate
from casetrace.consolidate.clusters import standing
from casetrace.link import MADE_BY, link
from casetrace.types import CaseRecord, CasetraceError, Document, Dossier, Judgement, Verdict


class Pair(NamedTuple):
    """Two records that may be about one subject, and the judgement that stands on them now."""

    left: CaseRecord
    right: CaseRecord
    judgement: Judgement


class Desk:
    """Records with proposals by `casetrace link`, and a file that takes each verdict of a person as a line of its own.

    Proposals that the file does not hold yet are added first, so that `casetrace consolidate` sees what the page shows.
    Raises `CasetraceError` when a record's document is not among those given, or the file holds something else.
    """

    def __init__(
        self, records: Iterable[CaseRecord], documents: Iterable[Document], *, judgements: Path, by: str
    ) -> None:
        self.records = {record.case_id: record for record in records}
        self.documents = {document.id: document for document in documents}
        self.place, self.by = judgements, by
        _all_there(self.records, self.documents)
        held = list(jsonl.read(judgements, Judgement)) if judgements.exists() else []
        proposed = [one for one in link(self.records.values()) if not any(_same_pair(one, other) for other in held)]
        _append(self.place, proposed)
        self.judgements = held + proposed

    def pairs(self) -> list[Pair]:
        """Every pair: those that nobody judged first, the least sure of them before the surer."""
        found = [
            Pair(self.records[one.left], self.records[one.right], one)
            for one in standing(self.judgements)
            if {one.left, one.right} <= self.records.keys()
        ]
        return sorted(found, key=lambda pair: (judged(pair), abs((pair.judgement.score or 0) - 0.5)))

    def pair(self, left: str, right: str) -> Pair | None:
        """One pair by the ids of its records."""
        wanted = {left, right}
        return next((pair for pair in self.pairs() if {pair.left.case_id, pair.right.case_id} == wanted), None)

    def judge(self, pair: Pair, verdict: Verdict) -> Judgement:
        """Write a person's verdict behind all others; the earlier lines stay, and a later one takes this one back."""
        before = pair.judgement
        judgement = before.model_copy(
            update={"verdict": verdict, "by": self.by, "at": datetime.now(UTC).date().isoformat()}
        )
        _append(self.place, [judgement])
        self.judgements.append(judgement)
        return judgement

    def dossiers(self) -> list[Dossier]:
        """What the judgements that stand now make of the records."""
        return consolidate(self.records.values(), self.judgements)


def judged(pair: Pair) -> bool:
    """Whether a person has judged the pair; a proposal alone is no judgement."""
    return pair.judgement.by != MADE_BY


def _same_pair(one: Judgement, other: Judgement) -> bool:
    return {one.left, one.right} == {other.left, other.right}


def _all_there(records: Mapping[str, CaseRecord], documents: Mapping[str, Document]) -> None:
    missing = sorted({record.doc_id for record in records.values()} - documents.keys())
    if missing:
        rest = f" and {len(missing) - 1} more" if len(missing) > 1 else ""
        raise CasetraceError(
            f"document {missing[0]}{rest} of the records is not among those given:"
            " name what the records were extracted from"
        )


def _append(path: Path, judgements: Iterable[Judgement]) -> None:
    """Lines at the end of the file, on the disk before this returns."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with open(path, "a", encoding="utf-8", newline="\n") as lines:
            lines.writelines(judgement.model_dump_json() + "\n" for judgement in judgements)
            lines.flush()
            os.fsync(lines.fileno())
    except OSError as error:
        raise CasetraceError(f"{path}: cannot be written: {error.strerror or error}") from error
