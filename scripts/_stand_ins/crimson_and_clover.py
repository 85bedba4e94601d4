"""A dreamy song on two chords, F with its major seventh and B flat minor with its sixth: a guitar through a
tremolo, another one in broken chords, voices without words, soft drums, and at the end a tremolo that slows down
and stops."""

from __future__ import annotations

from collections.abc import Sequence

from _stand_ins.patterns import Span, bass, block, broken, drums, line, pads, spans, tremolo
from _stand_ins.score import Control, Note, Part, Piece, ritard, shifted, softer, swell
from _stand_ins.theory import pitch, voicings

INTRO, FIRST, SECOND, HEIGHT, REST, LAST, CODA, END = 0, 8, 24, 40, 56, 72, 88, 104

CYCLE = "Fmaj9 | % | Bbm6 | %"

FIRST_TUNE = "r:1 A4:1 C5:1.5 G5:.5 | E5:3 D5:1 | Db5:1.5 F5:.5 G5:2! | F5:2 Db5:1 C5:1"
SECOND_TUNE = "A4:1 C5:1 E5:1 G5:1! | A5:2.5 G5:.5 E5:1 | F5:1 Db5:1 G5:1! F5:1 | Bb4:1 Db5:2 r:1"
HEIGHT_TUNE = "C6:2! A5:1 G5:1 | E5:1.5 G5:.5 A5:2 | Bb5:2! G5:1 F5:1 | Db5:1.5 F5:.5 G5:2"
HEIGHT_UNDER = "A5:2 E5:1 E5:1 | C5:1.5 E5:.5 E5:2 | F5:2 Db5:1 Db5:1 | Bb4:1.5 Db5:.5 Db5:2"
REST_TUNE = "r:4 | r:2 C5:1 E5:1 | Db5:3 F5:1 | G5:2 F5:2"
CODA_TUNE = "A4:2 C5:2 | E5:4 | Db5:2 F5:2 | G5:4"


def _slow_strums(over: Sequence[Span], velocity: int) -> tuple[Note, ...]:
    """A full chord at each bar, struck slowly, with its top half again in the middle."""
    notes: list[Note] = []
    for span, chord in zip(over, voicings([s.chord for s in over], 52, 74, 4), strict=True):
        notes += block(chord, span.at, 3.95, velocity, 0.12)
        notes += block(chord[2:], span.at + 2.5, 1.4, velocity - 14, -0.06)
    return tuple(notes)


def _drums() -> tuple[Note, ...]:
    soft = {"kick": "x.....o.x.......", "stick": "....o.......o...", "hat": "o.-.o.-.o.-.o.-."}
    full = {
        "kick": "X.....x.X...x...",
        "snare": "....x.......x..-",
        "ride": "x.o.x.o.x.o.x.o.",
        "tambourine": "....o.......o...",
    }
    toms = {"floor": "o.......o...o...", "tom": "....o.........o.", "shaker": "o-o-o-o-o-o-o-o-"}
    rise = {
        "kick": "x...x...x...x...",
        "snare": "....o...o.o.oxxX",
        "floor": "o.o.o.o.........",
        "tom": "........o.oxx...",
    }
    return (
        *drums({"ride": "-...-...-...o..."}, INTRO + 4, 1),
        *drums(soft, FIRST, 4),
        *drums(soft, SECOND, 3),
        *drums(rise, SECOND + 12, level=0.9),
        *drums({"crash": "x...............|................|................|................"}, HEIGHT, 4),
        *drums(full, HEIGHT, 3),
        *drums(
            {
                "kick": "X.......x...x...",
                "snare": "....x...xxo.....",
                "tom": "............x.o.",
                "floor": "..............xx",
            },
            HEIGHT + 12,
        ),
        *drums({"splash": "o..............."}, REST),
        *drums(toms, REST, 3, level=0.9),
        *drums(rise, REST + 12),
        *drums({"crash": "x...............|................"}, LAST, 4),
        *drums(full, LAST, 4),
        *drums({"ride": "o...o...o...o...", "kick": "o.......o......."}, CODA, 3, level=0.9),
        *drums({"ride": "o.......-.......", "kick": "o..............."}, CODA + 12, level=0.8),
        *drums({"kick": "o", "ride": "-"}, END),
    )


