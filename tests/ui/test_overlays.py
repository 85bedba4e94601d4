"""What pickers find."""

from __future__ import annotations

from pathlib import Path

import pytest

from player.commands import DEFAULT, bindings
from player.plan import Plan
from player.ui import fields, overlays
from player.ui.overlays import Item, Mode, Picker
from tests.ui import support, writing


def items(mode: Mode, text: str, plan: Plan | None = None) -> tuple[Item, ...]:
    show = support.show(plan or support.plan(), 11, 12, 11)
    return overlays.found(Picker(mode, fields.of(text)), show, DEFAULT, lambda typed: ()).items


def titles(mode: Mode, text: str) -> list[str]:
    return [item.title for item in items(mode, text)]


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("diner", "Blue Moon Diner"),
        ("rondelles", "Blue Moon Diner"),
        ("naive", "Snow pass"),  # without the accent
        ("NAÏVE", "Snow pass"),
        ("father's", "The old house"),  # with the plain apostrophe
        ("road alone", "Alone on the road"),
        ("12", "Blue Moon Diner"),
        ("أنت", "Cassette"),
    ],
)
def test_words_find_scenes_by_title_song_artist_and_number(text: str, first: str) -> None:
    assert titles("goto", text)[0] == first


def test_words_of_the_note_find_a_scene_after_those_in_titles() -> None:
    found = titles("palette", "moon")
    assert found[:3] == ["Blue Moon Diner", "Radio dial", "Morning after"]
    assert titles("goto", "jukebox")[0] == "Packing"


def test_nothing_typed_lists_all_scenes_or_all_commands() -> None:
    assert len(titles("goto", "")) == 24
    assert len(titles("palette", "")) == len(overlays.COMMANDS)


def test_a_title_that_begins_with_the_words_comes_first() -> None:
    assert titles("palette", "st")[0] == "Stop everything now"
    assert titles("palette", "snow")[0] == "Snow pass"


def test_commands_show_their_keys_also_own_ones() -> None:
    keys, _ = bindings({"mute": ("M",)})
    show = support.show(support.plan(), 11, 12, 11)
    found = overlays.commands(show, keys, "mute")
    assert [(item.value, item.caps) for item in found] == [("mute", ("M",))]


def test_commands_that_make_no_sense_now_come_last_and_dim() -> None:
    show = support.show(support.plan(), None, 0)
    found = overlays.commands(show, DEFAULT, "fade")
    assert [(item.value, item.lit) for item in found] == [("panic", True), ("fade", False)]


def test_a_number_finds_the_exact_one_first_then_what_begins_so() -> None:
    assert [item.number for item in items("number", "2")] == ["2", "20", "21", "22", "23", "24"]
    assert [item.number for item in items("number", "24")] == ["24"]
    assert items("number", "99") == ()
    assert items("number", "") == ()


@pytest.mark.parametrize(
    ("typed", "scene"),
    [("0:00:00", "Cold open: the quarry"), ("0:49:46", "The swimming hole"), ("0:49:47", "Blue Moon Diner"),
     ("90m", "The old house"), ("9:00:00", "End credits")],
)  # fmt: skip
def test_a_film_time_finds_the_scene_it_falls_into(typed: str, scene: str) -> None:
    found = items("goto", typed)[0]
    assert (found.icon, found.title) == ("clock", scene)


SHUFFLED = """needledrop: 1
songs: {fever: {title: Fever, media: a.flac}, bomb: {title: Cherry Bomb, media: b.flac}}
scenes:
  - {id: opening, title: Titles, number: 21, at: 0:00:00, cues: [{song: fever}]}
  - {id: rink, title: The rink, number: 2, at: 0:10:00, note: the band comes in, cues: [
      {song: bomb, number: 2.5}, {song: fever, id: hot, number: 3}]}
"""


@pytest.mark.parametrize(
    ("typed", "number", "title"),
    [
        ("2", "2.5", "The rink"),  # the scene's own number, and not the one that begins so
        ("2.5", "2.5", "The rink"),
        ("3", "3", "The rink"),  # a cue
        ("hot", "3", "The rink"),  # its id
        ("rink", "2.5", "The rink"),
        ("opening", "21", "Titles"),
        ("cherry", "2.5", "The rink"),
        ("band comes", "2.5", "The rink"),
        ("10:00", "2.5", "The rink"),
        ("9m", "21", "Titles"),
    ],
)
def test_g_takes_a_number_an_id_words_or_a_film_time(typed: str, number: str, title: str) -> None:
    show = support.show(writing.plan_of(SHUFFLED.encode()), None, 0)
    found = overlays.found(Picker("goto", fields.of(typed)), show, DEFAULT, lambda typed: ()).items
    assert (found[0].number, found[0].title) == (number, title)
    assert len({item.value for item in found}) == len(found)


@pytest.mark.parametrize("typed", ["+4s", "1:99", "nonsense:1", "00:00:01:99"])
def test_what_is_no_film_time_finds_none(typed: str) -> None:
    assert [item for item in items("goto", typed) if item.icon == "clock"] == []


def test_problems_come_errors_first_with_their_place() -> None:
    note = support.replace(support.TWO_SONGS, severity="note", span=support.Span(0, 1, 1, 1), message="a note")
    found = items("problems", "", support.plan(problems=(note, support.TWO_SONGS)))
    assert [(item.number, item.icon) for item in found] == [("47:12", "alert"), ("1:1", "dot")]


def test_paths_list_timelines_then_folders_and_hide_what_is_hidden(tmp_path: Path) -> None:
    for name in ("b.yaml", "A.YML", ".hidden.yaml", "song.flac"):
        (tmp_path / name).write_text("")
    (tmp_path / "sub").mkdir()
    found = overlays.files(f"{tmp_path}/", (), Path("/nowhere"), tmp_path)
    assert [(item.what, item.title) for item in found] == [("path", "A.YML"), ("path", "b.yaml"), ("into", "sub/")]
    hidden = overlays.files(f"{tmp_path}/.h", (), Path("/nowhere"), tmp_path)
    assert [item.title for item in hidden] == [".hidden.yaml"]


def test_a_tilde_is_home_and_home_is_shown_as_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    (tmp_path / "film.yaml").write_text("")
    found = overlays.files("~/fi", (), tmp_path, Path("/"))
    assert [(item.title, item.detail) for item in found] == [("film.yaml", "~")]


@pytest.mark.parametrize("typed", ["/no/such/folder/x", "\0", "~nobody-at-all/x"])
def test_a_path_that_leads_nowhere_finds_nothing(typed: str, tmp_path: Path) -> None:
    assert overlays.files(typed, (), tmp_path, tmp_path) == ()


def test_of_many_scenes_the_list_is_bounded() -> None:
    plan = support.plan((f"Scene {n}", f"Song {n}", "Band", n, 60) for n in range(2000))
    assert len(items("goto", "scene", plan)) == overlays.MOST
    assert [item.number for item in items("number", "1999", plan)] == ["1999"]
