"""One sounding thing: where it stands in its material, and every gain that acts on it."""

from __future__ import annotations

import numpy as np

from player.engine import ramp
from player.engine.commands import Shape, Start
from player.engine.feed import Feed
from player.engine.ramp import Flat, Ramp
from player.engine.status import VoiceStatus

DECLICK = Shape(240)  # 5 ms, for every edge inside a recording that has no fade of its own


class Voice:
    """A started cue. Frames named `now` or `*_from` are show time; `at`, `begin`, `end` are song time."""

    __slots__ = (
        "start", "feed", "at", "end", "cut", "leaves", "stopped",
        "_timed", "_move", "_move_from", "_moving", "_shape", "_level", "_scale", "_silent_at",
    )

    def __init__(self, start: Start, feed: Feed, now: int) -> None:
        self.start = start
        self.feed = feed
        self.at = start.begin
        self.end = start.end
        rise = start.crossfade or start.rise
        if (rise is None or not rise.frames) and start.begin:
            rise = DECLICK
        # what acts for a stretch of show time, each with the frame it began at: rise, then gate and move
        self._timed: list[tuple[Ramp, int]] = []
        if rise and rise.frames:
            self._timed.append((ramp.fade(*rise, rising=True), now))
        self.leaves: list[tuple[Ramp, int]] = []
        self.stopped = False  # made to leave: what waits for its end is dropped
        self._move: Ramp | None = None
        self._move_from = 0
        self._moving = False
        self._shape = ramp.fade(*start.shape, rising=False) if start.shape and start.shape.frames else None
        self.cut = start.cut and self._shape is None  # it ends inside its material, with nothing to shape that
        self._set_level(start.gain_db)
        self._silent_at: int | None = None

    # -- what acts on it

    def leave(self, shape: Shape, now: int) -> None:
        """Go out over `shape`; a second wish at the same frame takes the place of the first."""
        fade = ramp.fade(*(shape if shape.frames else DECLICK), rising=False)
        self.leaves = [(r, begun) for r, begun in self.leaves if begun != now] + [(fade, now)]
        self.stopped = True

    def move(self, level_db: float, frames: int, now: int) -> None:
        """Level to `level_db`, linear in dB; at once means within 5 ms."""
        frames = max(frames, DECLICK.frames)
        fade = ramp.move(frames, ramp.decibels(self._level_at(now)), level_db)
        self._keep(now, but=self._move)
        self._timed.append((fade, now))
        self._move, self._move_from = fade, now
        self._set_level(level_db)
        self._silent_at = now + frames if not self._level else None

    def _set_level(self, db: float) -> None:
        self._level = ramp.level(db)
        # an array of one: numpy multiplies by it in half the time it takes with a number
        self._scale = None if self._level == 1.0 else np.array([self._level], np.float32)

    def gate(self, now: int) -> None:
        """Rise over 5 ms from here: the material has just been entered somewhere inside."""
        self._keep(now)
        self._timed.append((ramp.fade(*DECLICK, rising=True), now))

    def _keep(self, now: int, but: Ramp | None = None) -> None:
        """Forget the ramps that are over."""
        self._timed = [(r, begun) for r, begun in self._timed if r is not but and begun + r.frames > now]

    def seek(self, at: int, feed: Feed, now: int) -> None:
        """Go on at `at`, clean; the very first frame of a recording needs no ramp."""
        self.feed, self.at = feed, at
        if at:
            self.gate(now)

    # -- when it will be gone

    def natural_end(self, now: int) -> int:
        """The frame of show time at which its material, or a written `to`, is over."""
        return now + max(0, self.end - self.at)

    def gone_at(self, now: int) -> int:
        """The frame of show time at which it is over, for whatever reason."""
        ends = [self.natural_end(now), *(begun + r.frames for r, begun in self.leaves)]
        if self._silent_at is not None:
            ends.append(self._silent_at)
        return min(ends)

    # -- sound

    def add(self, out: Flat, at: int, now: int, scratch: Flat) -> bool:
        """Add the frames from `at` on to `out`, interleaved, whose first frame is `now` in show time.

        Changes nothing but `out`, so a look ahead (the 5 ms behind a pause) is the same call. `scratch` is as
        long as `out`. Returns False if the feed had not everything: what it lacked stays silent. Audio thread.
        """
        done, n = 0, len(out) // 2
        while done < n:
            ramps, m = self._acting(at + done, now + done, n - done)
            sound = self.feed.view(at + done, m)
            if sound is None:
                return False
            m = len(sound) // 2
            gains = []
            for ramp_, k in ramps:
                gains.append(ramp_.gains(k, m))
                m = min(m, len(gains[-1]) // 2)
            size = 2 * m
            sound, scaled = sound[:size], scratch[:size]
            for gain in gains:
                sound = np.multiply(sound, gain[:size], out=scaled)
            if self._scale is not None and not self._moving:
                sound = np.multiply(sound, self._scale, out=scaled)
            into = out[2 * done : 2 * done + size]
            np.add(into, sound, out=into)
            done += m
        return True

    def _acting(self, at: int, now: int, n: int) -> tuple[list[tuple[Ramp, int]], int]:
        """The ramps that act from frame `now` on, and for how many of `n` frames just these do.

        A piece never spans a ramp's end: the order of multiplications, and so their rounding, depends on the
        frame alone, whatever the block size.
        """
        acting = []
        self._moving = False
        for fade, begun in self._timed:
            left = begun + fade.frames - now
            if left > 0:
                acting.append((fade, now - begun))
                self._moving |= fade is self._move
                if left < n:
                    n = left
        if self._shape is not None:
            k = at - self.end + self._shape.frames
            if k >= 0:
                acting.append((self._shape, k))
            elif -k < n:
                n = -k
        for fade, begun in self.leaves:
            acting.append((fade, now - begun))
        return acting, n

    def _level_at(self, now: int) -> float:
        return self._move.gain(now - self._move_from) if self._move else self._level

    # -- for the screen

    def status(self, now: int) -> VoiceStatus:
        """Where it stands and how loud; for the screen, not for sound."""
        gain = self._level_at(now)
        for fade, k in self._acting(self.at, now, 1)[0]:
            if fade is not self._move:
                gain *= fade.gain(k)
        leaving = self.stopped or self._silent_at is not None
        return VoiceStatus(self.start.voice, self.at, self.end, gain, leaving)
