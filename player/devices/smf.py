"""Standard MIDI Files, read as other players read them: what is damaged is left out, the rest plays.

One tolerant reader for good files and bad. (mido, which writes our files, reads a good file to the same
events but takes eight times as long, and answers bad ones with six unrelated exceptions or a wrong clock.)
The format: "Standard MIDI Files 1.0", MIDI Manufacturers Association.
"""

from __future__ import annotations

from bisect import bisect_right
from fractions import Fraction
from math import gcd
from pathlib import Path
from typing import NamedTuple

import numpy as np
from msgspec import Struct, field
from msgspec.structs import replace
from numpy.typing import NDArray

from player.engine import RATE
from player.errors import MidiFileError
from timeline.times import TempoMap

LONGEST = 24 * 3600  # seconds; what lies later is left out
MOST_EVENTS = 5_000_000
_LARGEST_FILE = 64 << 20
_LARGEST_SYSEX = 1 << 16
_STUB = "is cut off within its header"
_CUT = "the file is cut off"
DRUMS = 9  # the channel whose notes are instruments, not pitches
_DEFAULT_TEMPO = 500_000  # microseconds a quarter note
_NOTES_OFF = {120, 123, 124, 125, 126, 127}  # controllers that end every note of a channel
_DATA_BYTES = {0xF1: 1, 0xF2: 2, 0xF3: 1}


class Note(NamedTuple):
    """One sounding note: half-open frames at 48 kHz, MIDI pitch, channel from 0, velocity."""

    start: int
    end: int
    pitch: int
    channel: int
    velocity: int


class Smf(Struct, frozen=True, eq=False):
    """One file in playing order, all tracks merged; frames are at 48 kHz.

    `at` (n,) int64 ascending; `messages` (n, 3) uint8: status and two data bytes, 0 where there is none.
    A message whose status is 0xF0 stands for `sysex[data]`, where data is its two bytes, low one first.
    """

    at: NDArray[np.int64]
    messages: NDArray[np.uint8]
    sysex: tuple[bytes, ...]
    notes: tuple[Note, ...]  # by start
    frames: int  # the last note off
    tempo_map: TempoMap
    warnings: tuple[str, ...]

    @property
    def cut(self) -> bool:
        """Whether the file ends before its music does."""
        return _CUT in self.warnings


def read(path: str) -> Smf:
    """The file at `path`. Raises MidiFileError where there is nothing in it that plays."""
    try:
        size = Path(path).stat().st_size
        data = Path(path).read_bytes() if size <= _LARGEST_FILE else b""
    except (OSError, ValueError) as trouble:
        reason = getattr(trouble, "strerror", None) or "its name is not possible here"
        raise MidiFileError(path, f"cannot be opened ({reason})") from trouble
    if size > _LARGEST_FILE:
        raise MidiFileError(path, "is larger than 64 MB, which no MIDI file needs")
    return parse(data, path)


def is_midi(head: bytes) -> bool:
    """Whether a file that begins with `head` (132 bytes or more) is a MIDI file, also a wrapped one."""
    return b"MThd" in (head[:4], head[128:132]) or (head[:4] == b"RIFF" and head[8:12] == b"RMID")


def parse(data: bytes, path: str) -> Smf:
    """The file whose bytes are `data`; `path` is for messages only. Raises MidiFileError."""
    if not data:
        raise MidiFileError(path, "is empty")
    raw = _Raw()
    header = _header(data, raw)
    if header is None:
        cut = data.startswith(b"MThd")
        raise MidiFileError(path, _STUB if cut else "is not a MIDI file (it has no MThd header)")
    form, division, start = header
    _tracks(data, start, form, raw)
    clock = _Clock(division, raw)
    smf = _assemble(raw, clock)
    if not smf.notes:
        raise MidiFileError(path, "has no notes")
    return smf


