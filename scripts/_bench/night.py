"""An hour in which a show plays by itself: GO every 30 s, seeks, panics, and a window that stands still at times.

Not among the parts that run where none is named. `BENCH_MINUTES=5 scripts/bench night` takes less time.
"""

from __future__ import annotations

import math
import os
import signal
import subprocess
import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

import numpy as np
import psutil
from msgspec import Struct

from player.engine import RATE
from player.host.figures import Reader
from scripts._bench.material import film, pieces, recording
from scripts._bench.report import Others, say, verdict
from scripts._bench.sound import Mono, Server
from scripts._bench.stage import Program, Stage, player, stage
from scripts._bench.system import STAGE

NEEDS: Final = STAGE
MINUTES: Final = "BENCH_MINUTES"  # in the environment
GROWTH: Final = 8.0  # MiB an hour, of each process
EVERY: Final = 30.0  # seconds from GO to GO
HEAR: Final = 0.8  # seconds after which what a key has brought is looked at
PANICS: Final = 10  # every so many GOs one is followed by a panic
STALL_EVERY: Final = 2.0
STALL: Final = 0.1
LONG_STALL: Final = 5.0  # instead, every so many GOs
LONG_STALLS: Final = 20
SAMPLE: Final = 10.0  # seconds between looks at the memory
SETTLING: Final = 1 / 6  # of the time, after which growth counts: ten minutes of an hour
TELL: Final = 600.0  # seconds from one word of how it goes to the next
NEAR: Final = 40.0  # hertz: a gap in what is heard smears its pitch
PITCHES: Final = (317.0, 443.0, 571.0, 733.0, 881.0, 997.0)
SONG: Final = 90  # seconds
LEAST: Final = round(0.0005 * RATE)  # frames of silence in the midst of a tone that are a gap
MOST: Final = RATE  # a longer silence is meant


class Look(Struct, frozen=True):
    """The memory of one process at one moment, in MiB."""

    seconds: float
    name: str
    pid: int
    resident: float
    own: float


