"""Several outputs for real, on a private PulseAudio server. These tests take real time."""

from __future__ import annotations

import subprocess
import threading
import time
from contextlib import AbstractContextManager, ExitStack
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.devices.test_real_output import ROOT, Server, server, wait_until  # noqa: F401  (a fixture)
from tests.host.test_real_speaker import load_hall, recording, running, sinks  # noqa: F401  (a fixture)

pytestmark = pytest.mark.needs("pulseaudio", "pactl", "parec")

# An engine with a song on main and a click: half a second of a constant each second, until standard input ends.
# Arguments: the device, the places of outputs, the buffer; a fourth lets the song be a click as well.
PLAYER = """
import json, sys, tempfile, threading, time
from pathlib import Path
import numpy as np
from player.engine.commands import DECLICK, Start
from player.engine.source import SourceSpec
from player.host.process import Host
from player.host.wanted import Patch, Wanted

class Click:
    def view(self, at, n):
        on = (np.arange(at, at + n) // 24_000) % 2 == 0
        return np.repeat(np.where(on, 0.25, 0.0), 2).astype(np.float32)

class Song:
    def view(self, at, n):
        return np.full(2 * n, 0.125, np.float32)

placed = tuple(Patch(o, d, tuple(c)) for o, d, c in json.loads(sys.argv[2]))
wanted = Wanted(sys.argv[1], sys.argv[3], outputs=placed)
host = Host(Path(tempfile.mkdtemp()) / "figures", wanted)
feeds = {1: Click() if sys.argv[4:] else Song(), 2: Click()}
host.mixer._open = lambda token, source, begin: feeds[token]
host.play()
whole = dict(source=SourceSpec("audio"), begin=0, end=1 << 40, gain_db=0.0, leave=DECLICK)
host.mixer.inbox.append((Start(1, **whole), Start(2, output="click", **whole)))
told = threading.Event()

def hear():
    sys.stdin.read()
    told.set()

threading.Thread(target=hear, daemon=True).start()
while not told.is_set():
    for event in host.tend().events:
        if type(event).__name__ == "DeviceNews":
            print(event.text, flush=True)
    time.sleep(0.005)
host.end()
"""


def playing(
    sinks: Server, device: str, outputs: str, buffer: str = "safe", *more: str  # noqa: F811
) -> AbstractContextManager[subprocess.Popen[str]]:
    return running(sinks, PLAYER, device, outputs, buffer, *more)


