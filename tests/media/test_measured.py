"""What was measured stays known by content; and processes that measure."""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import soundfile

from player.engine import RATE
from player.engine.source import SourceSpec
from player.media import survey as room
from player.media.levels import Level
from player.media.measured import Measured, look_in, open_measured
from player.media.survey import Survey

LEVEL = Level(48_000, -20.5, 3.0, -1.0, -1.5, 2, 10, 40_000, b"\0\0\0\0" * 10)
WAVES = (48_000, (-0.5, -0.25), (0.5, 0.25))


@pytest.fixture
def known(tmp_path: Path) -> Iterator[Measured]:
    with contextlib.closing(open_measured(tmp_path / "cache" / "measured.sqlite")) as opened:
        yield opened


def tone(path: Path, level: float = 0.1) -> SourceSpec:
    soundfile.write(path, level * np.sin(np.arange(RATE)[:, None] * [0.05, 0.05]), RATE)
    return SourceSpec("audio", str(path))


def test_what_is_kept_is_found_until_the_file_changes(known: Measured, tmp_path: Path) -> None:
    spec = tone(tmp_path / "x.wav")
    assert known.level(spec) is None
    known.keep_level(spec, LEVEL)
    known.keep_waves(spec, WAVES)
    assert known.level(spec) == LEVEL
    assert known.waves(spec) == WAVES
    tone(tmp_path / "x.wav", 0.2)
    os.utime(tmp_path / "x.wav", ns=(1, 1))
    assert known.level(spec) is None
    (tmp_path / "x.wav").unlink()
    assert known.level(spec) is None


def test_a_copy_of_a_file_is_known_once_it_was_read(known: Measured, tmp_path: Path) -> None:
    known.keep_level(tone(tmp_path / "x.wav"), LEVEL)
    copy = SourceSpec("audio", shutil.copy(tmp_path / "x.wav", tmp_path / "copy.wav"))
    assert known.level(copy) is None
    known.identify(copy)
    assert known.level(copy) == LEVEL


def test_what_it_looks_like_depends_on_offset_and_gain(known: Measured, tmp_path: Path) -> None:
    spec = tone(tmp_path / "x.wav")
    known.keep_waves(spec, WAVES)
    assert known.waves(SourceSpec("audio", spec.path, gain_db=-6.0)) is None
    assert known.waves(SourceSpec("audio", spec.path, offset=100)) is None


def test_processes_measure_what_is_not_known(tmp_path: Path) -> None:
    table = tmp_path / "measured.sqlite"
    good = [tone(tmp_path / f"{i}.wav", 0.1 * (i + 1)) for i in range(3)]
    (tmp_path / "bad.wav").write_bytes(b"no music")
    bad = SourceSpec("audio", str(tmp_path / "bad.wav"))
    troubles = {}
    with contextlib.closing(Survey([*good, bad], table)) as survey:
        while not survey.over:
            troubles |= {done.spec: done.trouble for done in survey.poll(1.0)}
        assert (survey.done, survey.of) == (4, 4)
    assert troubles == {**dict.fromkeys(good, ""), bad: "is not audio we can read"}
    found = look_in(table)
    assert found is not None
    with contextlib.closing(found):
        loudness = [level.integrated for level in map(found.level, good) if level]
    assert np.diff(loudness) == pytest.approx([6.0, 3.5], abs=0.1)


def test_a_survey_that_is_closed_leaves_no_process(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "MOST", 2)
    survey = Survey([tone(tmp_path / f"{i}.wav") for i in range(4)], tmp_path / "measured.sqlite")
    processes = list(survey._running.values())
    survey.close()
    assert survey.over
    assert [process.is_alive() for process in processes] == [False] * len(processes)
