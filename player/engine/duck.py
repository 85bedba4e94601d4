"""What voices put on one another: while one that ducks sounds, all others of its output are held lower."""

from __future__ import annotations

from typing import Final

import numpy as np
from msgspec import Struct

from player.engine import RATE, ramp
from player.engine.levels import decibels
from player.engine.ramp import Flat, Ramp

DOWN: Final = 3 * RATE // 10  # frames to the lower level
UP: Final = RATE  # frames back


def tables(db: float) -> None:
    """Have ready what a duck of `db` will need. Any thread but the audio thread."""
    ramp.move(DOWN, 0.0, db)
    ramp.move(UP, db, 0.0)


class _Duck(Struct):
    """One that ducks: a fall from a frame of show time on, and a rise once it leaves."""

    voice: int
    db: float
    path: Ramp
    begun: int
    over: bool = False  # it rises

    def gain(self, now: int) -> float:
        return self.path.gain(now - self.begun)

    def fill(self, out: Flat, now: int) -> None:
        """Write its gains from frame `now` on, interleaved stereo."""
        while len(out):
            k = now - self.begun
            if k >= self.path.frames:
                out[:] = self.path.last
                return
            gains = self.path.gains(k, len(out) >> 1, out)
            out = out[len(gains) :]
            now += len(gains) >> 1


class Ducks:
    """All that duck now. The deepest wins, frame by frame; gains depend on the frame alone. Audio thread."""

    def __init__(self, longest: int) -> None:
        """`longest`: frames asked for in one go, at most."""
        self._ducks: list[_Duck] = []
        self._room, self._other, self._one = (np.empty(2 * longest, np.float32) for _ in range(3))
        self._known = (-1, 0)  # which frames `_room` holds the gains of: from where on, how many

    def __bool__(self) -> bool:
        return bool(self._ducks)

    def begin(self, voice: int, db: float, now: int) -> None:
        """`voice` holds the others `db` (below 0) lower from here on."""
        self._ducks.append(_Duck(voice, db, ramp.move(DOWN, 0.0, db), now))
        self._known = (-1, 0)

    def end(self, voice: int, now: int) -> None:
        """`voice` leaves or is gone: the others come back."""
        for duck in self._ducks:
            if duck.voice == voice and not duck.over:
                gain = duck.gain(now)
                duck.path, duck.begun, duck.over = ramp.move(UP, decibels(gain), 0.0), now, True
                self._known = (-1, 0)

    def pass_on(self, voice: int, other: int, db: float, now: int) -> None:
        """`other` takes the place of `voice`, which may have left already."""
        for duck in self._ducks:
            if duck.voice == voice and not duck.over:
                duck.voice = other
                self._known = (-1, 0)
                return
        self.begin(other, db, now)

    def hurry(self, now: int, frames: int) -> None:
        """All that duck let go within `frames`."""
        for duck in self._ducks:
            duck.path, duck.begun, duck.over = ramp.move(frames, decibels(duck.gain(now)), 0.0), now, True
        self._known = (-1, 0)

    def state(self) -> tuple[tuple[int, float, Ramp, int, bool], ...]:
        """All that duck, to be taken over elsewhere."""
        return tuple((d.voice, d.db, d.path, d.begun, d.over) for d in self._ducks)

    def take(self, state: tuple[tuple[int, float, Ramp, int, bool], ...], later: int) -> None:
        """Duck as others did, so many frames later."""
        self._ducks += [_Duck(voice, db, path, begun + later, over) for voice, db, path, begun, over in state]
        self._known = (-1, 0)

    def tend(self, now: int) -> None:
        """Forget those whose rise is over."""
        if any(d.over and now >= d.begun + d.path.frames for d in self._ducks):
            self._ducks = [d for d in self._ducks if not (d.over and now >= d.begun + d.path.frames)]

    def gain(self, voice: int, now: int) -> float:
        """The gain that the others put on `voice` at frame `now`."""
        return min((d.gain(now) for d in self._ducks if d.voice != voice), default=1.0)

    def gains(self, voice: int, now: int, n: int) -> Flat | None:
        """The gains of `n` frames from `now` on, interleaved stereo, until the next call; None: nothing ducks it."""
        if any(d.voice == voice for d in self._ducks):
            others = [d for d in self._ducks if d.voice != voice]
            return self._least(others, self._other[: 2 * n], now) if others else None
        if self._known != (now, n):
            self._least(self._ducks, self._room[: 2 * n], now)
            self._known = (now, n)
        return self._room[: 2 * n]

    def _least(self, ducks: list[_Duck], out: Flat, now: int) -> Flat:
        ducks[0].fill(out, now)
        for duck in ducks[1:]:
            one = self._one[: len(out)]
            duck.fill(one, now)
            np.minimum(out, one, out=out)
        return out
