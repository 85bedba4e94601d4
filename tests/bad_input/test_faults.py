"""What may go wrong in the middle of a show: the show goes on. Real processes, files and signals; no device."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from tests.bad_input.material import RATE, ramp, show, write_wav
from tests.bad_input.program import Live, Person, until
from tests.conftest import LONG

if sys.platform == "win32":
    pytest.skip("needs the signals and files of a Unix", allow_module_level=True)

IS_LONG = LONG in os.environ


def state(live: Live) -> str:
    """What it says of itself now."""
    times = live.out.count(" state ")
    live.say("state")
    return live.hear(" state ", times + 1)


def go_takes(live: Live, song: str) -> float:
    """Seconds from GO to the news that this song plays."""
    asked = time.monotonic()
    live.say("go")
    live.hear(f"plays {song}")
    return time.monotonic() - asked


def worked(live: Live) -> float:
    """Seconds of a processor that it has taken so far, which a busy machine makes no more of."""
    times = psutil.Process(live.process.pid).cpu_times()
    return times.user + times.system


def rests(live: Live) -> bool:
    """Whether what it does beside the show is done: it has taken next to nothing for a while."""
    before = worked(live)
    time.sleep(0.3)
    return worked(live) - before < 0.03


# -- material


@pytest.mark.parametrize("fault", ["deleted", "truncated", "replaced by noise", "replaced by another"])
def test_a_recording_that_is_lost_while_it_plays_does_not_stop_the_show(fault: str, person: Person, folder: Path):
    song = write_wav(folder / "song.wav", ramp(60 * RATE))
    film = show(folder, ["one: song.wav", f"two: {write_wav(folder / 'fine.wav', ramp(20 * RATE))}"])
    with person.start("play", "--text", film) as live:
        live.say("go")
        live.hear("plays one")
        match fault:
            case "deleted":
                song.unlink()
            case "truncated":
                os.truncate(song, 1000)
            case "replaced by noise":
                song.write_bytes(os.urandom(100_000))
            case _:
                write_wav(folder / "other.wav", ramp(RATE))
                os.replace(folder / "other.wav", song)
        live.say("seek 40s", "wait 300ms", "state", "go")
        live.hear("plays two")
        live.say("wait 300ms", "state", "quit")
        ran = live.end()
    assert (ran.code, ran.err) == (0, "")
    assert 'two "The two song"' in [line for line in ran.lines if " state " in line][-1]
    assert person.engines() == []


def test_a_share_that_stalls_holds_up_no_other_cue(person: Person, folder: Path):
    """A recording that answers as late as a share in trouble: its reader stands, and only its cue waits."""
    pipe = folder / "stalled.wav"
    write_wav(pipe, ramp(20 * RATE))
    fine = write_wav(folder / "fine.wav", ramp(60 * RATE))
    film = show(folder, [f"fine: {fine}", f"next: {fine}", "bad: stalled.wav", f"last: {fine}"])
    with person.start("play", "--text", film) as live:
        live.hear("standby 1")
        pipe.unlink()
        os.mkfifo(pipe)  # whoever opens it waits until somebody writes, which nobody does
        live.say("go")
        live.hear("plays fine")
        live.say("wait 300ms", "state")
        live.hear("standby 2 s-next", 2)
        usual = go_takes(live, "next")
        live.say("wait 300ms", "go", "wait 300ms", "state")
        live.hear("standby 4 s-last")  # the stalled cue was gone for, and nothing of it is heard
        assert go_takes(live, "last") < usual + 1.0
        assert 'last "The last song"' in state(live)
        live.say("panic", "quit")
        ran = live.end()
    assert (ran.code, ran.err) == (0, "")


# -- the disk


@pytest.fixture
def small_disk(tmp_path: Path):
    """A disk of 256 KiB; a test that may not mount one is passed over."""
    place = tmp_path / "disk"
    place.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", str(place)]
    if shutil.which("mount") is None or subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("may not mount a disk")
    yield place
    subprocess.run(["umount", "-l", str(place)], check=False)


@pytest.mark.parametrize("moment", ["before", "during"])
def test_a_disk_that_is_full_costs_the_log_and_the_run_but_not_the_show(
    moment: str, person: Person, folder: Path, small_disk: Path
):
    """The log of the show, the run for the next start and the sound's log lie in the state folder."""
    fine = write_wav(folder / "fine.wav", ramp(60 * RATE))
    film = show(folder, [f"{name}: {fine}" for name in ("one", "two", "three")])

    def fill() -> None:
        with contextlib.suppress(OSError), open(small_disk / "big", "wb", buffering=0) as file:
            while True:
                file.write(bytes(1024))

    if moment == "before":
        fill()
    with person.start("play", "--text", film, XDG_STATE_HOME=str(small_disk)) as live:
        live.say("go")
        live.hear("plays one")
        if moment == "during":
            fill()
        for song in ("two", "three"):
            live.say("level -3 dB", "wait 400ms", "go")
            live.hear(f"plays {song}")
        live.say("wait 1500ms", "quit")
        ran = live.end()
    assert (ran.code, ran.err) == (0, "")
    assert person.engines() == []


