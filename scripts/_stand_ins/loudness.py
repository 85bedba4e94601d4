"""How loud a recording is: integrated loudness by ITU-R BS.1770-4, and its true peak."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

# The standard's two filters at 48 kHz: (b0, b1, b2), (a0, a1, a2).
SHELF = ((1.53512485958697, -2.69169618940638, 1.19839281085285), (1.0, -1.69065929318241, 0.73248077421585))
HIGH_PASS = ((1.0, -2.0, 1.0), (1.0, -1.99004745483398, 0.99007225036621))
BLOCK, STEP = 19200, 4800  # 400 ms at 48 kHz, three quarters of it shared with the next
PIECE, RINGING = 32768, 8192  # frames filtered at once; frames after which the filters are silent


def _weighted(audio: NDArray[np.float32]) -> NDArray[np.float32]:
    """The K weighting, by its response at each frequency of pieces that overlap while the filters ring."""
    back = np.exp(-2j * np.pi * np.fft.rfftfreq(PIECE))
    response = np.ones_like(back)
    for over, under in (SHELF, HIGH_PASS):
        response *= np.polyval(over[::-1], back) / np.polyval(under[::-1], back)
    out = np.empty_like(audio)
    for at in range(0, len(audio), PIECE - RINGING):
        taken = audio[max(0, at - RINGING) : at - RINGING + PIECE]
        ahead = np.zeros((max(0, RINGING - at), audio.shape[1]), np.float32)
        spectrum = np.fft.rfft(np.concatenate([ahead, taken]), PIECE, axis=0) * response[:, None]
        wanted = out[at : at + PIECE - RINGING]
        wanted[:] = np.fft.irfft(spectrum, PIECE, axis=0)[RINGING : RINGING + len(wanted)]
    return out


def _lufs(powers: NDArray[np.float64]) -> NDArray[np.float64]:
    return -0.691 + 10 * np.log10(powers + 1e-20)


def integrated(audio: NDArray[np.float32]) -> float:
    """LUFS of float (frames, channels) at 48 kHz, gated at -70 LUFS and 10 LU below what that leaves."""
    sums = np.concatenate([[0.0], np.cumsum(np.sum(_weighted(audio) ** 2, axis=1), dtype=np.float64)])
    starts = np.arange(0, len(audio) - BLOCK + 1, STEP)
    powers = (sums[starts + BLOCK] - sums[starts]) / BLOCK
    powers = powers[_lufs(powers) > -70]
    powers = powers[_lufs(powers) > _lufs(np.mean(powers)) - 10]
    return float(_lufs(np.mean(powers)))


def true_peak(audio: NDArray[np.float32]) -> float:
    """dBTP: the highest level of the recording at four times its rate, in spans around its highest samples."""
    highest = 0.0
    levels = np.abs(audio).max(axis=1)
    for place in np.argsort(levels)[-200:]:
        span = audio[max(0, place - 256) : place + 256]
        bins = np.fft.rfft(span * np.hanning(len(span))[:, None], axis=0)
        finer = np.fft.irfft(bins, 4 * len(span), axis=0) * 4
        highest = max(highest, float(np.abs(finer).max()), float(levels[place]))
    return 20 * np.log10(highest)
