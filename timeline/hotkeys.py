"""Which keys may fire a cue by themselves, and how they are written."""

from __future__ import annotations

import re
from typing import Final

from timeline.times import Refusal
from timeline.words import listed, shown

_FUNCTION = re.compile(r"F([1-9]|1\d|2[0-4])", re.ASCII | re.IGNORECASE)
_MODIFIERS: Final = {"ctrl": "Ctrl", "control": "Ctrl", "strg": "Ctrl", "alt": "Alt", "option": "Alt", "shift": "Shift"}
_ORDER: Final = ("Ctrl", "Alt", "Shift")
# What a person's hands must always find where they left it: GO, panic, standby, numbers and text fields.
_KEPT: Final = frozenset(
    {
        *("space", "esc", "escape", "enter", "return", "tab", "backspace", "delete", "del", "insert", "up", "down"),
        *("left", "right", "home", "end", "pgup", "pgdn", "pageup", "pagedown", "pause", "menu"),
    }
)
_EXAMPLES: Final = "a letter, F1 to F24 or a sign; with Ctrl, Alt or Shift if you like: K, F7, Ctrl+K"


def hotkey(text: str) -> str:
    """One key in its one spelling: `k` is `K`, `shift+f5` is `Shift+F5`.

    Shift goes only with letters and F keys: a sign is already what Shift makes of its key. Digits by themselves
    type a number, so they need Ctrl or Alt.
    """
    *held, key = _parts(text.strip())
    modifiers = [_MODIFIERS.get(each.lower()) for each in held]
    if not key or None in modifiers or len(set(modifiers)) != len(modifiers):
        raise Refusal(f'"{shown(text)}" is not one key', _EXAMPLES)
    name = _key(key, text)
    letter = name.isascii() and name.isalpha()
    if "Shift" in modifiers and not letter and len(name) == 1:
        raise Refusal(f'"{shown(text)}": Shift makes another sign of this key', "write that sign itself")
    if name.isdigit() and not modifiers:
        raise Refusal(f"{name} begins a number", f"write Ctrl+{name} or Alt+{name}")
    return "+".join([*(each for each in _ORDER if each in modifiers), name])


def _parts(text: str) -> list[str]:
    """`Ctrl++` holds the key `+`."""
    if text == "+":
        return ["+"]
    head, key = (text[:-2], ["+"]) if text.endswith("++") else (text, [])
    return [*(part.strip() for part in head.split("+")), *key]


def _key(key: str, text: str) -> str:
    if found := _FUNCTION.fullmatch(key):
        return f"F{found[1]}"
    if key.lower() in _KEPT:
        raise Refusal(f"{shown(key)} belongs to the player", _EXAMPLES)
    if len(key) != 1 or not key.isprintable() or key.isspace():
        also = f"; one of {listed(tuple(key[:4]))}?" if 1 < len(key) <= 4 and key.isalpha() else ""
        raise Refusal(f'"{shown(text)}" is not one key', _EXAMPLES + also)
    return key.upper() if key.isascii() else key
