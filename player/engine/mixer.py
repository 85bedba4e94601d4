"""The mixer: what sounds at each frame, from commands at exact frames.

Two counts of frames: `clock` counts every frame delivered, `show` only those that were not paused. All that is
scheduled stands in show time, so a pause freezes it. A block is cut wherever something happens, and at one frame
things happen in one order: voices that are over go, what follows on them comes, then what was scheduled, then
what arrives. So the sound does not depend on how it is asked for.

Voices are summed on buses. Bus 0 is the main one; `route` says which outputs of the timeline have others.
"""

from __future__ import annotations

import heapq
import math
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from typing import Final

import numpy as np
from msgspec.structs import replace

from player.engine import RATE, ramp
from player.engine.commands import (
    BACK,
    DECLICK,
    UNTIL_END,
    UNTIL_SCENE,
    Auto,
    Batch,
    Bring,
    Command,
    Enter,
    Hold,
    Later,
    LeaveLoops,
    Master,
    Move,
    Panic,
    Pass,
    Pause,
    Release,
    Restore,
    Resume,
    Roll,
    Seek,
    Shape,
    Start,
    Stop,
    Target,
    Undo,
    starts,
)
from player.engine.duck import Ducks
from player.engine.feed import Feed, Skipped
from player.engine.memory import Ghost, Memory
from player.engine.moment import Moment
from player.engine.reel import NEVER, Reel
from player.engine.source import Samples, SourceSpec, onward
from player.engine.status import (
    Ended,
    Event,
    Fired,
    Held,
    Left,
    Over,
    Passed,
    Revived,
    Rolled,
    Started,
    Status,
    Unlooped,
)
from player.engine.voice import Voice

LONGEST: Final = 16_384  # frames mixed in one go; longer blocks are mixed in pieces
MOST_TAKEN: Final = 4096
_NARROW: Final = 16  # frames
_WIDE: Final = 128
_AUTO: Final = -1  # the token of the hands-free batch while its delay runs

FeedFor = Callable[[int, SourceSpec, int], Feed]  # (token, source, first frame) -> where the voice reads


