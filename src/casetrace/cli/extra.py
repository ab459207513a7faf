"""The commands that need more than the core say so, instead of ending in an import error."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def extra(name: str) -> Iterator[None]:
    """Turn a missing package into one sentence that names the extra; also a decorator over a command."""
    try:
        yield
    except ModuleNotFoundError as error:
        from casetrace.types import CasetraceError

        if str(error.name).startswith("casetrace"):
            raise
        raise CasetraceError(f"{error.name} is not installed: pip install 'casetrace[{name}]'") from error
