"""The engine's own process: it holds the device, the mixer and all that is scheduled, and listens for a show.

If the show's process dies the engine plays on, and a new one that connects takes over what the old one left with
it. An engine left alone for ten minutes fades out and ends.
"""

from __future__ import annotations

import contextlib
import gc
import os
import sys
import threading
import time
import traceback
from collections import deque
from collections.abc import Iterator
from multiprocessing import AuthenticationError
from multiprocessing.connection import Connection, Listener
from pathlib import Path
from typing import Any, Final

import numpy as np
from msgspec.structs import replace

import player.devices.av_decode  # noqa: F401  now, since an import while music plays would hold it up
from player.devices.rest import Rest
from player.devices.sound_font import font_path
from player.devices.sources import open_source
from player.engine import RATE
from player.engine.commands import DECLICK, Batch, Master, Panic, Shape
from player.engine.limiter import DELAY
from player.engine.mixer import Mixer
from player.engine.source import Samples
from player.engine.status import Broke, DeviceNews, Ended, Event, Over, Started, Status
from player.errors import AssetError
from player.host.figures import Writer
from player.host.history import ENOUGH, Base, History, Kept, News, Replay, Untold
from player.host.patchbay import Patchbay
from player.host.soundlog import VARIABLE, SoundLog
from player.host.speaker import Speaker
from player.host.stock import Stock
from player.host.wanted import Wanted, from_environment

SLEEPY: Final = "NEEDLEDROP_ASLEEP_AFTER"  # seconds, in the environment
TICK: Final = 0.03  # seconds: how often news go out and feeds are tended
SOON: Final = 0.005  # the same while a batch waits for its material or its block
REST: Final = 0.1  # the same where nothing sounds; a message of the show is met at once
AWAKE: Final = 1.0  # seconds after the last thing that happened before we rest
ALONE: Final = 600.0  # seconds without a show after which the engine ends
NOBODY: Final = 30.0  # the same where none has ever come: whoever started the engine is gone
WORST: Final = 10 * RATE  # frames over which the worst block is remembered
PUBLISH: Final = RATE // 100  # frames between two writings of the figures
SELDOM: Final = RATE // 10  # the same where nothing sounds and nothing will by itself
STALLED: Final = 2.0  # seconds that a batch waits for its material; then it comes without, and that as soon as it can
LOADING: Final = 1.5  # seconds that songs may take to be ready where they are to go on; others come as they are
TURN: Final = 2.0  # seconds a device may take to ask for a block
ASLEEP: Final = 600.0  # seconds without a sound or a person after which the device is closed
DOZE: Final = 0.5  # seconds between looks while it is; a message of the show is met at once
IDLE: Final = 50  # looks in a row at which nothing is left of what was asked for
_NOTHING: Final = (0.0, 0.0)


