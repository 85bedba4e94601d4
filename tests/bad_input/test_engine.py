"""The engine's process and the places it needs: gone, stuck, shared or not to be had; each is one line, and the show
still quits."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

import pytest

from tests.bad_input.material import RATE, ramp, show, write_wav
from tests.bad_input.program import Live, Person, until

if sys.platform == "win32":
    pytest.skip("needs the signals and files of a Unix", allow_module_level=True)


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two songs of a minute."""
    folder = tmp_path_factory.mktemp("engine")
    write_wav(folder / "long.wav", ramp(60 * RATE))
    return show(folder, ["one: long.wav", "two: long.wav"])


def plays(live: Live) -> None:
    """Have a show sound."""
    live.say("go")
    live.hear("plays one")


def test_an_engine_that_is_killed_is_told_in_two_lines_and_the_show_goes_on(person: Person, film: Path):
    with person.start("play", "--text", film) as live:
        plays(live)
        person.engines()[0].kill()
        live.hear("the sound engine is back")
        live.say("state", "wait 300ms", "go")
        live.hear("plays two")
        live.say("pause", "seek +5s", "quit")
        ran = live.end()
    assert ran.code == 0
    assert ran.err == ""
    assert ran.out.count("engine has died") == 1
    assert ran.out.count("engine is back") == 1
    assert "plays one" in next(line for line in ran.lines if " state " in line)
    assert person.engines() == []


def test_a_show_that_waits_for_an_engine_that_is_killed_goes_on_waiting(person: Person, film: Path):
    with person.start("play", "--text", film) as live:
        live.say("go", "wait 4s", "state", "quit")
        live.hear("plays one")
        person.engines()[0].kill()
        live.hear("state ")
        assert live.end().code == 0
    assert "the sound engine is back" in live.out


def test_a_hands_free_show_goes_on_with_its_next_engine(person: Person, folder: Path):
    write_wav(folder / "short.wav", ramp(3 * RATE))
    film = show(folder, ["one: short.wav", "two: short.wav"])
    with person.start("play", "--text", "--auto", film) as live:
        live.hear("plays one")
        person.engines()[0].kill()
        live.hear("plays two")
        ran = live.end()
    assert ran.code == 0
    assert ran.out.count("ended") == 2


def test_after_an_engine_was_killed_the_next_show_starts_as_ever(person: Person, film: Path):
    with person.start("play", "--text", film) as live:
        plays(live)
        person.engines()[0].send_signal(signal.SIGKILL)
        live.hear("engine has died")
        live.say("quit")
        live.end()
    with person.start("play", "--text", film) as live:
        plays(live)
        live.say("quit")
        assert live.end().code == 0
    assert person.left() == []


def test_a_timeline_that_is_deleted_while_it_plays_plays_on(person: Person, folder: Path):
    write_wav(folder / "long.wav", ramp(60 * RATE))
    film = show(folder, ["one: long.wav", "two: long.wav"])
    with person.start("play", "--text", film) as live:
        plays(live)
        film.unlink()
        live.say("wait 500ms", "go")
        live.hear("plays two")
        live.say("quit")
        ran = live.end()
    assert (ran.code, ran.err) == (0, "")
    assert person.left() == []


def test_two_players_of_one_timeline_at_once(person: Person, film: Path):
    """Neither hears the other: the second one gets an engine of its own, also where both start together."""
    with person.start("play", "--text", film) as one, person.start("play", "--text", film) as two:
        for live in (one, two):
            live.say("go")
        for live in (one, two):
            live.hear("plays one")
        until(lambda: len(person.engines()) == 2, "two engines")
        one.say("quit")
        assert one.end().code == 0
        two.say("wait 300ms", "go")  # GO is guarded
        two.hear("plays two")
        two.say("quit")
        assert two.end().code == 0
    assert person.engines() == []
    assert person.left() == []


# -- places


def starts(person: Person, film: Path, **more: str | None) -> None:
    """A show sounds and ends as ever."""
    with person.start("play", "--text", film, **more) as live:
        plays(live)
        live.say("quit")
        ran = live.end()
    assert (ran.code, ran.err) == (0, "")
    assert person.engines() == []
    assert person.left() == []


def test_a_runtime_folder_whose_name_is_too_long_for_a_socket(person: Person, film: Path):
    deep = person.runtime / ("x" * 100)
    deep.mkdir()
    starts(person, film, XDG_RUNTIME_DIR=str(deep))


@pytest.mark.parametrize("name", [None, "/nowhere/run", "/proc/self"])
def test_no_runtime_folder(name: str | None, person: Person, film: Path):
    starts(person, film, XDG_RUNTIME_DIR=name)


def test_a_runtime_folder_that_others_can_write_to_is_made_private(person: Person, film: Path):
    ours = person.runtime / f"needledrop-{os.getuid()}"
    ours.mkdir()
    ours.chmod(0o777)
    starts(person, film)
    assert ours.stat().st_mode & 0o777 == 0o700


def test_a_runtime_folder_that_is_a_link_or_a_file_is_not_used(person: Person, film: Path):
    elsewhere = person.base / "elsewhere"
    elsewhere.mkdir()
    ours = person.runtime / f"needledrop-{os.getuid()}"
    ours.symlink_to(elsewhere)
    starts(person, film)
    assert list(elsewhere.iterdir()) == []
    ours.unlink()
    ours.write_text("")
    starts(person, film)


def test_a_runtime_folder_that_is_full(person: Person, film: Path):
    ran = person.run("play", "--text", film, stdin="go\nwait 10h\nquit\n", within="ulimit -f 0")
    assert ran.code == 1
    assert ran.err == ""
    assert ran.out.count("the sound engine does not start (File too large)") == 1


def test_a_home_that_is_not_to_be_written_to(person: Person, folder: Path, shelf: Path):
    """The sound font is unpacked into a cache, which cannot be had there."""
    film = show(folder, [f"tune: {shelf.as_posix()}/good.mid"])
    ran = person.run("render", film, "-o", folder / "out.wav", HOME="/proc/self", XDG_CACHE_HOME=None)
    assert (ran.code, ran.err) == (0, "")
    assert "silent" not in ran.out


@pytest.mark.parametrize("home", [None, "", "/nowhere"])
def test_no_home_at_all(home: str | None, person: Person, film: Path):
    starts(person, film, HOME=home, XDG_CACHE_HOME=None)


# -- settings


@pytest.mark.parametrize("raw", [b"\xff\x00\x01", b"device = ", b"device = 7\n"])
def test_settings_that_are_broken_stop_nothing(raw: bytes, person: Person, film: Path):
    folder = person.home / ".config" / "needledrop"
    folder.mkdir(parents=True)
    (folder / "settings.toml").write_bytes(raw)
    starts(person, film)
