"""The small parts: meters, shapes, the strip's layout, font coverage, pictures made in the background."""

from __future__ import annotations

import itertools
import struct
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from player.engine.source import SourceSpec
from player.paths import assets
from player.ui import cmap, meters, shapes
from player.ui.meters import Levels, fallen
from player.ui.ops import Fill, Rect, Text
from player.ui.panels.strip import Places, Strip, lay_out, strip
from player.ui.pictures import Pictures
from player.ui.system_fonts import Finder
from player.ui.theme import EDGE, FACES, Colour
from tests.ui import states, support

# ---- meters


def test_meters_rise_at_once_and_fall_slowly() -> None:
    up = fallen(Levels(), (1.0, 0.5), 1 / 60)
    assert up.bars == (0.0, pytest.approx(-6.02, abs=0.01))
    down = fallen(up, (0.0, 0.0), 1.0)
    assert down.bars[0] == pytest.approx(-26.0)


def test_a_peak_mark_waits_then_sinks() -> None:
    levels = fallen(Levels(), (1.0, 1.0), 0.01)
    held = fallen(levels, (0.0, 0.0), 1.0)
    assert held.marks[0] == 0.0
    sunk = fallen(held, (0.0, 0.0), 1.0)
    assert sunk.marks[0] < -10


def test_meters_come_to_rest() -> None:
    levels = fallen(Levels(), (1.0, 1.0), 0.01)
    for _ in range(100):
        levels = fallen(levels, (0.0, 0.0), 0.1)
    assert levels.still


def test_reduced_motion_shows_figures_and_no_fall() -> None:
    levels = fallen(Levels((-3, -3), (0, 0), (1, 1)), (0.1, 0.1), 0.1, plain=True)
    assert levels == Levels((-20.0, -20.0))


@given(st.floats(0, 4), st.floats(0, 4))
def test_meters_stay_on_their_scale(left: float, right: float) -> None:
    assert all(0 <= each <= 1000 for each in meters.thousandths(fallen(Levels(), (left, right), 0.02)))


# ---- shapes


@given(st.integers(0, 5_000_000), st.integers(1, 9_000_000), st.integers(8, 1500), st.integers(8, 200))
def test_a_waveform_fills_its_lane_and_stays_in_it(begin: int, long: int, wide: int, high: int) -> None:
    tiles = shapes.tiles(states.sketch("audio", 7_000_000), begin, begin + long, wide, high, 1.0)
    assert sum(tile.w for tile in tiles) == wide
    for tile in tiles:
        assert all(x >= 0 and x + w <= tile.w and y >= 0 and y + h <= high for x, y, w, h in tile.boxes)


@given(st.integers(0, 5_000_000), st.integers(1, 20_000_000), st.integers(8, 1500), st.integers(8, 200))
def test_a_piano_roll_stays_in_its_lane(begin: int, long: int, wide: int, high: int) -> None:
    tiles = shapes.tiles(states.sketch("midi", 7_000_000), begin, begin + long, wide, high, 1.0)
    for tile in tiles:
        assert all(x >= 0 and x + w <= tile.w and y >= 0 and y + h <= high for x, y, w, h in tile.boxes)


def test_the_loudest_bar_fills_the_lane() -> None:
    picture = support.Sketch(400, (-0.1, -0.2, -0.1, -0.1), (0.1, 0.2, 0.1, 0.1))
    tiles = shapes.tiles(picture, 0, 400, 16, 100, 1.0)
    assert [h for tile in tiles for _, _, _, h in tile.boxes] == [48, 98, 48, 48]


def test_material_that_is_shorter_repeats() -> None:
    picture = support.Sketch(100, (-0.1, -0.4), (0.1, 0.4))
    tiles = shapes.tiles(picture, 0, 200, 16, 100, 1.0)
    heights = [h for tile in tiles for _, _, _, h in tile.boxes]
    assert heights[:2] == heights[2:]


def test_higher_notes_stand_higher() -> None:
    picture = support.Sketch(1000, notes=((0, 500, 40, 0), (500, 1000, 80, 0)))
    (low, high) = [box for tile in shapes.tiles(picture, 0, 1000, 40, 100, 1.0) for box in tile.boxes]
    assert low[1] > high[1]
    assert low[0] < high[0]


