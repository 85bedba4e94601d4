"""Going over from one device to another for real, on a private PulseAudio server with two sinks. Takes real time."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.devices.test_real_output import ROOT, Server, server, wait_until  # noqa: F401  (a fixture)

# Plays a counter on the left and a constant on the right; each line of standard input is a device to go over to.
PLAYER = """
import sys, threading, time
import numpy as np
from player.host.speaker import Speaker
from player.host.wanted import Wanted

played = 0

def render(block):
    global played
    block[:, 0] = np.arange(played, played + len(block)) % 16_384 / 32_768
    block[:, 1] = 0.25
    played += len(block)

speaker = Speaker(render, Wanted(sys.argv[1]))
speaker.play()
print(speaker.news(), flush=True)
wishes = []

def hear():
    for line in sys.stdin:
        wishes.append(line.strip())
    wishes.append(None)

threading.Thread(target=hear, daemon=True).start()
while None not in wishes:
    if wishes:
        speaker.want(Wanted(wishes.pop(0)))
    news = speaker.tend(time.monotonic())
    if news:
        print(news, flush=True)
    time.sleep(0.005)
print(speaker.xruns, flush=True)
speaker.stop()
"""

TRIES = 5  # to see a change in the midst of which no device runs dry

pytestmark = pytest.mark.needs("pulseaudio", "pactl", "parec")


@pytest.fixture
def sinks(server: Server) -> Server:  # noqa: F811
    """The server with a second sink."""
    load_hall(server)
    return server


def load_hall(server: Server) -> None:  # noqa: F811
    name = "sink_properties=device.description=hall"
    done = server.run("pactl", "load-module", "module-null-sink", "norewinds=1", "sink_name=hall", "rate=48000", name)
    assert done == 0


@contextmanager
def running(sinks: Server, program: str, *arguments: str) -> Iterator[subprocess.Popen[str]]:
    """A program of ours on that server, until the block ends."""
    with subprocess.Popen(
        [sys.executable, "-c", program, *arguments], env=sinks.environment, text=True, cwd=ROOT,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
    ) as player:  # fmt: skip
        too_long = threading.Timer(60.0, player.kill)  # so that nobody waits for a line that never comes
        too_long.start()
        try:
            yield player
        finally:
            too_long.cancel()
            player.kill()


def playing(sinks: Server, device: str) -> AbstractContextManager[subprocess.Popen[str]]:
    return running(sinks, PLAYER, device)


@contextmanager
def recording(server: Server, sink: str, file: Path, channels: int = 2) -> Iterator[None]:  # noqa: F811
    command = ["parec", "--raw", "--format=s16le", "--rate=48000", f"--channels={channels}", "--latency-msec=20"]
    if channels == 4:
        command.append("--channel-map=front-left,front-right,rear-left,rear-right")
    with file.open("wb") as out:
        recorder = subprocess.Popen([*command, "-d", f"{sink}.monitor"], env=server.environment, stdout=out)
        try:
            yield
        finally:
            recorder.kill()
            recorder.wait()


def full(file: Path) -> NDArray[np.int64]:
    """The counters of the frames at full level."""
    data = file.read_bytes()
    frames = np.frombuffer(data[: len(data) // 4 * 4], "<i2").reshape(-1, 2)
    return frames[np.abs(frames[:, 1] - 8192) <= 1][:, 0].astype(np.int64)


def changed_over(sinks: Server, folder: Path) -> tuple[int, int]:
    """How many frames were not at full level while the sound went over to the other sink; how often one ran dry."""
    files = {sink: folder / sink for sink in ("stage", "hall")}
    with recording(sinks, "stage", files["stage"]), recording(sinks, "hall", files["hall"]):
        with playing(sinks, "stage") as player:
            assert player.stdin is not None
            assert player.stdout is not None
            wait_until(lambda: len(full(files["stage"])) > 24_000)
            player.stdin.write("hall\n")
            player.stdin.flush()
            assert "stage" in player.stdout.readline().lower()
            assert player.stdout.readline() == "sound: hall\n"
            wait_until(lambda: len(full(files["hall"])) > 24_000)
            player.stdin.close()
            dry = int(player.stdout.read().splitlines()[-1])
        before, after = full(files["stage"]), full(files["hall"])
    return int((after[0] - before[-1] - 1) % 16_384), dry


def test_another_device_goes_on_where_the_first_one_stopped(sinks: Server, tmp_path: Path) -> None:
    for _ in range(TRIES):
        between, dry = changed_over(sinks, tmp_path)
        if between <= 480 or not dry:  # else the machine may have stood still just then, for longer than a device holds
            break
    assert 240 < between <= 480  # those of the fall and the rise, and no other


@pytest.mark.skipif(sys.platform == "win32", reason="needs signals")
def test_a_device_that_runs_dry_is_counted(sinks: Server, tmp_path: Path) -> None:
    with playing(sinks, "hall") as player, recording(sinks, "hall", tmp_path / "hall"):
        wait_until(lambda: len(full(tmp_path / "hall")) > 48_000)
        for _ in range(5):
            os.kill(player.pid, signal.SIGSTOP)
            time.sleep(0.1)  # the very thing that is tested: ten times what the device holds
            os.kill(player.pid, signal.SIGCONT)
            time.sleep(0.4)
        said, _ = player.communicate("", timeout=15)
    assert int(said.splitlines()[-1]) >= 5


@pytest.mark.parametrize("layer", ["libpulse", pytest.param("sounddevice", marks=pytest.mark.needs("libportaudio"))])
def test_devices_are_listed_with_their_default(sinks: Server, layer: str) -> None:
    command = [sys.executable, "-m", "player", "devices", "--json"]
    told = subprocess.run(command, env=sinks.environment, capture_output=True, text=True, check=True, cwd=ROOT).stdout
    found = [device for device in json.loads(told) if device["layer"].startswith(layer)]
    assert sum(device["default"] for device in found) >= 1
    if layer == "libpulse":
        names = {device["name"]: device["default"] for device in found}
        assert [device["layer"] for device in found] == ["libpulse/PulseAudio"] * 2
        assert names["hall"] is False


def test_a_device_that_is_unplugged_is_taken_back_and_no_other_in_its_place(sinks: Server) -> None:
    with playing(sinks, "hall") as player:
        assert player.stdin is not None
        assert player.stdout is not None
        assert player.stdout.readline() == "sound: hall\n"
        command = ["pactl", "list", "short", "modules"]
        listed = subprocess.run(command, env=sinks.environment, capture_output=True, text=True, check=True).stdout
        hall = next(line.split()[0] for line in listed.splitlines() if "sink_name=hall" in line)
        assert sinks.run("pactl", "unload-module", hall) == 0
        assert player.stdout.readline() == "hall is gone: the show goes on in silence until it is back\n"
        load_hall(sinks)
        assert player.stdout.readline() == "sound: hall\n"  # and never: sound: stage


# An engine in its own process, which is asked for another device and another buffer.
ASKER = """
import sys, time
from player.engine.status import DeviceNews
from player.host.client import ProcessEngine
from player.host.wanted import Wanted, into_environment

