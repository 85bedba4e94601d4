"""What a voice reads: the name of some material, and the interface of whatever delivers it."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, Protocol

from msgspec import Struct
from msgspec.structs import replace

from player.engine import RATE

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Samples = NDArray[np.float32]  # (frames, 2), full scale +-1.0
else:
    Samples = Any  # the window names material long before anything needs numpy, which takes 0.1 s to import


class Region(NamedTuple):
    """A stretch of song time that is played several times: [begin, to), `times` in all.

    A looped source is read in its own count of frames, in which every pass stands behind the one before it:
    up to `to` that count is song time, and behind the last pass song time and what the passes have added.
    times: 0 is without end; 1 no more than once, by a voice that has just come out of the loop.
    """

    begin: int
    to: int
    times: int

    @property
    def length(self) -> int:
        """Frames of one pass."""
        return self.to - self.begin

    @property
    def added(self) -> int:
        """Frames that all passes but the first add; 0 where nobody knows how many there will be."""
        return max(0, self.times - 1) * self.length

    def song(self, at: int) -> tuple[int, int]:
        """Song time at frame `at` of the looped source, and in which pass that is, from 0."""
        if at < self.to:
            return at, 0
        turn = 1 + (at - self.to) // self.length
        if self.times:
            turn = min(turn, self.times - 1)
        return at - turn * self.length, turn

    def unrolled(self, song: int, turn: int) -> int:
        """The frame of the looped source at song time `song`, in pass `turn` if it lies in the region."""
        if song < self.begin:
            return song
        if song < self.to:
            return song + turn * self.length
        return song + self.added

    def exit(self, at: int) -> int | None:
        """Where the pass ends that frame `at` lies in; None behind the last seam."""
        turn = self.song(at)[1]
        if self.times and turn >= self.times - 1:
            return None
        return self.to + turn * self.length


class Clicks(NamedTuple):
    """A count-in: how many clicks, how many make a bar, and the seconds from one to the next."""

    beats: int
    bar: int
    pace: Fraction

    def frame(self, beat: int) -> int:
        """The frame at which a click begins; that of one beat more than there are is where the song does."""
        return int((2 * beat * self.pace * RATE + 1) // 2)


class SourceSpec(Struct, frozen=True):
    """Which material to read; picklable and hashable, so it crosses processes and keys caches."""

    kind: Literal["audio", "midi", "silence", "clicks"]
    path: str = ""  # absolute
    frames: int = 0  # silence and clicks: the length; else 0, the file tells
    offset: int = 0  # frames of the file before song time 0; negative: silence first
    gain_db: float = 0.0
    repeat: bool = False  # a stand-in starts again where more is asked of it than it has
    transpose: int = 0  # MIDI: semitones up
    loop: Region | None = None  # then it is read in the count of frames that `Region` tells of
    clicks: Clicks | None = None


def onward(spec: SourceSpec) -> SourceSpec:
    """What a voice reads that has left the loop of `spec`."""
    return replace(spec, loop=spec.loop._replace(times=1)) if spec.loop else spec


def joins_over(spec: SourceSpec) -> int:
    """Frames before the end of a loop over which a voice that leaves it goes over to what lies behind.

    A recording goes on to the bit. Notes do not, where they are struck anew to be read from there.
    """
    return min(2400, spec.loop.length, spec.loop.to) if spec.loop and spec.kind == "midi" else 0


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
