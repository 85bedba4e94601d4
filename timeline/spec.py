"""Every key of the format in one table: where it stands, how its value is read, what it is for.

The reader and the checker walk this table. To add a key, add a row here and a field in the model.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from fractions import Fraction

from msgspec import Struct

from timeline import hotkeys, identifiers, messages, shapes, times
from timeline.shapes import Shape
from timeline.times import Refusal
from timeline.words import listed, shown, slug

VERSION = 1
RESERVED = frozenset({"all", "scene", "end"})
VERBS = ("song", "set", "fade", "stop", "pause", "resume", "send", "say")


class Scalar(Struct, frozen=True):
    """One value written as one word or line.

    `parse` takes its raw text and returns the value or raises Refusal; `shape` tells a JSON Schema what that is.
    `free`: any text will do, so that nulls and lost comments have to be looked for.
    """

    what: str
    parse: Callable[[str], object]
    example: str
    shape: Shape
    free: bool = False


class Group(Struct, frozen=True):
    """A mapping with known keys. `what` names it in a message, `known` are its keys."""

    what: str
    known: dict[str, Field]


class Listing(Struct, frozen=True):
    """A list; `lone`: one item may stand without its list. `or_group`: an item may be a mapping instead."""

    of: Scalar | Group
    lone: bool = False
    or_group: Group | None = None


class Table(Struct, frozen=True):
    """A mapping from ids to groups; `what` names one entry."""

    what: str
    of: Group
    example: str


Kind = Scalar | Group | Listing | Table


class Field(Struct, frozen=True):
    """One key: its kind, what it is for, and in cues which verbs take it (none: every cue)."""

    name: str
    kind: Kind
    about: str
    required: bool = False
    played: bool = True
    verbs: tuple[str, ...] = ()

    @property
    def example(self) -> str:
        """A value one could write."""
        kind = self.kind
        return self.about if isinstance(kind, (Group, Listing)) else kind.example

    @property
    def attr(self) -> str:
        return "from_" if self.name == "from" else self.name.replace("-", "_")


_ID = re.compile(r"(?=[0-9-]*[a-z])[a-z0-9][a-z0-9-]*", re.ASCII)


def is_ident(text: str) -> bool:
    """Whether `text` is an id that may be given."""
    return text not in RESERVED and _ID.fullmatch(text) is not None


def ident(text: str) -> str:
    """An id: small letters, digits and hyphens, at least one letter, no reserved word."""
    if text in RESERVED:
        raise Refusal(f'"{text}" has a meaning of its own and cannot be an id', f"like {text}-1")
    if not _ID.fullmatch(text):
        made = slug(text)
        hint = f"write {made}" if made and made not in RESERVED else None
        raise Refusal(
            f'"{shown(text)}" is not an id: small letters, digits and - with at least one letter', hint
        )
    return text


_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")


def printable(text: str) -> str:
    """`text` itself, unless an escape in it stands for a character that no text holds."""
    if found := _UNPRINTABLE.search(text):
        raise Refusal(f"the character U+{ord(found[0]):04X} cannot be part of a text")
    return text


def reference(text: str) -> str:
    """The id of something else; whether that exists is checked when everything has been read."""
    return text


def path(text: str) -> str:
    """A file, relative to the timeline's folder."""
    if "\n" in text:
        raise Refusal("a path stands on one line")
    return text


def _number(low: Fraction, high: Fraction, what: str, example: str) -> Callable[[str], Fraction]:
    def parse(text: str) -> Fraction:
        plain = text.strip().replace("\N{MINUS SIGN}", "-")
        if re.fullmatch(r"[+-]?\d{1,9}(\.\d{1,9})?", plain, re.ASCII) and low <= Fraction(plain) <= high:
            return Fraction(plain)
        raise Refusal(f'"{shown(text)}" is not {what}', f"a number from {low} to {high}, like {example}")

    return parse


def _whole(low: int, high: int, what: str, example: str) -> Callable[[str], int]:
    def parse(text: str) -> int:
        plain = text.strip().replace("\N{MINUS SIGN}", "-")
        if re.fullmatch(r"[+-]?\d{1,9}", plain, re.ASCII) and low <= int(plain) <= high:
            return int(plain)
        raise Refusal(
            f'"{shown(text)}" is not {what}', f"a whole number from {low} to {high}, like {example}"
        )

    return parse


