"""Lines, chords and drum bars from compact text.

All times are beats, all velocities 1 to 127. Bars are four beats unless `bar` says otherwise.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass

from _stand_ins.score import Control, Note
from _stand_ins.theory import bass_class, classes, lowest, pitch, voicings

DRUMS = {
    "kick": 36,
    "stick": 37,
    "snare": 38,
    "clap": 39,
    "floor": 41,
    "hat": 42,
    "low": 43,
    "pedal": 44,
    "mid": 45,
    "open": 46,
    "tom": 48,
    "crash": 49,
    "high": 50,
    "ride": 51,
    "china": 52,
    "bell": 53,
    "tambourine": 54,
    "splash": 55,
    "cowbell": 56,
    "crash2": 57,
    "shaker": 70,
    "triangle": 81,
}
RINGING = {"crash": 6.0, "crash2": 6.0, "china": 4.0, "splash": 3.0, "ride": 1.5, "bell": 1.5, "open": 0.5}
STRENGTH = {"-": 36, "o": 62, "x": 88, "X": 112}


@dataclass(frozen=True, slots=True)
class Span:
    chord: str
    at: float
    length: float


def spans(text: str, start: float = 0.0, bar: float = 4.0) -> list[Span]:
    """'Gm9 | Cm7 D7' -> a chord for one bar, two for half a bar each. '%' is the bar before again."""
    found: list[Span] = []
    before = ""
    for number, part in enumerate(text.split("|")):
        names = (before if part.strip() == "%" else part).split()
        before = part if part.strip() != "%" else before
        each = bar / len(names)
        found += [Span(name, start + number * bar + place * each, each) for place, name in enumerate(names)]
    return found


def _loud(velocity: float) -> int:
    return max(1, min(127, round(velocity)))


def rows(text: str) -> str:
    """A tune written in rows: the end of a row is the end of a bar too."""
    return " | ".join(text.strip().splitlines())


def line(text: str, start: float = 0.0, bar: float = 4.0, velocity: int = 88, legato: float = 0.94) -> tuple[Note, ...]:
    """A melody: 'G4:1 Bb4:.5 r:.5 C5+E5:2 | D5:4'.

    After the colon the length (without it: the length before). '|' checks that the bar is full. Then marks:
    '!' accented, '?' soft, "'" short, '~' held into the next note.
    """
    notes: list[Note] = []
    at, length, filled = start, 1.0, 0.0
    for word in [*text.split(), "|"]:
        if word == "|":
            if abs(filled - bar) > 1e-6:
                raise ValueError(f"a bar of {filled} beats before beat {at - start}: {text}")
            filled = 0.0
            continue
        body = word.rstrip("!?'~")
        marks = word[len(body) :]
        names, _, written = body.partition(":")
        length = float(written) if written else length
        loud = velocity + (14 if "!" in marks else 0) - (16 if "?" in marks else 0)
        hold = 0.5 if "'" in marks else 1.04 if "~" in marks else legato
        if names != "r":
            notes += [Note(at, length * hold, pitch(name), _loud(loud)) for name in names.split("+")]
        at += length
        filled += length
    return tuple(notes)


def drums(
    kit: dict[str, str], start: float = 0.0, bars: int = 1, bar: float = 4.0, level: float = 1.0
) -> tuple[Note, ...]:
    """A bar or a phrase of drums, repeated until `bars` bars are full.

    kit: drum -> a mark a step, blanks left out: '.' nothing, '-' ghost, 'o' soft, 'x' plain, 'X' accent. '|'
    parts the bars, each divided evenly into its steps.
    """
    notes: list[Note] = []
    for drum, row in kit.items():
        written = [part.replace(" ", "") for part in row.split("|")]
        for number in range(bars):
            steps = written[number % len(written)]
            notes += [
                Note(
                    start + number * bar + place * bar / len(steps),
                    RINGING.get(drum, 0.25),
                    DRUMS[drum],
                    _loud(STRENGTH[mark] * level),
                )
                for place, mark in enumerate(steps)
                if mark != "."
            ]
    return tuple(notes)


def block(pitches: Sequence[int], at: float, length: float, velocity: float, spread: float = 0.0) -> tuple[Note, ...]:
    """A chord; `spread` beats pass between its first and its last note (below 0: from the top down)."""
    ordered = list(pitches) if spread >= 0 else list(reversed(pitches))
    gap = abs(spread) / max(1, len(ordered) - 1)
    return tuple(
        Note(at + place * gap, length - place * gap, note, _loud(velocity - 2 * place))
        for place, note in enumerate(ordered)
    )


def strum(
    chord: Sequence[int], pattern: str, start: float, length: float = 4.0, velocity: float = 88, hold: float = 0.92
) -> tuple[Note, ...]:
    """A chord in a rhythm. A mark of `drums` strikes it, '_' lets it ring on, 'm' strikes it damped, '.' rests.

    Strokes on the beat go down, those between go up. Blanks in the pattern are for the eye.
    """
    pattern = pattern.replace(" ", "")
    step = length / len(pattern)
    notes: list[Note] = []
    for place, mark in enumerate(pattern):
        if mark in "._":
            continue
        steps = 1
        while place + steps < len(pattern) and pattern[place + steps] == "_":
            steps += 1
        strength = 0.66 if mark == "m" else STRENGTH[mark] / 88
        ring = 0.38 * step if mark == "m" else steps * step * hold
        down = abs(place * step - round(place * step)) < 1e-6
        notes += block(chord, start + place * step, ring, velocity * strength, 0.03 if down else -0.02)
    return tuple(notes)


def fifths(chord: str, floor: int, octave: bool = True) -> tuple[int, ...]:
    """A power chord: root, fifth and, if wanted, the octave."""
    root = lowest(bass_class(chord), floor)
    return (root, root + 7, root + 12) if octave else (root, root + 7)


def comping(
    over: Sequence[Span], pattern: str, low: int, high: int, voices: int, velocity: float = 84, hold: float = 0.92
) -> tuple[Note, ...]:
    """Led voicings in a rhythm; `pattern` lasts one bar and a span takes what it has of it."""
    pattern = pattern.replace(" ", "")
    notes: list[Note] = []
    found = voicings([span.chord for span in over], low, high, voices)
    for span, chord in zip(over, found, strict=True):
        steps = round(len(pattern) * span.length / 4)
        first = round(span.at % 4 / 4 * len(pattern)) % len(pattern)
        notes += strum(chord, (pattern + pattern)[first : first + steps], span.at, span.length, velocity, hold)
    return tuple(notes)


def pads(over: Sequence[Span], low: int, high: int, voices: int, velocity: float = 70) -> tuple[Note, ...]:
    """Led voicings, held; a voice that stays on its pitch is not struck again."""
    found = voicings([span.chord for span in over], low, high, voices)
    notes: list[Note] = []
    sounding: dict[int, Note] = {}
    for span, chord in zip(over, found, strict=True):
        going_on = {}
        for note in chord:
            held = sounding.get(note)
            begun = held.start if held and abs(held.start + held.length - span.at) < 1e-6 else span.at
            going_on[note] = Note(begun, span.at + span.length - begun, note, _loud(velocity))
        notes += [
            note for note in sounding.values() if note.pitch not in going_on or note.start != going_on[note.pitch].start
        ]
        sounding = going_on
    return (*notes, *sounding.values())


def broken(
    over: Sequence[Span],
    order: str,
    low: int,
    high: int,
    voices: int,
    step: float,
    velocity: float = 70,
    ring: float = 1.0,
) -> tuple[Note, ...]:
    """Led voicings as broken chords: each digit of `order` is a voice from the bottom, '.' a rest; it starts anew
    with each chord. ring: a note's length in steps."""
    found = voicings([span.chord for span in over], low, high, voices)
    notes: list[Note] = []
    for span, chord in zip(over, found, strict=True):
        for place in range(round(span.length / step)):
            mark = order[place % len(order)]
            if mark != ".":
                accent = 8 if place % len(order) == 0 else 0
                notes.append(Note(span.at + place * step, step * ring, chord[int(mark)], _loud(velocity + accent)))
    return tuple(notes)


