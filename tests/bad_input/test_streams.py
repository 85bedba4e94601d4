"""Terminals and pipes that take nothing, or not every letter."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.bad_input.material import show
from tests.bad_input.program import Person

TITLE = "Café 日本 \U0001f3b8"

# Where the program has fewer letters than a title. LC_ALL=C alone is UTF-8 to Python, unless it is told otherwise.
POOR = {
    "C": {"LC_ALL": "C"},
    "C, by the letter": {"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"},
    "ASCII": {"PYTHONIOENCODING": "ascii"},
    "ASCII, strict": {"PYTHONIOENCODING": "ascii:strict"},
    "Latin-1": {"PYTHONIOENCODING": "latin-1"},
}


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory, shelf: Path) -> Path:
    """A show whose title and song few terminals can write."""
    folder = tmp_path_factory.mktemp("streams")
    scenes = f"  - {{id: one, title: {TITLE}, cues: [{{song: fine}}]}}\n  - {{id: two, title: Two, at: 5}}\n"
    return show(folder, [f"fine: {{title: {TITLE}, media: {shelf.as_posix()}/fine.wav}}"], scenes=scenes)


@pytest.mark.parametrize("name", POOR)
def test_a_title_that_the_terminal_cannot_write_ends_nothing(name: str, someone: Person, film: Path):
    check, order, told, play = someone.each(
        ["check", film], ["order", film], ["order", "--json", film], ["play", "--text", "--virtual", film],
        stdin="go\nwait 1s\nstate\n", **POOR[name],
    )  # fmt: skip
    assert (check.code, order.code, told.code, play.code) == (1, 1, 1, 1)  # scene two has a time without a unit
    assert 'show.yaml:7:31: error: at: "5" has no unit [bad-value]' in check.out
    assert order.lines[0].startswith("  1  1                     0:01  Caf")
    assert json.loads(told.out)["steps"][0]["title"] == TITLE
    assert any("0:00:01.000 ended fine" in line for line in play.lines)


@pytest.mark.parametrize("command", [["check"], ["order"], ["play", "--text", "--virtual"], ["--help"]])
def test_a_reader_that_leaves_is_no_mistake(command: list[str], someone: Person, film: Path):
    for reader in ("head -n 1", "true"):
        ran = someone.pipe([*command, film], reader, stdin="go\nwait 1s\nstate\n")
        assert ran.code in (0, 1)
        assert len(ran.lines) <= 1
        assert all("show.yaml:7:31: " in line or "1 error; " in line for line in ran.complaints)


@pytest.mark.parametrize("command", [["check"], ["order"], ["play", "--text", "--virtual"], ["--help"]])
def test_standard_output_that_is_full_is_one_line(command: list[str], someone: Person, film: Path):
    if not Path("/dev/full").exists():
        pytest.skip("needs /dev/full")
    ran = someone.run(*command, film, within="exec >/dev/full")
    assert ran.code == 1
    assert ran.complaints[-1] == "needledrop: nothing more can be written: No space left on device"


def test_standard_error_that_is_full_changes_no_exit_code(someone: Person, film: Path):
    if not Path("/dev/full").exists():
        pytest.skip("needs /dev/full")
    assert someone.run("check", "nothing.yaml", within="exec 2>/dev/full").code == 2
    assert someone.run("order", film, within="exec 2>/dev/full").code == 1


@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"])
def test_closed_streams(closed: str, someone: Person, film: Path, folder: Path):
    out = folder / "out.wav"
    check, play, render = (
        someone.run(*call, within=f"exec {closed}")
        for call in (["check", film], ["play", "--text", "--virtual", film], ["render", film, "-o", out])
    )
    assert (check.code, play.code, render.code) == (1, 1, 1)
    assert out.stat().st_size == 80 + 14 + 48_000 * 2 * 3  # a header, and a second at 24 bit


def test_closed_input_ends_a_show_in_real_time(person: Person, film: Path):
    ran = person.run("play", "--text", film, within="exec <&-")
    assert ran.code == 1
    assert ran.lines[0].startswith("0:00:00.000 standby 1 one")
    assert person.left() == []


def test_a_hands_free_show_plays_on_where_nobody_types(person: Person, film: Path):
    ran = person.run("play", "--text", "--auto", film)
    assert ran.code == 1
    assert any(" ended fine " in line for line in ran.lines)
    assert person.left() == []
