"""Pitches, chords, and moving from one chord to the next with little motion."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import combinations, pairwise

LETTERS = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}
SHIFTS = {"": 0, "#": 1, "b": -1}

# Semitones above the root. The root stands first; `upper` leaves it to the bass in the larger chords.
QUALITIES = {
    "": (0, 4, 7),
    "m": (0, 3, 7),
    "dim": (0, 3, 6),
    "6": (0, 4, 7, 9),
    "m6": (0, 3, 7, 9),
    "7": (0, 4, 7, 10),
    "maj7": (0, 4, 7, 11),
    "m7": (0, 3, 7, 10),
    "m7b5": (0, 3, 6, 10),
    "dim7": (0, 3, 6, 9),
    "sus4": (0, 5, 7),
    "7sus4": (0, 5, 7, 10),
    "add9": (0, 4, 7, 14),
    "madd9": (0, 3, 7, 14),
    "9": (0, 4, 7, 10, 14),
    "m9": (0, 3, 7, 10, 14),
    "maj9": (0, 4, 7, 11, 14),
    "69": (0, 4, 7, 9, 14),
    "m69": (0, 3, 7, 9, 14),
    "13": (0, 4, 10, 14, 21),
    "7b9": (0, 4, 7, 10, 13),
    "7#9": (0, 4, 7, 10, 15),
}

_CHORD = re.compile(r"([A-G])([#b]?)([^/]*)(?:/([A-G][#b]?))?")


def pitch(name: str) -> int:
    """'C4' -> 60, 'Bb3' -> 58"""
    letter, shift, octave = re.fullmatch(r"([A-G])([#b]?)(-?\d)", name).groups()  # type: ignore[union-attr]
    return 12 * (int(octave) + 1) + LETTERS[letter] + SHIFTS[shift]


def _split(chord: str) -> tuple[int, tuple[int, ...], int]:
    """(root, intervals, bass), the root and the bass as pitch classes."""
    match = _CHORD.fullmatch(chord)
    if not match:
        raise ValueError(f"not a chord: {chord}")
    letter, shift, quality, bass = match.groups()
    root = (LETTERS[letter] + SHIFTS[shift]) % 12
    low = (LETTERS[bass[0]] + SHIFTS[bass[1:]]) % 12 if bass else root
    return root, QUALITIES[quality], low


def bass_class(chord: str) -> int:
    return _split(chord)[2]


def classes(chord: str) -> list[int]:
    """The chord's pitch classes, root first."""
    root, intervals, _ = _split(chord)
    return [(root + interval) % 12 for interval in intervals]


def upper(chord: str, voices: int) -> list[int]:
    """`voices` pitch classes for a player above a bass: five-note chords lose the root, then the fifth."""
    found = classes(chord)
    while len(found) > voices:
        fifth = next((place for place, name in enumerate(found) if (name - classes(chord)[0]) % 12 == 7), None)
        del found[0 if found[0] == classes(chord)[0] and len(found) > 3 else fifth if fifth is not None else 0]
    return found


def lowest(pitch_class: int, floor: int) -> int:
    """The lowest pitch of this class at or above `floor`."""
    return floor + (pitch_class - floor) % 12


def voicing(chord: str, low: int, high: int, voices: int, before: Sequence[int] = ()) -> tuple[int, ...]:
    """`voices` pitches of the chord between low and high, no two classes alike while there are enough of them,
    spread at most 16 semitones, as near to `before` as can be (without it: near the middle of the range)."""
    names = upper(chord, voices)
    wanted = set(names)
    room = [note for note in range(low, high + 1) if note % 12 in wanted]
    best: tuple[float, tuple[int, ...]] | None = None
    for found in combinations(room, voices):
        gaps = [above - below for below, above in pairwise(found)]
        if {note % 12 for note in found} != wanted or found[-1] - found[0] > 16 or max(gaps, default=0) > 9:
            continue
        middle = abs(sum(found) / voices - (low + high) / 2)
        motion = sum(abs(a - b) for a, b in zip(found, before, strict=True)) if len(before) == voices else 0
        rough = 6 * gaps.count(1)
        cost = motion + rough + middle * (0.5 if before else 3.0) + 0.3 * max(gaps, default=0)
        if best is None or cost < best[0]:
            best = (cost, found)
    if best is None:
        raise ValueError(f"no voicing of {chord} with {voices} voices in {low} to {high}")
    return best[1]


def voicings(chords: Sequence[str], low: int, high: int, voices: int) -> list[tuple[int, ...]]:
    """One voicing a chord, each led from the one before."""
    found: list[tuple[int, ...]] = []
    for chord in chords:
        found.append(voicing(chord, low, high, voices, found[-1] if found else ()))
    return found
