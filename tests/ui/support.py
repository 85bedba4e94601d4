"""An invented film, and shows of it in every state, for the tests of the window."""

from __future__ import annotations

import math
import random
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from msgspec.structs import replace

from player.engine import RATE
from player.engine.source import SourceSpec
from player.engine.status import Status, VoiceStatus
from player.media.catalogue import Recording
from player.media.levels import Level
from player.media.match import Candidate
from player.media.resolve import Kind, Resolved
from player.plan import Plan
from player.show import Show, Sounding
from player.ui.theme import Face
from timeline.model import Bars, Film, Mark, Problem, Scene, Song, SongCue, Span, Timeline, When
from timeline.order import running_order

# title, song, artist, film time in seconds, length in seconds
SCENES = (
    ("Cold open: the quarry", "", "", 0, 0),
    ("Main titles", "The Long Way Home (Main Title)", "Original score", 135, 172),
    ("Joe buys the truck", "Green Bottles", "The Corner Quartet & the Late Horns", 402, 141),
    ("Packing", "Those Days", "Nika", 655, 196),
    ("Leaving town", "Night Train to Anywhere", "", 901, 214),
    ("Radio dial", "August Moon (piano)", "Original score", 1260, 64),
    ("First motel", "上を向いて行こう", "坂本 花", 1502, 186),
    ("The hitch-hiker", "Low Driver", "Peace", 1799, 170),
    ("Cassette", "أنت فجري", "أم كمال", 2105, 240),
    ("Flat tyre", "", "", 2400, 0),
    ("The swimming hole", "Reveries", "Fleet & Mac", 2631, 257),
    ("Blue Moon Diner", "Stay My Darling", "The Rondelles", 2987, 161),
    ("The argument", "Argument (strings)", "Original score", 3162, 88),
    ("Alone on the road", "Lineman of the Plains", "Ben Campbell", 3290, 187),
    ("Snow pass", "Naïve Refrain", "Dawn Colvin", 3640, 205),
    ("The county fair", "La Samba", "Ricky Vale", 4011, 124),
    ("Ferris wheel", "Ferris wheel waltz", "Original score", 4160, 133),
    ("Police stop", "", "", 4420, 0),
    ("Phone booth", "Operator (It Is Not What I Feel)", "Tim Broche", 4702, 231),
    ("The old house", "Father’s theme", "Original score", 5121, 160),
    ("Kitchen dance", "You Never Know", "Chuck Perry", 5460, 163),
    ("Morning after", "Rose Moon", "Nick Blake", 5811, 124),
    ("The long way home, which turns out far longer than anybody said", "Way Home (reprise)", "", 6102, 244),
    ("End credits", "Ooh Hey Hey", "Traces", 6360, 215),
)  # fmt: skip
STAND_INS = {3, 5, 13, 14, 19}
MIDI = {12, 16}
MARKS = (
    Mark(Fraction(5), "Jukebox"),
    Mark(Fraction(7), "too near to be named"),
    Mark(Fraction(71), "Joe stands"),
    Mark(Fraction(116), "Door slam"),
    Mark(Bars(41), "counted in bars"),
)
NOTE = "Start on the jukebox click. Dip 6 dB when Joe stands up; back to full when the door slams."


def plan(
    scenes: Iterable[tuple[str, str, str, int, int]] = SCENES,
    *,
    stand_ins: Iterable[int] = STAND_INS,
    silent: Iterable[int] = (),
    estimates: bool = False,
    problems: tuple[Problem, ...] = (),
    timed: bool = True,
) -> Plan:
    """A film of these scenes, one song at most in each."""
    songs: dict[str, Song] = {}
    resolutions: dict[str, Resolved] = {}
    built: list[Scene] = []
    for i, (title, song, artist, at, length) in enumerate(scenes):
        key = f"song-{i}"
        cues: tuple[SongCue, ...] = ()
        if song:
            marks = MARKS if i % 3 == 2 else ()
            songs[key] = Song(id=key, title=song, artist=artist or None, marks=marks)
            resolutions[key] = resolved(key, i, length, i in set(stand_ins), i in set(silent))
            cues = (SongCue(key=f"scene-{i}#1", scene=f"scene-{i}", song=key),)
        built.append(
            Scene(
                id=f"scene-{i}",
                title=title,
                number=str(i + 1),
                at=When(Fraction(at), estimates) if timed else None,
                place="INT. DINER — NIGHT" if i % 2 else "EXT. ROAD — DAY",
                people=("Joe", "Mara") if i % 3 == 0 else (),
                note=NOTE if i % 4 == 3 else None,
                cues=cues,
            )
        )
    film = Film(title="The Long Way Home", year=1974, runtime=Fraction(6600))
    timeline = Timeline(film=film, songs=songs, scenes=tuple(built))
    return Plan("the-long-way-home.yaml", timeline, running_order(timeline), resolutions, None, problems)


def resolved(key: str, i: int, length: int, stand_in: bool, silent: bool) -> Resolved:
    kind: Kind = "silence" if silent else "stand-in" if stand_in else "media"
    spec = SourceSpec("silence" if silent else "midi" if i in MIDI or stand_in else "audio", f"/music/{key}")
    why = {
        "silence": f"audio/{key}.flac is missing and there is no stand-in",
        "stand-in": f"audio/{key}.flac is missing; its stand-in plays",
        "media": f"audio/{key}.flac plays",
    }[kind]
    return Resolved(key, kind, spec, length * RATE, why, None, {"media": "recording"}.get(kind, kind))


