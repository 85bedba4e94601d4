"""What a piece is, and how it becomes a Standard MIDI File.

Times are in beats (quarter notes) from the start of the piece, pitches are MIDI note numbers. A piece is written
straight and even; `midi_bytes` gives it its swing and the small unevenness of people playing, from a random
generator seeded with the piece's and the part's names, so that the same score always gives the same bytes.
"""

from __future__ import annotations

import io
import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import mido

PPQ = 480
DRUM_CHANNEL = 9


@dataclass(frozen=True, slots=True)
class Note:
    start: float
    length: float
    pitch: int
    velocity: int


@dataclass(frozen=True, slots=True)
class Control:
    """A controller's value from a beat on; number -1 is the pitch wheel, in semitones up or down (-2 to 2)."""

    beat: float
    number: int
    value: float


@dataclass(frozen=True, slots=True)
class Part:
    """One player.

    volume, pan, reverb, chorus: controllers 7, 10, 91, 93. loose: how far onsets stray, in ms. late: how far
    behind the beat this player sits, in ms. touch: how far velocities stray. force: all velocities times this.
    """

    name: str
    program: int
    notes: tuple[Note, ...]
    volume: int = 100
    pan: int = 64
    reverb: int = 40
    chorus: int = 0
    drums: bool = False
    loose: float = 6.0
    late: float = 0.0
    touch: float = 5.0
    force: float = 1.0
    controls: tuple[Control, ...] = ()


@dataclass(frozen=True, slots=True)
class Piece:
    """A whole piece. tempo: (beat, beats a minute); sections: (beat, name); swing: where the off-beat eighth
    falls in its beat, 0.5 straight, 0.667 triplets; level: dB added to every part's volume, which puts the
    pieces at one loudness."""

    id: str
    title: str
    key: str
    tempo: tuple[tuple[float, float], ...]
    sections: tuple[tuple[float, str], ...]
    parts: tuple[Part, ...]
    meter: tuple[int, int] = (4, 4)
    swing: float = 0.5
    level: float = 0.0


def shifted(notes: Iterable[Note], beats: float, semitones: int = 0) -> tuple[Note, ...]:
    return tuple(replace(note, start=note.start + beats, pitch=note.pitch + semitones) for note in notes)


def softer(notes: Iterable[Note], factor: float) -> tuple[Note, ...]:
    """The notes with their velocities times `factor` (above 1 is louder)."""
    return tuple(replace(note, velocity=min(127, max(1, round(note.velocity * factor)))) for note in notes)


def swell(number: int, start: float, end: float, first: float, last: float, step: float = 0.25) -> tuple[Control, ...]:
    """A controller moving evenly from `first` to `last` between two beats."""
    count = max(1, round((end - start) / step))
    return tuple(
        Control(start + index * (end - start) / count, number, first + (last - first) * index / count)
        for index in range(count + 1)
    )


def ritard(start: float, end: float, first: float, last: float) -> tuple[tuple[float, float], ...]:
    """Tempo marks, two a beat, that slow (or hasten) evenly from one tempo to another."""
    count = max(1, round((end - start) * 2))
    return tuple(
        (start + index * (end - start) / count, first + (last - first) * index / count) for index in range(count + 1)
    )


def midi_bytes(piece: Piece) -> bytes:
    """The piece as a Standard MIDI File of type 1."""
    file = mido.MidiFile(type=1, ticks_per_beat=PPQ)
    file.tracks.append(_conductor(piece))
    channels = iter([channel for channel in range(16) if channel != DRUM_CHANNEL])
    for part in piece.parts:
        file.tracks.append(_track(piece, part, DRUM_CHANNEL if part.drums else next(channels)))
    out = io.BytesIO()
    file.save(file=out)
    return out.getvalue()


def _conductor(piece: Piece) -> mido.MidiTrack:
    title = f"Stand-in for {piece.title}: original music by the Needledrop project"
    events = [
        (0, mido.MetaMessage("track_name", name=title)),
        (0, mido.MetaMessage("copyright", text="CC0 1.0, the Needledrop project")),
        (0, mido.MetaMessage("time_signature", numerator=piece.meter[0], denominator=piece.meter[1])),
        (0, mido.MetaMessage("key_signature", key=piece.key)),
    ]
    events += [(_tick(beat), mido.MetaMessage("set_tempo", tempo=round(60_000_000 / bpm))) for beat, bpm in piece.tempo]
    events += [(_tick(beat), mido.MetaMessage("marker", text=name)) for beat, name in piece.sections]
    return _in_order(events)