def bass(over: Sequence[Span], pattern: str, floor: int, velocity: float = 90, hold: float = 0.9) -> tuple[Note, ...]:
    """A bass figure of one bar: 'R' the chord's bass note, 'r' the same soft, '3' '5' '6' '7' the chord's tones
    (the sixth and the seventh above the root where the chord has none), '8' the octave, 'n' a half tone beside the
    next chord's bass note, '_' holds on, '.' rests."""
    notes: list[Note] = []
    for number, span in enumerate(over):
        low = lowest(bass_class(span.chord), floor)
        after = lowest(bass_class(over[(number + 1) % len(over)].chord), floor)
        third = low + (classes(span.chord)[1] - low) % 12
        fifth = low + (classes(span.chord)[2] - low) % 12
        near = after - 1 if after > floor else after + 1
        tones = {"R": low, "r": low, "3": third, "5": fifth, "6": low + 9, "7": low + 10, "8": low + 12, "n": near}
        steps = round(len(pattern) * span.length / 4)
        first = round(span.at % 4 / 4 * len(pattern)) % len(pattern)
        figure = (pattern + pattern)[first : first + steps]
        step = span.length / len(figure)
        for place, mark in enumerate(figure):
            if mark in "._":
                continue
            length = 1
            while place + length < len(figure) and figure[place + length] == "_":
                length += 1
            loud = velocity * (0.8 if mark == "r" else 1.06 if place == 0 else 0.96)
            notes.append(Note(span.at + place * step, length * step * hold, tones[mark], _loud(loud)))
    return tuple(notes)


