"""The engine's figures in a small mapped file: written by the audio thread, read by the screen, nobody waits."""

from __future__ import annotations

import mmap
import struct
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

from player.engine import RATE
from player.engine.status import Status, VoiceStatus

MOST_VOICES: Final = 64
_HEAD: Final = struct.Struct("<qqq?i fff iii ? fff d")
_CLOCKS: Final = struct.Struct("<qqq")  # what it begins with
_AHEAD: Final = struct.Struct("<i")  # behind the counts of late blocks and gaps
_AHEAD_AT: Final = struct.calcsize("<qqq?i fff ii")
_MOMENT: Final = struct.Struct("<d")  # what it ends with
_VOICE: Final = struct.Struct("<qqqf???q")
_TAIL: Final = struct.Struct("<q")
_SIZE: Final = _HEAD.size + MOST_VOICES * _VOICE.size + _TAIL.size
_BEAT: Final = struct.Struct("<d?")  # behind all that, and no part of it: another thread writes it
_WHOLE: Final = _SIZE + _BEAT.size


class Writer:
    """The engine's side."""

    def __init__(self, path: Path) -> None:
        path.write_bytes(bytes(_WHOLE))
        with open(path, "r+b") as file:
            self._map = mmap.mmap(file.fileno(), _WHOLE)
        self._count = 0

    def beat(self, moment: float, asleep: bool = False) -> None:
        """The thread that listens is there, at `time.monotonic`; `asleep`: the device is closed."""
        _BEAT.pack_into(self._map, _SIZE, moment, asleep)

    def write(self, status: Status, moment: float = 0.0, ahead: int = 0) -> None:
        """Publish. `moment`: when the clock stands where it says, by `time.monotonic`. Audio thread.

        ahead: frames that pass from then on in silence before more is published, unless something is asked for.
        A count before and after tells a reader of a torn copy.
        """
        self._count += 1
        voices = status.voices[:MOST_VOICES]
        _TAIL.pack_into(self._map, _SIZE - _TAIL.size, -1)
        _HEAD.pack_into(
            self._map, 0, self._count, status.clock, status.show, status.paused, len(voices), *status.peak,
            status.load, status.late, status.xruns, ahead, status.silent,
            status.limited_db, status.worst, status.latency, moment,
        )  # fmt: skip
        for i, v in enumerate(voices):
            _VOICE.pack_into(
                self._map, _HEAD.size + i * _VOICE.size, v.voice, v.at, v.end, v.gain, v.leaving, v.held,
                v.looping, v.turn,
            )  # fmt: skip
        _TAIL.pack_into(self._map, _SIZE - _TAIL.size, self._count)

    def tick(self, clock: int, show: int, moment: float, ahead: int = 0) -> None:
        """Time has gone on and nothing else has changed: a tenth of the work. Audio thread."""
        self._count += 1
        _TAIL.pack_into(self._map, _SIZE - _TAIL.size, -1)
        _CLOCKS.pack_into(self._map, 0, self._count, clock, show)
        _AHEAD.pack_into(self._map, _AHEAD_AT, ahead)
        _MOMENT.pack_into(self._map, _HEAD.size - _MOMENT.size, moment)
        _TAIL.pack_into(self._map, _SIZE - _TAIL.size, self._count)


class Reader:
    """The screen's side. Raises OSError where there is no such file (yet)."""

    def __init__(self, path: Path, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        with open(path, "rb") as file:
            self._map = mmap.mmap(file.fileno(), _WHOLE, access=mmap.ACCESS_READ)
        self._last = Status()
        self.moment = 0.0  # when the clock read last stood, or will stand, where it says

    def read(self) -> Status:
        """The newest whole figures, silence that has passed since included; device and life are for the caller."""
        for _ in range(3):
            raw = self._map[:_SIZE]
            count, clock, show, paused, n, left, right, load, late, xruns, ahead, *more = _HEAD.unpack_from(raw, 0)
            silent, limited, worst, latency, moment = more
            if count != _TAIL.unpack_from(raw, _SIZE - _TAIL.size)[0] or not 0 <= n <= MOST_VOICES:
                continue
            voices = tuple(VoiceStatus(*_VOICE.unpack_from(raw, _HEAD.size + i * _VOICE.size)) for i in range(n))
            passed = min(ahead, max(0, round((self._now() - moment) * RATE))) if ahead else 0
            clock, show, moment = clock + passed, show + (0 if paused else passed), moment + passed / RATE
            self._last = Status(
                clock, show, paused, voices, (left, right), load, worst, latency, limited, late, xruns, silent=silent
            )
            self.moment = moment
            break
        return self._last

    def beats(self) -> tuple[int, float]:
        """What moves as long as the engine's threads do: the count of the figures, and the last beat."""
        return _TAIL.unpack_from(self._map, _SIZE - _TAIL.size)[0], _BEAT.unpack_from(self._map, _SIZE)[0]

    @property
    def asleep(self) -> bool:
        """Whether the engine has closed its device until somebody wants it."""
        return bool(_BEAT.unpack_from(self._map, _SIZE)[1])