def transposed(song: Smf, semitones: int) -> Smf:
    """The same song so many semitones higher, drums as they are. A note that no keyboard has moves by an octave."""
    if not semitones:
        return song
    keys = np.arange(128) + semitones
    keys = np.where(keys > 127, 116 + (keys - 116) % 12, np.where(keys < 0, keys % 12, keys)).astype(np.uint8)
    messages = song.messages.copy()
    kind, channel = messages[:, 0] & 0xF0, messages[:, 0] & 0x0F
    sounding = np.isin(kind, (0x80, 0x90, 0xA0)) & (channel != DRUMS)
    messages[sounding, 1] = keys[messages[sounding, 1]]
    notes = tuple(n if n.channel == DRUMS else n._replace(pitch=int(keys[n.pitch])) for n in song.notes)
    return replace(song, messages=messages, notes=notes)


class _Raw(Struct):
    """What the tracks hold, in ticks, as it is found."""

    ticks: list[int] = field(default_factory=list)
    packed: list[int] = field(default_factory=list)  # status | data 1 << 8 | data 2 << 16
    sysex: list[bytes] = field(default_factory=list)
    tempos: list[tuple[int, int]] = field(default_factory=list)
    meters: list[tuple[int, int, int]] = field(default_factory=list)
    more: bool = False  # whether the last system message may go on
    end: int = 0  # the last tick of any track
    warnings: list[str] = field(default_factory=list)

    def warn(self, text: str) -> None:
        if text not in self.warnings:
            self.warnings.append(text)


def _header(data: bytes, raw: _Raw) -> tuple[int, int, int] | None:
    """Format, division and where the chunks go on; found also behind a RIFF or MacBinary wrapping."""
    begin = data.find(b"MThd", 0, 4096)
    if begin < 0 or len(data) < begin + 12:
        return None
    if begin:
        raw.warn("the MIDI data is wrapped in another file")
    size = int.from_bytes(data[begin + 4 : begin + 8], "big")
    form = int.from_bytes(data[begin + 8 : begin + 10], "big")
    division = int.from_bytes(data[begin + 12 : begin + 14], "big")
    if size < 6 or size > 1024:
        raw.warn("the header states an impossible size")
        size = 6
    return form, division, begin + 8 + size


def _tracks(data: bytes, start: int, form: int, raw: _Raw) -> None:
    """Read every track. Files of type 2 hold pieces, not layers: they follow one another."""
    offset = 0
    while start + 8 <= len(data) and len(raw.ticks) <= MOST_EVENTS:
        name, size = data[start : start + 4], int.from_bytes(data[start + 4 : start + 8], "big")
        if name != b"MTrk" and not (name.isalnum() and start + 8 + size <= len(data)):
            found = data.find(b"MTrk", start)
            if found < 0:
                raw.warn("there is something behind the last track")
                return
            raw.warn("a track states a wrong size")
            start = found
            continue
        end = start + 8 + size
        if name == b"MTrk":
            if end > len(data):
                raw.warn(_CUT)
            reached = _track(data[start + 8 : end], offset, raw)
            raw.end = max(raw.end, reached)
            offset = reached if form == 2 else 0
        start = end


