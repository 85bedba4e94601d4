"""What a person has for the songs of one timeline: their choices, and their library."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from player.media import catalogue, links, measured
from player.media.links import Choice, Links
from player.media.match import Match, match
from player.media.table import TableError
from timeline.model import Song


class Shelf:
    """Choices and library, open to be read, by any thread. `trouble`: why one of them cannot be used, or empty."""

    def __init__(
        self, timeline: Path | None, own: catalogue.Library | None, chosen: Links | None, trouble: str = ""
    ) -> None:
        self.trouble = trouble
        self._timeline: Final = "" if timeline is None else str(timeline)
        self._library = own
        self._links = chosen
        self._turn = threading.Lock()

    def choice(self, song: Song) -> Choice | None:
        """What the person chose for a song."""
        with self._turn:
            try:
                return self._links.choice(self._timeline, song) if self._links else None
            except TableError as error:
                self.trouble = str(error)
                return None

    def match(self, song: Song) -> Match:
        """What their library has for it."""
        with self._turn:
            try:
                return match(song, self._library) if self._library else Match()
            except TableError as error:
                self.trouble = str(error)
                return Match()

    def close(self) -> None:
        """Let go of both."""
        for each in (self._library, self._links):
            if each is not None:
                each.close()


def shelf(timeline: Path | None) -> Shelf:
    """The shelf of whoever runs this, for the timeline at this path. Never raises: it may be empty."""
    own = chosen = None
    trouble = ""
    try:
        own = catalogue.look_in()
    except TableError as error:
        trouble = str(error)
    try:
        chosen = links.look_in()
    except TableError as error:
        trouble = trouble or str(error)
    return Shelf(timeline, own, chosen, trouble)


@contextlib.contextmanager
def known_levels() -> Iterator[measured.Measured | None]:
    """What was measured before; None where nothing was, or it cannot be used: then it is measured anew."""
    try:
        known = measured.look_in()
    except TableError:
        known = None
    try:
        yield known
    finally:
        if known is not None:
            known.close()
