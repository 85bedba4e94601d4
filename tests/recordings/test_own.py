"""A person's own recordings beside a show: what is asked, and what the show goes over to."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Collection, Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest
import soundfile
from msgspec.structs import replace

from player.engine import RATE
from player.engine.source import SourceSpec
from player.linking import Chosen
from player.media.catalogue import Scanned, open_library
from player.media.scan import Counted, Ended, News
from player.media.survey import Survey, Surveyed
from player.opening import find_songs, read_plan
from player.own import InFile, Listed, Own, Told
from player.plan import Plan
from player.show import Show
from tests.media import corpus

FILM = """\
needledrop: 1
songs:
  tide: {title: Low Tide, artist: The Breakwaters, media: old/one/tide.flac}
  ferry: {title: Ferry, artist: The Breakwaters, media: old/two/ferry.flac}
  harbor: {title: Harbor, artist: The Breakwaters}
scenes:
  - {id: one, title: One, cues: [song: tide, song: ferry, song: harbor]}
"""


class Stage:
    """A show, and the plans it went over to."""

    def __init__(self, path: Path) -> None:
        self.show = Show(find_songs(read_plan(path), path.parent))
        self.plans: list[Plan] = []

    def found(self, plan: Plan) -> None:
        self.plans.append(plan)
        self.show = replace(self.show, plan=plan)

    def why(self, song: str) -> str:
        return self.show.plan.songs[song].why


class Reader:
    """A scan that is over as soon as the test says."""

    def __init__(self, folders: Sequence[str]) -> None:
        self.folders = folders
        self.news: list[News] = []
        self.closed = False

    def poll(self, seconds: float = 0.0) -> tuple[News, ...]:
        news, self.news = tuple(self.news), []
        return news

    def close(self) -> None:
        self.closed = True


class Patient(Survey):
    """A survey that is waited for."""

    def poll(self, seconds: float = 0.0) -> tuple[Surveyed, ...]:
        return super().poll(30.0)


class Window:
    """What a window does with it, one look after the other."""

    def __init__(self, path: Path, start: Callable[[Callable[[], None]], None] = lambda job: job()) -> None:
        self.stage = Stage(path)
        self.scans: list[Reader] = []
        self.own = Own(self.stage, start=start, scan=self._scan, survey=Patient)  # type: ignore[arg-type]

    def _scan(self, folders: Sequence[str]) -> Reader:
        self.scans.append(Reader(folders))
        return self.scans[-1]

    def told(self) -> list[str]:
        """Everything there is to be said, until nothing more comes."""
        lines, quiet = [], 0
        while quiet < 3:
            news = self.own.poll()
            lines += [each.line for each in news if isinstance(each, Told)]
            quiet = 0 if news or self.own.busy.startswith("measuring") else quiet + 1
        return lines


@pytest.fixture
def film(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A film whose recordings were moved from `old` to `music`."""
    monkeypatch.setenv("NEEDLEDROP_DATA", str(tmp_path / "data"))
    for name in ("one/tide.flac", "two/ferry.flac"):
        corpus.write(tmp_path / "music" / name)
    path = tmp_path / "film.yaml"
    path.write_text(FILM)
    return path


@pytest.fixture
def window(film: Path) -> Iterator[Window]:
    made = Window(film)
    yield made
    made.own.close()


def add_harbors(folder: Path, *names: str) -> None:
    for name in names:
        corpus.write(folder / f"harbor {name}.flac", title="Harbor", artist="Breakwaters", album=name)
    library = open_library()
    library.add([str(folder)])
    library.close()


def test_a_folder_is_added_beside_the_show(window: Window, film: Path) -> None:
    assert window.own.add([str(film.parent / "music")]) is None
    assert window.own.busy == "adding music: 0 found"
    assert window.own.add([str(film.parent)]) == "music is being added already"
    window.scans[0].news = [Counted(1_204, 20_000)]
    window.own.poll()
    assert window.own.busy == "adding music: 1,204 of 20,000"
    add_harbors(film.parent / "music", "a")
    window.scans[0].news = [Ended(Scanned(3, 3, 0, 0))]
    assert window.told() == ["3 recordings in your library, 3 new or changed"]
    assert window.scans[0].closed
    assert window.stage.why("harbor") == "harbor a.flac plays, from your library (same title and artist)"
    assert len(window.stage.plans) == 1


def test_to_stop_keeps_what_was_read(window: Window, film: Path) -> None:
    assert not window.own.stop()
    window.own.add([str(film.parent / "music")])
    add_harbors(film.parent / "music", "a")
    assert window.own.stop()
    assert window.scans[0].closed
    assert window.own.busy == ""
    window.told()
    assert window.stage.show.plan.songs["harbor"].own


def test_what_is_no_folder_and_what_goes_wrong_are_one_line(window: Window, film: Path) -> None:
    assert window.own.add([str(film)]) == f"{film}: there is no such folder"
    window.own.add()
    assert window.scans[0].folders == []
    window.scans[0].news = [Ended(None, "the library is full")]
    assert window.told() == ["the library is full"]


def test_a_choice_is_the_persons_and_siblings_follow(window: Window, film: Path) -> None:
    before = film.read_bytes()
    window.own.choose("tide", str(film.parent / "music" / "one" / "tide.flac"))
    assert window.told() == ["Low Tide: tide.flac; Ferry moved along"]
    assert window.stage.why("tide") == "old/one/tide.flac is missing; tide.flac plays, as you chose"
    assert window.stage.show.plan.songs["ferry"].chosen
    assert film.read_bytes() == before
    assert Stage(film).show.plan.songs["ferry"].chosen  # also the next time


