"""The settings file: read, never written, and never in the way of a show."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from player import settings
from player.settings import SETTINGS, Follow, Settings, docs, load, parse, recent, remember

DOCS = Path(__file__).resolve().parents[1] / "docs"


def test_no_file_is_the_defaults(tmp_path: Path) -> None:
    assert load(tmp_path / "settings.toml") == (Settings(), ())


def test_a_file_sets_what_it_says() -> None:
    found, problems = parse(
        'text = 125\nreduced-motion = true\nlocked = true\ndevice = "USB"\n[keys]\ngo = ["Space", "F5"]\nmute = "M"\n'
    )
    assert problems == ()
    assert found == Settings(
        text=125,
        reduced_motion=True,
        locked=True,
        device="USB",
        keys={"go": ("Space", "F5"), "mute": ("M",)},
    )


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("text = 300", "s.toml: text = 300 is not within 80 to 150; 100 stands"),
        ('text = "big"', "s.toml: text is a whole number; 100 stands"),
        ("text = true", "s.toml: text is a whole number; 100 stands"),
        ("locked = 1", "s.toml: locked is true or false; false stands"),
        ("device = 3", 's.toml: device is a text in "quotes"; "" stands'),
        ("colour = 3", 's.toml: no setting is called "colour"; docs/settings.md lists them'),
        ("keys = 3", "s.toml: keys is a table: write [keys] on a line of its own"),
        ("[keys]\ngo = 3", 's.toml: keys: go is a key in "quotes" or a list of them'),
        ("[keys]\ngo = 'Blah'", 's.toml: keys: go: "Blah" is no key; write it like Space, F5, Ctrl+P'),
    ],
)
def test_what_is_wrong_is_one_line_and_the_default_stands(text: str, problem: str) -> None:
    found, problems = parse(text, "s.toml")
    assert problems == (problem,)
    assert found.text == 100
    assert found.locked is False


def test_what_is_right_beside_what_is_wrong_still_counts() -> None:
    found, problems = parse("text = 9000\nlocked = true\n")
    assert found.locked is True
    assert len(problems) == 1


def test_a_file_that_is_no_toml_says_where() -> None:
    found, problems = parse("text = \n", "s.toml")
    assert found == Settings()
    assert len(problems) == 1
    assert problems[0].startswith("s.toml: not TOML: ")
    assert "line 1" in problems[0]


def test_bytes_that_are_no_text(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    path.write_bytes(b"text = 1\xff")
    assert load(path) == (Settings(), ("settings.toml: byte 8 is not UTF-8; the defaults stand",))


def test_a_folder_in_its_place_is_one_line(tmp_path: Path) -> None:
    found, problems = load(tmp_path)
    assert found == Settings()
    assert len(problems) == 1
    assert "cannot be read" in problems[0]


@given(st.text())
def test_no_text_can_stop_a_show(text: str) -> None:
    found, problems = parse(text)
    assert isinstance(found, Settings)
    assert all("\n" not in problem for problem in problems)


def told(follow: Follow, begin: float, seconds: float) -> list[float]:
    """When a change is told, asked sixty times a second."""
    return [now for now in (begin + n / 60 for n in range(round(seconds * 60))) if follow.changed(now)]


def test_a_change_of_the_file_is_told_once_when_it_is_over(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    follow = Follow(path)
    assert told(follow, 1, 5) == []
    path.write_text("text = 110\n")
    (when,) = told(follow, 10, 5)
    assert 10.2 <= when < 10.4
    path.write_text("text = 1")  # half of a file is waited for
    assert told(follow, 20, 0.9) == []
    path.write_text("text = 90\n")
    assert len(told(follow, 21, 5)) == 1


def test_a_file_that_is_gone_for_a_moment_is_no_change(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    path.write_text("text = 110\n")
    follow = Follow(path)
    path.unlink()
    assert told(follow, 1, 0.5) == []
    path.write_text("text = 110\n")
    assert told(follow, 2, 5) == []
    path.unlink()
    assert len(told(follow, 10, 5)) == 1
    path.write_text("text = 110\n")
    assert len(told(follow, 20, 5)) == 1


def test_every_row_of_the_table_is_a_field_with_that_default() -> None:
    fresh = Settings()
    assert {row.name.replace("-", "_"): row.default for row in SETTINGS} == {
        row.name.replace("-", "_"): getattr(fresh, row.name.replace("-", "_")) for row in SETTINGS
    }


def test_the_files_opened_last_come_newest_first(tmp_path: Path) -> None:
    store = tmp_path / "state" / "recent.json"
    films = [tmp_path / f"{name}.yaml" for name in "abc"]
    for film in films:
        film.write_text("x")
        remember(store, film)
    remember(store, films[0])
    assert recent(store) == (films[0], films[2], films[1])
    films[2].unlink()
    assert recent(store) == (films[0], films[1])


def test_only_so_many_files_are_remembered(tmp_path: Path) -> None:
    store = tmp_path / "recent.json"
    for number in range(settings.RECENT + 5):
        film = tmp_path / f"{number}.yaml"
        film.write_text("x")
        remember(store, film)
    assert len(recent(store)) == settings.RECENT


@pytest.mark.parametrize("text", ["", "{}", "[1, null]", '["\\u0000"]', "[" * 5000, "not json"])
def test_a_spoilt_list_of_files_is_no_list(tmp_path: Path, text: str) -> None:
    store = tmp_path / "recent.json"
    store.write_text(text)
    assert recent(store) == ()


def test_where_nothing_can_be_written_nothing_is(tmp_path: Path) -> None:
    (tmp_path / "state").write_text("a file where a folder should be")
    remember(tmp_path / "state" / "recent.json", tmp_path / "a.yaml")


def test_docs_of_the_settings_are_current() -> None:
    """To write it anew: python -c "from player import settings; print(settings.docs(), end='')" > docs/settings.md"""
    assert (DOCS / "settings.md").read_text("utf-8") == docs()
