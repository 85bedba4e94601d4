"""A clap-along anthem in B flat: drums and hands, two guitars, an organ, voices in the refrain, and a break where
only the hands, the drums and the bass are left."""

from __future__ import annotations

from collections.abc import Sequence

from _stand_ins.patterns import Span, bass, block, comping, drums, fifths, line, pads, rows, spans, strum
from _stand_ins.score import Note, Part, Piece, ritard, shifted, softer
from _stand_ins.theory import pitch

HANDS, RIFF, VERSE, REFRAIN, SECOND, BREAK, LAST, END = 0, 8, 24, 56, 88, 104, 120, 152

RIFF_CHORDS = "Bb | Eb Bb | Ab | Eb F"
VERSE_CHORDS = "Bb | Bb | Ab Eb | Bb | Bb | Gm | Cm | F"
REFRAIN_CHORDS = "Bb | Gm | Eb | F | Bb | Gm | Eb F | Bb"

RIFF_TUNE = (
    "Bb4:1! D5:.5 F5:.5 D5:1 Bb4:1 | G4:1.5! Bb4:.5 F4:2 | Ab4:1! C5:.5 Eb5:.5 C5:1 Ab4:1 | G4:1 Bb4:1 A4:1 C5:1"
)
VERSE_TUNE = """
D5:1.5 C5:.5 Bb4:1 r:1 | r:.5 Bb4:.5 C5:.5 D5:.5 F5:1! D5:1 | C5:1.5 Ab4:.5 Bb4:1 G4:1 | F4:1 Bb4:2 r:1
D5:1.5 C5:.5 Bb4:1 r:1 | r:.5 Bb4:.5 D5:.5 F5:.5 G5:1! D5:1 | Eb5:1.5 D5:.5 C5:1 Eb5:1 | F5:2! A4:1 C5:1
"""
REFRAIN_TUNE = """
F5:1.5! F5:.5 F5:1 D5:1 | G5:2! F5:1 D5:1 | Eb5:1.5 Eb5:.5 G5:1 Eb5:1 | F5:3! r:1
F5:1.5! F5:.5 Bb5:1 F5:1 | G5:2! Bb5:1 G5:1 | G5:1 Eb5:1 A5:1 C6:1 | Bb5:3! r:1
"""
UNDER_TUNE = """
D5:1.5 D5:.5 D5:1 Bb4:1 | Bb4:2 Bb4:1 Bb4:1 | Bb4:1.5 Bb4:.5 Bb4:1 G4:1 | A4:3 r:1
D5:1.5 D5:.5 D5:1 D5:1 | D5:2 D5:1 D5:1 | Eb5:1 Bb4:1 C5:1 A4:1 | D5:3 r:1
"""

BEAT = {"kick": "X.....x.X.X.....", "snare": "....X.......X...", "hat": "x.x.x.x.x.x.x.x."}
CLAPS = {"clap": "....X.......X.x."}
ANTHEM = {
    "kick": "X...x.x.X...x...",
    "snare": "....X.......X...",
    "open": "x...x...x...x...",
    "tambourine": "..x...x...x...x.",
}
FILL = {"kick": "X...X...X...X...", "snare": "X.X.X.xx........", "tom": "........X.x.....", "floor": "............XxXx"}


def _hits(over: Sequence[Span], pattern: str, velocity: int, hold: float = 0.95) -> tuple[Note, ...]:
    notes: list[Note] = []
    for span in over:
        size = round(len(pattern) * span.length / 4)
        notes += strum(fifths(span.chord, 43), pattern[:size], span.at, span.length, velocity, hold)
    return tuple(notes)


def _drums() -> tuple[Note, ...]:
    hands = {"kick": "X.......X.x.....", "clap": "....X.......X...|....X.......X.X."}
    alone = {"kick": "X...X...X...X...", "clap": "..X...X...X.X.X.|..X...X...X.XXX.", "tambourine": "x.x.x.x.x.x.x.x."}
    return (
        *drums(hands, HANDS, 2),
        *drums({"crash": "X..............."}, RIFF),
        *drums({**BEAT, **CLAPS}, RIFF, 3),
        *drums(FILL, RIFF + 12),
        *drums(BEAT, VERSE, 7),
        *drums(FILL, VERSE + 28),
        *drums({"crash": "X.......|........|........|........"}, REFRAIN, 8),
        *drums({**ANTHEM, **CLAPS}, REFRAIN, 7),
        *drums({"kick": "X...X.X.........", "snare": "....X.......X.XX", "clap": "....X..........."}, REFRAIN + 28),
        *drums({"crash": "X..............."}, SECOND),
        *drums({**BEAT, "ride": "x.x.x.x.x.x.x.x.", "hat": "................"}, SECOND, 3),
        *drums({"kick": "X...............", "snare": "X...............", "crash": "X..............."}, SECOND + 12),
        *drums(alone, BREAK, 3),
        *drums({**alone, "clap": "..X...X.X.X.XXXX", "snare": "........ooooxxXX"}, BREAK + 12),
        *drums({"crash": "X.......|........|x.......|........"}, LAST, 8),
        *drums({**ANTHEM, "clap": "....X.......X.X."}, LAST, 7, level=1.06),
        *drums(FILL, LAST + 28, level=1.06),
        *drums({"crash": "X......."}, END, 2),
        *drums({**ANTHEM, **CLAPS}, END),
        *drums({"kick": "X...X...X.X.X.X.", "snare": "X...X...X.XXXXXX", "floor": "........x.x.xxxx"}, END + 4),
        *drums({"kick": "X", "snare": "X", "clap": "X", "crash": "X", "crash2": "x"}, END + 8),
    )