class Ear:
    """Listens to a sink: counts gaps as they come and keeps the last second, so an hour takes no memory."""

    def __init__(self, server: Server, sink: str) -> None:
        command = ["parec", "-d", f"{sink}.monitor", "--format=s16le", f"--rate={RATE}", "--channels=2"]
        command += ["--latency-msec=100", "--raw"]
        self._program = subprocess.Popen(command, stdout=subprocess.PIPE, env={**os.environ, **server.environment})
        self.last: Mono = np.zeros(RATE, np.float32)
        self.gaps = Gaps()
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        assert self._program.stdout is not None
        while raw := self._program.stdout.read(RATE // 10 * 4):
            sound = np.frombuffer(raw, "<i2", len(raw) // 4 * 2)[::2]
            self.gaps.hear(sound)
            self.last = np.concatenate((self.last, sound.astype(np.float32) / 32768))[-RATE:]

    def pitch(self) -> float:
        """The loudest pitch of the last half of a second; 0 where that is silent."""
        return loudest(unbroken(self.last[-RATE // 2 :]))

    def close(self) -> None:
        """Listen no more."""
        self._program.terminate()
        self._program.wait()


class Gaps:
    """Counts silences that are too short to be meant: a tone has none, and a panic is followed by a long one."""

    def __init__(self) -> None:
        self.count = 0
        self.frames = 0  # of silence in all gaps
        self._silent = MOST + 1  # frames so far; nothing has sounded yet

    def hear(self, sound: np.ndarray) -> None:
        """The next frames of one channel."""
        loud = np.flatnonzero(sound)
        if not len(loud):
            self._silent += len(sound)
            return
        runs = np.diff(loud) - 1
        for run in (self._silent + int(loud[0]), *runs[runs >= LEAST].tolist()):
            if LEAST <= run <= MOST:
                self.count += 1
                self.frames += run
        self._silent = len(sound) - 1 - int(loud[-1])


def unbroken(sound: Mono) -> Mono:
    """The longest part of `sound` without a gap: a tone that stands still in gaps and goes on is none any more."""
    loud = np.flatnonzero(sound)
    if not len(loud):
        return sound
    parts = np.split(loud, np.flatnonzero(np.diff(loud) > LEAST) + 1)
    longest = max(parts, key=len)
    return sound[longest[0] : longest[-1] + 1]


def loudest(sound: Mono) -> float:
    """The loudest pitch of `sound`, at most a second, in whole hertz; 0 where it is silent."""
    if float(np.abs(sound).max(initial=0.0)) < 0.001:
        return 0.0
    size = np.abs(np.fft.rfft(sound * np.hanning(len(sound)), RATE))
    return float(np.argmax(size))


def growth(times: Sequence[float], sizes: Sequence[float]) -> float:
    """How much a size grows in an hour, by the line that fits best; times in seconds."""
    if len(times) < 3:
        return math.nan
    return 3600 * float(np.polyfit(np.asarray(times), np.asarray(sizes), 1)[0])


def run() -> None:
    """Print how memory has grown, what was not heard, and the gaps."""
    seconds = 60 * float(os.environ.get(MINUTES, "60"))
    with stage() as here:
        night = _Night(here, seconds)
        night.play()
    night.tell()
    say("", f"GO every {EVERY:.0f} s, a seek after each, a panic after every {PANICS}th; the window stands still for")
    say("", f"{STALL * 1000:.0f} ms every {STALL_EVERY:.0f} s, for {LONG_STALL:.0f} s after every {LONG_STALLS}th GO")
    say("", f"growth: the line that fits what was seen every {SAMPLE:.0f} s once {SETTLING * seconds:.0f} s were over")
    say("", f"gaps are silences of {1000 * LEAST / RATE} ms to 1 s in the midst of a tone, at the sink")


class _Night:
    """One run, and what was seen in it."""

    def __init__(self, here: Stage, seconds: float) -> None:
        self._here, self._seconds = here, seconds
        self._goes = max(1, int(seconds / EVERY))
        self._looks: list[Look] = []
        self._wrong: list[str] = []
        self._panics = self._stalls = 0
        self._share = 0.0
        self._meanwhile = ""
        self._began = 0.0
        self._over = False
        self._own = self._own_late = 0  # gaps and late blocks by the engine's own count
        self._ear: Ear

    def play(self) -> None:
        """The whole of it."""
        command = player(film_of(self._here.folder, self._goes))
        with self._here.program(command) as program:
            self._here.screen.wait_for_window(program.process)
            program.settle()
            self._ear = Ear(self._here.sound, "stage")
            time.sleep(1)
            spent, self._began = program.spent(), time.monotonic()
            others = Others(lambda: self._here.spent() + program.spent())
            watching = threading.Thread(target=self._watch, args=(program,))
            watching.start()
            try:
                for go in range(self._goes):
                    self._scene(program, go)
            finally:
                self._over = True
                watching.join()
            self._share = (program.spent() - spent) / (time.monotonic() - self._began)
            self._ear.close()
            self._meanwhile = str(others)

    def _scene(self, program: Program, go: int) -> None:
        """One GO, and half a minute with what belongs to it."""
        if program.process.poll() is not None:
            raise RuntimeError(f"the player is gone after {self._now():.0f} s: {self._words()}")
        begin = self._began + go * EVERY
        self._stall_until(program, begin)
        self._press("space", PITCHES[go % len(PITCHES)], f"GO {go + 1}")
        if go % LONG_STALLS == LONG_STALLS - 1:
            self._stall(program, LONG_STALL)
        self._stall_until(program, begin + 10)
        self._press("Right" if go % 2 else "Left", PITCHES[go % len(PITCHES)], f"the seek after GO {go + 1}")
        if go % PANICS == PANICS - 1:
            self._stall_until(program, begin + 20)
            self._panics += 1
            self._here.screen.press("Escape")
            self._stall_until(program, begin + 25)
            self._check(0.0, f"the panic after GO {go + 1}")
        self._stall_until(program, begin + EVERY)

    def _press(self, key: str, pitch: float, what: str) -> None:
        self._here.screen.press(key)
        time.sleep(HEAR)
        self._check(pitch, what)

    def _check(self, pitch: float, what: str) -> None:
        heard = self._ear.pitch()
        if abs(heard - pitch) > NEAR:
            self._wrong.append(f"{what}: {heard:.0f} Hz in the place of {pitch:.0f}")

    def _stall_until(self, program: Program, until: float) -> None:
        while (left := until - time.monotonic()) > 0:
            time.sleep(min(left, STALL_EVERY - STALL))
            if until - time.monotonic() > STALL_EVERY:
                self._stall(program, STALL)

    def _stall(self, program: Program, seconds: float) -> None:
        self._stalls += 1
        program.process.send_signal(signal.SIGSTOP)
        time.sleep(seconds)
        program.process.send_signal(signal.SIGCONT)

    def _watch(self, program: Program) -> None:
        """A thread of its own: memory, and the engine's own counts."""
        told = self._began
        while not self._over:
            self._looks += looks(program, self._now())
            for file in (self._here.folder / "runtime").glob("needledrop-*/*.figures"):
                status = Reader(file).read()
                self._own, self._own_late = status.xruns, status.late
            if time.monotonic() - told > TELL:
                told = time.monotonic()
                say("", f"after {self._now() / 60:.0f} min: {self._sizes()}; {self._heard()}")
            until = time.monotonic() + SAMPLE
            while not self._over and time.monotonic() < until:
                time.sleep(0.2)

    def _now(self) -> float:
        return time.monotonic() - self._began

    def _words(self) -> str:
        return (self._here.folder / "program.log").read_text(errors="replace").strip()[-300:]

    def _sizes(self) -> str:
        last = {look.name: look for look in self._looks}
        return ", ".join(f"{name} {look.own:.1f} MiB" for name, look in last.items())

    def _heard(self) -> str:
        lost = 1000 * self._ear.gaps.frames / RATE
        return (
            f"{self._ear.gaps.count} gaps ({lost:.0f} ms); by the engine's own count {self._own} and {self._own_late} "
            f"late blocks; {len(self._wrong)} keys not heard"
        )

    def tell(self) -> None:
        """What was seen."""
        begin = SETTLING * self._seconds
        say("night", f"{self._seconds / 60:g} minutes: {self._goes} GOs, {self._panics} panics, {self._stalls} stalls")
        for name, pid in dict.fromkeys((look.name, look.pid) for look in self._looks):
            seen = [look for look in self._looks if look.pid == pid]
            late = [look for look in seen if look.seconds >= begin]
            if len(late) < 3:
                say("", f"{name} ({pid}): there for {len(seen) * SAMPLE:.0f} s, at most {max(_owns(seen)):.1f} MiB")
                continue
            own = growth([look.seconds for look in late], _owns(late))
            resident = growth([look.seconds for look in late], [look.resident for look in late])
            first, last = late[0], late[-1]
            say("", f"{name} ({pid}): {own:+.2f} MiB an hour of its own, {verdict(own, GROWTH, ' MiB')}")
            say("", f"  {first.own:.1f} to {last.own:.1f} MiB, highest {max(_owns(seen)):.1f}; resident "
                    f"{first.resident:.1f} to {last.resident:.1f} MiB, {resident:+.2f} an hour")  # fmt: skip
        say("", self._heard())
        for line in self._wrong[:20]:
            say("", f"  {line}")
        say("", f"all our processes took {100 * self._share:.1f} % of a core; {self._meanwhile}")


def looks(program: Program, seconds: float) -> Iterator[Look]:
    """The memory of a program's processes now."""
    for each in program.all():
        try:
            words, memory = each.cmdline(), each.memory_full_info()
        except psutil.Error:
            continue
        name = "engine" if "player.host.process" in words else "window" if each.pid == program.process.pid else "helper"
        yield Look(seconds, name, each.pid, memory.rss / 2**20, memory.uss / 2**20)


def _owns(seen: Sequence[Look]) -> list[float]:
    return [look.own for look in seen]


def film_of(folder: Path, goes: int) -> Path:
    """A scene for each GO: a tone of the next pitch; every fourth has a quiet piece of MIDI beside it."""
    kinds = ("wav", "flac", "ogg")
    tones = [recording(folder / f"tone-{i}.{kinds[i % 3]}", SONG, pitch) for i, pitch in enumerate(PITCHES)]
    songs = [*tones, *pieces(4)]
    cues = [[f"{{song: s{go % len(tones)}}}"] for go in range(goes)]
    for go in range(3, goes, 4):
        cues[go] = [
            f"{{song: s{go % len(tones)}, then: continue}}",
            f"{{song: s{len(tones) + go // 4 % 4}, gain: -24 dB}}",
        ]
    return film(folder / "night.yaml", songs, [*cues, cues[0]])