def _track(data: bytes, tick: int, raw: _Raw) -> int:
    """Read one track that begins at `tick`; returns the tick of its end."""
    i, end, status = 0, len(data), 0
    ticks, packed = raw.ticks, raw.packed
    try:
        while i < end and len(ticks) <= MOST_EVENTS:
            delta = data[i]
            if delta < 0x80:
                i += 1
            else:
                delta, i = _number(data, i)
                if delta < 0:
                    raw.warn("a track holds an impossible time; its rest is left out")
                    return tick
            tick += delta
            byte = data[i]
            if byte < 0x80:
                if not status:
                    raw.warn("a track holds data without an event; its rest is left out")
                    return tick
            else:
                i += 1
                if byte < 0xF0:
                    status = byte
                elif byte == 0xFF:
                    kind = data[i]
                    size, i = _number(data, i + 1)
                    if size < 0 or i + size > end:
                        raw.warn("a track ends inside an event")
                        return tick
                    if kind == 0x2F:
                        return tick
                    _meta(kind, data[i : i + size], tick, raw)
                    i += size
                    continue
                elif byte in (0xF0, 0xF7):
                    size, i = _number(data, i)
                    if size < 0 or i + size > end:
                        raw.warn("a track ends inside an event")
                        return tick
                    _system(byte, data[i : i + size], tick, raw)
                    i += size
                    continue
                else:
                    if byte not in _DATA_BYTES:
                        raw.warn("a track holds an event that files do not have; it is left out")
                    i += _DATA_BYTES.get(byte, 0)
                    continue
            first = data[i]
            i += 1
            second = 0
            if status & 0xE0 != 0xC0:
                second = data[i]
                i += 1
            if (first | second) & 0x80:
                raw.warn("a track holds values above 127; their upper bit is dropped")
                first &= 0x7F
                second &= 0x7F
            ticks.append(tick)
            packed.append(status | first << 8 | second << 16)
    except IndexError:
        raw.warn("a track ends inside an event")
    if len(ticks) > MOST_EVENTS:
        raw.warn(f"there are more than {MOST_EVENTS:,} events; the rest is left out")
    return tick


def _number(data: bytes, i: int) -> tuple[int, int]:
    """The variable-length number at `i` and where it ends; -1 if it has more than the four bytes allowed."""
    value = 0
    for place in range(i, i + 4):
        value = value << 7 | data[place] & 0x7F
        if data[place] < 0x80:
            return value, place + 1
    return -1, i


def _system(byte: int, content: bytes, tick: int, raw: _Raw) -> None:
    """Keep a system message, together with the packets that may follow it. Other packets are no music."""
    if byte == 0xF7 and raw.more:
        raw.sysex[-1] = (raw.sysex[-1] + content.removesuffix(b"\xf7"))[:_LARGEST_SYSEX]
    elif byte == 0xF7 or len(raw.sysex) >= 0x10000:
        return
    else:
        raw.ticks.append(tick)
        raw.packed.append(0xF0 | len(raw.sysex) << 8)
        raw.sysex.append(content.removesuffix(b"\xf7"))
    raw.more = not content.endswith(b"\xf7")


def _meta(kind: int, content: bytes, tick: int, raw: _Raw) -> None:
    """Keep a tempo or a meter; all else has no sound."""
    match kind, len(content):
        case 0x51, 3:
            tempo = int.from_bytes(content, "big")
            if not tempo:
                raw.warn("a tempo is zero; it counts as 120")
            raw.tempos.append((tick, tempo or _DEFAULT_TEMPO))
        case 0x51, _:
            raw.warn("a tempo has the wrong size; it is left out")
        case 0x58, size if size >= 2 and content[0] and content[1] <= 6:
            raw.meters.append((tick, content[0], 1 << content[1]))


