"""The audience screen: what a hall sees, and what it never sees."""

from __future__ import annotations

import time
from itertools import combinations
from pathlib import Path

import pygame
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from player.actions import RollFilm
from player.plan import Plan
from player.show import Show
from player.ui import audience, audience_window
from player.ui.audience import Model, Modes, Says, Still, says
from player.ui.audience_window import Hall
from player.ui.ops import Photo, Rect, Screen, Text
from player.ui.painter import Painter
from player.ui.text import clean
from player.ui.theme import contrast
from tests.ui import states, support, test_app
from tests.ui.test_app import Window
from timeline.model import Writer

window = test_app.window  # the fixture
SIZES = ((1280, 720), (1920, 1080), (3840, 2160), (1024, 768), (640, 360), (1080, 1920), (2560, 1080))


def named(plan: Plan) -> Plan:
    """The same film, its songs with all that a hall may know of them."""
    writers = (Writer("Ada Stone", "music"), Writer("Ben Brook", "lyrics", ipi="00012345678"))
    songs = {
        key: replace(song, writers=writers, year=1974, publisher="SECRET", isrc="SECRET")
        for key, song in plan.timeline.songs.items()
    }
    scenes = tuple(
        replace(scene, note="SECRET", people=("SECRET",), place="SECRET", picture=f"stills/{scene.id}.jpg")
        for scene in plan.timeline.scenes
    )
    timeline = replace(plan.timeline, songs=songs, scenes=scenes)
    return replace(plan, timeline=timeline)


PLAN = named(support.plan())


def test_before_the_show_it_is_the_title_of_the_film() -> None:
    assert says(support.show(PLAN, None, 0), Modes()) == Says("The Long Way Home", year="1974")


def test_a_song_that_plays_is_told_with_its_scene() -> None:
    assert says(support.show(PLAN, 15, 16, 15), Modes()) == Says(
        "The county fair", "La Samba", "Ricky Vale", "Ada Stone, Ben Brook", "1974", seed="scene-15",
        picture="stills/scene-15.jpg",
    )  # fmt: skip


def test_between_scenes_it_is_black_and_a_scene_without_music_is_its_card() -> None:
    assert says(support.show(PLAN, 15, 16), Modes()) is None
    assert says(support.show(PLAN, 9, 10), Modes()) == Says(
        "Flat tyre", seed="scene-9", picture="stills/scene-9.jpg"
    )


def test_without_spoiler_hold_the_next_scene_is_announced_and_its_song_is_not() -> None:
    told = says(support.show(PLAN, 14, 15), Modes(hold=False))
    assert told == Says("The county fair", seed="scene-15", picture="stills/scene-15.jpg")


def test_at_the_end_it_is_black() -> None:
    last = len(PLAN.steps)
    assert says(support.show(PLAN, last - 1, last), Modes(hold=False)) is None


def test_a_preview_is_no_concern_of_the_hall() -> None:
    show = support.show(PLAN, 9, 10, 15)
    previewed = replace(show, sounding=tuple(replace(each, preview=True) for each in show.sounding), preview=1)
    assert says(previewed, Modes()) == says(support.show(PLAN, 9, 10), Modes())


def test_what_goes_out_is_told_until_another_scene_is_there() -> None:
    show = support.show(PLAN, 15, 16, 15)
    leaving = replace(show, sounding=tuple(replace(each, leaving=True) for each in show.sounding))
    told = says(leaving, Modes())
    assert told is not None
    assert told.song == "La Samba"
    assert says(replace(leaving, fired=16), Modes()) is None
    both = support.show(PLAN, 16, 17, 15, 16)
    first, second = both.sounding
    told = says(replace(both, sounding=(replace(first, leaving=True), second)), Modes())
    assert told is not None
    assert (told.scene, told.song) == ("Ferris wheel", "Ferris wheel waltz")


def test_a_song_to_be_guessed_shows_on_a_key_and_hides_on_it_again() -> None:
    show = support.show(PLAN, 15, 16, 15)
    modes = Modes(guess=True)
    hidden = Says("The county fair", hidden=True, seed="scene-15", picture="stills/scene-15.jpg")
    assert says(show, modes) == hidden
    modes = audience.turned(modes, "audience-reveal", show)
    told = says(show, modes)
    assert told is not None
    assert told.song == "La Samba"
    later = support.show(PLAN, 16, 17, 15, 16)  # the next song is another one to be guessed
    told = says(later, modes)
    assert told is not None
    assert told.hidden
    assert says(show, audience.turned(modes, "audience-reveal", show)) == hidden


def test_a_scene_called_as_its_song_does_not_tell_it() -> None:
    plan = named(support.plan((("La Samba!", "la samba!", "Ricky Vale", 0, 60),)))
    show = support.show(plan, 0, 1, 0)
    told = says(show, Modes(guess=True))
    assert told == Says("", hidden=True, seed="scene-0", picture="stills/scene-0.jpg")
    told = says(show, Modes())
    assert told is not None
    assert (told.scene, told.song) == ("", "la samba!")


# ---- nothing for the operator, whatever happens


