"""How a problem is shown to a person, and how it is given to a program."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from timeline.model import Problem
from timeline.problems import Source, as_json, render, width
from timeline.reader import read


def shown(text: str) -> list[str]:
    """All problems of a text as they are printed, line by line."""
    reading = read(text, "show.yaml")
    return [line for problem in reading.problems for line in render(problem, reading.source).splitlines()]


def test_file_line_column_severity_message_code_line_caret_and_hint() -> None:
    text = "needledrop: 1\nsongs: {opening-drive: {title: A, length: 3:00}}\nscenes:\n- id: x\n  title: X\n  cues:\n"
    assert shown(text + "  - song: openin-drive\n") == [
        'show.yaml:7:11: error: there is no song "openin-drive" [no-song]',
        "     7 |   - song: openin-drive",
        "       |           ^^^^^^^^^^^^",
        "       = did you mean opening-drive?",
    ]


def test_a_problem_without_a_line_shows_none() -> None:
    assert shown("") == [
        "show.yaml:1:1: error: the file is empty [empty]",
        "       = a timeline begins with needledrop: 1",
    ]


def test_the_caret_stands_under_wide_letters() -> None:
    """東京 takes four columns, the accent on é written as two letters none."""
    assert shown('needledrop: 1\nscenes: [{id: x, title: 東京 e\u0301, at: ten}]\n')[1:3] == [
        "     2 | scenes: [{id: x, title: 東京 e\u0301, at: ten}]",
        "       |                                     ^^^",
    ]


def test_tabs_are_shown_as_spaces_and_counted_as_one_column() -> None:
    head, line, caret = shown("needledrop: 1\nscenes: [{id: x,\ttitle:\tX, at:\tten}]\n")[:3]
    assert head.startswith("show.yaml:2:32: ")
    assert line == "     2 | scenes: [{id: x,    title:  X, at:  ten}]"
    assert caret == "       |                                     ^^^"


def test_a_long_line_is_cut_around_the_words() -> None:
    head, line, caret, _ = shown(f"needledrop: 1\nfilm: {{title: {'x' * 5000}, yeer: 1974, director: {'y' * 5000}}}\n")
    assert head.startswith("show.yaml:2:5017: ")
    assert len(line) == 109
    assert line[caret.index("^") : caret.rindex("^") + 1] == "yeer"
    assert line.startswith("     2 | …")
    assert line.endswith("…")


def test_several_lines_are_marked_in_the_first() -> None:
    _, line, caret, _ = shown('needledrop: 1\nfilm:\n  year: "nineteen\n    seventy"\n')
    assert (line, caret) == ('     3 |   year: "nineteen', "       |         ^^^^^^^^^")


@pytest.mark.parametrize("letter", ["\x1b", "\x07", "\u202e", "\x9b"])
def test_nothing_in_a_file_reaches_the_terminal_as_an_order(letter: str) -> None:
    text = "\n".join(shown(f"needledrop: 1\nscenes: [{{id: x{letter}[31m, title: X{letter}, at: ten{letter}}}]\n"))
    assert letter not in text
    assert "\N{REPLACEMENT CHARACTER}" in text


def test_as_data() -> None:
    reading = read('needledrop: 1\nfilm:\n  year: "nineteen\n    seventy"\n', "show.yaml")
    assert [as_json(problem, reading.source) for problem in reading.problems] == [
        {
            "file": "show.yaml",
            "line": 3,
            "column": 9,
            "end_line": 4,
            "end_column": 13,
            "severity": "error",
            "code": "bad-value",
            "message": 'year: "nineteen seventy" is not a year',
            "hint": "four digits, like 1974",
        }
    ]


def test_lines_end_where_editors_end_them() -> None:
    source = Source("a\nb\r\nc\rd\u2028e\x85f", "x")
    assert [source.line(n) for n in range(1, 5)] == ["a", "b", "c", "d\u2028e\x85f"]
    assert source.position(source.text.index("f")) == (4, 5)


@given(st.text(max_size=200), st.integers(0, 250), st.integers(0, 250))
def test_any_place_in_any_text_can_be_shown(text: str, start: int, length: int) -> None:
    source = Source(text, "x")
    start = min(start, len(text))
    problem = Problem("error", "code", "message", source.span(start, min(start + length, len(text))), "hint")
    lines = render(problem, source).split("\n")
    assert lines[0].startswith("x:")
    assert len(lines) in (2, 4)
    assert as_json(problem, source)["line"] == problem.span.line


@given(st.text(max_size=30))
def test_no_text_is_wider_than_two_columns_a_letter(text: str) -> None:
    assert 0 <= width(text) <= 2 * len(text)