class Mixer:
    """Plays batches of commands into blocks.

    One thread renders. Others hand in batches by `inbox.append` and take `outbox` and `dead` by `popleft`, which
    deques allow without a lock. `feed_for` is called on the rendering thread and must be quick.
    """

    def __init__(self, feed_for: FeedFor) -> None:
        self.inbox: deque[Batch] = deque()
        self.outbox: deque[Event] = deque()
        self.dead: deque[Feed] = deque()  # feeds nobody reads any more, to be closed elsewhere
        self.taken: deque[int] = deque(maxlen=MOST_TAKEN)  # the clock at which each batch was executed
        self.clock = 0
        self.show = 0
        self.paused = False
        self.voices: list[Voice] = []
        self.starved = 0  # pieces of a voice that its feed could not deliver in time
        self.peak = (0.0, 0.0)
        self._routes: Mapping[str, int] = {}
        self._open = feed_for
        self._skips = False
        self._scheduled: list[tuple[int, int, Later]] = []  # heap of (frame, order, what)
        self._order = 0
        self._held: list[Later] = []  # what waits for another later, or for the end of a voice
        self._still: list[tuple[int, Later]] = []  # sets held between two songs: the frames that were left
        self._auto: Auto | None = None
        self._reel = Reel()
        self._next = NEVER  # the next frame of show time at which something happens by itself
        # sound already mixed, from a frame of the clock on, with its bus
        self._tails: list[tuple[Samples, int, int]] = []
        self._master = 1.0
        self._glide: tuple[ramp.Ramp, int] | None = None
        self._over_after = 0
        self._scratch: ramp.Flat = np.empty(2 * LONGEST, np.float32)
        self._ducks: dict[str, Ducks] = {}  # by output
        self._memory = Memory()
        self._by = 0  # the firing that acts just now; 0: a person
        self._newest = 0  # the firing entered last
        self._place = -1  # the scene that is on
        self._came: set[int] = set()  # what has come by the film
        self._ages: dict[int, tuple[int, int]] = {}  # of firings by the film, which are numbered before they come

    # -- blocks

    def render(self, out: Samples, *others: Samples) -> None:
        """Fill `out`, float32 (frames, 2), with the next frames of bus 0, and `others`, as long, with those from 1 on.

        A bus that is not asked for is heard on bus 0. Audio thread: raises nothing, waits for nothing.
        """
        before = (0.0, 0.0)
        for first in range(0, len(out), LONGEST):
            self._render([bus[first : first + LONGEST] for bus in (out, *others)])
            if first:
                self.peak = _larger(before, self.peak)
            before = self.peak

    def rest(self, frames: int) -> bool:
        """Let the next frames pass in silence, if nothing sounds in them: most of a day of rehearsal. Audio thread."""
        if not self._silent:
            return False
        self.pass_silence(frames)
        return True

    @property
    def rests(self) -> bool:
        """Whether all is silent until somebody asks for something, and no film clock runs meanwhile. Audio thread."""
        return self._silent and (self.paused or not self._reel.runs)

    @property
    def _silent(self) -> bool:
        stands = self.paused or self._next == NEVER
        return stands and not (self.inbox or self._tails or self._glide)

    def pass_silence(self, frames: int) -> None:
        """So many frames have passed in silence, whatever was asked for meanwhile. Audio thread."""
        self.clock += frames
        self.show += 0 if self.paused else frames
        self.peak = (0.0, 0.0)

    def route(self, routes: Mapping[str, int]) -> None:
        """Outputs are heard on these buses from the next frame on, those not named here on bus 0. Audio thread.

        What sounds goes over within 5 ms.
        """
        self._routes = routes
        for voice in self.voices:
            bus = routes.get(voice.start.output, 0)
            if bus == voice.bus:
                continue
            if not self.paused and voice.held_at is None and not voice.unheard(self.show):
                self._tail([voice])
                voice.gate(self.show)
            voice.bus = bus

    def take(self) -> None:
        """Execute what has arrived, at the frame where the clock stands."""
        while self.inbox:
            self._by = 0
            batch = self.inbox.popleft()
            self.taken.append(self.clock)
            self._execute(batch)
            self._by = 0
            self._settle()  # so that the next batch meets the world as this one left it

    def skip(self, frames: int) -> None:
        """Let the next frames pass unheard: all that happens happens at its frame, and no feed is read.

        What is left from there on is what rendering would have led to, but for edges of 5 ms (50 ms where notes leave
        a loop) that have begun. Not while another thread renders.
        """
        self._skips = True
        self.take()
        until = self.clock + frames
        while self.clock < until:
            m = until - self.clock if self.paused else min(until - self.clock, self._next - self.show)
            self.clock += m
            self._drop_tails(self.clock)
            if self._glide is not None and self.clock >= self._glide[1] + self._glide[0].frames:
                self._glide = None
            if self.paused:
                continue
            for voice in self.voices:
                voice.at += m if voice.held_at is None else 0
            self.show += m
            if self.show >= self._next:
                self._settle()
        self._skips = False
        for voice in self.voices:
            if isinstance(voice.feed, Skipped):
                voice.feed = self._feed_for(voice.feed.token, voice.source, voice.at)

    def _feed_for(self, token: int, source: SourceSpec, at: int) -> Feed:
        return Skipped(token) if self._skips else self._open(token, source, at)

    def _render(self, outs: list[Samples]) -> None:
        self.take()
        for out in outs:
            out[:] = 0.0
        done, n = 0, len(outs[0])
        if self.rest(n):
            return
        while done < n:
            m = n - done if self.paused else min(n - done, self._next - self.show)
            pieces = [out[done : done + m] for out in outs]
            if not self.paused:
                self._mix(pieces)
            self._add_tails(pieces)
            self._apply_master(pieces)
            self.clock += m
            done += m
            if not self.paused:
                self.show += m
                if self.show >= self._next:
                    self._settle()
        self.peak = self._measure(outs[0], 0)
        for bus in range(1, len(outs)):
            self.peak = _larger(self.peak, self._measure(outs[bus], bus))

    def _mix(self, pieces: list[Samples]) -> None:
        flats, n = [piece.reshape(-1) for piece in pieces], len(pieces[0])
        flat, several = flats[0], len(flats) > 1
        ducked = False  # asked once: the loop of all voices feels a call
        for ducks in self._ducks.values():
            ducks.tend(self.show)
            ducked = ducked or bool(ducks)
        duck = None
        for voice in self.voices:
            if voice.held_at is not None:
                continue
            if ducked:
                duck = self._ducked(voice, n)
            if several:
                flat = flats[voice.bus if voice.bus < len(flats) else 0]
            if not voice.add(flat, voice.at, self.show, self._scratch, duck):
                self.starved += 1
            voice.at += n

    def _ducked(self, voice: Voice, n: int) -> ramp.Flat | None:
        """The gains that the others of its output put on `voice`."""
        ducks = self._ducks.get(voice.start.output)
        return ducks.gains(voice.start.voice, self.show, n) if ducks else None

    def _duck(self, start: Start) -> Ducks:
        """What ducks on the output of `start`."""
        if start.output not in self._ducks:
            self._ducks[start.output] = Ducks(LONGEST)
        return self._ducks[start.output]

    def _unduck(self, start: Start) -> None:
        if start.output in self._ducks:
            self._ducks[start.output].end(start.voice, self.show)

    def _add_tails(self, pieces: list[Samples]) -> None:
        if not self._tails:
            return
        n = len(pieces[0])
        for sound, begun, bus in self._tails:
            k = self.clock - begun
            m = min(n, len(sound) - k)
            if m > 0:
                pieces[bus if bus < len(pieces) else 0][:m] += sound[k : k + m]
        self._drop_tails(self.clock + n)

    def _drop_tails(self, until: int) -> None:
        self._tails = [tail for tail in self._tails if tail[1] + len(tail[0]) > until]

    def _apply_master(self, pieces: list[Samples]) -> None:
        flats, n = [piece.reshape(-1) for piece in pieces], len(pieces[0])
        if self._glide is not None:
            glide, begun = self._glide
            gain = glide.gains(self.clock - begun, n, self._scratch)
            for flat in flats:
                flat[: len(gain)] *= gain
            flats = [flat[len(gain) :] for flat in flats]
            if self.clock + n >= begun + glide.frames:
                self._glide = None
        if self._master != 1.0 and len(flats[0]):
            for flat in flats:
                flat *= np.float32(self._master)

    def _measure(self, out: Samples, bus: int) -> tuple[float, float]:
        peak = _peak(out)
        if max(peak) > 1.0 and self.clock > self._over_after:
            first, sizes = self.clock - len(out), np.abs(out).max(axis=1)
            over = np.flatnonzero(sizes > 1.0)
            over = over[over + first >= self._over_after]
            if len(over):
                self._over_after = first + int(over[0]) + RATE
                self.outbox.append(Over(first + int(over[0]), float(sizes[over[0]]), bus=bus))
        return peak

    # -- what happens by itself

    def _settle(self) -> None:
        """Let everything happen that is due at this frame of show time, and find the next frame to stop at."""
        while not self.paused and self._due():
            pass
        self._next = self._upcoming()

    def _due(self) -> bool:
        for voice in self.voices:
            if voice.gone_at(self.show) <= self.show:
                self._end(voice)
                return True
            if voice.turns_at(self.show) <= self.show:
                self._turn(voice)
                return True
        for later in self._held:
            if later.lead and self._lead_at(later) <= self.show:
                self._held.remove(later)
                self._schedule(later)
                return True
        if self._scheduled and self._scheduled[0][0] <= self.show:
            self._come(heapq.heappop(self._scheduled)[2])
            return True
        if self._reel.next(self.show) <= self.show:
            self._come(self._reel.pop())
            return True
        if self._auto is not None and self._auto_at() <= self.show:
            auto, self._auto = self._auto, None
            self._schedule(Later(_AUTO, auto.batch, auto.delay))
            return True
        return False

    def _upcoming(self) -> int:
        frames = [min(voice.gone_at(self.show), voice.turns_at(self.show)) for voice in self.voices]
        frames.extend(self._lead_at(later) for later in self._held if later.lead)
        if self._scheduled:
            frames.append(self._scheduled[0][0])
        frames.append(self._reel.next(self.show))
        if self._auto is not None:
            frames.append(self._auto_at())
        return min(frames, default=NEVER)

    def _lead_at(self, later: Later) -> int:
        voice = self._voice(later.end_of)
        return voice.natural_end(self.show) - later.lead if voice else NEVER

    def _auto_at(self) -> int:
        """When the music of the awaited firing is over: not while a song of it is still to come."""
        assert self._auto is not None
        serial = self._auto.serial
        coming = [later for _, _, later in self._scheduled] + self._held
        if any(later.serial == serial and starts(later.batch) for later in coming):
            return NEVER
        ends = [v.gone_at(self.show) for v in self.voices if v.start.serial == serial and v.held_at is None]
        return max(ends, default=self.show) - self._auto.lead

    def _come(self, later: Later) -> None:
        if later.film:
            self._came.add(later.token)
        self._by = later.serial if self._memory.knows(later.serial) else 0
        self._execute(later.batch)
        self._by = 0
        for waiting in [w for w in self._held if later.token and w.after == later.token]:
            self._held.remove(waiting)
            self._schedule(waiting)

    def _schedule(self, later: Later) -> None:
        if later.film:
            self._reel.put(self._reel.now(self.show) + later.frames, later)
            return
        self._order += 1
        heapq.heappush(self._scheduled, (self.show + later.frames, self._order, later))

    def _drop(self, voice: int) -> None:
        """Let go of all that waits for a voice which will not end by itself, and of what waits for that."""
        self._forgo(lambda later: later.end_of == voice, lambda later: later.owner == voice)

    def _forgo(self, held: Callable[[Later], bool], scheduled: Callable[[Later], bool]) -> None:
        """Let go of what waits as told, and in turn of all that waits for that."""
        running = [(due, later) for due, _, later in self._scheduled if scheduled(later)]
        for due, later in running:
            self._memory.dropped(self._by, later, due)
        doomed = [later for _, later in running] + [later for later in self._held if held(later)]
        waited = {later.token for _, later in running}
        while doomed:
            for later in doomed:
                if later.token not in waited:
                    self._memory.dropped(self._by, later, None)
            tokens = {later.token for later in doomed}
            voices = {start.voice for later in doomed for start in starts(later.batch)}
            self._held = [later for later in self._held if later.token not in tokens]
            self._scheduled = [entry for entry in self._scheduled if entry[2].token not in tokens]
            heapq.heapify(self._scheduled)
            doomed = [later for later in self._held if later.end_of in voices or later.after in tokens]

    def _leave_behind(self, enter: Enter) -> None:
        """Let go of what waits for its turn in the scene that is left: songs that leave with it, and its chain."""

        def outstays(later: Later) -> bool:
            if self._age(later.serial) >= self._age(enter.serial) or later.member or later.token == _AUTO:
                return False
            chains = any(isinstance(command, Enter) for command in later.batch)
            return chains or any(_outstayed(start, enter) for start in starts(later.batch))

        if enter.scene != self._place and not self._reel.on:
            self._forgo(outstays, outstays)
        self._place = enter.scene

    def _drop_members(self, leaves: Callable[[Start], bool]) -> None:
        """Let go of the sets that stand between two songs and leave now."""
        still = [entry for entry in self._still if any(map(leaves, starts(entry[1].batch)))]
        self._still = [entry for entry in self._still if entry not in still]
        waiting = self._take_members(leaves) + [(self.show + left, later) for left, later in still]
        for due, later in waiting:
            self._memory.dropped(self._by, later, due)
            for start in starts(later.batch):
                self._drop(start.voice)

    def _take_members(self, wanted: Callable[[Start], bool]) -> list[tuple[int, Later]]:
        """Take songs of sets, whose gap is running, out of what is scheduled, with the frames they were due at."""
        taken = [
            (due, later)
            for due, _, later in sorted(self._scheduled, key=lambda entry: entry[:2])
            if later.member and any(map(wanted, starts(later.batch)))
        ]
        if taken:
            gone = {later.token for _, later in taken}
            self._scheduled = [entry for entry in self._scheduled if entry[2].token not in gone]
            heapq.heapify(self._scheduled)
        return taken

    def _hold_members(self, target: Target) -> None:
        """Let the gaps of sets stand still."""
        for due, later in self._take_members(lambda start: _means(target, start)):
            self._memory.dropped(self._by, later, due)
            self._still.append((due - self.show, later))

    def _release_members(self, target: Target) -> None:
        for left, later in list(self._still):
            if any(_means(target, start) for start in starts(later.batch)):
                self._still.remove((left, later))
                self._order += 1
                heapq.heappush(self._scheduled, (self.show + left, self._order, later))

    def _end(self, voice: Voice) -> None:
        natural = not voice.stopped
        self.voices.remove(voice)
        self._unduck(voice.start)
        if natural and voice.cut and voice.at >= voice.last:
            self._tail([voice])
        self.dead.append(voice.feed)
        self.outbox.append(Ended(self.clock, voice.start.voice, natural))
        for waiting in [w for w in self._held if w.end_of == voice.start.voice]:
            self._held.remove(waiting)
            self._schedule(waiting)

    def _turn(self, voice: Voice) -> None:
        """Let a voice go over from its loop to what lies behind it: the last frame of the one joins the other."""
        assert voice.loop is not None, "only a loop is left"
        if voice.join:
            self._tail([voice], Shape(voice.join, "linear"))
        self.dead.append(voice.feed)
        at = voice.loop.to - voice.join
        voice.go_on(self._feed_for(voice.start.exit, onward(voice.source), at), self.show)
        self.outbox.append(Unlooped(self.clock, voice.start.voice))

    def _sounding(self) -> list[Voice]:
        """The voices that are heard: they do not stand still, and have not just come."""
        return [v for v in self.voices if v.held_at is None and not v.unheard(self.show)]

    def _tail(self, voices: list[Voice], shape: Shape = DECLICK) -> None:
        """Keep the next 5 ms of `voices`, or as `shape` says, falling to nothing, to be heard after they are cut."""
        for bus in {voice.bus for voice in voices}:
            sound = self._last_of([voice for voice in voices if voice.bus == bus], shape)
            self._tails.append((sound, self.clock, bus))

    def _last_of(self, voices: Iterable[Voice], shape: Shape) -> Samples:
        sound = np.zeros(2 * shape.frames, np.float32)
        for voice in voices:
            left = shape.frames if voice.cut else min(shape.frames, voice.last - voice.at)
            for fade, begun in voice.leaves:
                left = min(left, begun + fade.frames + voice.late - self.show)
            if left > 0 and not self._skips:
                duck = self._ducked(voice, left)
                voice.add(sound[: 2 * left], voice.at, self.show, self._scratch, duck)
        sound *= ramp.fade(*shape, rising=False).gains(0, shape.frames, self._scratch)
        return sound.reshape(-1, 2)

    # -- commands

    def _execute(self, batch: Batch) -> None:
        for command in batch:
            self._do(command)

    def _do(self, command: Command) -> None:
        match command:
            case Start():
                self._start(command)
            case Later(after=after, end_of=end_of):
                if after or end_of:
                    self._held.append(command)
                else:
                    self._schedule(command)
            case Auto():
                self._auto = command if command.batch else None
                self._scheduled = [entry for entry in self._scheduled if entry[2].token != _AUTO]
                heapq.heapify(self._scheduled)
            case Enter():
                self._enter(command)
            case Move(target, level_db, frames):
                if level_db == -math.inf:
                    self._memory.ended(self._by, lambda start: _means(target, start))
                for voice in self._meant(target):
                    self._move(voice, level_db, frames)
            case Stop(target, shape):
                self._drop_members(lambda start: _means(target, start))
                self._memory.ended(self._by, lambda start: _means(target, start))
                for voice in self._meant(target):
                    if shape or not voice.stopped:
                        self._leave(voice, shape or voice.start.leave)
            case Hold(target):
                self._hold_members(target)
                for voice in self._meant(target):
                    self._hold(voice)
            case Release(target):
                self._release_members(target)
                for voice in self._meant(target):
                    if voice.held_at is not None:
                        self._memory.touched(self._by, voice, self.show)
                        voice.release(self.show)
                        self.outbox.append(Held(self.clock, voice.start.voice, on=False))
            case LeaveLoops(target, endless):
                for voice in self._meant(target):
                    if voice.loop and not (endless and voice.loop.times):
                        self._memory.touched(self._by, voice, self.show)
                        voice.leave_loop()
            case Seek():
                self._seek(command)
            case Roll():
                self._roll(command)
            case Bring():
                self._bring(command)
            case Restore(there=Moment() as there, serial=serial):
                self._bring_back(there, serial)
            case Undo(serials, base):
                self._undo(serials, base)
            case Pass(cue):
                self.outbox.append(Passed(self.clock, cue))
            case Pause():
                if not self.paused:
                    self._tail(self._sounding())
                    self.paused = True
                    self._tell_film()
            case Resume():
                if self.paused:
                    self._resume()
                    self._tell_film()
            case Panic(shape):
                self._panic(shape)
            case Master(gain):
                heard = self.voices or self._tails
                glide = ramp.glide(DECLICK.frames, self._master_now(), gain)
                self._glide = (glide, self.clock) if heard else None
                self._master = gain

    def _start(self, start: Start) -> None:
        if start.crossfade:
            age = self._age(start.serial)
            self._drop_members(lambda coming: self._age(coming.serial) < age)
            for voice in list(self.voices):
                if not voice.start.preview and self._age(voice.start.serial) < age:
                    self._leave(voice, start.crossfade)
        feed = self._feed_for(start.voice, start.source, start.begin)
        voice = Voice(start, feed, self.show)
        voice.bus = self._routes.get(start.output, 0)
        self.voices.append(voice)
        if start.duck_db < 0:
            self._duck(start).begin(start.voice, start.duck_db, self.show)
        self.outbox.append(Started(self.clock, start.voice))

    def _age(self, serial: int) -> tuple[int, int]:
        """What tells which of two firings came first."""
        return self._ages.get(serial, (serial, 0))

    def _enter(self, enter: Enter) -> None:
        self._by = enter.serial
        if enter.serial < self._newest:
            self._ages[enter.serial] = self._newest, len(self._ages) + 1
        self._newest = max(self._newest, enter.serial)
        self._memory.open(enter.serial)
        if not enter.early:
            self._leave_behind(enter)
            self._drop_members(lambda start: _outstayed(start, enter))
            for voice in list(self.voices):
                if not voice.stopped and _outstayed(voice.start, enter):
                    self._leave(voice, voice.start.leave)
        self.outbox.append(Fired(self.clock, enter.step, enter.serial, enter.opens))

    def _roll(self, roll: Roll) -> None:
        """See Roll."""
        reel = self._reel
        if roll.batch is not None:
            reel.clear()
            self._held = [later for later in self._held if not later.film]
        if roll.at is not None or roll.by or roll.runs is not None:
            at = reel.now(self.show) if roll.at is None else roll.at
            reel.set(at + roll.by, reel.runs if roll.runs is None else roll.runs, self.show)
        for later in roll.batch or ():
            if isinstance(later, Later):
                if later.after or later.end_of:
                    self._held.append(later)
                elif later.frames >= reel.now(self.show):
                    reel.put(later.frames, later)
        self._tell_film()

    def moment(self) -> Moment:
        """All that stands and waits at this frame."""
        film = self._reel.now(self.show) if self._reel.on else None
        scheduled = sorted(self._scheduled, key=lambda entry: entry[:2])
        return Moment(
            show=self.show,
            voices=tuple(voice.copy() for voice in self.voices),
            scheduled=tuple((at, later) for at, _, later in scheduled),
            held=tuple(self._held),
            still=tuple(self._still),
            auto=self._auto,
            ducks={name: each.state() for name, each in self._ducks.items()},
            film=film,
            rolls=self._reel.runs,
            coming=tuple(self._reel.coming()),
            newest=self._newest,
            place=self._place,
            ages=dict(self._ages),
        )

    def _bring_back(self, there: Moment, serial: int) -> None:
        """See Restore."""
        self._by = serial
        self._memory.open(serial) if serial else self._memory.clear()
        self._clear_stage()
        later = self.show - there.show
        for voice in there.voices:
            fresh = voice.unheard(there.show)
            self._set(voice.copy(), later, fresh=fresh)
        for output, ducks in there.ducks.items():
            self._ducks.setdefault(output, Ducks(LONGEST)).take(ducks, later)
        for due, waiting in there.scheduled:
            self._order += 1
            heapq.heappush(self._scheduled, (due + later, self._order, waiting))
        self._held += there.held
        self._still += there.still
        self._auto = there.auto
        self._newest = max(self._newest, there.newest)
        self._place = there.place
        self._ages.update(there.ages)
        if there.film is not None:
            for at, waiting in there.coming:
                self._reel.put(at, waiting)
            self._reel.set(there.film, there.rolls, self.show)
            self._tell_film()

    def _clear_stage(self) -> None:
        """Let all that sounds go within 0.3 s, but a preview, and nothing come any more."""
        for voice in list(self.voices):
            if not voice.start.preview:
                self._leave(voice, BACK)
        for ducks in self._ducks.values():
            ducks.hurry(self.show, BACK.frames)
        waiting: list[tuple[int | None, Later]] = [(due, later) for due, _, later in self._scheduled]
        waiting += [(None, later) for later in self._held]
        waiting += [(self.show + left, later) for left, later in self._still]
        for due, later in waiting:
            self._memory.dropped(self._by, later, due)
        self._scheduled.clear()
        self._held.clear()
        self._still.clear()
        self._reel.clear()
        self._auto = None

    def _set(self, voice: Voice, later: int, *, fresh: bool) -> None:
        """Let a voice go on here that stood elsewhere, so many frames before. fresh: nothing of it was heard yet."""
        voice.shift(later)
        feed = self._feed_for(voice.start.voice, voice.source, voice.at)
        voice.bus = self._routes.get(voice.start.output, 0)
        if fresh:
            voice.feed = feed
        else:
            voice.back(voice.start, feed, self.show)
        self.voices.append(voice)

    def _tell_film(self) -> None:
        if self._reel.on:
            self.outbox.append(Rolled(self.clock, self._reel.now(self.show), self._reel.runs))

    def _bring(self, bring: Bring) -> None:
        """See Bring."""
        if bring.token in self._came:
            return
        self._reel.take(bring.token)
        self._held = [later for later in self._held if not (later.film and later.token == bring.token)]
        self._come(Later(bring.token, bring.batch, film=True))

    def _leave(self, voice: Voice, shape: Shape) -> None:
        self._touch(voice)
        if not voice.stopped:
            self.outbox.append(Left(self.clock, voice.start.voice))
        voice.leave(shape, self.show)
        self._drop(voice.start.voice)
        self._unduck(voice.start)
        if voice.held_at is not None:  # nothing of it is heard, so nothing need fade
            self._end(voice)

    def _touch(self, voice: Voice) -> None:
        """Before a voice is changed for good: what a firing does can be undone, what a person does stands."""
        if self._by:
            self._memory.touched(self._by, voice, self.show)
        else:
            self._memory.forget(voice.start.voice)

    def _move(self, voice: Voice, level_db: float, frames: int) -> None:
        if self._by or level_db == -math.inf:
            self._touch(voice)
        voice.move(level_db, frames, self.show)
        if level_db > -math.inf:
            return
        self.outbox.append(Left(self.clock, voice.start.voice))
        self._unduck(voice.start)
        if voice.held_at is not None:
            self._end(voice)

    def _hold(self, voice: Voice) -> None:
        """Let a voice stand still at this frame; one that leaves goes on leaving."""
        if voice.held_at is not None or voice.stopped:
            return
        if not self.paused and not voice.unheard(self.show):
            self._tail([voice])
        self._memory.touched(self._by, voice, self.show)
        voice.hold(self.show)
        self.outbox.append(Held(self.clock, voice.start.voice, on=True))

    def _seek(self, seek: Seek) -> None:
        voice = self._voice(seek.voice)
        if voice is None:
            return
        if not self.paused and voice.held_at is None:
            self._tail([voice])
        if seek.onward and voice.loop is not None:
            voice.unloop()
            self.outbox.append(Unlooped(self.clock, voice.start.voice))
        at = min(max(seek.at, voice.start.begin), voice.end)
        self.dead.append(voice.feed)
        voice.seek(at, self._feed_for(seek.token, voice.source, at), self.show)
        self._memory.sought(voice, self.show)

    def _resume(self) -> None:
        self.paused = False
        for voice in self.voices:
            if voice.held_at is None and not voice.unheard(self.show):
                voice.enter(self.show)

    def _undo(self, serials: tuple[int, ...], base: int) -> None:
        """See Undo."""
        ghosts, laters = self._memory.take(serials)
        self._held = [later for later in self._held if later.serial not in serials]
        self._scheduled = [entry for entry in self._scheduled if entry[2].serial not in serials]
        heapq.heapify(self._scheduled)
        self._still = [entry for entry in self._still if entry[1].serial not in serials]
        for voice in list(self.voices):
            if voice.start.serial in serials:
                self._leave(voice, Shape(BACK.frames))
        over: dict[int, int] = {}  # voices that would have ended by themselves since, and when
        for place, (number, ghost) in enumerate(ghosts):
            ends = ghost.voice.gone_at(ghost.since)
            if ends > self.show:
                self._revive(number, ghost, base + 2 * place)
            elif not ghost.voice.stopped:
                over[number] = ends
        sounding = {voice.start.voice for voice in self.voices}
        for due, later in laters:
            if due is None and later.end_of in over:
                due = over[later.end_of] - later.lead + later.frames
            self._restore(due, later, sounding)

    def _revive(self, number: int, ghost: Ghost, new: int) -> None:
        """Let the voice `number` go on as it would have gone."""
        voice, old = ghost.voice, self._voice(self._memory.became(number))
        voice.move_on(self.show - ghost.since)
        start = replace(voice.start, voice=new, exit=new + 1)
        voice.back(start, self._feed_for(new, voice.source, voice.at), self.show)
        voice.bus = self._routes.get(start.output, 0)
        self.voices.append(voice)
        if start.duck_db < 0 and not voice.stopped:
            self._duck(start).pass_on(old.start.voice if old else 0, new, start.duck_db, self.show)
        self._memory.becomes(number, new)
        self.outbox.append(Revived(self.clock, new, number, voice.stopped, voice.held_at is not None, voice.turning))
        if old is not None:
            self._replace(old, new)

    def _replace(self, old: Voice, new: int) -> None:
        """Let a voice make room for the one it is again; what waits for it waits for that one."""
        number = old.start.voice
        self._held = [_waiting_on(later, number, new) for later in self._held]
        self._scheduled = [(at, order, _waiting_on(later, number, new)) for at, order, later in self._scheduled]
        if not old.stopped:
            self.outbox.append(Left(self.clock, number))
        old.leave(BACK, self.show)
        self._unduck(old.start)
        if old.held_at is not None:
            self._end(old)

    def _restore(self, due: int | None, later: Later, sounding: set[int]) -> None:
        """Let something wait again that was dropped with a voice which is back; what was due meanwhile comes now."""
        self._still = [entry for entry in self._still if entry[1].token != later.token]
        for voice in (later.end_of, later.owner):
            later = _waiting_on(later, voice, self._memory.became(voice)) if voice else later
        if due is None:
            if not later.end_of or later.end_of in sounding or self._coming(later.end_of):
                self._held.append(later)
        else:
            self._order += 1
            heapq.heappush(self._scheduled, (max(due, self.show), self._order, later))

    def _coming(self, voice: int) -> bool:
        """Whether a voice is still to start."""
        waiting = [*self._held, *(later for _, _, later in self._scheduled), *(later for _, later in self._still)]
        waiting += [later for _, later in self._reel.coming()]
        return any(start.voice == voice for later in waiting for start in starts(later.batch))

    def _panic(self, shape: Shape) -> None:
        self._memory.clear()
        self._scheduled.clear()
        self._held.clear()
        self._still.clear()
        self._reel.clear()
        self._auto = None
        for voice in list(self.voices):
            self._leave(voice, shape)
        if self.paused:  # nothing is heard, so nothing need fade
            for voice in self.voices:
                self.dead.append(voice.feed)
                self.outbox.append(Ended(self.clock, voice.start.voice, False))
            self.voices.clear()
            self.paused = False
            self._tell_film()

    # -- looking

    def ghosts(self, serials: tuple[int, ...]) -> list[tuple[SourceSpec, int]]:
        """What the voices that an Undo would bring back read, and from about where on, in the order it numbers them.

        Any thread: the frames are those of the last block, so never too late.
        """
        return [ghost.now(self.show) for _, ghost in self._memory.ghosts(serials)]

    def _voice(self, number: int) -> Voice | None:
        return next((v for v in self.voices if v.start.voice == number), None)

    def _meant(self, target: Target) -> list[Voice]:
        return [voice for voice in self.voices if _means(target, voice.start)]

    def _master_now(self) -> float:
        if self._glide is None:
            return self._master
        glide, begun = self._glide
        return glide.gain(self.clock - begun)

    def status(self) -> Status:
        """Where everything stands after the last block."""
        voices = tuple(v.status(self.show, self._duck_of(v.start)) for v in self.voices)
        return Status(self.clock, self.show, self.paused, voices, self.peak, late=self.starved)

    def _duck_of(self, start: Start) -> float:
        ducks = self._ducks.get(start.output)
        return ducks.gain(start.voice, self.show) if ducks else 1.0

    def quiet(self) -> bool:
        """Whether nothing sounds and nothing is to come by itself."""
        return self._next == NEVER and not self._tails

    @property
    def idle(self) -> bool:
        """Whether nothing is left of all that was asked for: no voice, not even a held one, and nothing to come."""
        waits = self._held or self._scheduled or self._still or self._auto or self.inbox or self._reel.on
        return not (self.voices or waits or self._tails or self._glide)

    def coming(self) -> tuple[Start, ...]:
        """The voices that are still to start, those that are due first."""
        waiting = [entry[2] for entry in sorted(self._scheduled, key=lambda entry: entry[:2])]
        waiting += [later for _, later in self._reel.coming()]
        waiting += [*self._held, *(later for _, later in self._still)]
        batches = [later.batch for later in waiting] + ([self._auto.batch] if self._auto else [])
        return tuple(start for batch in batches for start in starts(batch))

    def level(self) -> float:
        """The gain of all outputs, once it is reached."""
        return self._master

    def until_next(self) -> int:
        """Frames until something happens by itself, or the last sound is over; NEVER, if nothing is to come."""
        if not self.paused and self._next != NEVER:
            return self._next - self.show
        return max((begun + len(sound) - self.clock for sound, begun, _ in self._tails), default=NEVER)


