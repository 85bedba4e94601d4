"""What the show knows of an engine, wherever it runs."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from player.engine.commands import Batch
from player.engine.source import SourceSpec
from player.engine.status import Event, Status
from player.host.history import History
from player.host.wanted import Wanted


class Engine(Protocol):
    """An engine one can command. Nothing here waits for it."""

    def send(self, batch: Batch, snapshot: bytes = b"") -> None:
        """Let `batch` be executed at the next frame. `snapshot`: what `keep` leaves, in the same breath."""

    def prepare(self, wanted: Iterable[tuple[SourceSpec, int]]) -> None:
        """Make ready to start each source at its frame; what was prepared and is not wanted now is let go."""

    def want(self, wanted: Wanted) -> None:
        """Go over to another device, buffer or limiter, without a click."""

    def stir(self) -> None:
        """Somebody is there: an engine that sleeps has its device ready. Cheap, for every key."""

    def events(self) -> list[Event]:
        """What has happened since the last call, in order; nothing before `left` is taken where there is something."""

    def status(self) -> Status:
        """The newest figures."""

    def left(self) -> bytes:
        """What a show that died left with the engine, names and snapshot pickled as one; told once, else empty."""

    def know(self, names: bytes) -> None:
        """What the steps of all snapshots are known by that follow; left with them."""

    def keep(self, snapshot: bytes) -> None:
        """Leave the show's own state with the engine, for whoever takes the show over."""

    def so_far(self) -> tuple[History, int] | None:
        """What it was told as far as `events` has given account of it, and its clock; None: it cannot be replayed."""

    def take_up(self, history: History, clock: int) -> None:
        """Stand where an engine of this history stood at this clock, and go on from there. It must be silent."""

    def over_to(self, timeline: str) -> None:
        """The show plays another timeline from here on: whoever starts that one takes this engine over."""

    def close(self) -> None:
        """End the engine and whatever sounds."""
