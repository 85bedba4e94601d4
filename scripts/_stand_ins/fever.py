"""A slow swing in C minor: a walking double bass, brushes, a guitar that stays out of the way, a vibraphone and
a muted trumpet who take turns."""

from __future__ import annotations

from _stand_ins.patterns import Span, block, comping, drums, line, rows, spans, walk
from _stand_ins.score import Control, Note, Part, Piece, ritard, shifted, softer, swell
from _stand_ins.theory import pitch

VIBES, TRUMPET, MIDDLE, BACK, TAG, LAST = 16, 48, 80, 112, 128, 140

INTRO_CHORDS = "Cm69 | Ab7 G7b9 | Cm69 | Dm7b5 G7b9"
A_CHORDS = "Cm69 | Ab7 | Dm7b5 | G7b9 | Cm7 | F7 Ab7 | Dm7b5 G7b9 | Cm69 G7#9"
MIDDLE_CHORDS = "Fm9 | Bb13 | Ebmaj9 | Abmaj7 | Dm7b5 | G7b9 | Cm7 D7b9 | G7sus4 G7b9"
TAG_CHORDS = "Dm7b5 G7b9 | Ebmaj7 Ab7 | Dm7b5 G7b9"

VIBES_TUNE = """
r:1 G5:.5 Eb5:.5 D5:.5 C5:1.5 | r:.5 Eb5:.5 Gb5:.5! Eb5:.5 C5:2 | r:1 F5:.5 Ab5:.5 G5:.5 F5:.5 D5:1
B4:1 D5:.5 F5:.5 Ab5:1! G5:1 | G5:1.5 Eb5:.5 C5:1 Bb4:1 | A4:.5 C5:.5 Eb5:1 Gb5:1! Eb5:1
D5:.5 F5:.5 Ab5:1! F5:.5 D5:.5 B4:1 | C5:2 r:2
"""
TRUMPET_TUNE = """
C5:2 Eb5:.5 D5:.5 C5:1 | Eb5:1.5! C5:.5 Gb4:2 | r:1 F4:.5 Ab4:.5 C5:1 D5:1 | Eb5:.5! D5:.5 B4:1 Ab4:2
G4:1 C5:.5 D5:.5 Eb5:2! | r:.5 Eb5:.5 C5:.5 A4:.5 Gb4:1 Ab4:1 | F4:.5 Ab4:.5 C5:.5 D5:.5 F5:1! B4:1 | C5:3 r:1
"""
MIDDLE_TUNE = """
r:.5 C5:.5 F5:.5 G5:.5 Ab5:2! | G5:1 F5:.5 D5:.5 Bb4:2
r:.5 Bb4:.5 Eb5:.5 F5:.5 G5:2 | Eb5:1 C5:.5 Eb5:.5 G5:2
F5:1.5 Ab5:.5 C6:1! Ab5:1 | B5:1! Ab5:.5 F5:.5 D5:2 | Eb5:1 G5:1 F#5:1 A5:1 | G5:3 r:1
"""
MIDDLE_UNDER = """
r:2 C5:2 | Bb4:2 Ab4:2 | r:2 Bb4:2 | C5:2 Eb5:2 | Ab4:2 F4:2 | F5:1 D5:1 B4:2 | C5:2 C5:2 | D5:3 r:1
"""
BACK_TUNE = """
r:1 G5:.5 Eb5:.5 D5:.5 C5:1.5 | r:.5 Eb5:.5 Gb5:.5! Eb5:.5 C5:2 | r:1 F5:.5 Ab5:.5 C6:1! Ab5:1 | G5:1 F5:.5 D5:.5 B4:2
"""
TAG_TUNE = "F5:.5 Ab5:.5 F5:1 B4:.5 D5:.5 F5:1 | G5:.5 Eb5:.5 D5:1 Gb5:1! Eb5:1 | F5:.5 D5:.5 C5:1 B4:1 D5:1"


def _drums() -> tuple[Note, ...]:
    quiet = {"pedal": "..x...x.", "ride": "o...o.-."}
    swing = {"ride": "x.o-x.o-", "pedal": "..x...x.", "snare": "..-o..-.", "kick": "o...-..."}
    sticks = {"ride": "x.oox.oo", "pedal": "..x...x.", "stick": "......x.|..x.....", "kick": "o...o...|o..-o..."}
    wide = {"ride": "X.xoX.xo", "pedal": "..x...x.", "snare": "..o-..x-|..o...xo", "kick": "x...o..-|x..-o..."}
    turn = {"ride": "x.o.....", "snare": "..o.ooox", "tom": "....o...", "low": "......o.", "pedal": "..x...x."}
    return (
        *drums({"pedal": "..x...x."}, 0, 2, level=0.9),
        *drums(quiet, 8, 2),
        *drums(swing, VIBES, 7),
        *drums(turn, VIBES + 28),
        *drums(sticks, TRUMPET, 7),
        *drums(turn, TRUMPET + 28, level=1.1),
        *drums({"crash": "o......."}, MIDDLE),
        *drums(wide, MIDDLE, 7),
        *drums({"snare": "x.ox..xx", "tom": "...x.x..", "low": "......xx", "kick": "x......."}, MIDDLE + 28),
        *drums({"crash": "-......."}, BACK),
        *drums(swing, BACK, 4),
        *drums(sticks, TAG, 2, level=0.85),
        *drums({"ride": "o...o...", "pedal": "..o...o."}, TAG + 8, level=0.8),
        *drums({"kick": "o.......", "splash": "-.......", "ride": "o......."}, LAST),
    )


