"""What a timeline says, as frozen values; each knows its place in the file.

Lengths and positions are exact (`Fraction` of a second), gains are dB (`float`, `-inf` allowed).
A field is None where the file says nothing; what that then means is for the rooms above to decide,
so that a default is never mistaken for a written word.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Literal

from msgspec import Struct, field

Seconds = Fraction
Curve = Literal["linear", "equal-power", "s-curve", "exponential"]
Then = Literal["wait", "continue", "follow"]


class Span(Struct, frozen=True):
    """A place in the file's text: half-open code point offsets, and line and column of its start from 1."""

    start: int = 0
    end: int = 0
    line: int = 1
    column: int = 1


class When(Struct, frozen=True):
    """A position in film time. `seconds` counts from the first picture; `text` is the notation found."""

    seconds: Seconds
    estimate: bool = False
    text: str = ""


class Bars(Struct, frozen=True):
    """A position in a song by bar and beat, both from 1: `bar 12.3` is Bars(12, 3)."""

    bar: int
    beat: Fraction = Fraction(1)


SongTime = Fraction | Bars  # seconds into the song, or a bar that its tempo map resolves


class Fade(Struct, frozen=True):
    """How long a gain takes to rise or fall, and along which curve."""

    length: Seconds
    curve: Curve = "equal-power"


class Writer(Struct, frozen=True):
    name: str
    role: str | None = None
    share: Fraction | None = None
    ipi: str | None = None


class Media(Struct, frozen=True):
    """One recording of a song. `offset` is where song time 0 lies in the file."""

    file: str
    gain: float = 0.0
    offset: Seconds = Fraction(0)
    span: Span = Span()


class Mark(Struct, frozen=True):
    at: SongTime
    text: str


class Loop(Struct, frozen=True):
    """A region of a song that plays `times` times, or until GO when that is None."""

    from_: SongTime
    to: SongTime
    times: int | None = None


class Film(Struct, frozen=True, kw_only=True):
    title: str | None = None
    year: int | None = None
    director: str | None = None
    runtime: Seconds | None = None
    runtime_estimate: bool = False
    fps: str | None = None
    start: Seconds | None = None
    video: str | None = None
    span: Span = Span()


class Defaults(Struct, frozen=True, kw_only=True):
    """What cues take when they say nothing."""

    gain: float | None = None
    fade_in: Fade | None = None
    fade_out: Fade | None = None
    crossfade: Fade | None = None
    until: str | None = None
    loudness: float | None = None
    span: Span = Span()


class Song(Struct, frozen=True, kw_only=True):
    id: str
    title: str
    artist: str | None = None
    writers: tuple[Writer, ...] = ()
    publisher: str | None = None
    year: int | None = None
    isrc: str | None = None
    iswc: str | None = None
    mbid: str | None = None
    bpm: Fraction | None = None
    meter: tuple[int, int] | None = None
    key: str | None = None
    length: Seconds | None = None
    length_estimate: bool = False
    rights: str | None = None
    loudness: float | None = None
    media: tuple[Media, ...] = ()
    stand_in: str | None = None
    sheet: str | None = None
    marks: tuple[Mark, ...] = ()
    span: Span = Span()


class Cue(Struct, frozen=True, kw_only=True):
    """What every cue has. `key` names it for good: its own id, else `<scene>#<n>`, n from 1."""

    key: str
    scene: str
    id: str | None = None
    number: str | None = None
    at: When | None = None
    pre_wait: Seconds = Fraction(0)
    post_wait: Seconds = Fraction(0)
    then: Then = "wait"
    note: str | None = None
    armed: bool = True
    hotkey: str | None = None
    colour: str | None = None
    not_yet: tuple[str, ...] = ()  # keys and verbs written here that this version keeps but does not play
    span: Span = Span()


class SongCue(Cue, frozen=True, kw_only=True):
    song: str
    from_: SongTime | None = None
    to: SongTime | None = None
    gain: float | None = None
    fade_in: Fade | None = None
    fade_out: Fade | None = None
    crossfade: Fade | None = None
    until: str | None = None
    pan: Fraction | None = None
    duck: float | None = None
    loop: Loop | None = None
    transpose: int | None = None
    output: str | None = None
    usage: str | None = None
    marks: tuple[Mark, ...] = ()


class StopCue(Cue, frozen=True, kw_only=True):
    target: str  # a song id, a cue id, or "all"
    fade_out: Fade | None = None


class FadeCue(Cue, frozen=True, kw_only=True):
    target: str
    level: float
    over: Seconds | None = None


class SayCue(Cue, frozen=True, kw_only=True):
    text: str


class Midi(Struct, frozen=True):
    """One MIDI message: its bytes as they go over the wire, and the words that say it."""

    data: bytes
    text: str = ""


OscValue = int | float | bool | str | None  # int32, float32, T or F, a text, N


class Osc(Struct, frozen=True):
    """One OSC message: its address, its arguments, and the words that say it."""

    address: str
    arguments: tuple[OscValue, ...] = ()
    text: str = ""


Message = Midi | Osc


class OtherCue(Cue, frozen=True, kw_only=True):
    """A cue of a verb that is read and kept, and not yet played: it takes its waits and ends at once.

    `target` is what `pause` and `resume` point to, or the set of `set`; `messages` are those of `send`.
    """

    verb: str
    target: str | None = None
    messages: tuple[Message, ...] = ()
    repeat: bool = False  # of a set
    shuffle: bool = False
    crossfade: Fade | None = None


AnyCue = SongCue | StopCue | FadeCue | SayCue | OtherCue


class Scene(Struct, frozen=True, kw_only=True):
    id: str
    title: str
    number: str | None = None
    at: When | None = None
    place: str | None = None
    people: tuple[str, ...] = ()
    note: str | None = None
    picture: str | None = None
    colour: str | None = None
    cues: tuple[AnyCue, ...] = ()
    span: Span = Span()


class SetEntry(Struct, frozen=True, kw_only=True):
    song: str
    count: str | None = None
    gap: Seconds | None = None
    gap_estimate: bool = False
    note: str | None = None
    span: Span = Span()


class Set(Struct, frozen=True, kw_only=True):
    id: str
    title: str | None = None
    date: str | None = None
    place: str | None = None
    songs: tuple[SetEntry, ...] = ()
    span: Span = Span()


class Timeline(Struct, frozen=True, kw_only=True):
    """One file, as far as it could be understood. `songs` and `sets` keep the order of the file."""

    film: Film = field(default_factory=Film)
    defaults: Defaults = field(default_factory=Defaults)
    outputs: tuple[str, ...] = ()
    songs: dict[str, Song] = field(default_factory=dict)
    scenes: tuple[Scene, ...] = ()
    sets: tuple[Set, ...] = ()


Severity = Literal["error", "warning", "note"]


class Problem(Struct, frozen=True):
    """One thing a person should know about the file: what, where, and where one helps, what to type."""

    severity: Severity
    code: str
    message: str
    span: Span = Span()
    hint: str | None = None
