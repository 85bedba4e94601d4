"""From keys of any layout to strokes; a held key is not pressed again."""

from __future__ import annotations

import pygame
import pytest

from player.ui.keys import Keyboard, down, letter, typed

A, P, Q, SLASH = 4, 19, 20, 56  # scancodes


@pytest.mark.parametrize(
    ("key", "scancode", "mod", "stroke"),
    [
        (pygame.K_SPACE, 44, 0, "Space"),
        (pygame.K_ESCAPE, 41, 0, "Esc"),
        (pygame.K_LEFT, 80, pygame.KMOD_LSHIFT, "Shift+Left"),
        (pygame.K_p, P, 0, "P"),
        (pygame.K_p, P, pygame.KMOD_CAPS | pygame.KMOD_NUM, "P"),
        (pygame.K_p, P, pygame.KMOD_LCTRL, "Ctrl+P"),
        (pygame.K_q, P, pygame.KMOD_LMETA, "Ctrl+Q"),
        (pygame.K_a, Q, 0, "A"),  # AZERTY: by its name, not its place
        (0x437, P, 0, "P"),  # Cyrillic: by its place
        (0x3C0, P, 0, "P"),  # Greek
        (0x5E4, P, 0, "P"),  # Hebrew
        (0xF6, 51, 0, None),  # ö of a German layout has a name of its own
        (pygame.K_SLASH, SLASH, 0, None),  # a symbol: its text tells
        (pygame.K_7, 36, pygame.KMOD_LSHIFT, None),
        (pygame.K_EQUALS, 46, pygame.KMOD_LCTRL, "Ctrl++"),
        (pygame.K_EQUALS, 46, pygame.KMOD_LCTRL | pygame.KMOD_LSHIFT, "Ctrl++"),
        (pygame.K_PLUS, 48, pygame.KMOD_RCTRL, "Ctrl++"),
        (pygame.K_KP_MINUS, 86, pygame.KMOD_LCTRL, "Ctrl+-"),
        (pygame.K_0, 39, pygame.KMOD_LCTRL, "Ctrl+0"),
        (pygame.K_q, Q, pygame.KMOD_MODE, None),  # AltGr types @
        (pygame.K_q, Q, pygame.KMOD_LCTRL | pygame.KMOD_RALT, None),
        (pygame.K_F11, 68, 0, "F11"),
        (pygame.K_KP_ENTER, 88, 0, "Enter"),
        (pygame.K_LSHIFT, 225, pygame.KMOD_LSHIFT, None),
    ],
)
def test_a_key_is_a_stroke(key: int, scancode: int, mod: int, stroke: str | None) -> None:
    assert down(key, scancode, mod) == stroke


def test_letters_outside_the_alphabet_are_none() -> None:
    assert letter(pygame.K_F1, 58) is None
    assert letter(0x437, 100) is None


@pytest.mark.parametrize(
    ("text", "stroke"),
    [("?", "?"), ("/", "/"), ("+", "+"), ("−", "-"), ("7", "7"), (" ", None), ("p", None), ("ö", None), ("ab", None)],
)
def test_typed_symbols_are_strokes_and_letters_are_not(text: str, stroke: str | None) -> None:
    assert typed(text) == stroke


def test_a_held_key_is_pressed_once() -> None:
    board = Keyboard.fresh()
    assert board.pressed(32)
    assert not board.pressed(32)  # the system's own repeat, should one get through
    board.released(32)
    assert board.pressed(32)


def test_the_text_of_a_used_key_is_swallowed_with_its_repeats_until_it_is_up() -> None:
    board = Keyboard.fresh()
    board.pressed(ord("g"))
    board.used()
    assert board.text("g") == ""
    assert board.text("g") == ""
    board.released(ord("g"))
    assert board.text("日本") == "日本"  # an input method commits without a key


def test_the_next_key_types_though_the_used_one_is_still_down() -> None:
    board = Keyboard.fresh()
    board.pressed(ord("g"))
    board.used()
    board.pressed(ord("x"))
    assert board.text("x") == "x"


def test_a_symbol_that_was_a_stroke_does_not_type_itself_while_held() -> None:
    board = Keyboard.fresh()
    board.pressed(ord("/"))
    board.spend("/")
    assert board.text("/") == ""
    board.released(ord("/"))
    assert board.text("/") == "/"


def test_a_held_key_repeats_on_our_own_clock() -> None:
    board = Keyboard.fresh()
    board.pressed(1)
    board.repeat("Down", 1, now=10.0, after=0.4)
    assert board.due(10.39, 0.05) is None
    assert board.due(10.41, 0.05) == "Down"
    assert board.due(10.43, 0.05) is None
    assert board.due(10.46, 0.05) == "Down"
    board.released(1)
    assert board.due(11.0, 0.05) is None


def test_another_key_ends_the_repeat_of_the_first() -> None:
    board = Keyboard.fresh()
    board.pressed(1)
    board.repeat("Down", 1, now=0.0)
    board.pressed(2)
    assert board.due(5.0, 0.05) is None


def test_a_stalled_window_does_not_catch_up_on_repeats() -> None:
    board = Keyboard.fresh()
    board.pressed(1)
    board.repeat("Down", 1, now=0.0)
    assert board.due(60.0, 0.05) == "Down"
    assert board.due(60.0, 0.05) is not None  # at most one more
    assert board.due(60.0, 0.05) is None


def test_a_window_without_the_keyboard_holds_nothing() -> None:
    board = Keyboard.fresh()
    board.pressed(32)
    board.repeat("Down", 32, now=0.0)
    board.lost()
    assert board.due(9.0, 0.05) is None
    assert board.pressed(32)