def _vibrato(start: float, end: float) -> tuple[Control, ...]:
    """A trumpet's vibrato on its long notes, by controller 1."""
    return (*swell(1, start + 0.8, end, 0, 50), Control(end + 0.05, 1, 0))


def piece() -> Piece:
    intro = spans(INTRO_CHORDS, 0)
    first, second, back = spans(A_CHORDS, VIBES), spans(A_CHORDS, TRUMPET), spans(A_CHORDS, BACK)[:4]
    middle, tag = spans(MIDDLE_CHORDS, MIDDLE), spans(TAG_CHORDS, TAG)
    walking = [*intro, *first, *second, *middle, *back, *tag]
    vibraphone = (
        *line(rows(VIBES_TUNE), VIBES, velocity=84, legato=1.3),
        *softer(comping(second, "..x.....", 62, 79, 3, 62, 2.0), 0.9),
        *line(rows(MIDDLE_UNDER), MIDDLE, velocity=76, legato=1.2),
        *line(rows(BACK_TUNE), BACK, velocity=84, legato=1.3),
        *line(TAG_TUNE, TAG, velocity=78, legato=1.3),
        *block([pitch(name) for name in ("Eb4", "A4", "D5", "G5", "C6")], LAST + 0.5, 5.5, 62, 0.5),
    )
    trumpet = (
        *line("r:4 | r:4 | r:2 Bb4:.5 A4:.5 F4:1 | r:4 | r:4 | r:4 | r:4 | r:2 G4:.5 B4:.5 Db5:1", VIBES, velocity=68),
        *line(rows(TRUMPET_TUNE), TRUMPET, velocity=92),
        *line(rows(MIDDLE_TUNE), MIDDLE, velocity=98),
        *shifted(line(rows(BACK_TUNE), BACK, velocity=74), 0, -12),
        *line("r:4 | r:2 Gb4:1 Eb4:1 | F4:2 Ab4:1 B4:1", TAG, velocity=76),
        Note(LAST, 4, pitch("G4"), 70),
    )
    guitar = (
        *comping(intro[4:], "..m...m.", 52, 69, 3, 70, 0.6),
        *comping(first, "..x..x..", 52, 69, 3, 68, 0.4),
        *comping(second, "..x...x.", 52, 69, 3, 74, 0.35),
        *comping(middle, "x.x.x.x.", 52, 69, 3, 72, 0.4),
        *comping([*back, *tag], "..x..x..", 52, 69, 3, 68, 0.4),
        *block([pitch(name) for name in ("Eb3", "G3", "A3", "D4")], LAST, 5, 66, 0.3),
    )
    strings = (
        *line("Ab4:4 | G4:2 F4:2 | G4:4 | G4:2 Eb4:2 | F4:4 | F4:2 D4:2 | Eb4:2 F#4:2 | F4:2 F4:2", MIDDLE, legato=1.0),
        *line("C5:4 | D5:4 | D5:4 | C5:4 | C5:4 | B4:4 | Bb4:2 C5:2 | C5:2 B4:2", MIDDLE, legato=1.0),
        Note(LAST, 5.5, pitch("C4"), 70),
        Note(LAST, 5.5, pitch("Eb4"), 70),
        Note(LAST, 5.5, pitch("A4"), 70),
    )
    final = Span("Cm69", LAST, 6)
    return Piece(
        id="fever",
        title="Fever",
        key="Cm",
        level=0.3,
        tempo=((0, 102.0), *ritard(LAST - 4, LAST, 102, 76), (LAST, 80.0)),
        sections=(
            (0, "intro"),
            (VIBES, "vibraphone"),
            (TRUMPET, "trumpet"),
            (MIDDLE, "middle"),
            (BACK, "return"),
            (TAG, "tag"),
        ),
        swing=0.65,
        parts=(
            Part("Vibraphone", 11, vibraphone, 124, pan=44, reverb=58, loose=9, late=5, touch=6, force=1.25),
            Part(
                "Muted trumpet",
                59,
                trumpet,
                98,
                pan=82,
                reverb=60,
                loose=12,
                late=16,
                touch=6,
                controls=(
                    *_vibrato(TRUMPET + 28, TRUMPET + 31),
                    *_vibrato(MIDDLE + 28, MIDDLE + 31),
                    *_vibrato(LAST, LAST + 4),
                ),
            ),
            Part("Guitar", 26, guitar, 112, pan=100, reverb=34, loose=6, late=4, force=1.15),
            Part(
                "Strings",
                48,
                strings,
                110,
                pan=64,
                reverb=80,
                loose=12,
                controls=(*swell(11, MIDDLE, MIDDLE + 28, 70, 115), *swell(11, LAST, LAST + 5.5, 90, 50)),
            ),
            Part(
                "Double bass",
                32,
                (*walk(walking, 28, 48, "fever"), Note(final.at, 6, pitch("C2"), 88)),
                120,
                pan=62,
                reverb=26,
                loose=6,
                touch=6,
            ),
            Part("Drums", 40, _drums(), 112, drums=True, reverb=44, loose=5, touch=5),
        ),
    )
