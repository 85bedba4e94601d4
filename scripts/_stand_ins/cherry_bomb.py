"""A glam-punk stomp in G minor: tom-toms, two guitars in fifths, a picked bass, a lead guitar for a singer and a
gang of voices for the refrain. `cherry_bomb_live` builds on the same material."""

from __future__ import annotations

from collections.abc import Sequence

from _stand_ins.patterns import Span, bass, block, drums, fifths, line, pads, rows, spans, strum
from _stand_ins.score import Control, Note, Part, Piece, shifted, softer
from _stand_ins.theory import pitch

RIFF = "G Bb | C Bb | G F | Eb F"
VERSE = "G | G | Bb C | G | G | G | Bb C | Eb F"
REFRAIN = "Eb | F | Gm | Gm | Eb | F | Bb | D"

VERSE_TUNE = """
r:.5 G4:.5 Bb4:.5 G4:.5 C5:1! Bb4:1 | G4:1.5 F4:.5 G4:1 r:1
r:.5 Bb4:.5 D5:.5 Bb4:.5 C5:.5 C5:.5 Bb4:.5 G4:.5 | G4:2! r:2
r:.5 G4:.5 Bb4:.5 G4:.5 D5:1! C5:1 | Bb4:1.5 G4:.5 Bb4:1 r:1
r:.5 Bb4:.5 D5:.5 F5:.5 Eb5:.5 Eb5:.5 D5:.5 C5:.5 | Bb4:1 G4:1 A4:1 C5:1
"""
REFRAIN_TUNE = """
Bb4:1! Eb5:1 D5:.5 C5:.5 Bb4:1 | C5:1! F5:1 Eb5:.5 D5:.5 C5:1 | D5:3! C5:.5 D5:.5 | Bb4:2 r:1 G4:1
Bb4:1! Eb5:1 G5:.5 F5:.5 Eb5:1 | F5:1! A5:1 G5:.5 F5:.5 C5:1 | D5:2! F5:1 D5:1 | F#5:2! A5:1 F#5:1
"""
SOLO_TUNE = """
G5:1! Bb5:.5 G5:.5 F5:.5 D5:.5 F5:.5 G5:.5 | Bb5:1.5! C6:.5 Bb5:.5 G5:.5 F5:1
D5:.5 F5:.5 G5:.5 Bb5:.5 C6:.5! Bb5:.5 G5:.5 E5:.5 | D5:2! F5:.5 G5:.5 Bb5:.5 C6:.5
D6:1! C6:.5 Bb5:.5 G5:.5 Bb5:.5 C6:.5 Bb5:.5 | G5:.5 F5:.5 D5:.5 F5:.5 G5:2!
Bb5:.25 C6:.25 Bb5:.5 G5:.5 Bb5:.5 C6:.25 D6:.25 C6:.5 G5:.5 Bb5:.5 | G5:1 Bb5:1 C6:1 A5:1
"""

STOMP = {
    "kick": "X...X...X...X...",
    "floor": "x.o.x.oox.o.xxxx",
    "snare": "....X.......X...",
    "tambourine": "..x...x...x...x.",
}
DRIVE = {"kick": "X..xX...X.x.X...", "snare": "....X.......X...", "hat": "X.o.x.o.X.o.x.o."}
WIDE = {
    "kick": "X.x.X...X.xxX...",
    "snare": "....X.......X..o",
    "ride": "x.x.x.x.x.x.x.x.",
    "tambourine": "..x...x...x...x.",
}
FILL = {"kick": "X...X...X...X...", "snare": "X.xxX.xx........", "tom": "........X.xx....", "floor": "............X.xx"}
CRASH = {"crash": "X..............."}


def riff_guitar(over: Sequence[Span], velocity: int) -> tuple[Note, ...]:
    """Two half-bar fifths a bar: one rings, the next three strokes are damped, the last pushes."""
    return tuple(
        note for span in over for note in strum(fifths(span.chord, 41), "X_mx", span.at, span.length, velocity)
    )


def chug_guitar(over: Sequence[Span], velocity: int) -> tuple[Note, ...]:
    """Damped eighths that open on the second and the fourth beat."""
    notes: list[Note] = []
    for span in over:
        pattern = "mmX_mmX_" if span.length == 4 else "mmX_"
        notes += strum(fifths(span.chord, 41, octave=False), pattern, span.at, span.length, velocity, 0.85)
    return tuple(notes)


def ringing_guitar(over: Sequence[Span], velocity: int) -> tuple[Note, ...]:
    """Open fifths in eighths, the accents pushing across the bar."""
    notes: list[Note] = []
    for span in over:
        pattern = "X_xxX_xx" if span.length == 4 else "X_xx"
        notes += strum(fifths(span.chord, 41), pattern, span.at, span.length, velocity, 0.98)
    return tuple(notes)


def eighths(over: Sequence[Span], velocity: int) -> tuple[Note, ...]:
    return bass(over, "RRRRRRRn", 29, velocity, 0.86)


def scoops(start: float, beats: Sequence[float]) -> tuple[Control, ...]:
    """The pitch wheel: from a tone below up into the notes that begin at these beats."""
    found: list[Control] = []
    for beat in beats:
        at = start + beat
        found += [
            Control(at, -1, -1.5),
            Control(at + 0.12, -1, -0.8),
            Control(at + 0.22, -1, -0.3),
            Control(at + 0.3, -1, 0),
        ]
    return tuple(found)


