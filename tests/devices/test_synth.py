"""MIDI cues as sound: where notes start, that renders are identical, what a seek brings along."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import mido
import numpy as np
import pytest

from player.devices import synth
from player.devices.sources import open_source
from player.engine.source import Samples, SourceSpec
from player.errors import MidiFileError
from tests.devices import font

pytestmark = pytest.mark.skipif(
    sys.platform == "win32" and synth.available() is None, reason="no FluidSynth comes with pygame-ce here"
)


ROOT = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def small_font(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    path = font.write(tmp_path_factory.mktemp("font") / "small.sf2", compressed=False)
    monkeypatch.setenv("NEEDLEDROP_SOUND_FONT", str(path))


def song(path: Path, *events: mido.Message) -> SourceSpec:
    """A file at 1000 ticks a second; each event's `time` is its own tick."""
    file = mido.MidiFile(ticks_per_beat=500)
    track, now = mido.MidiTrack(), 0
    for event in events:
        track.append(event.copy(time=event.time - now))
        now = event.time
    file.tracks.append(track)
    file.save(path)
    return SourceSpec("midi", str(path))


def on(time: int, note: int = 71, channel: int = 0) -> mido.Message:
    return mido.Message("note_on", note=note, velocity=100, channel=channel, time=time)


def off(time: int, note: int = 71, channel: int = 0) -> mido.Message:
    return mido.Message("note_off", note=note, channel=channel, time=time)


def control(time: int, number: int, value: int) -> mido.Message:
    return mido.Message("control_change", control=number, value=value, time=time)


def heard(spec: SourceSpec, at: int = 0, frames: int | None = None, step: int = 1 << 20) -> Samples:
    """What a source gives from `at` on, read `step` frames at a time."""
    source = open_source(spec)
    out: Samples = np.full((source.frames - at if frames is None else frames, 2), 9.0, np.float32)
    for start in range(0, len(out), step):
        source.read(at + start, out[start : start + step])
    source.close()
    return out


def onset(sound: Samples) -> int:
    return int(np.nonzero(np.abs(sound).max(axis=1) > 1e-4)[0][0])


def level(sound: Samples) -> float:
    return float(np.sqrt(np.mean(sound**2)))


@pytest.fixture
def piece(tmp_path: Path) -> SourceSpec:
    """Three seconds with chords, drums, bends and controllers."""
    events = [control(0, 91, 90), control(0, 93, 60)]
    for beat in range(12):
        at = 250 * beat
        events += [on(at, 60 + beat), on(at + 3, 67 + beat), on(at, 38, channel=9)]
        events += [mido.Message("pitchwheel", pitch=300 * beat, time=at + 90)]
        events += [control(at + 100, 11, 127 - 5 * beat)]
        events += [off(at + 120, 38, channel=9), off(at + 200, 60 + beat), off(at + 213, 67 + beat)]
    return song(tmp_path / "piece.mid", *sorted(events, key=lambda event: event.time))


# ---- time


def test_it_lasts_to_the_last_note_off_and_a_tail_of_three_seconds(tmp_path: Path) -> None:
    source = open_source(song(tmp_path / "a.mid", on(0), off(1000), control(9000, 7, 90)))
    assert source.frames == 192_000  # 48,000 + 144,000, a multiple of 64
    out: Samples = np.full((200_000, 2), 9.0, np.float32)
    assert source.read(0, out) == 192_000
    assert not out[192_000:].any()
    source.close()


def test_a_note_at_0_sounds_from_frame_0_on(tmp_path: Path) -> None:
    sound = heard(song(tmp_path / "a.mid", on(0, 60, channel=9), off(100, 60, channel=9)), frames=1000)
    assert onset(sound) < 3


@pytest.mark.parametrize("time", [1, 2, 3, 500, 1001])
def test_a_note_sounds_from_the_64_frames_that_hold_it(tmp_path: Path, time: int) -> None:
    events = on(time, 60, channel=9), off(time + 100, 60, channel=9)
    first = onset(heard(song(tmp_path / "a.mid", *events), frames=60_000))
    grid = time * 48 // 64 * 64
    assert grid <= first < grid + 3


def test_the_tail_is_faded_to_nothing_over_its_last_quarter_second(tmp_path: Path) -> None:
    pedal = control(0, 64, 127)  # held to the end: the looped tone goes on at its level
    out = heard(song(tmp_path / "a.mid", pedal, control(0, 91, 0), control(0, 93, 0), on(0), off(1000)))
    steady = level(out[100_000:170_000])
    assert level(out[170_000:180_000]) == pytest.approx(steady, rel=0.01)
    assert level(out[185_900:186_100]) == pytest.approx(steady * np.sin(np.pi / 4), rel=0.02)
    assert level(out[190_000:190_200]) == pytest.approx(steady * np.sin(np.pi / 2 * 1900 / 12_000), rel=0.02)
    assert np.abs(out[-1]).max() < steady * 2e-4