def test_a_choice_for_the_file_is_handed_over_and_not_kept(window: Window, film: Path) -> None:
    file = str(film.parent / "music" / "one" / "tide.flac")
    window.own.choose("tide", file, in_file=True)
    songs = window.stage.show.plan.timeline.songs
    sibling = Chosen(songs["ferry"], str(film.parent / "music" / "two" / "ferry.flac"), "old/two/ferry.flac")
    choices = (Chosen(songs["tide"], file, "old/one/tide.flac"), sibling)
    assert window.own.poll() == (InFile(choices, "Low Tide: tide.flac; Ferry moved along"),)
    assert window.stage.plans == []
    assert "missing" in Stage(film).why("tide")


def test_a_choice_that_cannot_be_is_one_line(window: Window, film: Path) -> None:
    window.own.choose("tide", str(film))
    window.own.choose("tide", str(film.parent / "music" / "gone.flac"))
    lines = window.told()
    assert lines[0].startswith(str(film))
    assert lines[1] == f"{film.parent}/music/gone.flac is missing"
    shutil.copytree(film.parent / "music", film.parent / "old")
    window.own.look_again()
    window.own.choose("tide", str(film.parent / "music" / "two" / "ferry.flac"))
    said = "only the file can put another one before it"
    assert window.told() == [f"tide plays what the file names (old/one/tide.flac plays); {said}"]


def test_none_and_as_the_library_has_it(window: Window, film: Path) -> None:
    add_harbors(film.parent / "music", "a")
    window.own.none("harbor")
    assert window.told() == ["Harbor: you chose no recording; there is no stand-in"]
    window.own.ask_library("harbor")
    assert window.told() == ["Harbor: harbor a.flac plays, from your library (same title and artist)"]


def test_words_find_recordings(window: Window, film: Path) -> None:
    assert window.own.search("harbor") == ()
    assert window.own.folders() == ()
    add_harbors(film.parent / "music", "quay", "pier")
    assert [each.album for each in window.own.search("harbor quay")] == ["quay"]
    assert window.own.folders() == (str(film.parent / "music"),)


def test_a_song_that_was_edited_meanwhile_keeps_what_it_plays(film: Path) -> None:
    jobs: list[Callable[[], None]] = []
    window = Window(film, jobs.append)
    add_harbors(film.parent / "music", "a")
    window.own.look_again()
    plan = window.stage.show.plan
    timeline = plan.timeline
    edited = {**timeline.songs, "harbor": replace(timeline.songs["harbor"], title="Pier")}
    window.stage.show = replace(window.stage.show, plan=replace(plan, timeline=replace(timeline, songs=edited)))
    jobs.pop()()
    assert window.own.poll() == (Listed(),)
    assert not window.stage.show.plan.songs["harbor"].own
    window.own.close()


def test_asked_twice_it_looks_once_more_and_no_more_often(film: Path) -> None:
    jobs: list[Callable[[], None]] = []
    window = Window(film, jobs.append)
    for _ in range(5):
        window.own.look_again()
    assert len(jobs) == 1
    jobs.pop()()
    window.own.poll()
    assert len(jobs) == 1
    jobs.pop()()
    window.own.poll()
    assert jobs == []
    window.own.close()


def test_gains_apply_as_soon_as_recordings_are_measured(film: Path) -> None:
    (film.parent / "old" / "one").mkdir(parents=True)
    tone = 0.1 * np.sin(np.arange(3 * RATE) * 0.13)
    soundfile.write(film.parent / "old" / "one" / "tide.flac", np.stack([tone, tone], axis=1), RATE)
    film.write_text(FILM + "defaults: {loudness: -30 LUFS}\n")
    window = Window(film)
    cue = window.stage.show.plan.first_song(0)
    assert cue is not None
    assert window.stage.show.plan.levelled(cue) == 0.0
    window.own.poll()
    assert window.own.busy == "measuring: 0 of 1"
    assert window.told() == []
    assert window.stage.show.plan.loudness(cue) == pytest.approx(-20.0, abs=0.2)
    assert window.stage.show.plan.levelled(cue) == pytest.approx(-10.0, abs=0.2)
    assert window.own.busy == ""
    window.own.close()


def test_what_cannot_be_measured_is_told_once(film: Path) -> None:
    shutil.copytree(film.parent / "music", film.parent / "old")
    film.write_text(FILM + "defaults: {loudness: -20 LUFS}\n")
    asked: list[Collection[SourceSpec]] = []

    class Failing:
        over, done, of = True, 1, 2

        def __init__(self, specs: Collection[SourceSpec]) -> None:
            asked.append(specs)
            self.specs = specs

        def poll(self) -> tuple[Surveyed, ...]:
            return tuple(Surveyed(spec, "breaks off") for spec in self.specs)

        def close(self) -> None: ...

    stage = Stage(film)
    own = Own(stage, start=lambda job: job(), survey=Failing)  # type: ignore[arg-type]
    news = [each for _ in range(6) for each in own.poll()]
    lines = [each.line for each in news if isinstance(each, Told)]
    assert lines == ["tide.flac breaks off; its level stays", "ferry.flac breaks off; its level stays"]
    assert len(asked) == 1
