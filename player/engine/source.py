"""What a voice reads: the name of some material, and the interface of whatever delivers it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, Protocol

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Samples = NDArray[np.float32]  # (frames, 2), full scale +-1.0
else:
    Samples = Any  # the window names material long before anything needs numpy, which takes 0.1 s to import


@dataclass(frozen=True, slots=True)
class SourceSpec:
    """Which material to read; picklable and hashable, so it crosses processes and keys caches."""

    kind: Literal["audio", "midi", "silence"]
    path: str = ""  # absolute
    frames: int = 0  # silence: its length; else 0, the file tells
    offset: int = 0  # frames of the file before song time 0; negative: silence first
    gain_db: float = 0.0
    repeat: bool = False  # a stand-in starts again where more is asked of it than it has


class Source(Protocol):
    """Material in song time, at 48 kHz stereo."""

    frames: int

    def read(self, at: int, out: Samples) -> int:
        """Fill `out` with the frames from `at` on; returns how many, fewer only at the end.

        Reads that follow one another are fast, any other `at` seeks; the frames are the same either way.
        Runs on a loader thread. Raises AssetError where the file breaks.
        """

    def close(self) -> None:
        """Let go of the file; a closed source is not read again."""
