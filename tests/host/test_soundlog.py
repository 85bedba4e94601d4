"""The log of what went wrong with the sound."""

from __future__ import annotations

from datetime import datetime, timezone
from pathlib import Path

from player.engine.status import Status
from player.host.soundlog import LARGEST, SoundLog


def log(path: Path) -> SoundLog:
    return SoundLog(str(path), lambda: datetime(2026, 3, 1, 20, 15, 7, tzinfo=timezone.utc))


def test_a_line_has_the_time_of_day(tmp_path: Path) -> None:
    path = tmp_path / "state" / "sound.log"
    log(path).say("sound: desk")
    assert path.read_text() == "2026-03-01 20:15:07 sound: desk\n"


def test_gaps_and_late_blocks_are_told_when_there_are_new_ones_and_every_ten_seconds_at_most(tmp_path: Path) -> None:
    path = tmp_path / "sound.log"
    here = log(path)
    here.figures(Status(), 0.0)
    assert not path.exists()
    for now, gaps in ((1.0, 2), (2.0, 3), (10.9, 4), (11.0, 4), (40.0, 4)):
        here.figures(Status(xruns=gaps, late=1, load=0.031, worst=1.4), now)
    more = "a block took 3% of its time, at worst 140%; 0 voices"
    assert path.read_text().splitlines() == [
        f"2026-03-01 20:15:07 gaps 2, late blocks 1 (in all 2 and 1); {more}",
        f"2026-03-01 20:15:07 gaps 2, late blocks 0 (in all 4 and 1); {more}",
    ]


def test_it_begins_anew_before_it_grows_large(tmp_path: Path) -> None:
    path = tmp_path / "sound.log"
    path.write_text("x" * (LARGEST + 1))
    log(path).say("sound: desk")
    assert path.read_text() == "2026-03-01 20:15:07 sound: desk\n"
    assert (tmp_path / "sound.old.log").stat().st_size == LARGEST + 1


def test_where_it_cannot_be_written_nothing_happens(tmp_path: Path) -> None:
    (tmp_path / "state").write_text("a file, and no folder")
    log(tmp_path / "state" / "sound.log").say("sound: desk")
    SoundLog("").say("sound: desk")
