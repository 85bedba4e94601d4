"""One file with a mistake in nearly every line: all of them in one pass, each in one line."""

from __future__ import annotations

from pathlib import Path

import pytest

from timeline.nodes import LOADERS
from timeline.reader import read

BAD = Path(__file__).with_name("bad.yaml")

TOLD = """\
4:8 bad-value write 23.976
5:12 bad-value write 90s for seconds
7:22 bad-value write 4s for seconds
7:38 bad-value write it like -6 dB, +1.5 dB or -inf dB
9:55 unknown-key did you mean year?
10:3 bad-id write second-song
11:3 unused-song None
12:18 hash write "Étude #2" in quotes, or a space after # for a comment
14:3 missing-key add title: Harbor Lights
16:13 bad-value write 3:15
19:18 quote write '"One" (again)'
22:15 no-song did you mean opening-drive?
23:13 bad-value write 4s from the film's beginning, or +4s from the scene
25:15 bad-value did you mean -60 dB?
26:19 bad-value write 4s linear
27:13 empty-region None
29:31 unknown-key add a space after the colon: "out: 3s"
30:15 no-target None
31:9 misplaced-key it belongs to a song cue
32:9 no-verb add one of song, set, fade, stop, pause, resume, send or say
34:9 two-verbs make it two cues
36:15 bad-value one of wait, continue or follow
37:9 duplicate-id the first is in line 18
39:9 time-order None
40:1 tab indent with spaces
42:9 backward write +2s, or move the scene up
44:14 colon write "Look: here"
45:15 missing-key add level: -12 dB, or -inf dB to end it
46:15 alias write the value itself; a word that begins with * goes in quotes
48:16 no-scene write scene, end or the id of a scene
"""


@pytest.mark.parametrize("loader", sorted(LOADERS))
def test_thirty_mistakes_in_one_pass(loader: str) -> None:
    problems = read(BAD.read_bytes(), "bad.yaml", loader=loader).problems
    told = [f"{problem.span.line}:{problem.span.column} {problem.code} {problem.hint}" for problem in problems]
    assert told == TOLD.splitlines()


def test_what_is_right_in_it_survives() -> None:
    timeline = read(BAD.read_bytes()).timeline
    assert list(timeline.songs) == ["opening-drive", "Second Song", "spare", "third"]
    assert [scene.id for scene in timeline.scenes] == ["one", "#2", "#3"]
    assert [cue.key for cue in timeline.scenes[0].cues] == ["one#1", "one#2", "one#3", "one#4"]
