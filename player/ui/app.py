"""The window: events in, screens out. The loop sleeps unless something moves.

What a key asks of the show is done before anything is drawn.
"""

from __future__ import annotations

import contextlib
import os
import sys
import time
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Final, Protocol

from msgspec import Struct
from msgspec.structs import replace

os.environ.setdefault("PYGAME_HIDE_SUPPORT_PROMPT", "1")
if sys.platform.startswith("linux"):
    # A software surface shown through OpenGL costs four times the processor (20 % of a core, not 4.5).
    os.environ.setdefault("SDL_FRAMEBUFFER_ACCELERATION", "0")
    # What window managers and task bars know us by; SDL's own guess is the name of a Python file.
    os.environ.setdefault("SDL_VIDEO_X11_WMCLASS", "needledrop")
    os.environ.setdefault("SDL_VIDEO_WAYLAND_WMCLASS", "needledrop")

import pygame
import pygame.font

from player import settings as prefs
from player import signals
from player.actions import Action, Go, Lock
from player.commands import bindings
from player.editing import Editing
from player.engine import RATE
from player.engine.source import SourceSpec
from player.engine.status import Event, Status
from player.own import Own
from player.paths import assets
from player.plan import Plan
from player.sheets import Sheet, Sheets
from player.show import Show
from player.ui import audience_theme, facts, keys, meters, view
from player.ui.audience import Look, Modes
from player.ui.audience_window import Hall
from player.ui.desk import Desk
from player.ui.fonts import Fonts, bundled
from player.ui.form import Form
from player.ui.keys import Keyboard
from player.ui.layout import FLOOR, Layout
from player.ui.linker import Linker
from player.ui.meters import Levels
from player.ui.model import Drawn, Model
from player.ui.ops import Backdrop, Rect, Ring, Screen, Spot
from player.ui.overlays import Figures
from player.ui.painter import Painter, icon, prepare, prepare_ring
from player.ui.panels import card, wave
from player.ui.pictures import Make, Pictures
from player.ui.projector import Projector
from player.ui.shapes import Picture
from player.ui.text import clean
from player.ui.theme import NOW
from player.ui.view import View
from player.ui.waiting import waiter
from player.ui.writer import Writer
from timeline.model import SongCue

FRAME: Final = 1 / 60  # while something sounds
SLOW: Final = 1 / 10  # the same with reduced motion
SAMPLE: Final = 0.4  # how long engine figures stand
IDLE: Final = 0.25  # while nothing moves: how often the engine and the files are looked at
ASLEEP: Final = 1.0  # the same while the engine sleeps
SOON: Final = RATE // 2  # after GO: how long the engine is watched for the song to begin
DOUBLE: Final = 0.4  # seconds within which two presses on a spot are one thing
REST: Final = 2.0  # seconds without motion after which a full screen shows no pointer
USUAL: Final = (1280, 720)
BY_HAND: Final = (pygame.KEYDOWN, pygame.MOUSEBUTTONDOWN, pygame.MOUSEWHEEL, pygame.DROPFILE)
UNSEEN: Final = ("offscreen", "dummy", "evdev")  # what SDL draws to, unasked, where there is no display


class NoDisplay(Exception):
    """No window can be opened here; the text says why."""


class Held(Protocol):
    """What the window needs of a session."""

    show: Show
    status: Status

    def do(self, action: Action, by: str = "") -> None: ...

    def poll(self) -> tuple[Event, ...]: ...

    def open(self, plan: Plan) -> None: ...

    def stir(self) -> None: ...

    def found(self, plan: Plan) -> None: ...

    def reload(self, plan: Plan) -> None: ...

    def turn(self, set_id: str | None) -> None: ...


class Options(Struct, frozen=True):
    """How the window begins.

    open_file: another timeline, or one line that says why not. find: the plan again, with what its songs play;
    it tells how many are done, and of how many. size: of the window in pixels, None for the
    usual. settings, recent: files; None for the person's own. edits: the folder where unsaved edits are kept; None:
    this window does not write. recordings: whether the person's own are looked after here. picture: makes the
    picture of some material, None for the one of player.media. settled: is told when the settings change.
    """

    full_screen: bool = False
    locked: bool = False
    open_file: Callable[[Path], Plan | str] | None = None
    find: Callable[[Plan, Callable[[int, int], None]], Plan] | None = None
    size: tuple[int, int] | None = None
    settings: Path | None = None
    recent: Path | None = None
    settled: Callable[[prefs.Settings], None] | None = None
    picture: Make | None = None
    edits: Path | None = None
    recordings: bool = False