def test_a_note_that_never_ends_ends_with_the_file(tmp_path: Path) -> None:
    out = heard(song(tmp_path / "a.mid", control(0, 91, 0), control(0, 93, 0), on(0), control(1000, 7, 100)))
    assert len(out) == 192_000
    assert level(out[40_000:48_000]) > 0.01
    assert level(out[60_000:70_000]) < 1e-4


# ---- identity


def test_two_renders_are_identical(piece: SourceSpec) -> None:
    assert np.array_equal(heard(piece), heard(piece))


@pytest.mark.parametrize("step", [1, 63, 64, 65, 256, 1000, 4096])
def test_the_sizes_of_reads_do_not_matter(piece: SourceSpec, step: int) -> None:
    assert np.array_equal(heard(piece, frames=20_000), heard(piece, frames=20_000, step=step))


def test_what_a_seek_gives_depends_on_its_place_alone(piece: SourceSpec) -> None:
    fresh = heard(piece, at=70_001, frames=5000)
    source = open_source(piece)
    out: Samples = np.zeros((5000, 2), np.float32)
    for at in (0, 100_000, 64):
        source.read(at, out)
    source.read(70_001, out)
    assert np.array_equal(out, fresh)
    source.read(0, out)
    assert np.array_equal(out, heard(piece, frames=5000))
    source.close()


# ---- what a seek brings along

DRY = (control(0, 91, 0), control(0, 93, 0))


def test_a_seek_keeps_volume_and_bend(tmp_path: Path) -> None:
    bend = mido.Message("pitchwheel", pitch=8191, time=10)
    spec = song(tmp_path / "a.mid", *DRY, control(10, 7, 50), bend, on(1000), off(3000))
    straight, sought = heard(spec, frames=100_000)[50_000:], heard(spec, at=30_000, frames=70_000)[20_000:]
    assert level(sought) == pytest.approx(level(straight), rel=0.01)
    tone = np.argmax(np.abs(np.fft.rfft(sought[:48_000, 0])))
    assert tone == pytest.approx(480 * 2 ** (2 / 12), abs=1)


def test_a_seek_strikes_the_notes_that_are_held(tmp_path: Path) -> None:
    spec = song(tmp_path / "a.mid", *DRY, on(0), off(2000))
    assert level(heard(spec, at=48_000, frames=10_000)) > 0.01
    assert level(heard(spec, at=120_000, frames=10_000)) < 1e-4


def test_a_seek_strikes_no_drum_again(tmp_path: Path) -> None:
    spec = song(tmp_path / "a.mid", on(0, channel=9), on(0, 40), off(1, 40), off(2000, channel=9))
    assert level(heard(spec, at=48_000, frames=10_000)) < 1e-4


def test_a_seek_keeps_parameters_set_in_several_messages(tmp_path: Path) -> None:
    # The range of the bend is set to 12 semitones: an octave up, of which FluidSynth gives 11.9.
    numbers = [(101, 0), (100, 0), (6, 12), (101, 127), (100, 127)]
    bend = mido.Message("pitchwheel", pitch=8191, time=10)
    setting = [control(1, number, value) for number, value in numbers]
    spec = song(tmp_path / "a.mid", *DRY, *setting, bend, on(1000), off(3000))
    sought = heard(spec, at=30_000, frames=90_000)[20_000:]
    assert np.argmax(np.abs(np.fft.rfft(sought[:48_000, 0]))) == pytest.approx(957, abs=4)


# ---- finding FluidSynth


def test_it_says_which_fluidsynth_plays() -> None:
    assert (synth.available() or "").startswith("FluidSynth 2.")


def test_a_wrong_setting_falls_back_on_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NEEDLEDROP_FLUIDSYNTH", "/nowhere/libfluidsynth.so")
    assert synth.available()


def test_without_fluidsynth_one_line_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    spec = song(tmp_path / "a.mid", on(0), off(100))
    monkeypatch.setattr(synth, "_library", lambda own: None)
    assert synth.available() is None
    with pytest.raises(MidiFileError, match=r"a\.mid needs FluidSynth to play \(install .*\)$"):
        open_source(spec)


def test_pygame_is_found_and_not_imported() -> None:
    program = "import sys; from player.devices.synth import available as a; a(); sys.exit('pygame' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], check=False, cwd=ROOT).returncode == 0


def test_it_is_quiet_on_the_terminal(piece: SourceSpec, capfd: pytest.CaptureFixture[str]) -> None:
    heard(piece, frames=1000)  # programs that the font does not have, for one
    assert capfd.readouterr() == ("", "")