def news(engine):
    until = time.monotonic() + 30
    while time.monotonic() < until:
        for event in engine.events():
            if isinstance(event, DeviceNews):
                return event.text
        time.sleep(0.01)

into_environment(Wanted("stage"))
engine = ProcessEngine("a timeline")
engine.start()
try:
    print(news(engine), flush=True)
    engine.want(Wanted("hall", "safe"))
    print(news(engine), flush=True)
    until = time.monotonic() + 10
    while engine.status().latency < 0.02 and time.monotonic() < until:
        time.sleep(0.01)  # in silence figures are told ten times a second
    print(round(engine.status().latency, 4), flush=True)
finally:
    engine.close()
"""


def test_a_playing_engine_is_told_of_another_device(sinks: Server, tmp_path: Path) -> None:
    log = tmp_path / "sound.log"
    environment = {name: value for name, value in sinks.environment.items() if name != "NEEDLEDROP_OUTPUT"}
    asked = subprocess.run(
        [sys.executable, "-c", ASKER], env={**environment, "NEEDLEDROP_SOUND_LOG": str(log)}, cwd=ROOT,
        capture_output=True, text=True, timeout=90, check=True,
    )  # fmt: skip
    before, after, latency = asked.stdout.splitlines()
    assert "stage" in before.lower()
    assert after == "sound: hall"
    assert float(latency) == pytest.approx(0.030 + 0.0012, abs=0.0001)
    assert [line.split(" ", 2)[2] for line in log.read_text().splitlines() if "sound: hall" in line] == [
        "sound: hall, libpulse/PulseAudio"
    ]