class Host:
    """One engine with its device. Threads: the device's, one for control, one that accepts shows."""

    def __init__(self, figures: Path, wanted: Wanted, log: SoundLog | None = None) -> None:
        self._stock = Stock(open_source)
        self.mixer = Mixer(self._stock.feed_for)
        self._stock.ghosts = self.mixer.ghosts
        self._figures = Writer(figures)
        self._bay = Patchbay(wanted)
        self._trouble = ""  # that the show knows of, with devices besides the main one
        self._load = 0.0
        self._worst = [0.0, 0.0]  # of the stretch of time that runs, and of the one before
        self._worst_until = WORST // 2
        self._latest = Status()
        self._late = 0
        self._failed = False
        self._told = -PUBLISH  # the clock with the last figures, of whatever kind, and with the last whole ones
        self._published = -SELDOM
        self._held: list[tuple[int, Batch, list[Any], float]] = []  # batches that wait for material; since when
        self.history = History()
        self._untaken: deque[int] = deque()  # the numbers of the batches in the inbox
        self._idle = 0
        self._coming: tuple[Mixer, Replay] | None = None  # what takes the mixer's place with the next block
        self._names = b""
        self.left: tuple[bytes, bytes] | None = None  # by the show: what its steps are known by, and its state
        self.untold = Untold()
        self._slept: float | None = None  # since when the device is closed
        self._log = log or SoundLog("")
        self.loss = wanted.loss
        self._speaker = Speaker(self.render, wanted, rest=Rest(self.rests, self.rested))
        self._log.say(f"{self._speaker.news()}, {self._speaker.output.layer}")

    # -- the audio thread

    def render(self, out: Samples) -> None:
        """One block for the device. Whatever goes wrong in it, the next block is asked for."""
        began = time.monotonic()
        try:
            if self._coming is not None:
                self._change_over(*self._coming)
            main = self._bay.render(self.mixer, out)
        except Exception:  # noqa: BLE001  a bug must not end the show: a silent block, and the log tells
            out[:] = 0.0
            main = out
            if not self._failed:
                self._failed = True
                traceback.print_exc()
        if self.mixer.clock - self._told >= PUBLISH:
            self._tell(main, began + len(out) / RATE)
        share = (time.monotonic() - began) * RATE / max(1, len(out))
        self._load += 0.02 * (share - self._load)
        self._worst[0] = max(self._worst[0], share)
        if share > 1:
            self._late += 1

    def _change_over(self, mixer: Mixer, replay: Replay) -> None:
        """Go on with `mixer`, whose feeds are ready, rising from silence."""
        mixer.skip(max(0, replay.due() - mixer.clock))
        self.mixer = mixer
        self._told = self._published = mixer.clock - SELDOM
        self._speaker.rise()
        self._coming = None

    def rests(self) -> bool:
        """Whether nothing sounds, and nothing will before somebody asks for it."""
        return self._coming is None and self.mixer.rests and self._bay.rests(self.mixer)

    def rested(self, frames: int, ahead: int, moment: float) -> None:
        """Count frames that have passed in silence, and publish the figures; see Rest."""
        self.mixer.pass_silence(frames)
        self._load = 0.0
        self._tell(None, moment, ahead)

    def _tell(self, out: Samples | None, moment: float, ahead: int = 0) -> None:
        """Publish the figures; where nothing sounds and nothing will by itself, mostly the clocks alone.

        out: what was rendered, if anything was. ahead: frames that pass unrendered from `moment` on. The clocks must be
        fresh: a person's GO counts from them.
        """
        mixer, last = self.mixer, self._latest
        self._told = mixer.clock
        still = mixer.idle and mixer.peak == last.peak == _NOTHING and not last.voices and mixer.paused == last.paused
        if still and mixer.clock - self._published < SELDOM:
            self._figures.tick(mixer.clock, mixer.show, moment, ahead)
            return
        self._published = mixer.clock
        if mixer.clock > self._worst_until:
            self._worst_until = mixer.clock + WORST // 2
            self._worst = [0.0, self._worst[0]]
        self._latest = self._status(out)
        self._figures.write(self._latest, moment, ahead)

    def _status(self, out: Samples | None) -> Status:
        status = self.mixer.status()
        limiter = self._bay.limiter
        limited = limiter.reduction_db if limiter is not None else 0.0
        if limited and out is not None:
            status = replace(status, peak=(float(np.abs(out[:, 0]).max()), float(np.abs(out[:, 1]).max())))
        return replace(
            status,
            load=self._load,
            worst=max(self._worst),
            latency=self._speaker.output.latency + self._bay.delay + (DELAY / RATE if limiter is not None else 0.0),
            limited_db=limited,
            late=self._late + status.late,
            xruns=self._speaker.xruns + self._bay.xruns,
            silent=self._speaker.silent,
        )

    # -- control

    def play(self) -> None:
        """Let the device run."""
        self._speaker.play()

    def take(self, message: tuple[Any, ...]) -> bool:
        """Carry out one message of a show; False ends the engine. Whatever it is, it wakes the device."""
        if self._slept is not None and message != ("quit",):
            self._wake(self._slept)
        match message:
            case ("batch", batch, kept):
                self._batch(batch)
                if kept is not None:
                    self._keep(kept)
            case ("prepare", wanted):
                self._stock.prepare(wanted)
            case ("keep", kept):
                self._keep(kept)
            case ("replay", replay):
                self._replay(replay)
            case ("want", wanted):
                self._want(wanted)
            case ("quit",):
                return False
        return True

    @property
    def waits(self) -> bool:
        """Whether a batch waits for its material, or for the next block."""
        return bool(self._held or self._untaken)

    @property
    def asleep(self) -> bool:
        """Whether the device is closed."""
        return self._slept is not None

    @property
    def idle(self) -> bool:
        """Whether nothing is left of all that was asked for, and nothing will come by itself."""
        return self.mixer.idle and not self._held and self._coming is None

    def sleep(self) -> None:
        """Close the device until the next message. Only where all is idle."""
        if self._slept is None and self._speaker.sleep():
            self._slept = time.monotonic()
            self._bay.stop()

    def _wake(self, slept: float) -> None:
        """The time that was slept has passed unheard."""
        self.mixer.skip(round((time.monotonic() - slept) * RATE))
        self._slept = None
        self._speaker.wake()

    def _keep(self, kept: Kept) -> None:
        self._names = self._names if kept.names is None else kept.names
        self.left = self._names, kept.snapshot
        self.untold.know(kept.seen)

    def _batch(self, batch: Batch) -> None:
        if any(isinstance(command, Panic) for command in batch):
            self._held.clear()
            self._stock.forget()
        number = self.history.send(batch, self.mixer.clock)
        needed = self._stock.promise(batch)
        if not all(feed.ready for feed in needed):
            self._held.append((number, batch, needed, time.monotonic()))
            return
        while self._held:  # what is ready does not wait for what is not
            self._hand_in(*self._held.pop(0)[:2])
        self._hand_in(number, batch)

    def _has_waited(self, needed: list[Any], since: float) -> bool:
        return all(feed.ready for feed in needed) or time.monotonic() - since > STALLED

    def _hand_in(self, number: int, batch: Batch) -> None:
        self._untaken.append(number)
        self.mixer.inbox.append(batch)
        self._speaker.rouse()

    def _replay(self, replay: Replay) -> None:
        """Stand where an engine would stand that has died; what the show has not heard of it is news."""
        self.history = replay.history
        self._untaken.clear()
        mixer = Mixer(self._stock.feed_for)
        self.history.run(mixer)
        mixer.skip(max(0, replay.due() - mixer.clock))
        mixer.taken.clear()
        feeds = self._stock.go_on([(voice.start, voice.source) for voice in mixer.voices], mixer.coming())
        until = time.monotonic() + LOADING
        while time.monotonic() < until and not all(feed.ready for feed in feeds):
            time.sleep(0.002)
        for _ in range(min(self.history.told, len(mixer.outbox))):
            mixer.outbox.popleft()
        self._stock.ghosts = mixer.ghosts
        self._coming = mixer, replay
        self._speaker.rouse()
        until = time.monotonic() + TURN
        while time.monotonic() < until and self._coming is not None:
            time.sleep(0.002)

    def tend(self) -> News:
        """What has to be done every few milliseconds; returns the news."""
        self._figures.beat(time.monotonic(), self.asleep)
        while self._held and self._has_waited(*self._held[0][2:]):
            self._hand_in(*self._held.pop(0)[:2])
        events: list[Event] = []
        while self.mixer.outbox:
            event = self.mixer.outbox.popleft()
            if isinstance(event, Over):
                event = replace(event, limited=self._bay.limiter is not None)
            events.append(event)
        for event in events:
            match event:
                case Started(_, voice):
                    self._stock.started(voice)
                case Ended(_, voice):
                    self._stock.ended(voice)
        broken = self._stock.tend(self._dead())
        events += [Broke(self.mixer.clock, feed.voice, feed.broke or "") for feed in broken]
        takes = []  # after the events: whoever knows of an event knows what was taken before it
        while self.mixer.taken and self._untaken:
            takes.append((self._untaken.popleft(), self.mixer.taken.popleft()))
        self.history.took(takes)
        self.history.tell(events)
        news = News(events + self._watch_device(), takes)
        return replace(news, base=self._base(stirred=bool(news)))

    def _base(self, stirred: bool) -> Base | None:
        """Where the history begins anew, if it can: nothing has happened for a while, and nothing will by itself."""
        mixer = self.mixer
        self._idle = 0 if stirred or self._held or self.history.sent or not mixer.idle else self._idle + 1
        if self._idle < IDLE or len(self.history.taken) <= ENOUGH:
            return None
        base = Base(mixer.clock, mixer.show, mixer.level(), mixer.paused)
        self.history.begin(base)
        return base

    def _want(self, wanted: Wanted) -> None:
        self._speaker.want(wanted)
        self._bay.want(wanted, time.monotonic())
        self.loss = wanted.loss

    @property
    def quiet(self) -> bool:
        """Whether nothing sounds, and nothing will before a show asks for it."""
        return self.mixer.quiet() and not self._held

    def _dead(self) -> Iterator[Any]:
        while self.mixer.dead:
            yield self.mixer.dead.popleft()

    def _watch_device(self) -> list[Event]:
        now = time.monotonic()
        text = self._speaker.tend(now)
        news: list[Event] = []
        if text is None:
            self._log.figures(self._latest, now)
        else:
            self._log.say(f"{text}, {self._speaker.output.layer}")
            news.append(DeviceNews(self.mixer.clock, text, self._speaker.silent))
        return news + self._watch_others(now, anew=bool(news))

    def _watch_others(self, now: float, *, anew: bool) -> list[Event]:
        """What is new of devices besides the main one. `anew`: also what the show knew, since other news hide it."""
        if self.asleep:
            return []
        for line in self._bay.tend(now):
            self._log.say(line)
        before, self._trouble = self._trouble, self._bay.trouble(self._speaker.output)
        if self._trouble == before and not (anew and before):
            return []
        if self._trouble:
            return [DeviceNews(self.mixer.clock, self._trouble, True, about="outputs")]
        well = [DeviceNews(self.mixer.clock, "all outputs are heard", False, about="outputs")]
        return [*well, self.main_news()] if self._speaker.silent else [*well]

    def main_news(self) -> DeviceNews:
        """What the main device is, as news."""
        return DeviceNews(self.mixer.clock, self._speaker.news(), self._speaker.silent)

    def device_news(self) -> list[DeviceNews]:
        """What plays where, as news for a show that has just come."""
        others = [DeviceNews(self.mixer.clock, self._trouble, True, about="outputs")] if self._trouble else []
        return [self.main_news(), *others]

    def end(self) -> None:
        """Fade out in 5 ms and let the device go."""
        self.mixer.inbox.append((Panic(DECLICK),))
        self._speaker.rouse()
        time.sleep(0.05 + self._bay.delay)
        self._stop()

    def fade_and_end(self) -> None:
        """Nobody is there any more: fade out first."""
        self.mixer.inbox.append((Master(1.0), Panic(Shape(2 * RATE))))
        self._speaker.rouse()
        time.sleep(2.1 + self._bay.delay)
        self._stop()

    def _stop(self) -> None:
        self._speaker.stop()
        self._bay.stop()


