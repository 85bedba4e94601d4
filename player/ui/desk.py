"""What a person does at the window, become actions of the show and state of the screen. No pygame, no clock
of its own.

A stroke reaches the open overlay first, then the command table. Everything that sounds is asked of the
session at once, before anything is drawn.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Final, Protocol

from msgspec import Struct, field
from msgspec.structs import replace

from player import commands as table
from player import edits
from player import settings as prefs
from player.actions import (
    Action,
    FadeOut,
    Go,
    Hotkey,
    Level,
    LevelBy,
    MoveStandby,
    NudgeFilm,
    Panic,
    Preview,
    Repeat,
    RollFilm,
    SeekBy,
    SeekTo,
    SetFilm,
    Standby,
    StandbyAtFilm,
    StopAfter,
    TapFilm,
    UndoGo,
)
from player.commands import Bindings, Command, by_id
from player.editing import Broken, Conflicts, Mended, News, Reloaded, Saved, SaveFailed
from player.engine.status import Status
from player.show import Show, undo_elsewhere
from player.ui import audience, editor, evening, facts, fields, overlays
from player.ui.fields import Field
from player.ui.form import Clash, Clashes, Form, Line, Offer
from player.ui.linker import Linker
from player.ui.links import Links
from player.ui.ops import Hit, Spot
from player.ui.overlays import Ask, Figures, Help, Item, Overlay, Picker
from player.ui.writer import Writer
from timeline.draft import Conflict
from timeline.model import Timeline

NOTICE: Final = 2.5  # seconds an answer stays
TROUBLE: Final = 60.0  # seconds what the engine complained of stays; a lost device is said as long as it is lost
ZOOM: Final = (80, 150)
WHEEL: Final = 3  # rows

REPEATS: Final = {
    "film-back": 0.1,
    "film-on": 0.1,
    "back": 0.25,
    "forward": 0.25,
    "back-1": 0.2,
    "forward-1": 0.2,
    "softer": 0.09,
    "louder": 0.09,
}
OFTEN: Final = 0.05
# Commands that work while a field is open, by keys that type nothing.
THROUGH: Final = (
    "write-undo", "write-redo", "write-save", "full-screen", "bigger", "smaller", "text-reset", "quit",
)  # fmt: skip


class Stage(Protocol):
    """What the desk needs of a session."""

    @property
    def show(self) -> Show: ...

    @property
    def status(self) -> Status: ...

    def do(self, action: Action, by: str = "") -> None: ...


class Drag(Struct, frozen=True):
    """A press on the lane that has not been let go: the voice and where it would seek."""

    voice: int
    frame: int


class Desk(Struct):
    """The state of the screen that is not the show's.

    open_file: shows another timeline; None when it did, else one line that says why not.
    clip: reads and writes the clipboard.
    """

    stage: Stage
    keys: Bindings
    settings: prefs.Settings = field(default_factory=prefs.Settings)
    open_file: Callable[[Path], str | None] = lambda path: f"{path.name} cannot be opened here"
    recent: Callable[[], tuple[Path, ...]] = tuple
    clip: tuple[Callable[[], str], Callable[[str], None]] = (str, lambda text: None)
    edit: Callable[[Path, int, int, str], str | None] = editor.open_at
    home: Path = field(default_factory=Path.home)
    zoom: int = 100
    overlay: Overlay | None = None
    scroll: int | None = None
    drag: Drag | None = None
    notice: str = ""
    notice_until: float = 0.0
    said: dict[str, str] = field(default_factory=dict)
    newcomer: bool = False
    full_screen: bool = False
    told: tuple[str, float] = ("", 0.0)  # what the engine complained of last, and since when that is known
    known: str = ""  # the same, once it has been said for long enough
    routed: Timeline | None = None  # whose outputs were looked up in the settings last
    planned: bool = False  # the list shows when each step would come
    finish: int | None = None  # when the set is to be over, in seconds since midnight
    seen_set: str | None = None  # the set that was shown last
    turn_to: Callable[[str | None], None] = lambda set_id: None  # shows a set, or the film
    hall: audience.Modes = audience.Modes()  # what the audience screen shows
    leaving: bool = False
    writer: Writer | None = None  # None: this show has no file to write to
    linker: Linker | None = None  # None: this show knows of no recordings of the person's own
    field_spot: Callable[[], Spot | None] = lambda: None  # where the open field's text stands on the screen
    then: Ask | None = None  # what was asked for, and waits for the file to be saved

    # ---- time

    def tick(self, now: float) -> None:
        """Let what has had its time go."""
        if self.notice and now >= self.notice_until:
            self.notice = ""
        if self.writer is not None:
            self.writer.tick(now)
        if self.routed is not None and self.routed is not self.stage.show.plan.file:
            self._route()
        told = self.stage.show.trouble or ""
        if told != self.told[0]:
            self.told = told, now
        self.known = told if now - self.told[1] >= TROUBLE else ""

    def tell(self, text: str, now: float) -> None:
        """An answer at the foot of the screen, for a moment."""
        self.notice, self.notice_until = text, now + NOTICE

    # ---- keys

    def stroke(self, stroke: str, now: float, *, symbol: bool = False) -> bool:
        """Take a stroke; whether it meant anything. `symbol`: it came as typed text."""
        if self.drag is not None and stroke == "Esc":
            self.drag = None
            return True
        match self.overlay:
            case Picker() as picker:
                used = not symbol and self._in_picker(picker, stroke, now)
                passes = not symbol and ("Ctrl+" in stroke or "Alt+" in stroke or stroke.lstrip("F").isdigit())
                return used or (passes and self._run(stroke, now))
            case Help(page):
                if stroke == "Esc" or self._is(stroke, "help"):
                    self.overlay = None
                    return True
                if stroke in ("Down", "PgDn", "Up", "PgUp"):
                    self.overlay = Help(max(0, page + (1 if stroke in ("Down", "PgDn") else -1)))
                    return True
            case Figures():
                if stroke == "Esc":
                    self.overlay = None
                    return True
            case Line() | Form() as over if self.writer is not None:
                if not symbol and self.writer.stroke(over, stroke, now):
                    return True
                command = self.keys.command(stroke)
                through = command is not None and command.id in THROUGH and len(stroke) > 1
                return not symbol and through and self._run(stroke, now)
            case Clashes() | Offer() as over if self.writer is not None:
                if not symbol and self.writer.stroke(over, stroke, now):
                    return True
            case Links() as over if self.linker is not None:
                if self.linker.stroke(over, stroke, now):
                    return True
            case Ask() as ask:
                if self._answered(ask, stroke, now):
                    return True
        return self._run(stroke, now)

    def _answered(self, ask: Ask, stroke: str, now: float) -> bool:
        match stroke:
            case "Esc":
                self.overlay = None
            case "Enter" | "S" if ask.unsaved:
                self.answer("save", now)
            case "D" if ask.unsaved:
                self.answer("discard", now)
            case "Enter":
                self._yes(ask.path, now)
            case _:
                return False
        return True

    def answer(self, how: str, now: float) -> None:
        """The question about unsaved edits answered: save or discard, then go on with what was asked for."""
        ask = self.overlay
        if not isinstance(ask, Ask) or self.writer is None:
            return
        if how == "save" and self.stage.show.locked:
            self.locked(now)
            return
        self.overlay = None
        if how == "save":
            self.then = ask
            self.writer.save(now)
        else:
            self.writer.editing.discard()
            self._yes(ask.path, now)

    @property
    def typing(self) -> bool:
        """Whether text goes into a field."""
        return isinstance(self.overlay, (Picker, Line, Form))

    def repeats(self, stroke: str) -> float | None:
        """Seconds between two repeats of a held stroke, None where it does not repeat."""
        if self.typing:
            name = stroke.rsplit("+", maxsplit=1)[-1]
            moves = ("Up", "Down", "Left", "Right", "PgUp", "PgDn", "Backspace", "Delete")
            return OFTEN if name in moves else None
        command = self.keys.command(stroke)
        return REPEATS.get(command.id, OFTEN) if command is not None and command.repeat else None

    def _is(self, stroke: str, name: str) -> bool:
        return stroke in self.keys.keys(name)

    def _run(self, stroke: str, now: float) -> bool:
        command = self.keys.command(stroke)
        if command is None:
            fires = self.stage.show.plan.by_hotkey(stroke) is not None
            if fires:
                self._act(Hotkey(stroke), now, stroke)
            return fires
        if command.id == "number":
            self.pick("number", stroke)
        else:
            self.run(command, now, stroke)
        return True

    def run(self, command: Command, now: float, by: str = "screen") -> None:
        """Carry out a command, whichever way it was asked for: `by` is the key, if it was one."""
        if command.edits and self.stage.show.locked:
            self.locked(now)
        elif isinstance(command.run, str):
            self._intent(command.run, now)
        else:
            self._act(command.run, now, by)

    def locked(self, now: float) -> None:
        """Say that the lock is on, and which key takes it off."""
        key = next(iter(self.keys.keys("lock")), "")
        self.tell(f"locked: {key}" if key else "locked", now)

    def _act(self, action: Action, now: float, by: str = "screen") -> None:
        self.stage.do(action, by)  # first of all
        match action:
            case Go():
                self.overlay = None if isinstance(self.overlay, (Help, Ask)) else self.overlay
                self.scroll, self.newcomer = None, False
            case Standby() | MoveStandby():
                self.scroll = None
            case Level() | LevelBy():
                self.tell(
                    f"Master level {self.stage.show.level_db:+.0f} dB".replace("-", "−").replace("+0", "0"),
                    now,
                )
            case UndoGo():
                self.scroll = None
                elsewhere = undo_elsewhere(self.stage.show)
                where = "The last GO is not of this list: take it back there" if elsewhere else "No GO to take back"
                self.tell(self.stage.show.undone or where, now)
            case Repeat():
                self._repeats(now)
            case StopAfter():
                stops = self.stage.show.stop_after
                self.tell("Stops after this song" if stops else "Does not stop after this song", now)
            case FadeOut() | SeekBy() if not self.stage.show.sounding:
                self.tell("Nothing sounds", now)
            case RollFilm() | NudgeFilm() | SetFilm() | TapFilm() | StandbyAtFilm():
                self.tell(facts.film_told(action, self.stage.show, self.stage.status), now)
            case Panic() if self.stage.show.panic_at is not None:
                key = next(iter(self.keys.keys("panic")), "")
                self.tell(f"Everything fades over 2 s; {key} again within 2 s stops now", now)
            case Preview() if self.stage.show.preview is None and not self._song_in_standby():
                self.tell("Standby has no song to preview", now)

    def _repeats(self, now: float) -> None:
        show = self.stage.show
        if show.fired is None:
            self.tell("No song has been played yet", now)
        elif show.again:
            self.tell("Repeats this song when it ends", now)
        else:
            self.tell("Does not repeat this song" if show.sounding else "Standby is at the song played last", now)

    def _song_in_standby(self) -> bool:
        show = self.stage.show
        return not show.at_end and show.plan.first_song(show.standby) is not None

    def _intent(self, name: str, now: float) -> None:
        match name:
            case "set":
                self.turn(self._other_set(), now)
            case "finish":
                if self.stage.show.plan.set_id is None:
                    self.tell("A planned end is for a set: Tab shows one", now)
                else:
                    self.pick("finish", "" if self.finish is None else evening.wall(self.finish))
            case "help":
                self.overlay = None if isinstance(self.overlay, Help) else Help()
            case "planned":
                self.planned = not self.planned
                self.tell(
                    "Planned times, if each GO comes when the music is over" if self.planned else "Film times", now
                )
            case "figures":
                self.overlay = None if isinstance(self.overlay, Figures) else Figures()
            case "palette" | "goto" | "open" | "problems" | "find":
                self.pick(name)
            case _ if name.startswith("audience"):
                self._audience(name, now)
            case "full-screen":
                self.full_screen = not self.full_screen
            case "text-bigger" | "text-smaller" | "text-reset":
                by = {"text-bigger": 10, "text-smaller": -10}.get(name)
                zoom = self.settings.text if by is None else self.zoom + by
                self.zoom = min(max(zoom, ZOOM[0]), ZOOM[1])
                self.tell(f"Text {self.zoom} %", now)
            case "edit":
                self._edit(now)
            case "quit":
                self.quit()
            case "links" | "levels" | "library-add" | "library-again" | "library-stop":
                if self.linker is None:
                    self.tell("This show knows of no library", now)
                else:
                    self.linker.intent(name, now)
            case _ if self.writer is None:
                self.tell("This show has no file to write to", now)
            case _:
                self.writer.intent(name, now)

    def _audience(self, name: str, now: float) -> None:
        """What the hall sees, and a word to the operator on it."""
        self.hall = audience.turned(self.hall, name, self.stage.show)
        key = next(iter(self.keys.keys("audience")), "")
        more = "" if self.hall.open or name == "audience" else f"; {key} opens the screen" if key else ""
        self.tell(audience.told_of(self.hall, name) + more, now)

    def _other_set(self) -> str | None:
        """What Tab goes to: from a set the film, from the film the set seen last, else the first; None for the film."""
        plan = self.stage.show.plan
        sets = [one.id for one in plan.file.sets if one.songs]
        if plan.set_id is None:
            return self.seen_set if self.seen_set in sets else next(iter(sets), None)
        if plan.file.scenes or plan.set_id not in sets:
            return None
        return sets[(sets.index(plan.set_id) + 1) % len(sets)]

    def turn(self, set_id: str | None, now: float) -> None:
        """Show a set, or the film for None."""
        before = self.stage.show.plan.set_id
        self.turn_to(set_id)
        plan = self.stage.show.plan
        if plan.set_id == before:
            self.tell("This file has no other set" if before else "This file has no set", now)
            return
        self.overlay, self.scroll, self.drag = None, None, None
        self.seen_set = plan.set_id or before
        title = (plan.playing_set.title if plan.playing_set else None) or plan.set_id or ""
        self.tell(f"Set: {title}" if plan.set_id else f"Film: {plan.file.film.title or plan.name}", now)

    def quit(self) -> None:
        """Leave; ask first while something plays or edits are not saved. Asked again, leave, if nothing is lost."""
        show, unsaved = self.stage.show, self._unsaved()
        if unsaved or (self.overlay != Ask() and (show.sounding or show.paused)):
            self.overlay = Ask("", unsaved)
        else:
            self.leaving = True

    def _unsaved(self) -> int:
        if self.writer is None:
            return 0
        if isinstance(self.overlay, (Form, Line)):
            self.writer.keep(self.overlay, 0.0)
        return self.writer.editing.unsaved

    # ---- text

    def text(self, text: str, now: float) -> None:
        """Typed text: into the open field."""
        if isinstance(self.overlay, Picker):
            self._type(fields.insert(fields.compose(self.overlay.field, ""), text))
        elif isinstance(self.overlay, (Line, Form)) and self.writer is not None:
            held = self.writer.field(self.overlay)
            if held is not None:
                self.writer.put(self.overlay, fields.insert(fields.compose(held, ""), text), now)

    def compose(self, text: str, now: float = 0.0) -> None:
        """What an input method is composing."""
        if isinstance(self.overlay, (Line, Form)) and self.writer is not None:
            held = self.writer.field(self.overlay)
            if held is not None:
                self.writer.put(self.overlay, fields.compose(held, text), now)
        if isinstance(self.overlay, Picker):
            self.overlay = replace(self.overlay, field=fields.compose(self.overlay.field, text))

    def pick(self, mode: str, text: str = "", about: str = "") -> None:
        """Open a picker. about: the song that a recording is looked for."""
        self.overlay = self._found(Picker(mode, fields.of(text), about=about))  # type: ignore[arg-type]

    def _type(self, to: Field) -> None:
        assert isinstance(self.overlay, Picker)
        self.overlay = self._found(replace(self.overlay, field=to))

    def _found(self, picker: Picker) -> Picker:
        return overlays.found(picker, self.stage.show, self.keys, self._files)

    def _files(self, picker: Picker) -> tuple[Item, ...]:
        typed = picker.field.text
        path = self.stage.show.plan.path
        base = path.parent if path is not None else self.home
        if picker.mode == "folder":
            return overlays.folders(typed, self.linker.own.folders() if self.linker else (), self.home)
        if picker.mode == "link":
            music = self.linker.music(picker.about, typed) if self.linker else ()
            return overlays.recordings(typed, music, self.home, base)
        return overlays.files(typed, self.recent(), self.home, base)

    def _in_picker(self, picker: Picker, stroke: str, now: float) -> bool:
        if picker.field.composing:
            return True  # Enter, Esc and arrows belong to the input method
        moves = {"Up": -1, "Down": 1, "PgUp": -8, "PgDn": 8}
        if stroke in moves:
            self.overlay = overlays.moved(picker, moves[stroke])
        elif stroke == "Esc":
            self.overlay = Links(picker.about) if picker.mode == "link" else None
        elif stroke == "Enter":
            self.choose(now)
        elif stroke == "Ctrl+Enter" and picker.mode == "link":
            self.choose(now, in_file=True)
        elif stroke == "Tab":
            self._complete(picker)
        elif (changed := self.edited(picker.field, stroke)) is not None:
            if changed.text != picker.field.text:
                self._type(changed)
            else:
                self.overlay = replace(picker, field=changed)
        else:
            return False
        return True

    def edited(self, of: Field, stroke: str) -> Field | None:
        """The field after a stroke of editing; None where it is none."""
        *held, name = stroke.split("+")
        word, select = "Ctrl" in held or "Alt" in held, "Shift" in held
        match name:
            case "Left" | "Right":
                return fields.move(of, -1 if name == "Left" else 1, word=word, select=select)
            case "Home":
                return fields.home(of, select=select)
            case "End":
                return fields.end(of, select=select)
            case "Backspace" | "Delete":
                return fields.erase(of, ahead=name == "Delete", word=word)
        match stroke:
            case "Ctrl+A":
                return fields.all_of(of)
            case "Ctrl+Z" if of.past:
                return fields.undo(of)
            case "Ctrl+Y" | "Ctrl+Shift+Z" if of.ahead:
                return fields.redo(of)
            case "Shift+Enter" | "Alt+Enter" if of.lines:
                return fields.insert(of, "\n")
            case "Ctrl+C" | "Ctrl+X":
                if of.selected:
                    self.clip[1](of.selected)
                return of if name == "C" else fields.insert(of, "") if of.selected else of
            case "Ctrl+V" | "Shift+Insert":
                return fields.insert(of, self.clip[0]())
        return None

    def _complete(self, picker: Picker) -> None:
        item = picker.choice
        if item is not None and item.what in ("path", "into"):
            self._type(fields.of(str(item.value)))

    def choose(self, now: float, index: int | None = None, *, in_file: bool = False) -> None:
        """Take the chosen item of the picker, or this one. in_file: a recording is to be named in the file."""
        picker = self.overlay
        if not isinstance(picker, Picker):
            return
        if index is not None:
            picker = replace(picker, chosen=index)
        item = picker.choice
        if item is None:
            return
        if item.what == "into":
            self._type(fields.of(str(item.value)))
            return
        self.overlay = None
        match item.what:
            case "step":
                self._act(Standby(int(item.value)), now)
            case "time":
                step, _, at = str(item.value).partition(" ")
                reel = self.stage.show.reel
                if reel is not None:
                    self._act(SetFilm(Fraction(at)), now)
                if reel is None or not reel.runs:  # a jump has set standby behind what sounds
                    self._act(Standby(int(step)), now)
            case "command":
                self.run(by_id(str(item.value)), now)
            case "set":
                self.turn(str(item.value) or None, now)
            case "finish":
                self.finish = int(item.value) if int(item.value) >= 0 else None
                self.tell("No planned end" if self.finish is None else f"Finish by {evening.wall(self.finish)}", now)
            case "path":
                self.open(Path(str(item.value)), now)
            case "scan" | "music" | "answer" if self.linker is not None:
                self.linker.take(picker, item, now, in_file=in_file)
            case "add" if self.writer is not None:
                verb, _, value = str(item.value).partition(":")
                self.writer.add(verb, value, now)
            case "line":
                line, _, column = str(item.value).partition(":")
                self._edit(now, int(line), int(column))

    # ---- files

    def drop(self, path: Path, now: float) -> None:
        """Something was dropped on the window: a folder of music, a recording for a song, or a timeline."""
        if self.linker is None or not self.linker.drop(path, now):
            self.open(path, now)

    def open(self, path: Path, now: float, *, asked: bool = False) -> None:
        """Show another timeline; ask first while something plays."""
        if self.stage.show.locked:
            self.run(by_id("open"), now)
        elif not asked and (self.stage.show.sounding or self._unsaved()):
            self.overlay = Ask(str(path), self._unsaved())
        else:
            self.overlay = None
            why = self.open_file(path)
            self.said.pop("open", None)
            if why is None:
                self.scroll, self.drag = None, None
                self.tell(f"Opened {path.name}", now)
            else:
                self.said["open"] = why

    def _yes(self, path: str, now: float) -> None:
        self.overlay = None
        if path:
            self.open(Path(path), now, asked=True)
        else:
            self.leaving = True

    def _edit(self, now: float, line: int = 0, column: int = 1) -> None:
        """Open the timeline in the editor: at this line, else the first error's, else the standby scene's."""
        show = self.stage.show
        if show.locked:
            self.run(by_id("edit"), now)
            return
        if show.plan.path is None:
            self.tell("This show has no file", now)
            return
        if not line:
            spans = [each.span for each in show.plan.problems if each.severity == "error"]
            if not spans and not show.at_end:
                spans = [show.plan.scene(show.standby).span]
            line, column = (spans[0].line, spans[0].column) if spans else (1, 1)
        why = self.edit(show.plan.path, line, column, self.settings.editor)
        self.tell(why or f"Opened {show.plan.path.name}:{line} in your editor", now)

    # ---- the file and its draft

    def offer(self) -> None:
        """Ask whether the edits of an earlier run are wanted, if there are any."""
        if self.writer is not None and self.writer.editing.offered and self.overlay is None:
            self.overlay = Offer(self.writer.editing.offered)

    def hear(self, news: News, now: float) -> None:
        """Something has happened to the file."""
        match news:
            case Saved(path):
                self.said.pop("save", None)
                self.tell(f"Saved {path.name}", now)
                ask, self.then = self.then, None
                if ask is not None:
                    self._yes(ask.path, now)
            case SaveFailed(line):
                self.said["save"], self.then = line, None
            case Reloaded():
                self.tell("Changed in the file: shown as it is now", now)
                self._refresh()
            case Conflicts(conflicts):
                self.then = None
                found = tuple(self._clash(each) for each in conflicts)
                self.overlay = Clashes(found, ("",) * len(found))
            case Mended():
                self.said.pop("save", None)
                self._refresh()
            case Broken():
                self._refresh()  # the banner says what and where

    def _refresh(self) -> None:
        self.scroll = None
        if self.writer is not None:
            self.writer.refresh()

    def _clash(self, each: Conflict) -> Clash:
        name = edits.spoken(self.stage.show.plan, each.path) or each.label
        return Clash(name, edits.plain(each.mine), edits.plain(each.theirs))

    # ---- settings

    def settle(self, new: prefs.Settings, problems: tuple[str, ...]) -> None:
        """Take over settings, at the start and when their file changes."""
        if new.text != self.settings.text:
            self.zoom = new.text
        if new.audience_hold != self.settings.audience_hold:
            self.hall = replace(self.hall, hold=new.audience_hold)
        if new.audience_guess != self.settings.audience_guess:
            self.hall = replace(self.hall, guess=new.audience_guess)
        self.settings = new
        self.keys = table.bindings(new.keys)[0]
        self.said.pop("settings", None)
        if problems:
            more = f" (and {len(problems) - 1} more)" if len(problems) > 1 else ""
            self.said["settings"] = problems[0] + more
        self._route()

    def _route(self) -> None:
        """Tell of the outputs of the file that plays for which the settings have no place."""
        self.routed = self.stage.show.plan.file
        self.said.pop("outputs", None)
        if line := prefs.unplaced(self.routed, self.settings):
            self.said["outputs"] = line

    # ---- mouse

    def press(self, hit: Hit | None, frame: int, now: float, place: tuple[int, int] = (0, 0), count: int = 1) -> None:
        """A press of the left button, the `count`th on one spot. `frame`: song time under it on the lane."""
        if hit is None:
            return
        if self.writer is not None and self.writer.press(hit, place, count, now):
            return
        over = self.overlay
        if isinstance(over, Links) and self.linker and self.linker.press(over, hit.what, hit.value, count, now):
            return
        match hit.what:
            case "row" if count == 2:
                self.run(by_id("write-fields"), now)
            case "row":
                if isinstance(self.overlay, (Line, Form)):
                    self.overlay = None
                self._act(Standby(int(hit.value)), now)
            case "save" | "discard":
                self.answer(hit.what, now)
            case "take" | "drop" if self.writer is not None and isinstance(self.overlay, Offer):
                self.writer.stroke(self.overlay, "Enter" if hit.what == "take" else "D", now)
            case "go":
                self.run(by_id("go"), now)
            case "command":
                self.run(by_id(str(hit.value)), now)
            case "wave":
                self.drag = Drag(int(hit.value), frame)
            case "item":
                self.choose(now, int(hit.value))
            case "yes" if isinstance(self.overlay, Ask):
                self._yes(self.overlay.path, now)
            case "close":
                self.overlay = None

    def move(self, frame: int) -> None:
        """The mouse moves with the button held on the lane."""
        if self.drag is not None:
            self.drag = replace(self.drag, frame=frame)

    def drag_text(self, place: tuple[int, int], now: float) -> None:
        """The mouse moves with the button held in a field."""
        if self.writer is not None:
            self.writer.drag(place, now)

    @property
    def dragging(self) -> bool:
        """Whether the mouse's motion means something."""
        return self.drag is not None or (self.writer is not None and self.writer.spot is not None)

    def release(self) -> None:
        """The button is let go: a drag seeks there."""
        if self.writer is not None:
            self.writer.spot = None
        if self.drag is not None:
            drag, self.drag = self.drag, None
            if any(each.voice == drag.voice for each in self.stage.show.sounding):
                self.stage.do(SeekTo(drag.voice, drag.frame), "mouse")

    def wheel(self, by: int, first: int, rows: int, now: float = 0.0) -> None:
        """The wheel, up for positive: through the list, the picker, the pages of help."""
        match self.overlay:
            case Form() if self.writer is not None:
                self.writer.wheel(by, now)
            case Picker() as picker:
                self.overlay = overlays.moved(picker, -by)
            case Links() as over if self.linker is not None:
                self.linker.stroke(over, "Up" if by > 0 else "Down", now)
            case Help(page):
                self.overlay = Help(max(0, page - by))
            case None | Figures():
                last = max(0, len(self.stage.show.plan.steps) + 1 - rows)
                self.scroll = min(max(first - by * WHEEL, 0), last)
