"""No display, no sound device, and a device that goes away while the show plays."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from tests.bad_input.material import RATE, ramp, show, write_wav
from tests.bad_input.program import Live, Person, until

# A machine without a sound device, on whatever machine this runs.
NO_DEVICE = {
    "NEEDLEDROP_OUTPUT": None,
    "ALSA_CONFIG_PATH": os.devnull,
    "PULSE_SERVER": "unix:/nowhere/pulse",
    "PIPEWIRE_REMOTE": "/nowhere/pipewire",
    "JACK_NO_START_SERVER": "1",
}
GONE = "is gone: the show goes on in silence until it is back"

linux = pytest.mark.skipif(sys.platform != "linux", reason="needs the ways of Linux to hide what a machine has")


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A song of a minute, and two short ones."""
    folder = tmp_path_factory.mktemp("devices")
    write_wav(folder / "long.wav", ramp(60 * RATE))
    write_wav(folder / "short.wav", ramp(RATE // 4))
    return show(folder, ["long: long.wav", "one: short.wav", "two: short.wav"])


@pytest.fixture(scope="module")
def short(film: Path) -> Path:
    """A show of half a second."""
    return show(film.parent, ["one: short.wav", "two: short.wav"], "short.yaml")


def clock(line: str) -> float:
    """The show's time at the head of a line, in seconds."""
    hours, minutes, seconds = line.partition(" ")[0].split(":")
    return int(hours) * 3600 + int(minutes) * 60 + float(seconds)


# -- no sound device


def test_silent_on_request_is_told(person: Person, short: Path):
    ran = person.run("play", "--text", "--auto", short)
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.count("no sound device: the show runs in silence") == 1
    ends = [clock(line) for line in ran.lines if " ended " in line]
    begins = [clock(line) for line in ran.lines if " plays " in line and "standby" not in line]
    assert [round(end - begin, 3) for begin, end in zip(begins, ends, strict=True)] == [0.25, 0.25]


@linux
@pytest.mark.parametrize("wanted", [None, "miniaudio", "a device that nobody has"])
def test_a_machine_without_a_sound_device_runs_the_show_in_silence_and_says_so(
    wanted: str | None, person: Person, short: Path
):
    """PortAudio, where it is installed, does not only find nothing here: it aborts the process that asks it."""
    ran = person.run("play", "--text", "--auto", short, **{**NO_DEVICE, "NEEDLEDROP_OUTPUT": wanted})
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.count("no sound device: the show runs in silence") == 1
    assert sum(" ended " in line for line in ran.lines) == 2
    assert person.left() == []


# -- a device that goes away


class Server:
    """A sound server of this test's own, with one device that leads nowhere."""

    def __init__(self, base: Path) -> None:
        self._socket = base / "pulse.sock"
        self._script = base / "pulse.pa"
        self._script.write_text(
            f"load-module module-native-protocol-unix auth-anonymous=1 socket={self._socket}\n"
            "load-module module-null-sink norewinds=1 sink_name=stage rate=48000 channels=2\n"
        )
        self._home = base / "pulse"
        self._home.mkdir()
        self._process: subprocess.Popen[bytes] | None = None
        self.address = f"unix:{self._socket}"

    def start(self) -> None:
        environment = {**os.environ, "HOME": str(self._home), "XDG_RUNTIME_DIR": str(self._home)}
        environment.pop("XDG_CONFIG_HOME", None)
        # Without shared memory: with it the server aborts now and then when a stream ends that a monitor hands on.
        call = ["pulseaudio", "-n", "-F", self._script, "--disable-shm"]
        self._process = subprocess.Popen(
            [*call, "--daemonize=no", "--exit-idle-time=-1", "--use-pid-file=no"],
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        until(lambda: self.says("info") is not None, "a sound server")

    def stop(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._socket.unlink(missing_ok=True)

    def says(self, *words: str) -> str | None:
        """What pactl answers; None where nobody is there."""
        call = ["pactl", "-s", self.address, *words]
        answer = subprocess.run(call, capture_output=True, text=True, env={**os.environ, "LC_ALL": "C"}, check=False)
        return answer.stdout if answer.returncode == 0 else None


@pytest.fixture
def server(person: Person) -> Iterator[Server]:
    server = Server(person.base)
    server.start()
    yield server
    server.stop()


@contextlib.contextmanager
def playing(person: Person, film: Path, server: Server) -> Iterator[Live]:
    """A show that sounds on the server's device."""
    more = {**NO_DEVICE, "NEEDLEDROP_OUTPUT": "miniaudio", "PULSE_SERVER": server.address}
    with person.start("play", "--text", film, **more) as live:
        live.say("go")
        live.hear("plays long")
        live.hear("sound: ")
        until(lambda: server.says("list", "short", "sink-inputs"), "a stream on the device")
        yield live
        live.say("quit")
        ran = live.end()
        assert (ran.code, ran.err) == (0, "")
        assert person.engines() == []


@linux
@pytest.mark.needs("pulseaudio", "pactl")
def test_a_device_that_is_unplugged_while_it_plays_and_plugged_in_again(person: Person, film: Path, server: Server):
    with playing(person, film, server) as live:
        assert server.says("unload-module", "module-null-sink") is not None
        gone = live.hear(GONE)
        live.say("state")
        assert "plays long" in live.hear("state running")  # silent, and the song goes on
        server.says("load-module", "module-null-sink", "sink_name=stage", "rate=48000", "channels=2")
        live.hear("sound: ", 2)
        until(lambda: server.says("list", "short", "sink-inputs"), "a stream on the device again")
        live.say("state")
        later = live.hear("state running", 2)
    song = float(later.partition(' "The long song" (recording) at 0:')[2][:6])
    assert abs(song - (clock(later) - clock(live.hear("plays long")))) < 0.1  # the music kept its time
    assert live.out.count(GONE) == 1
    assert clock(gone) < clock(later)


@linux
@pytest.mark.needs("pulseaudio", "pactl")
def test_a_sound_server_that_dies_and_comes_back(person: Person, film: Path, server: Server):
    with playing(person, film, server) as live:
        server.stop()
        live.hear(GONE)
        live.say("standby s-one", "wait 300ms", "go")
        live.hear("plays one")
        server.start()
        live.hear("sound: ", 2)
    assert live.out.count(GONE) == 1


# -- commands while it is away

STEP = RATE // 200  # frames: what is heard tells where it stands to 5 ms


def counting(seconds: int, mark: int) -> np.ndarray:
    """Sound of which each frame tells on the left where it stands, in steps, and on the right whose it is."""
    at = np.arange(seconds * RATE) // STEP
    return np.stack([at, np.full(len(at), mark)], 1).astype("<i2")


class Recorder:
    """What the device plays, from now until it is gone."""

    def __init__(self, server: Server, file: Path) -> None:
        self._file = file
        call = ["parec", "-s", server.address, "--raw", "--format=s16le", "--rate=48000", "--channels=2"]
        with file.open("wb") as out:
            self._process = subprocess.Popen(
                [*call, "--latency-msec=20", "-d", "stage.monitor"], stdout=out, stderr=subprocess.DEVNULL
            )

    def heard(self) -> np.ndarray:
        data = self._file.read_bytes()
        return np.frombuffer(data[: len(data) // 4 * 4], "<i2").reshape(-1, 2).astype(int)

    def of(self, mark: int) -> np.ndarray:
        """The places of the frames of a song at its full level, in the order in which they are heard."""
        sound = self.heard()
        return sound[np.abs(sound[:, 1] - mark) <= 1][:, 0]

    def stop(self) -> None:
        self._process.kill()
        self._process.wait()


@contextlib.contextmanager
def plugged_in(server: Server, live: Live, file: Path, time: int) -> Iterator[Recorder]:
    """The device is there again, the player has taken it back, and it is recorded. `time`: the how manieth it is."""
    server.says("load-module", "module-null-sink", "norewinds=1", "sink_name=stage", "rate=48000", "channels=2")
    recorder = Recorder(server, file)
    try:
        live.hear("sound: ", time)
        yield recorder
    finally:
        recorder.stop()


def unplug(server: Server, live: Live, time: int) -> None:
    assert server.says("unload-module", "module-null-sink") is not None
    live.hear(GONE, time)


def stands(live: Live, time: int) -> float:
    """Where the one song that sounds stands, in steps."""
    live.say("state")
    minutes, seconds = live.hear(" state ", time).partition(" (recording) at ")[2].split()[0].rstrip(",;").split(":")
    return (int(minutes) * 60 + float(seconds)) * RATE / STEP


@linux
@pytest.mark.needs("pulseaudio", "pactl", "parec")
def test_commands_given_while_the_device_is_away_are_heard_once_it_is_back(
    person: Person, server: Server, tmp_path: Path
):
    first, second, third = 8000, 6000, 4000  # what rises passes through what is less
    write_wav(tmp_path / "long.wav", counting(60, first))
    write_wav(tmp_path / "one.wav", counting(60, second))
    write_wav(tmp_path / "two.wav", counting(60, third))
    film = show(tmp_path, ["long: long.wav", "one: one.wav", "two: two.wav"])
    with playing(person, film, server) as live:
        unplug(server, live, 1)
        live.say("pause")
        live.hear("paused")
        stood = stands(live, 1)
        with plugged_in(server, live, tmp_path / "1", 2) as device:
            until(lambda: len(device.heard()) > RATE // 2, "half a second of the device")
            assert not device.heard().any()  # paused, and nothing else comes
            live.say("resume")
            until(lambda: len(device.of(first)) > RATE // 10, "the song")
        assert abs(device.of(first)[0] - stood) <= 3  # and not where it would stand without the pause

        unplug(server, live, 2)
        live.say("go")
        live.hear("plays one")
        with plugged_in(server, live, tmp_path / "2", 3) as device:
            until(lambda: len(device.of(second)) > RATE // 2, "the second song")
            heard, now = device.of(second)[-1], stands(live, 2)
            assert 0 <= now - heard < 100  # half a second, of which the recording's delay is the most
            assert not len(device.of(first))

        unplug(server, live, 3)
        live.say("stop")
        live.hear("ended", 2)
        with plugged_in(server, live, tmp_path / "3", 4) as device:
            until(lambda: len(device.heard()) > RATE // 2, "half a second of the device")
            assert not device.heard().any()
            live.say("go")
            until(lambda: len(device.of(third)) > RATE // 10, "the third song")
            assert device.of(third)[0] <= 1  # from its first frame


# -- no display

NO_DISPLAY = {"DISPLAY": None, "WAYLAND_DISPLAY": None}


@linux
def test_without_a_display_and_a_terminal_the_show_plays_hands_free_and_says_so(person: Person, short: Path):
    ran = person.run("play", short, stdin="quit\n", **NO_DISPLAY)
    assert ran.code == 0
    assert ran.complaint.startswith("needledrop: no window (")
    assert ran.complaint.endswith("; and no terminal to type in: playing hands-free")
    assert sum(" ended " in line for line in ran.lines) == 2
    assert person.left() == []


@linux
def test_without_a_display_nor_a_runtime_folder_there_is_still_one_line(person: Person, short: Path):
    ran = person.run("play", short, **NO_DISPLAY, XDG_RUNTIME_DIR=None)
    assert ran.code == 0
    assert ran.complaint.startswith("needledrop: no window (")


@linux
def test_a_display_that_does_not_answer_is_no_display(person: Person, short: Path):
    ran = person.run("play", short, DISPLAY=":4095", WAYLAND_DISPLAY="nowhere", SDL_VIDEODRIVER="x11")
    assert ran.code == 0
    assert ran.complaint.startswith("needledrop: no window (")
    assert sum(" ended " in line for line in ran.lines) == 2


@linux
def test_without_a_display_a_terminal_takes_the_commands(person: Person, film: Path):
    """A real terminal, as over SSH: a pair of them, whose other end the test holds."""
    ours, theirs = os.openpty()
    try:
        with person.start("play", film, stdin=theirs, **NO_DISPLAY) as live:
            live.hear("standby 1")
            os.write(ours, b"go\n")
            live.hear("plays long")
            os.write(ours, b"quit\n")
            ran = live.end()
    finally:
        os.close(ours)
        os.close(theirs)
    assert ran.code == 0
    assert ran.complaint.startswith("needledrop: no window (")
    assert ran.complaint.endswith("); playing in this terminal; type help")
    assert person.left() == []