def test_files_that_may_not_grow_cost_the_show_nothing(person: Person, folder: Path):
    """The same by a limit on the size of files, which needs no disk of its own."""
    fine = write_wav(folder / "fine.wav", ramp(60 * RATE))
    film = show(folder, [f"one: {fine}", f"two: {fine}"])
    program = ("sh", "-c", f'ulimit -f 8; exec {sys.executable} -m player "$@"', "sh")  # 4 KiB; the key needs 32 bytes
    with person.start("play", "--text", film, program=program) as live:
        live.say("go")
        live.hear("plays one")
        live.say("level -3 dB", "wait 1500ms", "go")
        live.hear("plays two")
        live.say("quit")
        ran = live.end()
    assert (ran.code, ran.err) == (0, "")


# -- time


def test_a_window_that_stands_for_five_seconds_holds_up_no_chain(person: Person, folder: Path):
    """Stopped in the midst of a chain: what is due meanwhile comes at its frame."""
    seconds = 5.0 if IS_LONG else 2.0
    scenes = (
        "- {id: s, title: S, cues: [{song: a, then: follow}"
        + ", {song: b, then: follow}, {song: a, then: follow}" * 8
        + ", {song: b}]}\n"
    )
    short = write_wav(folder / "short.wav", ramp(RATE // 4))
    film = show(folder, [f"a: {{title: A, media: {short}}}", f"b: {{title: B, media: {short}}}"], scenes=scenes)
    with person.start("play", "--text", film, XDG_STATE_HOME=str(folder / "state")) as live:
        live.say("go")
        live.hear("plays a")
        live.process.send_signal(signal.SIGSTOP)
        time.sleep(seconds)
        live.process.send_signal(signal.SIGCONT)
        live.say("wait 5s", "quit")
        ran = live.end()
    assert (ran.code, ran.err) == (0, "")
    (log,) = (folder / "state").rglob("*.jsonl")
    rows = [json.loads(line) for line in log.read_text("utf-8").splitlines()]
    played = [(row["song"], row["clock"]) for row in rows if row["what"] == "plays"]
    assert [song for song, _ in played] == ["a", "b"] * 9
    assert [round(clock - played[0][1], 3) for _, clock in played] == [n / 4 for n in range(18)]


def test_both_cores_busy_the_show_goes_on(person: Person, folder: Path):
    busy = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(os.cpu_count() or 2)]
    try:
        fine = write_wav(folder / "fine.wav", ramp(60 * RATE))
        film = show(folder, [f"s{n}: {fine}" for n in range(20)])
        with person.start("play", "--text", film) as live:
            for n in range(20 if IS_LONG else 4):
                live.say("go")
                live.hear(f"plays s{n}")
                live.say("wait 300ms")
            live.say("quit")
            ran = live.end()
    finally:
        for each in busy:
            each.kill()
            each.wait()
    assert (ran.code, ran.err) == (0, "")
    assert "died" not in ran.out


def test_a_show_of_ten_thousand_cues_goes(person: Person, folder: Path):
    fine = write_wav(folder / "fine.wav", ramp(60 * RATE))
    songs = "".join(f"  s{n}: {{title: Song {n}, media: {fine}}}\n" for n in range(100))
    scenes = "".join(f"- {{id: c{n}, title: Scene {n}, cues: [song: s{n % 100}]}}\n" for n in range(10_000))
    film = folder / "long.yaml"
    film.write_text(f"needledrop: 1\nsongs:\n{songs}scenes:\n{scenes}")
    with person.start("play", "--text", "--from", "c9000", film) as live:
        live.hear("standby 9001")
        live.hear("in silence")
        for n in (9000, 9001, 9002):
            until(lambda: rests(live), "it to rest")
            before = worked(live)
            live.say("go")
            live.hear(f"plays s{n % 100}")
            assert worked(live) - before < 0.25
            live.say("wait 300ms")
        live.say("quit")
        ran = live.end()
    assert (ran.code, ran.err) == (0, "")
    until(lambda: not person.engines(), "the engine's end")
