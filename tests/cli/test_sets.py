"""`--set`: a set of the file is played, ordered and rendered; the lines are those of the film."""

from __future__ import annotations

import json

import numpy as np
import pytest
import soundfile

from player import cli

FILE = """needledrop: 1
songs:
  a: {title: Low Tide, bpm: 120, meter: 4/4, media: a.wav}
  b: {title: Curfew, media: b.wav}
scenes: [{id: one, title: One, cues: [song: b]}]
sets:
  friday:
    title: Friday late set
    songs: [{song: a, count: 2 beats}, {song: b, gap: 500ms, note: straight in}, {song: a}]
  empty: {songs: []}
"""


@pytest.fixture
def folder(tmp_path, monkeypatch):
    for name, level in (("a", 0.25), ("b", 0.5)):
        soundfile.write(tmp_path / f"{name}.wav", np.full((48_000, 2), level), 48_000, "FLOAT")
    (tmp_path / "show.yaml").write_text(FILE)
    (tmp_path / "only.yaml").write_text(FILE.replace("scenes: [{id: one, title: One, cues: [song: b]}]\n", ""))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_order(folder, capsys):
    assert cli.main(["order", "show.yaml", "--set", "friday"]) == 0
    out = capsys.readouterr().out.splitlines()
    assert out[0].split() == ["1", "1", "GO", "0:02", "Low", "Tide", "[a]"]
    assert out[1].split() == ["+0:00", "count", "2", "beats"]
    assert out[3].split() == ["2", "2", "gap", "0:00.5", "0:01", "Curfew", "[b]"]
    assert out[4].strip() == "note straight in"
    assert out[6].endswith("Low Tide [a:2]")
    assert out[-1] == "3 songs, 0:04 of music, 0:04 with the gaps"


def test_order_for_programs(folder, capsys):
    assert cli.main(["order", "show.yaml", "--set", "friday", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["set"] == "friday"
    assert [(step["title"], step["gap"], step["count"], step["length"]) for step in found["steps"]] == [
        ("Low Tide", None, "2 beats", 2.0), ("Curfew", 0.5, None, 1.0), ("Low Tide", None, None, 1.0),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "said"),
    [("frday", 'no set "frday"; there is friday and empty'), ("empty", 'the set "empty" has no song')],
)
@pytest.mark.parametrize("command", [["play", "--virtual"], ["order"], ["render", "-o", "out.wav"]])
def test_a_set_that_is_not_there_is_one_line(folder, capsys, command, name, said):
    word, *rest = command
    assert cli.main([word, "show.yaml", "--set", name, *rest]) == 2
    assert capsys.readouterr().err == f"needledrop: show.yaml: {said}\n"


def test_a_file_that_has_no_set_says_so(folder, capsys):
    (folder / "film.yaml").write_text(FILE.partition("sets:")[0])
    assert cli.main(["order", "film.yaml", "--set", "friday"]) == 2
    assert capsys.readouterr().err == 'needledrop: film.yaml: no set "friday"; the file has none\n'


def test_render_plays_it_through_to_the_frame(folder):
    assert cli.main(["render", "show.yaml", "--set", "friday", "-o", "out.wav", "--float"]) == 0
    sound = soundfile.read("out.wav")[0][:, 0]
    assert len(sound) == 216_000  # 1 s of clicks, a, 0.5 s, b, a
    assert sound[0] == 0.5
    assert sound[24_000] == np.float32(0.35)
    assert np.all(sound[48_000:96_000] == 0.25)
    assert not sound[96_000:120_000].any()
    assert np.all(sound[120_000:168_000] == 0.5)
    assert np.all(sound[168_000:] == 0.25)


def test_a_set_has_no_film_clock(folder, capsys):
    assert cli.main(["render", "show.yaml", "--set", "friday", "--film", "-o", "out.wav"]) == 2
    assert capsys.readouterr().err == "needledrop: --set and --film: one of them, a set has no film clock\n"


def test_a_file_of_sets_alone_shows_its_first_one(folder, capsys):
    assert cli.main(["order", "only.yaml"]) == 0
    assert capsys.readouterr().out.splitlines()[-1].startswith("3 songs")


def play(monkeypatch, capsys, *lines, arguments=("--set", "friday")):
    monkeypatch.setattr("sys.stdin", iter(line + "\n" for line in lines))
    assert cli.main(["play", "show.yaml", "--virtual", *arguments]) == 0
    return capsys.readouterr().out.splitlines()


def test_play_in_virtual_time(folder, monkeypatch, capsys):
    assert play(monkeypatch, capsys, "go", "wait 2.6s", "repeat", "stop-after", "wait 2s", "standby low tide") == [
        '0:00:00.000 standby 1 a "Low Tide": plays Low Tide',
        '0:00:00.000 scene 1 a "Low Tide"',
        "0:00:00.000 counts in a",
        '0:00:00.000 standby 2 b "Curfew": plays Curfew',
        '0:00:01.000 plays a "Low Tide" (recording)',
        '0:00:02.000 ended a "Low Tide" (recording)',
        '0:00:02.500 scene 2 b "Curfew"',
        '0:00:02.500 plays b "Curfew" (recording)',
        '0:00:02.500 standby 3 a:2 "Low Tide": plays Low Tide',
        "0:00:02.600 repeats this song",
        "0:00:02.600 stops after this song",
        "0:00:02.600 does not repeat this song",
        '0:00:03.500 ended b "Curfew" (recording)',
        '0:00:04.600 standby 1 a "Low Tide": plays Low Tide',
    ]


def test_the_set_is_turned_to_by_a_word(folder, monkeypatch, capsys):
    said = play(monkeypatch, capsys, "set", "set", "set x", "set friday", arguments=())
    assert [line.partition(" ")[2] for line in said] == [
        'standby 1 one "One": plays Curfew',
        'standby 1 a "Low Tide": plays Low Tide',
        'standby 1 one "One": plays Curfew',
        'no set "x"; there is friday and empty',
        'standby 1 a "Low Tide": plays Low Tide',
    ]


def test_a_go_is_taken_back_in_the_list_it_was_fired_in(folder, monkeypatch, capsys):
    said = play(monkeypatch, capsys, "go", "wait 1s", "set", "undo", "set", "undo", arguments=())
    words = [line.partition(" ")[2] for line in said]
    assert [line for line in words if "undo" in line or "undone" in line] == [
        "undo: the last GO is not of this list; take it back there",
        "GO 1 is undone",
    ]
