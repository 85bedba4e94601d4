"""The stomp of `cherry_bomb` on a large stage: counted in, faster and a tone higher, with an organ, a crowd that
claps along over a breakdown, and an ending that will not end."""

from __future__ import annotations

from _stand_ins.cherry_bomb import (
    CRASH,
    DRIVE,
    FILL,
    REFRAIN_TUNE,
    SOLO_TUNE,
    STOMP,
    VERSE_TUNE,
    WIDE,
    chug_guitar,
    eighths,
    gang,
    riff_guitar,
    ringing_guitar,
    scoops,
)
from _stand_ins.patterns import block, comping, drums, fifths, line, pads, rows, spans
from _stand_ins.score import Note, Part, Piece, shifted, swell
from _stand_ins.theory import pitch

COUNT, INTRO, VERSE_AT, REFRAIN_AT, SOLO, BREAK, LAST, TRASH, OUT = 0, 4, 20, 52, 84, 116, 148, 180, 212

LIVE_RIFF = "A C | D C | A G | F G"  # the studio's chords, a tone higher
LIVE_VERSE = "A | A | C D | A | A | A | C D | F G"
LIVE_REFRAIN = "F | G | Am | Am | F | G | C | E"
TRASHED = "Am | Am | F | G | Am | Am | F | G"


def _crowd() -> tuple[Note, ...]:
    """Two tones of applause that overlap; the swelling is in the part's controllers."""
    found = [Note(start, 9, tone, 84) for start, tone in zip(range(0, 28, 7), (58, 62, 60, 64), strict=True)]
    found += [
        Note(start, 9, tone, 84) for start, tone in zip(range(112, 150, 7), (60, 64, 58, 62, 60, 64), strict=True)
    ]
    return (
        *found,
        *(Note(start, 9, tone, 92) for start, tone in zip(range(180, 216, 7), (58, 62, 60, 64, 61, 63), strict=True)),
    )


def _drums() -> tuple[Note, ...]:
    claps = {
        "clap": "....X.......X...",
        "kick": "X...X...X...X...",
        "floor": "..o...o...o...oo",
        "tambourine": "..o...o...o...o.",
    }
    roll = {"snare": "oooooooo xxxxxxxx".replace(" ", ""), "kick": "x...x...x...x..."}
    trash = {
        "kick": "X.xxX.xxX.xxX.xx",
        "snare": "....X.......X.xx",
        "crash": "x...x...x...x...",
        "tambourine": "x.x.x.x.x.x.x.x.",
    }
    toms = {
        "snare": "XxxX............",
        "tom": "....XxxX........",
        "mid": "........XxxX....",
        "floor": "............XxxX",
        "kick": "X...X...X...X...",
    }
    return (
        *drums({"stick": "X.X.XXXX", "pedal": "x.x.x.x."}, COUNT),
        *drums(CRASH, INTRO),
        *drums(STOMP, INTRO, 3, level=1.05),
        *drums(FILL, INTRO + 12),
        *drums(CRASH, VERSE_AT),
        *drums(DRIVE, VERSE_AT, 3),
        *drums({**DRIVE, "snare": "....X.......X.xx"}, VERSE_AT + 12),
        *drums(DRIVE, VERSE_AT + 16, 3),
        *drums(toms, VERSE_AT + 28),
        *drums({"crash": "X.......|........|x.......|........"}, REFRAIN_AT, 8),
        *drums(WIDE, REFRAIN_AT, 7),
        *drums(FILL, REFRAIN_AT + 28),
        *drums(CRASH, SOLO),
        *drums({**DRIVE, "ride": "X.x.X.x.X.x.X.x.", "hat": "................"}, SOLO, 7),
        *drums(toms, SOLO + 28),
        *drums(CRASH, BREAK),
        *drums(claps, BREAK, 6, level=0.9),
        *drums({**claps, "clap": "....X...X...X.X."}, BREAK + 24),
        *drums(roll, BREAK + 28),
        *drums({"crash": "X.......|........|x.......|........"}, LAST, 8),
        *drums(WIDE, LAST, 7, level=1.05),
        *drums(toms, LAST + 28, level=1.05),
        *drums(trash, TRASH, 3),
        *drums(FILL, TRASH + 12),
        *drums(trash, TRASH + 16, 3),
        *drums({"snare": "xxxxxxxxXXXXXXXX", "floor": "x.x.x.x.X.X.X.X.", "kick": "XxXxXxXxXxXxXxXx"}, TRASH + 28),
        *drums(
            {"crash": "X.......", "crash2": "..x.x.x.", "snare": "oooxxxxX", "floor": "xxxxxxxx", "kick": "xxxxxxxx"},
            OUT,
        ),
        *drums({"kick": "X", "snare": "X", "crash": "X", "china": "x"}, OUT + 4),
    )


