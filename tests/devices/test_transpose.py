"""`transpose`: a MIDI song so many semitones higher or lower, its drums as they are."""

from __future__ import annotations

from pathlib import Path

import mido
import numpy as np
import pytest
from msgspec.structs import replace

from player.devices import smf, synth
from player.devices.smf import Note
from player.media import peaks
from tests.devices.test_synth import heard, off, on, small_font, song

pytestmark = pytest.mark.skipif(synth.available() is None, reason="no FluidSynth comes with pygame-ce here")

__all__ = ["small_font"]


@pytest.mark.parametrize(
    ("semitones", "before", "after"),
    [(0, 60, 60), (7, 60, 67), (-12, 60, 48), (48, 100, 124), (1, 127, 116), (-1, 0, 11), (-48, 40, 4)],
)
def test_a_note_that_no_keyboard_has_moves_by_an_octave(semitones: int, before: int, after: int, tmp_path: Path):
    spec = song(tmp_path / "a.mid", on(0, before), off(100, before))
    higher = smf.transposed(smf.read(spec.path), semitones)
    assert [note.pitch for note in higher.notes] == [after]
    assert higher.messages[:, 1].tolist() == [after, after]


def test_drums_and_controllers_stay(tmp_path: Path):
    events = [on(0, 38, 9), mido.Message("polytouch", note=60, value=9, time=5), mido.Message("control_change", time=6)]
    spec = song(tmp_path / "a.mid", *events, on(7, 60), off(90, 60), off(95, 38, 9))
    higher = smf.transposed(smf.read(spec.path), 5)
    assert [(note.pitch, note.channel) for note in higher.notes] == [(38, 9), (65, 0)]
    assert higher.messages[:, 1].tolist() == [38, 65, 0, 65, 65, 38]


@pytest.mark.parametrize("semitones", [12, -12, 7])
def test_it_sounds_so_much_higher(semitones: int, tmp_path: Path):
    spec = song(tmp_path / "a.mid", on(0, 60), off(1000, 60))

    def pitch(semitones: int) -> float:
        sound = heard(replace(spec, transpose=semitones), 9_600, 24_000)[:, 0]
        spectrum = np.abs(np.fft.rfft(sound * np.hanning(len(sound)), 1 << 19))
        return float(np.argmax(spectrum))

    assert pitch(semitones) / pitch(0) == pytest.approx(2 ** (semitones / 12), rel=0.005)


def test_the_piano_roll_shows_what_is_heard(tmp_path: Path):
    spec = song(tmp_path / "a.mid", on(0, 60), off(1000, 60))
    roll = peaks.picture(replace(spec, transpose=2))
    assert roll is not None
    assert roll.notes == (Note(0, 48_000, 62, 0, 0)[:4],)