def test_nothing_has_no_shape() -> None:
    assert shapes.tiles(support.Sketch(0), 0, 100, 100, 50, 1.0) == ()
    assert shapes.tiles(states.sketch("audio", 7_000_000), 5, 5, 100, 50, 1.0) == ()


# ---- the strip


def spans(*times: float | None, runtime: float = 0) -> list[tuple[float, float]]:
    film = lay_out(tuple((at, False) for at in times), str, {}, runtime)
    return [(round(block.begin), round(block.end)) for block in film.blocks]


def test_scenes_last_until_the_next() -> None:
    assert spans(0, 250, 500, runtime=1000) == [(0, 250), (250, 500), (500, 1000)]


def test_a_scene_without_a_time_stands_between_its_neighbours() -> None:
    assert spans(0, None, 500, runtime=1000) == [(0, 250), (250, 500), (500, 1000)]
    assert spans(None, None, runtime=1000) == [(0, 500), (500, 1000)]


def test_scenes_out_of_order_stand_where_they_say() -> None:
    assert spans(500, 0, runtime=1000) == [(500, 1000), (0, 500)]


def fills(film: Strip, colour: Colour, wide: int = 400) -> list[tuple[int, int]]:
    """Left and right of everything painted in this colour."""
    sheet = strip(Rect(0, 0, wide, 84), 1.0, support.fake_measure, film, Places(None, None, frozenset(), ""))
    return sorted((op.rect.x, op.rect.right) for op in sheet.ops if isinstance(op, Fill) and op.colour == colour)


def test_two_songs_of_one_scene_never_touch_on_the_strip() -> None:
    film = lay_out(((0, False), (500, False)), str, {0: ((0, 90), (90, 95), (95, 180))}, 1000)
    bars = fills(film, EDGE)
    assert len(bars) == 3
    assert all(after[0] > before[1] for before, after in itertools.pairwise(bars))


def test_ticks_over_estimates_say_that_they_are() -> None:
    for estimate, first in ((True, "~0:10"), (False, "0:10")):
        film = lay_out(((0, estimate), (500, estimate)), str, {}, 3600)
        sheet = strip(Rect(0, 0, 900, 84), 1.0, support.fake_measure, film, Places(None, None, frozenset(), ""))
        assert first in [op.text for op in sheet.ops if isinstance(op, Text)]


def test_without_any_time_there_is_no_ruler() -> None:
    assert lay_out(((None, False),), str, {}, 1000).seconds == 0
    assert lay_out((), str, {}, 0).blocks == ()


@given(st.lists(st.none() | st.floats(0, 1e6), max_size=40), st.floats(0, 1e5))
def test_blocks_stay_on_the_strip(times: list[float | None], runtime: float) -> None:
    for block in lay_out(tuple((at, True) for at in times), str, {}, runtime).blocks:
        assert -0.001 <= block.begin <= block.end <= 1000.001


# ---- fonts


@given(st.sets(st.integers(0, 300), max_size=80))
def test_coverage_knows_what_it_was_given(codes: set[int]) -> None:
    found = cmap.coverage((code, code) for code in codes)
    assert {code for code in range(302) if found.has(code)} == codes


@pytest.mark.parametrize("name", ["BebasNeue-Bold.otf", "Inter-Medium.otf", "JetBrainsMono-SemiBold.ttf"])
def test_a_font_file_tells_what_the_list_of_the_bundled_ones_says(name: str) -> None:
    bundle = states.fonts()._bundle
    found = cmap.read(assets() / "fonts" / name)
    for code in (*range(0x20, 0x250), 0x3A9, 0x416, 0x5D0, 0x627, 0x2192, 0x4E0A, 0x1F3B8):
        assert found.has(code) == bundle.covers[name].has(code), hex(code)


