"""What the sink plays, recorded from its monitor: which tones sound, how loud, and whether without a break."""

from __future__ import annotations

import os
import statistics
import subprocess
import threading
import time
from collections.abc import Callable
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from tests.e2e.stage import PATIENCE, SINK, Stage, until

RATE = 48_000
WINDOW = RATE // 10  # a tenth of a second holds whole periods of every multiple of 10 Hz
PLAIN = 0.06  # amplitude a tone of 0.25 is told by: a short gap, as a busy machine makes them, spreads less than that
SILENT = 0.0005  # root mean square
QUIET = RATE * 4 // 10  # frames without a sound that are no gap

Sound = NDArray[np.float32]


def strength(sound: Sound, hertz: float) -> float:
    """The amplitude of one tone in `sound`; a whole number of periods gives it exactly."""
    return float(2 * abs(np.dot(_turns(hertz, len(sound)), sound)) / len(sound))


@lru_cache
def _turns(hertz: float, frames: int) -> NDArray[np.complex64]:
    turns: NDArray[np.complex64] = np.exp(-2j * np.pi * hertz / RATE * np.arange(frames)).astype(np.complex64)
    return turns


def pitch(sound: Sound) -> int:
    """The strongest frequency to 10 Hz, 0 for silence. `sound`: WINDOW frames."""
    spectrum = np.abs(np.fft.rfft(sound[:WINDOW]))
    strongest = int(np.argmax(spectrum))
    return strongest * RATE // WINDOW if 2 * spectrum[strongest] / WINDOW > PLAIN else 0


def loudness(sound: Sound) -> float:
    """Root mean square."""
    return float(np.sqrt(np.mean(np.square(sound, dtype=np.float64)))) if len(sound) else 0.0


def breaks(sound: Sound, hertz: float) -> float:
    """How far `sound` is from one unbroken tone: 0 for a perfect one, near its amplitude for any sample lost.

    In a sampled sine every three neighbours obey x[n-1] + x[n+1] = 2 cos(w) x[n], whatever phase and level.
    """
    x = sound.astype(np.float64)
    return float(np.max(np.abs(x[:-2] + x[2:] - 2 * np.cos(2 * np.pi * hertz / RATE) * x[1:-1])))


class Sink:
    """A running recording of the left channel. `tones`: the frequencies that tests' music is made of."""

    def __init__(self, stage: Stage, tones: tuple[int, ...]) -> None:
        self.tones = tones
        self._bytes = bytearray()
        self._arrivals: list[float] = []
        self._lock = threading.Lock()
        command = ["parec", "-d", f"{SINK}.monitor", "--format=float32le", f"--rate={RATE}", "--channels=2", "--raw"]
        self._process = subprocess.Popen(
            [*command, "--latency-msec=10"], env=stage.env, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()
        until(lambda: self.frames >= WINDOW, "the recording of the sink")

    def close(self) -> None:
        """End the recording."""
        self._process.terminate()
        self._process.wait(5)
        self._thread.join(5)
        assert self._process.stdout is not None
        self._process.stdout.close()

    def _read(self) -> None:
        assert self._process.stdout is not None
        while part := os.read(self._process.stdout.fileno(), 1 << 16):
            with self._lock:
                self._bytes += part
                self._arrivals.append(time.monotonic() - self.frames / RATE)

    @property
    def frames(self) -> int:
        """How many frames have been recorded so far: the time of this stage."""
        return len(self._bytes) // 8

    def moment(self, frame: int) -> float:
        """When a frame was played (`time.monotonic`), as far as the recording's usual delay tells."""
        return statistics.median(self._arrivals[-4096:]) + frame / RATE

    def sound(self, begin: int, count: int) -> Sound:
        """`count` frames from `begin` on, as soon as they are recorded."""
        until(lambda: self.frames >= begin + count, "the recording to go on", PATIENCE + count / RATE)
        with self._lock:
            raw = bytes(self._bytes[begin * 8 : (begin + count) * 8])
        return np.frombuffer(raw, "<f4")[::2]

    def next(self, seconds: float) -> Sound:
        """What sounds from now on for so long."""
        return self.sound(self.frames, round(seconds * RATE))

    def now(self) -> Sound:
        """The last tenth of a second."""
        return self.sound(max(0, self.frames - WINDOW), WINDOW)

    def heard(self) -> set[int]:
        """Which of the tones sounded in the last tenth of a second."""
        sound = self.now()
        return {hertz for hertz in self.tones if strength(sound, hertz) > PLAIN}

    # -- what a test says

    def hears(self, *tones: int, within: float = PATIENCE) -> None:
        """Wait until exactly these tones sound, and nothing else does."""
        heard: set[int] = set()

        def as_said() -> bool:
            heard.clear()
            heard.update(self.heard())
            return heard == set(tones) and (bool(tones) or self.silent())

        until(as_said, lambda: f"{tones or 'silence'}; heard {heard or 'none of them'}", within)

    def goes_on(self, *tones: int, seconds: float = 0.6) -> None:
        """For so long exactly these tones sound, or nothing; most of the time, for a busy machine makes gaps."""
        sound = self.next(seconds)
        windows = [sound[at : at + WINDOW] for at in range(0, len(sound) - WINDOW + 1, WINDOW)]
        heard = [{hertz for hertz in self.tones if strength(each, hertz) > PLAIN} for each in windows]
        if not tones:
            assert all(loudness(each) < SILENT for each in windows), f"silence was to go on: {heard}"
            return
        assert sum(each == set(tones) for each in heard) * 2 > len(heard), f"{tones} was to go on: {heard}"

    def silent(self) -> bool:
        """Whether nothing at all was heard for longer than a gap lasts."""
        return loudness(self.sound(max(0, self.frames - QUIET), QUIET)) < SILENT

    def amplitude(self, hertz: int) -> float:
        """The amplitude of a tone that holds its level, waited for: a fade or a gap never gives three alike."""
        last: list[float] = []

        def steady() -> bool:
            last.append(strength(self.next(0.1), hertz))
            return len(last) > 2 and max(last[-3:]) - min(last[-3:]) < 0.001 * max(last[-3:])

        until(steady, f"a steady {hertz} Hz")
        return last[-1]

    def pitch(self, meets: Callable[[int], bool] = bool, within: float = PATIENCE) -> int:
        """The pitch of what sounds, once it meets the condition."""
        found = 0

        def met() -> bool:
            nonlocal found
            found = pitch(self.now())
            return meets(found)

        until(met, f"another pitch than {found}", within)
        return found
