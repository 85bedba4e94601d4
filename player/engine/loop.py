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
    `to`, pass joins pass as they are.
    """

    def __init__(self, inner: Source, region: Region) -> None:
        self.frames = inner.frames + region.added
        self._inner = inner
        self._region = region
        self._head: Samples | None = None  # of every pass but the first

    def read(self, at: int, out: Samples) -> int:
        """See Source."""
        region, done = self._region, 0
        while done < len(out):
            song, turn = region.song(at + done)
            seam = region.exit(at + done)
            part = out[done:] if seam is None else out[done : done + seam - (at + done)]
            got = self._pass(song, part, blended=turn > 0)
            done += got
            if got < len(part):
                out[done:] = 0.0
                break
        return done

    def _pass(self, song: int, out: Samples, blended: bool) -> int:
        """Frames of one pass from song time `song` on."""
        head = self._made_head() if blended else out[:0]
        k = song - self._region.begin
        if not 0 <= k < len(head):
            return self._inner.read(song, out)
        n = min(len(out), len(head) - k)
        out[:n] = head[k : k + n]
        return n + (self._inner.read(song + n, out[n:]) if n < len(out) else 0)

    def _made_head(self) -> Samples:
        if self._head is None:
            begin, to, _ = self._region
            behind = np.zeros((min(BLEND, to - begin), 2), np.float32)
            behind = behind[: self._inner.read(to, behind)]
            head = np.zeros_like(behind)
            self._inner.read(begin, head)
            weight = (np.arange(len(head)) / max(1, len(head))).astype(np.float32)[:, np.newaxis]
            self._head = behind + (head - behind) * weight
        return self._head

    def close(self) -> None:
        """See Source."""
        self._inner.close()


def looped(source: Source, region: Region | None) -> Source:
    """`source` as a voice reads it that plays `region` of it several times."""
    return source if region is None or region.times == 1 or region.length <= 0 else Looped(source, region)
