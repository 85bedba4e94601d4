"""The window's loop, on a display that nobody sees: real events in, the show moves, pixels change."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator, Sequence
from pathlib import Path

import pygame
import pytest
from msgspec.structs import replace

from player.media.scan import Counted
from player.own import Own
from player.plan import Plan
from player.show import Show
from player.ui import app, waiting
from player.ui.app import NoDisplay, Options
from player.ui.form import Form, Line
from player.ui.linker import Linker
from player.ui.ops import Hit, Rect, Text
from player.ui.overlays import Ask, Help, Picker
from tests.ui import rig, states, support, writing

assert states  # the display of these tests is a dummy


class Window:
    """An app whose clock the test moves."""

    def __init__(self, plan: Plan, folder: Path, **options: object) -> None:
        self.now = 100.0
        self.session = rig.Live(Show(plan), lambda: self.now)
        given = {"size": (900, 506), "settings": folder / "settings.toml", "recent": folder / "recent.json", **options}
        pygame.display.init()
        self.app = app._App(self.session, Options(picture=rig.picture(plan), **given))  # type: ignore[arg-type]
        pygame.event.clear()
        self.app._draw(self.now)

    def post(self, kind: int, **more: object) -> None:
        pygame.event.post(pygame.event.Event(kind, **more))

    def turn(self, seconds: float = 0.0) -> None:
        self.now += seconds
        self.app._turn(self.now)

    def key(self, key: int, text: str = "", mod: int = 0, scancode: int = 0, *, up: bool = True) -> None:
        """Press a key as the system reports it: down, the text it types, up."""
        self.post(pygame.KEYDOWN, key=key, scancode=scancode, mod=mod, unicode=text)
        if text:
            self.post(pygame.TEXTINPUT, text=text)
        if up:
            self.post(pygame.KEYUP, key=key, scancode=scancode, mod=mod)
        self.turn()

    def word(self, text: str) -> None:
        for letter in text:
            self.key(ord(letter), letter)

    def spot(self, what: str) -> tuple[int, int]:
        return next(hit.rect.mid for sheet in self.app._screen for hit in sheet.hits if hit.what == what)

    def press(self, spot: tuple[int, int], *, up: bool = True) -> None:
        self.post(pygame.MOUSEBUTTONDOWN, button=1, pos=spot)
        if up:
            self.post(pygame.MOUSEBUTTONUP, button=1, pos=spot)
        self.turn()

    @property
    def show(self) -> Show:
        return self.session.show

    @property
    def overlay(self) -> object:
        return self.app._desk.overlay


@pytest.fixture
def window(tmp_path: Path) -> Iterator[Window]:
    yield Window(support.plan(), tmp_path)
    pygame.display.quit()


def test_space_is_go_and_a_held_space_is_one(window: Window) -> None:
    window.key(pygame.K_SPACE, " ", up=False)
    assert window.show.fired == 0
    for _ in range(40):
        window.post(pygame.KEYDOWN, key=pygame.K_SPACE, scancode=44, mod=0, unicode=" ")
        window.post(pygame.TEXTINPUT, text=" ")
        window.turn(0.1)
    assert window.show.fired == 0
    window.post(pygame.KEYUP, key=pygame.K_SPACE, scancode=44, mod=0)
    window.key(pygame.K_SPACE, " ")
    assert window.show.fired == 1


def test_a_held_arrow_repeats(window: Window) -> None:
    window.key(pygame.K_DOWN, up=False)
    assert window.show.standby == 1
    window.turn(0.3)
    assert window.show.standby == 1
    for _ in range(4):
        window.turn(0.06)
    assert window.show.standby in (3, 4)
    window.post(pygame.KEYUP, key=pygame.K_DOWN, scancode=0, mod=0)
    before = window.show.standby
    window.turn(1.0)
    window.turn(1.0)
    assert window.show.standby == before


def test_a_symbol_opens_and_does_not_type_itself(window: Window) -> None:
    window.key(pygame.K_SLASH, "/", up=False)
    window.post(pygame.TEXTINPUT, text="/")  # the system's repeat
    window.turn()
    assert isinstance(window.overlay, Picker)
    assert window.overlay.field.text == ""
    window.post(pygame.KEYUP, key=pygame.K_SLASH, scancode=0, mod=0)
    window.word("moon")
    assert isinstance(window.overlay, Picker)
    assert window.overlay.field.text == "moon"
    window.key(pygame.K_RETURN)
    assert window.show.standby == 11


def test_shifted_symbols_act_by_what_they_type(window: Window) -> None:
    window.key(pygame.K_SLASH, "?", mod=pygame.KMOD_LSHIFT)  # US
    assert window.overlay == Help()
    window.key(pygame.K_ESCAPE)
    window.key(0xDF, "?", mod=pygame.KMOD_LSHIFT)  # German: Shift and ß
    assert window.overlay == Help()


def test_a_letter_command_leaves_no_letter_in_the_field_it_opens(window: Window) -> None:
    window.key(pygame.K_g, "g")
    assert isinstance(window.overlay, Picker)
    assert window.overlay.field.text == ""


def typed_at_once(window: Window, *keys: str, rolled: bool = False) -> None:
    """Keys whose events the window finds all together; `rolled`: each goes up only when the next is down."""
    held: int | None = None
    for text in keys:
        key = pygame.K_RETURN if text == "\r" else ord(text)
        window.post(pygame.KEYDOWN, key=key, scancode=0, mod=0, unicode=text)
        if text != "\r":
            window.post(pygame.TEXTINPUT, text=text)
        up, held = (held, key) if rolled else (key, None)
        if up is not None:
            window.post(pygame.KEYUP, key=up, scancode=0, mod=0)
    if held is not None:
        window.post(pygame.KEYUP, key=held, scancode=0, mod=0)
    window.turn()


@pytest.mark.parametrize("rolled", [False, True])
def test_c_and_g_at_once_start_the_clock_and_open_an_empty_field(window: Window, rolled: bool) -> None:
    typed_at_once(window, "c", "g", rolled=rolled)
    assert window.show.reel is not None
    assert window.show.reel.runs
    assert isinstance(window.overlay, Picker)
    assert (window.overlay.mode, window.overlay.field.text) == ("goto", "")


@pytest.mark.parametrize("rolled", [False, True])
def test_g_and_c_at_once_open_the_field_and_type_into_it(window: Window, rolled: bool) -> None:
    typed_at_once(window, "g", "c", rolled=rolled)
    assert window.show.reel is None
    assert isinstance(window.overlay, Picker)
    assert window.overlay.field.text == "c"


@pytest.mark.parametrize("rolled", [False, True])
def test_a_jump_typed_all_at_once_is_one_and_standby_is_behind_what_sounds(window: Window, rolled: bool) -> None:
    typed_at_once(window, *"cg0:07:12\r", rolled=rolled)  # within the song of the third scene, from 0:06:42
    assert window.overlay is None
    assert window.show.reel is not None
    assert (window.show.reel.at, window.show.reel.runs) == (432 * 48_000, True)
    assert [each.cue.song for each in window.show.sounding] == ["song-2"]
    assert window.show.standby == 3


@pytest.mark.parametrize("rolled", [False, True])
def test_two_overlays_asked_for_at_once_leave_the_first_with_the_seconds_letter(window: Window, rolled: bool) -> None:
    typed_at_once(window, "/", "g", rolled=rolled)
    assert isinstance(window.overlay, Picker)
    assert (window.overlay.mode, window.overlay.field.text) == ("palette", "g")


def test_letters_act_by_place_on_a_layout_without_latin(window: Window) -> None:
    window.key(0x445, "х", scancode=27)  # the key of X
    assert window.show.muted


def test_the_mouse_selects_goes_and_seeks(window: Window) -> None:
    window.press(window.spot("row"))
    window.key(pygame.K_DOWN)
    window.press(window.spot("go"))
    assert window.show.fired == 1
    window.turn(2.0)
    x, y = window.spot("wave")
    voice = window.show.sounding[0].voice
    window.press((x, y), up=False)
    window.post(pygame.MOUSEMOTION, pos=(x + 100, y), rel=(100, 0), buttons=(1, 0, 0))
    window.turn(0.1)
    assert window.app._desk.drag is not None
    window.post(pygame.MOUSEBUTTONUP, button=1, pos=(x + 100, y))
    window.turn(0.1)
    window.turn(0.1)
    assert window.session.position(voice) > 80 * 48_000  # type: ignore[operator]


def test_the_wheel_scrolls(window: Window) -> None:
    window.post(pygame.MOUSEWHEEL, y=-1, x=0)
    window.turn()
    assert window.app._desk.scroll == 3


def test_closing_the_window_ends_with_0(window: Window) -> None:
    window.post(pygame.QUIT)
    window.turn()
    assert window.app._code == 0


def test_closing_while_music_plays_asks_first(window: Window) -> None:
    window.key(pygame.K_DOWN)
    window.key(pygame.K_SPACE, " ")
    window.turn(1.0)
    window.post(pygame.QUIT)
    window.turn()
    assert window.overlay == Ask()
    assert window.app._code is None
    window.post(pygame.QUIT)
    window.turn()
    assert window.app._code == 0


def test_a_change_of_the_settings_counts_within_a_second(window: Window, tmp_path: Path) -> None:
    def second() -> None:
        for _ in range(4):
            window.turn(0.25)

    second()
    (tmp_path / "settings.toml").write_text('text = 125\n[keys]\nmute = "M"\n')
    second()
    assert window.app._desk.zoom == 125
    window.key(pygame.K_m, "m")
    assert window.show.muted
    (tmp_path / "settings.toml").write_text("text = \n")
    os.utime(tmp_path / "settings.toml", ns=(5, 5))
    second()
    assert "not TOML" in window.app._desk.said["settings"]


def test_nothing_is_drawn_while_nothing_moves(window: Window) -> None:
    window.turn(0.3)
    drawn = pygame.image.tobytes(window.app._surface, "RGB")
    assert window.app._pace() == app.IDLE
    window.turn(0.3)
    assert pygame.image.tobytes(window.app._surface, "RGB") == drawn


def test_a_playing_song_is_drawn_sixty_times_a_second(window: Window) -> None:
    window.key(pygame.K_DOWN)
    window.key(pygame.K_SPACE, " ")
    window.turn(0.1)
    assert window.app._pace() == app.FRAME
    window.app._desk.settings = replace(window.app._desk.settings, reduced_motion=True)
    assert window.app._pace() == app.SLOW


def test_the_window_is_named_after_the_film(window: Window) -> None:
    assert pygame.display.get_caption()[0] == "The Long Way Home - Needledrop"


def test_full_screen_and_back_keep_the_picture_right(window: Window) -> None:
    window.key(pygame.K_F11)
    assert window.app._full
    window.key(pygame.K_F11)
    assert not window.app._full
    assert window.app._surface.get_size() == (900, 506)


def test_a_dropped_file_opens(tmp_path: Path) -> None:
    other = replace(support.plan(support.SCENES[:3]), name="other.yaml", path=tmp_path / "other.yaml")
    (tmp_path / "other.yaml").write_text("x")
    window = Window(
        support.plan(), tmp_path, open_file=lambda path: other if path.name == "other.yaml" else "no such file"
    )
    window.post(pygame.DROPFILE, file=str(tmp_path / "other.yaml"))
    window.turn()
    assert window.show.plan is other
    window.post(pygame.DROPFILE, file="/nowhere/gone.yaml")
    window.turn()
    assert window.app._desk.said == {"open": "no such file"}
    assert window.show.plan is other
    window.key(pygame.K_o, mod=pygame.KMOD_LCTRL)
    assert isinstance(window.overlay, Picker)
    assert window.overlay.items[0].title == "other.yaml"
    pygame.display.quit()


def test_a_folder_dropped_on_the_window_is_looked_through_beside_the_show(tmp_path: Path) -> None:
    scans: list[Sequence[str]] = []

    class Scan:
        def __init__(self, folders: Sequence[str]) -> None:
            scans.append(folders)
            self.news: list[object] = [Counted(1_204, 20_000)]

        def poll(self) -> tuple[object, ...]:
            news, self.news = tuple(self.news), []
            return news

        def close(self) -> None:
            scans.append(())

    window = Window(support.plan(), tmp_path)
    window.app._own = own = Own(window.session, start=lambda job: None, scan=Scan)  # type: ignore[arg-type]
    window.app._desk.linker = Linker(window.app._desk, own)
    window.post(pygame.DROPFILE, file=str(tmp_path))
    window.turn()
    window.turn(3.0)
    assert scans == [[str(tmp_path)]]
    assert window.app._model().busy == "adding music: 1,204 of 20,000"
    assert window.app._desk.notice == ""
    window.app._desk.press(Hit(Rect(*window.spot("command"), 1, 1), "command", "library-stop"), 0, window.now)
    assert scans[1:] == [()]
    assert window.app._model().busy == ""
    pygame.display.quit()


def test_a_locked_setting_starts_locked(tmp_path: Path) -> None:
    (tmp_path / "settings.toml").write_text("locked = true\n")
    window = Window(support.plan(), tmp_path)
    assert window.show.locked
    pygame.display.quit()


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_ends_the_window_with_its_code(
    number: signal.Signals, code: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(app, "waiter", lambda: lambda seconds: signal.raise_signal(number))
    before = signal.getsignal(number)
    plan = support.plan()
    session = rig.Live(Show(plan), lambda: 0.0)
    options = Options(size=(640, 400), settings=tmp_path / "s.toml", recent=tmp_path / "r.json")
    assert app.run(session, options) == code
    assert signal.getsignal(number) is before
    assert not pygame.display.get_init()


def test_hands_free_begins_by_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(app, "waiter", lambda: lambda seconds: signal.raise_signal(signal.SIGINT))
    session = rig.Live(Show(support.plan(), auto=True), lambda: 0.0)
    app.run(session, Options(size=(640, 400), settings=tmp_path / "s.toml", recent=tmp_path / "r.json"))
    assert session.show.fired == 0


def test_no_display_is_one_exception_with_a_reason(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("SDL_VIDEODRIVER", "no-such-driver")
    pygame.display.quit()
    with pytest.raises(NoDisplay, match=r"\w+"):
        app.run(rig.Live(Show(support.plan()), lambda: 0.0), Options(settings=tmp_path / "s.toml"))


def test_the_wait_returns_at_once_for_no_time_at_all() -> None:
    waiting.waiter()(0.0)


# ---- writing


@pytest.fixture
def writer(tmp_path: Path) -> Iterator[Window]:
    """A window over a real file, which it may write to."""
    path = tmp_path / "film.yaml"
    path.write_bytes(b"needledrop: 1\nscenes:\n  - id: ferry\n    title: The ferry\n")
    plan = replace(writing.plan_of(path.read_bytes()), path=path)
    made = Window(plan, tmp_path, edits=tmp_path / "edits", size=(1280, 720))
    made.app._after_first()
    made.turn()
    yield made
    assert made.app._editing is not None
    made.app._editing.close()


def drawn(window: Window) -> list[str]:
    return [op.text for sheet in window.app._screen for op in sheet.ops if isinstance(op, Text)]


def test_a_title_is_typed_in_place_and_counts_as_unsaved(writer: Window) -> None:
    writer.key(pygame.K_F2)
    writer.word("noon")
    assert writer.session.show.plan.title(0) == "The ferry"
    writer.key(pygame.K_RETURN)
    assert writer.session.show.plan.title(0) == "noon"
    assert "1 unsaved edit" in drawn(writer)


def test_space_and_letters_of_commands_type_while_a_field_is_open(writer: Window) -> None:
    writer.key(pygame.K_F2)
    writer.key(pygame.K_END)
    writer.key(pygame.K_SPACE, " ")
    writer.word("pxv")
    writer.key(pygame.K_RETURN)
    assert writer.session.show.plan.title(0) == "The ferry pxv"
    assert writer.session.show.fired is None


@pytest.mark.parametrize("rolled", [False, True])
def test_e_and_g_at_once_open_the_fields_and_type_into_the_first(writer: Window, rolled: bool) -> None:
    typed_at_once(writer, "e", "g", rolled=rolled)
    over = writer.overlay
    assert isinstance(over, Form)
    assert over.row.field.text.endswith("g")


def test_what_an_input_method_composes_is_drawn_and_not_yet_text(writer: Window) -> None:
    writer.key(pygame.K_F2)
    writer.key(pygame.K_END)
    writer.post(pygame.TEXTEDITING, text="にほ", start=0, length=2)
    writer.turn()
    assert "The ferryにほ" in drawn(writer)
    writer.key(pygame.K_RETURN)  # it belongs to the input method
    writer.post(pygame.TEXTINPUT, text="日本")
    writer.turn()
    assert "The ferry日本" in drawn(writer)


def test_the_mouse_places_the_caret_and_selects_by_dragging(writer: Window) -> None:
    writer.key(pygame.K_F2)
    spot = next(hit.spot for sheet in writer.app._screen for hit in sheet.hits if hit.what == "text")
    assert spot is not None
    wide = writer.app._fonts.measure("The ", spot.face, spot.px, 0)
    y = spot.y + spot.pitch // 2
    writer.press((spot.x + wide, y), up=False)
    writer.post(pygame.MOUSEMOTION, pos=(spot.x + 4 * wide, y), rel=(0, 0), buttons=(1, 0, 0))
    writer.turn()
    writer.post(pygame.MOUSEBUTTONUP, button=1, pos=(spot.x + 4 * wide, y))
    writer.turn()
    over = writer.app._desk.overlay
    assert isinstance(over, Line)
    assert over.field.selected == "ferry"
