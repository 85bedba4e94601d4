"""A stock over material that never ends."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest

from player.host.stock import Stock


class Endless:
    """Material that tells where it is read."""

    frames = 1 << 40

    def read(self, at: int, out: np.ndarray) -> int:
        out[:] = at
        return len(out)

    def close(self) -> None:
        pass


@pytest.fixture
def stock() -> Iterator[Stock]:
    made = Stock(lambda spec: Endless())
    yield made
    made.forget()
    for feed in [*made.playing, *made._behind.values()]:
        feed.closed = True
