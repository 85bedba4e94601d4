"""Material for the tests, made on the spot."""

from __future__ import annotations

from pathlib import Path

import av
import numpy as np
import soundfile
from av.audio.stream import AudioStream
from numpy.typing import NDArray

Sound = NDArray[np.float32]  # (frames, channels)


def noise(frames: int, channels: int = 2, seed: int = 1) -> Sound:
    """Noise at about -20 dB: every place in it is unlike every other."""
    return (np.random.default_rng(seed).standard_normal((frames, channels)) * 0.1).astype(np.float32)


def sweep(frames: int, rate: int) -> Sound:
    """A rising tone left and a steady one right, on which lossy encoders of variable rate save."""
    t = np.arange(frames) / rate
    left, right = np.sin(2 * np.pi * (200 + 100 * t) * t), np.sin(2 * np.pi * 330 * t)
    return np.stack([0.5 * left, 0.3 * right], axis=1).astype(np.float32)


def write(path: Path, sound: Sound, rate: int, subtype: str) -> str:
    """A file of libsndfile's formats; returns its path as the sources want it."""
    kind = "OGG" if path.suffix == ".opus" else path.suffix[1:].upper()
    soundfile.write(path, sound, rate, subtype=subtype, format=kind)
    return str(path)


def encode(
    path: Path,
    sound: Sound,
    rate: int,
    codec: str,
    *,
    codec_options: dict[str, str] | None = None,
    container_options: dict[str, str] | None = None,
) -> str:
    """A file of FFmpeg's formats, told by the name; returns its path."""
    with av.open(str(path), "w", options=container_options or {}) as out:
        stream = out.add_stream(codec, rate=rate, layout="stereo", options=codec_options or {})
        assert isinstance(stream, AudioStream)
        for start in range(0, len(sound), 1024):
            part = np.ascontiguousarray(sound[start : start + 1024].T)
            frame = av.AudioFrame.from_ndarray(part, format="fltp", layout="stereo")
            frame.sample_rate, frame.pts = rate, start
            out.mux(stream.encode(frame))
        out.mux(stream.encode(None))
    return str(path)


def untold_mp3(path: Path, sound: Sound, rate: int) -> str:
    """An MP3 of variable bit rate without the tag that tells its length."""
    return encode(
        path,
        sound,
        rate,
        "libmp3lame",
        codec_options={"flags": "+qscale", "global_quality": str(4 * 118)},
        container_options={"write_xing": "0", "id3v2_version": "0"},
    )