def allowed(plan: Plan) -> set[str]:
    """Every word of the timeline that a hall may read."""
    film, songs = plan.timeline.film, plan.timeline.songs.values()
    words = [film.title or "", str(film.year or ""), audience.UNKNOWN]
    words += [one.title or "" for one in plan.timeline.sets]
    words += [scene.title for scene in plan.timeline.scenes]
    for song in songs:
        words += [song.title, song.artist or "", str(song.year or ""), ", ".join(w.name for w in song.writers)]
    return {"".join(clean(word).split()) for word in words}


def texts(screen: Screen) -> list[Text]:
    return [op for sheet in screen for op in sheet.ops if isinstance(op, Text)]


@st.composite
def stages(draw: st.DrawFn) -> tuple[Show, Modes, Model]:
    """Any state of a show, of the modes and of the window."""
    show = draw(states.models()).model.show
    show = replace(show, plan=named(show.plan))
    voices = st.frozensets(st.integers(1, 4))
    modes = Modes(True, draw(st.booleans()), draw(st.booleans()), True, draw(st.booleans()), draw(voices))
    size = draw(st.sampled_from(SIZES))
    told = says(show, modes)
    natural = draw(st.none() | st.sampled_from(((1600, 900), (3000, 1250), (600, 900), (10, 4000), (1, 1))))
    still = Still("a.jpg", audience.fitted(natural, size)) if told and natural else None
    return show, modes, Model(size, told, still)


@settings(max_examples=150, deadline=None)
@given(stages())
def test_no_word_but_titles_and_names_ever_appears(stage: tuple[Show, Modes, Model]) -> None:
    show, _, model = stage
    known = allowed(show.plan)
    for op in texts(audience.screen(model, states.fonts().measure)):
        shown = "".join(op.text.removesuffix("…").split())
        assert any(shown in each for each in known), op.text
    if model.says is None or model.says.hidden:
        songs = list(show.plan.timeline.songs.values())
        told = [op.text for op in texts(audience.screen(model, states.fonts().measure))]
        assert not [song.title for song in songs if song.title.strip() and song.title in told]


