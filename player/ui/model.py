"""Everything the screen shows, as one value."""

from __future__ import annotations

from typing import NamedTuple

from msgspec import Struct

from player.commands import DEFAULT, Bindings
from player.engine.source import SourceSpec
from player.engine.status import Status
from player.sheets import Sheet
from player.show import Show
from player.ui.meters import SILENT, Levels
from player.ui.overlays import Overlay
from player.ui.shapes import Picture


class Drawn(NamedTuple):
    """The picture of some material; None while it is made."""

    spec: SourceSpec
    picture: Picture | None


class Model(Struct, frozen=True):
    """State of show and screen. No clock is read below here.

    size: of the window in pixels. zoom: text size in per cent. wall: time of day. scroll: first row of the
    list, None: it follows standby. drag: frame of song time to which a drag would seek. drawn: the newest
    picture asked for. notice: answer to a key, for a moment. said: troubles of the screen's own, such as a
    file that would not open.
    """

    show: Show
    status: Status
    size: tuple[int, int]
    zoom: int = 100
    wall: str = ""
    keys: Bindings = DEFAULT
    levels: Levels = SILENT
    drawn: Drawn | None = None
    scroll: int | None = None
    drag: int | None = None
    overlay: Overlay | None = None
    notice: str = ""
    said: tuple[str, ...] = ()
    newcomer: bool = False
    still: bool = False
    unsaved: int = 0  # edits that are not in the file
    figures: Status | None = None  # what the engine figures show, a moment old: numbers that run cannot be read
    day: int | None = None  # seconds since midnight, where the list shows when each step would come
    known: str = ""  # trouble with the sound that has been said for long enough
    busy: str = ""  # what goes on in the background, in a few words
    clock: int = 0  # seconds since midnight, with a set
    finish: int | None = None  # when the set is to be over, in the same
    sheet: Sheet | str | None = None  # of the song on the card; a text: why it cannot be shown
