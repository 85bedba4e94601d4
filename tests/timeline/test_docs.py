"""The pages about the format say what the program does: example, keys, and codes."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from timeline.reader import read
from timeline.reference import reference

ROOT = Path(__file__).parents[2]
FORMAT = (ROOT / "docs" / "format.md").read_text(encoding="utf-8")
PROBLEMS = (ROOT / "docs" / "problems.md").read_text(encoding="utf-8")


def examples() -> list[str]:
    return re.findall(r"```yaml\n(.*?)```", FORMAT, re.DOTALL)


def test_the_example_has_no_problem(loader: str) -> None:
    """Its files aside; what is not yet played, and that there are estimates, is only noted."""
    problems = read(examples()[0], loader=loader).problems
    assert [problem for problem in problems if problem.severity != "note"] == []
    assert {problem.code for problem in problems} == {"estimates", "not-yet-played"}


def test_with_its_files_it_has_none_either(loader: str) -> None:
    problems = read(examples()[0], exists=lambda _: True, loader=loader).problems
    assert {problem.severity for problem in problems} == {"note"}


def test_the_least_that_plays_has_no_problem(loader: str) -> None:
    assert read(examples()[1], loader=loader).problems == ()


def test_the_tables_are_those_of_the_reader() -> None:
    """After a change of the spec, `python -m timeline.reference` prints what the page ends with."""
    assert FORMAT.endswith(reference())


@pytest.mark.parametrize("path", sorted((ROOT / "assets" / "films").glob("*.yaml")), ids=lambda path: path.stem)
def test_bundled_films_have_no_problem(path: Path) -> None:
    problems = read(path.read_bytes(), path.name).problems
    assert [problem for problem in problems if problem.severity != "note"] == []


CODE = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*")
TELLERS = {"Problem": 1, "tell": 1, "error": 0, "warn": 0, "Mistake": 0}  # which argument is the code


def raised() -> set[str]:
    """Every code that stands in the source of timeline/ where a problem is made."""
    codes: set[str] = set()
    for path in (ROOT / "timeline").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
                given = node.args[TELLERS[name]] if len(node.args) > TELLERS.get(name, 99) else None
                if name == "append" and isinstance(node.args[0], ast.Tuple) and len(node.args[0].elts) == 5:
                    given = node.args[0].elts[0]
                if isinstance(given, ast.Constant) and isinstance(given.value, str) and CODE.fullmatch(given.value):
                    codes.add(given.value)
                elif isinstance(given, ast.JoinedStr):  # no-{key}, of what a cue or an entry can name
                    codes |= {"no-song", "no-set", "no-output"}
    return codes


def test_every_code_has_its_paragraph() -> None:
    described = re.findall(r"^### `([a-z0-9-]+)`", PROBLEMS, re.MULTILINE)
    assert sorted(described) == sorted(raised())
    assert len(described) == len(set(described))


def test_every_paragraph_says_something() -> None:
    for part in PROBLEMS.split("\n### ")[1:]:
        head, _, body = part.partition("\n")
        assert re.fullmatch(r"`[a-z0-9-]+` \((error|warning|note|error or warning)\)", head)
        assert len(body.split("\n## ")[0].split()) >= 8