def run(session: Held, options: Options) -> int:
    """Show the window until it is closed; returns the exit code. Main thread. Raises NoDisplay."""
    _init_display()
    try:
        return _App(session, options).run()
    finally:
        pygame.display.quit()


def _init_display() -> None:
    seen = ("DISPLAY", "WAYLAND_DISPLAY", "SDL_VIDEODRIVER")
    if sys.platform.startswith("linux") and not any(os.environ.get(name) for name in seen):
        raise NoDisplay("there is no display")  # asking SDL would have its libraries complain on the terminal
    try:
        pygame.display.init()
    except pygame.error as error:
        raise NoDisplay(str(error)) from error
    if pygame.display.get_driver() in UNSEEN and "SDL_VIDEODRIVER" not in os.environ:
        pygame.display.quit()
        raise NoDisplay("there is no display")


class _App:
    """One window with its loop."""

    def __init__(self, session: Held, options: Options) -> None:
        self._session = session
        self._options = options
        self._settings_path = options.settings or prefs.default_path()
        self._recent_path = options.recent or prefs.recent_path()
        self._follow = prefs.Follow(self._settings_path)
        settings, problems = prefs.load(self._settings_path)
        self._window(options, settings)
        self._fonts = Fonts(bundled())
        self._view = View(self._fonts.measure)
        self._painter = Painter(self._surface, self._fonts)
        self._wait = waiter()
        self._keyboard = Keyboard.fresh()
        self._pictures = Pictures(options.picture or _make_picture)
        self._levels = Levels()
        self._sheets = Sheets()
        self._screen: Screen = ()
        self._code: int | None = None
        self._drawn_at = 0.0
        self._sample: tuple[float, Status, float] | None = None  # engine figures: since when, what, the limiter since
        self._pressed = (0, 0), 0.0, 0  # where and when the button went down last, and how often there
        self._pointer = (-1, -1), 0.0  # where it was last seen, and since when
        self._caret: Rect | None = None
        self._coming: tuple[Plan, int, Layout] | None = None  # what is ready to be drawn: the card of standby
        self._desk = Desk(
            session,
            bindings(settings.keys)[0],
            settings,
            self._open,
            lambda: prefs.recent(self._recent_path),
            (_paste, _copy),
            zoom=settings.text,
            newcomer=not self._recent_path.is_file(),
            full_screen=self._full,
            hall=Modes(hold=settings.audience_hold, guess=settings.audience_guess),
        )
        self._desk.settle(settings, problems)
        self._desk.field_spot = self._spot
        self._desk.turn_to = session.turn
        self._hall: Hall | None = None
        self._projector = Projector(_wake)
        self._editing: Editing | None = None
        self._own: Own | None = None
        if settings.locked or options.locked:
            session.do(Lock(True))

    # ---- the window itself

    def _window(self, options: Options, settings: prefs.Settings) -> None:
        self._full = options.full_screen or settings.full_screen
        # plain letters in what is ours: tools that look for a window by its name read no others in a plain locale
        pygame.display.set_caption(f"{_name(self._session.show.plan)} - Needledrop")
        pygame.display.set_icon(_logo())
        try:
            self._size = options.size or _usual_size()
            size, flags = (_desktop(), pygame.FULLSCREEN) if self._full else (self._size, 0)
            self._surface = pygame.display.set_mode(size, pygame.RESIZABLE | flags)
        except pygame.error as error:
            raise NoDisplay(str(error)) from error
        pygame.font.init()
        pygame.display.set_allow_screensaver(False)
        pygame.key.set_repeat()
        pygame.key.start_text_input()
        pygame.event.set_blocked(pygame.MOUSEMOTION)  # a thousand a second, of use only in a drag
        window = _outer()
        if window is not None:
            window.minimum_size = FLOOR

    def _set_full(self, full: bool) -> None:
        """A borderless window as large as the screen, or the window as it was."""
        if full == self._full:
            return
        self._full = full
        window = _outer()
        if full:
            self._size = self._surface.get_size()
        if window is not None:
            window.set_fullscreen(True) if full else window.set_windowed()
            if not full and window.size != self._size:  # it began in full screen
                window.size, window.position = self._size, pygame.WINDOWPOS_CENTERED
        elif full:
            pygame.display.set_mode(_desktop(), pygame.FULLSCREEN)
        else:
            pygame.display.set_mode(self._size, pygame.RESIZABLE)
        self._resized()

    def _resized(self) -> None:
        surface = pygame.display.get_surface()
        if surface is not None:
            self._surface = surface
            self._painter.reset(surface)

    # ---- the loop

    def run(self) -> int:
        """Until the window is to close."""
        try:
            with signals.told_to(self._end):
                self._draw(time.monotonic())
                self._after_first()
                while self._code is None:
                    self._wait(self._nap(time.monotonic()))
                    self._turn(time.monotonic())
            return self._code
        finally:
            self._pictures.close()
            self._projector.close(1.0)
            if self._hall is not None:
                self._hall.close()
            if self._own is not None:
                self._own.close()
            if self._editing is not None:
                self._editing.close()

    def _after_first(self) -> None:
        """What can wait until something is on screen. What was pressed meanwhile is met by a show that can play."""
        if self._options.find is not None and not self._session.show.plan.playable:
            self._session.found(self._options.find(self._session.show.plan, lambda done, of: pygame.event.pump()))
            self._draw(time.monotonic())
        path = self._session.show.plan.path
        if path is not None:
            prefs.remember(self._recent_path, path)
        if self._options.edits is not None:
            self._editing = Editing(self._session, self._options.edits, _wake)
            self._desk.writer = Writer(self._desk, self._editing, self._fonts.measure)
            self._desk.offer()
        if self._options.recordings:
            self._own = Own(self._session, _wake)
            self._desk.linker = Linker(self._desk, self._own)
        if self._session.show.auto and self._session.show.fired is None:
            self._session.do(Go(by_hand=False))

    def _end(self, number: int) -> None:
        self._code = 128 + number

    def _turn(self, now: float) -> None:
        """One round: look at the engine, take events, draw if it is time. Who presses F has heard a song begin:
        the show must know of it first.
        """
        self._session.poll()
        news = self._editing.poll() if self._editing is not None else ()
        for each in news:
            self._desk.hear(each, now)
        own_news = self._own.poll() if self._own is not None else ()
        for told in own_news:
            if self._desk.linker is not None:
                self._desk.linker.hear(told, now)
        events = pygame.event.get()
        for event in events:
            self._event(event, now)
        self._desk.tick(now)
        self._repeat(now)
        if self._follow.changed(now):
            self._settle()
        if self._desk.leaving:
            self._code = self._code if self._code is not None else 0
        if self._desk.full_screen != self._full:
            self._set_full(self._desk.full_screen)
        self._tend_hall(now)
        self._hide_pointer(now)
        if events or news or own_news or now - self._drawn_at >= self._pace() - 0.002:
            self._draw(now)
        self._draw_hall(time.monotonic())

    def _hide_pointer(self, now: float) -> None:
        """In full screen a pointer that rests is in the way. Asked for, not told of: motion is no event here."""
        place, since = self._pointer
        moved = pygame.mouse.get_pos()
        if moved != place:
            self._pointer = moved, now
            since = now
        full = self._full or (self._hall is not None and self._hall.full)
        pygame.mouse.set_visible(not full or now - since < REST)

    def _pace(self) -> float:
        """Seconds from one screen to the next."""
        show = self._session.show
        clock = self._session.status.clock
        fresh = show.last_go is not None and clock - show.last_go < SOON
        flashing = bool(facts.ignored(show, clock))
        rolls = show.reel is not None and show.reel.runs
        if ((show.sounding or rolls) and not show.paused) or not self._levels.still or flashing or fresh:
            return SLOW if self._desk.settings.reduced_motion else FRAME
        return ASLEEP if self._session.status.asleep else IDLE

    def _nap(self, now: float) -> float:
        due = self._drawn_at + self._pace()
        if self._keyboard.repeating is not None:
            due = min(due, self._keyboard.repeats_at)
        if self._projector.due is not None:
            due = min(due, self._projector.due)
        return max(0.0, due - now)

    def _settle(self) -> None:
        """The settings file has changed."""
        settings, problems = prefs.load(self._settings_path)
        self._desk.settle(settings, problems)
        if self._hall is not None:
            self._hall.wear(*self._dressed())
        if self._options.settled is not None:
            self._options.settled(settings)

    # ---- drawing

    def _fall(self, now: float) -> None:
        """Let the meters follow the sound."""
        show, peaks = self._session.show, self._session.status.peak
        heard = peaks if show.sounding and not show.paused else (0.0, 0.0)
        seconds = min(0.1, max(0.0, now - self._drawn_at))
        self._levels = meters.fallen(self._levels, heard, seconds, self._desk.settings.reduced_motion)

    def _model(self) -> Model:
        show, status, desk = self._session.show, self._session.status, self._desk
        cue, spec = self._view.about(show)
        return Model(
            show,
            status,
            self._surface.get_size(),
            desk.zoom,
            time.strftime("%H:%M"),
            desk.keys,
            self._levels,
            Drawn(spec, self._pictures.get(spec)) if spec is not None and self._screen else None,
            desk.scroll,
            desk.drag.frame if desk.drag else None,
            desk.overlay,
            desk.notice,
            tuple(desk.said.values()),
            desk.newcomer,
            desk.settings.reduced_motion,
            desk.writer.editing.unsaved if desk.writer else 0,
            self._sampled(status),
            _day() if desk.planned else None,
            desk.known,
            desk.linker.own.busy if desk.linker else "",
            clock=_day() if show.plan.set_id is not None else 0,
            finish=desk.finish,
            sheet=self._sheet(show, cue),
        )

    def _sheet(self, show: Show, cue: SongCue | None) -> Sheet | str | None:
        """The person's sheet of the song that plays, else of the one in standby; None where there is none."""
        song = show.plan.song(cue) if cue else None
        if song is None or song.sheet is None or show.plan.path is None:
            return None
        return self._sheets.get(show.plan.path.parent / song.sheet, self._drawn_at)

    def _sampled(self, status: Status) -> Status | None:
        """The engine figures, while they are open; the limiter's are the most since those shown before."""
        if not isinstance(self._desk.overlay, Figures):
            self._sample = None
            return None
        at, shown, limited = self._sample or (-SAMPLE, status, 0.0)
        limited = max(limited, abs(status.limited_db))
        if self._drawn_at - at >= SAMPLE or status.alive != shown.alive:
            at, shown, limited = self._drawn_at, replace(status, limited_db=limited), 0.0
        self._sample = at, shown, limited
        return shown

    def _draw(self, now: float) -> None:
        self._fall(now)
        self._drawn_at = now
        model = self._model()
        self._screen = self._view(model)
        places = self._painter.paint(self._screen)
        if places:
            pygame.display.update(places)
        self._input_method()
        self._ahead(model)

    # ---- the audience's window

    def _draw_hall(self, now: float) -> None:
        """What the audience sees, after all that the operator waits for."""
        if self._hall is None:
            self._projector.close()
            return
        show, modes = self._session.show, self._desk.hall
        self._projector.see(self._session.status, now)
        wanted = modes.film and not modes.black
        self._hall.draw(show, modes, self._projector.frame(show, now, self._hall.size, wanted=wanted))
        if self._projector.trouble:
            self._desk.said["video"] = self._projector.trouble
        else:
            self._desk.said.pop("video", None)

    def _tend_hall(self, now: float) -> None:
        """Open or close it as the desk says."""
        if self._desk.hall.open == (self._hall is not None):
            if self._hall is not None:
                self._hall.title(_hall_name(self._session.show.plan))
            return
        if self._hall is not None:
            self._hall.close()
            self._hall = None
            return
        try:
            self._hall = Hall(*self._dressed(), _hall_name(self._session.show.plan), _logo(), _wake)
        except pygame.error as error:
            self._desk.hall = replace(self._desk.hall, open=False)
            self._desk.tell(f"The audience screen cannot be opened: {error}", now)

    def _dressed(self) -> tuple[Fonts, Look]:
        """Fonts and colours of the audience screen."""
        base = self._settings_path.parent
        fonts, look, problems = audience_theme.made(self._desk.settings, bundled(), base)
        self._desk.said.pop("audience", None)
        if problems:
            self._desk.said["audience"] = problems[0]
        return fonts or self._fonts, look

    def _hall_event(self, event: pygame.event.Event, now: float) -> bool:
        """What happens to the audience's window itself; its keys go to the show."""
        hall = self._hall
        if hall is None or not hall.owns(event):
            return False
        match event.type:
            case pygame.WINDOWCLOSE:
                self._desk.hall = replace(self._desk.hall, open=False)
            case pygame.KEYDOWN if keys.down(event.key, event.scancode, event.mod) in self._desk.keys.keys(
                "full-screen"
            ):
                if self._keyboard.pressed(event.key):
                    hall.toggle_full()
            case pygame.WINDOWSIZECHANGED | pygame.WINDOWEXPOSED:
                hall.resized()
            case pygame.MOUSEBUTTONDOWN | pygame.MOUSEBUTTONUP | pygame.MOUSEMOTION | pygame.MOUSEWHEEL:
                pass
            case _:
                return event.type in (pygame.VIDEORESIZE, pygame.WINDOWRESIZED)
        return True

    def _ahead(self, model: Model) -> None:
        """Have the ground of the next card and the ring ready, so that GO need not wait for them."""
        show, where = model.show, self._view.layout(model)
        coming = show.plan, show.standby, where
        if coming == self._coming:
            return
        self._coming = coming
        if not show.at_end:
            prepare(Backdrop(where.card, show.plan.scene(show.standby).id, round(8 * where.u)))
            ring = card.inner(where.card, where.u, True).ring
            if ring is not None:
                prepare_ring(Ring(ring, 1, 1, NOW, True))

    def _input_method(self) -> None:
        """Tell the input method where the caret is."""
        over = self._screen[-1].hits if self._desk.overlay is not None else ()
        spot = next((each.rect for each in over if each.what == "caret"), None)
        if spot is not None and spot != self._caret:
            pygame.key.set_text_input_rect(pygame.Rect(spot))
        self._caret = spot

    # ---- events

    def _event(self, event: pygame.event.Event, now: float) -> None:
        if event.type in BY_HAND:
            self._session.stir()
        if self._hall_event(event, now):
            return
        match event.type:
            case pygame.KEYDOWN:
                self._key(event, now)
            case pygame.KEYUP:
                self._keyboard.released(event.key)
            case pygame.TEXTINPUT:
                self._typed(event.text, now)
            case pygame.TEXTEDITING:
                self._desk.compose(event.text, now)
            case pygame.MOUSEBUTTONDOWN if event.button == 1:
                hit = view.hit(self._screen, *event.pos)
                self._desk.press(hit, self._frame(event.pos[0]), now, event.pos, self._presses(event.pos, now))
                if self._desk.dragging:
                    pygame.event.set_allowed(pygame.MOUSEMOTION)
            case pygame.MOUSEMOTION if self._desk.dragging:
                self._desk.move(self._frame(event.pos[0]))
                self._desk.drag_text(event.pos, now)
            case pygame.MOUSEBUTTONUP if event.button == 1:
                self._desk.release()
                pygame.event.set_blocked(pygame.MOUSEMOTION)
            case pygame.MOUSEWHEEL if event.y:
                self._desk.wheel(event.y, *self._rows(), now)
            case pygame.DROPFILE:
                self._desk.drop(Path(event.file), now)
            case pygame.QUIT:
                self._desk.quit()
            case pygame.WINDOWCLOSE if self._hall is not None:
                self._desk.quit()  # with two windows open, nothing but this tells
            case pygame.WINDOWFOCUSLOST:
                self._keyboard.lost()
            case pygame.VIDEORESIZE | pygame.WINDOWSIZECHANGED:
                self._resized()
            case pygame.WINDOWEXPOSED:
                pygame.display.update()

    def _presses(self, place: tuple[int, int], now: float) -> int:
        """The how manyth press on one spot this is: 1, 2 or 3."""
        (x, y), since, count = self._pressed
        again = now - since < DOUBLE and abs(place[0] - x) < 5 and abs(place[1] - y) < 5
        count = count % 3 + 1 if again else 1
        self._pressed = place, now, count
        return count

    def _spot(self) -> Spot | None:
        """Where the text of the open field stands."""
        over = self._desk.overlay
        row = over.focus if isinstance(over, Form) else 0
        spots = (hit.spot for sheet in self._screen for hit in sheet.hits if hit.what == "text")
        return next((spot for spot in spots if spot is not None and spot.row == row), None)

    def _key(self, event: pygame.event.Event, now: float) -> None:
        """A key goes down. Nothing is drawn before the show knows of it."""
        if not self._keyboard.pressed(event.key):
            return
        stroke = keys.down(event.key, event.scancode, event.mod)
        if stroke is not None and self._desk.stroke(stroke, now):
            self._keyboard.used()
            if self._desk.repeats(stroke) is not None:
                self._keyboard.repeat(stroke, event.key, now)

    def _typed(self, text: str, now: float) -> None:
        """Text: a symbol's stroke, or what goes into a field."""
        text = self._keyboard.text(text)
        if not text:
            return
        stroke = None if self._desk.typing else keys.typed(text)
        if stroke is None:
            self._desk.text(text, now)
        elif self._desk.stroke(stroke, now, symbol=True):
            self._keyboard.spend(text)
            if self._desk.repeats(stroke) is not None:
                self._keyboard.repeat(stroke, self._keyboard.last, now)

    def _repeat(self, now: float) -> None:
        stroke = self._keyboard.repeating
        if stroke is None:
            return
        every = self._desk.repeats(stroke)
        if every is None:
            self._keyboard.repeating = None
        elif self._keyboard.due(now, every) is not None:
            self._desk.stroke(stroke, now, symbol=len(stroke) == 1 and not stroke.isalnum())
            self._drawn_at = min(self._drawn_at, now - IDLE)

    def _layout(self) -> Layout:
        return self._view.layout(self._model())

    def _rows(self) -> tuple[int, int]:
        return self._view.rows(self._model())

    def _frame(self, x: int) -> int:
        """The frame of the target song under a pixel of the lane."""
        sound = facts.sound(self._session.show, self._session.status)
        where = self._layout()
        if sound is None or where.wave is None:
            return 0
        return wave.frame_at(where.wave, where.u, sound.begin, sound.end, x)

    # ---- files

    def _open(self, path: Path) -> str | None:
        if self._options.open_file is None:
            return f"{path.name} cannot be opened in this show"
        found = self._options.open_file(path)
        if isinstance(found, str):
            return found
        self._session.open(found)
        pygame.display.set_caption(f"{_name(found)} - Needledrop")
        if found.path is not None:
            prefs.remember(self._recent_path, found.path)
        return None