def _waiting_on(later: Later, old: int, new: int) -> Later:
    """`later` with the voice `new` in the place of `old`."""
    if old not in (later.end_of, later.owner):
        return later
    end_of = new if later.end_of == old else later.end_of
    return replace(later, end_of=end_of, owner=new if later.owner == old else later.owner)


def _means(target: Target, start: Start) -> bool:
    match target.kind:
        case "voice":
            return start.voice == target.voice
        case "song":
            return start.song == target.key
        case "cue":
            return start.cue == target.key
        case "all":
            return start.serial != target.serial


def _outstayed(start: Start, enter: Enter) -> bool:
    """Whether a voice does not outlive that a scene is entered."""
    if start.preview or start.until == UNTIL_END or start.serial == enter.serial:
        return False
    return start.scene != enter.scene if start.until == UNTIL_SCENE else enter.scene >= start.until


def _larger(one: tuple[float, float], other: tuple[float, float]) -> tuple[float, float]:
    """The larger of each side; no number where either is none, which `max` would lose."""
    left, right = np.maximum(one, other).tolist()
    return left, right


def _peak(out: Samples) -> tuple[float, float]:
    """The size of the largest sample of each side."""
    sizes = np.abs(out)
    wide = _WIDE if len(out) > _WIDE * _NARROW else _NARROW  # numpy takes ten times as long along an axis of two
    whole = len(out) - len(out) % wide
    rows = np.maximum.reduce(sizes[:whole].reshape(-1, 2 * wide), 0, initial=0.0)
    found = np.maximum.reduce(rows.reshape(-1, 2), 0)
    if whole < len(out):
        found = np.maximum(found, np.maximum.reduce(sizes[whole:], 0))
    left, right = found.tolist()
    return left, right
