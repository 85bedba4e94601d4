"""The traditional tune in D, as a first guitar lesson: a pupil plays it, a teacher accompanies; the second time
a recorder and a glockenspiel join in."""

from __future__ import annotations

from _stand_ins.patterns import Span, block, drums, line, rows, spans
from _stand_ins.score import Note, Part, Piece, ritard, shifted, softer
from _stand_ins.theory import lowest, pitch, voicings

BAR = 3.0
FIRST, SECOND, TAG = 12, 60, 108

# Written in C, for easy reading; everything sounds a tone higher.
UP = 2
INTRO = "C | F | G7 | C"
VERSE = "C | F | F | F | F | C | C | C | C | G7 | G7 | G7 | G7 | C | C | C"
ENDING = "F | G7 | C | C"

TUNE = """
C4:1 E4:1 G4:1 | C5:3 | A4:3~ | A4:2 F4:1 | F4:1 G4:1 A4:1 | G4:3~ | G4:3~ | G4:2 C4:1
C4:1 E4:1 G4:1 | G4:3 | D4:3~ | D4:2 E4:1 | F4:1 E4:1 D4:1 | C4:3~ | C4:3~ | C4:2 r:1
"""
RECORDER = """
r:2 C5:1 | A5:3 | F5:3 | r:2 C5:1 | C5:1 E5:1 F5:1 | E5:3 | C5:1 D5:1 E5:1 | E5:2 r:1
r:3 | B4:2 D5:1 | F5:3 | F5:2 G5:1 | D5:1 C5:1 B4:1 | E5:3 | G4:1 C5:1 E5:1 | E5:2 r:1
"""


def _tied(notes: tuple[Note, ...]) -> tuple[Note, ...]:
    """Join notes marked as held into the same pitch after them."""
    joined: list[Note] = []
    for note in notes:
        last = joined[-1] if joined else None
        if last and last.pitch == note.pitch and last.start + last.length > note.start:
            joined[-1] = Note(last.start, note.start + note.length - last.start, note.pitch, last.velocity)
        else:
            joined.append(note)
    return tuple(joined)


def _oom_pah_pah(over: list[Span], velocity: int) -> tuple[Note, ...]:
    """The bass string on one, root and fifth in turn, and a strummed chord on two and three."""
    notes: list[Note] = []
    for number, (span, chord) in enumerate(zip(over, voicings([s.chord for s in over], 57, 72, 3), strict=True)):
        root = lowest(chord_root(span), 43)
        low = root if number % 2 == 0 else (root + 7 if root + 7 < 55 else root - 5)
        notes.append(Note(span.at, 0.95, low, velocity + 4))
        for beat in (1, 2):
            notes += block(chord, span.at + beat, 0.6, velocity - 10 - 4 * (beat - 1), 0.035)
    return tuple(notes)


def chord_root(span: Span) -> int:
    return pitch(span.chord[0] + "4") % 12


def _bass(over: list[Span], velocity: int) -> tuple[Note, ...]:
    notes: list[Note] = []
    for number, span in enumerate(over):
        root = lowest(chord_root(span), 33)
        low = root if number % 2 == 0 or root < 36 else root - 5
        notes.append(Note(span.at, 1.6, low, velocity))
        if number % 4 == 3:
            notes.append(Note(span.at + 2, 0.8, low + 2, velocity - 12))
    return tuple(notes)


def piece() -> Piece:
    intro, ending = spans(INTRO, 0, BAR), spans(ENDING, TAG, BAR)
    first, second = spans(VERSE, FIRST, BAR), spans(VERSE, SECOND, BAR)
    pickup = line("C4:1", 0, 1, 84)
    tune = _tied(line(rows(TUNE), 0, BAR, 90, 0.96))
    tag = line("A4:1 A4:1 C5:1 | B4:1 A4:1 G4:1 | C5:3", TAG, BAR, 86)
    final = [pitch(name) for name in ("C3", "G3", "C4", "E4", "G4", "C5")]
    pupil = (
        *shifted(pickup, FIRST - 1),
        *shifted(tune, FIRST),
        *shifted(pickup, SECOND - 1),
        *shifted(tune, SECOND),
        *tag,
    )
    other = (*shifted(tune, FIRST)[20:], *shifted(pickup, SECOND - 1), *shifted(tune, SECOND), *tag)  # finds her way in
    teacher = (
        *_oom_pah_pah(intro[:3], 80),
        *_oom_pah_pah(first, 76),
        *_oom_pah_pah(second, 84),
        *_oom_pah_pah(ending[:2], 84),
        *line("C4:1 G3:1 | E3:1 D3:1", 9, 2, 78)[:2],
        *block(final, TAG + 6, 5.5, 88, 0.5),
    )
    recorder = (
        *line(rows(RECORDER), SECOND, BAR, 78, 0.95),
        *line("F5:1 F5:1 A5:1 | G5:1 F5:1 D5:1 | E5:3", TAG, BAR, 76),
    )
    bells = (
        *softer(shifted(tune, SECOND, 24), 0.62),
        *line("C6:1 E6:1 G6:1 | F6:1 A6:1 C7:1 | B6:1 G6:1 D6:1 | C6:3", 0, BAR, 58),
        *line("F6:1 A6:1 C7:1 | B6:1 G6:1 D6:1 | C6:1 E6:1 G6:1 | C7:3", TAG, BAR, 56),
    )
    hands = (
        *drums({"triangle": "o..|..."}, SECOND, 16, BAR, 0.8),
        *drums({"tambourine": "...|.--"}, SECOND, 16, BAR, 0.9),
        *drums({"triangle": "o.."}, TAG + 6, 1, BAR, 1.0),
    )
    return Piece(
        id="on-top-of-old-smoky",
        title="On Top of Old Smoky",
        key="D",
        meter=(3, 4),
        tempo=((0, 112.0), *ritard(TAG, TAG + 6, 112, 84), (TAG + 6, 84.0)),
        sections=((0, "intro"), (FIRST, "first verse"), (SECOND, "second verse"), (TAG, "ending")),
        parts=(
            Part(
                "Pupil's guitar",
                25,
                shifted(pupil, 0, UP),
                127,
                pan=50,
                reverb=34,
                loose=13,
                late=8,
                touch=7,
                force=1.28,
            ),
            Part(
                "Second pupil's guitar",
                25,
                shifted(other, 0, UP),
                127,
                pan=24,
                reverb=40,
                loose=20,
                late=14,
                touch=9,
                force=1.28,
            ),
            Part("Teacher's guitar", 24, shifted(teacher, 0, UP), 126, pan=82, reverb=34, loose=6, touch=5, force=1.28),
            Part("Recorder", 74, shifted(recorder, 0, UP), 114, pan=36, reverb=56, loose=10, touch=5),
            Part("Glockenspiel", 9, shifted(bells, 0, UP), 127, pan=98, reverb=60, loose=9, touch=6, force=1.5),
            Part(
                "Double bass",
                32,
                shifted(
                    (*_bass(first[8:], 66), *_bass(second, 76), *_bass(ending[:2], 76), Note(TAG + 6, 5, 36, 74)), 0, UP
                ),
                127,
                pan=64,
                force=1.35,
                reverb=26,
                loose=7,
            ),
            Part("Triangle and tambourine", 0, hands, 118, drums=True, reverb=50, force=1.3),
        ),
    )
