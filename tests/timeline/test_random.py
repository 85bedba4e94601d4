"""Whatever stands in a file: nothing raises, both parsers agree, and every problem has its place."""

from __future__ import annotations

import json
from random import Random
from typing import Any

import pytest
import yaml
from hypothesis import example, given, settings
from hypothesis import strategies as st

from timeline import spec
from timeline.nodes import LOADERS, Tree, build
from timeline.problems import as_json, render
from timeline.reader import Reading, read
from timeline.spec import Group, Listing, Scalar, Table

unhurried = settings(deadline=None)
needs_both = pytest.mark.skipif(len(LOADERS) < 2, reason="PyYAML was built without libyaml")

WORDS = st.sampled_from(
    [
        *("needledrop: 1", "songs:", "scenes:", "film:", "cues:", "sets:", "a:", "title: A", "id: x", "at: +4s"),
        *("song: a", "fade: a", "level: -6 dB", "stop: all", "then: follow", "gain: loud", "x-y: [", "}", "{"),
        *("- ", "-", ": ", ":", ",", "#", " #2", "# c", "&a", "*a", "!t", "<<: *a", "---", "...", "%YAML 1.2"),
        *('"', "'", "\\", "~", "null", "@", "`", "\t", " ", "  ", "    ", "\n", "\n  ", "\n    ", "\r\n", "\r"),
        *("\0", "\x85", "[", "]", "|", ">", "? "),
        *("\u2028", "\ufeff", "é", "東", "🎸", "\ud800", "1:30", "00:01:00;00", "bar 3", "<<<<<<< HEAD", "======="),
    ]
)


def whole(reading: Reading) -> Reading:
    """The reading itself, once everything in it has been looked at."""
    for problem in reading.problems:
        assert 0 <= problem.span.start <= problem.span.end
        assert reading.source.position(min(problem.span.start, len(reading.source.text))) == (
            problem.span.line,
            problem.span.column,
        )
        assert "\n" not in problem.message
        assert render(problem, reading.source).encode("utf-8")
        assert json.dumps(as_json(problem, reading.source))
    return reading


@unhurried
@given(st.one_of(st.text(), st.lists(WORDS, max_size=60).map("".join)))
@example("\ud800")
@example("needledrop: 1\nscenes: [{id: x, title: X, cues: [{fade: a}]}]")
@example("a: 'b\n\n'c")
@example("? [\n")
def test_any_text_is_read(text: str) -> None:
    for loader in LOADERS:
        whole(read(text, loader=loader))


@unhurried
@given(st.binary(max_size=300))
def test_any_bytes_are_read(raw: bytes) -> None:
    whole(read(raw))


@unhurried
@given(st.data())
def test_a_film_with_anything_written_into_it_is_read(data: st.DataObject) -> None:
    """Nearly right files reach further into the reader than random ones."""
    text = FILM
    for _ in range(data.draw(st.integers(1, 4))):
        start = data.draw(st.integers(0, len(text)))
        end = min(len(text), start + data.draw(st.integers(0, 12)))
        text = text[:start] + data.draw(st.one_of(WORDS, st.text(max_size=3))) + text[end:]
    for loader in LOADERS:
        whole(read(text, loader=loader))


FILM = """\
needledrop: 1
film: {title: T, fps: 25, start: 01:00:00:00, runtime: 1:40:00}
songs:
  fever:
    title: "Fever"   # a comment
    writers: [A, {name: B, share: 50}]
    media: {file: a.wav, gain: -2 dB}
    length: 3:00
scenes:
  - id: one
    title: 'One'
    at: 01:10:00:12
    note: |
      Two
      lines.
    cues:
      - song: fever
        at: +4s
        from: 0:10
        to: 1:10
        fade-out: 4s linear
        then: follow
      - {fade: fever, level: -12 dB, over: 2s}
      - stop: all
  - {id: two, title: Two, at: ~+6m}
"""


@needs_both
@settings(max_examples=200, deadline=None)
@given(st.data())
def test_both_parsers_stop_at_the_same_line(data: st.DataObject) -> None:
    """Where one line of a film is broken. Left out is `#`, which only libyaml takes right behind a `|`."""
    lines = FILM.split("\n")
    broken = data.draw(st.integers(1, len(lines) - 2))
    at = data.draw(st.integers(0, len(lines[broken])))
    letters = st.text("abc: -,[]{}'\"&*|>@%`\\0123456789", max_size=3)
    lines[broken] = lines[broken][:at] + data.draw(letters) + lines[broken][at:]
    readings = [read("\n".join(lines), loader=loader) for loader in ("libyaml", "pure")]
    ours, theirs = ([problem.span.line for problem in one.problems if problem.severity == "error"] for one in readings)
    assert ours[:1] == theirs[:1]


