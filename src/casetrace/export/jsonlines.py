"""JSON Lines: the records as they are; reading them back gives the same records."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from casetrace import jsonl
from casetrace.types import CaseRecord


def write_jsonl(records: Sequence[CaseRecord], path: Path) -> list[str]:
    """One record a line."""
    jsonl.write(records, path)
    return []
