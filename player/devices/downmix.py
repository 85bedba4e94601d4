"""Any number of channels to two."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from player.engine.source import Samples

_HALF_POWER = 0.5**0.5

# ITU-R BS.775: centre and surrounds 3 dB down into the sides, low-frequency effects left out. Nothing is
# scaled to make room: the front pair keeps its level, and what then goes over full scale is reported by the
# meters.
_SHARES = {
    "FL": (1.0, 0.0),
    "FR": (0.0, 1.0),
    "DL": (1.0, 0.0),
    "DR": (0.0, 1.0),
    "FC": (_HALF_POWER, _HALF_POWER),
    "FLC": (1.0, 0.0),
    "FRC": (0.0, 1.0),
    "BL": (_HALF_POWER, 0.0),
    "BR": (0.0, _HALF_POWER),
    "SL": (_HALF_POWER, 0.0),
    "SR": (0.0, _HALF_POWER),
    "BC": (0.5, 0.5),
}


def to_stereo(block: NDArray[np.float32], names: tuple[str, ...]) -> Samples:
    """`block` (n, channels) as (n, 2): stereo untouched, mono on both sides at unity, more by their `names`.

    Channels without a name or a place of their own (height, low-frequency effects) are left out.
    """
    channels = block.shape[1]
    if channels == 2:
        return block
    if channels == 1:
        return np.repeat(block, 2, axis=1)
    out: Samples = np.zeros((len(block), 2), np.float32)
    for index, name in enumerate(names[:channels]):
        for side, share in enumerate(_SHARES.get(name, (0.0, 0.0))):
            if share:
                out[:, side] += block[:, index] * np.float32(share)
    return out
