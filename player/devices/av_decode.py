"""MP3, M4A, AAC and the sound of videos, through FFmpeg's libraries.

The only importer of av. Positions count from the first frame that decodes; after a seek they come from the
packet's time. That is exact, except for sound in blocks of changing size in a container whose clock is
coarser than a frame (Vorbis in Matroska, WMA): there a seek may land up to a millisecond off.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import islice

import av
import numpy as np
from av.audio.frame import AudioFrame
from av.container import InputContainer
from numpy.typing import NDArray

from player.errors import AudioFileError

av.logging.set_level(None)

# Only what holds sound: playlists could reach for the network, pictures and subtitles have nothing for us.
_FORMATS = (
    "aac,ac3,aiff,amr,ape,asf,au,avi,caf,dsf,dts,eac3,flac,flv,matroska,webm,mov,mp4,m4a,3gp,mp3,mpc,mpc8,"
    "mpeg,mpegts,ogg,rm,tak,truehd,tta,w64,wav,wv"
)
_UNTIMED = {"aac", "ac3", "eac3", "mp3", "dts", "truehd"}  # no clock of their own: packets are counted
_EVEN = {"aac", "ac3", "eac3", "mp2", "mp3", "mp3float", "opus", "flac", "alac", "dca"}  # frames of one size
_SCALE = {"s16": 2.0**-15, "s32": 2.0**-31, "s64": 2.0**-63, "flt": 1.0, "dbl": 1.0}
_BAD_IN_A_ROW = 64  # packets that do not decode before the rest counts as lost

Block = NDArray[np.float32]


class AvDecoder:
    """The first sound stream of one file at its own rate. Any `at` may be read; for one thread at a time."""

    def __init__(self, path: str, *, length_told: bool) -> None:
        self._path = path
        self._container = open_container(path)
        self._blocks: Iterator[tuple[int, Block]] = iter(())
        self._rest: Block = np.zeros((0, 1), np.float32)
        self._at = -1
        try:
            self._prepare(length_told)
        except (av.FFmpegError, ValueError) as trouble:
            self._container.close()
            raise AudioFileError(path, "is damaged and does not decode") from trouble
        except AudioFileError:
            self._container.close()
            raise

    def _prepare(self, length_told: bool) -> None:
        """Learn rate, channels and length; the formats' peculiarities end here."""
        stream = self._container.streams.audio[0]
        even = stream.codec_context.name in _EVEN
        step = next((packet.duration for packet in self._container.demux(stream) if packet.size), None)
        self._reopen()
        stream = self._container.streams.audio[0]
        first = list(islice(self._decoded(), 2))
        if not first:
            raise AudioFileError(self._path, "is damaged and does not decode")
        self.rate = int(first[0].sample_rate)
        self.names = tuple(channel.name for channel in first[0].layout.channels)
        self.channels = len(self.names)
        self._untimed = self._container.format.name in _UNTIMED and even and bool(step)
        # A counted packet lasts exactly its samples; the duration it states may be rounded.
        counted = Fraction(first[-1].samples, self.rate * (step or 1))
        self._base = counted if self._untimed else stream.time_base or Fraction(1, self.rate)
        self._origin = (first[0].pts or 0) * self._base
        self._coarse = self._base * self.rate > 1
        self._lead = int(first[0].samples)
        self._grid = int(first[-1].samples) if self._coarse and even else 0
        self._preroll = self.rate // 2  # the bit reservoir, and what Opus takes to settle
        self.frames = self._length(length_told)
        self._restart()

    def read(self, at: int, count: int, out: Block | None = None) -> Block:
        """Up to `count` frames from `at` as float32 (n, channels); fewer only at the end or at a break."""
        count = max(0, min(count, self.frames - at))
        if at != self._at:
            self._seek(at)
        got, blocks = 0, []
        while got < count:
            if not len(self._rest):
                following = next(self._blocks, None)
                if following is None:
                    break
                self._rest = following[1]
            blocks.append(self._rest[: count - got])
            self._rest = self._rest[len(blocks[-1]) :]
            got += len(blocks[-1])
        self._at = at + got
        return np.concatenate(blocks) if blocks else self._silence(0)

    def close(self) -> None:
        self._container.close()

    def _silence(self, count: int) -> Block:
        return np.zeros((count, self.channels), np.float32)

    def _reopen(self) -> None:
        self._container.close()
        self._container = open_container(self._path)

    def _restart(self) -> None:
        """Back to the first frame, by opening again: only then do all formats drop their encoder's delay."""
        self._reopen()
        self._rest = self._silence(0)
        self._blocks = self._run(0)
        self._at = 0

    def _seek(self, at: int) -> None:
        target = at - self._preroll
        if target <= 0 or not self._jump(target) or not self._skip_to(at):
            self._restart()
            self._skip_to(at)
        self._at = at

    def _jump(self, target: int) -> bool:
        """Go on with the packets from `target` or a little before; False where the file cannot."""
        time = Fraction(target, self.rate) + self._origin
        try:
            self._container.seek(int(time / self._base), stream=self._container.streams.audio[0])
        except av.FFmpegError:
            return False
        self._blocks = self._run(None)
        return True

    def _skip_to(self, at: int) -> bool:
        """Leave what follows `at` to be read; False where the blocks begin after it or end before."""
        self._rest = self._silence(0)
        for start, block in self._blocks:
            if start + len(block) > at:
                self._rest = block[max(0, at - start) :]
                return start <= at
        return False

    def _run(self, at: int | None) -> Iterator[tuple[int, Block]]:
        """Blocks and where they start, the first at `at` or where its own time says. Loss becomes silence."""
        self._lost = False
        for frame in self._decoded():
            if frame.sample_rate != self.rate or len(frame.layout.channels) != self.channels:
                return
            if (at is None or self._lost) and frame.pts is not None:
                there = self._position(frame.pts)
                if at is not None and there > at:
                    yield at, self._silence(there - at)
                at = there if at is None else max(at, there)
            if at is None:
                continue
            self._lost = False
            block = _floats(frame, self.channels)
            yield at, block
            at += len(block)

    def _decoded(self) -> Iterator[AudioFrame]:
        bad = 0
        packets = self._container.demux(self._container.streams.audio[0])
        while bad < _BAD_IN_A_ROW:
            try:
                frames = next(packets).decode()
            except StopIteration:
                return
            except (av.FFmpegError, ValueError):
                bad += 1
                self._lost = True
                continue
            for frame in frames:
                bad = 0
                if frame.samples:
                    yield frame

    def _position(self, pts: int) -> int:
        at = round((pts * self._base - self._origin) * self.rate)
        if self._grid and at > 0:
            return self._lead + max(0, round((at - self._lead) / self._grid)) * self._grid
        return at

    def _length(self, told: bool) -> int:
        """Where the sound ends; of a file that was cut off, where it would have ended."""
        stream = self._container.streams.audio[0]
        header = round(Fraction(stream.duration or 0) * self._base * self.rate)
        if self._untimed:
            return header if told and header else self._counted_end()
        end = self._timed_end()
        if not header and len(self._container.streams) == 1:
            header = round(Fraction(self._container.duration or 0, av.time_base) * self.rate)
        return header if header - end > self.rate else end

    def _counted_end(self) -> int:
        self._restart()
        packets = self._last_packet_end()
        if packets > 2 * self.rate and self._jump(packets - self.rate):
            return self._last_block_end() or packets  # less than the packets, where a tag tells the padding
        self._restart()
        return self._last_block_end()

    def _timed_end(self) -> int:
        """The end as found in the last two seconds; 0 where they cannot be found."""
        whole = Fraction(self._container.duration or 0, av.time_base)
        if whole <= 2:
            self._restart()
        elif not self._jump(round((whole - 2) * self.rate)):
            return 0
        return self._last_block_end() if self._coarse else self._last_packet_end()

    def _last_packet_end(self) -> int:
        end = Fraction(0)
        try:
            for packet in self._container.demux(self._container.streams.audio[0]):
                if packet.pts is not None:
                    end = max(end, (packet.pts + (packet.duration or 0)) * self._base)
        except av.FFmpegError:
            pass  # what came before the damage counts
        return max(0, round((end - self._origin) * self.rate))

    def _last_block_end(self) -> int:
        return max((start + len(block) for start, block in self._blocks), default=0)


