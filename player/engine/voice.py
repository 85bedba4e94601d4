"""One sounding thing: where it stands in its material, and every gain that acts on it."""

from __future__ import annotations

from copy import copy
from typing import Any

import numpy as np
from numpy import add, multiply, positive  # by name, and `out` by position: the loop of all voices feels either
from numpy.typing import NDArray

from player.engine import ramp
from player.engine.commands import BACK, DECLICK, Shape, Start
from player.engine.feed import Feed, Silence
from player.engine.levels import decibels, level
from player.engine.ramp import Flat, Ramp
from player.engine.source import joins_over, onward
from player.engine.status import VoiceStatus

_EVER = 1 << 62
_FAR = 1 << 61  # where an endless loop ends: it is not nothing that is to come
_MADE = ramp.PIECE  # frames worked out together: a call of numpy costs as much as what it does for a block


def _far(start: Start) -> tuple[int, NDArray[np.float32]] | None:
    """The channel on the far side of a panned voice, and how much softer it is there."""
    if not start.pan:
        return None
    return 1 if start.pan < 0 else 0, np.array([1.0 - min(abs(start.pan), 100.0) / 100.0], np.float32)


class Voice:
    """A started cue. Frames named `now` are show time; `at`, `begin`, `end` count frames of the source.

    While the voice is held its own time stands still: `late` is what it then lacks, and every frame kept in here
    (`*_from`, `_to`, what stands beside a ramp) is in that time, show time less `late`.
    """

    __slots__ = (
        "_born",
        "_far",
        "_from",
        "_gated",
        "_level",
        "_level_array",
        "_made",
        "_made_from",
        "_made_to",
        "_move",
        "_move_from",
        "_plain",
        "_ramps",
        "_scale",
        "_shape",
        "_silent_at",
        "_timed",
        "_to",
        "at",
        "bus",
        "cut",
        "end",
        "exit_at",
        "feed",
        "held_at",
        "join",
        "late",
        "leaves",
        "loop",
        "source",
        "start",
        "stopped",
    )

    def __init__(self, start: Start, feed: Feed, now: int) -> None:
        self.start = start
        self.feed = feed
        self.source = start.source
        self.loop = start.source.loop
        self.exit_at: int | None = None  # where it leaves its loop
        self.join = 0  # frames before that over which it goes over
        self.bus = 0
        self.at = start.begin
        self.end = _FAR if self.loop and not self.loop.times else start.end + (self.loop.added if self.loop else 0)
        self.late = 0
        self.held_at: int | None = None  # show time since which it stands still
        self._born = now
        self._gated = -1
        rise = start.crossfade or start.rise
        if (rise is None or not rise.frames) and self._inside(start.begin):
            rise = DECLICK
        # what acts for a stretch of show time, each with the frame it began at: rise, then gate and move
        self._timed: list[tuple[Ramp, int]] = []
        if rise and rise.frames:
            self._timed.append((ramp.fade(*rise, rising=True), now))
        self.leaves: list[tuple[Ramp, int]] = []
        self.stopped = False  # made to leave: what waits for its end is dropped
        self._move: Ramp | None = None
        self._move_from = 0
        self._shape = ramp.fade(*start.shape, rising=False) if start.shape and start.shape.frames else None
        self.cut = start.cut and self._shape is None  # it ends inside its material, with nothing to shape that
        self._far = _far(start)
        self._set_level(start.gain_db)
        self._silent_at: int | None = None
        # what acts in frames [_from, _to) of show time; found by _survey, void after any change
        self._ramps: list[tuple[Ramp, int]] = []
        self._from, self._to = 0, 0
        self._scale: NDArray[np.float32] | None = None
        self._plain = False  # nothing acts on it
        # frames [_made_from, _made_to) with all that acts on them
        self._made: Flat | None = None
        self._made_from, self._made_to = 0, 0

    # -- what acts on it

    def leave(self, shape: Shape, now: int) -> None:
        """Go out over `shape`; a second wish at the same frame takes the place of the first."""
        now -= self.late
        fade = ramp.fade(*(shape if shape.frames else DECLICK), rising=False)
        self.leaves = [(r, begun) for r, begun in self.leaves if begun != now] + [(fade, now)]
        self.stopped = True
        self._to = 0

    def move(self, level_db: float, frames: int, now: int) -> None:
        """Level to `level_db`, linear in dB; at once means within 5 ms, or while nobody hears it."""
        now -= self.late
        self._to = 0
        if self.held_at is not None:
            self._timed = [entry for entry in self._timed if entry[0] is not self._move]
            self._move = None
            self._set_level(level_db)
            self._silent_at = None
            return
        was = self._level_at(now)
        if frames > DECLICK.frames:
            fade = ramp.move(frames, decibels(was), level_db)
        else:  # too short to have a curve: evenly in gain, since evenly in dB would click
            frames = DECLICK.frames
            fade = ramp.glide(frames, was, level(level_db))
        self._keep(now, but=self._move)
        self._timed.append((fade, now))
        self._move, self._move_from = fade, now
        self._set_level(level_db)
        self._silent_at = now + frames if not self._level else None

    def _set_level(self, db: float) -> None:
        self._level = level(db)
        # an array of one: numpy multiplies by it in half the time it takes with a number
        self._level_array = None if self._level == 1.0 else np.array([self._level], np.float32)

    def gate(self, now: int) -> None:
        """Rise over 5 ms from here: the material has just been entered somewhere inside."""
        now -= self.late
        if self._gated == now:
            return
        self._gated = now
        self._keep(now)
        self._timed.append((ramp.fade(*DECLICK, rising=True), now))
        self._to = 0

    def _keep(self, now: int, but: Ramp | None = None) -> None:
        """Forget the ramps that are over."""
        self._timed = [(r, begun) for r, begun in self._timed if r is not but and begun + r.frames > now]

    def seek(self, at: int, feed: Feed, now: int) -> None:
        """Go on at `at`, clean; the very first frame of a recording needs no ramp."""
        self.feed, self.at, self._to = feed, at, 0
        if self.exit_at is not None:
            self._exit_from(at)
        if self._inside(at) and self.held_at is None:
            self.gate(now)

    def _inside(self, at: int) -> bool:
        """Whether frame `at` lies behind the recording's first one, so that to enter there may click."""
        return at + self.source.offset > 0

    def hold(self, now: int) -> None:
        """Stand still from this frame on."""
        self.held_at = now

    def release(self, now: int) -> None:
        """Go on with the frame it stood at."""
        assert self.held_at is not None, "only what stands still goes on"
        new = self.unheard(self.held_at) and self.at == self.start.begin
        self.late += now - self.held_at
        self.held_at = None
        if not new:
            self.enter(now)

    def enter(self, now: int) -> None:
        """Go on sounding after a silence, where it stands."""
        if self._inside(self.at):
            self.gate(now)

    @property
    def turning(self) -> bool:
        """Whether its loop brings it back at the end of this pass."""
        return self.loop is not None and self.exit_at is None and self.loop.exit(self.at) is not None

    def leave_loop(self) -> None:
        """Play on behind the loop when this pass is over."""
        if self.loop is not None and self.exit_at is None:
            self._exit_from(self.at)

    def _exit_from(self, at: int) -> None:
        """Leave the loop where the pass ends that frame `at` lies in."""
        assert self.loop is not None, "only a loop is left"
        self.exit_at, self._to = self.loop.exit(at), 0
        self.join = min(joins_over(self.source), self.exit_at - at) if self.exit_at is not None else 0

    def go_on(self, feed: Feed, now: int) -> None:
        """The pass is over: `feed` goes on at `loop.to`, less the join, and the source is its song from here."""
        assert self.loop is not None, "only a loop is left"
        self.feed, self.at, self._to = feed, self.loop.to - self.join, 0
        if self.join:
            self._timed.append((ramp.fade(self.join, "linear", rising=True), now - self.late))
        self.unloop()

    def unloop(self) -> None:
        """Read the song itself from here on."""
        self.source, self.end = onward(self.source), self.start.end
        self.loop = self.exit_at = None

    # -- when it will be gone

    def natural_end(self, now: int) -> int:
        """The frame of show time at which its material, or a written `to`, is over."""
        if self.held_at is not None:
            return _EVER
        return now + max(0, self.last - self.at)

    def gone_at(self, now: int) -> int:
        """The frame of show time at which it is over, for whatever reason."""
        if self.held_at is not None:
            return _EVER
        late = self.late
        ends = [self.natural_end(now), *(begun + r.frames + late for r, begun in self.leaves)]
        if self._silent_at is not None:
            ends.append(self._silent_at + late)
        return min(ends)

    def turns_at(self, now: int) -> int:
        """The frame of show time at which it goes over to what lies behind its loop."""
        if self.exit_at is None or self.held_at is not None:
            return _EVER
        return now + self.exit_at - self.join - self.at

    @property
    def last(self) -> int:
        """The frame of the source it ends at, as far as that is known."""
        if self.exit_at is None or self.loop is None:
            return self.end
        return self.exit_at + self.start.end - self.loop.to

    # -- coming back

    def copy(self) -> Voice:
        """The same voice, to be changed apart, without its feed."""
        twin = copy(self)
        twin.feed = Silence()
        twin._timed = list(self._timed)
        twin._to = 0
        twin._made = None  # else both would write there
        return twin

    def __getstate__(self) -> dict[str, Any]:
        """Everything but its feed, and what follows from the rest."""
        left = ("feed", "_far", "_level_array", "_made", "_made_from", "_made_to", "_plain", "_ramps", "_scale")
        return {name: getattr(self, name) for name in self.__slots__ if name not in left}

    def __setstate__(self, state: dict[str, Any]) -> None:
        for name, value in state.items():
            setattr(self, name, value)
        self.feed, self._ramps, self._scale, self._to, self._made = Silence(), [], None, 0, None
        self._made_from, self._made_to, self._plain = 0, 0, False
        self._far = _far(self.start)
        self._level_array = None if self._level == 1.0 else np.array([self._level], np.float32)

    def shift(self, frames: int) -> None:
        """Be where all that acts on it has begun so many frames of show time later."""
        self.late += frames
        self._born += frames
        self._to = 0
        if self.held_at is not None:
            self.held_at += frames

    def move_on(self, frames: int) -> None:
        """Stand where it would stand so many frames later, if it is not held."""
        if self.held_at is not None:
            return
        self.at += frames
        if self.exit_at is not None and self.loop is not None and self.at >= self.exit_at:
            self.at += self.loop.to - self.exit_at
            self.unloop()

    def back(self, start: Start, feed: Feed, now: int) -> None:
        """Come in again linearly, as the voice of `start`, where it stands."""
        self.start, self.feed, self._born, self._to = start, feed, -1, 0
        if self.held_at is None:
            self._timed.append((ramp.fade(*BACK, rising=True), now - self.late))

    def unheard(self, now: int) -> bool:
        """Whether nothing of it has sounded yet."""
        return now == self._born

    # -- sound

    def add(self, out: Flat, at: int, now: int, scratch: Flat, duck: Flat | None) -> bool:
        """Add the frames from `at` on to `out`, interleaved, whose first frame is `now` in show time.

        Changes nothing that is heard but `out`, so a look ahead (the 5 ms behind a pause) is the same call.
        `scratch` has room for as much as `out`, and for what is worked out together. `duck`, as long as `out`, is
        gains that others put on it. Returns False if the feed had not everything: what it lacked stays silent.
        Audio thread.
        """
        now -= self.late
        j, made = 2 * (now - self._made_from), self._made
        if j >= 0 and now + (len(out) >> 1) <= self._made_to and now < self._to and duck is None and made is not None:
            add(out, made[j : j + len(out)], out)  # what the rest of this comes to in most blocks, sooner
            return True
        while True:
            if not self._from <= now < self._to:
                self._survey(at, now)
            size = len(out)
            n = min(size >> 1, self._to - now)
            sound = self.feed.view(at, n) if self._plain else self._shaped(at, now, n, scratch)
            if sound is None or not len(sound):  # no frame at all would come round here for ever
                return False
            done = len(sound)
            if duck is not None:
                sound = multiply(sound, duck[:done], scratch[:done])
                duck = duck[done:]
            if done == size:
                add(out, sound, out)
                return True
            into = out[:done]
            add(into, sound, into)
            out = out[done:]
            at += done >> 1
            now += done >> 1

    def _shaped(self, at: int, now: int, n: int, scratch: Flat) -> Flat | None:
        """Up to `n` frames with all that acts on them, as they were worked out for many blocks together."""
        if not self._made_from <= now < self._made_to and not self._make(at, now, scratch):
            return None
        assert self._made is not None, "it has just been worked out"
        j = now - self._made_from
        return self._made[2 * j : 2 * (min(now + n, self._made_to) - self._made_from)]

    def _make(self, at: int, now: int, scratch: Flat) -> bool:
        """Work out the next frames, as many as are at hand. Returns False if there are none."""
        sound = self.feed.view(at, min(_MADE, self._to - now))
        if sound is None:
            return False
        if self._made is None:
            self._made = np.empty(2 * _MADE, np.float32)
        into = self._made
        for fade, begun in self._ramps:
            gain = fade.gains(now - begun, len(sound) >> 1, scratch)
            sound = multiply(sound[: len(gain)], gain, into[: len(gain)])
        if self._scale is not None:
            sound = multiply(sound, self._scale, into[: len(sound)])
        if self._far is not None:
            if not self._ramps and self._scale is None:  # it is the feed's own still
                sound = positive(sound, into[: len(sound)])
            channel, factor = self._far
            multiply(sound[channel::2], factor, sound[channel::2])
        self._made_from, self._made_to = now, now + (len(sound) >> 1)
        return True

    def _survey(self, at: int, now: int) -> None:
        """Find the ramps that act at `now`, and how long just these do.

        A piece never spans a ramp's end: the order of multiplications, and so their rounding, depends on the
        frame alone, whatever the block size.
        """
        acting, until = [], _EVER
        moving = False
        for fade, begun in self._timed:
            if now < begun + fade.frames:
                acting.append((fade, begun))
                until = min(until, begun + fade.frames)
                moving |= fade is self._move
        if self._shape is not None:
            begun = now + self.last - self._shape.frames - at
            if now < begun:
                until = min(until, begun)
            else:
                acting.append((self._shape, begun))
        self._ramps = acting + self.leaves
        self._from, self._to = now, until
        self._scale = self._level_array if not moving else None
        self._plain = not self._ramps and self._scale is None and self._far is None
        self._made_to = 0

    def _level_at(self, now: int) -> float:
        return self._move.gain(now - self._move_from) if self._move else self._level

    # -- for the screen

    def status(self, now: int, duck: float = 1.0) -> VoiceStatus:
        """Where it stands and how loud; for the screen, not for sound. `duck` is what others put on it."""
        own = (now if self.held_at is None else self.held_at) - self.late
        gain = self._level_at(own) * duck
        if not self._from <= own < self._to:
            self._survey(self.at, own)
        for fade, begun in self._ramps:
            if fade is not self._move:
                gain *= fade.gain(own - begun)
        leaving = self.stopped or self._silent_at is not None
        at, turn = self.loop.song(self.at) if self.loop else (self.at, 0)
        endless = self.loop is not None and not self.loop.times and self.exit_at is None
        left = self.start.end - at if endless else self.last - self.at
        end = at + max(0, min(left, self.gone_at(now) - now))
        return VoiceStatus(self.start.voice, at, end, gain, leaving, self.held_at is not None, self.turning, turn)