def piece() -> Piece:
    cycles = [spans(CYCLE, start) for start in (FIRST, SECOND, HEIGHT, REST, LAST, CODA)]
    intro = spans("Fmaj9 | Bbm6", INTRO)
    first, second, height, rest, last, coda = cycles
    shaking = [*intro, *first, *second, *height, *rest, *last, *coda]
    final = [pitch(name) for name in ("F2", "C3", "A3", "E4", "G4", "C5")]
    voices = (
        *line(FIRST_TUNE, FIRST, velocity=86, legato=1.0),
        *line(SECOND_TUNE, SECOND, velocity=92, legato=1.0),
        *line(HEIGHT_TUNE, HEIGHT, velocity=104, legato=1.0),
        *line(HEIGHT_UNDER, HEIGHT, velocity=92, legato=1.0),
        *line(SECOND_TUNE, LAST, velocity=102, legato=1.0),
        *softer(shifted(line(SECOND_TUNE, LAST, legato=1.0), 0, -12), 1.0),
        *line(CODA_TUNE, CODA, velocity=84, legato=1.0),
        *block([pitch("A4"), pitch("E5")], END, 5.5, 78),
    )
    low = (
        *bass(first, "R_____R_", 29, 84, 0.95),
        *bass(second, "R__R__5_", 29, 88, 0.95),
        *bass(height, "R_RR5_8_", 29, 98, 0.92),
        *bass(rest, "R_______", 29, 86, 0.98),
        *bass(last, "R_RR5_8_", 29, 98, 0.92),
        *bass(coda, "R_____5_", 29, 84, 0.95),
        Note(END, 6, pitch("F1"), 88),
    )
    strings = (
        *pads(second, 60, 79, 3, 66),
        *pads(height, 60, 82, 4, 80),
        *pads(rest, 55, 74, 3, 72),
        *pads(last, 60, 82, 4, 84),
        *pads(coda, 55, 74, 3, 64),
        *block([pitch(name) for name in ("A3", "E4", "G4")], END, 5.5, 62),
    )
    answers = (
        *line("r:4 | r:2 A5:.5 G5:.5 E5:1 | r:4 | r:2 G5:.5 F5:.5 Db5:1", SECOND, velocity=82),
        *line(REST_TUNE, REST, velocity=96, legato=1.0),
        *line("r:4 | r:2 C6:.5 A5:.5 G5:1 | r:4 | r:1 F5:.5 G5:.5 Bb5:1 Db6:1", LAST, velocity=92),
        *block([pitch("G5"), pitch("C6")], END + 1.5, 4, 70, 0.4),
    )
    shake = (
        *tremolo(INTRO, REST, 4, 54, 127),
        *tremolo(REST, LAST, 4, 26, 127),
        *tremolo(LAST, CODA + 8, 4, 54, 127),
        *tremolo(CODA + 8, END, 3, 54, 127),
        *tremolo(END, END + 4, 2, 60, 127),
        Control(END + 4, 11, 110),
    )
    return Piece(
        id="crimson-and-clover",
        title="Crimson and Clover",
        key="F",
        level=-1.5,
        tempo=((0, 80.0), *ritard(CODA + 8, END, 80, 58), (END, 60.0)),
        sections=(
            (INTRO, "intro"),
            (FIRST, "first verse"),
            (SECOND, "second verse"),
            (HEIGHT, "height"),
            (REST, "rest"),
            (LAST, "last verse"),
            (CODA, "coda"),
        ),
        parts=(
            Part(
                "Voices",
                53,
                voices,
                108,
                pan=64,
                reverb=80,
                loose=14,
                late=6,
                controls=swell(11, END, END + 5.5, 120, 40),
            ),
            Part(
                "Tremolo guitar",
                27,
                (*_slow_strums(shaking, 84), *block(final, END, 6, 84, 0.9)),
                122,
                pan=34,
                reverb=66,
                loose=8,
                controls=shake,
            ),
            Part(
                "Broken chords",
                27,
                (
                    *broken(first, "01232321", 57, 77, 4, 0.5, 72, 2.2),
                    *broken(second, "01232321", 57, 77, 4, 0.5, 78, 2.2),
                    *broken(height, "0213", 60, 79, 4, 0.25, 76, 2.5),
                    *broken(last, "0213", 60, 79, 4, 0.25, 80, 2.5),
                    *broken(coda, "01232321", 57, 77, 4, 0.5, 70, 2.2),
                ),
                92,
                pan=98,
                reverb=60,
                chorus=70,
                loose=9,
                touch=6,
            ),
            Part("Lead guitar", 27, answers, 104, pan=74, reverb=80, chorus=30, loose=10, late=6),
            Part("Strings", 50, strings, 66, pan=64, reverb=80, loose=16, controls=swell(11, END, END + 5.5, 110, 20)),
            Part("Bass", 33, low, 108, pan=64, reverb=24, loose=5),
            Part("Drums", 0, _drums(), 122, drums=True, reverb=58, loose=6, late=4, touch=5),
        ),
    )