def open_file(path: str, *, length_told: bool = False) -> AvDecoder:
    """The decoder for `path`. Raises AudioFileError where there is no sound in it or none that can be read.

    length_told: an MP3 has its length in a tag (FFmpeg then reads it, and does not say that it did);
    without one all of the file is walked to find its end.
    """
    return AvDecoder(path, length_told=length_told)


def open_container(path: str) -> InputContainer:
    """The file at `path`, with sound of a kind that can be decoded. Raises AudioFileError."""
    options = {"format_whitelist": _FORMATS, "protocol_whitelist": "file"}
    try:
        container = av.open(path, container_options=options, metadata_errors="replace")
    except (av.FFmpegError, OSError, ValueError) as trouble:
        raise AudioFileError(path, "is not audio we can read") from trouble
    if not container.streams.audio:
        container.close()
        raise AudioFileError(path, "has no sound in it")
    if not hasattr(container.streams.audio[0].codec_context, "name"):  # None, for a kind that FFmpeg does not know
        container.close()
        raise AudioFileError(path, "is not audio we can read")
    return container


def _floats(frame: AudioFrame, channels: int) -> Block:
    """The frame as float32 (n, channels); integers by their full scale, as everywhere here."""
    if frame.format.is_planar and channels >= 8:  # PyAV 18 crashes on the planes of such a frame
        packed = av.AudioResampler(format=frame.format.packed, layout=frame.layout, rate=frame.sample_rate)
        frame = packed.resample(frame)[0]
    kind = frame.format.packed.name
    data = frame.to_ndarray()
    data = data.T if frame.format.is_planar else data.reshape(-1, channels)
    if kind == "u8":
        return ((data.astype(np.float32) - 128.0) / 128.0).astype(np.float32)
    return np.ascontiguousarray(data * _SCALE[kind], dtype=np.float32)
