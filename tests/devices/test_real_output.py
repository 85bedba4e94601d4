"""Playing for real, into a private PulseAudio server without a sound card. These tests take real time."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

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