@pytest.mark.parametrize(
    "data", [b"", b"no font", b"ttcf", b"\0\1\0\0\0\1" + b"\0" * 40, struct.pack(">4sHHHH", b"OTTO", 9, 0, 0, 0)]
)
def test_what_is_no_font_covers_nothing(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "font.ttf"
    path.write_bytes(data)
    assert cmap.read(path) == cmap.Coverage()


def test_the_system_is_asked_once_for_what_it_lacks() -> None:
    asked: list[int] = []

    def ask(code: int) -> list[Path]:
        asked.append(code)
        return []

    finder = Finder(ask)
    assert [finder.find(code) for code in (0x4E0A, 0x4E0B, 0x4E0A)] == [None] * 3
    assert asked == [0x4E0A]


def test_a_font_that_was_found_serves_what_else_it_has() -> None:
    inter = assets() / "fonts" / "Inter-Medium.otf"
    calls: list[int] = []

    def ask(code: int) -> list[Path]:
        calls.append(code)
        return [inter]

    finder = Finder(ask)
    assert finder.find(0x416) == inter
    assert finder.find(0x3A9) == inter
    assert calls == [0x416]


def test_letters_a_face_lacks_come_from_another() -> None:
    fonts = states.fonts()
    names = {run.font for run in fonts._split("Zoë Ζωή أنت שלום", FACES[0])}
    assert names == {"BebasNeue-Bold.otf", "Inter-SemiBold.otf", "NotoSansArabic-Bold.ttf", "NotoSansHebrew-Bold.ttf"}


def test_arabic_letters_join() -> None:
    """Shaped, lam and alef are one sign, narrower than the two."""
    fonts = states.fonts()
    alone = sum(fonts.measure(letter, FACES[2], 100, 0) for letter in "لا")
    assert fonts.measure("لا", FACES[2], 100, 0) < alone * 0.9


def test_digits_of_the_clocks_are_of_one_width() -> None:
    fonts = states.fonts()
    for face in (FACES[0], FACES[4]):
        assert len({fonts.measure(digit, face, 100, 0) for digit in "0123456789"}) == 1


def test_tracking_adds_after_every_letter_but_the_last() -> None:
    fonts = states.fonts()
    plain = sum(fonts.measure(letter, FACES[2], 20, 0) for letter in "NEXT")
    assert fonts.measure("NEXT", FACES[2], 20, 3) == plain + 9


# ---- pictures in the background

ONE, TWO = SourceSpec("audio", "/one"), SourceSpec("audio", "/two")


class Maker:
    """Makes pictures when told to."""

    def __init__(self) -> None:
        self.begun: list[str] = []
        self.gave_up: list[str] = []
        self.start, self.go, self.done = threading.Event(), threading.Event(), threading.Event()

    def make(self, spec: SourceSpec, unwanted: Callable[[], bool]) -> support.Sketch:
        self.begun.append(spec.path)
        self.start.set()
        self.go.wait(10)
        if unwanted():
            self.gave_up.append(spec.path)
        self.done.set()
        return support.Sketch(1)


def waited(pictures: Pictures, spec: SourceSpec) -> object:
    """The picture, once it is there."""
    pictures.get(spec)
    with pictures._change:
        assert pictures._change.wait_for(lambda: spec in pictures._done, timeout=10)
    return pictures.get(spec)


def test_a_picture_comes_later_and_is_kept() -> None:
    maker = Maker()
    pictures = Pictures(maker.make)
    assert pictures.get(ONE) is None
    maker.go.set()
    first = waited(pictures, ONE)
    assert first is not None
    assert pictures.get(ONE) is first
    assert maker.begun == ["/one"]
    pictures.close()


def test_what_is_no_longer_wanted_is_given_up_for_what_is() -> None:
    maker = Maker()
    pictures = Pictures(maker.make)
    pictures.get(ONE)
    assert maker.start.wait(10)
    pictures.get(TWO)
    maker.go.set()
    assert waited(pictures, TWO) is not None
    assert maker.gave_up == ["/one"]
    pictures.close()


def test_material_that_cannot_be_read_has_no_picture_and_stops_nothing() -> None:
    def make(spec: SourceSpec, unwanted: Callable[[], bool]) -> support.Sketch:
        if spec == ONE:
            raise ValueError("broken in its own way")
        return support.Sketch(1)

    pictures = Pictures(make)
    pictures.get(ONE)
    assert waited(pictures, TWO) is not None
    assert pictures.get(ONE) is None
    pictures.close()