def serve(host: Host, listener: Listener, asleep: float = ASLEEP) -> None:
    """Take one show after another, until one says quit or none comes for ten minutes.

    asleep: seconds without a sound or a message after which the device is closed.
    """
    waiting: list[Connection[Any, Any]] = []
    threading.Thread(target=_accept, args=(listener, waiting), daemon=True).start()
    show: Connection[Any, Any] | None = None
    alone_since, longest = time.monotonic(), NOBODY
    untold = host.untold
    stirred = sounded = time.monotonic()
    while True:
        if waiting:
            newcomer = waiting.pop(0)
            if show is None:
                show, longest = newcomer, ALONE
                told = [*untold.again(), *host.device_news()]  # the history counts them already
                _tell(show, ("hello", host.mixer.clock, host.left, host.history, told))
            else:
                _tell(newcomer, ("busy",))
                newcomer.close()
        news = host.tend()
        untold.add(news.events)
        if show is None:
            if time.monotonic() - alone_since > longest:
                host.fade_and_end()
                return
            time.sleep(TICK)
            continue
        try:
            if news:
                show.send(("events", news))
                stirred = time.monotonic()
            still = time.monotonic() - stirred
            if not host.idle:
                sounded = time.monotonic()
            elif still > asleep and time.monotonic() - sounded > asleep:
                host.sleep()
            if not show.poll(_pause(host, still)):
                continue
            stirred = time.monotonic()
            message = show.recv()
            if not host.take(message):
                host.end()
                return
            if message[0] == "replay":
                show.send(("replayed", host.main_news()))
        except (EOFError, OSError):
            if host.loss == "fade":
                host.fade_and_end()
                return
            show = None
            alone_since = time.monotonic()