def piece() -> Piece:
    riff, verse, refrain = spans(RIFF_CHORDS, RIFF), spans(VERSE_CHORDS, VERSE), spans(REFRAIN_CHORDS, REFRAIN)
    second, last = spans(RIFF_CHORDS, SECOND), spans(REFRAIN_CHORDS, LAST)
    tail = spans("Bb Ab | Eb F", END)
    chord = block(fifths("Bb", 43), END + 8, 7, 108, 0.05)
    left = (
        *_hits(riff, "X__mX_m.", 94),
        *_hits(verse, "X_mmX_mm", 86, 0.8),
        *_hits(refrain, "X___X_X_", 94),
        *_hits(second, "X__mX_m.", 94),
        *_hits(last, "X_xxX_xx", 98),
        *_hits(tail, "X___X___", 102),
        *chord,
    )
    right = (
        *line(RIFF_TUNE, RIFF, velocity=96),
        *shifted(line(RIFF_TUNE, RIFF, velocity=84), 0, -12),
        *_hits(verse[4:], "..x_..x_", 84, 0.7),
        *_hits(refrain, "X_x_X_x_", 90),
        *line(RIFF_TUNE, SECOND, velocity=98),
        *shifted(line(RIFF_TUNE, SECOND, velocity=88), 0, -12),
        *_hits(last, "X___X_X_", 96),
        *_hits(tail, "X___X___", 102),
        *chord,
    )
    lead = (
        *line(rows(VERSE_TUNE), VERSE, velocity=96),
        *softer(line("r:4 | r:4 | r:4 | r:1 D6:1 C6:1 Bb5:1", REFRAIN, velocity=96), 0.95),
        *line("F5:4 | Eb5:2 D5:2 | Eb5:2 C5:2 | Bb4:1 D5:1 Eb5:1 F5:1", SECOND, velocity=92),
        *line("r:4 | r:4 | r:2 Bb4:.5 C5:.5 D5:1 | F5:1! G5:.5 F5:.5 G5:.5 A5:.5 C6:1!", BREAK, velocity=98),
        *line("D6:2! C6:1 Bb5:1 | Bb5:2 D6:1 Bb5:1 | G5:1 Bb5:1 Eb6:2! | C6:3 A5:1", LAST, velocity=100),
        *line("D6:2! F6:1 D6:1 | Bb5:2 D6:1 Bb5:1 | Bb5:1 G5:1 C6:1 A5:1 | Bb5:3 r:1", LAST + 16, velocity=102),
        *line("F5:1 G5:1 Ab5:1! Eb5:1 | G5:1 Bb5:1 A5:1 C6:1", END, velocity=102),
        Note(END + 8, 6, pitch("D6"), 104),
    )
    voices = (
        *line(rows(REFRAIN_TUNE), REFRAIN, velocity=100),
        *line(rows(UNDER_TUNE), REFRAIN, velocity=88),
        *line(rows(REFRAIN_TUNE), LAST, velocity=108),
        *line(rows(UNDER_TUNE), LAST, velocity=98),
        *softer(shifted(line(rows(REFRAIN_TUNE), LAST), 0, -12), 1.05),
        *line("D5+F5:2 C5+Eb5:2 | Bb4+Eb5:2 C5+F5:2", END, velocity=104),
        *block((58, 62, 65, 70), END + 8, 6, 102),
    )
    organ = (
        *pads(riff, 58, 76, 4, 76),
        *pads(verse[4:], 58, 76, 4, 72),
        *comping(refrain, "X_x_X_x_", 58, 76, 4, 84),
        *pads(second, 58, 76, 4, 80),
        *comping(last, "X_x_X_x_", 58, 76, 4, 92),
        *pads(tail, 58, 76, 4, 94),
        *block((58, 65, 70, 74), END + 8, 7, 96),
    )
    low = (
        *bass(riff, "R__RR_R_", 29, 96),
        *bass(verse, "R__RR_5n", 29, 94),
        *bass(refrain, "RRRRRRRn", 29, 100),
        *bass(second, "R__RR_R_", 29, 98),
        *bass(spans("Bb | Bb | Ab Eb | F", BREAK), "R_R_8_R_", 29, 98),
        *bass(last, "RRRRRRRn", 29, 104),
        *bass(tail, "R___R___", 29, 106),
        Note(END + 8, 7, pitch("Bb1"), 108),
    )
    return Piece(
        id="i-love-rock-n-roll",
        title="I Love Rock 'n' Roll",
        key="Bb",
        level=-2.7,
        tempo=((0, 108.0), *ritard(END + 5, END + 8, 108, 82), (END + 8, 84.0)),
        sections=(
            (HANDS, "hands"),
            (RIFF, "riff"),
            (VERSE, "verse"),
            (REFRAIN, "refrain"),
            (SECOND, "riff"),
            (BREAK, "break"),
            (LAST, "refrain"),
            (END, "ending"),
        ),
        parts=(
            Part("Voices", 52, voices, 98, pan=64, reverb=58, loose=15, late=4),
            Part("Lead guitar", 29, lead, 114, pan=76, reverb=50, loose=8, late=5, touch=6),
            Part("Guitar left", 30, left, 84, pan=20, reverb=26, loose=6),
            Part("Guitar right", 29, right, 88, pan=108, reverb=26, loose=7, late=3),
            Part("Organ", 18, organ, 72, pan=50, reverb=44, loose=9),
            Part("Bass", 34, low, 102, pan=64, reverb=10, loose=4),
            Part("Drums and claps", 16, _drums(), 92, drums=True, reverb=36, loose=5, touch=6),
        ),
    )
