"""Loudness by EBU R128 (ITU-R BS.1770), measured by FFmpeg's `ebur128` filter; true peak at four times the rate."""

from __future__ import annotations

import math
import shutil
import tempfile
import weakref
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
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
        self._printed: Path | None = None
        self._read = 0  # bytes of it
        if not hasattr(av.AudioFrame, "metadata"):
            filtered = self._print_behind(graph, filtered)
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

    def _print_behind(self, graph: Graph, filtered: Any) -> Any:
        """PyAV 17, the last for Python 3.10, does not show what the filter says: have it written into a file."""
        folder = tempfile.mkdtemp(prefix="needledrop-")
        weakref.finalize(self, shutil.rmtree, folder, ignore_errors=True)
        self._printed = Path(folder, "said.txt")
        path = self._printed.as_posix().replace("'", "\\'").replace(":", "\\:")
        printer = graph.add("ametadata", f"mode=print:direct=1:file={path}")
        filtered.link_to(printer)
        return printer

    def _pull(self) -> None:
        for said in self._said():
            if "lavfi.r128.I" not in said:  # the rest of a tenth of a second, at the end
                continue
            self.momentary.append(max(SILENT, _number(said["lavfi.r128.M"])))
            gated = _number(said["lavfi.r128.I"])
            self._gated = gated if gated > -70.0 else -math.inf
            self._range = max(0.0, _number(said["lavfi.r128.LRA"]))

    def _said(self) -> Iterator[dict[str, str]]:
        """What the filter says of each tenth of a second that is done."""
        while True:
            try:
                frame = self._out.pull()
            except (av.BlockingIOError, av.EOFError):
                break
            if self._printed is None:
                yield dict(frame.metadata)
        if self._printed is not None and self._printed.exists():
            yield from self._written_since()

    def _written_since(self) -> Iterator[dict[str, str]]:
        assert self._printed is not None
        with self._printed.open("rb") as file:
            file.seek(self._read)
            written = file.read()
        self._read += len(written)
        for said in written.decode("ascii").split("frame:")[1:]:
            yield dict(line.split("=", 1) for line in said.splitlines() if "=" in line)

    def _peak(self, frame: av.AudioFrame | None) -> None:
        for finer in self._oversampled.resample(frame):
            self.true_peak = max(self.true_peak, float(np.abs(finer.to_ndarray()).max(initial=0.0)))


def _number(text: str) -> float:
    value = float(text)
    return -math.inf if math.isnan(value) else value
