"""The window of the audience screen: on the second display if there is one, else beside the first window.

Main thread only. It is drawn after the operator's window, and only when what it shows has changed.
"""

from __future__ import annotations

import ctypes
import math
import os
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Final

import pygame

from player.show import Show
from player.ui import audience, backdrop
from player.ui.audience import Look, Model, Modes, Says, Still
from player.ui.fonts import Fonts
from player.ui.painter import Painter
from player.ui.projector import Frame
from player.ui.stills import LARGEST, Stills, Wish
from player.ui.waiting import sdl

BESIDE: Final = (960, 540)
EDGE: Final = 32  # pixels from the display's edge: room for a title bar
LEAST: Final = (320, 180)
MORE: Final = " - Audience"  # what tells the two windows apart for a window manager
FILM: Final = "film"  # the name of the film's own picture


class Hall:
    """The audience's window while it is open."""

    def __init__(self, fonts: Fonts, look: Look, title: str, sign: pygame.Surface, wake: Callable[[], None]) -> None:
        """`sign` is its icon. Raises pygame.error where no second window can be opened."""
        self._fonts = fonts
        self._look = look
        self._window, self._full = _opened(f"{title}{MORE}")
        self._window.set_icon(sign)
        self._painter = Painter(self._window.get_surface(), fonts, self._photo)
        self._stills = Stills(_made, wake)
        self._drawn: Model | None = None
        self._photos: dict[str, pygame.Surface] = {}

    @property
    def size(self) -> tuple[int, int]:
        """Of its picture, in pixels."""
        return self._painter.surface.get_size()

    def owns(self, event: pygame.event.Event) -> bool:
        """Whether an event came from this window."""
        return getattr(event, "window", None) is self._window

    def title(self, text: str) -> None:
        """What stands over the window."""
        if self._window.title != f"{text}{MORE}":
            self._window.title = f"{text}{MORE}"

    def wear(self, fonts: Fonts, look: Look) -> None:
        """Another theme."""
        self._fonts, self._look = fonts, look
        self.resized()

    def resized(self) -> None:
        """Its pixels are lost, or it has another size: the next picture is drawn whole."""
        self._painter = Painter(self._window.get_surface(), self._fonts, self._photo)
        self._drawn = None

    def toggle_full(self) -> None:
        """Full screen, or a window again."""
        self._full = not self._full
        if self._full:
            self._window.set_fullscreen(desktop=True)
        else:
            self._window.set_windowed()
            self._window.borderless = False
            if self._window.size[0] > _half_of_display(self._window):
                self._window.size, self._window.position = BESIDE, pygame.WINDOWPOS_CENTERED
        self.resized()

    @property
    def full(self) -> bool:
        """Whether it fills its display."""
        return self._full

    def draw(self, show: Show, modes: Modes, film: Frame | None = None) -> None:
        """Show where the show stands. film: the picture of the film at this moment, scaled; None for the card."""
        size = self.size
        told = audience.says(show, modes) if film is None else None
        coming = audience.ahead(show, modes) if film is None else None
        wishes = [wish for each in (told, coming) for wish in _wishes(each, size, self._look)]
        self._stills.want(*dict.fromkeys(wishes))
        still = self._stills.get(Wish(size, told.picture)) if told is not None and told.picture else None
        light = self._stills.get(Wish(size, seed=told.seed)) if told is not None else None
        if still is None and told is not None and told.picture and not self._stills.known(Wish(size, told.picture)):
            return  # it is there in a moment; until then the screen stays as it is
        model = Model(
            size,
            told,
            Still(told.picture, still.get_size()) if told is not None and still is not None else None,
            lit=light is not None,
            film=Still(FILM, film.surface.get_size(), film.state) if film is not None else None,
            look=self._look,
        )
        if model == self._drawn:
            return
        self._drawn = model
        named = {FILM: film.surface if film else None, model.still.name if model.still else "": still}
        named[audience.LIGHT + (told.seed if told is not None else "")] = light
        self._photos = {name: photo for name, photo in named.items() if photo is not None}
        if self._painter.paint(audience.screen(model, self._fonts.measure)):
            self._window.flip()

    def _photo(self, name: str) -> pygame.Surface | None:
        return self._photos.get(name)

    def close(self) -> None:
        """Take the window away."""
        self._stills.close()
        self._window.destroy()


