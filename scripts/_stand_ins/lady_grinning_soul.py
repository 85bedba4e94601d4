"""A romantic ballad in G minor: piano, nylon-string guitar, strings, a double bass, brushes from the second part on."""

from __future__ import annotations

from _stand_ins.patterns import bass, block, broken, drums, line, pads, pedal, rows, spans
from _stand_ins.score import Note, Part, Piece, ritard, shifted, swell
from _stand_ins.theory import pitch

INTRO, FIRST, SECOND, RETURN, CODA, LAST = 0, 8, 40, 72, 88, 96

FIRST_CHORDS = "Gm9 | Ebmaj7 | Cm7 | D7sus4 D7b9 | Gm9 | Bb/F | Ebmaj7 | Am7b5 D7"
SECOND_CHORDS = "Bbmaj7 | Gm7 | Cm7 | F7 | Dm7 | G7b9 | Cm7 F7 | Bb D7b9"
RETURN_CHORDS = "Gm9 | Ebmaj7 | Cm7 Am7b5 | D7sus4 D7 | Ebmaj7 Cm6 | Gm Am7b5"

FIRST_TUNE = """
r:1 D5:1 Bb4:.5 A4:.5 Bb4:1 | G4:2.5 F4:.5 G4:1 | Eb5:1.5! D5:.5 C5:1 Bb4:1 | A4:1.5 G4:.5 F#4:2
r:1 D5:1 G5:1! F5:.5 Eb5:.5 | D5:2 C5:.5 Bb4:.5 C5:1 | D5:1.5 Bb4:.5 G4:1 Bb4:1 | C5:1 Eb5:1! D5:1 A4:1
"""
SECOND_TUNE = """
D5:1.5 F5:.5 F5:2! | G5:1 F5:.5 D5:.5 Bb4:2 | Eb5:1.5 G5:.5 G5:2! | A5:1 G5:.5 Eb5:.5 C5:2
F5:1.5 A5:.5 A5:1! F5:1 | Ab5:1! G5:.5 F5:.5 B4:1 D5:1 | Eb5:1 D5:.5 C5:.5 A4:1 C5:1 | Bb4:2 F#4:1 A4:1
"""
RETURN_TUNE = """
r:1 D5:1 G5:1 Bb5:1! | Bb5:1.5 A5:.5 G5:1 F5:1 | Eb5:1.5 D5:.5 C5:1 Eb5:1 | D5:2 C5:.5 Bb4:.5 A4:1
G4:2 Eb5:1 D5:1? | D5:1.5? Bb4:.5 C5:1 A4:1?
"""
STRINGS_ABOVE = """
F4:4 | F4:2 G4:2 | G4:4 | A4:2 C5:2 | A4:4 | Ab4:2 B4:2 | C5:2 Eb5:2 | D5:2 C5:2
"""


def _flourish(names: str, start: float, length: float, velocity: int) -> tuple[Note, ...]:
    """An even run that swells towards its last note."""
    pitches = [pitch(name) for name in names.split()]
    step = length / len(pitches)
    return tuple(
        Note(start + place * step, step * 1.6, note, velocity + round(18 * place / len(pitches)))
        for place, note in enumerate(pitches)
    )


def _piano() -> tuple[Note, ...]:
    opening = spans("Gm9 | Ebmaj7 D7b9", INTRO)
    first, second = spans(FIRST_CHORDS, FIRST), spans(SECOND_CHORDS, SECOND)
    again = spans(RETURN_CHORDS, RETURN)
    return (
        *_flourish("G2 D3 Bb3 D4 A4 Bb4 D5 A5 Bb5 D6 A5 Bb5 D5 A4 Bb4 D4", 0, 4, 58),
        *_flourish("Eb2 Bb2 G3 D4 Bb4 D5 G5 Bb5", 4, 2, 60),
        *_flourish("D2 A2 F#3 C4 Eb4 A4 C5 F#5", 6, 2, 66),
        *bass(opening, "R_______", 36, 52),
        *bass(first, "R___5___", 36, 54),
        *broken(first, "01232123", 55, 74, 4, 0.5, 56, 1.5),
        *bass(second, "R_5_8_5_", 36, 62),
        *broken(second, "0123", 60, 80, 4, 0.25, 58, 2.0),
        *_flourish("D4 F#4 A4 C5 Eb5 F#5 A5 C6", RETURN - 2, 2, 66),
        *bass(again, "R___8___", 36, 60),
        *broken(again[:8], "0123212", 57, 77, 4, 0.5, 60, 1.5),
        *broken(again[8:], "0123", 55, 74, 3 + 1, 0.5, 50, 1.5),
        *_flourish("G2 D3 B3 D4 E4 A4 B4 D5 E5 A5 B5 D6", LAST, 3, 44),
        *block([pitch("G1"), pitch("G2")], LAST, 7, 60),
    )