def _choice(what: str, *words: str) -> Callable[[str], str]:
    def parse(text: str) -> str:
        if text in words:
            return text
        hint = f"write {text.lower()}" if text.lower() in words else f"one of {listed(words)}"
        raise Refusal(f'"{shown(text)}" is not {what}', hint)

    return parse


def year(text: str) -> int:
    if re.fullmatch(r"[12]\d{3}", text, re.ASCII):
        return int(text)
    raise Refusal(f'"{shown(text)}" is not a year', "four digits, like 1974")


def meter(text: str) -> tuple[int, int]:
    """Beats a bar over the note value of a beat: `4/4`, `6/8`."""
    found = re.fullmatch(r"([1-9]\d?) ?/ ?(1|2|4|8|16|32|64)", text, re.ASCII)
    if found is None:
        raise Refusal(f'"{shown(text)}" is not a meter', "write it like 4/4 or 6/8")
    return int(found[1]), int(found[2])


def fps(text: str) -> str:
    if text in times.RATES:
        return text
    near = {
        "23.98": "23.976",
        "23.97": "23.976",
        "29.97 df": "29.97df",
        "29.97DF": "29.97df",
        "24.0": "24",
    }.get(text)
    raise Refusal(
        f'"{shown(text)}" is not a picture rate of the format',
        f"write {near}" if near else f"one of {listed(tuple(times.RATES))}",
    )


def truth(text: str) -> bool:
    word = text.lower()
    if word in ("true", "yes", "on"):
        return True
    if word in ("false", "no", "off"):
        return False
    raise Refusal(f'"{shown(text)}" is neither true nor false', "write true or false")


def day(text: str) -> str:
    try:
        if re.fullmatch(r"\d{4}-\d\d-\d\d", text, re.ASCII):
            date.fromisoformat(text)
            return text
    except ValueError:
        pass
    raise Refusal(f'"{shown(text)}" is not a date', "write year-month-day, like 2025-03-14")


def count_in(text: str) -> str:
    if re.fullmatch(r"[1-9]\d? (bars?|beats?)", text, re.ASCII):
        return text
    raise Refusal(f'"{shown(text)}" is not a count-in', "write it like 1 bar, 2 bars or 3 beats")


COLOURS = ("red", "orange", "yellow", "green", "teal", "blue", "purple", "pink", "grey")


def colour(text: str) -> str:
    word = text.lower()
    if word in COLOURS or re.fullmatch(r"#[0-9a-f]{6}", word, re.ASCII):
        return word
    hint = {"gray": "write grey"}.get(word, f'one of {listed(COLOURS)}, or "#rrggbb" in quotes')
    raise Refusal(f'"{shown(text)}" is not a colour', hint)


def share(text: str) -> Fraction:
    return _number(Fraction(0), Fraction(100), "a share in percent", "50")(text.removesuffix("%").rstrip())


def turns(text: str) -> str | int:
    """How often a loop plays: a count from 2, or until GO."""
    if text == "until-go":
        return text
    try:
        return _whole(2, 9999, "a number of times", "4")(text)
    except Refusal as refusal:
        raise Refusal(refusal.message, "2 or more, or until-go") from None


def version(text: str) -> int:
    """The version of the format; a later one is refused before anything else is looked at."""
    if re.fullmatch(r"\d{1,9}", text, re.ASCII):
        return int(text)
    raise Refusal(f'"{shown(text)}" is not a version of the format', f"write needledrop: {VERSION}")


def _text(text: str) -> str:
    return text


