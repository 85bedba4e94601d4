"""Loops in MIDI cues are the same as a file in which somebody has written every pass."""

from __future__ import annotations

import sys
from pathlib import Path

import mido
import numpy as np
import pytest
from msgspec.structs import replace

from player.devices import midi_loop, synth
from player.devices.sources import open_source
from player.engine.source import Region, Samples, SourceSpec
from tests.devices import font
from tests.devices.test_synth import control, heard, off, on, onset, song

pytestmark = pytest.mark.skipif(
    sys.platform == "win32" and synth.available() is None, reason="no FluidSynth comes with pygame-ce here"
)
S = 48_000
BEGIN, TO = 1000, 2001  # ms; a pass is no multiple of anything


@pytest.fixture(autouse=True)
def small_font(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    path = font.write(tmp_path_factory.mktemp("font") / "small.sf2", compressed=False)
    monkeypatch.setenv("NEEDLEDROP_SOUND_FONT", str(path))


def looped(spec: SourceSpec, times: int, begin: int = BEGIN, to: int = TO) -> SourceSpec:
    return replace(spec, loop=Region(begin * 48, to * 48, times))


def notes() -> list[mido.Message]:
    """Three seconds of notes, none of which crosses an end of the region."""
    found = []
    for beat in range(15):
        found += [on(200 * beat + 1, 60 + beat), off(200 * beat + 150, 60 + beat)]
    return found


def shifted(events: list[mido.Message], begin: int, end: int, by: int) -> list[mido.Message]:
    return [event.copy(time=event.time + by) for event in events if begin <= event.time < end]


def written_out(path: Path, events: list[mido.Message], times: int) -> SourceSpec:
    lap, long = TO - BEGIN, [*shifted(events, 0, TO, 0)]
    for turn in range(1, times):
        long += shifted(events, BEGIN, TO, turn * lap)
    return song(path, *long, *shifted(events, TO, 1 << 30, (times - 1) * lap))


@pytest.mark.parametrize("window", [1, 40, 20_000])
def test_a_loop_with_a_count_is_the_song_with_every_pass_written_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, window: int
) -> None:
    monkeypatch.setattr(midi_loop, "_WINDOW", window)
    events = notes()
    short = heard(looped(song(tmp_path / "a.mid", *events), 7))
    long = heard(written_out(tmp_path / "b.mid", events, 7))
    assert len(short) == len(heard(song(tmp_path / "c.mid", *events))) + 6 * 48 * (TO - BEGIN)
    same = min(len(short), len(long)) - synth.FADE
    assert (short[:same] == long[:same]).all()


def test_a_loop_without_end_goes_on_and_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(midi_loop, "_WINDOW", 1)
    events = notes()
    endless = heard(looped(song(tmp_path / "a.mid", *events), 0), frames=30 * S, step=9999)
    assert (endless == heard(written_out(tmp_path / "b.mid", events, 31), frames=30 * S)).all()


def test_a_note_that_is_held_at_the_end_of_a_pass_is_let_go_and_one_at_its_begin_is_struck(tmp_path: Path) -> None:
    events = [on(500, 60), on(900, 71), off(1400, 71), on(1900, 65), off(1950, 60), off(2500, 65)]
    lap = TO - BEGIN
    by_hand = [on(500, 60), on(900, 71), off(1400, 71), on(1900, 65), off(1950, 60)]
    by_hand += [off(TO, 65), on(TO, 60), on(TO, 71), off(1400 + lap, 71), on(1900 + lap, 65), off(1950 + lap, 60)]
    by_hand += [off(2500 + lap, 65)]
    short, long = heard(looped(song(tmp_path / "a.mid", *events), 2)), heard(song(tmp_path / "b.mid", *by_hand))
    same = min(len(short), len(long)) - synth.FADE
    assert (short[:same] == long[:same]).all()
    assert np.abs(short[-synth.FADE :]).max() < 1e-3  # nothing hangs


def test_a_pass_begins_with_everything_set_as_it_was_there(tmp_path: Path) -> None:
    events = [control(0, 7, 90), *notes()[:10], control(1500, 7, 10), control(1600, 10, 0), control(1700, 64, 127)]
    events += [mido.Message("pitchwheel", pitch=4000, time=1800), *notes()[10:]]
    spec = looped(song(tmp_path / "a.mid", *sorted(events, key=lambda event: event.time)), 3)
    passes = heard(spec, frames=6 * S)
    first, second = passes[48 * 1200 : 48 * 1400], passes[48 * (1200 + 1001) : 48 * (1400 + 1001)]
    level = [float(np.sqrt(np.mean(part**2))) for part in (first, second)]
    assert level[0] == pytest.approx(level[1], rel=0.02)


@pytest.mark.parametrize("at", [0, 777, 48 * 2500, 48 * 5000])
def test_a_reading_from_anywhere_is_the_same_whatever_the_reads(tmp_path: Path, at: int) -> None:
    spec = looped(song(tmp_path / "a.mid", *notes()), 0)
    one = heard(spec, at, 2 * S)
    assert (heard(spec, at, 2 * S, step=601) == one).all()
    assert onset(one) < 48 * 250


def test_what_a_voice_goes_over_to_behind_a_loop_sounds_as_if_it_had_played_on(tmp_path: Path) -> None:
    events = [on(0, 71), off(5000, 71)]
    spec = song(tmp_path / "a.mid", *events)
    on_and_on = heard(looped(spec, 2), frames=5 * S)
    behind = heard(looped(spec, 1), TO * 48, S)
    exit_at = 48 * (TO + TO - BEGIN)
    level = [float(np.sqrt(np.mean(part[:4800] ** 2))) for part in (on_and_on[exit_at:], behind)]
    assert level[0] == pytest.approx(level[1], rel=0.05)


def test_a_stand_in_that_ends_begins_again_behind_its_loop(tmp_path: Path) -> None:
    plain = replace(song(tmp_path / "a.mid", *notes()), repeat=True)
    source = open_source(looped(plain, 2))
    end = open_source(replace(plain, repeat=False)).frames + 48 * (TO - BEGIN)
    out: Samples = np.zeros((2 * S, 2), np.float32)
    assert source.read(end - S, out) == 2 * S
    assert not np.abs(out[S - 10 : S]).max() > 1e-4
    assert onset(out[S:]) < 200


def test_a_loop_behind_the_end_of_a_stand_in_is_found_in_its_next_turn(tmp_path: Path) -> None:
    plain = replace(song(tmp_path / "a.mid", *notes()), repeat=True)
    spec = looped(plain, 3, begin=8000, to=9000)
    assert np.abs(heard(spec, frames=12 * S)).max() > 0.01