def _brushes() -> tuple[Note, ...]:
    swirl = {
        "kick": "o.......-.o.....",
        "snare": "..-.o.-...-.o.--",
        "pedal": "....o.......o...",
        "ride": "o...o.-.o...o.-.",
    }
    return (
        *drums({"ride": "....|...o"}, SECOND - 8, 2, level=0.8),
        *drums(swirl, SECOND, 7, level=0.8),
        *drums({"kick": "o.......", "snare": "..o.-ooo", "tom": "....o.-.", "low": "......oo"}, SECOND + 28, level=0.8),
        *drums({"crash": "o..............."}, RETURN, level=0.7),
        *drums(swirl, RETURN, 4, level=0.85),
        *drums({"ride": "o.......", "pedal": "..o...o."}, CODA, 2, level=0.6),
        *drums({"crash": "-..............."}, LAST, level=1.0),
    )


def piece() -> Piece:
    first, second = spans(FIRST_CHORDS, FIRST), spans(SECOND_CHORDS, SECOND)
    again = spans(RETURN_CHORDS, RETURN)
    opening = spans("Gm9 | Ebmaj7 D7b9", INTRO)
    everything = [*opening, *first, *second, *again]
    end = [pitch(name) for name in ("G3", "D4", "G4", "B4", "E5")]
    guitar = (
        *line(rows(FIRST_TUNE), FIRST, velocity=84, legato=1.0),
        *line(rows(SECOND_TUNE), SECOND, velocity=92, legato=1.0),
        *line(rows(RETURN_TUNE), RETURN, velocity=88, legato=1.0),
        *broken(second, "0.2.1.2.", 50, 67, 3, 0.5, 52, 1.8),
        *block(end, LAST + 3, 4, 62, 1.2),
    )
    flute = (
        *line(rows(SECOND_TUNE), SECOND, velocity=78, legato=1.0)[12:],
        *shifted(line(rows(RETURN_TUNE), RETURN, velocity=74, legato=1.0), 0, 12)[4:12],
        *line("Bb5:2 r:2 | A5:1 G5:1 Eb5:2", CODA, velocity=64, legato=1.0),
    )
    strings = (
        *pads(first[5:], 55, 74, 3, 44),
        *line(rows(STRINGS_ABOVE), SECOND, velocity=66, legato=1.0),
        *pads(second, 48, 64, 2, 54),
        *pads(again, 53, 74, 3, 60),
        *block([pitch(name) for name in ("G3", "B3", "D4", "B4")], LAST, 6.5, 48),
    )
    return Piece(
        id="lady-grinning-soul",
        title="Lady Grinning Soul",
        key="Gm",
        level=-0.2,
        tempo=(
            (0, 62.0),
            *ritard(6, 8, 62, 50),
            (FIRST, 65.0),
            *ritard(SECOND - 2, SECOND, 65, 58),
            (SECOND, 69.0),
            *ritard(RETURN - 3, RETURN, 69, 54),
            (RETURN, 66.0),
            *ritard(CODA + 2, LAST, 64, 46),
            (LAST, 48.0),
        ),
        sections=((INTRO, "intro"), (FIRST, "first part"), (SECOND, "second part"), (RETURN, "return"), (CODA, "coda")),
        parts=(
            Part(
                "Piano", 0, _piano(), 125, pan=54, reverb=58, loose=9, touch=6, force=1.65, controls=pedal(everything)
            ),
            Part(
                "Nylon-string guitar",
                24,
                guitar,
                127,
                pan=78,
                reverb=62,
                chorus=8,
                loose=11,
                late=6,
                touch=7,
                force=1.3,
            ),
            Part("Flute", 73, flute, 112, pan=44, reverb=70, loose=12, late=8, touch=5),
            Part(
                "Strings",
                48,
                strings,
                122,
                pan=64,
                force=1.4,
                reverb=76,
                loose=14,
                controls=(
                    *swell(11, FIRST + 20, SECOND, 40, 100),
                    *swell(11, SECOND, SECOND + 16, 100, 122),
                    *swell(11, SECOND + 16, RETURN, 122, 96),
                    *swell(11, CODA, LAST, 110, 80),
                    *swell(11, LAST, LAST + 6.5, 80, 30),
                ),
            ),
            Part(
                "Double bass",
                32,
                (
                    *bass(first, "R_____5_", 31, 74),
                    *bass(second, "R__R5___", 31, 82),
                    *bass(again, "R_____5_", 31, 78),
                    Note(LAST, 6.5, pitch("G1"), 70),
                ),
                122,
                pan=62,
                force=1.3,
                reverb=30,
                loose=8,
                late=4,
            ),
            Part("Brushes", 40, _brushes(), 110, force=1.3, drums=True, reverb=46, loose=7, late=5, touch=6),
        ),
    )
