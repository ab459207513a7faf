"""What every type of casetrace is made from."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class CasetraceError(Exception):
    """A mistake in the input that the user can mend; the message says where it is and what to do."""


class Frozen(BaseModel):
    """A value that is never changed after it is made."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)
