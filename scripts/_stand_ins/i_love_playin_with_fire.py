"""A hard boogie in F sharp: a shuffling guitar between fifth, sixth and seventh, a heavier one beside it, an organ
that growls, a lead guitar that sings the verse and burns in the middle."""

from __future__ import annotations

from collections.abc import Sequence

from _stand_ins.cherry_bomb import scoops
from _stand_ins.patterns import Span, bass, block, comping, drums, fifths, line, pads, rows, spans, strum
from _stand_ins.score import Note, Part, Piece
from _stand_ins.theory import bass_class, lowest, pitch

RIFF, VERSE, BRIDGE, SECOND, SOLO, CLIMB, LAST, END = 0, 16, 48, 80, 96, 128, 144, 176

VERSE_CHORDS = "F#7 | F#7 | A | F#7 | F#7 | F#7 | E | F#7"
BRIDGE_CHORDS = "B | A | B | A | D | E | C#7 | C#7"
SOLO_CHORDS = "B7 | B7 | F#7 | F#7 | B7 | B7 | E | C#7"
CLIMB_CHORDS = "D | E | Bm | C#7"

VERSE_TUNE = """
r:1 C#5:.5 E5:.5 F#5:1.5! E5:.5 | C#5:1 B4:.5 A4:.5 F#4:1 r:1
r:.5 C#5:.5 E5:.5 C#5:.5 A4:1 B4:1 | C#5:2.5! r:1.5
r:1 C#5:.5 E5:.5 F#5:1.5! A5:.5 | F#5:1 E5:.5 C#5:.5 E5:1 r:1
r:.5 B4:.5 D5:.5 E5:.5 G#5:1! E5:1 | C#5:1 A4:.5 F#4:.5 F#4:1 r:1
"""
BRIDGE_TUNE = """
D#5:2 F#5:1 D#5:1 | E5:1.5! C#5:.5 A4:2 | D#5:2 F#5:1 G#5:1 | A5:1.5! E5:.5 C#5:2
F#5:1 A5:1 F#5:.5 E5:.5 D5:1 | G#5:1 B5:1 G#5:.5 F#5:.5 E5:1 | F5:1! G#5:1 B5:2 | C#6:2! B5:.5 G#5:.5 F5:1
"""
SECOND_TUNE = """
r:1 C#5:.5 E5:.5 F#5:1.5! E5:.5 | C#5:1 B4:.5 A4:.5 F#4:2
r:.5 B4:.5 E5:1 G#5:1! E5:1 | F#5:1 A5:1 B5:1 C#6:1
"""
SOLO_TUNE = """
F#5:.5! A5:.5 B5:1 D6:.5 B5:.5 A5:.5 F#5:.5 | E5:.5 F#5:.5 A5:.5 B5:.5 A5:2!
C#6:.5! A5:.5 F#5:.5 E5:.5 C#5:.5 E5:.5 F#5:1 | A4:.5 B4:.5 C#5:.5 E5:.5 F#5:2!
B5:.5 D6:.5 B5:.5 A5:.5 F#5:.5 A5:.5 B5:1! | D6:1! B5:.5 A5:.5 F#5:1 E5:1
G#5:.5 B5:.5 E6:1! B5:.5 G#5:.5 E5:1 | F5:.5 G#5:.5 B5:.5 C#6:.5 F5:1 G#5:1
"""


def boogie(over: Sequence[Span], floor: int, velocity: int) -> tuple[Note, ...]:
    """The shuffle: root with fifth, fifth, sixth, sixth, seventh, sixth, fifth and a damped stroke."""
    notes: list[Note] = []
    for span in over:
        root = lowest(bass_class(span.chord), floor)
        uppers = (7, 7, 9, 9, 10, 9, 7, 7)
        for place in range(round(span.length * 2)):
            on_beat = place % 2 == 0
            loud = velocity + (10 if on_beat else -6)
            at = span.at + place * 0.5
            notes += block((root, root + uppers[place % 8]), at, 0.44 if on_beat else 0.3, loud)
    return tuple(notes)


def heavy(over: Sequence[Span], velocity: int) -> tuple[Note, ...]:
    notes: list[Note] = []
    for span in over:
        notes += strum(fifths(span.chord, 40), "X__mX_mm", span.at, span.length, velocity, 0.95)
    return tuple(notes)


def strums(over: Sequence[Span], pattern: str, velocity: int) -> tuple[Note, ...]:
    notes: list[Note] = []
    for span in over:
        size = round(len(pattern) * span.length / 4)
        notes += strum(fifths(span.chord, 40), pattern[:size], span.at, span.length, velocity, 0.98)
    return tuple(notes)


