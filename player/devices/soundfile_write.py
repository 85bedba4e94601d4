"""Whole recordings written by libsndfile, in the format that their name tells."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import numpy as np
import soundfile
from numpy.typing import NDArray

from player.errors import ExportError

FORMATS: Final = {
    "wav": ("WAV", "PCM_24"),
    "flac": ("FLAC", "PCM_24"),
    "aiff": ("AIFF", "PCM_24"),
    "ogg": ("OGG", "VORBIS"),
    "opus": ("OGG", "OPUS"),
    "mp3": ("MP3", "MPEG_LAYER_III"),
}
_OPUS_RATES: Final = (8_000, 12_000, 16_000, 24_000, 48_000)
_BLOCK: Final = 1 << 16


def why_not(kind: str, rate: int, channels: int) -> str | None:
    """Why a recording cannot be written so, as a clause, or None."""
    if kind == "opus" and rate not in _OPUS_RATES:
        return f"has {rate} frames a second, which Opus does not know: write flac or ogg"
    if kind == "mp3" and (channels > 2 or rate > 48_000):
        return "has more channels or a higher rate than MP3 knows: write flac or ogg"
    return None


def write(path: Path, kind: str, samples: NDArray[np.int32], rate: int, title: str, artist: str, album: str) -> None:
    """Write int32 (frames, channels) with its tags as one of FORMATS. Raises ExportError."""
    container, subtype = FORMATS[kind]
    try:
        path.write_bytes(b"")  # the system's own words where that cannot be
        with soundfile.SoundFile(
            path, "w", samplerate=rate, channels=samples.shape[1], format=container, subtype=subtype
        ) as file:
            for name, text in (("title", title), ("artist", artist), ("album", album)):
                if text:
                    setattr(file, name, text)
            for at in range(0, len(samples), _BLOCK):
                file.write(samples[at : at + _BLOCK])
    except (OSError, soundfile.LibsndfileError, AssertionError) as error:
        why = getattr(error, "strerror", None) or str(error) or "not all of it was written"
        raise ExportError(str(path), f"cannot be written: {why.lower()}") from error
