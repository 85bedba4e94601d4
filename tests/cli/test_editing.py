"""The commands that write and compare timelines, called as a person calls them."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import soundfile

from player import cli

FILM = b"""\
needledrop: 1
songs:
  fever: {title: Fever}      # the single
  tide:
    title: The Tide
    artist: The Fever Dreams
scenes:
  - id: one
    title: One
    note: Fever in the hall.
    cues:
      - song: fever
        gain: -6 dB
  - id: two
    title: Two
"""


@pytest.fixture
def film(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "film.yaml"
    path.write_bytes(FILM)
    return path


def run(capsys, *words):
    """Exit code, standard output, standard error."""
    code = cli.main(list(words))
    out, err = capsys.readouterr()
    return code, out, err


@pytest.mark.parametrize(
    ("words", "old", "new", "said"),
    [
        (["set", "songs/fever/title", "Hot"], b"{title: Fever}", b"{title: Hot}", "songs/fever/title: Fever → Hot"),
        (["set", "scenes/one/cues/fever/gain", "-4 dB"], b"-6 dB", b"-4 dB", "scenes/one/cues/#1/gain: -6 dB → -4 dB"),
        (["set", "scenes/one/cues/#1/gain", "-4"], b"-6 dB", b"-4", "scenes/one/cues/#1/gain: -6 dB → -4"),
        (["set", "scenes/two/at", "1:30"], b"title: Two\n", b"title: Two\n    at: 1:30\n", "scenes/two/at: 1:30"),
        (
            ["set", "songs/tide/writers", "[A. B., {name: C, share: 50}]"],
            b"Dreams\n", b"Dreams\n    writers: [A. B., {name: C, share: 50}]\n", None,
        ),
        (["set", "songs/tide/title", "[live]"], b"The Tide", b'"[live]"', None),
        (["delete", "scenes/one/note"], b"    note: Fever in the hall.\n", b"", "scenes/one/note deleted"),
        (
            ["insert", "scenes/two/cues", "song: tide"], b"Two\n", b"Two\n    cues:\n      - song: tide\n",
            "scenes/two/cues/#1 inserted",
        ),
        (
            ["insert", "scenes/one/cues", "--at", "1", "say: Quiet"], b"      - song",
            b"      - say: Quiet\n      - song", "scenes/one/cues/#1 inserted",
        ),
        (
            ["rename", "scenes/one/cues/#1", "hot"],
            b"song: fever\n        gain", b"song: fever\n        id: hot\n        gain",
            "scenes/one/cues/#1 is now scenes/one/cues/hot",
        ),
        (["rename", "scenes/two", "zwei"], b"id: two", b"id: zwei", "scenes/two is now scenes/zwei"),
    ],
)  # fmt: skip
def test_edit_changes_one_thing(film, capsys, words, old, new, said):
    code, out, err = run(capsys, "edit", "film.yaml", *words)
    assert (code, err) == (0, "")
    assert film.read_bytes() == FILM.replace(old, new)
    assert said is None or out == f"film.yaml: {said}\n"


def test_move_to_a_position_from_1_and_to_another_list(film, capsys):
    assert run(capsys, "edit", "film.yaml", "move", "scenes/two", "1")[0] == 0
    assert film.read_bytes().index(b"id: two") < film.read_bytes().index(b"id: one")
    assert run(capsys, "edit", "film.yaml", "move", "scenes/one/cues/#1", "1", "--to=scenes/two/cues")[0] == 0
    assert b"    title: Two\n    cues:\n      - song: fever\n        gain: -6 dB\n" in film.read_bytes()


def test_insert_reads_an_item_from_the_input(film, capsys, monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.StringIO("- id: three\n  title: Three   # last\n"))
    assert run(capsys, "edit", "film.yaml", "insert", "scenes", "-")[:2] == (0, "film.yaml: scenes/three inserted\n")
    assert film.read_bytes() == FILM + b"  - id: three\n    title: Three   # last\n"


def test_a_dry_run_prints_a_diff_and_writes_nothing(film, capsys):
    code, out, _ = run(capsys, "edit", "film.yaml", "set", "scenes/two/title", "Zwei", "--dry-run")
    assert code == 0
    assert out.splitlines() == [
        "--- film.yaml", "+++ film.yaml (edited)", "@@ -12,4 +12,4 @@", "       - song: fever", "         gain: -6 dB",
        "   - id: two", "-    title: Two", "+    title: Zwei",
    ]  # fmt: skip
    assert film.read_bytes() == FILM


def test_an_edit_that_brings_an_error_is_refused_unless_forced(film, capsys):
    words = ["edit", "film.yaml", "set", "scenes/one/cues/#1/song", "feber"]
    code, out, err = run(capsys, *words)
    assert (code, out, film.read_bytes()) == (1, "", FILM)
    assert 'film.yaml:12:15: error: there is no song "feber" [no-song]' in err
    assert "film.yaml: not changed, for this would be new in it; --force writes it all the same" in err
    assert run(capsys, *words, "--force")[0] == 0
    assert b"- song: feber" in film.read_bytes()
    assert run(capsys, "edit", "film.yaml", "set", "scenes/one/title", "Uno")[0] == 0  # the error is no news now


@pytest.mark.parametrize(
    ("words", "code", "line"),
    [
        (["film.yaml", "delete", "songs/fevr"], 1, 'film.yaml: there is no "fevr" in songs; did you mean fever?'),
        (["film.yaml", "rename", "songs/fever", "tide"], 1, 'film.yaml: there is a song "tide" already'),
        (["film.yaml", "move", "scenes/two", "0"], 2, '"0" is not a position; they count from 1'),
        (["film.yaml", "paint", "x"], 2, '"paint" is no edit; there are set, delete, insert, move, rename'),
        (["film.yaml", "set", "film/title"], 2, "set takes PATH VALUE"),
        (["film.yaml", "set", "a", "b", "--quick"], 2, "there is no option --quick"),
        (["no.yaml", "delete", "film"], 2, "no.yaml: there is no such file"),
    ],
)  # fmt: skip
def test_what_cannot_be_done_is_told_in_a_line(film, capsys, words, code, line):
    more = " (needledrop edit --help tells more)" if code == 2 and words[1] != "delete" else ""
    assert run(capsys, "edit", *words) == (code, "", f"needledrop: {line}{more}\n")
    assert film.read_bytes() == FILM


def test_a_broken_file_is_left_alone(film, capsys):
    film.write_bytes(b"needledrop: 1\nfilm: {title: [}\n")
    code, _, err = run(capsys, "edit", "film.yaml", "set", "film/title", "x")
    assert code == 1
    assert err.startswith("needledrop: film.yaml: line 2, column ")
    assert film.read_bytes() == b"needledrop: 1\nfilm: {title: [}\n"


def test_find_looks_at_values_and_not_at_comments_or_keys(film, capsys):
    code, out, _ = run(capsys, "find", "film.yaml", "FEVER")
    assert code == 0
    assert out.splitlines() == [
        "film.yaml:3:18: songs/fever/title: Fever",
        "film.yaml:6:13: songs/tide/artist: The Fever Dreams",
        "film.yaml:10:11: scenes/one/note: Fever in the hall.",
        "film.yaml:12:15: scenes/one/cues/#1/song: fever",
    ]
    assert run(capsys, "find", "film.yaml", "single") == (1, "", "")
    assert run(capsys, "find", "film.yaml", "fever", "--case", "--field", "song.title") == (1, "", "")


@pytest.mark.parametrize("fields", [["note"], ["scene.note"], ["cue.note", "scene.note"]])
def test_find_in_fields(film, capsys, fields):
    words = [word for field in fields for word in ("--field", field)]
    assert run(capsys, "find", "film.yaml", "fever", *words)[1].count("\n") == 1


@pytest.mark.parametrize("words", [[""], ["(", "--regex"], ["x", "--field", "nots"]])
@pytest.mark.parametrize("command", ["find", "replace"])
def test_a_search_that_makes_no_sense_is_a_wrong_call(film, capsys, command, words):
    text = ["y"] if command == "replace" else []
    code, out, err = run(capsys, command, "film.yaml", "film.yaml", words[0], *text, *words[1:])
    assert (code, out, err.count("\n")) == (2, "", 1)


def test_an_unknown_field_is_told(film, capsys):
    code, _, err = run(capsys, "find", "film.yaml", "x", "--field", "scene.nots")
    assert (code, err) == (2, "needledrop: --field scene.nots: there is no such field; did you mean note?\n")


def test_replace_changes_texts_and_leaves_ids_alone(film, capsys):
    code, out, _ = run(capsys, "replace", "film.yaml", "fever", "Fieber: x")
    assert code == 0
    assert film.read_bytes() == (
        FILM.replace(b"title: Fever}", b'title: "Fieber: x"}')
        .replace(b"The Fever Dreams", b'"The Fieber: x Dreams"')
        .replace(b"Fever in", b'"Fieber: x in').replace(b"the hall.", b'the hall."')
    )  # fmt: skip
    assert out.splitlines()[0] == "film.yaml:3: songs/fever/title: Fever → Fieber: x"


def test_replace_by_regular_expression_in_one_field(film, capsys):
    assert run(capsys, "replace", "film.yaml", r"-(\d) dB", r"-\g<1>.5 dB", "--regex", "--field", "gain")[0] == 0
    assert film.read_bytes() == FILM.replace(b"-6 dB", b"-6.5 dB")
    code, _, err = run(capsys, "replace", "film.yaml", "x", r"\2", "--regex")
    assert code == 2
    assert "does not fit the expression" in err


def test_replace_is_done_in_all_files_or_in_none(film, capsys):
    other = film.with_name("other.yaml")
    other.write_bytes(FILM)
    code, _, err = run(capsys, "replace", "film.yaml", "other.yaml", "no.yaml", "Fever", "Heat")
    assert (code, err) == (2, "needledrop: no.yaml: there is no such file\n")
    assert film.read_bytes() == other.read_bytes() == FILM
    assert run(capsys, "replace", "film.yaml", "other.yaml", "Fever", "Heat")[0] == 0
    assert film.read_bytes() == other.read_bytes() == FILM.replace(b"Fever", b"Heat")


def test_ids_are_renamed_and_not_replaced(film, capsys):
    code, _, err = run(capsys, "replace", "film.yaml", "one", "eins", "--field", "id")
    assert code == 1
    assert err.startswith("needledrop: film.yaml: scenes/one/id is an id; rename it instead")


@pytest.mark.parametrize(("flags", "word"), [([], "film"), (["--set"], "set")])
def test_a_new_file_has_no_problem_and_no_old_one_is_written_over(film, capsys, flags, word):
    code, out, _ = run(capsys, "new", "the-long-night.yaml", *flags)
    assert code == 0
    assert out.startswith(f"the-long-night.yaml: a new {word};")
    text = Path("the-long-night.yaml").read_text(encoding="utf-8")
    assert "title: The long night\n" in text
    assert run(capsys, "check", "the-long-night.yaml")[0] == 0
    severities = [one["severity"] for one in checked(capsys, "the-long-night.yaml")]
    assert set(severities) <= {"note"}
    code, _, err = run(capsys, "new", "the-long-night.yaml", *flags)
    assert (code, err) == (1, "needledrop: the-long-night.yaml: there is such a file already; name another\n")
    assert Path("the-long-night.yaml").read_text(encoding="utf-8") == text


def checked(capsys, name):
    return json.loads(run(capsys, "check", "--json", name)[1])["files"][0]["problems"]


@pytest.mark.parametrize("flags", [[], ["--set"]])
def test_a_new_file_takes_its_songs_from_a_folder(film, capsys, flags):
    folder = Path("music")
    (folder / "disc 2").mkdir(parents=True)
    silence = np.zeros((4_800, 1))
    with soundfile.SoundFile(folder / "a.flac", "w", 48_000, 1) as file:
        file.title, file.artist, file.date = "Étude #9: Night", "The Band", "1974"
        file.write(silence)
    soundfile.write(folder / "disc 2" / "b_side.wav", silence, 48_000)
    (folder / "c.mp3").write_bytes(b"not music")
    (folder / "cover.jpg").write_bytes(b"x")
    soundfile.write(folder / "null.wav", silence, 48_000)
    soundfile.write(folder / "two\nlines.wav", silence, 48_000)
    code, out, err = run(capsys, "new", "made.yaml", "--music", "music", *flags)
    assert code == 0
    assert "with 3 songs" in out
    assert "c.mp3" in err
    assert "lines.wav: no timeline can hold this name; left out" in err
    text = Path("made.yaml").read_text(encoding="utf-8")
    assert (
        'songs:\n  etude-9-night:\n    title: "Étude #9: Night"\n    artist: The Band\n    year: 1974\n'
        "    media: music/a.flac\n  b-side:\n    title: b side\n    media: music/disc 2/b_side.wav\n"
        "  null-1:\n    title: \"null\"\n    media: music/null.wav\n"
    ) in text
    assert {one["severity"] for one in checked(capsys, "made.yaml")} <= {"note"}


def test_an_empty_folder_and_none_at_all_are_told(film, capsys):
    Path("empty").mkdir()
    assert run(capsys, "new", "x.yaml", "--music", "empty") == (
        1, "", "needledrop: empty: there are no recordings in this folder\n",
    )  # fmt: skip
    assert run(capsys, "new", "x.yaml", "--music", "nowhere")[0] == 2
    assert not Path("x.yaml").exists()


def test_diff_in_words_and_as_json(film, capsys):
    Path("new.yaml").write_bytes(FILM.replace(b"-6 dB", b"-4 dB").replace(b"the hall", b"a hall"))
    assert run(capsys, "diff", "film.yaml", "new.yaml") == (
        0, "one: note edited\nFever in one: gain -6 → -4 dB\n", "",
    )  # fmt: skip
    said = json.loads(run(capsys, "diff", "film.yaml", "new.yaml", "--json")[1])
    assert said["same"] is False
    assert said["changes"][1] == {
        "kind": "changed", "path": "scenes/one/cues/#1/gain", "thing": "Fever in one", "text": "gain -6 → -4 dB",
        "key": "gain", "old": "-6 dB", "new": "-4 dB",
    }  # fmt: skip
    Path("new.yaml").write_bytes(FILM.replace(b"# the single", b"# a comment"))
    assert run(capsys, "diff", "film.yaml", "new.yaml")[1] == "only comments, layout or quotes differ\n"
    assert run(capsys, "diff", "film.yaml", "film.yaml")[1] == "no difference\n"
    assert run(capsys, "diff", "film.yaml", "no.yaml") == (2, "", "needledrop: no.yaml: there is no such file\n")


def test_the_program_itself(film):
    """In a process of its own, with an option-like value."""
    done = subprocess.run(
        [sys.executable, "-m", "player", "edit", str(film), "set", "--", "scenes/one/cues/#1/gain", "-inf dB"],
        capture_output=True, text=True, check=False, cwd=Path(__file__).parents[2],
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    assert film.read_bytes() == FILM.replace(b"-6 dB", b"-inf dB")


def test_help_of_edit_also_behind_the_file(film, capsys):
    code, out, _ = run(capsys, "edit", "film.yaml", "--help")
    assert code == 0
    assert "rename PATH NEW-ID" in out


def test_a_title_of_several_lines_stays_a_title(film, capsys):
    assert run(capsys, "new", "odd.yaml", "--title", "One\nneedledrop: 2")[0] == 0
    assert run(capsys, "check", "odd.yaml")[0] == 0