@settings(max_examples=150, deadline=None)
@given(stages())
def test_nothing_leaves_the_screen_and_no_two_lines_touch(stage: tuple[Show, Modes, Model]) -> None:
    _, _, model = stage
    screen = audience.screen(model, states.fonts().measure)
    whole = Rect(0, 0, *model.size)
    assert all(op.rect.within(whole) for sheet in screen for op in sheet.ops)
    for op in texts(screen):
        assert op.ink.within(whole), op
    for one, other in combinations(texts(screen), 2):
        shared = one.ink.cut(other.ink)
        assert shared.w <= 1 or shared.h <= max(2, one.px // 6), (one.text, other.text)


@pytest.mark.parametrize("size", SIZES)
def test_the_words_are_large(size: tuple[int, int]) -> None:
    told = says(support.show(PLAN, 15, 16, 15), Modes())
    screen = audience.screen(Model(size, told), states.fonts().measure)
    large = {op.text: op.px for op in texts(screen)}
    assert large["La Samba"] >= size[0] / 16
    assert min(large.values()) >= size[0] / 65


def test_a_picture_fills_the_screen_unless_too_much_of_it_were_lost() -> None:
    assert audience.fitted((1600, 900), (1280, 720)) == (1280, 720)
    assert audience.fitted((2390, 1000), (1280, 720)) == (1721, 720)
    assert audience.fitted((600, 900), (1280, 720)) == (480, 720)
    assert audience.fitted((2390, 1000), (1024, 768)) == (1024, 428)
    assert audience.letterbox((1920, 800), (1280, 720)) == (1280, 533)


# ---- the window


def hall_of(window: Window) -> Hall | None:
    return window.app._hall


def opened(window: Window) -> Hall:
    """The audience's window, opened with F9."""
    window.key(pygame.K_F9)
    hall = hall_of(window)
    assert hall is not None
    return hall


def lit(window: Window, hall: Hall) -> Model:
    """What it shows once the light of the scene is made, which is done on another thread."""
    until = time.monotonic() + 20
    while hall._drawn is None or not hall._drawn.lit:
        assert time.monotonic() < until, "the light is never ready"
        window.turn(0.3)
    return hall._drawn


def test_f9_opens_and_closes_the_window_and_its_keys_go_to_the_show(window: Window) -> None:
    hall = opened(window)
    window.post(pygame.KEYDOWN, key=pygame.K_SPACE, scancode=44, mod=0, unicode=" ", window=hall._window)
    window.turn()
    assert window.show.fired == 0
    window.post(pygame.WINDOWCLOSE, window=hall._window)
    window.turn()
    assert hall_of(window) is None
    assert window.app._code is None
    opened(window)
    window.key(pygame.K_F9)
    assert hall_of(window) is None


def test_it_is_drawn_only_when_it_changes(window: Window) -> None:
    hall = opened(window)
    drawn = lit(window, hall)
    for _ in range(5):
        window.key(pygame.K_DOWN)
    assert hall._drawn is drawn
    window.key(pygame.K_F8, mod=pygame.KMOD_SHIFT)  # black
    assert hall._drawn is not drawn


def test_a_click_on_the_audience_screen_does_nothing(window: Window) -> None:
    hall = opened(window)
    spot = window.spot("go")
    window.post(pygame.MOUSEBUTTONDOWN, button=1, pos=spot, window=hall._window)
    window.turn()
    assert window.show.fired is None


def test_a_picture_is_looked_for_beside_the_timeline(tmp_path: Path) -> None:
    plan = replace(PLAN, path=tmp_path / "film.yaml")
    told = says(support.show(plan, 0, 1), Modes())
    assert told is not None
    assert told.picture == str(tmp_path / "stills" / "scene-0.jpg")
    screen = audience.screen(Model((1280, 720), told, Still(told.picture, (1280, 720))), states.fonts().measure)
    assert [op.name for op in screen[0].ops if isinstance(op, Photo)] == [told.picture]


@pytest.mark.parametrize("size", [(1280, 720), (1920, 1080), (1024, 768)])
def test_words_are_read_over_the_brightest_picture(size: tuple[int, int]) -> None:
    told = says(support.show(PLAN, 15, 16, 15), Modes())
    assert told is not None
    model = Model(size, told, Still("white", audience.fitted((1600, 900), size)))
    (sheet,) = audience.screen(model, states.fonts().measure)
    bare = sheet._replace(ops=tuple(op for op in sheet.ops if not isinstance(op, Text)))
    white = pygame.Surface(audience.fitted((1600, 900), size))
    white.fill((255, 255, 255))
    surface = pygame.Surface(size)
    Painter(surface, states.fonts(), {"white": white}.get).paint((bare,))
    for op in texts((sheet,)):
        ink = op.ink
        least = 3.0 if op.px >= size[1] / 26 else 4.5  # large letters need less
        for spot in ((ink.x, ink.y), (ink.right - 1, ink.y), (ink.x, ink.bottom - 1), (ink.right - 1, ink.bottom - 1)):
            r, g, b, _ = surface.get_at(spot)
            assert contrast(op.colour, (r, g, b)) >= least, (op.text, spot, (r, g, b))


def test_on_a_second_display_it_is_full_screen(window: Window, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = pygame.Rect(0, 0, 4000, 3000), pygame.Rect(4000, 0, 800, 600)
    monkeypatch.setattr(audience_window, "displays", lambda: [first, second])
    assert opened(window).full


def test_on_the_only_display_it_stands_in_a_corner_beside_the_first_window(window: Window) -> None:
    hall = opened(window)
    assert not hall.full
    assert hall._window.size == audience_window.BESIDE
    screen = pygame.Rect(0, 0, 1920, 1080)
    assert audience_window._beside(None, [screen]) == (1920 - 960 - 32, 1080 - 540 - 32)


def test_f11_there_makes_it_fill_the_display_and_the_first_window_stays(window: Window) -> None:
    hall = opened(window)
    window.post(pygame.KEYDOWN, key=pygame.K_F11, scancode=0, mod=0, unicode="", window=hall._window)
    window.turn()
    assert hall.full
    assert not window.app._full
    window.post(pygame.KEYUP, key=pygame.K_F11, scancode=0, mod=0, window=hall._window)
    window.post(pygame.KEYDOWN, key=pygame.K_F11, scancode=0, mod=0, unicode="", window=hall._window)
    window.turn()
    assert not hall.full


def test_a_missing_film_is_one_line_for_the_operator(tmp_path: Path) -> None:
    plan = support.plan()
    film = replace(plan.timeline.film, video="gone.mkv")
    plan = replace(plan, timeline=replace(plan.timeline, film=film), path=tmp_path / "film.yaml")
    window = Window(plan, tmp_path)
    opened(window)
    window.session.do(RollFilm())
    until = time.monotonic() + 20
    while "video" not in window.app._desk.said:
        assert time.monotonic() < until, "nothing is said"
        window.turn(0.05)
    assert window.app._desk.said["video"] == "gone.mkv is missing; the show goes on without its picture"
    fired = window.show.fired
    window.key(pygame.K_SPACE, " ")
    assert window.show.fired != fired
    pygame.display.quit()


def test_themes_are_taken_up_while_it_is_open(window: Window, tmp_path: Path) -> None:
    hall = opened(window)
    (tmp_path / "settings.toml").write_text('audience-ground = "#000000"\naudience-guess = true\n', "utf-8")
    until = time.monotonic() + 20
    while hall._look.ground is None:
        assert time.monotonic() < until, "the settings are never read"
        window.turn(0.3)
    assert window.app._desk.hall.guess
    assert hall._drawn is not None
    assert hall._drawn.look.ground == (0, 0, 0)


def test_a_closed_audience_screen_leaves_the_loop_asleep(window: Window) -> None:
    opened(window)
    window.app._projector._due = window.now - 1  # a picture of the film was due
    window.key(pygame.K_F9)
    window.turn(1.0)
    assert window.app._nap(window.now) > 0.1
