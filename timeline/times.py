"""Times, lengths, levels and fades: what people write, read exactly; and the one rounding rule.

A time is a `Fraction` of a second from the text to the mixer; `frames` is the only place where it
becomes whole frames. A parser takes the raw text of a scalar and gives its value, or raises
`Refusal` with a message and a hint in words that a person can type.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable
from fractions import Fraction
from typing import cast, get_args

from msgspec import Struct

from timeline.model import Bars, Curve, Fade, SongTime
from timeline.words import shown


class Refusal(ValueError):
    """A scalar that its field does not take: what is wrong, and what to type instead."""

    def __init__(self, message: str, hint: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


def frames(seconds: Fraction, rate: int = 48_000) -> int:
    """The frame nearest to an exact time; a half goes to the later one. The house's one rounding rule."""
    top, bottom = seconds.numerator * rate, seconds.denominator
    return (2 * top + bottom) // (2 * bottom)


class Rate(Struct, frozen=True):
    """A picture rate: exact pictures a second, whole pictures a label's second, drop-frame labels or not."""

    name: str
    per_second: Fraction
    nominal: int
    drop: bool = False


RATES: dict[str, Rate] = {
    rate.name: rate
    for rate in (
        Rate("23.976", Fraction(24_000, 1001), 24),
        Rate("24", Fraction(24), 24),
        Rate("25", Fraction(25), 25),
        Rate("29.97", Fraction(30_000, 1001), 30),
        Rate("29.97df", Fraction(30_000, 1001), 30, drop=True),
        Rate("30", Fraction(30), 30),
        Rate("50", Fraction(50), 50),
        Rate("59.94", Fraction(60_000, 1001), 60),
        Rate("60", Fraction(60), 60),
    )
}


class Label(Struct, frozen=True):
    """Timecode as written, hh:mm:ss:ff; `drop` when a `;` stands before the pictures."""

    hours: int
    minutes: int
    seconds: int
    pictures: int
    drop: bool = False

    def __str__(self) -> str:
        mark = ";" if self.drop else ":"
        return f"{self.hours:02}:{self.minutes:02}:{self.seconds:02}{mark}{self.pictures:02}"


