"""The file is saved by other programs while its music plays: the screen follows, and the ear does not notice."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from player.ui.ops import Rect
from tests.e2e.conftest import FERRY, FILM, HARBOUR, STAGE
from tests.e2e.player import Player, started
from tests.e2e.sink import RATE, Sink, breaks
from tests.e2e.stage import Stage, until

pytestmark = pytest.mark.needs(*STAGE)

TRIES = 15  # on a busy machine the sound server itself may lose a block in any one second, and a window may wait
CLEAN = 1e-4  # what 16-bit noise of the recording gives; one lost sample gives 0.01 and more
SOON = 0.5  # seconds from the last write to the screen, the best of several times
LATER = 1.5  # the same where the new text is the beginning of the old one


def in_place(path: Path, text: str) -> None:
    path.write_text(text, "utf-8")


def by_rename(path: Path, text: str) -> None:
    other = path.with_name("draft.tmp")
    other.write_text(text, "utf-8")
    os.replace(other, path)


def vims_way(path: Path, text: str) -> None:
    backup = path.with_name(f"{path.name}~")
    os.replace(path, backup)
    path.write_text(text, "utf-8")
    backup.unlink()


def slowly(path: Path, text: str) -> None:
    with path.open("w", encoding="utf-8") as file:
        for at in range(0, len(text), len(text) // 5):
            file.write(text[at : at + len(text) // 5])
            file.flush()
            time.sleep(0.05)


@pytest.fixture
def own_film(film: Path, tmp_path: Path) -> Path:
    """The tone film in a folder of its own."""
    for each in film.parent.glob("*.wav"):
        (tmp_path / each.name).symlink_to(each)
    path = tmp_path / "film.yaml"
    path.write_text(FILM, "utf-8")
    return path


@pytest.fixture
def playing(stage: Stage, own_film: Path, sink: Sink) -> Iterator[Player]:
    """A player whose first song sounds."""
    with started(stage, own_film) as player:
        player.go()
        sink.hears(FERRY)
        yield player


def title(player: Player) -> Rect:
    """Where the title of the seventh scene stands, also beneath a banner, and nothing else moves."""
    where = player.layout
    assert where.list is not None
    top = player.row(4)[1]
    return Rect(where.list.x + where.list.w // 10, top, where.list.w // 3, where.list.y + where.list.h - top)


def shown_after(player: Player, save: Callable[[Path, str], None], path: Path, text: str) -> float:
    """Seconds from the end of a save until the title in the window is another one."""
    before = player.picture(title(player))
    save(path, text)
    begin = time.monotonic()
    until(lambda: not player.shows(title(player), before), lambda: f"the new title; {player.status}")
    return time.monotonic() - begin


def stands(player: Player) -> list[tuple[int, int]]:
    """Each voice, and at which frame of the engine's clock its material began: no other one while it plays on."""
    status = player.status
    return [(voice.voice, status.clock - voice.at) for voice in status.voices]


@pytest.mark.parametrize("save", [in_place, by_rename, vims_way, slowly])
def test_a_save_in_any_editor_is_on_screen_and_costs_no_sample(
    playing: Player, sink: Sink, own_film: Path, save: Callable[[Path, str], None]
) -> None:
    """Of the sound server's own gaps tell the seconds between, in which nothing is saved."""
    before = stands(playing)
    took, unsaved = [], []
    for number in range(TRIES):
        begin = sink.frames
        took.append(shown_after(playing, save, own_film, FILM.replace("The roof", f"Roof {number}")))
        clean = breaks(sink.sound(begin, RATE), FERRY) < CLEAN
        assert stands(playing) == before
        if clean and number > 1 and min(took) < SOON:
            break
        unsaved.append(breaks(sink.next(1.0), FERRY) < CLEAN)
    else:
        assert sum(unsaved) <= TRIES // 3, "only the seconds with a save have gaps"
    assert min(took) < SOON
    sink.goes_on(FERRY)


def test_a_shorter_file_is_taken_a_second_later(playing: Player, own_film: Path) -> None:
    lines = FILM.splitlines(keepends=True)
    short = "".join(lines[: next(i for i, line in enumerate(lines) if "id: roof" in line)])
    took = []
    while not took or (took[-1] > LATER and len(took) < 5):
        took.append(shown_after(playing, in_place, own_film, short))
        shown_after(playing, in_place, own_film, FILM)
    assert min(took) > SOON
    assert min(took) < LATER


def test_a_broken_file_plays_on_and_the_mended_one_is_taken(playing: Player, sink: Sink, own_film: Path) -> None:
    before = playing.picture(title(playing))
    begin = sink.frames
    own_film.write_text(FILM.replace("The roof", "Another").replace("{id: border", "{id: border: x"), "utf-8")
    sink.sound(begin, 2 * RATE)
    assert FERRY in sink.heard()
    own_film.write_text(FILM.replace("The roof", "Another"), "utf-8")
    until(lambda: not playing.shows(title(playing), before), "the new title")
    sink.goes_on(FERRY)
    playing.go()
    sink.hears(HARBOUR)


def test_a_new_window_takes_over_from_one_that_died_with_edits(stage: Stage, sink: Sink, own_film: Path) -> None:
    with started(stage, own_film) as first:
        first.go()
        sink.hears(FERRY)
        harbour = first.still(first.layout.next)
        first.press("Down", "F2", "End")
        first.type(" tonight")
        first.press("Return", "Up")
        kept = stage.home / ".local" / "share" / "needledrop" / "edits"
        until(lambda: any(b"tonight" in each.read_bytes() for each in kept.glob("*.edits")), "the journal")
        until(lambda: first.shows(first.layout.next, harbour), "standby where it was")
        own_film.write_text(FILM.replace("  - {id: ferry", "  - {id: pier, title: The pier}\n  - {id: ferry"), "utf-8")
        first.process.kill()
        first.process.wait(10)
        with started(stage, own_film) as second:
            sink.goes_on(FERRY)
            second.press("Return", "ctrl+s")
            until(lambda: "The diner tonight" in own_film.read_text("utf-8"), "the edit in the file")
            second.go()
            sink.hears(HARBOUR)
