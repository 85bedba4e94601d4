"""What of a field is seen: the caret always is, lines fit, and the mouse finds the place that is drawn."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from player.ui import box, fields
from player.ui.fields import Field

NARROW = "il.,' "


def width(text: str) -> int:
    """Letters of ten pixels, narrow ones of four."""
    return sum(4 if each in NARROW else 10 for each in text)


def seen(text: str, caret: int, room: int, most: int = 1) -> list[str]:
    view = box.shown(Field(text, caret, caret), room, most, width)
    return [view.text(first, last) for first, last in view.lines]


def test_what_fits_is_shown_whole() -> None:
    assert seen("a word", 6, 100) == ["a word"]
    assert seen("", 0, 100) == [""]


def test_a_line_ends_where_its_text_breaks() -> None:
    assert seen("one\n\ntwo two", 0, 50, 9) == ["one\n", "\n", "two ", "two"]
    assert seen("one\n", 4, 50, 9) == ["one\n", ""]
    view = box.shown(fields.of("one\ntwo"), 100, 9, width)
    assert [box.place(view, line, 90, width) for line in (0, 1)] == [3, 7]
    assert box.step(fields.at(fields.of("one\ntwo"), 1), 1, 100, width) == 5


def test_a_long_line_is_shown_where_the_caret_is() -> None:
    text = "abcdefghjkmnopqrstuvwxyzABCDEFGH"
    assert seen(text, 0, 100) == ["abcdefghjk"]
    assert seen(text, 32, 100) == ["ABCDEFGH"]


def test_lines_break_after_spaces() -> None:
    assert seen("one two three", 0, 74, 4) == ["one two ", "three"]
    assert seen("undividedword", 0, 50, 4) == ["undivi", "dedwo", "rd"]


def test_more_lines_than_there_is_room_for_scroll_with_the_caret() -> None:
    text = "one two three four five six seven"
    top = box.shown(fields.home(fields.of(text)), 74, 2, width)
    assert (top.above, top.below) == (False, True)
    end = box.shown(fields.of(text), 74, 2, width)
    assert (end.above, end.below) == (True, False)
    assert end.text(*end.lines[-1]).endswith("seven")


def test_what_is_composed_stands_at_the_caret() -> None:
    view = box.shown(fields.compose(Field("ab", 1, 1), "XY"), 100, 1, width)
    assert view.text(*view.lines[0]) == "aXYb"
    assert (view.marked, view.caret) == ((1, 3), (0, 3))


def test_the_caret_goes_to_the_line_above_at_the_same_place() -> None:
    field = Field("one two three", 10, 10)  # th|ree, below "on|e two"
    assert box.step(field, -1, 74, width) == 2
    assert box.step(fields.home(field), -1, 74, width) is None
    assert box.step(field, 1, 74, width) is None


TEXTS = st.text(st.sampled_from("ab \n il.-Wm\u0301é漢"), max_size=120)


@given(TEXTS, st.integers(0, 120), st.integers(24, 400), st.integers(1, 5))
def test_the_caret_is_always_seen_and_no_line_is_too_wide(text: str, caret: int, room: int, most: int) -> None:
    field = fields.at(fields.of(text), caret)
    view = box.shown(field, room, most, width)
    assert 1 <= len(view.lines) <= most
    line, place = view.caret
    first, last = view.lines[line]
    assert first <= place <= last
    for start, end in view.lines:
        assert width(view.text(start, end).rstrip()) <= room or end - start == 1


@given(TEXTS, st.integers(24, 400), st.integers(1, 5))
def test_all_of_a_text_is_in_its_lines(text: str, room: int, most: int) -> None:
    lines = box.wrapped(fields.of(text).parts, room, width)
    assert [first for first, _ in lines] == [0, *(last for _, last in lines[:-1])]
    assert lines[-1][1] == len(fields.of(text).parts)


@given(TEXTS, st.integers(0, 120), st.integers(24, 400), st.integers(1, 5))
def test_the_mouse_on_a_letter_finds_it(text: str, caret: int, room: int, most: int) -> None:
    view = box.shown(fields.at(fields.of(text), caret), room, most, width)
    for line, (first, last) in enumerate(view.lines):
        for place in range(first, last):
            x = width(view.text(first, place))
            found = box.place(view, line, x, width)
            assert width(view.text(first, found)) == x or place == last
