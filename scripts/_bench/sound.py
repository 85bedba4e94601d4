"""A sound server that nobody hears: PulseAudio with null sinks, and recorders that know when each frame was due."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

RATE: Final = 48_000
ENVELOPE: Final = 0.08  # seconds: within this long at least one block arrives on time
_PATIENCE: Final = 20.0
_URGENT: Final = 6  # the real-time priority of whoever records, above the server's own 5

Mono = NDArray[np.float32]


class Server:
    """A PulseAudio of our own with null sinks of the given names, and the environment that leads programs to it."""

    def __init__(self, folder: Path, sinks: tuple[str, ...], *, shares: bool = False) -> None:
        """Start it, with all it writes in `folder`. Raises RuntimeError if it does not come up.

        shares: sound passes in shared memory, as on a desktop; so the server aborts now and then where it is recorded.
        """
        socket = folder / "pulse.sock"
        script = folder / "sinks.pa"
        lines = [f"load-module module-native-protocol-unix auth-anonymous=1 socket={socket}"]
        kind = f"rate={RATE} channels=2 format=s16le norewinds=1"  # a rewind would shift the count of frames
        lines += [f"load-module module-null-sink sink_name={sink} {kind}" for sink in sinks]
        script.write_text("\n".join(lines) + "\n", encoding="utf-8")
        (folder / "home").mkdir()
        (folder / "home" / ".asoundrc").write_text("pcm.!default {type pulse}\nctl.!default {type pulse}\n")
        (folder / "runtime").mkdir(mode=0o700)
        self.environment = {
            "HOME": str(folder / "home"),
            "XDG_CACHE_HOME": str(folder / "home" / "cache"),
            "XDG_CONFIG_HOME": str(folder / "home" / "config"),
            "XDG_DATA_HOME": str(folder / "home" / "data"),
            "XDG_RUNTIME_DIR": str(folder / "runtime"),
            "PULSE_SERVER": f"unix:{socket}",
            "SDL_AUDIODRIVER": "pulseaudio",
        }
        command = ["pulseaudio", "-n", "-F", str(script), "--daemonize=no", "--exit-idle-time=-1"]
        command += ["--use-pid-file=no", "--realtime=yes", f"--log-target=file:{folder / 'pulse.log'}"]
        command += [] if shares else ["--disable-shm"]
        self._server = subprocess.Popen(
            command,
            env={**os.environ, **self.environment},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        until = time.monotonic() + _PATIENCE
        while not self._answers():
            if self._server.poll() is not None or time.monotonic() > until:
                raise RuntimeError("PulseAudio did not start")
            time.sleep(0.05)

    def _answers(self) -> bool:
        done = subprocess.run(
            ["pactl", "info"], env={**os.environ, **self.environment}, capture_output=True, check=False
        )
        return done.returncode == 0

    def streams(self) -> str:
        """What the programs that play now have asked for: driver and buffers, as the server tells it."""
        done = subprocess.run(
            ["pactl", "list", "sink-inputs"],
            env={**os.environ, **self.environment, "LC_ALL": "C"},
            capture_output=True,
            text=True,
            check=False,
        )
        return done.stdout

    def pid(self) -> int:
        """The server's process."""
        return self._server.pid

    def close(self) -> None:
        """End the server."""
        self._server.terminate()
        self._server.wait()


class Recorder:
    """Records what a sink plays, with the time at which each piece arrived."""

    def __init__(self, server: Server, sink: str) -> None:
        urgent = _URGENT if os.geteuid() == 0 and shutil.which("chrt") else 0
        command = ["chrt", "-r", str(urgent)] if urgent else []
        command += ["parec", "-d", f"{sink}.monitor", "--format=s16le", f"--rate={RATE}", "--channels=2"]
        command += ["--latency-msec=5", "--raw"]
        self._program = subprocess.Popen(
            command, stdout=subprocess.PIPE, env={**os.environ, **server.environment}
        )
        self._pieces: list[bytes] = []
        self._arrivals: list[tuple[float, int]] = []  # when a piece was here, and the frames with it
        self.frames = 0
        self._thread = threading.Thread(target=self._read, args=(urgent,), daemon=True)
        self._thread.start()
        until = time.monotonic() + _PATIENCE
        while self.frames < RATE // 2:
            if time.monotonic() > until:
                raise RuntimeError("nothing comes from the sink's monitor")
            time.sleep(0.01)

    def _read(self, urgent: int) -> None:
        if urgent:
            with contextlib.suppress(OSError):
                os.sched_setscheduler(0, os.SCHED_RR, os.sched_param(urgent))
        assert self._program.stdout is not None
        pipe, size = self._program.stdout.fileno(), 0
        while piece := os.read(pipe, 1 << 16):
            now = time.monotonic()
            self._pieces.append(piece)
            size += len(piece)
            self.frames = size // 4
            self._arrivals.append((now, self.frames))

    def stop(self) -> tuple[Mono, Callable[[int], float]]:
        """The left channel, and when each frame of it was heard, in monotonic seconds."""
        self._program.terminate()
        self._program.wait()
        self._thread.join(2)
        raw = b"".join(self._pieces)
        sound = np.frombuffer(raw, "<i2", len(raw) // 4 * 2)[::2].astype(np.float32)
        return sound / np.float32(32768), heard(self._arrivals)


def heard(arrivals: list[tuple[float, int]]) -> Callable[[int], float]:
    """From the arrivals of pieces, the time at which each frame was heard.

    A block that the sink renders at one moment is heard from then on, and arrives a little later, late by
    whatever the machine was busy with. So of the blocks of 80 ms the earliest one, relative to its count of
    frames, tells the time: the lower envelope. It follows the null sink's clock, which drifts.
    """
    table = np.array(arrivals)
    table = table[np.r_[np.diff(table[:, 0]) > 5e-4, True]]  # pieces of one block arrive together
    times, counts = table[:, 0], table[:, 1]
    blocks = np.diff(counts, prepend=counts[0] - 240)
    offsets = times - (counts - blocks) / RATE
    offsets[times < times[0] + 0.3] = np.inf  # the first blocks settle

    def when(frame: int) -> float:
        first = int(np.searchsorted(counts, frame, "right"))
        last = int(np.searchsorted(counts, frame + ENVELOPE * RATE, "right"))
        earliest = offsets[first : max(last, first + 1)]
        known = earliest[np.isfinite(earliest)]
        if not len(known):
            known = offsets[np.isfinite(offsets)][:1]
        return frame / RATE + float(known.min())

    return when


def onsets(sound: Mono, least: float = 0.01, silence: float = 0.15) -> list[int]:
    """The first frame of each sound above `least` that comes after `silence` seconds of none."""
    loud = np.flatnonzero(np.abs(sound) > least)
    if not len(loud):
        return []
    return [int(loud[i]) for i in np.r_[0, np.flatnonzero(np.diff(loud) > silence * RATE) + 1]]
