"""Loops in MIDI cues: the events of each pass behind those of the one before, so that what rings goes on ringing.

A window of a few passes is laid out at a time; a loop without end is a window that moves on.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np
from msgspec.structs import replace
from numpy.typing import NDArray

from player.devices import smf, synth
from player.devices.synth import QUANTUM, MidiSource, length, state_before
from player.engine.source import Region, Samples

_WINDOW: Final = 20_000  # events laid out at a time, or two passes if those are more
SHORTEST: Final = 4096  # frames of a region; shorter ones are loops of sound, not of notes
_ENDLESS: Final = 1 << 60  # frames of a loop without end
_DEFAULTS: Final = {7: 100, 8: 64, 10: 64, 11: 127}  # controllers that do not rest at 0

Messages = NDArray[np.uint8]


def open_midi(path: str, semitones: int = 0, region: Region | None = None) -> MidiSource:
    """As that of `synth`, with `region` played several times."""
    if region is None:
        return synth.open_midi(path, semitones)
    return LoopedMidi(path, smf.transposed(smf.read(path), semitones), region)


class LoopedMidi(MidiSource):
    """A MIDI file with a region that plays several times, as sound; frames as `Region` counts them.

    At a seam the notes that are held end, as by their note off, everything is set as it was at the region's begin,
    and the notes held there are struck: nothing hangs, and tails ring on. What a pass holds sounds as in the song.
    """

    def __init__(self, path: str, song: smf.Smf, region: Region) -> None:
        super().__init__(path, song)
        self._whole, self._region = song, region
        added = region.added if region.times else _ENDLESS
        self.frames = length(song) + added
        self._head = _between(song, 0, region.to)
        self._turn = _between(song, region.begin, region.to)
        self._seam = np.array(list(_seam(song, region)), np.uint8).reshape(-1, 3)
        self._passes = max(2, _WINDOW // max(1, len(self._seam) + self._turn.stop - self._turn.start))
        self._window = range(0)  # the passes whose events are laid out
        self._moves_on = 0
        self._song = replace(song, frames=song.frames + added)

    def _locate(self, at: int) -> None:
        turn = self._region.song(at)[1]
        self._lay_out(max(0, turn - 1))
        self._song = replace(self._song, notes=tuple(sorted(self._notes())))
        super()._locate(at)

    def _render(self, quanta: int) -> Samples:
        if self._next >= self._moves_on and not self._last(self._window[-1]):
            ahead = self._next - self._moves_on
            self._lay_out(self._window[-2])
            self._next = self._head.stop + ahead
        return super()._render(quanta)

    def _last(self, turn: int) -> bool:
        return bool(self._region.times) and turn >= self._region.times - 1

    def _lay_out(self, first: int) -> None:
        """Lay out the song up to the end of pass `first`, and the passes behind it."""
        song, region, lap = self._whole, self._region, self._region.length
        final = region.times - 1 if region.times else first + self._passes
        self._window = range(first, min(first + self._passes, final) + 1)
        at, messages = [song.at[self._head] + first * lap], [song.messages[self._head]]
        self._moves_on = 0  # where the last pass begins: the window moves on before its end is met
        for turn in self._window[1:]:
            self._moves_on = sum(map(len, at))
            at += [np.full(len(self._seam), region.begin + turn * lap), song.at[self._turn] + turn * lap]
            messages += [self._seam, song.messages[self._turn]]
        if self._last(self._window[-1]):
            rest = slice(self._head.stop, None)
            at.append(song.at[rest] + self._window[-1] * lap)
            messages.append(song.messages[rest])
        frames = np.concatenate(at)
        self._song = replace(self._song, at=frames, messages=np.concatenate(messages))
        self._quanta = frames // QUANTUM

    def _notes(self) -> Iterator[smf.Note]:
        """The notes of the window."""
        begin, to, lap = self._region.begin, self._region.to, self._region.length
        for note in self._whole.notes:
            for turn in self._window:
                opens = turn == self._window[0]
                if note.start >= to or note.end <= (0 if opens else begin):
                    continue
                if not opens and note.start < begin and note.channel == smf.DRUMS:
                    continue
                start = note.start if opens else max(note.start, begin)
                end = note.end if self._last(turn) else min(note.end, to)
                yield note._replace(start=start + turn * lap, end=end + turn * lap)
            if note.start >= to and self._last(self._window[-1]):
                shift = self._window[-1] * lap
                yield note._replace(start=note.start + shift, end=note.end + shift)


def _between(song: smf.Smf, begin: int, end: int) -> slice:
    """Which messages lie in the frames [begin, end)."""
    first, last = np.searchsorted(song.at, [begin, end])
    return slice(int(first), int(last))


def _seam(song: smf.Smf, region: Region) -> Iterator[tuple[int, int, int]]:
    """What leads from the region's end back to its begin."""
    for note in song.notes:
        if note.start < region.to <= note.end:
            yield 0x80 | note.channel, note.pitch, 0
    turn = song.messages[_between(song, region.begin, region.to)]
    before = song.messages[_between(song, 0, region.begin)]
    if len(turn) and not np.isin(turn[:, 0] & 0xF0, (0x80, 0x90)).all():
        yield from _rest(turn)
        fresh = bool((turn[:, 0] == 0xF0).any())
        yield from (message for message in state_before(before) if fresh or message[0] != 0xF0)
    for note in song.notes:
        if note.start < region.begin < note.end and note.channel != smf.DRUMS:
            yield 0x90 | note.channel, note.pitch, note.velocity


def _rest(turn: Messages) -> Iterator[tuple[int, int, int]]:
    """What sets everything that these messages move as it is before anything is set."""
    moved = {(status & 0xF0, status & 0x0F, first) for status, first, _ in turn.tolist()}
    for kind, channel, number in sorted(moved):
        if kind == 0xB0 and number in (1, 2, 5, *range(7, 32), *range(64, 96)):
            yield 0xB0 | channel, number, _DEFAULTS.get(number, 0)
    for channel in sorted({channel for kind, channel, _ in moved if kind == 0xE0}):
        yield 0xE0 | channel, 0, 64
    for channel in sorted({channel for kind, channel, _ in moved if kind == 0xD0}):
        yield 0xD0 | channel, 0, 0
    for channel in sorted({channel for kind, channel, _ in moved if kind == 0xC0}):
        yield 0xC0 | channel, 0, 0