def unsettled() -> Plan:
    """The film with songs for which the library has several recordings, some of them measured."""
    made = plan(stand_ins=range(0, 9, 2), silent=(2,))
    level = Level(180 * RATE, -19.25, 5.0, -0.4, -0.5, 0, 0, 180 * RATE)
    songs = dict(made.songs)
    for number, (key, found) in enumerate(made.songs.items()):
        names = ("Low Tide", "A title that does not end where one would think it ends " * 3, "上 أم 🇫🇷")
        several = tuple(Candidate(_recording(names[i % 3], i), "near") for i in range(1 + number % 11))
        offered = () if found.kind == "media" else several
        songs[key] = replace(found, candidates=offered, level=level if number % 3 else None, own=number % 4 == 1)
    defaults = replace(made.timeline.defaults, loudness=-16.0)
    return replace(made, songs=songs, timeline=replace(made.timeline, defaults=defaults))


def _recording(title: str, number: int) -> Recording:
    path = f"/music/{'deep/' * (number * 3)}{title}.flac"
    return Recording(path, 1, "", title, "The Breakwaters", "An Album", 1976 + number, "", 141.0, True)


TWO_SONGS = Problem(
    "error",
    "time",
    'at "0:52:7x" is not a time',
    Span(10, 20, 47, 12),
    "write it like 0:52:42",
)
LONG = replace(
    TWO_SONGS,
    message='the cue of "The argument" names the song "argument-strings-final-mix-2", and the songs above'
    " know nothing of that id; what plays instead is silence of three minutes, with its timing kept",
)


def show(of: Plan, fired: int | None, standby: int, *playing: int, **more: object) -> Show:
    """A show in the middle: `fired` on screen, the songs of the steps `playing` sounding."""
    heard = tuple(sounding(of, step, n + 1) for n, step in enumerate(playing))
    done = frozenset(range((fired or -1) + 1)) if fired is not None else frozenset()
    return replace(Show(of, standby, fired, done, heard), **more)  # type: ignore[arg-type]


def sounding(of: Plan, step: int, voice: int) -> Sounding:
    cue = of.first_song(step)
    assert cue is not None
    begin, end = of.bounds(cue)
    return Sounding(voice, cue, step, voice, begin, end, 0)


def status(of: Show, played: float = 0.4, **more: object) -> Status:
    """Every sounding voice at this part of its cue."""
    voices = tuple(
        VoiceStatus(s.voice, s.begin + int((s.end - s.begin) * played), s.end, 1.0, s.leaving) for s in of.sounding
    )
    given = {"clock": 10_000_000, "show": 10_000_000, "voices": voices, "device": "Built-in audio", **more}
    return Status(**given)  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True)
class Sketch:
    """A picture of music that never was."""

    frames: int
    low: tuple[float, ...] = ()
    high: tuple[float, ...] = ()
    notes: tuple[tuple[int, int, int, int], ...] = ()


def waveform(frames: int, seed: int = 3) -> Sketch:
    chance = random.Random(seed)
    high = []
    for i in range(2000):
        form = 0.35 + 0.3 * math.sin(i / 130) + 0.2 * math.sin(i / 41 + 1)
        edge = min(1.0, i / 60, (2000 - i) / 90)
        high.append(max(0.02, edge * (form * (0.55 + 0.45 * chance.random()))))
    return Sketch(frames, tuple(-value * (0.8 + 0.2 * chance.random()) for value in high), tuple(high))


def roll(frames: int, seed: int = 3) -> Sketch:
    chance = random.Random(seed)
    notes = []
    for lane, base in ((0, 38), (1, 50), (2, 62), (3, 74)):
        at = 0
        while at < frames:
            long = chance.choice((1, 1, 2, 4)) * frames // 220
            notes.append((at, min(frames, at + long), base + chance.choice((0, 2, 3, 5, 7, 10)), lane))
            at += long + chance.choice((0, 0, 1, 3)) * frames // 220
    return Sketch(frames, notes=tuple(notes))


def fake_measure(text: str, face: Face, px: int, track: int) -> int:
    """Every character is as wide as half its em, condensed ones less: no font needed."""
    each = px * (0.4 if face.name == "title" else 0.6 if face.name == "mono" else 0.55)
    return round(each * len(text)) + track * max(0, len(text) - 1)


ASSETS = Path(__file__).resolve().parents[2] / "assets"

# ---- what people really write

HOSTILE = (
    ("Ein-Titel-ohne-jede-Stelle-zum-Umbrechen-" * 4, "S" * 200, "A" * 200, 0, 1),
    ("אני בורח", "שיר (2024) mix", "זמר & Band", 60, 30),
    ("أ" * 120, "أنت فجري 24/7", "أم كمال", 61, 5),
    ("e\u0301" * 90, "👩‍👩‍👧‍👦🇫🇷 party", "🎸", 62, 600),
    ("", " ", "\t", 63, 0),
    ("Line\nbreak \x00 nul", "tab\tbed", "x", 20000, 7300),
    ("Ζωή — Россия — Việt Nam", "Ünïcödé", "ŁŐŹ", 20001, 60),
    ("上を向いて" * 12, "日本語の題名", "歌手", 20001, 90),
)


def hostile() -> Plan:
    return plan(HOSTILE, stand_ins=(0, 3), silent=(2,), problems=(LONG, TWO_SONGS))