def _wishes(told: Says | None, size: tuple[int, int], look: Look) -> list[Wish]:
    if told is None:
        return []
    picture = [Wish(size, told.picture)] if told.picture else []
    return picture + ([] if look.ground else [Wish(size, seed=told.seed)])


def _made(wish: Wish) -> pygame.Surface | None:
    """A picture as large as it is drawn. On the thread of the stills."""
    if not wish.file:
        return backdrop.paint(wish.size, wish.seed)
    if Path(wish.file).stat().st_size > LARGEST:
        return None
    picture = pygame.image.load(wish.file)
    plain = pygame.Surface(picture.get_size(), 0, 32)
    plain.blit(picture, (0, 0))  # on black where it is clear
    return pygame.transform.smoothscale(plain, audience.fitted(picture.get_size(), wish.size))


# ---- where it stands


def _opened(title: str) -> tuple[pygame.Window, bool]:
    """The window, and whether it is full screen: it is on a second display."""
    here = _main()
    others = [each for each in displays() if here is None or not each.collidepoint(_middle(here))]
    os.environ["SDL_WINDOW_NO_ACTIVATION_WHEN_SHOWN"] = "1"  # keys stay where the operator types
    try:
        if others:
            place = others[0]
            window = pygame.Window(title, place.size, place.topleft, borderless=True)
            window.set_fullscreen(desktop=True)
        else:
            window = pygame.Window(title, BESIDE, _beside(here, displays()), resizable=True)
            window.minimum_size = LEAST
    finally:
        del os.environ["SDL_WINDOW_NO_ACTIVATION_WHEN_SHOWN"]
    return window, bool(others)


def _main() -> pygame.Window | None:
    if not hasattr(pygame.Window, "from_display_module"):
        return None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        return pygame.Window.from_display_module()


def _beside(main: pygame.Window | None, screens: list[pygame.Rect]) -> tuple[int, int]:
    """A place in a corner of the display where it hides least of the first window."""
    screen = screens[0] if screens else pygame.Rect(0, 0, *BESIDE)
    taken = pygame.Rect(main.position, main.size) if main is not None else pygame.Rect(0, 0, 0, 0)
    room = screen.inflate(-2 * EDGE, -2 * EDGE)
    corners = [
        pygame.Rect(x, y, *BESIDE)
        for y in (room.bottom - BESIDE[1], room.top)
        for x in (room.right - BESIDE[0], room.left)
    ]
    best = min(corners, key=lambda each: math.prod(each.clip(taken).size))
    return max(screen.left, best.left), max(screen.top, best.top)


def _middle(window: pygame.Window) -> tuple[int, int]:
    (x, y), (wide, high) = window.position, window.size
    return x + wide // 2, y + high // 2


def _half_of_display(window: pygame.Window) -> int:
    return next((each.w // 2 for each in displays() if each.collidepoint(_middle(window))), BESIDE[0])


class _Bounds(ctypes.Structure):
    _fields_ = (("x", ctypes.c_int), ("y", ctypes.c_int), ("w", ctypes.c_int), ("h", ctypes.c_int))


def displays() -> list[pygame.Rect]:
    """The displays with their places. Where SDL cannot be asked for places, they stand side by side."""
    sizes = pygame.display.get_desktop_sizes()
    library = sdl()
    if library is None:
        lefts = [sum(wide for wide, _ in sizes[:at]) for at in range(len(sizes))]
        return [pygame.Rect(left, 0, *size) for left, size in zip(lefts, sizes, strict=True)]
    found = []
    for at in range(len(sizes)):
        bounds = _Bounds()
        if library.SDL_GetDisplayBounds(at, ctypes.byref(bounds)) == 0:
            found.append(pygame.Rect(bounds.x, bounds.y, bounds.w, bounds.h))
    return found
