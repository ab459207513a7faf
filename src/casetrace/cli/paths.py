"""What a command reads and writes, looked at before it begins."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path


def check_paths(inputs: Iterable[str | Path], outputs: Iterable[str | Path] = ()) -> list[Path]:
    """The files that will be written, resolved; raises when an input is missing, or an output would overwrite one."""
    from casetrace.types import CasetraceError

    named = [str(path) for path in outputs if str(path) not in ("", "-")]
    written = [Path(path).resolve() for path in named if not Path(path).is_char_device()]
    if len(set(written)) < len(written):
        raise CasetraceError(f"{', '.join(named)}: two outputs share a file; name a file for each")
    for path in map(str, inputs):
        if path != "-" and not Path(path).exists():
            raise CasetraceError(f"{path}: no such file or folder")
        if Path(path).resolve() in written:
            raise CasetraceError(f"{path}: is read and would be overwritten; name another output")
    return written
