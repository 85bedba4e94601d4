"""A loop unrolled: its passes one behind the other, so that whoever plays it need not know of it."""

from __future__ import annotations

from typing import Final

import numpy as np

from player.engine.source import Region, Samples, Source

BLEND: Final = 240  # frames at the head of a pass under which the sound behind the loop goes out


class Looped:
    """`inner` with its frames [begin, to) played `region.times` times, without end for 0.

    At each seam what follows `to` goes out linearly under the head of the region: neither a constant nor a slow wave
    jumps there, and a loop that is cut well, whose end goes on as its begin does, is exact. Where nothing follows
    `to`, pass joins pass as they are. What follows is read on from the pass that ends, and each pass is read from its
    own begin: where a seek is not exact, as with MIDI, nothing jumps either.
    """

    def __init__(self, inner: Source, region: Region) -> None:
        self.frames = inner.frames + region.added
        self._inner = inner
        self._region = region
        self._at = 0  # where the next read goes on, if it does
        self._behind: Samples | None = None  # what follows the pass before the one that is read

    def read(self, at: int, out: Samples) -> int:
        """See Source."""
        region, done = self._region, 0
        if at != self._at:
            self._behind = None
        while done < len(out):
            song, turn = region.song(at + done)
            seam = region.exit(at + done)
            part = out[done:] if seam is None else out[done : done + seam - (at + done)]
            got = self._pass(song, part, blended=turn > 0)
            done += got
            if got < len(part):
                out[done:] = 0.0
                break
            if at + done == seam:
                self._behind = self._after()
        self._at = at + done
        return done

    def _pass(self, song: int, out: Samples, blended: bool) -> int:
        """Frames of one pass from song time `song` on."""
        k = song - self._region.begin
        if blended and 0 <= k < BLEND and self._behind is None:
            self._behind = self._after()
        got = self._inner.read(song, out)
        if blended and self._behind is not None and 0 <= k < len(self._behind):
            behind = self._behind[k : k + got]
            weight = (np.arange(k, k + len(behind)) / len(self._behind)).astype(np.float32)[:, np.newaxis]
            out[: len(behind)] = behind + (out[: len(behind)] - behind) * weight
        return got

    def _after(self) -> Samples:
        """What follows the region; the inner source goes on with it where it has just come to the end of a pass."""
        begin, to, _ = self._region
        behind = np.zeros((min(BLEND, to - begin), 2), np.float32)
        return behind[: self._inner.read(to, behind)]

    def close(self) -> None:
        """See Source."""
        self._inner.close()


def looped(source: Source, region: Region | None) -> Source:
    """`source` as a voice reads it that plays `region` of it several times."""
    return source if region is None or region.times == 1 or region.length <= 0 else Looped(source, region)
