"""How a trained component is kept: named arrays, written as one file."""

from __future__ import annotations

import io
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import numpy.typing as npt

from casetrace.types import CasetraceError

Weights = dict[str, npt.NDArray[np.float32]]


class Stored:
    """A component whose whole training is in `weights`, by name."""

    name: str
    weights: Weights

    def to_bytes(self, *, exclude: Iterable[str] = ()) -> bytes:
        """All arrays as one compressed block."""
        block = io.BytesIO()
        np.savez_compressed(block, allow_pickle=False, **self.weights)
        return block.getvalue()

    def from_bytes(self, data: bytes, *, exclude: Iterable[str] = ()) -> Stored:
        """Take the arrays that `to_bytes` gave."""
        with np.load(io.BytesIO(data), allow_pickle=False) as arrays:
            self.weights = {name: arrays[name].astype(np.float32) for name in arrays.files}
        return self

    def to_disk(self, path: Path | str, *, exclude: Iterable[str] = ()) -> None:
        """Write the arrays to PATH/weights.npz."""
        folder = Path(path)
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "weights.npz").write_bytes(self.to_bytes())

    def from_disk(self, path: Path | str, *, exclude: Iterable[str] = ()) -> Stored:
        """Read what `to_disk` wrote."""
        return self.from_bytes((Path(path) / "weights.npz").read_bytes())

    def needed(self) -> Weights:
        """The weights, or a plain word on why there are none."""
        if not self.weights:
            raise CasetraceError(
                f"the component {self.name!r} is not trained; load a trained pipeline, or make one with `casetrace train`"
            )
        return self.weights