FORMAT = Scalar("a version", version, "1", shapes.VERSION)
TEXT = Scalar("text", _text, "Harbor Lights", shapes.TEXT, free=True)
ID = Scalar("an id", ident, "harbor-lights", shapes.ID)
SONG_ID = Scalar("a song's id", reference, "harbor-lights", shapes.ID)
SET_ID = Scalar("a set's id", reference, "friday", shapes.ID)
OUTPUT = Scalar("an output", reference, "click", shapes.ID)
TARGET = Scalar("a song, a cue or `all`", reference, "harbor-lights", shapes.TARGET)
UNTIL = Scalar("`scene`, `end` or a scene's id", reference, "end", shapes.UNTIL)
PATH = Scalar("a path", path, "audio/harbor-lights.flac", shapes.PATH, free=True)
POSITION = Scalar("a film time", times.moment, "0:24:00", shapes.MOMENT)
LENGTH = Scalar("a length", times.length, "2.5s", shapes.LENGTH)
ROUGH = Scalar("a length", times.rough_length, "3:12", shapes.ROUGH)
OFFSET = Scalar("a length", times.signed_length, "120ms", shapes.OFFSET)
SONG_TIME = Scalar("a place in a song", times.song_time, "0:31.250", shapes.SONG_TIME)
LEVEL = Scalar("a level", times.level, "-6 dB", shapes.LEVEL)
LOUDNESS = Scalar("a loudness", times.loudness, "-16 LUFS", shapes.LOUDNESS)
FADE = Scalar("a fade", times.fade, "4s", shapes.FADE)
YEAR = Scalar("a year", year, "1974", shapes.YEAR)
BPM = Scalar("a tempo", _number(Fraction(1), Fraction(1000), "a tempo in beats a minute", "96"), "96", shapes.BPM)
METER = Scalar("a meter", meter, "4/4", shapes.METER)
FPS = Scalar("a picture rate", fps, "24", shapes.one_of(times.RATES))
TRUTH = Scalar("`true` or `false`", truth, "true", shapes.TRUTH)
DAY = Scalar("a date", day, "2025-03-14", shapes.DAY)
PAN = Scalar("a pan", _number(Fraction(-100), Fraction(100), "a pan", "-30"), "-30", shapes.PAN)
SEMITONES = Scalar("semitones", _whole(-48, 48, "a number of semitones", "-2"), "-2", shapes.SEMITONES)
TURNS = Scalar("a number of times", turns, "until-go", shapes.TURNS)
START = Scalar("a timecode", times.start_label, "01:00:00:00", shapes.START)
COLOUR = Scalar("a colour", colour, "blue", shapes.colour(COLOURS))
ISRC = Scalar("an ISRC", identifiers.isrc, "GBAYE7400123", shapes.ISRC)
ISWC = Scalar("an ISWC", identifiers.iswc, "T-034.524.680-1", shapes.ISWC)
MBID = Scalar("a MusicBrainz id", identifiers.mbid, "8f3471b5-7e6a-48da-86a9-c1c07a0f47ae", shapes.MBID)
IPI = Scalar("an IPI number", identifiers.ipi, '"00012345678"', shapes.IPI)
USAGE = Scalar("a code of use", identifiers.usage, "BI", shapes.USAGE)
HOTKEY = Scalar("a key", hotkeys.hotkey, "F7", shapes.HOTKEY)
MESSAGE = Scalar("a message", messages.message, "midi program 3 channel 1", shapes.MESSAGE)
DUCK = Scalar("a level", times.duck, "-12 dB", shapes.LEVEL)
COUNT = Scalar("a count-in", count_in, "2 bars", shapes.COUNT)
_WAYS = ("wait", "continue", "follow")
THEN = Scalar("`wait`, `continue` or `follow`", _choice("a way on", *_WAYS), "follow", shapes.one_of(_WAYS))
_STATES = ("public-domain", "cleared", "blanket", "not-cleared")
RIGHTS = Scalar("a state of rights", _choice("a state of rights", *_STATES), "cleared", shapes.one_of(_STATES))


def _known(*fields: Field) -> dict[str, Field]:
    return {field.name: field for field in fields}


