"""Calls that are wrong: one line that says what would be right, exit code 2, and nothing is written."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.bad_input.material import show
from tests.bad_input.program import Person

CALLS = {
    "an unknown option": (["check", "--loud", "show.yaml"], "unrecognized arguments: --loud"),
    "an unknown option of play": (["--loud"], "unrecognized arguments: --loud"),
    "no file to check": (["check"], "the following arguments are required: FILE"),
    "two files to play": (["play", "a.yaml", "b.yaml"], "unrecognized arguments: b.yaml"),
    "a command misspelt": (["chekc"], "did you mean check?"),
    "an empty name": (["play", "--text", ""], "this is a folder; name a file in it"),
    "a render without a name": (["render", "show.yaml"], "the following arguments are required: -o/--output"),
    "an output without a suffix": (["render", "show.yaml", "-o", "out"], "out: name the file .wav or .flac"),
    "an output of a kind we do not write": (["render", "show.yaml", "-o", "out.mp3"], "name the file .wav or .flac"),
    "an output that is a folder": (["render", "show.yaml", "-o", "dir.wav"], "dir.wav: this is a folder"),
    "FLAC with floats": (["render", "show.yaml", "-o", "out.flac", "--float"], "FLAC holds whole numbers only"),
    "an output that the show plays": (["render", "show.yaml", "-o", "song.wav"], "the show itself plays this file"),
    "a record without virtual time": (["play", "show.yaml", "--record", "out.wav"], "--record needs --virtual"),
    "a record without a suffix": (["play", "show.yaml", "--virtual", "--record", "out"], "out: name the file .wav"),
    "a record over the timeline": (["play", "show.yaml", "--virtual", "--record", "show.yaml"], "name the file .wav"),
    "a record over a song": (["play", "show.yaml", "--virtual", "--record", "song.wav"], "plays this file"),
    "a record that is a folder": (["play", "show.yaml", "--virtual", "--record", "dir.wav"], "this is a folder"),
    "--from nowhere": (["play", "--text", "show.yaml", "--from", "nowhere"], 'no scene or cue "nowhere"'),
    "--from nothing": (["play", "--text", "show.yaml", "--from", ""], 'no scene or cue ""'),
    "blocks of no size": (["play", "show.yaml", "--virtual", "--block", "0"], "a number of frames from 1 up"),
}


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory, shelf: Path) -> Path:
    """A folder with a show, its recording, and a folder that is called like a recording."""
    folder = tmp_path_factory.mktemp("calls")
    (folder / "song.wav").write_bytes((shelf / "fine.wav").read_bytes())
    (folder / "dir.wav").mkdir()
    show(folder, ["song: song.wav"])
    return folder


def files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


@pytest.mark.parametrize("name", CALLS)
def test_a_wrong_call_is_one_line_and_writes_nothing(name: str, someone: Person, place: Path):
    call, why = CALLS[name]
    before = files(place)
    ran = someone.run(*call, cwd=place)
    assert (ran.code, ran.out) == (2, "")
    assert ran.complaint.startswith("needledrop: ")
    assert why in ran.complaint
    assert files(place) == before


# Each wrong line of text mode, and a part of the answer. The show goes on after all of them.
LINES = {
    "bogus": '? no command "bogus" (commands: go |',
    "go now": '? "go" stands alone',
    "GO": '? no command "GO"',
    "wait": "? wait: ",
    "wait a while": '? wait: "a while" is not a length',
    "wait -1s": "? wait: ",
    "wait 5": "? wait: ",
    "wait 99999999999h": "? wait: ",
    "seek": "? seek: ",
    "seek banana": "? seek: ",
    "seek +5": "? seek: ",
    "seek 1s": "? seek: nothing sounds",
    "level loud": "? level: ",
    "level": "? level: ",
    "level nan": "? level: ",
    "level +1000000 dB": "? level: a level above +24 dB is refused",
    "level +20 dB": "level +12 dB",
    "standby": "? standby: ",
    "standby nowhere": '? standby: no scene or cue "nowhere"',
    "standby +99999999999999999999": "standby end",
    "standby -" + "9" * 5000: "standby 1",
    "standby +" + "9" * 5000: "standby end",
    "standby -5": "standby 1",
    "\x1b[A": "? no command",
    "é日本": '? no command "é日本"',
    "x" * 100_000: "? no command",
}


def test_wrong_words_in_text_mode_are_answered_and_the_show_goes_on(someone: Person, place: Path):
    typed = "".join(f"{line}\n" for line in LINES) + "standby s-song\nlevel 0 dB\ngo\nwait 1s\n"
    ran = someone.run("play", "--text", "--virtual", "show.yaml", stdin=typed, cwd=place)
    assert (ran.code, ran.err) == (0, "")
    said = iter(ran.lines)
    for line, answer in LINES.items():
        assert any(answer in heard for heard in said), f"no {answer!r} after {line[:40]!r}:\n{ran.out[:3000]}"
    assert '0:00:01.000 ended song "The song song" (recording)' in ran.lines
    assert max(map(len, ran.lines)) < 1000


def test_input_that_is_no_text_is_answered_too(someone: Person, place: Path):
    ran = someone.run("play", "--text", "--virtual", "show.yaml", stdin=b"\xff\xfe\x00g\xe9\nstate\n", cwd=place)
    assert (ran.code, ran.err) == (0, "")
    assert any(line.startswith("? no command") for line in ran.lines)
    assert any("state running" in line for line in ran.lines)


def test_input_that_is_no_text_is_answered_in_real_time_too(person: Person, place: Path):
    ran = person.run("play", "--text", "show.yaml", stdin=b"\xff\xfe\x00g\xe9\nstate\nquit\n", cwd=place)
    assert (ran.code, ran.err) == (0, "")
    assert any(line.startswith("? no command") for line in ran.lines)
    assert any("state running" in line for line in ran.lines)
    assert person.left() == []
