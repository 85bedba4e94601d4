"""Rock 'n' roll of the fifties: four choruses of a twelve-bar blues in G with the quick change. A saxophone leads,
then a guitar, then the piano over stops, and all of them at the end."""

from __future__ import annotations

from _stand_ins.patterns import Span, bass, block, comping, drums, line, rows, spans, strum
from _stand_ins.score import Control, Note, Part, Piece, shifted, softer
from _stand_ins.theory import pitch

CHORUS = 48
SAX, GUITAR, PIANO, ALL = 16, 16 + CHORUS, 16 + 2 * CHORUS, 16 + 3 * CHORUS
END = 16 + 4 * CHORUS
BLUES = "G7 | C7 | G7 | G7 | C7 | C7 | G7 | G7 | D7 | C7 | G7 | D7"

SAX_TUNE = """
D5:.5 E5:.5 G5:1! r:.5 E5:.5 D5:1 | E5:.5 G5:.5 A5:1! r:.5 G5:.5 E5:1
D5:.5 E5:.5 G5:.5 A5:.5 Bb5:.5 A5:.5 G5:1 | r:4
E5:.5 G5:.5 A5:1! r:.5 G5:.5 E5:1 | C5:.5 E5:.5 G5:1 r:.5 Bb5:.5! A5:1 | G5:1 E5:.5 D5:.5 B4:1 D5:1 | r:4
A5:1! F#5:.5 A5:.5 C6:1! A5:1 | G5:.5 E5:.5 C5:1 E5:.5 G5:.5 A5:1
G5:1.5 E5:.5 D5:1 B4:1 | A4:.5 C5:.5 D5:1 F#5:1 A5:1
"""
GUITAR_ANSWERS = "r:.5 G4:.5 Bb4:.5 B4:.5 D5:.5 E5:.5 D5:1!", "r:.5 D5:.5 F5:.5 D5:.5 Bb4:.25 B4:.25 G4:.5 r:1"
GUITAR_SOLO = """
r:1 D5:.5 F5:.5 G5:1! Bb5:.5 G5:.5
A5:.5 G5:.5 E5:.5 G5:.5 E5:1 C5:1 | D5:.25 E5:.25 D5:.5 B4:.5 D5:.5 G5:1! F5:.5 D5:.5
B4:.5 D5:.5 E5:.5 F5:.5 G5:2!
Bb5:.5! A5:.5 G5:.5 E5:.5 G5:.5 A5:.5 C6:1! | Bb5:.5 A5:.5 G5:.5 E5:.5 C5:1 r:1
r:.5 G5:.5 B5:.5 D6:.5! B5:.5 G5:.5 E5:1
D5:.25 E5:.25 F5:.5 D5:.5 B4:.5 G4:2 | A4:.5 D5:.5 F#5:.5 A5:.5 C6:1! A5:.5 F#5:.5
G5:.5 E5:.5 C5:.5 E5:.5 Bb5:1! G5:1
D5:.5 F5:.5 D5:.5 B4:.5 D5:.5 E5:.5 G5:1 | F#5:.5 A5:.5 C6:.5 A5:.5 D5:1 r:1
"""
PIANO_STOPS = """
r:1 B5+D6:.5! B5+D6:.5 G5:.5 E5:.5 D5:1 | r:.5 E5:.5 G5:.5 Bb5:.5 C6:.5! Bb5:.5 G5:1
r:.5 D5:.5 E5:.5 G5:.5 B5+D6:1! B5+D6:1! | F5:.25 G5:.25 F5:.5 D5:.5 B4:.5 G4:1 B4:.5 D5:.5
"""
PIANO_RUNS = "D6:.5 B5:.5 G5:.5 E5:.5 D5:.5 B4:.5 G4:1 | B4+D5:1 D5+F5:1! B4+D5:1 G4:1"
PIANO_LAST = "G5+B5:.5 F5+A5:.5 D5+F5:.5 B4+D5:.5 G4:1 B4:1 | A4:.5 C5:.5 D5:.5 F#5:.5 A5:1 F#5:1"
SHOUT = "r:.5 D5:.5 D5:.5 E5:.5 G5:1'! E5:1'"


def _shout(low: int) -> tuple[Note, ...]:
    """The saxophones' riff on each bar's chord; `low` semitones below the top voice."""
    up = {"G7": 0, "C7": 5, "D7": -5}
    notes: list[Note] = []
    for span in spans(BLUES, ALL)[:10]:
        notes += shifted(line(SHOUT, 0, velocity=104), span.at, up[span.chord] - low)
    return tuple(notes)


def _bass_line(over: list[Span]) -> tuple[Note, ...]:
    notes: list[Note] = []
    for number, span in enumerate(over):
        again = number > 0 and over[number - 1].chord == span.chord
        notes += bass([span], "8_7_6_5_" if again else "R_3_5_6_", 31, 92)
    return tuple(notes)


