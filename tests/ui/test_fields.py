"""The text field."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from player.ui import fields
from player.ui.fields import Field, erase, insert, move, of


def shown(field: Field) -> str:
    """The text with `|` at the caret and `[` at the anchor, where that is elsewhere."""
    parts = list(field.parts)
    marks = [(field.caret, "|")] + ([(field.anchor, "[")] if field.anchor != field.caret else [])
    for place, mark in sorted(marks, reverse=True):
        parts.insert(place, mark)
    return "".join(parts)


def test_typing_goes_in_at_the_caret() -> None:
    assert shown(insert(move(of("diner"), -1), "!")) == "dine!|r"


def test_typing_takes_the_place_of_the_selection() -> None:
    assert shown(insert(fields.all_of(of("diner")), "x")) == "x|"


@pytest.mark.parametrize(
    ("by", "word", "select", "found"),
    [
        (-1, False, False, "blue moon dine|r"),
        (-1, True, False, "blue moon |diner"),
        (-1, True, True, "blue moon |diner["),
        (1, False, False, "blue moon diner|"),
    ],
)
def test_the_caret_moves(by: int, word: bool, select: bool, found: str) -> None:
    assert shown(move(of("blue moon diner"), by, word=word, select=select)) == found


def test_a_word_to_the_right_ends_after_it() -> None:
    assert shown(move(fields.home(of("blue moon")), 1, word=True)) == "blue| moon"


def test_a_selection_is_left_at_its_side() -> None:
    chosen = move(move(of("abc"), -1, select=True), -1, select=True)
    assert shown(chosen) == "a|bc["
    assert shown(move(chosen, -1)) == "a|bc"
    assert shown(move(chosen, 1)) == "abc|"


def test_backspace_takes_a_letter_with_its_accent_and_a_flag_whole() -> None:
    assert shown(erase(of("cafe\u0301"))) == "caf|"
    assert shown(erase(of("🇫🇷"))) == "|"


def test_delete_takes_what_follows() -> None:
    assert shown(erase(fields.home(of("abc")), ahead=True)) == "|bc"
    assert shown(erase(of("one two"), word=True)) == "one |"


def test_home_and_end() -> None:
    assert shown(fields.end(fields.home(of("abc")), select=True)) == "[abc|"


def test_pasted_lines_become_one() -> None:
    assert insert(of(""), "a\nb").text == "a b"


def test_a_field_has_an_end() -> None:
    assert len(insert(of("x" * 3900), "y" * 400).text) == fields.LONGEST == 4000


def test_what_is_composed_is_not_yet_text() -> None:
    field = fields.compose(of("a"), "にほ")
    assert (field.text, field.composing) == ("a", "にほ")
    assert insert(fields.compose(field, ""), "日本").text == "a日本"


STROKES = st.sampled_from(
    [
        lambda f: move(f, -1),
        lambda f: move(f, 1, select=True),
        lambda f: move(f, -1, word=True),
        erase,
        lambda f: erase(f, ahead=True),
        fields.all_of,
        fields.home,
        lambda f: fields.end(f, select=True),
        lambda f: insert(f, "é🇫🇷 x"),
    ]
)


@given(st.text(max_size=20), st.lists(STROKES, max_size=20))
def test_the_caret_never_leaves_the_text(text: str, strokes: list) -> None:  # type: ignore[type-arg]
    field = of(text)
    for stroke in strokes:
        field = stroke(field)
        assert 0 <= field.caret <= len(field.parts)
        assert 0 <= field.anchor <= len(field.parts)


def typed(field: Field, text: str) -> Field:
    """Key by key."""
    for each in text:
        field = insert(field, each)
    return field


def test_typing_is_undone_word_by_word_and_done_again() -> None:
    field = typed(of("so "), "she waits here")
    seen = [field.text]
    while field.past:
        field = fields.undo(field)
        seen.append(field.text)
    assert seen == ["so she waits here", "so she waits ", "so she ", "so "]
    assert fields.redo(fields.redo(field)).text == "so she waits "
    assert fields.undo(field).text == "so "  # nothing is left


def test_a_paste_and_what_is_taken_away_are_undone_at_once() -> None:
    field = erase(erase(insert(typed(of(""), "ab"), "pasted"), ahead=False))
    assert field.text == "abpast"
    back = fields.undo(field)
    assert (back.text, fields.undo(back).text, fields.undo(fields.undo(back)).text) == ("abpasted", "ab", "")


def test_typing_elsewhere_is_another_thing_to_undo_and_ends_what_could_be_done_again() -> None:
    field = typed(fields.home(typed(of(""), "ab")), "c")
    back = fields.undo(field)
    assert (field.text, back.text, back.caret) == ("cab", "ab", 0)
    assert typed(back, "d").ahead == ()


@given(st.text(max_size=20), st.lists(STROKES, max_size=20))
def test_undone_to_the_last_the_text_is_what_it_was(text: str, strokes: list) -> None:  # type: ignore[type-arg]
    field = start = of(text)
    for stroke in strokes:
        field = stroke(field)
    end = field.text
    count = len(field.past)
    for _ in range(count):
        field = fields.undo(field)
    assert field.text == start.text
    for _ in range(count):
        field = fields.redo(field)
    assert field.text == end


def test_a_field_of_lines_keeps_them_and_another_does_not() -> None:
    assert insert(of("a", lines=True), "b\r\nc\td").text == "ab\nc d"
    assert insert(of("a"), "b\nc").text == "ab c"
