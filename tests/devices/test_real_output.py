"""Playing for real, into a private PulseAudio server without a sound card. These tests take real time."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from player.devices import out_pulse
from player.devices.buffers import BUFFERS, Buffer
from player.devices.out_pulse import PulseOutput
from player.devices.rest import Rest
from player.engine.source import Samples
from player.errors import DeviceError

ROOT = Path(__file__).parents[2]

# Plays a counter on the left and a constant on the right until the device dies or standard input ends.
PLAYER = """
import sys, threading, time
import numpy as np
from player.devices.output import open_output

output = open_output(sys.argv[1])
print(output.layer, flush=True)
played = 0

def render(block):
    global played
    block[:, 0] = np.arange(played, played + len(block)) % 16_384 / 32_768
    block[:, 1] = 0.25
    played += len(block)

told = threading.Event()

def watch():
    sys.stdin.read()
    told.set()

threading.Thread(target=watch, daemon=True).start()
output.start(render)
while output.alive and not told.is_set():
    time.sleep(0.01)
if told.is_set():
    output.stop()
print("stopped" if told.is_set() else "lost", flush=True)
"""


class Server:
    """A PulseAudio server of one's own with one sink that plays nowhere."""

    def __init__(self, folder: Path) -> None:
        socket = folder / "server.sock"
        self.environment = os.environ | {
            "PULSE_SERVER": f"unix:{socket}",
            "XDG_RUNTIME_DIR": str(folder),
            "XDG_CONFIG_HOME": str(folder),
            "HOME": str(folder),
            "PYTHONPATH": str(ROOT),
        }
        (folder / ".asoundrc").write_text("pcm.!default {type pulse}\nctl.!default {type pulse}\n")
        script = folder / "server.pa"
        script.write_text(
            f"load-module module-native-protocol-unix auth-anonymous=1 socket={socket}\n"
            "load-module module-null-sink norewinds=1 sink_name=stage rate=48000 channels=2\n"
        )
        # Without shared memory: with it the server aborts now and then when a stream ends that a monitor hands on.
        command = ["pulseaudio", "-n", "-F", str(script), "--daemonize=no", "--exit-idle-time=-1", "--disable-shm"]
        self.process = subprocess.Popen(
            [*command, "--use-pid-file=no"], env=self.environment, stderr=subprocess.DEVNULL
        )

    def run(self, *command: str) -> int:
        quiet = subprocess.DEVNULL
        return subprocess.run(command, env=self.environment, stdout=quiet, stderr=quiet, check=False).returncode

    def stop(self) -> None:
        self.process.kill()
        self.process.wait()


def wait_until(done: Callable[[], bool], seconds: float = 15.0) -> None:
    end = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.02)


@pytest.fixture
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    server = Server(tmp_path_factory.mktemp("p"))
    try:
        wait_until(lambda: server.run("pactl", "info") == 0)
        yield server
    finally:
        server.stop()


