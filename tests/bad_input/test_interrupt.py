"""Ctrl-C at any moment: exit code 130, one line, no half file, no process left."""

from __future__ import annotations

import os
import random
import signal
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from tests.bad_input.material import RATE, ramp, read_record, show, write_wav
from tests.bad_input.program import PATIENCE, Live, Person, Ran, until

if sys.platform == "win32":
    pytest.skip("needs the signals of a Unix", allow_module_level=True)

SHELL = (130, -2)  # -2: the signal came when the command was over, and Python had only to end; a shell says 130


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A show that plays for hours, so that no machine is done before it is interrupted."""
    folder = tmp_path_factory.mktemp("interrupt")
    write_wav(folder / "long.wav", ramp(60 * RATE))
    scenes = "".join(f"  - {{id: s{n}, title: S, cues: [{{song: long}}]}}\n" for n in range(200))
    return show(folder, ["long: {title: Long, media: long.wav}"], scenes=scenes)


def interrupted(live: Live) -> Ran:
    live.interrupt()
    live.process.wait(PATIENCE)  # its input stays open until then
    ran = live.end()
    assert ran.code == 130
    assert ran.complaints[-1] == "needledrop: interrupted"
    return ran


def test_check_while_it_reads(person: Person, folder: Path):
    os.mkfifo(folder / "slow.yaml")
    with person.start("check", folder / "slow.yaml") as live, (folder / "slow.yaml").open("w") as slow:
        slow.write("needledrop: 1\n")
        slow.flush()  # it has opened its end, and waits for more
        assert interrupted(live).out == ""


def test_check_while_it_checks(person: Person, folder: Path):
    rows = "".join(f"  - {{id: s{n}, title: S, at: {n}s, cues: [{{song: a}}]}}\n" for n in range(50_000))
    film = show(folder, ["a: a.wav"], scenes=rows)
    with person.start("check", folder / "gone.yaml", film) as live:
        live.hear("there is no such file")  # and now the large one
        interrupted(live)


def test_check_while_it_watches(person: Person, folder: Path):
    film = show(folder, ["a: a.wav"])
    with person.start("check", "--watch", film) as live:
        live.hear("Ctrl-C ends it")
        film.write_text(film.read_text().replace("needledrop: 1", "needledrop: 0"))
        live.hear("there is no format 0")
        interrupted(live)


@pytest.mark.parametrize("suffix", [".wav", ".flac"])
def test_render(suffix: str, person: Person, folder: Path, film: Path):
    for wait in (0.0, 0.05, 0.2):
        with person.start("render", film, "-o", folder / f"out{suffix}") as live:
            until(lambda: any(part.stat().st_size > 100 for part in folder.iterdir()), "a file grows")
            time.sleep(wait)
            assert interrupted(live).out == ""
        assert list(folder.iterdir()) == []


def test_an_impatient_person(person: Person, folder: Path, film: Path):
    with person.start("render", film, "-o", folder / "out.wav") as live:
        until(lambda: any(part.stat().st_size > 100 for part in folder.iterdir()), "a file grows")
        for _ in range(20):
            live.interrupt()
            time.sleep(0.001)
        ran = live.end()
    assert ran.code in SHELL
    assert ran.complaints == ["needledrop: interrupted"]
    assert list(folder.iterdir()) == []


def test_a_show_in_virtual_time_that_waits_for_a_line(person: Person, film: Path):
    with person.start("play", "--text", "--virtual", film) as live:
        live.hear("standby 1")
        interrupted(live)


def test_a_show_in_virtual_time_keeps_what_it_recorded(person: Person, folder: Path, film: Path):
    with person.start("play", "--text", "--virtual", "--record", folder / "heard.wav", film) as live:
        live.say("go", "wait 1s", "state", "wait 99h")
        live.hear("state running")
        interrupted(live)
    assert [path.name for path in folder.iterdir()] == ["heard.wav"]
    heard = read_record(folder / "heard.wav")
    assert len(heard) >= RATE
    np.testing.assert_array_equal(heard[:RATE], ramp(RATE).astype(np.float32))


@pytest.mark.parametrize("auto", [[], ["--auto"]])
def test_a_show_in_real_time(auto: list[str], person: Person, film: Path):
    with person.start("play", "--text", *auto, film) as live:
        live.say("go")
        live.hear("plays long")
        until(person.engines, "an engine")
        interrupted(live)
    assert person.engines() == []
    assert person.left() == []


@pytest.mark.parametrize("request_to_end", [signal.SIGTERM, signal.SIGHUP], ids=lambda number: number.name)
def test_a_system_on_its_way_down_or_a_terminal_that_closes_ends_the_engine_too(
    request_to_end: signal.Signals, person: Person, film: Path
):
    with person.start("play", "--text", film) as live:
        live.say("go")
        live.hear("plays long")
        live.process.send_signal(request_to_end)
        live.process.wait(10)  # for that alone, and not for the end of the input
        ran = live.end()
    assert (ran.code, ran.err) == (128 + request_to_end, "needledrop: told to end")
    assert person.engines() == []
    assert person.left() == []


# The signal meets another thread, so that the wait of this one goes on: as if it had come just before that wait.
DEAF = """
import os, signal, threading
from player import signals
signals.hear()
reads, _ = os.pipe()
threading.Timer(0.1, signal.raise_signal, (signal.SIGINT,)).start()
try:
    os.read(reads, 1)
except signals.Ended as ended:
    print(ended.why)
"""


def test_a_wait_that_the_signal_did_not_end(person: Person):
    with person.start(program=(sys.executable, "-c", DEAF)) as live:
        ran = live.end()
    assert (ran.code, ran.out) == (0, "interrupted")


def test_a_show_in_real_time_at_any_moment_of_its_start(person: Person, film: Path):
    """From the first line on, through the engine's start to its first sound."""
    moments = random.Random(1)
    for _ in range(6):
        with person.start("play", "--text", film) as live:
            live.hear("standby 1")
            live.say("go")
            time.sleep(moments.uniform(0, 0.6))
            interrupted(live)
        assert person.engines() == []
        assert person.left() == []


def test_a_show_that_quits_before_its_engine_has_started(person: Person, film: Path):
    ran = person.run("play", "--text", film, stdin="quit\n")
    assert (ran.code, ran.err) == (0, "")
    assert person.engines() == []
    assert person.left() == []


# The command as it is installed. Until it has begun, Ctrl-C is Python's own affair.
BEGUN = """
import sys
from player.cli import main
try:
    print("begun", flush=True)
    sys.exit(main())
except KeyboardInterrupt:
    sys.exit("not heard")
"""


def test_at_any_moment(person: Person, folder: Path, film: Path):
    moments = random.Random(2)
    calls: list[list] = [["order", film], ["render", film, "-o", folder / "out.flac"], ["play", "--text", film]]
    for call in calls * 3:
        with person.start(*call, program=(sys.executable, "-c", BEGUN)) as live:
            live.hear("begun")
            time.sleep(moments.uniform(0, 0.8))
            live.interrupt()
            live.process.wait(PATIENCE)
            ran = live.end()
        assert (ran.code, ran.err) in ((130, "needledrop: interrupted"), (-2, ""), (0, ""))
        assert list(folder.iterdir()) == []
        assert person.engines() == []
        assert person.left() == []
