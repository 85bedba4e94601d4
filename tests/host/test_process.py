"""The engine in its own process: what it does when the show beside it, or it itself, is gone. No device is needed."""

from __future__ import annotations

import contextlib
import os
import queue
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import numpy as np
import pytest
import soundfile

from player.engine.status import Status, VoiceStatus
from player.host.client import DEATHS
from player.host.figures import Reader, Writer
from player.host.places import place

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 20.0


@pytest.fixture
def world(tmp_path):
    """A folder with a timeline of two long tones, and an environment of its own."""
    runtime = tmp_path / "run"
    runtime.mkdir(mode=0o700)
    tone = 0.1 * np.sin(np.arange(48_000 * 30) / 20)
    soundfile.write(tmp_path / "tone.wav", np.stack([tone, tone], 1), 48_000)
    (tmp_path / "show.yaml").write_text(
        "needledrop: 1\nsongs: {a: {title: A, media: tone.wav}, b: {title: B, media: tone.wav}}\n"
        "scenes:\n- {id: one, title: One, cues: [song: a]}\n- {id: two, title: Two, cues: [song: b]}\n"
    )
    env = {**os.environ, "NEEDLEDROP_OUTPUT": "silent", "XDG_RUNTIME_DIR": str(runtime), "PYTHONPATH": str(ROOT)}
    return tmp_path, env


class Player:
    """`needledrop play --text` with its lines."""

    def __init__(self, world, film: str = "show.yaml") -> None:
        folder, env = world
        self.process = subprocess.Popen(
            [sys.executable, "-m", "player", "play", film, "--text"], cwd=folder, env=env,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        )  # fmt: skip
        self._lines: queue.SimpleQueue[str] = queue.SimpleQueue()
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        with contextlib.suppress(ValueError):  # closed under our hands
            for line in self.process.stdout:
                self._lines.put(line)
        self._lines.put("")

    def say(self, line: str) -> None:
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()

    def hear(self, words: str) -> str:
        """The next line that holds `words`."""
        until = time.monotonic() + PATIENCE
        seen = []
        while (left := until - time.monotonic()) > 0:
            try:
                line = self._lines.get(timeout=left)
            except queue.Empty:
                break
            if not line:
                break
            seen.append(line)
            if words in line:
                return line
        raise AssertionError(f"never said {words!r}: {seen}")

    def quit(self) -> int:
        self.say("quit")
        return self.process.wait(PATIENCE)

    def end(self) -> None:
        self.process.kill()
        self.process.wait()
        with contextlib.suppress(BrokenPipeError):
            self.process.stdin.close()
        self.process.stdout.close()


def stamped(line: str) -> float:
    """The second of the engine's clock that a line tells of."""
    hours, minutes, seconds = line.split(maxsplit=1)[0].split(":")
    return 3600 * int(hours) + 60 * int(minutes) + float(seconds)


def in_a_song(player: Player) -> None:
    """GO, and so far into a that a run which breaks off there can be taken up."""
    player.say("go")
    player.hear("plays a")
    player.say("wait 1500ms")
    player.say("state")
    player.hear("state")


def taken_up(player: Player) -> str:
    """Resume; the line of state with which a plays again."""
    line, until = "", time.monotonic() + PATIENCE
    player.say("resume")
    while "plays a" not in line and time.monotonic() < until:
        player.say("state")
        line = player.hear("state")
    assert "plays a" in line
    return line


def goes_on(player: Player, song: str) -> None:
    """It is in the midst of a song; GO goes on from there, and it ends well."""
    player.say("state")
    assert f'plays {song} "{song.upper()}"' in player.hear("state")
    player.say("go")
    player.hear(f"fades {song}")
    player.hear("plays b")
    assert player.quit() == 0


@pytest.fixture
def start(world):
    """Starts players, and sees to it that nothing of them stays."""
    started: list[Player] = []

    def new(film: str = "show.yaml") -> Player:
        started.append(Player(world, film))
        return started[-1]

    yield new
    for player in started:
        player.end()
    for engine in engines(world):
        os.kill(engine, signal.SIGKILL)


def engines(world) -> list[int]:
    """The process ids of engines that belong to this world."""
    mark = str(world[0]).encode()
    found = []
    for entry in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            line = entry.read_bytes()
        except OSError:
            continue
        if b"player.host.process" in line and mark in line:
            found.append(int(entry.parent.name))
    return found


def become(world, count: int) -> bool:
    """Whether there come to be `count` engines."""
    until = time.monotonic() + PATIENCE
    while len(engines(world)) != count and time.monotonic() < until:
        time.sleep(0.02)
    return len(engines(world)) == count


linux = pytest.mark.skipif(sys.platform != "linux", reason="looks for processes in /proc")


@linux
def test_quit_ends_the_engine_too(world, start):
    player = start()
    player.say("go")
    player.hear("plays a")
    assert len(engines(world)) == 1
    assert player.quit() == 0
    assert become(world, 0)
    assert [p.name for p in (world[0] / "run").rglob("*") if p.is_file() and p.suffix not in (".log", ".lock")] == []