def piece() -> Piece:
    intro, verses = spans(LIVE_RIFF, INTRO), spans(LIVE_VERSE, VERSE_AT)
    refrains, solos = spans(LIVE_REFRAIN, REFRAIN_AT), spans(LIVE_VERSE, SOLO)
    last, trashed = spans(LIVE_REFRAIN, LAST), spans(TRASHED, TRASH)
    breakdown = spans("Am | Am | G | G | F | F | E | E", BREAK)
    final = block(fifths("A", 41), OUT + 4, 5, 112, 0.04)
    left = (
        *riff_guitar(intro, 98),
        *chug_guitar(verses, 92),
        *ringing_guitar(refrains, 94),
        *riff_guitar(solos, 92),
        *ringing_guitar(breakdown[6:], 84),
        *ringing_guitar(last, 98),
        *ringing_guitar(trashed, 98),
        *block(fifths("A", 41), OUT, 3.6, 104, 0.2),
        *final,
    )
    right = (
        *riff_guitar(intro, 96),
        *chug_guitar(verses, 88),
        *ringing_guitar(refrains, 92),
        *ringing_guitar(solos, 88),
        *block((45, 52), BREAK, 7, 88),
        *ringing_guitar(breakdown[6:], 84),
        *ringing_guitar(last, 96),
        *riff_guitar(trashed, 98),
        *block(fifths("A", 41), OUT, 3.6, 104, -0.2),
        *final,
    )
    trills = " ".join(["A5:.25 C6"] * 4 + ["D6 A5"] * 2 + ["E6 A5"] * 2)
    lead = (
        *shifted(line(rows(VERSE_TUNE), VERSE_AT, velocity=98), 0, 2),
        *shifted(line(rows(REFRAIN_TUNE), REFRAIN_AT, velocity=102), 0, 2),
        *shifted(line(rows(SOLO_TUNE), SOLO, velocity=106), 0, 2),
        *line("A4:4 | r:4 | G4:4 | r:4 | F4:2 A4:2 | C5:2 A4:2 | B4:2 D5:2 | E5:1 G#5:1 B5:2", BREAK, velocity=92),
        *shifted(line(rows(REFRAIN_TUNE), LAST, velocity=108), 0, 2),
        *line(f"A5:3! G5:1 | {trills} | F5:1! A5:1 C6:2 | B5:1 D6:1 B5:2", TRASH, velocity=106),
        *line(f"E6:3! D6:1 | {trills} | C6:1! A5:1 F5:2 | G5:1 B5:1 D6:2", TRASH + 16, velocity=108),
        *line(trills, OUT, velocity=106),
        Note(OUT + 4, 4.5, pitch("A5"), 112),
    )
    organ = (
        *pads(refrains, 57, 76, 4, 82),
        *pads(breakdown, 57, 76, 4, 76),
        *pads(last, 57, 76, 4, 88),
        *comping(trashed, "X_X_X_X_", 57, 76, 4, 88),
        *block((57, 64, 69, 72), OUT, 8, 92),
    )
    low = (
        *eighths(intro, 100),
        *eighths(verses, 96),
        *eighths(refrains, 100),
        *eighths(solos, 100),
        *eighths(breakdown, 92),
        *eighths(last, 104),
        *eighths(trashed, 104),
        Note(OUT, 3.8, pitch("A1"), 106),
        Note(OUT + 4, 5, pitch("A1"), 112),
    )
    return Piece(
        id="cherry-bomb-live",
        title="Cherry Bomb (live)",
        key="Am",
        level=-3.1,
        tempo=((0, 150.0), (OUT, 132.0), (OUT + 4, 110.0)),
        sections=(
            (COUNT, "count-in"),
            (INTRO, "riff"),
            (VERSE_AT, "verse"),
            (REFRAIN_AT, "refrain"),
            (SOLO, "solo"),
            (BREAK, "breakdown"),
            (LAST, "refrain"),
            (TRASH, "ending"),
            (OUT, "last chord"),
        ),
        parts=(
            Part(
                "Lead guitar",
                29,
                lead,
                116,
                pan=72,
                reverb=64,
                loose=8,
                late=4,
                controls=scoops(SOLO, (0, 4, 12, 16, 22)),
            ),
            Part("Guitar left", 30, left, 84, pan=18, reverb=44, loose=8),
            Part("Guitar right", 29, right, 86, pan=110, reverb=44, loose=9, late=4),
            Part("Organ", 18, organ, 74, pan=50, reverb=50, loose=10),
            Part("Bass", 34, low, 100, pan=64, reverb=24, loose=5),
            Part(
                "Gang", 52, (*gang(refrains, 88), *gang(last, 96), *gang(trashed, 90)), 92, pan=64, reverb=80, loose=20
            ),
            Part(
                "Crowd",
                126,
                _crowd(),
                100,
                pan=64,
                reverb=80,
                loose=0,
                controls=(
                    *swell(11, 0, 4, 100, 100),
                    *swell(11, 4, 36, 90, 30),
                    *swell(11, 112, 124, 20, 96),
                    *swell(11, 140, 158, 96, 20),
                    *swell(11, 180, 212, 40, 112),
                    *swell(11, 217, 224, 112, 0),
                ),
            ),
            Part("Drums", 16, _drums(), 86, drums=True, reverb=52, loose=4, touch=6),
        ),
    )
