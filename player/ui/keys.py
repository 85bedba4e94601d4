"""Keys of the window to strokes of the command table.

Named keys and letters come from the key going down, symbols and digits from the text it types: only that
knows the layout. A stroke that was used swallows the text that belongs to it, repeats too, until its key is
up. A held key is told apart from a pressed one here, not by the system: what repeats does so on our own
clock.
"""

from __future__ import annotations

from typing import Final

import pygame
from msgspec import Struct

NAMED: Final[dict[int, str]] = {
    pygame.K_SPACE: "Space",
    pygame.K_ESCAPE: "Esc",
    pygame.K_RETURN: "Enter",
    pygame.K_KP_ENTER: "Enter",
    pygame.K_TAB: "Tab",
    pygame.K_BACKSPACE: "Backspace",
    pygame.K_DELETE: "Delete",
    pygame.K_INSERT: "Insert",
    pygame.K_UP: "Up",
    pygame.K_DOWN: "Down",
    pygame.K_LEFT: "Left",
    pygame.K_RIGHT: "Right",
    pygame.K_HOME: "Home",
    pygame.K_END: "End",
    pygame.K_PAGEUP: "PgUp",
    pygame.K_PAGEDOWN: "PgDn",
    pygame.K_PAUSE: "Pause",
    pygame.K_MENU: "Menu",
    **{getattr(pygame, f"K_F{n}"): f"F{n}" for n in range(1, 16)},
}
# With Ctrl or Alt a symbol types no text; the key must tell.
_HELD_SYMBOLS: Final[dict[int, str]] = {
    pygame.K_PLUS: "+",
    pygame.K_EQUALS: "+",  # the key of + where + needs Shift
    pygame.K_KP_PLUS: "+",
    pygame.K_MINUS: "-",
    pygame.K_KP_MINUS: "-",
    pygame.K_SLASH: "/",
    pygame.K_KP_DIVIDE: "/",
    pygame.K_PERIOD: ".",
    pygame.K_COMMA: ",",
    **{pygame.K_0 + n: str(n) for n in range(10)},
    **{getattr(pygame, f"K_KP{n}"): str(n) for n in range(10)},
}
_TYPED: Final = {"−": "-", "–": "-"}  # a minus by any name
_FIRST_SCANCODE: Final = 4  # of the letters of a US layout: A is 4


def letter(key: int, scancode: int) -> str | None:
    """The Latin letter of a key: by its name, or by its place where the layout has no Latin letters there."""
    if pygame.K_a <= key <= pygame.K_z:
        return chr(key).upper()
    place = scancode - _FIRST_SCANCODE
    if key > 0x7F and not key & 0x40000000 and 0 <= place < 26 and not _latin(key):
        return chr(ord("A") + place)
    return None


def _latin(key: int) -> bool:
    """A letter such as ö or ß: its layout is Latin, and the key has a name of its own."""
    return key < 0x250


def down(key: int, scancode: int, mod: int) -> str | None:
    """The stroke of a key going down, None where only the text it types can tell."""
    if mod & pygame.KMOD_MODE or (mod & pygame.KMOD_CTRL and mod & pygame.KMOD_RALT):
        return None  # AltGr types symbols
    ctrl = bool(mod & (pygame.KMOD_CTRL | pygame.KMOD_META))  # Cmd on a Mac
    alt, shift = bool(mod & pygame.KMOD_ALT), bool(mod & pygame.KMOD_SHIFT)
    name = NAMED.get(key) or letter(key, scancode)
    if name is None and (ctrl or alt):
        name, shift = _HELD_SYMBOLS.get(key), False
    if name is None:
        return None
    return "+".join([*(["Ctrl"] if ctrl else []), *(["Alt"] if alt else []), *(["Shift"] if shift else []), name])


def typed(text: str) -> str | None:
    """The stroke of a typed symbol or digit; letters and the space belong to their keys."""
    text = _TYPED.get(text, text)
    return text if len(text) == 1 and text.isprintable() and not text.isalpha() and text != " " else None


class Keyboard(Struct):
    """What is held, what repeats when, and which typed text is already spent. Times are seconds."""

    held: set[int]
    swallow: bool = False
    spent: str = ""
    repeating: str | None = None
    repeats_at: float = 0.0
    _key: int | None = None
    _last: int = 0

    @classmethod
    def fresh(cls) -> Keyboard:
        return cls(set())

    def pressed(self, key: int) -> bool:
        """Take in a key going down; whether it is a press, and not the same one still held."""
        new = key not in self.held
        self._last = key
        self.held.add(key)
        self.spent = ""
        if new:
            self.swallow = False
            self.repeating = None
        return new

    def used(self) -> None:
        """The stroke of the key that just went down was used: what it types is spent."""
        self.swallow = True

    def spend(self, text: str) -> None:
        """A symbol was used as a stroke: the system's repeats of it are not text."""
        self.spent = text

    @property
    def last(self) -> int:
        """The key that went down last, 0 before any."""
        return self._last

    def released(self, key: int) -> None:
        """Take in a key going up."""
        self.held.discard(key)
        self.spent = ""
        if key == self._last:
            self.swallow = False  # what comes now may be of an input method, which shows no keys
        if key == self._key:
            self.repeating = None

    def text(self, text: str) -> str:
        """What of typed text is left: nothing of a stroke that was used, or that was used up as a symbol."""
        return "" if self.swallow or text == self.spent else text

    def repeat(self, stroke: str, key: int, now: float, after: float = 0.4) -> None:
        """Let `stroke` come again while `key` is held."""
        self.repeating, self._key, self.repeats_at = stroke, key, now + after

    def due(self, now: float, every: float) -> str | None:
        """The stroke that comes again now, if one does."""
        if self.repeating is None or now < self.repeats_at:
            return None
        self.repeats_at = max(self.repeats_at + every, now)
        return self.repeating

    def lost(self) -> None:
        """The window lost the keyboard: nothing is held any more."""
        self.held.clear()
        self.repeating, self.swallow, self.spent = None, False, ""
