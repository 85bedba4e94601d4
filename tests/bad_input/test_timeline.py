"""Files that are no timeline, or no good one: each command says what is wrong in one line, and nothing is lost."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import pytest

from tests.bad_input.material import show
from tests.bad_input.program import Person

CHECK, ORDER = ["check"], ["order"]
RENDER, PLAY = ["render", "-o", "out.wav"], ["play", "--text", "--virtual"]
COMMANDS = (CHECK, ORDER, RENDER, PLAY)

posix = pytest.mark.skipif(sys.platform == "win32", reason="needs the names and files of a Unix")


# -- files that cannot be read at all: exit code 2, one line


def test_no_such_file(person: Person, folder: Path):
    for ran in person.each(*([*command, "nothing.yaml"] for command in COMMANDS), cwd=folder):
        assert (ran.code, ran.out) == (2, "")
        assert ran.complaint == "needledrop: nothing.yaml: there is no such file"


def test_a_folder(person: Person, folder: Path):
    for ran in person.each(*([*command, "."] for command in COMMANDS), cwd=folder):
        assert (ran.code, ran.out) == (2, "")
        assert ran.complaint == "needledrop: .: this is a folder; name a file in it"


def test_latin_1(person: Person, folder: Path):
    (folder / "film.yaml").write_bytes("needledrop: 1\nfilm: {title: Café}\n".encode("latin-1"))
    for ran in person.each(*([*command, "film.yaml"] for command in COMMANDS), cwd=folder):
        assert (ran.code, ran.out) == (2, "")
        assert ran.complaint == (
            'needledrop: film.yaml: not UTF-8: byte 0xE9, "é" in Windows-1252, at line 2, byte 18; '
            "save the file as UTF-8"
        )


@pytest.mark.parametrize(
    ("raw", "why"),
    [
        pytest.param(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "this is not a text file", id="picture"),
        pytest.param(b"\x7fELF\x02\x01\x01\0\0\0\x90", "this is not a text file", id="program"),
        pytest.param(b"RIFF\x24\x08\0\0WAVEfmt \x10\0\0\0\x80\xbb", "this is not a text file", id="WAV"),
        pytest.param(b"MThd\0\0\0\x06\0\0\0\x01\0`MTrk\0\xff", "this is not a text file", id="MIDI"),
        pytest.param("film:".encode("utf-16"), "this is UTF-16; save it as UTF-8", id="utf-16"),
        pytest.param("film:".encode("utf-16-le"), "this is UTF-16; save it as UTF-8", id="utf-16, no BOM"),
    ],
)
def test_a_binary(person: Person, folder: Path, raw: bytes, why: str):
    (folder / "film.yaml").write_bytes(raw)
    ran = person.run("check", "film.yaml", cwd=folder)
    assert (ran.code, ran.out, ran.complaint) == (2, "", f"needledrop: film.yaml: {why}")


def test_a_file_that_the_system_will_not_read(person: Person, folder: Path):
    if not Path("/proc/self/mem").exists():
        pytest.skip("needs /proc/self/mem, whose first byte nobody can read")
    ran = person.run("check", "/proc/self/mem", cwd=folder)
    assert (ran.code, ran.complaint) == (2, "needledrop: /proc/self/mem: cannot be read (Input/output error)")


def test_one_bad_file_among_others_is_told_and_the_others_are_checked(person: Person, folder: Path):
    (folder / "good.yaml").write_text("needledrop: 1\nscenes: [{id: one, title: One}]\n")
    (folder / "bad.yaml").write_text("needledrop: 1\nscenes: [{id: one}]\n")
    ran, told = person.each(
        ["check", "gone.yaml", "good.yaml", "bad.yaml"], ["check", "--json", "gone.yaml", "bad.yaml"], cwd=folder
    )
    assert (ran.code, told.code) == (2, 2)
    assert ran.complaint == "needledrop: gone.yaml: there is no such file"
    assert "good.yaml: no problems" in ran.lines
    assert "bad.yaml: 1 error" in ran.lines
    gone, bad = json.loads(told.out)["files"]
    assert (gone["ok"], gone["unreadable"]) == (False, "there is no such file")
    assert (bad["ok"], bad["problems"][0]["line"]) == (False, 2)


# -- files that are text, and wrong: exit code 1, what is wrong and where


def test_0_bytes_and_as_good_as_that(person: Person, folder: Path):
    names = ["zero.yaml", "blank.yaml", "mark.yaml", "comment.yaml"]
    for name, raw in zip(names, (b"", b"\n \n", b"\xef\xbb\xbf", b"# soon\n"), strict=True):
        (folder / name).write_bytes(raw)
    ran = person.run("check", *names, cwd=folder)
    assert (ran.code, ran.err) == (1, "")
    for name in names:
        assert f"{name}:1:1: error: the file is empty [empty]" in ran.lines
        assert f"{name}: 1 error" in ran.lines
    assert "a timeline begins with needledrop: 1" in ran.out


def test_nothing_to_play_is_told_with_the_reason(person: Person, folder: Path):
    (folder / "film.yaml").write_bytes(b"")
    order, render, play = person.each(*([*c, "film.yaml"] for c in (ORDER, RENDER, PLAY)), cwd=folder)
    for ran in (order, render, play):
        assert ran.code == 1
        assert ran.complaints[0] == "needledrop: film.yaml:1:1: the file is empty"
    assert render.complaints[-1] == "needledrop: film.yaml: there is no song to render"
    assert play.complaints[-1] == "needledrop: film.yaml: there is no scene to play"
    assert not (folder / "out.wav").exists()


def test_100_000_nested_brackets(person: Person, folder: Path):
    (folder / "film.yaml").write_text("needledrop: 1\nscenes: " + "[" * 100_000 + "\n")
    for ran in person.each(*([*command, "film.yaml"] for command in COMMANDS), cwd=folder):
        assert ran.code == 1
        told = [line for line in ran.lines + ran.complaints if "film.yaml:2:" in line]
        assert len(told) == 1
        assert "nested deeper than 32" in told[0]
        assert len(ran.out + ran.err) < 2000


@pytest.mark.parametrize(
    ("text", "why"),
    [
        pytest.param("x-a:\n" + "- " * 100_000 + "a\n", "nested deeper than 32", id="dashes"),
        pytest.param("film: {title: a}\nx-a: b" + " " * 100_000 + "c: d: e\n", "a colon", id="spaces"),
        pytest.param("\n" * 300_000 + "a b\n", "is not a key with a value", id="blank lines"),
        pytest.param("".join(f"k{n}: 1\n" for n in range(60_000)), "unknown key", id="unknown keys"),
    ],
)
def test_a_file_made_to_keep_the_reader_busy(person: Person, folder: Path, text: str, why: str):
    (folder / "film.yaml").write_text("needledrop: 1\n" + text)
    ran = person.run("check", "film.yaml", cwd=folder)
    assert ran.code == 1
    assert why in ran.lines[0]


def test_an_alias_bomb(person: Person, folder: Path):
    rows = ["x-a0: &a0 [ha, ha, ha, ha, ha, ha, ha, ha, ha]"]
    rows += [f"x-a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 12)]
    (folder / "film.yaml").write_text("needledrop: 1\n" + "\n".join(rows) + "\n")
    check, order, play = person.each(*([*c, "film.yaml"] for c in (CHECK, ORDER, PLAY)), cwd=folder)
    assert (check.code, order.code, play.code) == (1, 1, 1)
    assert "film.yaml:2:7: error: anchors are not used here: &a0 [anchor]" in check.lines
    assert "film.yaml: 111 errors" in check.lines  # each of 12 anchors and 99 aliases, none of them followed
    assert order.complaints[0] == "needledrop: film.yaml:2:7: anchors are not used here: &a0"
    assert play.complaints[-1] == "needledrop: film.yaml: there is no scene to play"


def test_hundreds_of_mistakes_do_not_flood_the_terminal(person: Person, folder: Path):
    rows = [f"  - {{id: s-{n}, title: S, at: {n}}}" for n in range(1, 500)]
    (folder / "film.yaml").write_text("needledrop: 1\nscenes:\n" + "\n".join(rows) + "\n")
    ran = person.run(*PLAY, "film.yaml", cwd=folder)
    assert ran.code == 1
    assert len(ran.complaints) == 9
    assert ran.complaints[-1] == "needledrop: 499 errors; `needledrop check` tells more; going on with the rest"


def test_a_song_that_points_nowhere(person: Person, folder: Path):
    scenes = "  - {id: one, title: One, cues: [{song: ghost}]}\n  - {id: two, title: Two}\n"
    show(folder, ["real: gone.wav"], scenes=scenes)
    check, order = person.each(["check", "show.yaml"], ["order", "show.yaml"], cwd=folder)
    assert (check.code, check.err) == (1, "")
    assert 'show.yaml:6:41: error: there is no song "ghost" [no-song]' in check.lines

    assert order.code == 1
    assert order.complaints[0] == 'needledrop: show.yaml:6:41: there is no song "ghost"'
    assert "song ghost: ghost, 3:00, silence: there is no such song" in order.out
    assert order.lines[-1] == "2 steps, 2 scenes, 3:00 of music"


def test_a_song_that_points_nowhere_lasts_three_minutes_and_the_show_goes_on(
    person: Person, folder: Path, shelf: Path
):
    scenes = "  - {id: one, title: One, cues: [{song: ghost}]}\n  - {id: two, title: Two, cues: [{song: fine}]}\n"
    show(folder, [f"fine: {shelf.as_posix()}/fine.wav"], scenes=scenes)
    ran = person.run(*PLAY, "--auto", "show.yaml", cwd=folder)
    assert ran.code == 1
    assert "0:00:00.000 plays ghost (silence: there is no such song)" in ran.lines
    assert '0:03:00.000 plays fine "The fine song" (recording)' in ran.lines
    assert '0:03:01.000 ended fine "The fine song" (recording)' in ran.lines


# -- names of files


NAMES = {
    b"with space.yaml": "with space.yaml",
    "日本 – é.yaml".encode(): "日本 – é.yaml",
    b"%s{0}\".yaml": '%s{0}".yaml',
    b"new\nline\x1b[2J.yaml": "new\N{REPLACEMENT CHARACTER}line\N{REPLACEMENT CHARACTER}[2J.yaml",
    b"caf\xe9.yaml": "caf\N{REPLACEMENT CHARACTER}.yaml",
}


@posix
def test_any_name_of_a_file_works(person: Person, folder: Path):
    paths = [os.fsencode(folder) + b"/" + name for name in NAMES]
    for path in paths:
        Path(os.fsdecode(path)).write_text("needledrop: 1\nscenes: [{id: one, title: One}]\n")
    odd, nothing = paths[-1], paths[-1] + b"!"
    check, told, order, play, gone = person.each(
        ["check", *paths], ["check", "--json", *paths], ["order", odd], [*PLAY, odd], ["check", nothing]
    )
    assert (check.code, check.err) == (0, "")
    assert check.lines == [f"{folder}/{shown}: no problems" for shown in NAMES.values()]
    assert [os.fsencode(file["file"]) for file in json.loads(told.out)["files"]] == paths
    assert (order.code, order.err, play.code, play.err) == (0, "", 0, "")
    assert gone.code == 2
    assert gone.complaint == f"needledrop: {folder}/{list(NAMES.values())[-1]}!: there is no such file"


def test_a_name_that_is_too_long(person: Person, folder: Path):
    long = "x" * 5000 + ".yaml"
    check, play, render = person.each(
        ["check", long], [*PLAY, long], ["render", "-o", "x" * 5000 + ".wav", "show.yaml"], cwd=folder
    )
    assert (check.code, play.code, render.code) == (2, 2, 2)
    assert check.complaint.endswith("xxx.yaml: cannot be read (File name too long)")


@posix
def test_a_pipe_as_file(person: Person):
    ran = person.run("check", "/dev/stdin", stdin="needledrop: 1\nscenes: [{id: one}]\n")
    assert (ran.code, ran.err) == (1, "")
    assert ran.out.startswith("/dev/stdin:2:10: error: ")
