"""How a trained component is kept: named arrays, written as one file."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, TypeVar, cast

import numpy as np
import numpy.typing as npt

from casetrace.types import CasetraceError

Weights = dict[str, npt.NDArray[np.float32]]
Made = TypeVar("Made")


class Stored:
    """A component whose whole training is in `weights`, by name."""

    name: str
    weights: Weights
    _made: dict[str, Any]

    def made(self, name: str, make: Callable[[Weights], Made]) -> Made:
        """Something that is worked out from the weights, once for these weights."""
        weights = self.needed()
        held = self.__dict__.setdefault("_made", {})
        if held.get("of") is not weights:
            held.clear()
            held["of"] = weights
        if name not in held:
            held[name] = make(weights)
        return cast(Made, held[name])

    def __getstate__(self) -> dict[str, Any]:
        return {key: value for key, value in self.__dict__.items() if key != "_made"}

    def to_bytes(self, *, exclude: Iterable[str] = ()) -> bytes:
        """All arrays as one compressed block."""
        block, arrays = io.BytesIO(), cast(dict[str, Any], self.weights)
        np.savez_compressed(block, **arrays)
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
                f"the component {self.name!r} is not trained; load a trained pipeline, or run `casetrace train`"
            )
        return self.weights