def label_seconds(label: Label, rate: Rate) -> Fraction:
    """Exact seconds from label 00:00:00:00 to `label`. Refuses a label that `rate` does not have."""
    if label.drop and not rate.drop:
        raise Refusal(
            f'";" marks drop-frame timecode, and film.fps is {rate.name}',
            "write : before the pictures, or fps: 29.97df",
        )
    if label.pictures >= rate.nominal:
        raise Refusal(
            f"at {rate.name} a second has the pictures 00 to {rate.nominal - 1}, not {label.pictures:02}"
        )
    minutes = label.hours * 60 + label.minutes
    count = (minutes * 60 + label.seconds) * rate.nominal + label.pictures
    if rate.drop:
        if label.seconds == 0 and label.pictures < 2 and label.minutes % 10:
            mark = ";" if label.drop else ":"
            raise Refusal(
                f"{label} does not exist: drop frame leaves out pictures 00 and 01 of this minute",
                f"the first picture of the minute is {label.hours:02}:{label.minutes:02}:00{mark}02",
            )
        count -= 2 * (minutes - minutes // 10)
    return count / rate.per_second


class Moment(Struct, frozen=True):
    """A position as written, before anyone knows what it counts from.

    `sign` is 0 for an absolute position, else +1 or -1: relative to what stands above it.
    `unit` tells a position written as a length (`4m`) from one written with colons.
    """

    value: Fraction | Label
    sign: int = 0
    estimate: bool = False
    text: str = ""
    unit: bool = False

    @property
    def offset(self) -> Fraction:
        """The signed distance of a relative moment, which is never timecode."""
        assert isinstance(self.value, Fraction)
        return self.value if self.sign > 0 else -self.value


_UNITS = {"ms": (1, 1000), "s": (1, 1), "m": (60, 1), "h": (3600, 1)}  # seconds, over
_LENGTH = re.compile(r"(\d{1,9})(?:\.(\d{1,9}))? ?(ms|s|m|h)", re.ASCII)
_CLOCK = re.compile(r"(?:(\d{1,9}):(?=\d\d:))?(\d{1,9}):(\d\d)(?:\.(\d{1,9}))?", re.ASCII)
_LABEL = re.compile(r"(\d{1,2}):(\d\d):(\d\d)([:;])(\d\d)", re.ASCII)
_WAYS = {"+": 1, "-": -1}
_BARS = re.compile(r"bar +(\d{1,9})(?:\.(\d{1,9}))?", re.ASCII)
_NUMBER = re.compile(r"\d+(?:[.,]\d*)?|[.,]\d+", re.ASCII)
_LONG_UNIT = re.compile(r"(\d+(?:\.\d+)?) ?(milli|sec|min|hour|hr)\w*\.?", re.ASCII | re.IGNORECASE)
_COMPOUND = re.compile(r"(?:(\d{1,4})h)? ?(?:(\d{1,4})m(?:in)?)? ?(?:(\d{1,4})s)?", re.ASCII)

_LONGEST = 100  # letters of a text that is looked at again without its first mistake

_TIME_EXAMPLES = "write it like 1:30 (m:ss), 0:02:10.5 (h:mm:ss) or 90s"


def _plain(text: str) -> str:
    return text.strip().replace("\N{MINUS SIGN}", "-")


def _body(text: str) -> Fraction | None:
    """A length or a clock time without sign; None when `text` is neither."""
    if found := _CLOCK.fullmatch(text):
        hours, minutes, seconds, part = found.groups()
        total = int(hours or 0) * 3600 + int(minutes) * 60 + int(seconds)
        value = (
            Fraction(total)
            if part is None
            else Fraction(total * 10 ** len(part) + int(part), 10 ** len(part))
        )
        if seconds > "59":
            raise Refusal(
                "the seconds of a time go from 00 to 59", f"write {exact(value, hours is not None)}"
            )
        if hours is not None and minutes > "59":
            raise Refusal("the minutes of h:mm:ss go from 00 to 59", f"write {exact(value, True)}")
        return value
    if found := _LENGTH.fullmatch(text):
        whole, part, unit = found.groups()
        times, over = _UNITS[unit]
        if part is None:
            return Fraction(int(whole) * times, over)
        return Fraction(int(whole + part) * times, over * 10 ** len(part))
    return None


def _advice(parse: Callable[[str], object], text: str) -> str | None:
    """To write `text`, or what helps where that would be refused as well; None for a long one: no slip makes those."""
    if len(text) > _LONGEST:
        return None
    try:
        parse(text)
    except Refusal as refusal:
        return refusal.hint
    return f"write {text}"


def _number(text: str) -> str:
    """A number in its usual form: `0.5` for `.5` and `,5`, `5` for `5.`."""
    return re.sub(r"^\.", "0.", text.replace(",", ".")).rstrip(".")


def _refuse(text: str, what: str) -> Refusal:
    """Why `text` is no time, with the likeliest thing that was meant."""
    said = f'"{shown(text)}" is not {what}'
    if _NUMBER.fullmatch(text):
        number = _number(text)
        also = (
            f", or {number.replace('.', ':')} for minutes and seconds"
            if re.fullmatch(r"\d+\.\d\d", number)
            else ""
        )
        return Refusal(f'"{shown(text)}" has no unit', f"write {number}s for seconds{also}")
    head, _, curve = text.rpartition(" ")
    if curve in CURVES:
        return Refusal(f"{said}: there is no curve to it", _advice(length, head))
    if _LABEL.fullmatch(text):
        return Refusal(f"{said}: timecode counts film time only", _TIME_EXAMPLES)
    if re.search(r"\d,\d", text):
        return Refusal(f"{said}: decimals take a point", _advice(length, text.replace(",", ".")))
    if found := _LONG_UNIT.fullmatch(text):
        unit = {"milli": "ms", "sec": "s", "min": "m", "hour": "h", "hr": "h"}[found[2].lower()]
        return Refusal(said, f"write {found[1]}{unit}")
    if text and (found := _COMPOUND.fullmatch(text)):
        total = Fraction(int(found[1] or 0) * 3600 + int(found[2] or 0) * 60 + int(found[3] or 0))
        return Refusal(f"{said}: a length has one unit", f"write {exact(total)}")
    if found := re.fullmatch(r"(\d{1,4}):(\d)", text, re.ASCII):
        return Refusal(f"{said}: seconds take two digits", f"write {found[1]}:0{found[2]}")
    if re.fullmatch(r"[\d:]+\.\d{10,}(ms|s|m|h)?", text, re.ASCII):
        return Refusal(f"{said}: at most 9 decimals")
    if re.match(r"bars? *\d", text, re.ASCII):
        return Refusal(f"{said}: bars count inside a song", _TIME_EXAMPLES)
    return Refusal(said, _TIME_EXAMPLES)


def moment(text: str) -> Moment:
    """A film position: `0:02:10.5`, `4m`, `00:24:06:12`, `+4s`, `-2s`, and any of them after `~`."""
    body = _plain(text)
    if about := body.startswith("~"):
        body = body[1:].lstrip(" ")
    way = _WAYS.get(body[:1], 0)
    if way:
        body = body[1:].lstrip(" ")
        if body.startswith("~"):
            sign = "+" if way > 0 else "-"
            raise Refusal("~ stands before the sign", _advice(moment, f"~{sign}{body[1:].strip()}"))
    value = _body(body)
    if value is not None:
        return Moment(value, way, about, text, unit=body[-1] in "smh")
    if found := _LABEL.fullmatch(body):
        if way:
            raise Refusal(
                f'"{shown(text)}": a relative time is a length, and lengths are never timecode', "like +4s"
            )
        hours, minutes, seconds, pictures = (int(found[i]) for i in (1, 2, 3, 5))
        if hours > 23 or minutes > 59 or seconds > 59:
            raise Refusal(f'"{body}" is not timecode: hh to 23, mm and ss to 59')
        return Moment(Label(hours, minutes, seconds, pictures, found[4] == ";"), 0, about, text)
    if _NUMBER.fullmatch(body) and not way:
        number = _number(body)
        hint = f"write {number}s from the film's beginning, or +{number}s from the scene"
        raise Refusal(f'"{shown(text)}" has no unit', hint)
    refusal = _refuse(body, "a film time")
    lead = _plain(text)[: len(_plain(text)) - len(body)].replace(" ", "")
    if lead and refusal.hint and re.match(r"write \d", refusal.hint):
        raise Refusal(refusal.message, re.sub(r"(write |, or )(?=\d)", rf"\g<1>{lead}", refusal.hint))
    raise refusal


def is_timecode(text: str) -> bool:
    """Whether a film position is written as hh:mm:ss:ff."""
    return _LABEL.fullmatch(text.strip().lstrip("~").strip()) is not None


def moment_seconds(when: Moment, rate: Rate | None, start: Fraction) -> Fraction:
    """An absolute moment in seconds from the first picture; `start` is what timecode counts from there."""
    if isinstance(when.value, Fraction):
        return when.value
    if rate is None:
        raise Refusal("timecode needs film.fps", "add fps: 24 (or the film's own rate) under film")
    seconds = label_seconds(when.value, rate)
    if seconds < start:
        about = "~" if when.estimate else ""
        raise Refusal(
            f"{when.value} lies before film.start",
            f"for a time counted from the first picture write {about}{exact(seconds, True)}",
        )
    return seconds - start


def start_label(text: str) -> Label:
    """`film.start`: timecode, or h:mm:ss which stands for picture 00 of that second."""
    body = _plain(text)
    if found := re.fullmatch(r"(\d{1,2}):(\d\d):(\d\d)", body, re.ASCII):
        body = f"{found[0]}:00"
    if _LABEL.fullmatch(body):
        value = moment(body).value
        assert isinstance(value, Label)
        return value
    raise Refusal(f'"{shown(text)}" is not timecode', "write hh:mm:ss:ff, like 01:00:00:00")


def length(text: str) -> Fraction:
    """A length: `350ms`, `2.5s`, `1:30`, `0:02:10.5`. Never timecode, never signed, never an estimate."""
    body = _plain(text)
    value = _body(body)
    if value is not None:
        return value
    if body.startswith("~"):
        raise Refusal("an exact length is needed here", _advice(length, body[1:].strip()))
    if body[:1] in ("+", "-"):
        raise Refusal(f'"{shown(text)}": a length has no sign', _advice(length, body[1:].strip()))
    raise _refuse(body, "a length")


def signed_length(text: str) -> Fraction:
    """A length that may be negative, for `offset`."""
    body = _plain(text)
    if body[:1] in ("+", "-"):
        return length(body[1:].strip()) * (-1 if body[0] == "-" else 1)
    return length(body)


def rough_length(text: str) -> tuple[Fraction, bool]:
    """A length, and whether a `~` marks it as an estimate."""
    body = _plain(text)
    return (length(body[1:].strip()), True) if body.startswith("~") else (length(body), False)


def song_time(text: str) -> SongTime:
    """A place in a song: `0:31.250`, `31s`, `bar 41`, `bar 12.3`."""
    body = _plain(text)
    value = _body(body)
    if value is not None:
        return value
    if found := _BARS.fullmatch(body):
        bar, beat = int(found[1]), int(found[2] or 1)
        if bar and beat:
            return Bars(bar, Fraction(beat))
        hint = f"write bar {max(bar, 1)}" + (f".{max(beat, 1)}" if found[2] else "")
        raise Refusal("bars and beats count from 1", hint)
    if found := re.fullmatch(r"(?:bars?|m|measure) *(\d{1,9}(?:\.\d{1,9})?)", body, re.ASCII | re.IGNORECASE):
        raise Refusal(f'"{shown(text)}" is not a place in a song', _advice(song_time, f"bar {found[1]}"))
    if re.match(r"bars? *\d", body, re.ASCII | re.IGNORECASE):
        raise Refusal(f'"{shown(text)}" is neither a bar nor a beat of one', "write it like bar 41 or bar 12.3")
    if body.startswith("~"):
        raise Refusal("a place in a song is exact, never an estimate", _advice(song_time, body[1:].strip()))
    if body[:1] in ("+", "-"):
        message = "a place in a song counts from its beginning and has no sign"
        raise Refusal(message, _advice(song_time, body[1:].strip()))
    raise _refuse(body, "a place in a song")


class TempoMap(Struct, frozen=True):
    """How bars of a song lie in time. Positions are quarter notes from the song's beginning, ascending.

    `tempos`: (position, seconds a quarter note). `meters`: (position, beats a bar, note value of a beat);
    a change of meter begins a bar. Before the first entry 120 quarter notes a minute and 4/4 hold,
    as in a Standard MIDI File.
    """

    tempos: tuple[tuple[Fraction, Fraction], ...] = ()
    meters: tuple[tuple[Fraction, int, int], ...] = ()

    @classmethod
    def constant(cls, bpm: Fraction, meter: tuple[int, int]) -> TempoMap:
        """One tempo and one meter throughout; `bpm` counts the meter's own beat (in 6/8 its eighths)."""
        beats, value = meter
        return cls(((Fraction(0), 60 / bpm * Fraction(value, 4)),), ((Fraction(0), beats, value),))

    def quarters(self, where: Bars) -> Fraction:
        """The position of a bar and beat in quarter notes."""
        entries = self.meters
        if not entries or entries[0][0] > 0:
            entries = ((Fraction(0), 4, 4), *entries)
        bars_left = where.bar - 1
        for (begin, beats, value), after in zip(entries, (*entries[1:], None), strict=True):
            bar = Fraction(4 * beats, value)
            if after is None:
                break
            whole = -((begin - after[0]) // bar)  # a bar that a change cuts short counts as one
            if bars_left < whole:
                break
            bars_left -= whole
        return begin + bars_left * bar + (where.beat - 1) * Fraction(4, value)

    def seconds(self, where: Bars) -> Fraction:
        """Seconds from the song's beginning to a bar and beat."""
        position = self.quarters(where)
        now, at, pace = Fraction(0), Fraction(0), Fraction(1, 2)
        for begin, seconds in self.tempos:
            if begin >= position:
                break
            now += (begin - at) * pace
            at, pace = begin, seconds
        return now + (position - at) * pace

    def beats_in(self, bar: int) -> int:
        """How many beats the bar has, by the meter in force there."""
        position = self.quarters(Bars(bar))
        entry = bisect_right([begin for begin, _, _ in self.meters], position)
        return self.meters[entry - 1][1] if entry else 4


LOUDEST = 24.0  # dB; more is a slip of the pen, and a dangerous one

_LEVEL = re.compile(r"([+-]?)(\d{1,9}(?:\.\d{1,9})?|inf) ?(db)?", re.ASCII | re.IGNORECASE)
_LOUDNESS = re.compile(r"(-?\d{1,3}(?:\.\d{1,9})?) ?(lufs)?", re.ASCII | re.IGNORECASE)
CURVES: tuple[str, ...] = get_args(Curve)


def level(text: str) -> float:
    """A gain in dB: `-6 dB`, `+1.5`, `-inf dB`. Above +24 dB is refused."""
    found = _LEVEL.fullmatch(_plain(text))
    if found is None:
        comma = re.fullmatch(r"([+-]?\d+),(\d+) ?(?:db)?", _plain(text), re.ASCII | re.IGNORECASE)
        hint = f"write {comma[1]}.{comma[2]} dB" if comma else "write it like -6 dB, +1.5 dB or -inf dB"
        raise Refusal(f'"{shown(text)}" is not a level in dB', hint)
    value = float(found[1] + found[2])
    if value > LOUDEST:
        hint = "for silence write -inf dB" if found[2].lower() == "inf" else f"did you mean -{found[2]} dB?"
        raise Refusal(f"a level above +{LOUDEST:g} dB is refused", hint)
    return value


def duck(text: str) -> float:
    """How far the others are held down, as a gain below 0 dB: `-12 dB`, for which `12 dB` is as good."""
    return -abs(level(text))


def loudness(text: str) -> float:
    """Integrated loudness: `-16 LUFS`, -70 to 0."""
    found = _LOUDNESS.fullmatch(_plain(text))
    if found is None or not -70 <= float(found[1]) <= 0:
        raise Refusal(f'"{shown(text)}" is not a loudness', "write it like -16 LUFS, from -70 to 0")
    return float(found[1])


def fade(text: str) -> Fade:
    """A length and, if wanted, a curve: `4s`, `4s linear`."""
    body = _plain(text)
    value = _body(body)
    if value is not None:
        return Fade(value)
    words = body.split()
    curve = words.pop() if len(words) > 1 and not _LENGTH.fullmatch(" ".join(words[-2:])) else "equal-power"
    if body and all(word in CURVES for word in body.lower().split()):
        raise Refusal("a fade begins with its length", f"like 4s {body.lower().split()[0]}")
    if words and words[0] in CURVES:
        raise Refusal("the length comes before the curve", _advice(fade, " ".join((*words[1:], curve, words[0]))))
    if found := re.fullmatch(r"(.*\S)\s+(equal|s)\s+(power|curve)", body, re.ASCII | re.IGNORECASE):
        written = _advice(fade, f"{found[1]} {found[2]}-{found[3]}".lower())
        raise Refusal(f'"{found[2]} {found[3]}" is not a curve', written)
    lasts = length(" ".join(words))
    if curve not in CURVES:
        listed = f"curves are {', '.join(CURVES)}"
        hint = f"write {' '.join(words)} {curve.lower()}" if curve.lower() in CURVES else listed
        raise Refusal(f'"{shown(curve)}" is not a curve', hint)
    return Fade(lasts, cast(Curve, curve))


def exact(seconds: Fraction, hours: bool = False, decimals: int = 9) -> str:
    """`m:ss` or, from an hour on or when asked for, `h:mm:ss`, with as many decimals as needed."""
    sign = "-" if seconds < 0 else ""
    units = 10**decimals
    count = frames(abs(seconds), units)
    whole, part = divmod(count, units)
    minutes, second = divmod(whole, 60)
    tail = f".{part:0{decimals}}".rstrip("0") if part else ""
    if minutes >= 60 or hours:
        return f"{sign}{minutes // 60}:{minutes % 60:02}:{second:02}{tail}"
    return f"{sign}{minutes}:{second:02}{tail}"


def clock(seconds: Fraction | float) -> str:
    """A running clock, cut to tenths: `0:31.2`, `1:47:12.0`."""
    tenths = int(
        abs(seconds if isinstance(seconds, Fraction) else Fraction(round(seconds * 1e6), 10**6)) * 10
    )
    whole, tenth = divmod(tenths, 10)
    sign = "-" if seconds < 0 and tenths else ""
    return f"{sign}{exact(Fraction(whole))}.{tenth}"


def short(seconds: Fraction | float) -> str:
    """A time to the whole second, cut: `0:31`, `1:47:12`."""
    return clock(seconds)[:-2]


def timecode(seconds: Fraction, rate: Rate) -> Label:
    """The label of the picture shown at `seconds` after label 00:00:00:00."""
    count = seconds * rate.per_second // 1
    if rate.drop:
        tens, rest = divmod(count, 17_982)  # pictures in ten minutes and in one of the nine short minutes
        count += 18 * tens + (2 * ((rest - 2) // 1798) if rest > 1 else 0)
    whole, pictures = divmod(count, rate.nominal)
    minutes, second = divmod(whole, 60)
    return Label(minutes // 60, minutes % 60, second, pictures, rate.drop)
