"""What the tests of timeline/ share: every reading is done by libyaml and by the pure Python parser."""

from __future__ import annotations

from collections.abc import Callable
from textwrap import dedent

import pytest

from timeline.nodes import LOADERS
from timeline.reader import Reading, read

Read = Callable[[str], Reading]


@pytest.fixture(params=sorted(LOADERS))
def loader(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def read_text(loader: str) -> Read:
    """Reads a text as it stands."""
    return lambda text: read(text, "film.yaml", loader=loader)


@pytest.fixture
def read_film(loader: str) -> Read:
    """Reads a text that is indented like the test around it, with `needledrop: 1` put in front."""
    return lambda text: read("needledrop: 1\n" + dedent(text), "film.yaml", loader=loader)


@pytest.fixture
def told(read_film: Read) -> Callable[[str], list[str]]:
    """What is told of a text, as `line:column severity code`; line 1 is the first after `needledrop: 1`."""

    def tell(text: str) -> list[str]:
        return [
            f"{problem.span.line - 1}:{problem.span.column} {problem.severity} {problem.code}"
            for problem in read_film(text.removeprefix("\n")).problems
        ]

    return tell
