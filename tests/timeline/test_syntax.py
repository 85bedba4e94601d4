"""Mistakes of syntax: what is said of each, that nothing else is, and that the rest is still read."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from timeline.reader import Reading

Read = Callable[[str], Reading]

FILM = """\
needledrop: 1
songs:
  fever:
    title: Fever
    artist: Suzi
    length: 3:00
  cold: {title: Cold, length: 3:00}
scenes:
  - id: one
    title: One
    cues:
      - song: fever
        gain: -6 dB
        then: wait
      - song: cold
  - id: two
    title: Two
"""

# What is written instead of what, and the one thing that is told of it: place, code and hint.
MISTAKES: dict[str, tuple[str, str, str, str | None]] = {
    "words behind a quoted title": (
        "title: Fever",
        'title: "Heroes" (live)',
        "4:21 quote",
        "write '\"Heroes\" (live)'",
    ),
    "an apostrophe in single quotes": ("title: Fever", "title: 'it's fever'", "4:16 quote", 'write "it\'s fever"'),
    "an open quote": ("title: Fever", 'title: "Fever', "4:12 quote", 'write "Fever"'),
    "an open single quote": ("title: Fever", "title: 'Fever", "4:12 quote", "write 'Fever'"),
    "a colon in a value": ("title: Fever", "title: Fever: live", "4:12 colon", 'write "Fever: live"'),
    "no space behind the colon": (
        "gain: -6 dB",
        "gain:-6 dB",
        "13:9 no-space",
        'add a space after the colon: "gain: -6 dB"',
    ),
    "no space behind a verb's colon": (
        "song: fever",
        "song:fever",
        "12:9 no-space",
        'add a space after the colon: "song: fever"',
    ),
    "no space behind the dash": ("- song: cold", "-song: cold", "15:7 no-space", "write - song: cold"),
    "no colon": ("gain: -6 dB", "gain -6 dB", "13:9 no-colon", "write gain: -6 dB"),
    "an at sign": ("title: Fever", "title: @fever", "4:12 reserved", 'write "@fever"'),
    "a backtick": ("title: Fever", "title: `fever`", "4:12 reserved", 'write "`fever`"'),
    "a percent sign": ("title: Fever", "title: %fever", "4:12 reserved", 'write "%fever"'),
    "stars": ("title: Fever", "title: *Fever*", "4:12 reserved", 'write "*Fever*"'),
    "an ampersand": ("title: Fever", "title: & Fever", "4:12 reserved", 'write "& Fever"'),
    "a greater sign": ("title: Fever", "title: > Fever", "4:12 reserved", 'write "> Fever"'),
    "a bar": ("title: Fever", "title: | Fever", "4:12 reserved", 'write "| Fever"'),
    "a question mark": ("title: Fever", "title: ? Fever", "4:12 reserved", 'write "? Fever"'),
    "a dash": ("title: Fever", "title: - Fever", "4:12 reserved", 'write "- Fever"'),
    "a closing bracket": ("title: Fever", "title: ]Fever", "4:12 reserved", 'write "]Fever"'),
    "an open bracket": (
        "title: Fever",
        "title: [Fever",
        "4:12 bracket",
        'close it: [Fever], or, for a text, write "[Fever"',
    ),
    "an open brace": (
        "title: Cold, length: 3:00}",
        "title: Cold, length: 3:00",
        "7:9 bracket",
        'close it: {title: Cold, length: 3:00}, or, for a text, write "{title: Cold, length: 3:00"',
    ),
    "a missing comma": (
        "title: Cold, length",
        "title: Cold length",
        "7:22 bracket",
        "a comma may be missing here; a text that holds , : [ ] { or } goes in quotes",
    ),
    "a brace too many": ("3:00}", "3:00}}", "7:36 bracket", "remove it"),
    "an open quote in braces": ("{title: Cold", '{title: "Cold', "7:17 quote", 'close it with "'),
    "words behind a quote in braces": (
        "{title: Cold",
        '{title: "Cold" (live)',
        "7:24 quote",
        "put the whole text in quotes",
    ),
    "a line too deep": ("    artist: Suzi", "      artist: Suzi", "5:7 indent", "move it under the key above"),
    "a line not deep enough": ("    artist: Suzi", "   artist: Suzi", "5:4 indent", None),
    "an item that lines up with nothing": ("      - song: cold", "     - song: cold", "15:6 indent", None),
    "an item where keys are": ("    artist: Suzi", "    - artist: Suzi", "5:5 indent", None),
    "a backslash in double quotes": (
        "title: Fever",
        'title: "C:\\music"',
        "4:15 escape",
        'in "double quotes" a backslash is written \\\\; paths take / on every system',
    ),
    "a tab before a key": ("    artist: Suzi", "\tartist: Suzi", "5:1 tab", "indent with spaces"),
    "a tab behind a dash": ("- song: fever", "-\tsong: fever", "12:8 tab", "indent with spaces"),
    "a value at the margin": ("title: Fever", "title:\nFever", "5:1 no-colon", None),
    "a merge conflict": (
        "    artist: Suzi\n",
        "<<<<<<< HEAD\n    artist: Suzi\n=======\n    artist: Peggy\n>>>>>>> other\n",
        "5:1 conflict",
        "decide for one side and remove the marks",
    ),
    "the end of the document": ("scenes:", "...\nscenes:", "8:1 second-document", "remove this line"),
    "a directive": ("needledrop: 1", "%foo\nneedledrop: 1", "1:1 reserved", None),
    "too many levels": ("title: Fever", "title: " + "[" * 50, "4:41 too-deep", None),
    "too many levels, closed": ("title: Fever", f"title: {'[' * 50}{']' * 50}", "4:41 too-deep", None),
    "a control character": ("title: Fever", "title: Fe\x07ver", "4:14 control-character", "remove it"),
    "a null character": ("title: Fever", "title: Fe\0ver", "4:14 control-character", None),
    "an anchor": (
        "title: Fever",
        "title: &fever Fever",
        "4:12 anchor",
        "an ordinary word that begins like this goes in quotes",
    ),
    "an anchor alone": ("title: Fever", "title: &Fever", "4:12 anchor", None),
    "a tag": ("title: Fever", "title: !!str Fever", "4:12 tag", None),
    "a tag alone": ("title: Fever", "title: !Fever", "4:12 tag", None),
    "an alias": ("title: Fever", "title: *fever", "4:12 alias", None),
    "a second document": ("scenes:", "---\nscenes:", "8:1 second-document", None),
}


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_is_told_once_with_its_place_and_what_to_write(read_text: Read, name: str) -> None:
    right, wrong, place_and_code, hint = MISTAKES[name]
    (problem,) = read_text(FILM.replace(right, wrong, 1)).problems
    assert f"{problem.span.line}:{problem.span.column} {problem.code}" == place_and_code
    assert problem.severity == "error"
    if hint is not None:
        assert problem.hint == hint


@pytest.mark.parametrize("name", MISTAKES)
def test_what_lies_around_a_mistake_is_read(read_text: Read, name: str) -> None:
    right, wrong, _, _ = MISTAKES[name]
    timeline = read_text(FILM.replace(right, wrong, 1)).timeline
    assert list(timeline.songs) == ["fever", "cold"]
    if name != "a second document":
        assert [scene.id for scene in timeline.scenes] == ["one", "two"]


def test_the_right_file_has_no_problem(read_text: Read) -> None:
    assert read_text(FILM).problems == ()


def test_a_quote_that_another_one_closes_a_hundred_lines_below_is_found(read_text: Read) -> None:
    text = FILM.replace("title: Fever", 'title: "Fever').replace("title: Two", 'title: "Two"')
    (problem,) = read_text(text).problems
    assert (problem.span.line, problem.span.column, problem.message) == (4, 12, "this quote is never closed")


def test_mistakes_of_syntax_and_of_meaning_in_one_pass(read_text: Read) -> None:
    text = (
        FILM.replace("title: Fever", "title: Fe: ver")
        .replace("gain: -6 dB", "gain:-6 dB")
        .replace("title: Two", 'title: "Two" x')
        .replace("song: cold", "song: clod")
        .replace("then: wait", "then: weit")
        .replace("length: 3:00\n", "length: 3:75\n")
    )
    assert [(problem.span.line, problem.code) for problem in read_text(text).problems] == [
        (4, "colon"),
        (6, "bad-value"),
        (13, "no-space"),
        (14, "bad-value"),
        (15, "no-song"),
        (17, "quote"),
    ]


def test_a_file_indented_with_tabs_is_one_mistake(read_text: Read) -> None:
    text = FILM.replace("    ", "\t\t").replace("  ", "\t")
    (problem,) = read_text(text).problems
    assert (problem.code, problem.message) == ("tab", "a tab cannot indent a line (14 lines)")


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("scenes:", "\t\nscenes:"),
        ("scenes:", "\t# the scenes\nscenes:"),
        ("title: Fever", "title:\tFever"),
        ("title: Fever", "title: Fever\t"),
        ("{title: Cold, length", "{title: Cold,\tlength"),
    ],
)
def test_a_tab_between_words_does_no_harm(read_text: Read, right: str, wrong: str) -> None:
    reading = read_text(FILM.replace(right, wrong, 1))
    assert reading.problems == ()
    assert [song.title for song in reading.timeline.songs.values()] == ["Fever", "Cold"]


def test_a_tab_before_a_comment_is_a_warning_since_some_readers_refuse_it(read_text: Read) -> None:
    text = FILM.replace("title: Fever", "title: Fever\t# yes").replace("- song: cold", "- song: cold \t # no")
    reading = read_text(text)
    assert [(problem.span.line, problem.span.column, problem.code) for problem in reading.problems] == [
        (4, 17, "tab"),
        (15, 19, "tab"),
    ]
    assert all(problem.severity == "warning" for problem in reading.problems)
    assert reading.timeline.songs["fever"].title == "Fever"


def test_a_song_in_a_lost_line_is_not_missed(read_text: Read) -> None:
    """The id of `fever` cannot be read, and the cue that plays it is right all the same."""
    text = FILM.replace("  fever:\n    title: Fever\n    artist: Suzi\n    length: 3:00\n", "  fever: {title: Fever\n")
    (problem,) = read_text(text).problems
    assert problem.code == "bracket"


def test_many_mistakes_stop_somewhere(read_text: Read) -> None:
    text = "needledrop: 1\nscenes:\n" + "  - id: a\n    title: x: y\n" * 200
    codes = [problem.code for problem in read_text(text).problems]
    assert codes.count("colon") == 50
    assert codes.count("syntax") == 1


def test_thousands_of_directives_are_one_mistake(read_text: Read) -> None:
    (problem,) = read_text("%a b\n" * 2000).problems
    assert (problem.code, problem.span.line) == ("reserved", 1)


def test_a_hundred_thousand_brackets(read_text: Read) -> None:
    (problem,) = read_text("needledrop: 1\nx-deep: " + "[" * 100_000).problems
    assert (problem.code, problem.span.line, problem.span.column) == ("too-deep", 2, 40)


def test_a_hundred_thousand_brackets_and_nothing_else(read_text: Read) -> None:
    assert [problem.code for problem in read_text("[" * 100_000).problems] == ["too-deep"]


def test_thirty_two_levels_are_allowed(read_text: Read) -> None:
    deep = "needledrop: 1\nx-deep: " + "[" * 31 + "]" * 31
    assert read_text(deep).problems == ()
    assert [problem.code for problem in read_text(deep.replace("[]", "[[]]")).problems] == ["too-deep"]


def test_an_alias_bomb_goes_off_nowhere(read_text: Read) -> None:
    lines = ["needledrop: 1", "x-a: &a [lol, lol]"]
    for above, name in zip("abcdefgh", "bcdefghi", strict=True):
        lines.append(f"x-{name}: &{name} [{', '.join([f'*{above}'] * 9)}]")
    problems = read_text("\n".join(lines)).problems
    assert [problem.code for problem in problems].count("alias") == 72
    assert [problem.code for problem in problems].count("anchor") == 9
    assert {problem.span.line for problem in problems} == set(range(2, 11))


def test_each_refusal_stands_at_its_own_place(read_text: Read) -> None:
    text = (
        "needledrop: 1\n"
        "songs:\n"
        "  a: &base {title: A, length: 3:00}\n"
        "  b: {<<: *base, title: B, length: 3:00}\n"
        "  c: {title: !!str C, length: !x &y 3:00}\n"
    )
    found = [f"{problem.span.line}:{problem.span.column} {problem.code}" for problem in read_text(text).problems]
    assert found == ["3:6 anchor", "4:7 merge", "4:11 alias", "5:14 tag", "5:31 tag", "5:34 anchor"]


def test_an_ampersand_in_a_text_is_no_anchor(read_text: Read) -> None:
    text = "needledrop: 1\nsongs: {a: {title: Rock & Roll!, artist: A&B, key: Hey !, length: 3:00}}\n"
    reading = read_text(text)
    assert reading.problems == ()
    assert reading.timeline.songs["a"].title == "Rock & Roll!"


def test_a_quoted_merge_key_is_only_unknown(read_text: Read) -> None:
    (problem,) = read_text('needledrop: 1\nfilm: {"<<": x}\n').problems
    assert problem.code == "unknown-key"


@pytest.mark.parametrize("text", ["", "\n\n", "# only a comment\n", "---\n", "\ufeff", "   \n  "])
def test_an_empty_file(read_text: Read, text: str) -> None:
    (problem,) = read_text(text).problems
    assert (problem.code, problem.hint) == ("empty", "a timeline begins with needledrop: 1")


@pytest.mark.parametrize("text", ["just words\n", "- a\n- list\n", "42", '"quoted"', "[]", "[needledrop, 1]"])
def test_a_file_that_is_something_else(read_text: Read, text: str) -> None:
    (problem,) = read_text(text).problems
    assert problem.code == "no-timeline"


def test_one_line_of_a_million_letters(read_text: Read) -> None:
    (problem,) = read_text(f"needledrop: 1\nfilm: {{title: {'x' * 1_000_000}, yeer: 1974}}\n").problems
    assert (problem.code, problem.span.column) == ("unknown-key", 1_000_017)


def test_letters_that_a_double_quoted_text_can_smuggle_in(read_text: Read) -> None:
    text = 'needledrop: 1\nsongs: {a: {title: "A\\0", artist: "\\e[31m", key: "a\\tb", length: 3:00, media: "a\\nb"}}\n'
    reading = read_text(text)
    assert [(problem.code, problem.span.column) for problem in reading.problems] == [
        ("bad-value", 20),
        ("bad-value", 35),
        ("bad-value", 79),
    ]
    assert reading.timeline.songs["a"].key == "a\tb"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (FILM.replace("needledrop: 1", "needledrop 1"), "1:1 no-colon"),
        (FILM.replace("- song: fever", "- song fever"), "12:9 no-colon"),
        (FILM.replace("  - id: one", "- id: one").replace("  - id: two\n    title: Two\n", ""), "10:5 indent"),
        ("needledrop: 1\nx-mine:\n" + "".join(" " * deep + "a:\n" for deep in range(1, 200)), "34:33 too-deep"),
        ("needledrop: 1\nx-mine:\n" + "".join(" " * deep + "-\n" for deep in range(1, 200)), "34:33 too-deep"),
    ],
)
def test_a_mistake_of_one_line_is_not_told_of_the_lines_that_hang_on_it(read_text: Read, text: str, told: str) -> None:
    found = [f"{one.span.line}:{one.span.column} {one.code}" for one in read_text(text).problems]
    assert found == [told]


def test_a_comment_that_hides_a_closing_bracket(read_text: Read) -> None:
    text = FILM.replace("- id: two\n    title: Two", "- {id: two, title: Two, colour: #ff0000}")
    (problem,) = read_text(text).problems
    assert (problem.code, problem.span.line, problem.span.column) == ("bracket", 16, 5)
    assert problem.hint == "#ff0000} begins a comment, which hides what follows: put the text with the # in quotes"
