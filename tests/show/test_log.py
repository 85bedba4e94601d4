"""The log of a show: what was played, for how long, and by which key."""

from __future__ import annotations

import csv
import io
from datetime import datetime, timezone
from fractions import Fraction
from pathlib import Path

from player import actions as act
from player import showlog
from player.showlog import Book, Row, ShowLog
from tests.show.rig import Stage

NOON = datetime(2025, 3, 14, 12, 0, 0, tzinfo=timezone.utc)

TWO = """
songs:
  fever: {title: Fever, artist: The Breakwaters}
  tide: {title: Low Tide}
scenes:
  - {id: ferry, number: "7", title: The ferry, cues: [{song: fever, number: 1M1}]}
  - {id: diner, title: The diner, cues: [{song: tide, then: follow}, {say: lights}]}
"""


def logged(text: str = TWO) -> tuple[Stage, list[Row]]:
    """A show in virtual time, and what its log takes down."""
    stage, rows = Stage(text), list[Row]()
    stage.session.log = ShowLog(rows.append, lambda: NOON)
    return stage, rows


def told(rows: list[Row]) -> list[tuple[float, str, str]]:
    return [(row.clock, row.what, row.title or row.scene or row.detail) for row in rows]


def test_a_song_that_plays_to_its_end():
    stage, rows = logged()
    stage.session.do(act.Go(), by="Space")
    stage.wait(11)
    assert told(rows) == [
        (0.0, "go", "The ferry"),
        (0.0, "scene", "The ferry"),
        (0.0, "plays", "Fever"),
        (10.0, "played", "Fever"),
    ]
    assert [row.by for row in rows] == ["Space", "", "", ""]
    assert rows[2] == Row(
        "2025-03-14T12:00:00.000+00:00", 0.0, "plays", "1M1", "The ferry", "ferry#1", "fever", "Fever",
        "The Breakwaters", "recording",
    )  # fmt: skip
    assert (rows[3].seconds, rows[3].detail) == (10.0, "to its end")


def test_a_song_that_leaves_with_its_scene_was_heard_until_it_was_silent():
    stage, rows = logged()
    stage.session.do(act.Go())
    stage.wait(2)
    stage.session.do(act.Go())
    stage.wait(2)
    left = next(row for row in rows if row.what == "played")
    assert (left.title, left.seconds, left.detail) == ("Fever", 3.5, "made to leave")


def test_a_pause_does_not_count():
    stage, rows = logged()
    stage.session.do(act.Go())
    stage.wait(1)
    stage.session.do(act.Pause(), by="P")
    stage.wait(5)
    stage.session.do(act.Pause(), by="P")
    stage.wait(20)
    assert [(row.clock, row.what, row.by) for row in rows[3:5]] == [(1.0, "pause", "P"), (6.0, "resume", "P")]
    assert (rows[-1].clock, rows[-1].seconds) == (15.0, 10.0)


def test_what_still_sounds_at_the_end_of_the_show():
    stage, rows = logged()
    stage.session.do(act.Go())
    stage.wait(4)
    stage.session.do(act.Pause())
    stage.wait(4)
    stage.session.close()
    assert (rows[-1].what, rows[-1].seconds, rows[-1].detail) == ("played", 4.0, "end of the show")


def test_a_go_that_comes_too_soon_is_told_as_that():
    stage, rows = logged()
    stage.session.do(act.Go(), by="Space")
    stage.wait(Fraction(1, 10))
    stage.session.do(act.Go(), by="Space")
    assert [row.what for row in rows if row.by] == ["go", "go ignored"]


def test_rows_reach_the_disk_and_come_back(tmp_path: Path):
    book = Book(tmp_path / "shows", "my: film?.yaml", NOON)
    rows = (Row("t", 0.5, "plays", title="Café", seconds=1.25), Row("t", 1.0, "go", by="Space"))
    for row in rows:
        book.put(row)
    book.close(10)
    assert [path.name for path in showlog.shows(tmp_path / "shows")] == ["2025-03-14 12.00.00 my_ film_.yaml.jsonl"]
    assert showlog.read(book.path) == rows


def test_a_show_in_which_nothing_happened_leaves_no_file(tmp_path: Path):
    book = Book(tmp_path, "film", NOON)
    book.close(10)
    assert list(tmp_path.iterdir()) == []


def test_a_line_that_was_cut_off_costs_only_itself(tmp_path: Path):
    file = tmp_path / "cut.jsonl"
    file.write_text('{"time": "t", "clock": 1.0, "what": "go"}\n{"time": "t", "clo')
    assert showlog.read(file) == (Row("t", 1.0, "go"),)


def test_a_table_program_meets_no_formula():
    table = showlog.as_csv([Row("t", 1.0, "plays", title="=HYPERLINK(1)", detail="-3 dB")])
    head, row = csv.reader(io.StringIO(table))
    assert row[head.index("title")] == "'=HYPERLINK(1)"
    assert row[head.index("clock")] == "1.0"


def test_a_line_for_a_person():
    row = Row("2025-03-14T20:15:00.000+01:00", 61.5, "played", title="Fever", artist="The Breakwaters", seconds=61.5)
    assert showlog.as_text([row]) == ["20:15:00  played  Fever - The Breakwaters  1:01.500"]
