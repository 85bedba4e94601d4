"""What a person writes at the window: notes, titles, every field, cues and scenes, become edits of the timeline.

The desk hands over the strokes of an open field or form and the commands of writing; what is done to the text and
to the file is the business of `Editing`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final, Protocol

from msgspec import Struct
from msgspec.structs import replace

from player import edits
from player.actions import Action, Preview, SeekTo, SetGain, Standby
from player.commands import Bindings
from player.edits import Edit
from player.engine.status import Status
from player.plan import Plan
from player.projection import film_frame
from player.show import Show, Sounding, target
from player.ui import box, fields, form
from player.ui.fields import Field
from player.ui.form import Clashes, Form, Line, Offer, Tab
from player.ui.ops import Hit, Spot
from player.ui.overlays import Overlay
from player.ui.text import Measure
from timeline import spec
from timeline.draft import Choice
from timeline.edit import Op, Refused
from timeline.model import Problem, SongCue

THINK: Final = 0.25  # seconds without a key after which the whole file is read with the text as typed
JOIN: Final = 3 * 48_000  # frames before `to` at which hearing its join begins
ASIDE: Final = ("unused-song",)  # problems that are no fault of the field that is typed in
GAIN: Final = 0.5  # dB a key
Writing = Line | Form | Clashes | Offer


class Editing(Protocol):
    """The draft of the open timeline. All of it on the main thread; none of it takes longer than one edit."""

    @property
    def raw(self) -> bytes: ...

    @property
    def unsaved(self) -> int: ...

    @property
    def offered(self) -> int: ...

    def edit(self, ops: Op | Sequence[Op], label: str, *, join: bool = False) -> str:
        """Do it and show it; returns where the thing is now. `join`: with the edit before, for undo. Raises Refused."""
        ...

    def check(self, ops: Op | Sequence[Op]) -> tuple[Problem, ...]:
        """What would be wrong that is not wrong now. Raises Refused."""
        ...

    def undo(self) -> str | None: ...

    def redo(self) -> str | None: ...

    def save(self) -> None: ...

    def settle(self, choices: Sequence[Choice]) -> None: ...

    def take(self) -> None: ...

    def drop(self) -> None: ...

    def discard(self) -> None: ...


class Stage(Protocol):
    """What is needed of a session."""

    @property
    def show(self) -> Show: ...

    @property
    def status(self) -> Status: ...

    def do(self, action: Action, by: str = "") -> None: ...


class Desk(Protocol):
    """What is needed of the desk."""

    stage: Stage
    keys: Bindings
    clip: tuple[Callable[[], str], Callable[[str], None]]
    overlay: Overlay | None
    scroll: int | None
    notice: str

    @property
    def field_spot(self) -> Callable[[], Spot | None]: ...

    def tell(self, text: str, now: float) -> None: ...

    def locked(self, now: float) -> None: ...

    def pick(self, mode: str, text: str = "", about: str = "") -> None: ...

    def edited(self, of: Field, stroke: str) -> Field | None: ...


def _group(path: str) -> spec.Group:
    """What stands at a path that a line edits a field of."""
    first = path.partition("/")[0]
    return {"songs": spec.SONG, "sets": spec.ENTRY}.get(first, spec.CUE if "/cues/" in path else spec.SCENE)


class Writer(Struct):
    """The part of the desk that writes. `measure` is that of the screen: lines of a note are told by it."""

    desk: Desk
    editing: Editing
    measure: Measure = lambda text, face, px, track: len(text) * px // 2
    check_at: float | None = None
    spot: Spot | None = None  # the field that a press of the mouse began in
    preview_at: int | None = None  # where a preview is to be heard from, as soon as it sounds

    # ---- what everybody needs

    @property
    def plan(self) -> Plan:
        return self.desk.stage.show.plan

    @property
    def step(self) -> int:
        return self.desk.stage.show.standby

    def tell(self, text: str, now: float) -> None:
        self.desk.tell(text[:1].upper() + text[1:], now)

    def do(self, edit: Edit, now: float, *, told: str = "", join: bool = False) -> str | None:
        """Make an edit; where the thing is now, None where it was refused, which has been told."""
        if self.desk.stage.show.locked:
            self.desk.locked(now)
            return None
        try:
            path = self.editing.edit(edit.ops, edit.label, join=join)
        except Refused as refused:
            self.tell(str(refused), now)
            return None
        if told:
            self.tell(told, now)
        return path

    def tick(self, now: float) -> None:
        """What comes by itself: the file read with the text as typed; a preview moved to where it is to be heard."""
        if self.check_at is not None and now >= self.check_at:
            self.check_at = None
            if isinstance(self.desk.overlay, Form) and not self.desk.overlay.open:
                self.desk.overlay = self._checked(self.desk.overlay)
        show = self.desk.stage.show
        if self.preview_at is not None and any(each.voice == show.preview for each in show.sounding):
            at, self.preview_at = self.preview_at, None
            if show.preview is not None:
                self.desk.stage.do(SeekTo(show.preview, at))

    # ---- commands

    def intent(self, name: str, now: float) -> None:
        """A command of writing."""
        try:
            self._intent(name, now)
        except Refused as refused:
            self.tell(str(refused), now)

    def _intent(self, name: str, now: float) -> None:
        plan, step = self.plan, self.step
        match name:
            case "write-note":
                self._note(now)
            case "write-title":
                self._title(now)
            case "write-fields":
                self.open_form(now)
            case "write-song" | "write-film" | "write-defaults":
                self.open_form(now, name.removeprefix("write-").capitalize())
            case "write-add":
                if step >= len(plan.steps):
                    raise Refused("END has no cues: move standby to a scene, or add one")
                self.desk.pick("add")
            case "write-scene":
                self.desk.overlay = Line("scene", "NEW SCENE", "scenes", fields.BLANK, "")
            case "write-remove":
                edit = edits.remove(plan, step)
                self.do(edit, now, told=f"{edit.label}{self._undo_hint()}")
            case "write-up" | "write-down":
                self._move(-1 if name == "write-up" else 1, now)
            case "write-copy" | "write-cut":
                self._copy(name == "write-cut", now)
            case "write-paste":
                edit = edits.paste(plan, step, self.desk.clip[0]())
                path = self.do(edit, now, told=edit.label)
                self._stand_by(path)
            case "write-from" | "write-to":
                self._point(name.removeprefix("write-"), now)
            case "hear-from" | "hear-to":
                self._hear(name.removeprefix("hear-"), now)
            case "write-time":
                self._time(now)
            case "write-louder" | "write-softer":
                self._gain(GAIN if name == "write-louder" else -GAIN, now)
            case "write-undo" | "write-redo":
                self._back(name == "write-undo", now)
            case "write-save":
                self.save(now)

    def _undo_hint(self) -> str:
        key = next(iter(self.desk.keys.keys("write-undo")), "")
        return f": {key} brings it back" if key else ""

    def _note(self, now: float) -> None:
        plan, step = self.plan, self.step
        if step >= len(plan.steps):
            raise Refused("this is END: nothing stands here")
        if plan.set_id is not None:
            self._line("note", f"{edits.entry_path(plan, step)}/note")
            return
        scene = plan.scene(step)
        paths = [f"{edits.scene_path(scene)}/note"]
        cues = plan.steps[step].cues
        if cues:
            paths.insert(0, f"{edits.cue_path(cues[0])}/note")
        self._line("note", paths[0], paths[1] if cues else "")

    def _title(self, now: float) -> None:
        if self.step >= len(self.plan.steps):
            raise Refused("this is END: nothing stands here")
        if self.plan.set_id is not None:
            self._line("title", f"songs/{self.plan.steps[self.step].songs[0].song}/title")
            return
        self._line("title", f"{edits.scene_path(self.plan.scene(self.step))}/title")

    def _line(self, what: str, path: str, other: str = "") -> None:
        plan, step = self.plan, self.step
        kind = _group(path).known[what].kind
        was = form.text_of(edits.data(self.editing.raw, path), what, kind)
        own = "/cues/" in path
        name = edits.name_of(plan, step) if own else plan.title(step)
        label = f"{'CUE ' if own else 'SCENE ' if other else ''}{what.upper()}  {plan.number(step)}  {name}"
        self.desk.overlay = Line(what, label, path, fields.all_of(fields.of(was, lines=what in form.LONG)), was, other)

    def open_form(self, now: float, label: str = "", focus: str = "", path: str = "") -> None:
        """The form of the standby step, of its song, of the film, or of the thing at `path`."""
        found = form.tabs(self.plan, self.step)
        if label == "Song" and self.step < len(self.plan.steps):
            song = self.plan.first_song(self.step)
            path = f"songs/{song.song}" if song is not None else ""
        tab = form.first_tab(self.plan, self.step, found, label)
        tab = next((i for i, each in enumerate(found) if path and each.path == path), tab)
        if label == "Song" and not any(each.label == "Song" for each in found):
            raise Refused("no song plays here")
        self.desk.overlay = form.of(self.plan, self.editing.raw, found, tab, focus)

    def _move(self, by: int, now: float) -> None:
        edit = edits.move(self.plan, self.step, by)
        path = self.do(edit, now)
        self._stand_by(path)

    def _copy(self, cut: bool, now: float) -> None:
        text = edits.copied(self.plan, self.step, self.editing.raw)
        self.desk.clip[1](text)
        name = edits.name_of(self.plan, self.step)
        if not cut:
            self.tell(f"{name} copied, as YAML", now)
            return
        self.do(edits.remove(self.plan, self.step), now, told=f"{name} cut, as YAML")

    def _stand_by(self, path: str | None) -> None:
        """Standby on the step in which the thing at `path` is now."""
        step = edits.step_of(self.plan, path) if path else None
        if step is not None and step != self.step:
            self.desk.stage.do(Standby(step))
        self.desk.scroll = None

    def add(self, what: str, value: str, now: float) -> None:
        """What the picker of cues gave: a song, a new one, or another verb."""
        try:
            verb, song = ("song", value) if what == "new" else (what, "")
            edit = edits.add_cue(self.plan, self.step, verb, "" if song else value, song)
        except Refused as refused:
            self.tell(str(refused), now)
            return
        path = self.do(edit, now, told=f"{edit.label} added")
        if path is None:
            return
        self._stand_by(path)
        if verb != "song":
            self.open_form(now, focus=verb, path=edits.normal(self.plan, path))

    # ---- points and gain of what sounds

    def _heard(self) -> tuple[Sounding, SongCue]:
        if self.plan.set_id is not None:
            raise Refused("a song of a set has no points and no gain of its own: those are of the film's cues")
        heard = target(self.desk.stage.show)
        if heard is None:
            raise Refused("nothing sounds")
        for scene in self.plan.timeline.scenes:
            for cue in scene.cues:
                if cue.key == heard.cue.key and isinstance(cue, SongCue) and cue.song == heard.cue.song:
                    return heard, cue
        raise Refused("what sounds is no longer in the file")

    def _point(self, key: str, now: float) -> None:
        heard, cue = self._heard()
        at = next((each.at for each in self.desk.stage.status.voices if each.voice == heard.voice), None)
        if at is None:
            raise Refused("nothing sounds")
        edit = edits.set_point(cue, key, at)
        self.do(edit, now, told=f"{edits.name_of_cue(cue, self.plan)}: {edit.label}")

    def _time(self, now: float) -> None:
        """The film time of the standby row from the film clock, as it is now."""
        show, clock = self.desk.stage.show, self.desk.stage.status.clock
        if show.reel is None:
            raise Refused(f"no film clock runs: {next(iter(self.desk.keys.keys('film')), 'the palette')} starts it")
        at = film_frame(show.reel, show.paused, clock)
        edit = edits.set_time(self.plan, self.step, at)
        self.do(edit, now, told=f"{self.plan.title(self.step)}: {edit.label}{self._undo_hint()}")

    def _hear(self, key: str, now: float) -> None:
        show = self.desk.stage.show
        heard = target(show)
        cue = self._heard()[1] if heard else (None if show.at_end else self.plan.first_song(self.step))
        if cue is None:
            raise Refused("nothing sounds, and standby has no song")
        begin, end = self.plan.bounds(cue)
        at = begin if key == "from" else max(begin, end - JOIN)
        if heard is not None and (heard.begin, heard.end) == (begin, end):
            self.desk.stage.do(SeekTo(heard.voice, at))
            return
        if show.at_end or self.plan.first_song(self.step) is not cue:
            raise Refused("the new point counts from its next start: move standby there to hear it")
        if show.preview is None:
            self.desk.stage.do(Preview())
        self.preview_at = at

    def _gain(self, by: float, now: float) -> None:
        show = self.desk.stage.show
        heard = target(show)
        here = None if show.at_end or self.plan.set_id else self.plan.first_song(self.step)
        cue = self._heard()[1] if heard or self.plan.set_id else here
        if cue is None:
            raise Refused("nothing sounds, and standby has no song")
        edit, level = edits.gain_by(cue, self.plan, by)
        text = f"{edits.name_of_cue(cue, self.plan)}: gain {level:+g} dB".replace("-", "−").replace("+0 ", "0 ")
        if self.do(edit, now, told=text, join=True) is not None and heard is not None:
            self.desk.stage.do(SetGain(heard.voice, level))

    # ---- draft and file

    def _back(self, undo: bool, now: float) -> None:
        if self.desk.stage.show.locked:
            self.desk.locked(now)
            return
        try:
            label = self.editing.undo() if undo else self.editing.redo()
        except Refused as refused:
            self.tell(str(refused), now)
            return
        nothing = f"nothing to {'undo' if undo else 'do again'}"
        self.tell(f"{'Undone' if undo else 'Done again'}: {label}" if label else nothing, now)
        if isinstance(self.desk.overlay, Form):
            self._again(self.desk.overlay)

    def keep(self, over: Form | Line, now: float) -> None:
        """Write what is typed into the draft, as far as that can be, before something else takes its place."""
        if isinstance(over, Form):
            self._keep_row(over, now, 0)
        else:
            self._keep_line(over, now)

    def save(self, now: float) -> None:
        """Write the file; what came of it is news."""
        if not self.editing.unsaved:
            self.tell("everything is saved", now)
            return
        self.editing.save()

    # ---- strokes of an open field or form

    def stroke(self, over: Writing, stroke: str, now: float) -> bool:
        """Take a stroke; whether it meant anything here."""
        match over:
            case Line():
                return self._in_line(over, stroke, now)
            case Form():
                return self._in_form(over, stroke, now)
            case Clashes():
                return self._in_clashes(over, stroke, now)
            case Offer():
                return self._in_offer(stroke, now)

    def field(self, over: Writing) -> Field | None:
        """The field that text goes into."""
        match over:
            case Line():
                return over.field
            case Form():
                return over.row.field
        return None

    def put(self, over: Writing, to: Field, now: float) -> None:
        """The field that text goes into becomes `to`."""
        match over:
            case Line():
                problem = over.problem if to.text == over.field.text else ""
                self.desk.overlay = replace(over, field=to, problem=problem)
            case Form():
                self.desk.overlay = form.typed(over, to)
                if to.text != over.row.field.text:
                    self.check_at = now + THINK

    def _in_line(self, over: Line, stroke: str, now: float) -> bool:
        if over.field.composing:
            return True
        match stroke:
            case "Esc":
                self.desk.overlay = None
            case "Enter":
                self._keep_line(over, now)
            case "Tab" if over.other:
                if self._keep_line(over, now):
                    self._line("note", over.other, over.path)
            case "Up" | "Down" if over.what == "note" and self._lines_moved(over, stroke, now):
                pass
            case "Ctrl+Z" if not over.field.past:
                pass
            case "Ctrl+S":
                if self._keep_line(over, now):
                    self.save(now)
            case _:
                return self._edited(over, stroke, now)
        return True

    def _keep_line(self, over: Line, now: float) -> bool:
        text = over.field.text.strip()
        if over.what == "scene":
            return self._keep_scene(over, text, now)
        if text == over.was.strip():
            self.desk.overlay = None
            return True
        if over.what == "title" and not text:
            self.desk.overlay = replace(over, problem="a scene has a title")
            return False
        kind = _group(over.path).known[over.what].kind
        if self.do(edits.set_field(over.path, text, kind), now) is None:
            self.desk.overlay = replace(over, problem=self.desk.notice)
            return False
        self.desk.overlay = None
        return True

    def _keep_scene(self, over: Line, text: str, now: float) -> bool:
        if not text:
            self.desk.overlay = None
            return True
        path = self.do(edits.add_scene(self.plan, self.step, text), now, told=f"Scene {text} added")
        if path is None:
            self.desk.overlay = replace(over, problem=self.desk.notice)
            return False
        self.desk.overlay = None
        self._stand_by(path)
        return True

    def _edited(self, over: Writing, stroke: str, now: float) -> bool:
        """A stroke of plain text editing."""
        held = self.field(over)
        changed = self.desk.edited(held, stroke) if held is not None else None
        if changed is None:
            return False
        self.put(over, changed, now)
        return True

    def _lines_moved(self, over: Writing, stroke: str, now: float) -> bool:
        """The caret a line up or down in a field of several lines."""
        held, spot = self.field(over), self.desk.field_spot()
        if held is None or spot is None or spot.most < 2:
            return False
        place = box.step(held, 1 if stroke == "Down" else -1, spot.room, self._width(spot))
        if place is None:
            return False
        self.put(over, fields.at(held, place), now)
        return True

    def _width(self, spot: Spot) -> box.Width:
        return lambda text: self.measure(text, spot.face, spot.px, 0)

    # ---- the form

    def _in_form(self, over: Form, stroke: str, now: float) -> bool:
        if over.row.field.composing:
            return True
        if over.open and self._in_list(over, stroke, now):
            return True
        match stroke:
            case "Esc":
                self._leave(over, now)
            case "Enter":
                if self._keep_row(over, now, 0) and isinstance(self.desk.overlay, Form):
                    self.desk.overlay = form.focused(self.desk.overlay, over.focus + 1)
            case "Tab":
                self._keep_row(over, now, 1)
            case "Shift+Tab":
                self._keep_row(over, now, -1)
            case "Ctrl+Enter":
                if self._keep_row(over, now, 0):
                    self.desk.overlay = None
            case "Up" | "Down":
                if not (over.row.long and self._lines_moved(over, stroke, now)):
                    self._keep_row(over, now, -1 if stroke == "Up" else 1)
            case "PgUp" | "PgDn":
                self._keep_row(over, now, -6 if stroke == "PgUp" else 6)
            case "Ctrl+Home" | "Ctrl+End":
                self._keep_row(over, now, -len(over.rows) if stroke == "Ctrl+Home" else len(over.rows))
            case "Ctrl+PgUp" | "Ctrl+PgDn" | "Ctrl+Tab" | "Ctrl+Shift+Tab":
                self.tab(over, over.tab + (-1 if stroke in ("Ctrl+PgUp", "Ctrl+Shift+Tab") else 1), now)
            case "Alt+Down":
                self.desk.overlay = form.listed(over, whole=True)
            case "Ctrl+Z" if over.row.changed and not over.row.field.past:
                self.desk.overlay = form.reverted(over)
            case "Ctrl+S":
                if self._keep_row(over, now, 0):
                    self.save(now)
            case _:
                return self._edited(over, stroke, now)
        return True

    def _in_list(self, over: Form, stroke: str, now: float) -> bool:
        moves = {"Up": -1, "Down": 1, "PgUp": -form.MOST, "PgDn": form.MOST}
        if stroke in moves:
            chosen = min(max(over.chosen + moves[stroke], 0), len(over.items) - 1)
            self.desk.overlay = replace(over, chosen=chosen)
        elif stroke in ("Enter", "Tab"):
            self.choose(over, over.chosen, now)
        elif stroke == "Esc":
            self.desk.overlay = replace(over, open=False, items=())
        else:
            return False
        return True

    def choose(self, over: Form, index: int, now: float) -> None:
        """Take an item of the open list, and keep it."""
        over = form.picked(over, over.items[index])
        self.desk.overlay = over
        self._keep_row(over, now, 1)

    def _leave(self, over: Form, now: float) -> None:
        """Esc: back to what the file says, first here, then in other rows, then out."""
        if over.row.changed:
            self.desk.overlay = form.reverted(over)
            return
        other = next((i for i, row in enumerate(over.rows) if row.changed), None)
        if other is None:
            self.desk.overlay = None
            return
        self.desk.overlay = form.focused(over, other)
        self.tell(f"{over.rows[other].key} is not kept: Esc again takes it back", now)

    def _keep_row(self, over: Form, now: float, by: int) -> bool:
        """Write the row in focus into the draft, if it changed and can be; then move on. Whether nothing is left."""
        self.check_at = None
        kept = self._kept(over, now)
        if kept is None:
            shown = self.desk.overlay if isinstance(self.desk.overlay, Form) else over
            if by:
                self.desk.overlay = form.focused(shown, shown.focus + by)
            return False
        self.desk.overlay = form.focused(kept, kept.focus + by) if by else kept
        return True

    def _kept(self, over: Form, now: float) -> Form | None:
        row = over.row
        if not row.changed:
            return over
        problem = form.wrong(row)
        if problem:
            self.desk.overlay = form.with_row(over, replace(row, problem=problem))
            return None
        edit = self._edit_of(over)
        path = self.do(edit, now)
        if path is None:
            self.desk.overlay = form.with_row(over, replace(row, problem=self.desk.notice))
            return None
        return self._again(over, path if row.key == "id" else "")

    def _edit_of(self, over: Form) -> Edit:
        row = over.row
        text = row.field.text.strip()
        if row.key == "id" and row.was and text:
            return edits.rename(over.here.path, text)
        return edits.set_field(over.path, text, row.spec.kind)

    def _again(self, over: Form, renamed: str = "") -> Form:
        """The form as the file is now; rows that are not yet kept stay as they are."""
        pending = {row.key: row for i, row in enumerate(over.rows) if row.changed and i != over.focus}
        path = renamed or over.here.path
        own = path if over.here.label == "Scene" else next((t.path for t in over.tabs if t.label == "Scene"), "")
        step = edits.step_of(self.plan, own) if own else None
        found = form.tabs(self.plan, self.step if step is None else step)
        at = next((i for i, tab in enumerate(found) if tab.path == path), None)
        if at is None:  # what the form shows is not where standby is
            found = (*found, Tab(over.here.label, over.here.title, path, over.here.group))
            at = len(found) - 1
        try:
            made = form.of(self.plan, self.editing.raw, found, at, over.row.key)
        except Refused:
            return over
        rows = tuple(replace(pending[row.key], was=row.was) if row.key in pending else row for row in made.rows)
        made = replace(made, rows=rows)
        self.desk.overlay = made
        return made

    def refresh(self) -> None:
        """The timeline changed from elsewhere: an open form shows it."""
        if isinstance(self.desk.overlay, Form):
            over = self.desk.overlay
            typed = over.row
            made = self._again(over)
            if typed.changed and made.row.key == typed.key:
                self.desk.overlay = form.with_row(made, replace(typed, was=made.row.was))

    def tab(self, over: Form, index: int, now: float) -> None:
        """Another thing of the same step."""
        if not self._keep_row(over, now, 0):
            return
        over = self.desk.overlay if isinstance(self.desk.overlay, Form) else over
        self.desk.overlay = form.of(self.plan, self.editing.raw, over.tabs, index % len(over.tabs))

    def _checked(self, over: Form) -> Form:
        """The problem of the row in focus as reading the whole file would tell it."""
        row = over.row
        if not row.changed or form.wrong(row):
            return over
        try:
            edit = self._edit_of(over)
            problems = self.editing.check(edit.ops)
        except Refused as refused:
            return form.with_row(over, replace(row, problem=str(refused)))
        grave = [each for each in problems if each.severity != "note" and each.code not in ASIDE]
        return form.with_row(over, replace(row, problem=form.said(grave[0]) if grave else ""))

    # ---- conflicts, and edits of an earlier run

    def _in_clashes(self, over: Clashes, stroke: str, now: float) -> bool:
        match stroke:
            case "Up" | "Down" | "Tab" | "Shift+Tab":
                by = 1 if stroke in ("Down", "Tab") else -1
                self.desk.overlay = replace(over, focus=min(max(over.focus + by, 0), len(over.found) - 1))
            case "Left" | "Right":
                self.side(over, over.focus, "mine" if stroke == "Left" else "theirs")
            case "Enter":
                self.settle(over, now)
            case "Esc":
                self.desk.overlay = None
                self.tell("not settled yet: save asks again", now)
            case _:
                return False
        return True

    def side(self, over: Clashes, index: int, side: str) -> None:
        """Choose a side for one value, and go on to the next that has none."""
        choice = (*over.choice[:index], side, *over.choice[index + 1 :])
        self.desk.overlay = replace(over, choice=choice, focus=index)

    def settle(self, over: Clashes, now: float) -> None:
        """Let the chosen sides stand, if all are chosen."""
        open_ones = [i for i, side in enumerate(over.choice) if not side]
        if open_ones:
            self.desk.overlay = replace(over, focus=open_ones[0])
            self.tell("choose a side for each: ← mine, → the file's", now)
            return
        self.desk.overlay = None
        try:
            self.editing.settle(["mine" if side == "mine" else "theirs" for side in over.choice])
        except Refused as refused:
            self.tell(str(refused), now)

    def _in_offer(self, stroke: str, now: float) -> bool:
        if stroke not in ("Enter", "D", "Esc"):
            return False
        if stroke == "Enter" and self.desk.stage.show.locked:
            self.desk.locked(now)
            return True
        self.desk.overlay = None
        if stroke == "Enter":
            try:
                self.editing.take()
            except Refused as refused:
                self.tell(str(refused), now)
        elif stroke == "D":
            self.editing.drop()
        return True

    # ---- mouse

    def press(self, hit: Hit, place: tuple[int, int], count: int, now: float) -> bool:
        """A press of the left button, the `count`th in a row, on a part of an open field or form."""
        over = self.desk.overlay
        if isinstance(over, Form):
            match hit.what:
                case "tab":
                    self.tab(over, int(hit.value), now)
                    return True
                case "choice":
                    self.choose(over, int(hit.value), now)
                    return True
                case "open-list":
                    self.desk.overlay = form.listed(over, whole=True)
                    return True
                case "row-field" | "text" if int(hit.value) != over.focus:
                    self._keep_row(over, now, int(hit.value) - over.focus)
                    return True
        if isinstance(over, Clashes) and hit.what in ("mine", "theirs"):
            self.side(over, int(hit.value), hit.what)
            return True
        if hit.what == "settle" and isinstance(over, Clashes):
            self.settle(over, now)
            return True
        if hit.what == "text" and hit.spot is not None and isinstance(over, (Line, Form)):
            self._press_text(over, hit.spot, place, count, now)
            return True
        return False

    def _press_text(self, over: Writing, spot: Spot, place: tuple[int, int], count: int, now: float) -> None:
        held = self.field(over)
        if held is None or held.composing:
            return
        at = self._place(held, spot, place)
        self.spot = spot
        to = fields.at(held, at) if count == 1 else fields.word_at(held, at) if count == 2 else fields.all_of(held)
        self.put(over, to, now)

    def drag(self, place: tuple[int, int], now: float) -> None:
        """The mouse moves with the button held that was pressed in a field."""
        over = self.desk.overlay
        if self.spot is not None and isinstance(over, (Line, Form)):
            held = self.field(over)
            if held is not None:
                self.put(over, fields.at(held, self._place(held, self.spot, place), select=True), now)

    def _place(self, held: Field, spot: Spot, place: tuple[int, int]) -> int:
        width = self._width(spot)
        view = box.shown(held, spot.room, spot.most, width)
        return box.place(view, (place[1] - spot.y) // max(1, spot.pitch), place[0] - spot.x, width)

    def wheel(self, by: int, now: float) -> None:
        """The wheel over an open form: on to other rows, or through its list."""
        over = self.desk.overlay
        if isinstance(over, Form):
            self.stroke(over, "Up" if by > 0 else "Down", now) if over.open else self._keep_row(over, now, -by)
