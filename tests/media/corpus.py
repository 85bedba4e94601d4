"""Tagged recordings by the thousand: a few short sounds, encoded once, and copied with other tags."""

from __future__ import annotations

import io
from functools import lru_cache
from pathlib import Path
from typing import cast

import av
import numpy as np
import soundfile
from av.audio.stream import AudioStream

RATE = 16_000
CODECS = {"mp3": "libmp3lame", "flac": "flac", "ogg": "", "opus": "libopus", "m4a": "aac", "wav": "pcm_s16le",
          "aiff": "pcm_s16be", "mka": "flac"}  # fmt: skip
_CONTAINERS = {"m4a": "ipod", "mka": "matroska"}


def write(path: Path, seconds: float = 0.2, **tags: str) -> Path:
    """A recording of this length with these tags, in the format that its name tells."""
    kind = path.suffix[1:]
    container = _CONTAINERS.get(kind, kind)
    path.parent.mkdir(parents=True, exist_ok=True)
    options = {"write_id3v2": "1"} if kind == "aiff" else {}
    with (
        av.open(io.BytesIO(_sound(kind, seconds))) as plain,
        av.open(str(path), "w", format=container, options=options) as out,
    ):
        stream = out.add_stream_from_template(plain.streams.audio[0])
        out.metadata.update(tags)
        if kind in ("ogg", "opus"):
            stream.metadata.update(tags)
        for packet in plain.demux(plain.streams.audio[0]):
            if packet.dts is not None:
                packet.stream = stream
                out.mux(packet)
    return path


@lru_cache
def _sound(kind: str, seconds: float) -> bytes:
    """A tone without tags, as bytes of a file."""
    rate = 48_000 if kind == "opus" else RATE
    tone = (0.2 * np.sin(np.arange(round(seconds * rate)) * 0.05)).astype(np.float32)
    held = io.BytesIO()
    if kind == "ogg":  # FFmpeg's own encoder of Vorbis needs two channels, and is called experimental
        soundfile.write(held, tone, rate, format="OGG", subtype="VORBIS")
        return held.getvalue()
    with av.open(held, "w", format=_CONTAINERS.get(kind, kind)) as out:
        stream = cast(AudioStream, out.add_stream(CODECS[kind], rate=rate, layout="mono"))
        size = stream.codec_context.frame_size or 1024
        resampler = av.AudioResampler(format=stream.format.name, layout="mono", rate=rate, frame_size=size)
        frame = av.AudioFrame.from_ndarray(tone[None, :], format="fltp", layout="mono")
        frame.sample_rate, frame.pts = rate, 0
        for part in [*resampler.resample(frame), *resampler.resample(None)]:
            out.mux(stream.encode(part))
        out.mux(stream.encode(None))
    return held.getvalue()
