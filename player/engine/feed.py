"""Where a voice gets its frames: the side of a loader that the audio thread sees."""

from __future__ import annotations

from typing import Protocol

from player.engine.ramp import Flat


class Feed(Protocol):
    """Frames of one source, ahead of the voice that plays them."""

    def view(self, at: int, n: int) -> Flat | None:
        """Up to `n` frames from frame `at` on, at least one, interleaved; None where there are none (yet).

        The view holds until the next call. Calls go forward, but for looks of at most 4,096 frames ahead.
        Audio thread: never waits, reads no disk (a feed for rendering does both, on the rendering thread).
        """


class Silence:
    """A feed with nothing in it."""

    def view(self, at: int, n: int) -> Flat | None:
        """None: there is nothing to hear."""
        return None


class Skipped(Silence):
    """What stands for a feed while time is skipped; `token` is whom it is for."""

    def __init__(self, token: int) -> None:
        self.token = token