def heard(file: Path, channels: int = 2) -> NDArray[np.int16]:
    data = file.read_bytes()
    return np.frombuffer(data[: len(data) // (2 * channels) * 2 * channels], "<i2").reshape(-1, channels)


def holds(samples: NDArray[np.int16], level: int) -> int:
    """How many samples are at this level."""
    return int((np.abs(samples.astype(int) - level) <= 2).sum())


SONG, CLICK = 4096, 8192


def test_the_song_is_on_one_device_and_the_click_on_the_other(sinks: Server, tmp_path: Path) -> None:  # noqa: F811
    files = {sink: tmp_path / sink for sink in ("stage", "hall")}
    with ExitStack() as open_:
        for sink, file in files.items():
            open_.enter_context(recording(sinks, sink, file))
        open_.enter_context(playing(sinks, "stage", '[["click", "hall", []]]'))
        wait_until(lambda: holds(heard(files["hall"])[:, 0], CLICK) > 96_000, 40)
        stage, hall = heard(files["stage"]), heard(files["hall"])
    assert holds(stage[:, 0], SONG) > 100_000
    assert int(stage.max()) <= SONG + 2  # nothing of the click
    assert holds(hall[:, 0], SONG) < 1000  # of the edges
    # Each click lasts its half second, to the frame or nearly: the clock of the sinks is the same, and the ring holds.
    on = (hall[:, 1] > CLICK // 2).astype(np.int8)
    edges = np.flatnonzero(np.diff(on))
    lengths = [int(b - a) for a, b in pairwise(edges) if on[a + 1]]
    whole = [length for length in lengths if abs(length - 24_000) <= 24]
    assert whole, lengths  # a busy machine may drop out elsewhere


def test_one_device_takes_several_outputs_on_channels_of_its_own(server: Server, tmp_path: Path) -> None:  # noqa: F811
    four = ["sink_name=four", "rate=48000", "channels=4", "sink_properties=device.description=four-way"]
    four.append("channel_map=front-left,front-right,rear-left,rear-right")
    assert server.run("pactl", "load-module", "module-null-sink", "norewinds=1", *four) == 0
    file = tmp_path / "four"
    outputs = '[["main", "", [1, 2]], ["click", "", [3]]]'
    with recording(server, "four", file, 4), playing(server, "four-way", outputs):
        wait_until(lambda: holds(heard(file, 4)[:, 2], CLICK) > 48_000, 40)
        sound = heard(file, 4)
    assert holds(sound[:, 0], SONG) > 40_000
    assert holds(sound[:, 1], SONG) > 40_000
    assert int(sound[:, :2].max()) <= SONG + 2
    assert holds(sound[:, 2], SONG) < 1000
    assert not sound[:, 3].any()


def test_a_second_device_that_is_lost_is_told_and_taken_back_while_the_song_goes_on(
    sinks: Server, tmp_path: Path  # noqa: F811
) -> None:
    stage = tmp_path / "stage"
    with recording(sinks, "stage", stage), playing(sinks, "stage", '[["click", "hall", []]]') as player:
        assert player.stdout is not None
        wait_until(lambda: holds(heard(stage)[:, 0], SONG) > 24_000)
        command = ["pactl", "list", "short", "modules"]
        listed = subprocess.run(command, env=sinks.environment, capture_output=True, text=True, check=True).stdout
        hall = next(line.split()[0] for line in listed.splitlines() if "sink_name=hall" in line)
        assert sinks.run("pactl", "unload-module", hall) == 0
        assert player.stdout.readline() == "hall is gone: no sound of click until it is back\n"
        load_hall(sinks)
        assert player.stdout.readline() == "all outputs are heard\n"
        before = len(heard(stage))
        wait_until(lambda: len(heard(stage)) > before + 9600)
        after = heard(stage)[before:, 0]
    assert holds(after, SONG) > 0.9 * len(after)
    assert int(after.max()) <= SONG + 2


class Timed:
    """A recording of a sink whose frames have a time, by when they came at the earliest."""

    def __init__(self, server: Server, sink: str) -> None:  # noqa: F811
        command = ["parec", "--raw", "--format=s16le", "--rate=48000", "--channels=2", "--latency-msec=5"]
        self._recorder = subprocess.Popen(
            [*command, "-d", f"{sink}.monitor"], env=server.environment, stdout=subprocess.PIPE
        )
        self._data = bytearray()
        self._begin = float("inf")  # when the first frame would have come, without any delay
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self._recorder.stdout is not None
        while piece := self._recorder.stdout.read1(1 << 16):
            self._data += piece
            self._begin = min(self._begin, time.monotonic() - len(self._data) / 4 / 48_000)

    def edges(self) -> list[float]:
        """When each sound began after a third of a second of silence; a busy machine may drop out elsewhere."""
        loud = np.frombuffer(bytes(self._data[: len(self._data) // 4 * 4]), "<i2").reshape(-1, 2)[:, 0] > 1000
        at = np.flatnonzero(loud)
        return [self._begin + int(then) / 48_000 for then in at[1:][np.diff(at) > 16_000]]

    def stop(self) -> None:
        self._recorder.kill()
        self._reader.join()
        self._recorder.communicate()


@pytest.mark.parametrize("buffer", ["low", "normal", "safe"])
def test_song_and_click_are_heard_together(sinks: Server, buffer: str) -> None:  # noqa: F811
    stage, hall = Timed(sinks, "stage"), Timed(sinks, "hall")
    try:
        with playing(sinks, "stage", '[["click", "hall", []]]', buffer, "both"):
            wait_until(lambda: len(hall.edges()) >= 6, 40)
    finally:
        stage.stop()
        hall.stop()
    apart = [min((other - edge for other in stage.edges()), key=abs) for edge in hall.edges()[1:]]
    assert abs(float(np.median(apart))) < 0.012, apart