def _drums() -> tuple[Note, ...]:
    swing = {"ride": "x.xx x.xx".replace(" ", ""), "snare": "..X...X.", "kick": "x...x.o.", "pedal": "..o...o."}
    hats = {"hat": "xoxoxoxo", "snare": "..X...X.", "kick": "x...x.o."}
    full = {"ride": "XoXoXoXo", "snare": "..X...Xo", "kick": "x.o.x.xo", "pedal": "..x...x."}
    fill = {"snare": "x.xx X.X. ......".replace(" ", "") + "..", "tom": "........x.x.....", "low": "............x.x."}
    stop = {"kick": "X.......", "snare": "X.......", "crash": "x......."}
    return (
        *drums({"snare": "x.oox.ooX.oox.XX", "kick": "x...x...x...x..."}, 0, 1, level=0.8),
        *drums({"hat": "xoxoxoxo", "snare": "..x...x.", "kick": "x...x..."}, 4, 2, level=0.9),
        *drums({"hat": "x.x.....", "snare": "..x.xxXX", "kick": "x...x..."}, 12),
        *drums({"crash": "X......."}, SAX),
        *drums(hats, SAX, 11),
        *drums(fill, SAX + 44),
        *drums({"crash": "X......."}, GUITAR),
        *drums(swing, GUITAR, 11),
        *drums({"snare": "x.xxxxXX", "kick": "x...x..."}, GUITAR + 44),
        *drums(stop, PIANO, 3),
        *drums({"kick": "X.......", "snare": "X...xxXX", "low": "....xx.."}, PIANO + 12),
        *drums(swing, PIANO + 16, 7),
        *drums({"snare": "x.xxX.xx", "tom": "....x...", "low": "......xx", "kick": "x...x..."}, PIANO + 44),
        *drums({"crash": "X..............."}, ALL, 1),
        *drums(full, ALL, 10),
        *drums({"crash2": "X......."}, ALL + 16),
        *drums({"kick": "X...X...", "snare": "X...X...", "crash": "x...x..."}, ALL + 40),
        *drums({"snare": "X.xxxxXX", "tom": "....xx..", "low": "......XX"}, ALL + 44),
        *drums({"kick": "X...X.X.", "snare": "....X.X.", "crash": "X......."}, END),
        *drums({"snare": "xxxxXXXX", "tom": "xx......", "low": "....xx.."}, END + 4, level=0.9),
        *drums({"kick": "X...", "crash": "X...", "crash2": "x...", "snare": "X..."}, END + 8),
    )