class _Clock:
    """Ticks to frames, exactly: a position is `units` of 1 / `per_second`, and grows by `step` a tick."""

    def __init__(self, division: int, raw: _Raw) -> None:
        raw.tempos.sort(key=lambda entry: entry[0])
        self.quarter = 0  # ticks a quarter note; 0 where ticks are parts of a film's pictures
        if division & 0x8000:
            pictures, parts = 256 - (division >> 8), division & 0xFF
            if pictures not in (24, 25, 29, 30) or not parts:
                raw.warn("the header states an impossible clock; 25 pictures of 40 parts are assumed")
                pictures, parts = 25, 40
            over, under = (30_000, 1_001) if pictures == 29 else (pictures, 1)
            self.per_second = over * parts
            self._segments = [(0, 0, under)]
            return
        if not division:
            raw.warn("the header states no clock; 480 ticks a quarter note are assumed")
        self.quarter = division or 480
        self.per_second = self.quarter * 1_000_000
        self._segments = [(0, 0, _DEFAULT_TEMPO)]
        for tick, tempo in raw.tempos:
            self._segments.append((tick, self._units(tick), tempo))

    def _units(self, tick: int) -> int:
        begin, units, step = self._segments[-1]
        return units + (tick - begin) * step

    def last_tick(self) -> int:
        """The tick at which the longest file ends."""
        end = LONGEST * self.per_second
        begin, units, step = self._segments[bisect_right(self._segments, end, key=lambda entry: entry[1]) - 1]
        return begin + (end - units) // step

    def frames(self, ticks: NDArray[np.int64]) -> NDArray[np.int64]:
        """The nearest frame of each tick, halves up; none may lie after `last_tick`."""
        common = gcd(RATE, self.per_second)  # keeps the products of a day within 64 bits
        over, under = RATE // common, self.per_second // common
        used = [segment for segment in self._segments if segment[0] <= int(ticks[-1])] if len(ticks) else []
        begins, units, steps = np.array(used or [(0, 0, 1)], np.int64).T
        which = np.searchsorted(begins, ticks, side="right") - 1
        exact = units[which] + (ticks - begins[which]) * steps[which]
        rounded: NDArray[np.int64] = (2 * over * exact + under) // (2 * under)
        return rounded

    def tempo_map(self, raw: _Raw) -> TempoMap:
        """Where bars lie; a file timed in pictures has none of its own."""
        if not self.quarter:
            return TempoMap()
        meters = {tick: (beats, value) for tick, beats, value in raw.meters}
        return TempoMap(
            tuple((Fraction(tick, self.quarter), Fraction(tempo, 1_000_000)) for tick, tempo in raw.tempos),
            tuple((Fraction(tick, self.quarter), *meters[tick]) for tick in sorted(meters)),
        )


def _assemble(raw: _Raw, clock: _Clock) -> Smf:
    """All tracks in one line of time, and the notes in it."""
    ticks = np.array(raw.ticks, np.int64)
    order = np.argsort(ticks, kind="stable")
    last = clock.last_tick()
    if len(ticks) and int(ticks[order[-1]]) > last:
        raw.warn("what lies after 24 hours is left out")
        order = order[ticks[order] <= last]
    packed = np.array(raw.packed, np.int64)[order]
    messages = np.stack([packed & 0xFF, packed >> 8 & 0xFF, packed >> 16 & 0xFF], axis=1).astype(np.uint8)
    at = clock.frames(ticks[order])
    end = int(clock.frames(np.array([min(raw.end, last)], np.int64))[0])
    notes = _notes(at.tolist(), messages.tolist(), end)
    return Smf(
        at=at,
        messages=messages,
        sysex=tuple(raw.sysex),
        notes=notes,
        frames=max((note.end for note in notes), default=0),
        tempo_map=clock.tempo_map(raw),
        warnings=tuple(raw.warnings),
    )


def _notes(at: list[int], messages: list[list[int]], end: int) -> tuple[Note, ...]:
    """Each note on with the next free note off of its pitch; what is never ended ends with the tracks."""
    open_notes: dict[tuple[int, int], list[tuple[int, int]]] = {}
    notes: list[Note] = []
    for frame, (status, pitch, velocity) in zip(at, messages, strict=True):
        kind, channel = status & 0xF0, status & 0x0F
        if kind == 0x90 and velocity:
            open_notes.setdefault((channel, pitch), []).append((frame, velocity))
        elif kind in (0x80, 0x90) and (waiting := open_notes.get((channel, pitch))):
            start, struck = waiting.pop(0)
            notes.append(Note(start, frame, pitch, channel, struck))
        elif kind == 0xB0 and pitch in _NOTES_OFF:
            for key in [key for key in open_notes if key[0] == channel]:
                notes += [Note(start, frame, key[1], channel, struck) for start, struck in open_notes.pop(key)]
    for (channel, pitch), waiting in open_notes.items():
        notes += [Note(start, max(start, end), pitch, channel, struck) for start, struck in waiting]
    return tuple(sorted(notes))
