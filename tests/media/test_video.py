"""The film's picture: which one stands at a film time, what is dropped, what is wrong with a file."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from player.devices.av_video import AvVideo
from player.errors import VideoFileError
from player.media.video import Aim, Shot, Video
from tests.e2e import flash

HALF = (160, 90)


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Twenty seconds, white from 4.0 to 4.2 and from 15.0 to 15.2."""
    path = tmp_path_factory.mktemp("film") / "flash.mkv"
    flash.film(path, (4, 15), 20)
    return path


def white(pixels: bytes) -> bool:
    return pixels[0] > 200


class TestFile:
    def test_pictures_come_in_order_from_zero_on(self, film: Path) -> None:
        reader = AvVideo(str(film))
        assert reader.size == (320, 180)
        assert reader.period == pytest.approx(0.04)
        found = [reader.next() for _ in range(4)]
        assert [round(each.at, 3) for each in found if each] == [0.0, 0.04, 0.08, 0.12]
        reader.close()

    def test_a_search_lands_at_the_picture_or_before_it(self, film: Path) -> None:
        reader = AvVideo(str(film))
        for at in (15.1, 4.0, 0.0, 19.9):
            reader.seek(at)
            picture = reader.next()
            assert picture is not None
            assert picture.at <= at
            while picture.at + reader.period <= at + 0.001:
                picture = reader.next()
                assert picture is not None
            assert white(picture.pixels(HALF)) == (at in (15.1, 4.0))
        reader.close()

    def test_pixels_are_four_bytes_each_in_the_size_asked_for(self, film: Path) -> None:
        reader = AvVideo(str(film))
        picture = reader.next()
        assert picture is not None
        assert len(picture.pixels((123, 45))) == 123 * 45 * 4
        reader.close()

    @pytest.mark.parametrize(
        ("name", "content", "why"),
        [
            ("gone.mkv", None, "is missing"),
            ("empty.mkv", b"", "is empty"),
            ("text.mkv", b"no film at all\n" * 400, "is not a video we can read"),
            ("list.m3u8", b"#EXTM3U\n#EXTINF:1,\nhttp://127.0.0.1:9/a.ts\n", "is not a video we can read"),
        ],
    )
    def test_what_is_no_film_is_told_in_a_clause(
        self, tmp_path: Path, name: str, content: bytes | None, why: str
    ) -> None:
        path = tmp_path / name
        if content is not None:
            path.write_bytes(content)
        with pytest.raises(VideoFileError) as told:
            AvVideo(str(path))
        assert told.value.why == why

    def test_a_film_cut_off_in_the_middle_ends_there(self, film: Path, tmp_path: Path) -> None:
        cut = tmp_path / "cut.mkv"
        cut.write_bytes(film.read_bytes()[: film.stat().st_size // 2])
        reader = AvVideo(str(cut))
        last = 0.0
        while (picture := reader.next()) is not None:
            last = picture.at
        assert 1.0 < last < 19.0
        reader.close()


class Clock:
    """A moment that the test moves."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


class Screening:
    """A video, its clock, and the news that a picture is there."""

    def __init__(self, path: Path) -> None:
        self.clock = Clock()
        self.news = threading.Event()
        self.video = Video(str(path), now=self.clock, ready=self.news.set)

    def aim(self, film: float, *, runs: bool = False, window: tuple[int, int] = HALF) -> None:
        self.video.aim(Aim(film, self.clock.now, runs), window, lambda own: window)

    def shot(self, film: float) -> Shot:
        """The picture at a film time, once it is decoded."""
        while True:
            self.news.clear()
            found = self.video.shot(film)
            if found is not None and found.at <= film < found.at + 0.0401:
                return found
            if self.video.due(film) is None:
                assert self.news.wait(20), "no picture comes"


@contextmanager
def screening(path: Path) -> Iterator[Screening]:
    made = Screening(path)
    yield made
    made.video.close(5)


def test_the_picture_at_a_film_time_is_the_one_that_stands_there(film: Path) -> None:
    with screening(film) as running:
        for at in (0.0, 4.1, 15.19, 3.99, 15.21):
            running.aim(at)
            found = running.shot(at)
            assert found.at <= at < found.at + 0.0401
            assert white(found.pixels) == (at in (4.1, 15.19))


def test_while_the_clock_runs_each_picture_comes_at_its_time(film: Path) -> None:
    with screening(film) as running:
        begin = 3.9
        seen = []
        for step in range(20):
            at = begin + step * 0.04 + 0.005
            running.clock.now = 100.0 + at - begin
            running.aim(at, runs=True)
            seen.append((round(running.shot(at).at, 2), white(running.shot(at).pixels)))
        assert seen[0] == (3.88, False)
        assert [at for at, light in seen if light] == [4.0, 4.04, 4.08, 4.12, 4.16]


def test_the_next_picture_tells_when_it_is_due(film: Path) -> None:
    with screening(film) as running:
        running.aim(2.01)
        running.shot(2.01)
        while running.video.due(2.01) is None:
            running.news.clear()
            assert running.video.due(2.01) is not None or running.news.wait(20)
        assert running.video.due(2.01) == pytest.approx(0.03)


def test_another_size_of_the_window_is_another_picture(film: Path) -> None:
    with screening(film) as running:
        running.aim(4.1)
        assert running.shot(4.1).size == HALF
        running.aim(4.1, window=(64, 36))
        found = running.shot(4.1)
        while found.size != (64, 36):
            found = running.shot(4.1)
        assert white(found.pixels)


def test_behind_the_last_picture_the_film_is_over(film: Path) -> None:
    with screening(film) as running:
        running.aim(19.9)
        running.shot(19.9)
        while not running.video.over(20.5):
            running.video.shot(19.99)
        assert not running.video.over(19.97)


def test_a_missing_film_is_one_line(tmp_path: Path) -> None:
    with screening(tmp_path / "gone.mkv") as running:
        assert running.news.wait(20)
        assert running.video.trouble == "is missing"