def piece() -> Piece:
    intro = spans("D7 | C7 | G7 | D7", 0)
    choruses = [spans(BLUES, start) for start in (SAX, GUITAR, PIANO, ALL)]
    tail = spans("G7 | G7 Ab7", END)
    stops = choruses[2][:4]
    hits = [Note(span.at, 0.4, pitch("G1"), 108) for span in stops]
    piano = (
        *comping(intro, "xxx.xxx.xxx.xxx.", 67, 84, 3, 84, 0.8),
        *comping(choruses[0], ".x...x..", 60, 79, 4, 74, 0.6),
        *comping(choruses[1], "..x...x.", 60, 79, 4, 78, 0.5),
        *line(rows(PIANO_STOPS), PIANO, velocity=94),
        *comping(choruses[2][4:6], "Xxx.Xxx.Xxx.Xxx.", 70, 86, 3, 84, 0.8),
        *line(PIANO_RUNS, PIANO + 24, velocity=92),
        *comping(choruses[2][8:10], "Xxx.Xxx.Xxx.Xxx.", 70, 86, 3, 88, 0.8),
        *line(PIANO_LAST, PIANO + 40, velocity=94),
        *comping(choruses[3][:10], "xxx.xxx.xxx.xxx.", 67, 84, 3, 80, 0.8),
        *line("G3+G4:.5 B3+B4:.5 D4+D5:.5 E4+E5:.5 G4+G5:2", ALL + 40, velocity=92),
        *block([pitch(n) for n in ("G2", "G3", "B3", "F4", "A4", "D5", "G5")], END + 8, 6, 96, 0.1),
    )
    rhythm = (
        *(note for chorus in (choruses[0], choruses[1]) for note in comping(chorus, ".mx..mx.", 55, 72, 3, 84, 0.5)),
        *(note for span in stops for note in strum((55, 59, 62, 65), "X...", span.at, velocity=100, hold=0.4)),
        *comping(choruses[2][4:], ".mx..mx.", 55, 72, 3, 84, 0.5),
        *comping(choruses[3][:10], "xmXmxmXm", 55, 72, 3, 84, 0.5),
        *comping(tail, "X...X.X.", 55, 72, 3, 96, 0.4),
        *block((55, 59, 65, 69, 74), END + 8, 5, 100, 0.06),
    )
    lead = (
        *line("A5+F#5:.5 A5+F#5:.5 C6+A5:1 r:2 | G5+E5:.5 G5+E5:.5 Bb5+G5:1 r:2", 0, velocity=88),
        *line(GUITAR_ANSWERS[0], SAX + 12, velocity=96),
        *line(GUITAR_ANSWERS[1], SAX + 28, velocity=96),
        *line(rows(GUITAR_SOLO), GUITAR, velocity=100),
        *line("r:4 | r:4 | r:2 D6:.5 B5:.5 G5:1 | r:4", ALL, velocity=96),
        *line("r:4 | r:2 Bb5:.5 A5:.5 G5:1 | r:4 | r:2 D6:.5! F6:.5 D6:1", ALL + 16, velocity=98),
        *line("G4:.5 B4:.5 D5:.5 E5:.5 G5:2!", ALL + 40, velocity=98),
        *block((59, 65, 69), END + 8, 5, 92, 0.05),
    )
    bends = [Control(GUITAR + at - 0.01, -1, 0) for at in (0, 3, 16, 24, 32, 36, 47)]
    for at in (2, 14, 16, 19, 34, 38):
        bends += [
            Control(GUITAR + at, -1, -1.0),
            Control(GUITAR + at + 0.12, -1, -0.4),
            Control(GUITAR + at + 0.25, -1, 0),
        ]
    saxes_end = "G5:.5' r:1.5 G5:.5' r:.5 Ab5:.5' r:.5"
    tenor = (
        *line(rows(SAX_TUNE), SAX, velocity=100),
        *softer(line("r:2 B4:2 | r:2 Bb4:2 | r:2 B4:2 | r:2 B4:2 | r:2 Bb4:2 | r:2 Bb4:2", GUITAR, velocity=80), 0.9),
        *_shout(0),
        *line("G4:.5 B4:.5 D5:.5 E5:.5 G5:2! | F#5:.5' r:.5 A5:.5' r:.5 C6:2!", ALL + 40, velocity=106),
        *line(saxes_end, END, velocity=106),
        Note(END + 8, 4.5, pitch("D5"), 100),
    )
    bari = (
        *line("D4:4 | C4:4 | B3:4 | C4:2 A3:2", 0, velocity=84),
        *softer(line("r:2 G4:2 | r:2 G4:2 | r:2 F4:2 | r:2 F4:2 | r:2 G4:2 | r:2 G4:2", GUITAR, velocity=80), 0.9),
        *_shout(16),
        *line("G3:.5 B3:.5 D4:.5 E4:.5 G4:2! | D4:.5' r:.5 D4:.5' r:.5 D4:2!", ALL + 40, velocity=104),
        *shifted(line(saxes_end, END, velocity=104), 0, -20),
        Note(END + 8, 4.5, pitch("F4"), 98),
        Note(END + 8, 4.5, pitch("G3"), 98),
    )
    low = (
        *bass(intro, "R_3_5_6_", 31, 88),
        *_bass_line(choruses[0]),
        *_bass_line(choruses[1]),
        *hits,
        *_bass_line(choruses[2][4:]),
        *_bass_line(choruses[3][:10]),
        *line("G1:.5 B1:.5 D2:.5 E2:.5 G2:2 | D2:1 D2:1 D2:1 F#2:1", ALL + 40, velocity=96),
        *bass(tail, "R_..R_R_", 31, 100),
        Note(END + 8, 6, pitch("G1"), 100),
    )
    return Piece(
        id="johnny-b-goode",
        title="Johnny B. Goode",
        key="G",
        level=-1.6,
        tempo=((0, 164.0),),
        sections=(
            (0, "intro"),
            (SAX, "saxophone"),
            (GUITAR, "guitar"),
            (PIANO, "piano"),
            (ALL, "all"),
            (END, "ending"),
        ),
        swing=0.63,
        parts=(
            Part("Tenor saxophone", 66, tenor, 112, pan=56, reverb=44, loose=9, late=6, touch=6),
            Part("Baritone saxophone", 67, bari, 100, pan=46, reverb=40, loose=9, late=6),
            Part("Lead guitar", 29, lead, 100, pan=84, reverb=46, loose=7, touch=6, controls=tuple(bends)),
            Part("Rhythm guitar", 27, rhythm, 100, pan=100, reverb=30, loose=5, force=0.82),
            Part("Piano", 1, piano, 115, pan=36, reverb=34, loose=6),
            Part("Double bass", 32, low, 112, pan=64, reverb=20, loose=5),
            Part("Drums", 8, _drums(), 94, drums=True, reverb=36, loose=4),
        ),
    )
