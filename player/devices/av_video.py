"""The pictures of a film's file, through FFmpeg's libraries. Times count from its first picture, in seconds."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import av
from av.container import InputContainer
from av.video.frame import VideoFrame
from av.video.reformatter import Interpolation

from player.devices.decode import file_trouble
from player.errors import VideoFileError

# Only what holds pictures: playlists could reach for the network.
_FORMATS: Final = (
    "asf,avi,dv,flv,h264,hevc,ivf,m4v,matroska,webm,mov,mp4,m4a,3gp,3g2,mj2,mpeg,mpegts,mpegvideo,mxf,nut,ogg,rm"
)
_THREADS: Final = 2  # the sound comes first
_BAD_IN_A_ROW: Final = 64  # packets that do not decode before the rest counts as lost


class Picture:
    """One picture of the film, as it was coded."""

    def __init__(self, at: float, frame: VideoFrame) -> None:
        self.at = at
        self._frame = frame

    def pixels(self, size: tuple[int, int]) -> bytes:
        """Scaled to `size`: four bytes a pixel, blue, green, red and one that says nothing, row by row."""
        scaled = self._frame.reformat(*size, format="bgra", interpolation=Interpolation.BILINEAR)
        return scaled.to_ndarray().tobytes()


class AvVideo:
    """The first stream of pictures of one file; for one thread at a time."""

    def __init__(self, path: str) -> None:
        """Raises VideoFileError."""
        trouble = file_trouble(path)
        if trouble:
            raise VideoFileError(path, trouble)
        self._path = path
        self._container = _opened(path)
        stream = self._container.streams.video[0]
        stream.thread_type = "AUTO"
        stream.codec_context.thread_count = _THREADS
        self._base = stream.time_base
        self._frames = self._decoded()
        try:
            first = next(self._frames, None)
        except VideoFileError:
            self._container.close()
            raise
        if first is None or self._base is None:
            self._container.close()
            raise VideoFileError(path, "holds no pictures that can be read")
        self._origin = first.pts or 0
        self._next: VideoFrame | None = first
        rate = stream.average_rate or stream.guessed_rate
        self.period = 1 / float(rate) if rate else 1 / 24
        self.size = _shape(first)

    def seek(self, at: float) -> None:
        """Go on with the picture that stands at `at`, or one before it."""
        assert self._base is not None
        stream = self._container.streams.video[0]
        self._next = None
        try:
            self._container.seek(self._origin + int(max(0.0, at) / self._base), stream=stream, backward=True)
        except av.FFmpegError as error:
            raise VideoFileError(self._path, "cannot be searched") from error
        self._frames = self._decoded()

    def next(self) -> Picture | None:
        """The picture after the last one; None behind the last. Raises VideoFileError where the file is damaged."""
        frame, self._next = self._next, None
        while frame is None or frame.pts is None:
            frame = next(self._frames, None)
            if frame is None:
                return None
        assert self._base is not None
        return Picture(float((frame.pts - self._origin) * self._base), frame)

    def _decoded(self) -> Iterator[VideoFrame]:
        bad = 0
        packets = self._container.demux(self._container.streams.video[0])
        while True:
            try:
                packet = next(packets, None)
                if packet is None:
                    return
                yield from packet.decode()
                bad = 0
            except av.FFmpegError as error:
                bad += 1
                if bad >= _BAD_IN_A_ROW:
                    raise VideoFileError(self._path, "is damaged and does not decode") from error

    def close(self) -> None:
        """Let go of the file."""
        self._container.close()


def _opened(path: str) -> InputContainer:
    options = {"format_whitelist": _FORMATS, "protocol_whitelist": "file"}
    try:
        container = av.open(path, container_options=options, metadata_errors="replace")
    except (av.FFmpegError, OSError, ValueError) as error:
        raise VideoFileError(path, "is not a video we can read") from error
    streams = container.streams.video
    if not streams or not hasattr(streams[0].codec_context, "name"):
        container.close()
        raise VideoFileError(path, "has no pictures in it" if not streams else "is not a video we can read")
    return container


def _shape(frame: VideoFrame) -> tuple[int, int]:
    """Width and height as they are meant to be seen."""
    wide, high = frame.width, frame.height
    aspect = getattr(frame, "sample_aspect_ratio", None)
    return (round(wide * aspect), high) if aspect else (wide, high)