def _pause(host: Host, still: float) -> float:
    """How long to wait for a message of the show that has said nothing for `still` seconds."""
    if host.asleep:
        return DOZE
    if host.waits:
        return SOON
    return REST if host.quiet and still > AWAKE else TICK


def _accept(listener: Listener, waiting: list[Connection[Any, Any]]) -> None:
    while True:
        try:
            waiting.append(listener.accept())
        except (OSError, EOFError, AuthenticationError):  # it went away, or has not the key
            time.sleep(TICK)


def _tell(show: Connection[Any, Any], message: tuple[Any, ...]) -> None:
    try:
        show.send(message)
    except OSError:
        return  # it is gone; the next receive will say so


def main(address: str, figures: str, key: str) -> None:
    """Run an engine at `address` until it is told to end. `key` is the file that holds the secret of both sides."""
    sys.setswitchinterval(0.0005)  # the device's thread must not wait 5 ms for a loader to let go of the GIL
    host = Host(Path(figures), from_environment(), SoundLog(os.environ.get(VARIABLE, "")))
    with Listener(address, authkey=Path(key).read_bytes()) as listener:
        _raise_priority()
        gc.collect()
        gc.freeze()
        gc.disable()
        host.play()
        threading.Thread(target=_unpack_font, daemon=True).start()
        serve(host, listener, _asleep_after(os.environ.get(SLEEPY, "")))
    for path in (address, figures, key, *(str(Path(key).with_suffix(end)) for end in (".pid", ".plays"))):
        Path(path).unlink(missing_ok=True)
    os._exit(0)  # loader threads are daemons that may sit in a slow read


def _asleep_after(words: str) -> float:
    try:
        return float(words)
    except ValueError:
        return ASLEEP


def _unpack_font() -> None:
    """Have the sound font unpacked, which takes seconds the first time, before a MIDI cue asks for it."""
    with contextlib.suppress(AssetError):  # the cue will say what is wrong
        font_path()


def _raise_priority() -> None:
    """Ask the system to run the device's thread first; where it will not, so be it."""
    try:
        os.nice(-10)
    except (OSError, AttributeError):
        return


if __name__ == "__main__":
    main(*sys.argv[1:4])