WRITER = Group(
    "a writer",
    _known(
        Field("name", TEXT, "The writer's name.", required=True),
        Field("role", TEXT, "What they wrote, such as music or lyrics."),
        Field("share", Scalar("a share", share, "50", shapes.SHARE), "Their share in percent."),
        Field("ipi", IPI, "Their IPI name number, in quotes so that leading zeros stay."),
    ),
)
MEDIA = Group(
    "a recording",
    _known(
        Field("file", PATH, "The file, relative to the timeline's folder.", required=True),
        Field("gain", LEVEL, "Makes this file louder or softer."),
        Field("offset", OFFSET, "Where song time 0 lies in the file."),
    ),
)
MARK = Group(
    "a mark",
    _known(
        Field("at", SONG_TIME, "Where in the song.", required=True),
        Field("text", TEXT, "What happens there.", required=True),
    ),
)
LOOP = Group(
    "a loop",
    _known(
        Field("from", SONG_TIME, "Where the region begins, in song time.", required=True),
        Field("to", SONG_TIME, "Where the region ends, in song time.", required=True),
        Field("times", TURNS, "How often it plays: 2 or more, or until-go.", required=True),
    ),
)
FILM = Group(
    "film",
    _known(
        Field("title", TEXT, "The film's title."),
        Field("year", YEAR, "The year it came out."),
        Field("director", TEXT, "Who directed it."),
        Field("runtime", ROUGH, "How long it is."),
        Field("fps", FPS, "Pictures a second, for times written hh:mm:ss:ff."),
        Field("start", START, "Timecode of the first picture."),
        Field("video", PATH, "The viewer's own copy of the film."),
    ),
)
DEFAULTS = Group(
    "defaults",
    _known(
        Field("gain", LEVEL, "The level of a song cue without gain."),
        Field("fade-in", FADE, "How a song comes in without a fade-in of its own."),
        Field("fade-out", FADE, "How a song leaves without a fade-out of its own."),
        Field("crossfade", FADE, "The crossfade of a song cue without one of its own."),
        Field("until", UNTIL, "How long a song stays when its cue does not say."),
        Field("loudness", LOUDNESS, "What songs are levelled to."),
    ),
)
SONG = Group(
    "a song",
    _known(
        Field("title", TEXT, "The song's title.", required=True),
        Field("artist", TEXT, "Who plays it."),
        Field("writers", Listing(TEXT, lone=True, or_group=WRITER), "Who wrote it."),
        Field("publisher", TEXT, "Who publishes it."),
        Field("year", YEAR, "The year it came out."),
        Field("isrc", ISRC, "The recording's ISRC."),
        Field("iswc", ISWC, "The work's ISWC."),
        Field("mbid", MBID, "The recording's MusicBrainz id."),
        Field("bpm", BPM, "Beats a minute; a beat is the lower number of the meter."),
        Field("meter", METER, "Beats a bar and the note value of a beat."),
        Field("key", TEXT, "Its key."),
        Field("length", ROUGH, "How long it is, where no file can tell."),
        Field("rights", RIGHTS, "Whether it may be played."),
        Field("loudness", LOUDNESS, "What this song is levelled to."),
        Field("media", Listing(PATH, lone=True, or_group=MEDIA), "Recordings; the first that decodes plays."),
        Field("stand-in", PATH, "Plays, marked as such, while no recording does."),
        Field("sheet", PATH, "The person's own chords or words."),
        Field("marks", Listing(MARK), "Named places in the song."),
    ),
)
_SONG = ("song",)
CUE = Group(
    "a cue",
    _known(
        Field("song", SONG_ID, "Plays a song.", verbs=_SONG),
        Field("set", SET_ID, "Plays a whole set here.", verbs=("set",)),
        Field("fade", TARGET, "Moves the level of what sounds.", verbs=("fade",)),
        Field("stop", TARGET, "Ends what sounds.", verbs=("stop",)),
        Field("pause", TARGET, "Holds what sounds.", verbs=("pause",)),
        Field("resume", TARGET, "Lets it go on.", verbs=("resume",)),
        Field(
            "send", Listing(MESSAGE, lone=True), "Sends MIDI and OSC messages.", verbs=("send",), played=False
        ),
        Field("say", TEXT, "Tells the operator something, for one GO.", verbs=("say",)),
        Field("id", ID, "A name for good, that other cues can point to."),
        Field("number", TEXT, "The number on the cue sheet, such as 12.5 or 1M1."),
        Field("at", POSITION, "When it comes in the film; +4s counts from its scene."),
        Field("pre-wait", LENGTH, "How long it waits before it acts."),
        Field("post-wait", LENGTH, "How long the next cue then waits, with continue and follow."),
        Field("then", THEN, "What follows: wait for GO, continue, or follow when this one has ended."),
        Field("note", TEXT, "A remark for the operator."),
        Field("armed", TRUTH, "No: the cue is passed over."),
        Field("hotkey", HOTKEY, "A key that fires this cue by itself."),
        Field("colour", COLOUR, "The colour of its row."),
        Field("from", SONG_TIME, "Where in the song it begins.", verbs=_SONG),
        Field("to", SONG_TIME, "Where in the song it ends.", verbs=_SONG),
        Field("gain", LEVEL, "The song's level here.", verbs=_SONG),
        Field("pan", PAN, "Left -100 to right 100.", verbs=_SONG),
        Field("fade-in", FADE, "How it comes in.", verbs=_SONG),
        Field("fade-out", FADE, "How it goes out.", verbs=("song", "stop")),
        Field("crossfade", FADE, "What sounds goes out while this comes in.", verbs=("song", "set")),
        Field("duck", DUCK, "How far all others are held down meanwhile.", verbs=_SONG),
        Field("loop", LOOP, "A region that repeats.", verbs=_SONG),
        Field("until", UNTIL, "It leaves with its scene, never, or at a later scene.", verbs=_SONG),
        Field("transpose", SEMITONES, "Semitones up or down, for MIDI.", verbs=_SONG),
        Field("output", OUTPUT, "Which output it plays on; without it main, else the first.", verbs=_SONG),
        Field("usage", USAGE, "How the music is used, for the rights sheet.", verbs=_SONG),
        Field("marks", Listing(MARK), "Named places, for this cue.", verbs=_SONG),
        Field("level", LEVEL, "Where the level goes.", verbs=("fade",)),
        Field("over", LENGTH, "How long that takes.", verbs=("fade",)),
        Field("repeat", TRUTH, "Begins the set again when it is over.", verbs=("set",)),
        Field("shuffle", TRUTH, "Plays the set in an order of chance.", verbs=("set",)),
    ),
)
SCENE = Group(
    "a scene",
    _known(
        Field("id", ID, "A name for good.", required=True),
        Field("title", TEXT, "The scene's title.", required=True),
        Field("number", TEXT, "The number in the script."),
        Field("at", POSITION, "When it begins in the film; +6m counts from the scene above."),
        Field("place", TEXT, "Where it plays."),
        Field("people", Listing(TEXT, lone=True), "Who is in it."),
        Field("note", TEXT, "What happens, in a sentence or two."),
        Field("picture", PATH, "A picture for its card."),
        Field("colour", COLOUR, "The colour of its row."),
        Field("cues", Listing(CUE), "What sounds in it; without cues the scene is a card."),
    ),
)
ENTRY = Group(
    "a set's song",
    _known(
        Field("song", SONG_ID, "The song.", required=True),
        Field("count", COUNT, "Clicks before the song."),
        Field("gap", ROUGH, "The song starts by itself so long after the one before; without it, at GO."),
        Field("note", TEXT, "A remark for the players."),
    ),
)
SET = Group(
    "a set",
    _known(
        Field("title", TEXT, "The set's title."),
        Field("date", DAY, "The day it is played."),
        Field("place", TEXT, "Where it is played."),
        Field("songs", Listing(ENTRY), "Its songs, in order."),
    ),
)
ROOT = Group(
    "the file",
    _known(
        Field("needledrop", FORMAT, "The version of the format: 1.", required=True),
        Field("film", FILM, "The film."),
        Field("defaults", DEFAULTS, "What cues take when they say nothing."),
        Field("outputs", Listing(ID, lone=True), "Names of outputs; the person's settings say where each is heard."),
        Field(
            "songs", Table("song", SONG, "harbor-lights: {title: Harbor Lights}"), "The songs by their ids."
        ),
        Field("scenes", Listing(SCENE), "The scenes in order."),
        Field(
            "sets",
            Table("set", SET, "friday: {title: Friday late set}"),
            "Sets of songs by their ids.",
        ),
    ),
)

GROUPS: tuple[Group, ...] = (ROOT, FILM, DEFAULTS, SONG, WRITER, MEDIA, MARK, SCENE, CUE, LOOP, SET, ENTRY)

# What people coming from other programs write; only looked up when nothing nearer is found.
SYNONYMS: dict[str, tuple[str, ...]] = {
    "artists": ("artist",),
    "audio": ("media",),
    "begin": ("from", "at"),
    "color": ("colour",),
    "comment": ("note",),
    "composer": ("writers",),
    "delay": ("pre-wait",),
    "description": ("note",),
    "duration": ("over", "length", "runtime"),
    "end": ("to",),
    "file": ("media",),
    "framerate": ("fps",),
    "image": ("picture",),
    "midi": ("stand-in", "send"),
    "name": ("title", "id"),
    "path": ("file", "media"),
    "play": ("song",),
    "start": ("from", "at"),
    "tempo": ("bpm",),
    "time": ("at",),
    "volume": ("gain", "level"),
}
