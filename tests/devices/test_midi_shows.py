"""MIDI cues as a show plays them, through the mixer, with the bundled sound font: what is heard after each command."""

from __future__ import annotations

import itertools
import math
import sys
from pathlib import Path

import mido
import numpy as np
import pytest

from player.devices import synth
from player.devices.sources import open_source
from player.engine.commands import DECLICK, Command, Move, Panic, Pause, Resume, Seek, Shape, Start, Stop, Target
from player.engine.source import Region, SourceSpec
from player.host.local import LocalEngine

pytestmark = pytest.mark.skipif(
    sys.platform == "win32" and synth.available() is None, reason="no FluidSynth comes with pygame-ce here"
)

RATE = 48_000
ALL = Target("all")
KITS = (0, 8, 16, 24, 25, 32, 40, 48)
STRINGS, ORGAN, LEAD = 48, 16, 80  # programs whose tone goes on as long as it is held; the last is a plain one
SILENT = 1e-4  # 80 dB below full scale
RESETS = {
    "GM": "7E 7F 09 01",
    "GM 2": "7E 7F 09 03",
    "GS": "41 10 42 12 40 00 7F 00 41",
    "GS of another device": "41 00 42 12 40 00 7F 00 41",
    "SC-88": "41 10 42 12 00 00 7F 00 01",
    "XG": "43 10 4C 00 00 7E 00",
}


def on(note: int, channel: int = 0, velocity: int = 100) -> mido.Message:
    return mido.Message("note_on", note=note, velocity=velocity, channel=channel)


def off(note: int, channel: int = 0) -> mido.Message:
    return mido.Message("note_off", note=note, channel=channel)


def control(number: int, value: int, channel: int = 0) -> mido.Message:
    return mido.Message("control_change", control=number, value=value, channel=channel)


def program(number: int, channel: int = 0) -> mido.Message:
    return mido.Message("program_change", program=number, channel=channel)


def bend(value: int, channel: int = 0) -> mido.Message:
    return mido.Message("pitchwheel", pitch=value, channel=channel)


def bend_range(semitones: int) -> list[mido.Message]:
    return [
        control(101, 0),
        control(100, 0),
        control(6, semitones),
        control(38, 0),
        control(101, 127),
        control(100, 127),
    ]


def system(words: str) -> mido.Message:
    return mido.Message("sysex", data=bytes.fromhex(words))


DRY = [control(91, 0), control(93, 0)]