@linux
def test_a_new_show_takes_over_from_one_that_was_killed(world, start):
    first = start()
    first.say("go")
    first.hear("plays a")
    first.process.kill()
    first.process.wait()
    assert len(engines(world)) == 1

    second = start()
    second.hear("standby 2 two")
    goes_on(second, "a")
    assert become(world, 0)


# A show of one timeline that goes over to another, as the window does when a file is opened in it.
GOES_OVER = """
import time
from pathlib import Path
from player import actions as act, opening
from player.host.client import ProcessEngine
from player.session import Session
from player.show import Show

def plan(name):
    return opening.find_songs(opening.read_plan(Path(name)), Path("."))

def heard(song):
    while [each.cue.song for each in session.show.sounding] != [song]:
        session.poll()
        time.sleep(0.01)

engine = ProcessEngine(str(plan("show.yaml").path))
engine.start()
session = Session(Show(plan("show.yaml")), engine)
session.do(act.Go())
heard("a")
session.open(plan("other.yaml"))
session.do(act.Go())
heard("c")
print("plays c", flush=True)
time.sleep(60)
"""


@linux
def test_after_another_timeline_was_opened_a_start_of_that_one_takes_over(world, start):
    folder, env = world
    other = (folder / "show.yaml").read_text().replace("a: {title: A", "c: {title: C").replace("song: a", "song: c")
    (folder / "other.yaml").write_text(other)
    window = subprocess.Popen([sys.executable, "-c", GOES_OVER], cwd=folder, env=env, stdout=subprocess.PIPE, text=True)
    try:
        assert window.stdout.readline() == "plays c\n"
        beside = start("other.yaml")  # while the window lives, the engine is its own
        beside.hear("standby 1 one")
        beside.say("state")
        assert "silent" in beside.hear("state")
        assert beside.quit() == 0
    finally:
        window.kill()
        window.communicate()
    assert become(world, 1)

    first = start("show.yaml")  # has an engine of its own, and leaves the other one alone
    first.hear("standby 1 one")
    first.say("go")
    first.hear("plays a")
    assert become(world, 2)
    second = start("other.yaml")
    second.hear("standby 2 two")
    goes_on(second, "c")
    assert become(world, 1)
    assert first.quit() == 0
    assert become(world, 0)
    assert [path.name for path in (folder / "run").rglob("*.plays")] == []


@linux
def test_an_engine_can_be_told_to_end_with_its_window(world, start):
    world[1]["NEEDLEDROP_ON_UI_LOSS"] = "fade"
    player = start()
    player.say("go")
    player.hear("plays a")
    player.process.kill()
    assert become(world, 0)


@linux
def test_a_second_show_of_the_same_timeline_gets_an_engine_of_its_own(world, start):
    first, second = start(), start()
    first.say("go")
    first.hear("plays a")
    assert become(world, 2)
    second.say("state")
    assert "silent" in second.hear("state")
    assert (first.quit(), second.quit()) == (0, 0)
    assert become(world, 0)


@linux
def test_an_engine_that_dies_is_replaced_and_the_show_goes_on(world, start):
    player = start()
    player.say("go")
    player.hear("plays a")
    os.kill(engines(world)[0], signal.SIGKILL)
    player.hear("the sound engine has died")
    player.hear("the sound engine is back")
    goes_on(player, "a")
    assert become(world, 0)


@linux
def test_engines_that_die_again_and_again_end_in_one_line_and_the_show_still_quits(world, start):
    player = start()
    player.say("go")
    player.hear("plays a")
    for _ in range(DEATHS):
        os.kill(engines(world)[0], signal.SIGKILL)
        player.hear("the sound engine is back")
    os.kill(engines(world)[0], signal.SIGKILL)
    player.hear("the sound engine has stopped again and again: quit and start again")
    assert player.quit() == 1
    assert become(world, 0)


def test_figures_come_back_as_they_went(tmp_path):
    path = tmp_path / "figures"
    writer = Writer(path)
    voices = tuple(VoiceStatus(n, n * 10, 1 << 40, 0.5, n % 2 == 0) for n in range(3))
    status = Status(123, 120, True, voices, (0.25, 0.5), load=0.125, late=4, xruns=5, silent=True)
    writer.write(status)
    assert Reader(path).read() == status


def test_figures_hold_64_voices_and_leave_the_rest_out(tmp_path):
    path = tmp_path / "figures"
    Writer(path).write(Status(voices=tuple(VoiceStatus(n, 0, 1, 1.0, False) for n in range(100))))
    assert len(Reader(path).read().voices) == 64


def test_an_address_fits_a_socket_however_long_the_timelines_name(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    assert place("x" * 5000) != place("y" * 5000)
    assert len(Path(place("x" * 5000).address).name) < 40