def walk(over: Sequence[Span], low: int, high: int, seed: str, velocity: float = 84) -> tuple[Note, ...]:
    """A walking bass in quarters: the root where a chord begins, chord tones on the way, and on a chord's last
    beat a step of a tone or a half tone to the next root."""
    chance = random.Random(seed)
    notes: list[Note] = []
    here = lowest(bass_class(over[0].chord), low)
    for number, span in enumerate(over):
        root = _near(bass_class(span.chord), here, low, high)
        target = _near(bass_class(over[(number + 1) % len(over)].chord), root, low, high)
        beats = round(span.length)
        path = [root]
        tones = [_near(tone, path[-1] + chance.choice((-3, 3)), low, high) for tone in classes(span.chord)[1:3]]
        if chance.random() < 0.5:
            tones.reverse()
        path += tones[: beats - 2]
        if beats > 1:
            path.append(target + chance.choice((-1, 1, -1, 2 if path[-1] > target else -2)))
        for beat, note in enumerate(path):
            loud = velocity * (1.05 if beat % 2 == 0 else 0.97)
            notes.append(Note(span.at + beat, 0.93, note, _loud(loud)))
        here = path[-1]
    return tuple(notes)


def _near(pitch_class: int, here: int, low: int, high: int) -> int:
    """The pitch of this class within low to high that is nearest to `here`."""
    room = [note for note in range(low, high + 1) if note % 12 == pitch_class]
    return min(room, key=lambda note: (abs(note - here), note))


def pedal(over: Sequence[Span]) -> tuple[Control, ...]:
    """The sustain pedal, changed with each chord."""
    found: list[Control] = []
    for span in over:
        found += [Control(span.at + 0.06, 64, 127), Control(span.at + span.length - 0.04, 64, 0)]
    return tuple(found)


def tremolo(start: float, end: float, rate: float, low: int, high: int) -> tuple[Control, ...]:
    """An amplifier's tremolo by controller 11: `rate` waves a beat between two values."""
    shape = [0.0, 0.38, 0.71, 0.92, 1.0, 0.92, 0.71, 0.38]  # a sine's upper half: long light, short dark
    count = round((end - start) * rate * len(shape))
    return tuple(
        Control(start + place / (rate * len(shape)), 11, low + (high - low) * shape[place % len(shape)])
        for place in range(count)
    )
