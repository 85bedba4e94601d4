"""Cutting, fading and splitting of whole recordings, off line. The only importer of pydub.

pydub works in milliseconds, on sound that is in memory as a whole.
"""

from __future__ import annotations

import warnings
from typing import Any, Final

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # it looks for a program that we do not use, and audioop is on its way out
    from pydub import AudioSegment
    from pydub.silence import detect_leading_silence, detect_nonsilent

KEPT: Final = 100  # ms of silence left around what is heard: a room's breath
_FULL: Final = 2.0**31
_STEP: Final = 10  # ms between two looks for silence


class Sound(Struct, frozen=True):
    """A recording in memory: int32 (frames, channels), full scale, and frames a second."""

    samples: NDArray[np.int32]
    rate: int

    @property
    def seconds(self) -> float:
        """How long it is."""
        return len(self.samples) / self.rate


def sound_of(samples: NDArray[np.float32], rate: int) -> Sound:
    """A sound of what a decoder gives: (frames, channels), full scale +-1.0."""
    scaled = np.clip(np.rint(samples.astype(np.float64) * _FULL), -_FULL, _FULL - 1)
    return Sound(scaled.astype(np.int32), rate)


def cut(sound: Sound, begin: float | None, end: float | None) -> Sound:
    """What lies between two places, in seconds; None: the start, the end."""
    segment = _segment(sound)
    stop = len(segment) if end is None else round(end * 1000)
    return _sound(segment[round((begin or 0.0) * 1000) : stop])


def trim(sound: Sound, threshold: float) -> tuple[Sound, float, float]:
    """The sound without silence, below `threshold` dBFS, at its ends; and how many seconds that was at each.

    A sound that is silent all through stays as it is.
    """
    segment = _segment(sound)
    before = detect_leading_silence(segment, threshold, _STEP)
    if before >= len(segment):
        return sound, 0.0, 0.0
    after = detect_leading_silence(segment.reverse(), threshold, _STEP)
    first, last = max(0, before - KEPT), max(0, after - KEPT)
    return _sound(segment[first : len(segment) - last]), first / 1000, last / 1000


def fade(sound: Sound, rise: float, fall: float) -> Sound:
    """The sound with a fade at its start and at its end, in seconds."""
    segment = _segment(sound)
    if rise:
        segment = segment.fade_in(min(len(segment), round(rise * 1000)))
    if fall:
        segment = segment.fade_out(min(len(segment), round(fall * 1000)))
    return _sound(segment)


def split(sound: Sound, threshold: float, pause: float) -> list[Sound]:
    """The parts between pauses, trimmed: silence below `threshold` dBFS of `pause` seconds or more."""
    segment = _segment(sound)
    heard = detect_nonsilent(segment, round(pause * 1000), threshold, _STEP)
    parts = (_sound(segment[max(0, begin - KEPT) : min(len(segment), end + KEPT)]) for begin, end in heard)
    return [trim(part, threshold)[0] for part in parts]


def _segment(sound: Sound) -> Any:
    channels = sound.samples.shape[1]
    data = np.ascontiguousarray(sound.samples, "<i4").tobytes()
    return AudioSegment(data=data, sample_width=4, frame_rate=sound.rate, channels=channels)


def _sound(segment: Any) -> Sound:
    samples = np.frombuffer(segment.raw_data, "<i4").reshape(-1, segment.channels)
    return Sound(samples.astype(np.int32), segment.frame_rate)