class Piece:
    """A MIDI file in the making: messages at seconds."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._events: list[tuple[float, mido.Message]] = []

    def at(self, seconds: float, *messages: mido.Message) -> Piece:
        self._events += [(seconds, message) for message in messages]
        return self

    def note(self, seconds: float, length: float, note: int, channel: int = 0) -> Piece:
        return self.at(seconds, on(note, channel)).at(seconds + length, off(note, channel))

    def saved(self) -> SourceSpec:
        file, track, now = mido.MidiFile(ticks_per_beat=500), mido.MidiTrack(), 0
        for seconds, message in sorted(self._events, key=lambda event: event[0]):
            tick = round(seconds * 1000)
            track.append(message.copy(time=tick - now))
            now = tick
        file.tracks.append(track)
        file.save(self._path)
        return SourceSpec("midi", str(self._path))


@pytest.fixture
def piece(tmp_path: Path) -> Piece:
    return Piece(tmp_path / "piece.mid")


class Show:
    """A mixer that plays one MIDI cue, and all that was heard of it."""

    def __init__(self, spec: SourceSpec, begin: float = 0.0, end: float | None = None) -> None:
        self._blocks: list[np.ndarray] = []
        self._engine = LocalEngine(open_source, itertools.repeat(256), lambda block: self._blocks.append(block.copy()))
        source = open_source(spec)
        last = source.frames if end is None else frames(end)
        source.close()
        self.do(Start(1, spec, frames(begin), last, 0.0, Shape(4800), cut=end is not None, serial=1))

    def do(self, *commands: Command) -> Show:
        self._engine.send(commands)
        return self

    def seek(self, seconds: float) -> Show:
        return self.do(Seek(1, frames(seconds), 2))

    def heard(self, seconds: float) -> np.ndarray:
        """The next seconds of sound, mono."""
        self._blocks.clear()
        left = frames(seconds)
        while left:
            before = self._engine.mixer.clock
            if not self._engine.advance(left):
                self._engine.mixer.render(quiet := np.empty((left, 2), np.float32))
                self._blocks.append(quiet)
            left -= self._engine.mixer.clock - before
        return np.concatenate(self._blocks).mean(axis=1).astype(float)

    @property
    def over(self) -> bool:
        return self._engine.quiet


def frames(seconds: float) -> int:
    return round(seconds * RATE)


def level(sound: np.ndarray) -> float:
    """In dB."""
    return 20 * math.log10(max(1e-9, float(np.sqrt(np.mean(np.square(sound))))))


def pitch(sound: np.ndarray) -> float:
    """The strongest frequency, to a fraction of a hertz."""
    spectrum = np.abs(np.fft.rfft(sound * np.hanning(len(sound)), 8 * len(sound)))
    return float(np.argmax(spectrum) * RATE / 8 / len(sound))


def equal(a: np.ndarray, b: np.ndarray) -> float:
    """How alike two sounds are in their spectra, which do not feel at which point of its loop a sample stands."""
    one, other = (np.abs(np.fft.rfft(x * np.hanning(len(x)))) for x in (a, b))
    return float(one @ other / np.sqrt((one @ one) * (other @ other)))


# ---- a seek brings along all that counts


CHASED = {
    "volume": [control(7, 30)],
    "expression": [control(11, 40)],
    "pan": [control(10, 0)],
    "program": [program(ORGAN)],
    "pitch bend": [bend(4096)],
    "range of the bend": [*bend_range(12), bend(4096)],
    "channel pressure": [mido.Message("aftertouch", value=127)],
    "modulation": [control(1, 127)],
    "all of them": [control(7, 60), control(11, 90), program(ORGAN), *bend_range(7), bend(-3000)],
}


@pytest.mark.parametrize("name", CHASED)
def test_a_seek_sounds_as_if_the_piece_had_been_played_until_there(piece: Piece, name: str) -> None:
    spec = piece.at(0, program(STRINGS), *DRY).at(0.5, *CHASED[name]).note(1, 7, 69).saved()
    straight = Show(spec).heard(8)[frames(5.5) : frames(7.5)]
    sought = Show(spec, begin=5).heard(3)[frames(0.5) : frames(2.5)]
    assert level(sought) == pytest.approx(level(straight), abs=0.6)
    assert equal(sought, straight) > 0.8
    jumped = Show(spec).seek(5).heard(3)[frames(0.5) : frames(2.5)]
    assert equal(jumped, sought) > 0.999
    plain = Show(Piece(piece._path).at(0, program(STRINGS), *DRY).note(1, 7, 69).saved()).heard(8)
    plain = plain[frames(5.5) : frames(7.5)]
    assert equal(plain, straight) < 0.75 or abs(level(plain) - level(straight)) > 2  # so it was worth bringing along


def test_a_seek_within_the_first_second_is_exact(piece: Piece) -> None:
    spec = piece.at(0, program(0), control(91, 90)).note(0, 0.4, 60).note(0.5, 3, 64).saved()
    straight = Show(spec).heard(3)[frames(0.9) :]
    sought = Show(spec, begin=0.9).heard(2.1)
    assert np.array_equal(sought[240:], straight[240:])  # behind the 5 ms over which it rises


def test_what_was_struck_just_before_a_seek_is_heard_dying_away(piece: Piece) -> None:
    spec = piece.at(0, program(0)).note(4.5, 3, 60).note(4.6, 0.1, 38, channel=9).saved()
    straight = Show(spec).heard(7)[frames(5) :]
    assert equal(Show(spec, begin=5).heard(2), straight) > 0.99


def test_a_seek_strikes_a_note_that_only_the_pedal_holds(piece: Piece) -> None:
    piece.at(0, program(STRINGS), *DRY).at(0.9, control(64, 127)).note(1, 0.5, 60).at(6, control(64, 0)).note(7, 1, 90)
    spec = piece.saved()
    straight = Show(spec).heard(5)[frames(3) : frames(5)]
    sought = Show(spec, begin=3).heard(4)
    assert level(sought[: frames(2)]) == pytest.approx(level(straight), abs=1.0)
    assert equal(sought[: frames(2)], straight) > 0.8
    assert level(sought[frames(3.7) :]) < level(straight) - 40  # the pedal went up at 6


def test_a_seek_leaves_out_what_the_pedal_no_longer_holds(piece: Piece) -> None:
    piece.at(0, program(STRINGS), *DRY, control(64, 127)).note(0.5, 0.5, 60).at(1.5, control(64, 0), control(64, 127))
    spec = piece.note(8, 1, 60).saved()
    assert np.abs(Show(spec, begin=4).heard(2)).max() < SILENT


# ---- nothing hangs


@pytest.fixture
def held(piece: Piece) -> SourceSpec:
    """Notes and the pedal held all the time, in three parts, and nothing from 6 s to 9 s."""
    for channel, number in ((0, STRINGS), (1, ORGAN), (2, 0)):
        piece.at(0, program(number, channel), control(64, 127, channel)).at(5.9, control(64, 0, channel))
        piece.note(0, 5.8, 60 + channel, channel).at(1, on(72 + channel, channel))
        piece.at(5.8, off(72 + channel, channel)).at(9, on(50, channel)).at(10, off(50, channel))
    return piece.saved()


@pytest.mark.parametrize(
    ("command", "leaves"),
    [
        (Stop(ALL), 0.1),
        (Stop(ALL, Shape(frames(1.0))), 1.0),
        (Panic(Shape(frames(2.0))), 2.0),
        (Panic(DECLICK), 0.005),
        (Move(ALL, -math.inf, frames(0.5)), 0.5),
    ],
)
def test_a_cue_that_leaves_is_silent_to_the_last_bit(held: SourceSpec, command: Command, leaves: float) -> None:
    show = Show(held)
    assert level(show.heard(2)) > -40
    show.do(command)
    assert level(show.heard(leaves)) > -60
    assert show.over
    assert not show.heard(3).any()


def test_the_end_of_a_cue_inside_a_chord_is_silent_after_5_ms(held: SourceSpec) -> None:
    show = Show(held, end=3.0)
    assert level(show.heard(3.0)) > -40
    assert show.heard(0.005).any()
    assert show.over
    assert not show.heard(2).any()


def test_a_pause_is_silent_after_5_ms_and_resume_goes_on_with_the_chord(held: SourceSpec) -> None:
    straight = Show(held).heard(4)
    show = Show(held)
    show.heard(2)
    show.do(Pause())
    assert show.heard(0.005).any()
    assert not show.heard(2).any()
    after = show.do(Resume()).heard(2)
    assert np.array_equal(after[240:], straight[frames(2) + 240 : frames(4)])


def test_a_seek_into_silence_is_silent(held: SourceSpec) -> None:
    show = Show(held)
    show.heard(3)
    show.seek(8.5)
    show.heard(0.01)
    assert np.abs(show.heard(0.4)).max() < SILENT


def test_many_seeks_leave_only_what_sounds_at_the_last_place(held: SourceSpec) -> None:
    show = Show(held)
    for seconds in (2, 9.5, 4, 0.2, 5.0):
        show.seek(seconds)
        show.heard(0.15)
    show.seek(8.5)
    show.heard(0.01)
    assert np.abs(show.heard(0.4)).max() < SILENT


def test_after_the_last_note_and_its_tail_a_piece_is_over(held: SourceSpec) -> None:
    show = Show(held, begin=9.5)
    show.heard(3.6)  # notes to 10 s, and 3 s
    assert show.over


# ---- what messages mean


@pytest.mark.parametrize("semitones", [1, 2, 12, 24])
def test_the_range_of_the_bend(piece: Piece, semitones: int) -> None:
    spec = piece.at(0, program(LEAD), *DRY, *bend_range(semitones), bend(8191)).note(0.1, 2, 57).saved()
    heard = pitch(Show(spec).heard(2)[frames(1) :])
    assert 12 * math.log2(heard / 220) == pytest.approx(semitones, rel=0.02, abs=0.1)


def test_the_pedal_holds_what_is_let_go(piece: Piece) -> None:
    piece.at(0, program(STRINGS), *DRY, control(64, 127)).note(0.2, 0.3, 60).at(3, control(64, 0))
    sound = Show(piece.note(5, 1, 60).saved()).heard(5)
    assert level(sound[frames(1.5) : frames(3)]) > -40
    assert np.abs(sound[frames(4.5) :]).max() < SILENT


def test_sostenuto_holds_only_what_is_down_when_it_is_pressed(piece: Piece) -> None:
    piece.at(0, program(LEAD), *DRY).at(0.1, on(60)).at(0.5, control(66, 127)).at(0.6, off(60))
    sound = Show(piece.note(0.7, 0.1, 69).at(3, control(66, 0)).note(5, 1, 60).saved()).heard(5)
    assert pitch(sound[frames(2) : frames(3)]) == pytest.approx(261.6, rel=0.01)
    assert np.abs(sound[frames(4.5) :]).max() < SILENT


@pytest.mark.parametrize("number", [120, 123])
def test_all_sound_off_and_all_notes_off_end_what_sounds(piece: Piece, number: int) -> None:
    spec = piece.at(0, program(STRINGS), *DRY, on(60), on(64)).at(1, control(number, 0)).note(4, 1, 60).saved()
    assert np.abs(Show(spec).heard(4)[frames(2.5) :]).max() < SILENT


@pytest.mark.parametrize("name", RESETS)
def test_a_reset_ends_what_sounds_and_puts_everything_back(piece: Piece, name: str) -> None:
    fresh = Show(Piece(piece._path).note(2, 1, 69).saved()).heard(3)[frames(2) :]
    piece.at(0, program(STRINGS), control(7, 20), control(64, 127), *bend_range(12), bend(8191)).note(0.1, 0.2, 60)
    spec = piece.at(1, system(RESETS[name])).note(2, 1, 69).saved()
    sound = Show(spec).heard(3)
    assert level(sound[: frames(1)]) > -70
    assert np.abs(sound[frames(1.9) : frames(2)]).max() < 3 * SILENT  # an echo
    assert level(sound[frames(2) :]) == pytest.approx(level(fresh), abs=0.2)
    assert equal(sound[frames(2) :], fresh) > 0.99
    sought = Show(spec, begin=1.9).heard(1.1)[frames(0.1) :]
    assert equal(sought, fresh) > 0.99


def test_after_an_xg_reset_any_channel_can_be_a_kit(piece: Piece) -> None:
    drum = Show(Piece(piece._path).note(0.2, 0.2, 38, channel=9).saved()).heard(1)
    spec = piece.at(0, system(RESETS["XG"])).at(0.1, control(0, 127), program(0)).note(0.2, 0.2, 38).saved()
    assert equal(Show(spec).heard(1), drum) > 0.99


# ---- the whole of General MIDI


def test_all_128_programs_sound_and_no_two_alike(piece: Piece) -> None:
    for number in range(128):
        piece.at(number * 0.5, program(number), *DRY).note(number * 0.5 + 0.01, 0.35, 60)
    parts = Show(piece.saved()).heard(64).reshape(128, -1)
    assert [number for number, part in enumerate(parts) if level(part) < -60] == []
    shapes = [np.abs(np.fft.rfft(part)) for part in parts]
    likeness = np.array([shape / np.linalg.norm(shape) for shape in shapes])
    alike = np.argwhere(np.triu(likeness @ likeness.T > 0.9999, 1))
    assert alike.tolist() == []


def test_all_8_kits_sound_and_no_two_alike(piece: Piece) -> None:
    for i, kit in enumerate(KITS):
        piece.at(2 * i, program(kit, 9), control(91, 0, 9))
        for j, drum in enumerate((36, 38, 42, 45, 49)):
            piece.note(2 * i + 0.1 + 0.3 * j, 0.2, drum, channel=9)
    parts = Show(piece.saved()).heard(16).reshape(8, -1)
    assert min(level(part) for part in parts) > -50
    assert len({part.tobytes() for part in parts}) == 8


# ---- loops


@pytest.mark.parametrize("number", [STRINGS, 79, 52])
def test_a_loop_of_a_piece_goes_on_without_a_seam(piece: Piece, number: int) -> None:
    spec = piece.at(0, program(number), *DRY).note(0, 12, 57).note(0, 12, 64).saved()
    looped = SourceSpec("midi", spec.path, loop=Region(frames(3), frames(5), 4))
    sound = Show(looped).heard(11)[frames(2.5) :]
    smooth = np.abs(np.diff(Show(spec).heard(11)[frames(2.5) :])).max()
    assert np.abs(np.diff(sound)).max() < 1.3 * smooth
    least = min(level(sound[k : k + 4800]) for k in range(0, frames(8), 4800))
    assert least > level(sound) - 8  # the held notes are struck again at each seam