def _track(piece: Piece, part: Part, channel: int) -> mido.MidiTrack:
    def control(number: int, value: float) -> mido.Message:
        if number < 0:
            bend = max(-8192, min(8191, round(value / 2 * 8192)))
            return mido.Message("pitchwheel", channel=channel, pitch=bend)
        return mido.Message("control_change", channel=channel, control=number, value=max(0, min(127, round(value))))

    volume = part.volume * 10 ** (piece.level / 40)  # General MIDI: the level goes with the square of the volume
    if volume > 127:
        raise ValueError(f"{piece.id}: {part.name} would need volume {volume:.0f}")
    set_up = {7: volume, 10: part.pan, 91: part.reverb, 93: part.chorus, 11: 127}
    events = [(0, mido.MetaMessage("track_name", name=part.name))]
    events += [(0, mido.Message("program_change", channel=channel, program=part.program))]
    events += [(0, control(number, value)) for number, value in set_up.items()]
    events += [(_tick(_swung(item.beat, piece.swing)), control(item.number, item.value)) for item in part.controls]
    for start, end, pitch, velocity in _played(piece, part):
        events.append((start, mido.Message("note_on", channel=channel, note=pitch, velocity=velocity)))
        events.append((end, mido.Message("note_off", channel=channel, note=pitch, velocity=64)))
    return _in_order(events)


def _played(piece: Piece, part: Part) -> list[tuple[int, int, int, int]]:
    """The part's notes as (start tick, end tick, pitch, velocity), swung and a little uneven.

    A note of a pitch that sounds ends the one before it. The piece's first beat is exact."""
    chance = random.Random(f"{piece.id}/{part.name}")
    ticks_a_ms = PPQ * piece.tempo[0][1] / 60_000

    def stray() -> float:
        """About -1 to 1, mostly near 0; sums of uniform numbers are the same on every machine."""
        return (chance.random() + chance.random() + chance.random()) / 1.5 - 1

    played = []
    for note in sorted(part.notes, key=lambda note: (note.start, note.pitch)):
        nudge = (part.late + stray() * part.loose * 1.7) * ticks_a_ms if note.start > 0 else 0.0
        start = max(0, round(_swung(note.start, piece.swing) * PPQ + nudge))
        end = round(_swung(note.start + note.length, piece.swing) * PPQ + nudge)
        velocity = round(note.velocity * part.force + stray() * part.touch * 1.7)
        played.append((start, max(start + 10, end), note.pitch, max(1, min(127, velocity))))
    return _unlapped(sorted(played))


def _unlapped(played: Sequence[tuple[int, int, int, int]]) -> list[tuple[int, int, int, int]]:
    following: dict[int, int] = {}
    found = []
    for start, end, pitch, velocity in reversed(played):
        last = following.get(pitch, end)
        if last > start:  # two notes of one pitch at one tick are one note
            found.append((start, min(end, last), pitch, velocity))
            following[pitch] = start
    return found[::-1]


def _swung(beat: float, swing: float) -> float:
    whole, part = divmod(beat, 1.0)
    return whole + (part * 2 * swing if part < 0.5 else swing + (part - 0.5) * 2 * (1 - swing))


def _tick(beat: float) -> int:
    return max(0, round(beat * PPQ))


def _in_order(events: list[tuple[int, mido.Message | mido.MetaMessage]]) -> mido.MidiTrack:
    """A track of (tick, message): at one tick notes end before controllers move before notes start."""
    rank = {"note_off": 0, "note_on": 2}
    track = mido.MidiTrack()
    now = 0
    for tick, message in sorted(events, key=lambda event: (event[0], rank.get(event[1].type, 1))):
        track.append(message.copy(time=tick - now))
        now = tick
    track.append(mido.MetaMessage("end_of_track", time=0))
    return track