def _name(plan: Plan) -> str:
    return clean(plan.timeline.film.title or plan.name)


def _hall_name(plan: Plan) -> str:
    """What the audience's window is called: as the evening is, never as the operator's file is."""
    title = facts.set_title(plan) if plan.set_id is not None else plan.timeline.film.title
    return clean(title or "Needledrop")


def _day() -> int:
    now = time.localtime()
    return now.tm_hour * 3600 + now.tm_min * 60 + now.tm_sec


def _wake() -> None:
    """Have the loop look about at once; from any thread."""
    with contextlib.suppress(pygame.error):  # the window has just been closed
        pygame.event.post(pygame.event.Event(pygame.USEREVENT))


def _desktop() -> tuple[int, int]:
    sizes = pygame.display.get_desktop_sizes()
    return sizes[0] if sizes else USUAL


def _outer() -> pygame.Window | None:
    """The window itself, where this pygame shows it: its full screen needs no new surface and keeps its place."""
    if not hasattr(pygame.Window, "from_display_module"):
        return None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # there is no other way yet to repaint only a part
        return pygame.Window.from_display_module()


def _usual_size() -> tuple[int, int]:
    """1280x720, larger by whole halves on a large screen, smaller where the screen is."""
    wide, high = _desktop()
    scale = max(1.0, min(wide / 1920, high / 1080) * 2 // 1 / 2)
    scale = min(scale, wide * 0.98 / USUAL[0], high * 0.92 / USUAL[1])
    return max(FLOOR[0], round(USUAL[0] * scale)), max(FLOOR[1], round(USUAL[1] * scale))


def _logo() -> pygame.Surface:
    """The icon of the program; a sign of our own where the file is gone."""
    try:
        return pygame.image.load(assets() / "icon.png")
    except (OSError, pygame.error):
        return icon("disc", 64, NOW)


def _make_picture(spec: SourceSpec, unwanted: Callable[[], bool]) -> Picture | None:
    from player.media.peaks import picture  # noqa: PLC0415  (decoders and numpy, on the thread of the pictures)

    return picture(spec, unwanted)


def _paste() -> str:
    """The clipboard's text, "" where there is none or no clipboard."""
    import pygame.scrap  # noqa: PLC0415  (a window without a field needs none)

    try:
        return pygame.scrap.get_text()
    except pygame.error:
        return ""


def _copy(text: str) -> None:
    import pygame.scrap  # noqa: PLC0415

    try:
        pygame.scrap.put_text(text)
    except pygame.error:
        return