@contextmanager
def playing(server: Server, layer: str) -> Iterator[subprocess.Popen[str]]:
    """A process that plays through `layer`; gone in the end, whatever happens."""
    player = subprocess.Popen(
        [sys.executable, "-c", PLAYER, layer],
        env=server.environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        yield player
    finally:
        player.kill()
        player.communicate()


LAYERS = [
    pytest.param("libpulse", id="libpulse"),
    pytest.param("miniaudio", id="miniaudio"),
    pytest.param("sounddevice", id="sounddevice", marks=pytest.mark.needs("libportaudio")),
]


@pytest.mark.needs("pulseaudio", "pactl", "parec")
@pytest.mark.parametrize("layer", LAYERS)
def test_what_is_rendered_is_what_comes_out(server: Server, tmp_path: Path, layer: str) -> None:
    recording = tmp_path / "recording"
    command = ["parec", "--raw", "--format=s16le", "--rate=48000", "--channels=2", "--latency-msec=20"]
    with recording.open("wb") as file:
        recorder = subprocess.Popen([*command, "-d", "stage.monitor"], env=server.environment, stdout=file)
    with playing(server, layer) as player:
        try:
            wait_until(lambda: bool(len(sounding(recording)) > 48_000))
            said, noise = player.communicate("", timeout=15)
        finally:
            recorder.kill()
            recorder.wait()
    assert said.split()[0].startswith(layer + "/")
    assert "stopped" in said
    assert not [line for line in noise.splitlines() if "underrun" not in line]
    # The longest stretch in which each frame follows the one before it: a busy machine may drop out elsewhere.
    steps = np.diff(sounding(recording)[:, 0].astype(int))
    breaks = np.nonzero((steps != 1) & (steps != -16_383))[0]
    assert np.diff(np.concatenate([[-1], breaks, [len(steps)]])).max() > 9_600
    assert np.abs(sounding(recording)[:, 1].astype(int) - 8192).max() <= 1


def sounding(recording: Path) -> NDArray[np.int16]:
    """The recorded frames that hold the constant."""
    data = recording.read_bytes()
    frames: NDArray[np.int16] = np.frombuffer(data[: len(data) // 4 * 4], "<i2").reshape(-1, 2)
    return frames[frames[:, 1] > 4000]


@pytest.mark.needs("pulseaudio", "pactl")
@pytest.mark.parametrize("layer", LAYERS)
def test_a_device_that_disappears_is_noticed(server: Server, layer: str) -> None:
    with playing(server, layer) as player:
        assert player.stdout is not None
        assert player.stdout.readline().startswith(layer + "/")
        server.stop()
        assert player.stdout.readline() == "lost\n"


@pytest.fixture
def spoken_to(server: Server, monkeypatch: pytest.MonkeyPatch) -> Server:
    """The server, for outputs of this very process."""
    for name in ("PULSE_SERVER", "XDG_RUNTIME_DIR", "XDG_CONFIG_HOME", "HOME"):
        monkeypatch.setenv(name, server.environment[name])
    monkeypatch.delenv("PULSE_SINK", raising=False)
    return server


@pytest.mark.needs("pulseaudio", "pactl")
def test_the_servers_devices_are_found_by_a_part_of_what_it_calls_them(spoken_to: Server) -> None:
    desk = ["sink_name=desk", "rate=48000", "channels=6", 'sink_properties=device.description="Mixing\\ Desk"']
    assert spoken_to.run("pactl", "load-module", "module-null-sink", *desk) == 0
    assert [(each.layer, each.name, each.default) for each in out_pulse.listed()] == [
        ("libpulse/PulseAudio", "Null Output", True),
        ("libpulse/PulseAudio", "Mixing Desk", False),
    ]
    for asked, name, channels in (("", "Null Output", 2), ("desk", "Mixing Desk", 6), ("null", "Null Output", 2)):
        output = PulseOutput(asked, channels=8)
        assert (output.name, output.channels) == (name, channels)
        output.stop()
    with pytest.raises(DeviceError, match="stage door"):
        PulseOutput("stage door")


@pytest.mark.needs("pulseaudio", "pactl")
def test_an_output_can_be_stopped_twice_and_unstarted(spoken_to: Server) -> None:
    output = PulseOutput()
    assert output.alive
    output.stop()
    output.stop()
    played: list[int] = []
    output = PulseOutput(buffer="low")
    output.start(lambda block: played.append(len(block)))
    wait_until(lambda: len(played) > 20)
    assert output.alive
    output.stop()
    heard = len(played)
    output.stop()
    assert len(played) == heard
    assert set(played) == {96}  # blocks of one length: 2 ms


class Bursts:
    """Silence, and whenever it is asked for 100 ms of a count on the left beside a constant on the right."""

    LONG = 4800

    def __init__(self) -> None:
        self.clock = 0  # frames that were rendered or have passed in silence
        self.blocks = 0
        self.asked: deque[None] = deque()
        self.begun: list[int] = []  # the frames of the block with which each burst began
        self._left = 0

    def render(self, block: Samples) -> None:
        self.blocks += 1
        block[:] = 0.0
        if self.asked and not self._left:
            self.asked.popleft()
            self.begun.append(len(block))
            self._left = self.LONG
        n = min(self._left, len(block))
        first = self.LONG - self._left + 1
        block[:n, 0] = np.arange(first, first + n) / 32_768
        block[:n, 1] = 0.25
        self._left -= n
        self.clock += len(block)

    def rest(self) -> Rest:
        def passed(frames: int, ahead: int, moment: float) -> None:
            self.clock += frames

        return Rest(lambda: not (self._left or self.asked), passed)


@pytest.mark.needs("pulseaudio", "pactl", "parec")
@pytest.mark.parametrize("buffer", BUFFERS)
def test_out_of_silence_a_sound_comes_whole_and_does_not_wait_behind_it(
    spoken_to: Server, tmp_path: Path, buffer: Buffer
) -> None:
    bursts, output = Bursts(), PulseOutput(buffer=buffer)
    heard = burst_by_burst(spoken_to, output, bursts, "stage", tmp_path / "recording")
    assert heard.count(1) >= 6  # with their first frame; a busy machine may drop out, also in the recording
    assert buffer == "low" or torn(heard, bursts) <= 1


@pytest.mark.needs("pulseaudio", "pactl", "parec")
@pytest.mark.parametrize("latency", [40, 200])
def test_so_it_is_where_the_device_takes_much_in_one_go(
    spoken_to: Server, tmp_path_factory: pytest.TempPathFactory, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    latency: int,
) -> None:  # fmt: skip
    away = Server(tmp_path_factory.mktemp("q"))
    try:
        wait_until(lambda: away.run("pactl", "info") == 0)
        where = [f"server={away.environment['PULSE_SERVER']}", "sink=stage", "sink_name=far", "rate=48000"]
        command = ["pactl", "load-module", "module-tunnel-sink", *where, "channels=2", f"latency_msec={latency}"]
        assert spoken_to.run(*command) == 0
        monkeypatch.setenv("PULSE_SINK", "far")
        bursts, output = Bursts(), PulseOutput()
        assert output.latency > latency / 1000  # as the server says
        heard = burst_by_burst(spoken_to, output, bursts, "far", tmp_path / "recording")
    finally:
        away.stop()
    assert heard.count(1) >= 6
    assert torn(heard, bursts) <= 1


def torn(heard: list[int], bursts: Bursts) -> int:
    """How many bursts break off where what was given at first is over: no weather of the machine, as elsewhere."""
    starts = [i for i, value in enumerate(heard) if value == 1]
    ends = {first for first in bursts.begun if first < Bursts.LONG}
    return sum(heard[i + end - 1] == end and heard[i + end] != end + 1 for i in starts for end in ends)


def burst_by_burst(server: Server, output: PulseOutput, bursts: Bursts, sink: str, recording: Path) -> list[int]:
    """Twelve bursts, soon after the one before, in the first silence, between two, where they meet; what is heard."""
    chance = random.Random(3)
    command = ["parec", "--raw", "--format=s16le", "--rate=48000", "--channels=2", "--latency-msec=20"]
    with recording.open("wb") as file:
        recorder = subprocess.Popen([*command, "-d", f"{sink}.monitor"], env=server.environment, stdout=file)
    try:
        output.start(bursts.render, bursts.rest())
        began = time.monotonic()
        for i in range(12):
            bursts.asked.append(None)
            output.rouse()
            wait_until(lambda i=i: len(bursts.begun) == i + 1)
            time.sleep(0.1 + 0.25 * chance.random())
        time.sleep(0.5)
        assert abs(bursts.clock / 48_000 - (time.monotonic() - began)) < 0.5
        blocks, clock = bursts.blocks, bursts.clock
        time.sleep(0.5)
        assert (bursts.blocks == blocks) == (output.latency <= 0.1)  # silence is not rendered, but where much waits
        assert bursts.clock > clock  # and passes all the same
        assert output.alive
    finally:
        output.stop()
        recorder.kill()
        recorder.wait()
    return sounding(recording)[:, 0].tolist()


@pytest.mark.needs("pulseaudio", "pactl")
def test_a_thread_that_was_late_in_silence_does_not_give_more_than_waits_at_other_times(spoken_to: Server) -> None:
    bursts, moments, stall = Bursts(), list[float](), [True]
    due, counted = bursts.rest()

    def passed(frames: int, ahead: int, moment: float) -> None:
        counted(frames, ahead, moment)
        if ahead and stall:
            stall.pop()
            bursts.asked.append(None)
            time.sleep(0.6)
            output.rouse()

    def render(block: Samples) -> None:
        if bursts.asked or bursts.begun:
            moments.append(time.monotonic())
        bursts.render(block)

    output = PulseOutput()
    try:
        output.start(render, Rest(due, passed))
        began = time.monotonic()
        wait_until(lambda: len(moments) > 12)
        assert sum(moment < moments[0] + 0.03 for moment in moments) < 10  # not half a second of them
        assert abs(bursts.clock / 48_000 - (time.monotonic() - began)) < 0.1
    finally:
        output.stop()


def test_without_a_server_there_is_no_output_of_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PULSE_SERVER", f"unix:{tmp_path / 'nobody'}")
    with pytest.raises(DeviceError):
        PulseOutput()
    assert out_pulse.listed() == []
