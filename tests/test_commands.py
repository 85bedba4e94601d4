"""The one table of commands, and the strokes that run them."""

from __future__ import annotations

from pathlib import Path

import pytest

from player.actions import FadeOut, Go, LevelBy, MoveStandby, Panic, SeekBy, StopNow
from player.commands import COMMANDS, DEFAULT, GROUPS, bindings, by_id, by_key, docs, shown, stroke

DOCS = Path(__file__).resolve().parents[1] / "docs"


def test_the_keys_of_the_contract_do_what_it_says() -> None:
    runs = {key: command.run for key, command in DEFAULT.commands.items()}
    assert runs["Space"] == Go()
    assert runs["Esc"] == Panic()
    assert runs["Up"] == MoveStandby(-1)
    assert runs["PgDn"] == MoveStandby(10)
    assert runs["Left"] == SeekBy(by_id("back").run.seconds)  # type: ignore[union-attr]
    assert by_id("back").run == SeekBy(-by_id("forward").run.seconds)  # type: ignore[union-attr]
    assert by_id("forward-1").run.seconds == 1  # type: ignore[union-attr]
    assert runs["F"] == FadeOut()
    assert runs["-"] == LevelBy(-1.0)
    keys = ("7", "G", "/", "Ctrl+P", "?", "F11", "Ctrl++", "Ctrl+-", "Ctrl+0", "Ctrl+O", "Ctrl+Q")
    assert [runs[key] for key in keys] == [
        "number", "goto", "palette", "palette", "help", "full-screen", "text-bigger", "text-smaller", "text-reset",
        "open", "quit",
    ]  # fmt: skip
    assert {by_id(name).keys[0] for name in ("pause", "mute", "preview", "lock")} == {"P", "X", "V", "L"}


def test_ids_and_keys_are_given_once() -> None:
    ids = [command.id for command in COMMANDS]
    keys = [key for command in COMMANDS for key in command.keys]
    assert len(set(ids)) == len(ids)
    assert len(set(keys)) == len(keys)
    assert {command.group for command in COMMANDS} == set(GROUPS)


def test_every_key_of_the_table_is_spelt_as_the_window_spells_it() -> None:
    strokes = [key for command in COMMANDS for key in command.keys if " " not in key]
    assert [key for key in strokes if stroke(key) != key] == []


def test_the_lock_leaves_transport_standby_levels_help_and_quit_alone() -> None:
    edits = {command.id for command in COMMANDS if command.edits}
    assert {name for name in edits if not name.startswith("write-")} == {"open", "edit", "library-add", "library-again"}
    kept = {command.id for command in COMMANDS if command.id.startswith("write-")} - edits
    assert kept == {"write-copy"}


def test_no_command_that_sounds_edits() -> None:
    assert [command.id for command in COMMANDS if command.edits and not isinstance(command.run, str)] == []


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("space", "Space"),
        ("ctrl+p", "Ctrl+P"),
        ("shift+CTRL+left", "Ctrl+Shift+Left"),
        ("Escape", "Esc"),
        ("pageup", "PgUp"),
        ("+", "+"),
        ("Ctrl++", "Ctrl++"),
        ("f11", "F11"),
        ("ö", "ö"),
        ("", None),
        ("Ctrl+", None),
        ("hello", None),
        ("Shift+?", None),
        ("F99", None),
        ("Hyper+A", None),
    ],
)
def test_strokes_are_read_as_people_write_them(written: str, meant: str | None) -> None:
    assert stroke(written) == meant


def test_a_key_given_to_a_command_is_taken_from_the_one_that_had_it() -> None:
    keys, problems = bindings({"go": ("Space", "PgDn")})
    assert problems == ()
    assert keys.command("PgDn") is by_id("go")
    assert keys.keys("go") == ("Space", "PgDn")
    assert keys.keys("page-down") == ()


def test_own_keys_take_the_place_of_the_commands() -> None:
    keys, _ = bindings({"mute": ("M",)})
    assert keys.command("X") is None
    assert keys.command("M") is by_id("mute")


def test_a_new_key_for_panic_moves_its_double_too() -> None:
    keys, _ = bindings({"panic": ("F12",)})
    assert keys.keys("stop") == ("F12 F12",)
    assert keys.command("Esc") is None


def test_go_and_panic_never_lose_their_last_key() -> None:
    keys, problems = bindings({"mute": ("Space",), "lock": ("Esc",)})
    assert keys.command("Space") is by_id("go")
    assert keys.command("Esc") is by_id("panic")
    assert problems == (
        "keys: go has no key left; it keeps Space",
        "keys: panic has no key left; it keeps Esc",
    )


def test_what_is_wrong_with_own_keys_is_said() -> None:
    keys, problems = bindings({"gone": ("A",), "mute": ("Fx",), "pause": ("B",), "fade": ("b",)})
    assert problems == (
        'keys: no command is called "gone"; docs/keys.md lists them',
        'keys: mute: "Fx" is no key; write it like Space, F5, Ctrl+P',
        "keys: B is given to pause and to fade; pause keeps it",
    )
    assert keys.command("X") is by_id("mute")
    assert keys.command("F") is by_id("fade")


def test_stop_is_the_double_of_panic_and_no_stroke() -> None:
    assert by_id("stop").run == StopNow()
    assert by_key("Esc Esc") is None


@pytest.mark.parametrize(
    ("key", "caps"),
    [
        ("Shift+Left", ("Shift", "←")),
        ("Ctrl++", ("Ctrl", "+")),
        ("-", ("−",)),
        ("Esc Esc", ("Esc", "Esc")),
        ("+", ("+",)),
    ],
)
def test_keycaps_are_what_stands_on_the_keys(key: str, caps: tuple[str, ...]) -> None:
    assert shown(key) == caps


def test_docs_of_the_keys_are_current() -> None:
    """To write it anew: python -c "from player import commands; print(commands.docs(), end='')" > docs/keys.md"""
    assert (DOCS / "keys.md").read_text("utf-8") == docs()