PLAIN = st.text("abc XYZ019.,:;!?'\"#&*@-_/\\()[]{}|>%éß東🎸", min_size=1, max_size=12)


def values(kind: Any) -> st.SearchStrategy[Any]:
    """Plain data of any kind of the spec, right or not quite."""
    match kind:
        case Scalar():
            return st.one_of(st.just(kind.example), st.just(kind.example), PLAIN)
        case Group():
            optional = {field.name: values(field.kind) for field in kind.known.values() if not field.required}
            required = {field.name: values(field.kind) for field in kind.known.values() if field.required}
            chosen = st.lists(st.sampled_from(sorted(optional)), max_size=5, unique=True) if optional else st.just([])
            return chosen.flatmap(lambda names: st.fixed_dictionaries({**required, **{n: optional[n] for n in names}}))
        case Listing():
            return st.lists(values(kind.of), max_size=3)
        case Table():
            return st.dictionaries(st.sampled_from(["a", "b", "harbor-lights"]), values(kind.of), max_size=3)
    raise AssertionError(kind)


def written(data: Any, chance: Random, indent: int = 0) -> str:
    """`data` as YAML in a style of chance: block or flow, quotes, indentation, comments, blank lines."""
    if isinstance(data, str):
        return scalar(data, chance)
    if not data or chance.random() < 0.25:
        return flow(data, chance)
    step = chance.choice([1, 2, 4])
    lines = []
    for item in data.items() if isinstance(data, dict) else data:
        lines.append(chance.choice(["", "", "", "\n", " " * indent + "# a comment\n"]))
        if isinstance(data, dict):
            key, value = item
            head = " " * indent + scalar(key, chance) + ":"
        else:
            head, value = " " * indent + "-", item
        inner = written(value, chance, indent + step)
        block = not isinstance(value, str) and not inner.startswith(("[", "{"))
        lines.append(head + ("\n" + inner if block else " " + inner + "\n"))
    return "".join(lines)


def scalar(text: str, chance: Random) -> str:
    plain = text and text == text.strip() and not any(letter in text for letter in "#:,[]{}&*!|>'\"%@`?-\\~")
    if plain and chance.random() < 0.5:
        return text
    if chance.random() < 0.5:
        return "'" + text.replace("'", "''") + "'"
    return json.dumps(text, ensure_ascii=False)


def flow(data: Any, chance: Random) -> str:
    if isinstance(data, str):
        return scalar(data, chance)
    if isinstance(data, dict):
        return "{" + ", ".join(f"{scalar(key, chance)}: {flow(value, chance)}" for key, value in data.items()) + "}"
    return "[" + ", ".join(flow(item, chance) for item in data) + "]"


@unhurried
@given(values(spec.ROOT), st.randoms(use_true_random=False), st.sampled_from(sorted(LOADERS)))
def test_the_style_of_writing_changes_nothing(film: Any, chance: Random, loader: str) -> None:
    """The same film, written twice in styles of chance, says the same and has the same problems."""
    film["needledrop"] = "1"
    texts = [written(film, chance) for _ in range(2)]
    assert all(yaml.load(text, yaml.BaseLoader) == film for text in texts)  # noqa: S506 - it makes texts only
    one, other = (whole(read(text, loader=loader)) for text in texts)
    assert bare(one) == bare(other)


def bare(reading: Reading) -> tuple[str, list[tuple[str, str]]]:
    """What a reading says, without places."""
    problems = [(problem.code, problem.message) for problem in reading.problems]
    return strip(repr(reading.timeline)), sorted(problems)


def strip(text: str) -> str:
    head, *rest = text.split("Span(")
    return head + "".join(part.partition(")")[2] for part in rest)


@needs_both
@unhurried
@given(st.lists(WORDS, max_size=40).map("".join))
def test_where_both_parsers_read_a_text_they_read_the_same(text: str) -> None:
    trees = []
    for loader in LOADERS:
        try:
            trees.append(outline(build(text.replace("\ufeff", ""), loader)))
        except (yaml.YAMLError, UnicodeEncodeError, Exception) as error:  # noqa: BLE001 - TooDeep as well
            trees.append(type(error).__name__)
    if all(isinstance(tree, list) for tree in trees):
        assert trees[0] == trees[1]


def outline(tree: Tree) -> list[Any]:
    """The nodes of a tree as plain lists, without recursion."""
    found: list[Any] = [[refused[:4] for refused in tree.refused]]
    todo = [tree.root] if tree.root is not None else []
    while todo:
        node = todo.pop()
        found.append((type(node).__name__, node.value, node.start_mark.index))
        todo += getattr(node, "items", [])
    return found