def _drums() -> tuple[Note, ...]:
    shuffle = {"kick": "X..xX..o", "snare": "..X...X.", "hat": "XoXoXoXo"}
    open_up = {"kick": "X.xxX.x.", "snare": "..X...Xo", "ride": "XoXoXoXo", "cowbell": "x.x.x.x."}
    solo = {"kick": "X..xX.xx", "snare": "..X...X.", "crash": "x.......|........", "ride": "X.XoX.Xo"}
    fill = {"kick": "X...X...", "snare": "X.xxX...", "tom": "....x.X.", "floor": "......xX"}
    big = {"kick": "X.X.X.X.", "snare": "X.xXX.xX", "tom": ".x......", "low": ".....x..", "floor": "..X...XX"}
    return (
        *drums({"hat": "x.x.x.x."}, RIFF + 4, level=0.8),
        *drums({"kick": "X...X...", "hat": "XoXoXoXo"}, RIFF + 8),
        *drums(big, RIFF + 12),
        *drums({"crash": "X......."}, VERSE),
        *drums(shuffle, VERSE, 7),
        *drums(fill, VERSE + 28),
        *drums({"crash": "X.......|........|........|........"}, BRIDGE, 8),
        *drums(open_up, BRIDGE, 7),
        *drums(big, BRIDGE + 28),
        *drums({"crash": "X......."}, SECOND),
        *drums(shuffle, SECOND, 3),
        *drums(fill, SECOND + 12),
        *drums(solo, SOLO, 7),
        *drums(big, SOLO + 28),
        *drums({"kick": "X...X...", "snare": "..x...x.", "floor": "xxxxxxxx"}, CLIMB, 2, level=0.9),
        *drums({"kick": "X.X.X.X.", "snare": "xxxxxxxx", "floor": "xxxxxxxx"}, CLIMB + 8),
        *drums({"kick": "XXXXXXXX", "snare": "XXXXXXXX"}, CLIMB + 12),
        *drums({"crash": "X.......|........"}, LAST, 8),
        *drums({**open_up, "cowbell": "X.X.X.X."}, LAST, 7),
        *drums(big, LAST + 28),
        *drums({"kick": "X.....X.", "snare": "X.....X.", "crash": "X.......", "crash2": "......x."}, END),
        *drums({"snare": "..XXXXXX", "floor": "....xxxx", "kick": "..x.x.x."}, END + 4),
        *drums({"kick": "X", "snare": "X", "crash": "X", "crash2": "X"}, END + 8),
    )


def piece() -> Piece:
    riff, verse, bridge = spans("F#7 | F#7 | A | F#7", RIFF), spans(VERSE_CHORDS, VERSE), spans(BRIDGE_CHORDS, BRIDGE)
    second, solo = spans("F#7 | F#7 | E | F#7", SECOND), spans(SOLO_CHORDS, SOLO)
    climb, last = spans(CLIMB_CHORDS, CLIMB), spans(VERSE_CHORDS, LAST)
    tail = spans("A E", END)
    stop = block(fifths("F#", 40), END + 8, 7, 108, 0.05)
    first_guitar = (
        *boogie(riff, 42, 92),
        *boogie(verse, 42, 86),
        *heavy(bridge, 92),
        *boogie(second, 42, 88),
        *boogie(solo, 40, 90),
        *strums(climb, "mmmmXmmm", 88),
        *boogie(last, 42, 96),
        *strums(tail, "X___X___", 104),
        *stop,
    )
    second_guitar = (
        *heavy(riff[2:], 90),
        *heavy(verse[2:4], 84),
        *heavy(verse[6:], 86),
        *heavy(bridge, 90),
        *heavy(second, 88),
        *heavy(solo, 88),
        *strums(climb, "X_______", 90),
        *heavy(last, 96),
        *strums(tail, "X___X___", 104),
        *stop,
    )
    organ = (
        *pads(bridge, 57, 76, 4, 84),
        *comping(solo, "X_.xX_.x", 57, 76, 4, 80, 0.7),
        *pads(climb, 57, 76, 4, 92),
        *comping(last, "X_.xX_.x", 57, 76, 4, 86, 0.7),
        *block((58, 61, 64, 66), END + 8, 6.5, 92),
    )
    lead = (
        *line("r:2 A4:.5 B4:.5 C#5:1", RIFF + 12, velocity=96),
        *line(rows(VERSE_TUNE), VERSE, velocity=98),
        *line(rows(BRIDGE_TUNE), BRIDGE, velocity=102),
        *line(
            rows(SECOND_TUNE),
            SECOND,
            velocity=100,
        ),
        *line(rows(SOLO_TUNE), SOLO, velocity=106),
        *line("D5:2 F#5:2 | E5:2 G#5:2 | B5:2 F#5:2 | C#6:4!", CLIMB, velocity=100),
        *line(rows(VERSE_TUNE), LAST, velocity=106),
        *line("r:1 C#5:.5 E5:.5 F#5:.5! A5:.5 B5:.5 C#6:.5", END + 4, velocity=106),
        Note(END + 8, 6, pitch("F#5"), 108),
    )
    low = (
        *bass(riff[2:], "R.R.R.Rn", 28, 92),
        *bass(verse, "RR3355n_", 28, 94),
        *bass(bridge, "RRRRRRRn", 28, 98),
        *bass(second, "RR3355n_", 28, 96),
        *bass(solo, "R_3_5_7_", 28, 98),
        *bass(climb, "RRRRRRRR", 28, 100),
        *bass(last, "RR3355n_", 28, 102),
        *bass(tail, "R___", 28, 108),
        Note(END + 8, 7, pitch("F#1"), 110),
    )
    return Piece(
        id="i-love-playin-with-fire",
        title="I Love Playin' with Fire",
        key="F#",
        level=-2.1,
        tempo=((0, 140.0),),
        sections=(
            (RIFF, "riff"),
            (VERSE, "verse"),
            (BRIDGE, "bridge"),
            (SECOND, "short verse"),
            (SOLO, "solo"),
            (CLIMB, "climb"),
            (LAST, "last verse"),
            (END, "ending"),
        ),
        swing=0.64,
        parts=(
            Part(
                "Lead guitar",
                29,
                lead,
                118,
                pan=66,
                reverb=50,
                loose=8,
                late=5,
                controls=scoops(SOLO, (0, 1, 8, 16, 20, 25)),
            ),
            Part("Boogie guitar", 29, first_guitar, 90, pan=22, reverb=22, loose=6),
            Part("Heavy guitar", 30, second_guitar, 84, pan=106, reverb=26, loose=7, late=3),
            Part("Organ", 18, organ, 74, pan=86, reverb=40, loose=9),
            Part("Bass", 34, low, 102, pan=64, reverb=10, loose=4),
            Part("Drums", 16, _drums(), 90, drums=True, reverb=30, loose=4, touch=6),
        ),
    )
