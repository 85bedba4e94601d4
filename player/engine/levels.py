"""Levels in dB and as linear gain."""

from __future__ import annotations

import math


def level(db: float) -> float:
    """Linear gain of a level in dB."""
    return 0.0 if db == -math.inf else 10.0 ** (db / 20)


def decibels(gain: float) -> float:
    """Level in dB of a linear gain; 0 is -inf."""
    return 20 * math.log10(gain) if gain > 0 else -math.inf
