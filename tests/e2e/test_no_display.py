"""Without a display the show goes on in the terminal, and says so in one line."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from tests.e2e.conftest import DINER, FERRY, HARBOUR, STAGE
from tests.e2e.music import tone
from tests.e2e.player import left_over, process
from tests.e2e.sink import Sink
from tests.e2e.stage import Stage, until

pytestmark = pytest.mark.needs(*STAGE)

SHORT = """\
needledrop: 1
film: {title: A short one}
songs:
  a: {title: A, media: a.wav}
  b: {title: B, media: b.wav}
scenes:
  - {id: one, title: One, cues: [song: a]}
  - {id: two, title: Two, cues: [song: b]}
"""


@pytest.fixture
def without_display(stage: Stage) -> dict[str, str]:
    return {name: value for name, value in stage.env.items() if name != "DISPLAY"}


@pytest.fixture
def short_film(tmp_path: Path) -> Path:
    """Two scenes of 1.5 s."""
    tone(tmp_path / "a.wav", HARBOUR, 1.5)
    tone(tmp_path / "b.wav", DINER, 1.5)
    (tmp_path / "short.yaml").write_text(SHORT, encoding="utf-8")
    return tmp_path / "short.yaml"


def test_the_show_plays_in_the_terminal(
    stage: Stage, without_display: dict[str, str], film: Path, sink: Sink
) -> None:
    ours, theirs = os.openpty()
    with process(stage, film, env=without_display, stdin=theirs, stdout=theirs, stderr=theirs) as running:
        os.write(ours, b"go\n")
        sink.hears(FERRY)
        os.write(ours, b"quit\n")
        assert running.wait(10) == 0
        sink.hears()
        until(lambda: left_over(stage) == [], "the engine to end")
    said = os.read(ours, 1 << 16).decode()
    os.close(ours)
    os.close(theirs)
    notices = [line for line in said.splitlines() if line.startswith("needledrop:")]
    assert len(notices) == 1
    assert notices[0].startswith("needledrop: no window (there is no display)")
    assert notices[0].endswith("playing in this terminal; type help")
    assert 'plays ferry "Ferry" (recording)' in said


@pytest.mark.parametrize("arguments", [(), ("--auto",), ("--text", "--auto")])
def test_hands_free_the_show_plays_to_its_end(
    stage: Stage, without_display: dict[str, str], short_film: Path, sink: Sink, arguments: tuple[str, ...]
) -> None:
    pipe = subprocess.PIPE
    stdin = pipe if "--text" in arguments else subprocess.DEVNULL  # text mode quits at the end of its input
    with process(
        stage, short_film, *arguments, env=without_display, stdin=stdin, stdout=pipe, stderr=pipe
    ) as running:
        sink.hears(HARBOUR)
        sink.hears(DINER)
        sink.hears()
        assert running.wait(10) == 0
        assert running.stderr is not None
        notices = running.stderr.read().decode().splitlines()
    assert len(notices) == (0 if "--text" in arguments else 1)
    until(lambda: left_over(stage) == [], "the engine to end")
