"""Loudness by EBU R128 (ITU-R BS.1770), measured by FFmpeg's `ebur128` filter; true peak at four times the rate."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any, Final

import av
import numpy as np
from av.filter import Graph
from numpy.typing import NDArray

from player.engine import RATE

STEP: Final = RATE // 10  # frames between two values of momentary loudness
WINDOW: Final = 4 * STEP  # frames that one value looks back over
SILENT: Final = -120.0  # LUFS: what stands for less


class Meter:
    """Measures one sound, block after block, at 48 kHz.

    `momentary`: LUFS of the last 400 ms, every 100 ms; SILENT where there is nothing. `true_peak`: linear.
    """

    def __init__(self, layout: str = "stereo") -> None:
        self.momentary: list[float] = []
        self.true_peak = 0.0
        self._layout = layout
        self._at = 0
        self._oversampled = av.AudioResampler(format="flt", layout=layout, rate=4 * RATE)
        graph = Graph()
        self._into = graph.add(
            "abuffer", f"sample_rate={RATE}:sample_fmt=flt:channel_layout={layout}:time_base=1/{RATE}"
        )
        filtered = graph.add("ebur128", "metadata=1:framelog=quiet")
        self._out = graph.add("abuffersink")
        self._into.link_to(filtered)
        filtered.link_to(self._out)
        graph.configure()
        self._graph = graph
        self._gated = -math.inf
        self._range = 0.0

    def feed(self, block: NDArray[np.float32]) -> None:
        """Go on with (frames, channels), full scale +-1.0."""
        if not len(block):
            return
        frame = av.AudioFrame.from_ndarray(block.reshape(1, -1), format="flt", layout=self._layout)
        frame.sample_rate, frame.pts, frame.time_base = RATE, self._at, Fraction(1, RATE)
        self._at += len(block)
        self._into.push(frame)
        self._pull()
        self._peak(frame)

    def finish(self) -> tuple[float, float]:
        """Integrated loudness in LUFS, -inf of silence, and loudness range in LU."""
        if self._at:
            self._into.push(None)
            self._pull()
            self._peak(None)
        return self._gated, self._range

    def _pull(self) -> None:
        while True:
            try:
                said: dict[str, Any] = self._out.pull().metadata
            except (av.BlockingIOError, av.EOFError):
                return
            if "lavfi.r128.I" not in said:  # the rest of a tenth of a second, at the end
                continue
            momentary = _number(said.get("lavfi.r128.M"))
            self.momentary.append(max(SILENT, momentary))
            gated = _number(said.get("lavfi.r128.I"))
            self._gated = gated if gated > -70.0 else -math.inf
            self._range = max(0.0, _number(said.get("lavfi.r128.LRA")))

    def _peak(self, frame: av.AudioFrame | None) -> None:
        for finer in self._oversampled.resample(frame):
            self.true_peak = max(self.true_peak, float(np.abs(finer.to_ndarray()).max(initial=0.0)))


def _number(text: str | None) -> float:
    value = float(text) if text else math.nan
    return -math.inf if math.isnan(value) else value