def gang(over: Sequence[Span], velocity: int) -> tuple[Note, ...]:
    """Voices that shout the refrain's chords: once at the start of the bar, once before its end."""
    held = pads(over, 55, 74, 3, velocity)
    shouts = [
        Note(span.at + span.length - 1, 0.6, lowest.pitch + 12, velocity)
        for span in over
        for lowest in held
        if lowest.start <= span.at < lowest.start + lowest.length
    ]
    return (*held, *shouts)


def piece() -> Piece:
    intro, riff, verse, refrain, solo, again, end = 0, 16, 32, 64, 96, 128, 160
    riffs, verses = spans(RIFF, riff), spans(VERSE, verse)
    refrains, solos, last = spans(REFRAIN, refrain), spans(VERSE, solo), spans(REFRAIN, again)
    ending = spans("G Bb | C Eb", end)
    left = (
        *riff_guitar(riffs, 92),
        *chug_guitar(verses, 88),
        *ringing_guitar(refrains, 90),
        *riff_guitar(solos, 88),
        *ringing_guitar(last, 94),
        *riff_guitar(ending, 98),
        *block(fifths("G", 41), end + 8, 7, 104, 0.05),
    )
    right = (
        *block((43, 50), intro, 7.5, 74),
        *block((41, 48), intro + 8, 3.8, 78),
        *strum((43, 50, 55), "mmmmmmXX", intro + 12, 4, 84),
        *riff_guitar(riffs, 90),
        *ringing_guitar(verses[3:4], 84),
        *ringing_guitar(verses[7:], 84),
        *ringing_guitar(refrains, 88),
        *chug_guitar(solos, 92),
        *ringing_guitar(last, 92),
        *riff_guitar(ending, 96),
        *block(fifths("G", 41), end + 8, 7, 102, -0.05),
    )
    lead = (
        *line(rows(VERSE_TUNE), verse, velocity=94),
        *line(rows(REFRAIN_TUNE), refrain, velocity=100),
        *line(rows(SOLO_TUNE), solo, velocity=104),
        *line(rows(REFRAIN_TUNE), again, velocity=106),
        *softer(shifted(line(rows(REFRAIN_TUNE), again), 0, -12), 0.9),
        *line("G5:1! Bb5:1! D6:2!", end + 8, velocity=96),
    )
    low = (
        *bass(spans("G | G | F | F", intro), "R_______", 29, 84)[2:],
        *eighths(riffs, 96),
        *eighths(verses, 92),
        *eighths(refrains, 98),
        *eighths(solos, 96),
        *eighths(last, 102),
        *eighths(ending, 104),
        Note(end + 8, 7, pitch("G1"), 108),
    )
    kit = (
        *drums(STOMP, intro, 3, level=0.9),
        *drums(FILL, intro + 12),
        *drums(CRASH, riff),
        *drums(STOMP, riff, 4),
        *drums(CRASH, verse),
        *drums(DRIVE, verse, 7),
        *drums(FILL, verse + 28),
        *drums(CRASH, refrain),
        *drums(WIDE, refrain, 3),
        *drums({**WIDE, "snare": "....X...x.x.X.XX"}, refrain + 12),
        *drums(CRASH, refrain + 16),
        *drums(WIDE, refrain + 16, 3),
        *drums(FILL, refrain + 28),
        *drums(CRASH, solo),
        *drums(STOMP, solo, 7),
        *drums({"snare": "X.X.X.X.XXXXXXXX", "kick": "X...X...X...X..."}, solo + 28, level=0.95),
        *drums({"crash": "X......|........|........|........|x.......|........|........|........"}, again, 8),
        *drums(WIDE, again, 7),
        *drums(FILL, again + 28, level=1.05),
        *drums({"crash": "X...x..."}, end, 2),
        *drums({"kick": "X..xX..xX..xX..x", "snare": "....X.......X.XX", "floor": "x.x.x.x.x.x.x.x."}, end, 2),
        *drums({"kick": "X", "snare": "X", "crash": "X", "crash2": "X"}, end + 8),
    )
    return Piece(
        id="cherry-bomb",
        title="Cherry Bomb",
        key="Gm",
        level=-2.2,
        tempo=((0, 134.0),),
        sections=(
            (intro, "stomp"),
            (riff, "riff"),
            (verse, "verse"),
            (refrain, "refrain"),
            (solo, "solo"),
            (again, "refrain"),
            (end, "ending"),
        ),
        parts=(
            Part(
                "Lead guitar",
                29,
                lead,
                116,
                pan=68,
                reverb=48,
                loose=7,
                late=4,
                controls=scoops(solo, (0, 4, 12, 16, 22)),
            ),
            Part("Guitar left", 30, left, 84, pan=20, reverb=24, loose=6),
            Part("Guitar right", 29, right, 88, pan=108, reverb=24, loose=7, late=3),
            Part("Bass", 34, low, 100, pan=64, reverb=10, loose=4),
            Part(
                "Gang",
                52,
                (*gang(refrains, 84), *gang(last, 92), *block((55, 62, 67), end + 8, 6, 86)),
                92,
                pan=64,
                reverb=60,
                loose=16,
            ),
            Part("Drums", 16, kit, 88, drums=True, reverb=30, loose=4, touch=6),
        ),
    )
