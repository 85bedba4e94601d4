"""Pictures of material, for the lane that shows it."""

from __future__ import annotations

from pathlib import Path

import mido
import numpy as np
import pytest

from player.engine.source import SourceSpec
from player.errors import AudioFileError
from player.media import peaks
from player.media.peaks import picture
from tests.devices import make


def test_a_recording_shows_the_extremes_of_each_column(tmp_path: Path) -> None:
    sound = np.zeros((20_000, 2), np.float32)  # 2000 columns of 10 frames
    sound[25, 0], sound[27, 1], sound[19_999, 1] = 0.5, -0.25, 1.0
    found = picture(SourceSpec("audio", make.write(tmp_path / "a.wav", sound, 48_000, "FLOAT")))
    assert found is not None
    assert found.frames == 20_000
    assert len(found.low) == len(found.high) == 2000
    assert {i: high for i, high in enumerate(found.high) if high} == {2: 0.5, 1999: 1.0}
    assert {i: low for i, low in enumerate(found.low) if low} == {2: -0.25}


def test_a_long_recording_is_read_in_parts(tmp_path: Path) -> None:
    sound = make.noise(500_123)
    found = picture(SourceSpec("audio", make.write(tmp_path / "a.wav", sound, 48_000, "FLOAT")))
    assert found is not None
    edges = np.arange(2001) * 500_123 // 2000
    for column in (0, 1, 999, 1998, 1999):
        part = sound[edges[column] : edges[column + 1]]
        assert (found.low[column], found.high[column]) == (float(part.min()), float(part.max()))


def test_a_recording_shorter_than_its_columns_has_fewer(tmp_path: Path) -> None:
    sound = np.full((7, 2), 0.5, np.float32)
    found = picture(SourceSpec("audio", make.write(tmp_path / "a.wav", sound, 48_000, "FLOAT")))
    assert found is not None
    assert found.high == (0.5,) * 7


def test_offset_and_gain_are_in_the_picture(tmp_path: Path) -> None:
    sound = np.concatenate([np.full((100, 2), 0.9), np.full((100, 2), 0.1)]).astype(np.float32)
    path = make.write(tmp_path / "a.wav", sound, 48_000, "FLOAT")
    found = picture(SourceSpec("audio", path, offset=100, gain_db=6.0))
    assert found is not None
    assert found.high == pytest.approx([0.1 * 10 ** (6 / 20)] * 100)


def test_midi_shows_its_notes_in_song_time(tmp_path: Path) -> None:
    file = mido.MidiFile(ticks_per_beat=480)
    on, off = mido.Message("note_on", note=60, channel=3), mido.Message("note_off", note=60, channel=3, time=480)
    file.tracks.append(mido.MidiTrack([on, off, on.copy(note=64), off.copy(note=64)]))
    file.save(tmp_path / "a.mid")
    found = picture(SourceSpec("midi", str(tmp_path / "a.mid")))
    assert found is not None
    assert found.notes == ((0, 24_000, 60, 3), (24_000, 48_000, 64, 3))
    assert found.frames == 192_000
    later = picture(SourceSpec("midi", str(tmp_path / "a.mid"), offset=30_000))
    assert later is not None
    assert (later.frames, later.notes) == (162_000, ((0, 18_000, 64, 3),))


def test_silence_has_no_picture() -> None:
    assert picture(SourceSpec("silence", frames=1000)) is None


def test_a_picture_nobody_wants_any_more_is_given_up(tmp_path: Path) -> None:
    path = make.write(tmp_path / "a.wav", make.noise(200_000), 48_000, "FLOAT")
    answers = iter([False, False, True])
    assert picture(SourceSpec("audio", path), lambda: next(answers)) is None


def test_a_file_that_breaks_off_shows_what_there_is(tmp_path: Path) -> None:
    path = Path(make.write(tmp_path / "a.wav", np.full((200_000, 2), 0.5, np.float32), 48_000, "FLOAT"))
    data = path.read_bytes()
    path.write_bytes(data[: len(data) // 2])
    found = picture(SourceSpec("audio", str(path)))
    assert found is not None
    assert found.frames == 200_000
    assert found.high[990] == 0.5
    assert found.high[1010:] == (0.0,) * 990


def test_a_missing_file_is_an_error() -> None:
    with pytest.raises(AudioFileError, match="is missing"):
        picture(SourceSpec("audio", "/nowhere/a.wav"))


def test_what_was_drawn_once_is_known(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    spec = SourceSpec("audio", make.write(tmp_path / "a.wav", make.noise(20_000), 48_000, "FLOAT"))
    first = picture(spec)
    monkeypatch.setattr(peaks, "open_source", lambda _: pytest.fail("it is known"))
    assert picture(spec) == first
    assert peaks.known(SourceSpec("audio", spec.path, gain_db=-6.0)) is None


def test_a_long_recording_is_drawn_elsewhere_and_looks_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sound = make.noise(20_000)
    here = picture(SourceSpec("audio", make.write(tmp_path / "a.wav", sound, 48_000, "FLOAT")))
    monkeypatch.setattr(peaks, "LONG", 1)
    monkeypatch.setattr(peaks, "_drawn", lambda *_: pytest.fail("it is drawn here"))
    there = SourceSpec("audio", make.write(tmp_path / "b.wav", sound, 48_000, "FLOAT"))
    assert picture(there, lambda: True) is None
    assert picture(there) == here
