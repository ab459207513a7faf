"""What lies on the reviewer's desk: records, their documents, and the judgements, of which none is ever overwritten."""

from __future__ import annotations

import os
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from casetrace import jsonl
from casetrace.consolidate import consolidate
from casetrace.consolidate.clusters import standing
from casetrace.link import MADE_BY, link
from casetrace.types import CaseRecord, CasetraceError, Document, Dossier, Judgement, Verdict
from casetrace.verify import verify


class Pair(NamedTuple):
    """Two records that may be about one subject, and the judgement that stands on them now."""

    left: CaseRecord
    right: CaseRecord
    judgement: Judgement


class Desk:
    """Records with proposals by `casetrace link`, and a file that takes each verdict of a person as a line of its own.

    Proposals that the file does not hold yet are added first, so that `casetrace consolidate` sees what the page shows.
    `strangers` are the judgements of the file on records that are not here; they stay in it. `last` is the pair judged
    last. Raises `CasetraceError` when a quote of a record does not stand in the documents given, or the file holds
    something else.
    """

    def __init__(
        self, records: Iterable[CaseRecord], documents: Iterable[Document], *, judgements: Path, by: str
    ) -> None:
        self.records = {record.case_id: record for record in records}
        self.documents = {document.id: document for document in documents}
        self.place, self.by = judgements, by
        self.last: Pair | None = None
        self._check_quotes()
        if by == MADE_BY:
            raise CasetraceError(f"{MADE_BY!r} signs proposals; judge under another name (--by)")
        held = list(jsonl.read(judgements, Judgement)) if judgements.exists() else []
        known = {_pair_of(one) for one in held}
        proposed = [one for one in link(self.records.values()) if _pair_of(one) not in known]
        _append(self.place, proposed)
        self.judgements = held + proposed
        self.strangers = [one for one in held if not _pair_of(one) <= self.records.keys()]
        self._pairs: list[Pair] | None = None

    def pairs(self) -> list[Pair]:
        """Every pair: those that nobody judged first, the least sure of them before the surer."""
        if self._pairs is None:
            found = [one for one in standing(self.judgements) if _pair_of(one) <= self.records.keys()]
            pairs = [Pair(self.records[one.left], self.records[one.right], one) for one in found]
            self._pairs = sorted(pairs, key=lambda pair: (judged(pair), abs((pair.judgement.score or 0) - 0.5)))
        return self._pairs

    def pair(self, left: str, right: str) -> Pair | None:
        """One pair by the ids of its records."""
        return next((pair for pair in self.pairs() if _pair_of(pair.judgement) == {left, right}), None)

    def proposal(self, pair: Pair) -> Judgement | None:
        """What `casetrace link` said of a pair, whoever has judged it since."""
        ids = _pair_of(pair.judgement)
        return next((one for one in self.judgements if one.by == MADE_BY and _pair_of(one) == ids), None)

    def judge(self, pair: Pair, verdict: Verdict) -> Judgement:
        """Write a person's verdict behind all others; the earlier lines stay, and a later one takes this one back."""
        left, right = sorted((pair.left.case_id, pair.right.case_id))
        day = datetime.now(UTC).date().isoformat()
        judgement = Judgement(left=left, right=right, verdict=verdict, by=self.by, at=day)
        _append(self.place, [judgement])
        self.judgements.append(judgement)
        self._pairs, self.last = None, Pair(pair.left, pair.right, judgement)
        return judgement

    def dossiers(self) -> list[Dossier]:
        """What the judgements that stand now make of the records."""
        return consolidate(self.records.values(), self.judgements)

    def not_joined(self, dossiers: Iterable[Dossier]) -> list[Pair]:
        """Pairs that a person judged the same and that are apart all the same, because other verdicts keep them so."""
        home = {record.case_id: dossier.id for dossier in dossiers for record in dossier.records}
        same = [pair for pair in self.pairs() if judged(pair) and pair.judgement.verdict == "same"]
        return [pair for pair in same if home[pair.left.case_id] != home[pair.right.case_id]]

    def _check_quotes(self) -> None:
        faults = list(verify(self.records.values(), self.documents))
        if faults:
            rest = f" (and {len(faults) - 1} more)" if len(faults) > 1 else ""
            raise CasetraceError(f"{faults[0]}{rest}; name the documents that the records were extracted from")


def judged(pair: Pair) -> bool:
    """Whether a person has judged the pair; a proposal alone is no judgement."""
    return pair.judgement.by != MADE_BY


def _pair_of(judgement: Judgement) -> frozenset[str]:
    return frozenset((judgement.left, judgement.right))


def _append(path: Path, judgements: Iterable[Judgement]) -> None:
    """Lines of their own at the end of the file, on the disk before this returns."""
    text = "".join(judgement.model_dump_json() + "\n" for judgement in judgements)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with open(path, "ab+") as lines:
            if lines.tell() and _last_byte(path) != b"\n":  # a line that an editor, or a crash, left open
                text = "\n" + text
            lines.write(text.encode())
            lines.flush()
            os.fsync(lines.fileno())
    except OSError as error:
        raise CasetraceError(f"{path}: not saved: {error.strerror or error}") from error


def _last_byte(path: Path) -> bytes:
    with open(path, "rb") as lines:
        lines.seek(-1, os.SEEK_END)
        return lines.read()
