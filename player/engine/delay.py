"""Sound heard later than it is mixed, by a number of frames that may change while it plays."""

from __future__ import annotations

from typing import Final

import numpy as np

from player.engine.commands import DECLICK
from player.engine.source import Samples

_EDGE: Final = DECLICK.frames


class Delay:
    """Used by one thread. Where it changes, what was heard goes out and what comes rises, over 5 ms at most.

    A longer delay begins with as much silence; a shorter one leaves out what there is too much. A delay that is there
    from the first block on is silence at first.
    """

    def __init__(self) -> None:
        """Without any delay, which costs nothing and changes no bit."""
        self.frames = 0
        self._waits: Samples = np.zeros((0, 2), np.float32)  # what is heard next
        self._begun = False

    def process(self, out: Samples, frames: int) -> None:
        """Put in the place of `out` (n, channels) what came `frames` before it."""
        begun, self._begun = self._begun, True
        if not frames and not self.frames:
            return
        if not begun:
            self.frames = frames
        if not begun or self._waits.shape[1] != out.shape[1]:  # another device
            self._waits = np.zeros((self.frames, out.shape[1]), np.float32)
        line = np.concatenate((self._waits, out))
        if frames != self.frames:
            line = self._changed(line, out, frames)
        n = len(out)
        out[:] = line[:n]
        self._waits = line[n:]

    def _changed(self, line: Samples, out: Samples, frames: int) -> Samples:
        """What is heard from here on, of what would have been heard."""
        edge = min(len(out), _EDGE)
        rise = np.linspace(0.0, 1.0, edge, endpoint=False, dtype=np.float32)[:, np.newaxis]
        less = self.frames - frames
        if less > 0:
            after = line[less:].copy()
            after[:edge] *= rise
        else:
            after = np.concatenate((np.zeros((frames, out.shape[1]), np.float32), out))
            after[frames : frames + edge] *= rise
        after[:edge] += line[:edge] * (1.0 - rise)
        self.frames = frames
        return after
