"""Text without fonts: clusters, fitting, lines, directions."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from player.ui.text import ELLIPSIS, LONGEST, Run, balanced, clean, clusters, fitted, lines, runs


def ten(text: str) -> int:
    """Every cluster is ten wide."""
    return 10 * len(clusters(text))


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("abc", ("a", "b", "c")),
        ("e\u0301a", ("e\u0301", "a")),
        ("👩‍👩‍👧", ("👩‍👩‍👧",)),
        ("🇫🇷🇩🇪", ("🇫🇷", "🇩🇪")),
        ("👍🏽!", ("👍🏽", "!")),
        ("❤️", ("❤️",)),
        ("", ()),
    ],
)
def test_clusters_are_what_a_caret_steps_over(text: str, parts: tuple[str, ...]) -> None:
    assert clusters(text) == parts


@given(st.text())
def test_clusters_lose_nothing(text: str) -> None:
    assert "".join(clusters(text)) == text


@pytest.mark.parametrize(
    ("text", "room", "shown"),
    [
        ("Sunday", 60, "Sunday"),
        ("Sunday", 59, "Sund…"),
        ("Sun day", 50, "Sun…"),
        ("Sunday", 10, "…"),
        ("Sunday", 9, ""),
        ("👩‍👩‍👧👩‍👩‍👧👩‍👩‍👧", 20, "👩‍👩‍👧…"),
    ],
)
def test_an_ellipsis_cuts_between_letters(text: str, room: int, shown: str) -> None:
    assert fitted(text, room, ten) == shown


@given(st.text(max_size=60), st.integers(0, 400))
def test_what_is_fitted_fits(text: str, room: int) -> None:
    assert ten(fitted(text, room, ten)) <= max(room, 0)


@pytest.mark.parametrize(
    ("text", "room", "most", "found"),
    [
        ("the long way home", 80, 3, ("the long", "way home")),
        ("the long way home", 80, 1, ("the lon…",)),
        ("unbreakable", 50, 3, ("unbre", "akabl", "e")),
        ("a unbreakable", 50, 2, ("a", "unbr…")),
        ("上を向いて歩こう", 40, 2, ("上を向い", "て歩こう")),
        ("", 50, 2, ()),
        ("   ", 50, 2, ()),
    ],
)
def test_lines_break_between_words(text: str, room: int, most: int, found: tuple[str, ...]) -> None:
    assert lines(text, room, most, ten) == found


@given(st.text(max_size=80), st.integers(10, 300), st.integers(1, 4))
def test_no_line_is_too_long_and_none_too_many(text: str, room: int, most: int) -> None:
    found = lines(text, room, most, ten)
    assert len(found) <= most
    assert all(ten(line) <= room for line in found)


def test_balanced_lines_are_of_like_length() -> None:
    assert lines("one two three four five six", 220, 2, ten) == ("one two three four", "five six")
    assert balanced("one two three four five six", 220, 2, ten) == ("one two three", "four five six")


@given(st.text(alphabet="ab c", max_size=60), st.integers(30, 300), st.integers(1, 3))
def test_balancing_changes_no_word(text: str, room: int, most: int) -> None:
    found = balanced(text, room, most, ten)
    if not any(line.endswith(ELLIPSIS) for line in found):
        assert "".join("".join(found).split()) == "".join(text.split())


@pytest.mark.parametrize(
    ("text", "shown"),
    [("a\nb\tc", "a b c"), ("nul\x00", "nul "), ("x" * 500, "x" * (LONGEST - 1) + ELLIPSIS), ("žluť", "žluť")],
)
def test_clean_text_is_one_printable_line(text: str, shown: str) -> None:
    assert clean(text) == shown


def font_of(part: str) -> str:
    return "latin" if ord(part[0]) < 0x500 else "hebrew" if "\u0590" <= part[0] <= "\u05ff" else "arabic"


def order(text: str) -> list[str]:
    return [run.text for run in runs(text, font_of)]


def test_plain_text_is_one_run() -> None:
    assert runs("Blue Moon", font_of) == (Run("Blue Moon", "latin", "", False),)


def test_arabic_is_one_run_from_the_right_with_its_space() -> None:
    assert runs("أنت عمري", font_of) == (Run("أنت عمري", "arabic", "Arab", True),)


def test_a_hebrew_word_in_a_latin_title_stands_in_its_place() -> None:
    assert order("the שלום song") == ["the ", "שלום", " song"]


def test_latin_in_a_hebrew_title_stands_left_of_what_is_read_before_it() -> None:
    assert order("שיר mix") == ["mix", "שיר "]


def test_a_number_in_a_hebrew_title_keeps_its_digits_in_order() -> None:
    found = runs("שיר 24", font_of)
    assert found[0].text == "24"
    assert not found[0].rtl
    assert found[-1].rtl


def test_two_numbers_around_a_sign_keep_their_order_in_latin() -> None:
    assert order("24/7") == ["24/7"]


@given(st.text(max_size=40))
def test_runs_lose_no_letter(text: str) -> None:
    assert sorted("".join(run.text for run in runs(text, font_of))) == sorted(text)
