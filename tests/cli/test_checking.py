"""`check --watch` and `schema`: what they print, when, and how they end."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import pytest

from player import beside, cli, watch
from player.cli import checking
from timeline import schema

GOOD = "needledrop: 1\nfilm: {title: T, year: 1974}\n"
BAD = "needledrop: 1\nfilm: {title: T, yeer: 1974}\n"


class Over(BaseException):
    """The person has seen enough."""


class Evening:
    """A clock and what happens on it: every piece of work is done when the last one has been seen."""

    def __init__(self, work: Iterable[Callable[[], object]]) -> None:
        self.work: Iterator[Callable[[], object]] = iter(work)
        self.time = 0.0
        self.looks = 0

    def now(self) -> float:
        return self.time

    def pause(self, seconds: float) -> None:
        self.time += seconds
        self.looks += 1
        if self.looks % 30 == 0:  # three seconds later: also a file that might be half written has been read
            work = next(self.work, None)
            if work is None:
                raise Over
            work()


@pytest.fixture
def evening(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[..., None]:
    """Watches films of a folder while `work` is done on them."""
    monkeypatch.chdir(tmp_path)

    def run(names: list[str], *work: Callable[[], object], as_json: bool = False) -> None:
        made = Evening(work)
        monkeypatch.setattr(checking, "now", made.now)
        with pytest.raises(Over):
            checking.keep_checking([Path(name) for name in names], as_json, made.pause)

    return run


def save(name: str, text: str) -> Callable[[], object]:
    return lambda: Path(name).write_text(text, encoding="utf-8")


def test_every_save_is_checked_once(evening: Callable[..., None], capsys: pytest.CaptureFixture[str]) -> None:
    save("film.yaml", GOOD)()
    evening(["film.yaml"], save("film.yaml", BAD), lambda: os.utime("film.yaml"), save("film.yaml", GOOD))
    assert capsys.readouterr().out.splitlines() == [
        "film.yaml: no problems",
        "watching 1 file; Ctrl-C ends it",
        "",
        'film.yaml:2:18: error: unknown key "yeer" in film [unknown-key]',
        "     2 | film: {title: T, yeer: 1974}",
        "       |                  ^^^^",
        "       = did you mean year?",
        "film.yaml: 1 error",
        "",
        "film.yaml: no problems",
    ]


def test_only_the_file_that_was_saved_is_checked(
    evening: Callable[..., None], capsys: pytest.CaptureFixture[str]
) -> None:
    save("a.yaml", GOOD)()
    save("b.yaml", GOOD)()
    evening(["a.yaml", "b.yaml"], save("b.yaml", GOOD + "\n"))
    assert capsys.readouterr().out.splitlines() == [
        "a.yaml: no problems",
        "b.yaml: no problems",
        "watching 2 files; Ctrl-C ends it",
        "",
        "b.yaml: no problems",
    ]


def test_a_file_may_come_and_go(evening: Callable[..., None], capsys: pytest.CaptureFixture[str]) -> None:
    evening(
        ["film.yaml"], save("film.yaml", GOOD), lambda: Path("film.yaml").unlink(), save("film.yaml", GOOD)
    )
    said = capsys.readouterr()
    assert said.err == "needledrop: film.yaml: there is no such file\n" * 2
    assert said.out.splitlines() == [
        "watching 1 file; Ctrl-C ends it", "", "film.yaml: no problems", "", "", "film.yaml: no problems",
    ]  # fmt: skip


def test_for_programs_a_check_is_a_line(evening: Callable[..., None], capsys: pytest.CaptureFixture[str]) -> None:
    save("film.yaml", GOOD)()
    evening(["film.yaml"], save("film.yaml", BAD), as_json=True)
    first, second = map(json.loads, capsys.readouterr().out.splitlines())
    assert first == {"file": "film.yaml", "ok": True, "problems": []}
    assert (second["ok"], [problem["code"] for problem in second["problems"]]) == (False, ["unknown-key"])


def test_it_looks_as_often_as_the_player_does() -> None:
    assert checking.EVERY == watch.EVERY


def test_the_schema_is_printed_or_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["schema"]) == 0
    assert json.loads(capsys.readouterr().out) == schema.schema()
    path = tmp_path / "needledrop.schema.json"
    assert cli.main(["schema", "-o", str(path)]) == 0
    assert path.read_text(encoding="utf-8") == schema.text()
    assert capsys.readouterr().out == ""


def test_the_schema_never_takes_the_place_of_a_timeline(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    save(str(tmp_path / "film.yaml"), GOOD)()
    assert cli.main(["schema", "-o", str(tmp_path / "film.yaml")]) == 2
    assert "a schema is JSON; name it like needledrop.schema.json" in capsys.readouterr().err
    assert (tmp_path / "film.yaml").read_text() == GOOD


def test_a_schema_that_cannot_be_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["schema", "-o", str(tmp_path / "no" / "x.json")]) == 1
    assert capsys.readouterr().err.startswith("needledrop: ")


def test_bars_are_checked_by_the_tempo_map_of_a_midi_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Six eighths a bar, a bar a second and a half: 120 quarter notes a minute."""
    track = bytes.fromhex("00FF580406031808 00903C64 8340803C00 00FF2F00")
    (tmp_path / "a.mid").write_bytes(
        b"MThd" + bytes.fromhex("00000006 0000 0001 00F0") + b"MTrk" + len(track).to_bytes(4, "big") + track
    )
    (tmp_path / "film.yaml").write_text(
        "needledrop: 1\nsongs: {a: {title: A, media: a.mid}}\nscenes:\n"
        "  - id: x\n    title: X\n    cues:\n"
        "      - {song: a, from: bar 2.6, to: bar 3}\n"
        "      - {song: a, from: bar 2.7}\n"
        "      - {song: a, from: bar 3, to: 0:03, crossfade: 0s}\n"
        "      - {song: a, from: bar 3, to: 0:03.001, crossfade: 0s}\n"
    )
    assert cli.main(["check", "--json", str(tmp_path / "film.yaml")]) == 1
    found = json.loads(capsys.readouterr().out)["files"][0]["problems"]
    assert [(problem["line"], problem["message"]) for problem in found] == [
        (8, "bar 2 has 6 beats, and no beat 7"),
        (9, "to is not later than from"),
    ]


def test_hotkeys_are_held_against_the_keys_of_the_player(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("player.settings.default_path", lambda: tmp_path / "none.toml")
    taken = beside.host().taken
    assert taken is not None
    assert taken("G") == "Go to a scene, words or film time"
    assert taken("Ctrl+K") is None
