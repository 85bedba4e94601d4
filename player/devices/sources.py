"""Everything that can sound, opened as a `Source`: 48 kHz stereo in song time."""

from __future__ import annotations

import numpy as np
from msgspec.structs import replace

from player.devices.clicks import ClickSource
from player.devices.decode import Decoder, open_decoder
from player.devices.downmix import to_stereo
from player.devices.midi_loop import SHORTEST, open_midi
from player.devices.resample import Resampler, frames_at_our_rate
from player.engine import RATE
from player.engine.loop import looped
from player.engine.source import Region, Samples, Source, SourceSpec
from player.errors import AudioFileError, MidiFileError

_SLACK = RATE // 10  # a file may end this much before the length it states: padding, not damage


def open_source(spec: SourceSpec) -> Source:
    """The material `spec` names, ready to be read; its length is known and does not change any more.

    Raises AudioFileError or MidiFileError with what is wrong with the file. Takes milliseconds, MIDI some
    tens; may run on any thread.
    """
    match spec.kind:
        case "silence":
            return Silence(spec.frames)
        case "clicks":
            assert spec.clicks is not None, "clicks are told which"
            return ClickSource(spec.clicks)
        case "audio":
            source: Source = AudioSource(spec.path, open_decoder(spec.path))
        case "midi":
            source = open_midi(spec.path, spec.transpose)
            if region := _in_file(spec, source.frames):
                return _looped_midi(spec, region)
    if spec.offset:
        if spec.offset >= source.frames:
            source.close()
            kind = AudioFileError if spec.kind == "audio" else MidiFileError
            late, end = clock(spec.offset), clock(source.frames)
            raise kind(spec.path, f"ends at {end}, before its offset of {late}")
        source = Shifted(source, spec.offset)
    if spec.gain_db:
        source = Gained(source, spec.gain_db)
    return looped(Repeated(source) if spec.repeat else source, spec.loop)


def _in_file(spec: SourceSpec, frames: int) -> Region | None:
    """The loop of a MIDI cue in frames of its file; None where it has none or that is not all within the file."""
    if spec.loop is None or spec.loop.times == 1 or spec.loop.length < SHORTEST:
        return None
    begin, to = spec.loop.begin + spec.offset, spec.loop.to + spec.offset
    return Region(begin, to, spec.loop.times) if begin >= 0 and to <= frames else None


def _looped_midi(spec: SourceSpec, region: Region) -> Source:
    source: Source = open_midi(spec.path, spec.transpose, region)
    if spec.repeat and region.times:
        source = Joined(source, replace(spec, loop=None))
    if spec.offset:
        source = Shifted(source, spec.offset)
    return Gained(source, spec.gain_db) if spec.gain_db else source


def clock(frames: int) -> str:
    """`frames` as m:ss, for messages."""
    seconds = frames // RATE
    return f"{seconds // 60}:{seconds % 60:02d}"


class AudioSource:
    """A recording, decoded as it is read.

    Where the file ends before the length it promised, silence takes over, and the first read that lies wholly behind
    the break, or behind the end, raises AudioFileError; later ones give silence, so that a cue keeps its timing.
    """

    def __init__(self, path: str, decoder: Decoder) -> None:
        self.frames = frames_at_our_rate(decoder.frames, decoder.rate)
        self._path = path
        self._decoder = decoder
        self._resampler = None if decoder.rate == RATE else Resampler(decoder.rate, self._pull)
        self._end = self.frames  # where it breaks off, as far as is known
        self._break = ""
        self._told = False

    def read(self, at: int, out: Samples) -> int:
        """Fill `out` with frames from `at`; see the class for damage. Runs on one loader thread at a time."""
        wanted = max(0, min(len(out), self.frames - at))
        there = max(0, min(wanted, self._end - at))
        if not there:
            block = out[:0]
        elif self._resampler is not None:
            block = self._resampler.read(at, there)
        else:
            block = self._pull(at, there, out)
        if not np.may_share_memory(block, out):
            out[: len(block)] = block
        out[len(block) :] = 0.0
        if len(block) < there and at + len(block) < self.frames - _SLACK:
            self._end = at + len(block)
            self._break = f"{'at' if len(block) else 'before'} {clock(self._end)}"
        if at >= self._end and self._break and not self._told:
            self._told = True
            raise AudioFileError(self._path, f"breaks off {self._break} of {clock(self.frames)}")
        return wanted

    def _pull(self, at: int, count: int, out: Samples | None = None) -> Samples:
        out = out if self._decoder.channels == 2 else None
        return to_stereo(self._decoder.read(at, count, out), self._decoder.names)

    def close(self) -> None:
        self._decoder.close()


class Silence:
    """No sound, of a given length."""

    def __init__(self, frames: int) -> None:
        self.frames = frames

    def read(self, at: int, out: Samples) -> int:
        out[:] = 0.0
        return max(0, min(len(out), self.frames - at))

    def close(self) -> None:
        pass


class Shifted:
    """`inner` from its frame `offset` on; a negative offset puts silence before it."""

    def __init__(self, inner: Source, offset: int) -> None:
        self.frames = inner.frames - offset
        self._inner = inner
        self._offset = offset

    def read(self, at: int, out: Samples) -> int:
        silent = max(0, min(len(out), -(at + self._offset)))
        out[:silent] = 0.0
        if silent == len(out):
            return silent
        return silent + self._inner.read(at + silent + self._offset, out[silent:])

    def close(self) -> None:
        self._inner.close()


class Gained:
    """`inner`, louder or softer by `gain_db`."""

    def __init__(self, inner: Source, gain_db: float) -> None:
        self.frames = inner.frames
        self._inner = inner
        self._factor = np.float32(10.0 ** (gain_db / 20.0))

    def read(self, at: int, out: Samples) -> int:
        got = self._inner.read(at, out)
        out *= self._factor
        return got

    def close(self) -> None:
        self._inner.close()


class Repeated:
    """`inner` again and again: `frames` stays the length of one turn, and a read beyond it wraps."""

    def __init__(self, inner: Source) -> None:
        self.frames = inner.frames
        self._inner = inner

    def read(self, at: int, out: Samples) -> int:
        done = 0
        while done < len(out):
            turn = (at + done) % self.frames
            part = out[done : done + self.frames - turn]
            got = self._inner.read(turn, part)
            done += got
            if got < len(part):
                out[done:] = 0.0
                break
        return done

    def close(self) -> None:
        self._inner.close()


class Joined:
    """`inner`, and behind its end the material of `spec` from its beginning on."""

    def __init__(self, inner: Source, spec: SourceSpec) -> None:
        self.frames = inner.frames
        self._inner = inner
        self._spec = spec
        self._behind: Source | None = None

    def read(self, at: int, out: Samples) -> int:
        n = max(0, min(len(out), self.frames - at))
        got = self._inner.read(at, out[:n]) if n else 0
        if n == len(out):
            return got
        self._behind = self._behind or open_source(self._spec)
        return n + self._behind.read(at + n - self.frames, out[n:])

    def close(self) -> None:
        self._inner.close()
        if self._behind is not None:
            self._behind.close()
