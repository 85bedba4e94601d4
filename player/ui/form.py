"""Every field of a scene, a cue, a song or the film, as a form: what stands there, what may, and what is wrong. Pure.

The rows come from the table of the format; what a field takes is told by its own parser.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, NamedTuple

from msgspec import Struct
from msgspec.structs import replace

from player import edits
from player.plan import Plan
from player.ui import fields, links
from player.ui.fields import Field
from player.ui.text import folded
from timeline import spec, times
from timeline.edit import Data, Refused
from timeline.model import Problem, SongCue
from timeline.spec import Group, Listing, Scalar
from timeline.times import Refusal

MOST: Final = 6  # items of a list under a field
LONG: Final = ("note", "say")  # fields that may take several lines
FIRST: Final = (  # what is edited most stands first; the rest follows in the order of the format
    *spec.VERBS, "title", "artist", "media", "stand-in", "loudness", "note", "from", "to", "gain", "level", "over",
    "fade-in", "fade-out", "crossfade", "until", "then", "at", "place", "people", "pre-wait", "post-wait", "length",
    "bpm", "meter",
)  # fmt: skip
ABSENT: Final = {  # what holds where nothing is written
    "from": "its beginning", "to": "its end", "gain": "0 dB", "pan": "0", "fade-in": "none", "fade-out": "1.5s",
    "crossfade": "none", "duck": "none", "until": "scene", "then": "wait", "armed": "true", "pre-wait": "0s",
    "post-wait": "0s", "transpose": "0", "loop": "none", "repeat": "false", "shuffle": "false", "over": "at once",
    "outputs": "main",
}  # fmt: skip


class Choice(NamedTuple):
    """One thing a field may hold."""

    value: str
    title: str = ""
    aside: str = ""


class Tab(Struct, frozen=True):
    """One thing that can be edited: what it is called, where it stands, and which fields it has."""

    label: str
    title: str
    path: str
    group: Group


class Row(Struct, frozen=True):
    """One field. `was` is what the file says, `absent` what holds while it says nothing, `problem` what is wrong
    with the text as it stands.
    """

    spec: spec.Field
    was: str
    field: Field
    absent: str
    problem: str = ""
    known: tuple[Choice, ...] = ()  # what it can be chosen from
    fact: str = ""  # what was found out about it

    @property
    def choosable(self) -> bool:
        return bool(self.known)

    @property
    def aside(self) -> str:
        """What the id in the field stands for; else what was found out."""
        text = self.field.text.strip()
        found = next((each for each in self.known if each.value == text), None)
        return " · ".join(each for each in (found.title, found.aside) if each) if found else self.fact

    @property
    def key(self) -> str:
        return self.spec.name

    @property
    def changed(self) -> bool:
        return self.field.text.strip() != self.was

    @property
    def long(self) -> bool:
        return self.key in LONG


class Form(Struct, frozen=True):
    """The fields of one thing of several. `items` is the open list under the field in `focus`."""

    tabs: tuple[Tab, ...]
    tab: int
    rows: tuple[Row, ...]
    focus: int = 0
    items: tuple[Choice, ...] = ()
    chosen: int = 0
    open: bool = False

    @property
    def here(self) -> Tab:
        return self.tabs[self.tab]

    @property
    def row(self) -> Row:
        return self.rows[self.focus]

    @property
    def path(self) -> str:
        """Where the field in focus stands, or would."""
        return f"{self.here.path}/{self.row.key}"

    @property
    def choice(self) -> Choice | None:
        return self.items[self.chosen] if self.open and 0 <= self.chosen < len(self.items) else None


class Line(Struct, frozen=True):
    """One field, edited where it is shown. `what`: "note", "title", or "scene" for the title of a new one.

    other: the path of the other note, of the cue or of its scene.
    """

    what: str
    label: str
    path: str
    field: Field
    was: str
    other: str = ""
    problem: str = ""


class Clash(Struct, frozen=True):
    """A value that changed here and in the file. Texts as they stand there; "" where it was taken away."""

    name: str
    mine: str
    theirs: str


class Clashes(Struct, frozen=True):
    """All values that changed twice, and which side is to stand for each; "" where nobody has chosen."""

    found: tuple[Clash, ...]
    choice: tuple[str, ...]
    focus: int = 0


class Offer(Struct, frozen=True):
    """Edits that an earlier run left unsaved."""

    count: int


# ---- building


def tabs(plan: Plan, step: int) -> tuple[Tab, ...]:
    """What can be edited from this step: its scene, the scene's cues, their songs, the film, the defaults."""
    found: list[Tab] = []
    songs: list[str] = []
    if plan.set_id is not None:
        if step < len(plan.steps):
            title = plan.title(step)
            song = plan.steps[step].songs[0].song
            found.append(Tab("Set", title, edits.entry_path(plan, step), spec.ENTRY))
            found.append(Tab("Song", title, f"songs/{song}", spec.SONG))
    elif step < len(plan.steps):
        scene = plan.scene(step)
        found.append(Tab("Scene", scene.title, edits.scene_path(scene), spec.SCENE))
        for number, cue in enumerate(scene.cues, 1):
            name = _song(plan, cue.song) if isinstance(cue, SongCue) else edits.plan_words(cue)
            found.append(Tab(f"Cue {number}", name, edits.cue_path(cue), spec.CUE))
            if isinstance(cue, SongCue) and cue.song in plan.timeline.songs and cue.song not in songs:
                songs.append(cue.song)
    found += [Tab("Song", _song(plan, song), f"songs/{song}", spec.SONG) for song in songs]
    film = plan.timeline.film
    found.append(Tab("Film", film.title or plan.name, "film", spec.FILM))
    found.append(Tab("Defaults", "What cues take when they say nothing", "defaults", spec.DEFAULTS))
    return tuple(found)


def _song(plan: Plan, song: str) -> str:
    found = plan.timeline.songs.get(song)
    return found.title if found else song


def first_tab(plan: Plan, step: int, found: tuple[Tab, ...], label: str = "") -> int:
    """The tab to begin with: the one asked for, else the first cue of the step, else the scene."""
    if label:
        return next((i for i, tab in enumerate(found) if tab.label == label), 0)
    cues = plan.steps[step].cues if step < len(plan.steps) else ()
    path = edits.cue_path(cues[0]) if cues else ""
    return next((i for i, tab in enumerate(found) if tab.path == path), 0)


def of(plan: Plan, raw: bytes, found: tuple[Tab, ...], tab: int, focus: str = "") -> Form:
    """The form of one of these things, as the file says it; `focus` is a key. Raises Refused."""
    here = found[tab]
    value = edits.data(raw, here.path)
    known = sorted(edits.fields_of(here.group, value), key=_order)
    rows = tuple(_row(plan, raw, here, each, value) for each in known)
    facts = _facts(plan, here)
    rows = tuple(replace(row, fact=facts[row.key]) if row.key in facts else row for row in rows)
    at = next((i for i, row in enumerate(rows) if row.key == focus), 0)
    rows = tuple(replace(row, field=fields.all_of(row.field)) if i == at else row for i, row in enumerate(rows))
    return Form(found, tab, rows, at)


def _facts(plan: Plan, here: Tab) -> dict[str, str]:
    """What is known of the music, by the field that it belongs to."""
    if here.group is spec.SONG:
        ident = here.path.partition("/")[2]
        found = plan.songs.get(ident)
        plays = "" if found is None or not found.own else links.row(plan, ident).plays
        return {"loudness": links.level_of_song(plan, ident), "media": f"plays {plays}" if plays else ""}
    if here.group is spec.CUE:
        cues = (cue for scene in plan.timeline.scenes for cue in scene.cues if isinstance(cue, SongCue))
        cue = next((cue for cue in cues if edits.cue_path(cue) == here.path), None)
        return {"gain": links.level_of_cue(plan, cue)} if cue is not None else {}
    return {}


def _order(each: spec.Field) -> int:
    return FIRST.index(each.name) if each.name in FIRST else len(FIRST)


def text_of(value: Data | None, key: str, kind: spec.Kind) -> str:
    """A value as its field shows it: a long text keeps its line breaks, all else stands on one line."""
    if key in LONG and isinstance(value, str):
        return "\n".join(" ".join(line.split()) for line in value.strip().splitlines())
    return edits.written(value, kind)


def _row(plan: Plan, raw: bytes, tab: Tab, each: spec.Field, value: Data | None) -> Row:
    own = value.get(each.name) if isinstance(value, dict) else None
    text = text_of(own, each.name, each.kind)
    row = Row(each, text, fields.of(text, lines=each.name in LONG), _absent(plan, tab, each), "", choices(plan, each))
    return replace(row, problem=wrong(row) or _known(plan, raw, f"{tab.path}/{each.name}") if text else "")


def _absent(plan: Plan, tab: Tab, each: spec.Field) -> str:
    defaults = plan.timeline.defaults
    named = getattr(defaults, each.attr, None) if tab.group is spec.CUE else None
    if named is not None:
        return f"{_said(named)}, by the defaults"
    if each.name in ABSENT and tab.group in (spec.CUE, spec.DEFAULTS):
        return ABSENT[each.name]
    if isinstance(each.kind, Scalar):
        return "" if each.kind.free else f"like {each.kind.example}"
    return ""


def _said(value: object) -> str:
    match value:
        case float():
            return f"{value:g} dB"
        case str():
            return value
    length = getattr(value, "length", None)
    return times.exact(length) if length is not None and length >= 60 else f"{float(length or 0):g}s"


def _known(plan: Plan, raw: bytes, path: str) -> str:
    """What the checker says of the lines of this value."""
    if not plan.problems:
        return ""
    lines = edits.rows_of(raw, path)
    if lines is None:
        return ""
    return next((said(each) for each in plan.problems if lines[0] <= each.span.line <= lines[1] and _grave(each)), "")


def _grave(problem: Problem) -> bool:
    return problem.severity != "note"


def said(problem: Problem) -> str:
    """A problem in one line."""
    return problem.message + (f"; {problem.hint}" if problem.hint else "")


def wrong(row: Row) -> str:
    """What the field's own parser says of the text, "" where it is fine or nothing is written."""
    text = row.field.text.strip()
    kind = row.spec.kind
    if not text:
        return "this cannot be empty" if row.spec.required and row.was else ""
    try:
        if isinstance(kind, Scalar):
            kind.parse(text)
        else:
            value = edits.parsed(text, kind)
            if isinstance(kind, Listing) and isinstance(kind.of, Scalar):
                for item in value if isinstance(value, list) else [value]:
                    if isinstance(item, str):
                        kind.of.parse(item)
    except Refusal as refusal:
        return refusal.message + (f"; {refusal.hint}" if refusal.hint else "")
    except Refused as refused:
        return str(refused)
    return ""


# ---- changing


def typed(form: Form, to: Field) -> Form:
    """The field in focus holds this; its problem and its list follow."""
    row = replace(form.row, field=to)
    if to.text == form.row.field.text:
        return with_row(form, row)
    row = replace(row, problem=wrong(row))
    return listed(with_row(form, row))


def with_row(form: Form, row: Row) -> Form:
    rows = (*form.rows[: form.focus], row, *form.rows[form.focus + 1 :])
    return replace(form, rows=rows)


def focused(form: Form, focus: int) -> Form:
    """The focus on another row, its text selected, the list closed."""
    focus = min(max(focus, 0), len(form.rows) - 1)
    moved = replace(form, focus=focus, items=(), chosen=0, open=False)
    return with_row(moved, replace(moved.row, field=fields.all_of(moved.row.field)))


def reverted(form: Form) -> Form:
    """The field in focus as the file has it."""
    row = form.row
    back = replace(row, field=fields.of(row.was, lines=row.long), problem="")
    return replace(with_row(form, replace(back, problem=wrong(back) if row.was else "")), open=False, items=())


def listed(form: Form, *, whole: bool = False) -> Form:
    """The list under the field open, with what its text finds; `whole`: with everything. Closed where that is none."""
    known = form.row.known
    if not known:
        return replace(form, items=(), open=False)
    items = found(known, "" if whole else form.row.field.text)
    text = form.row.field.text.strip()
    chosen = next((i for i, each in enumerate(items) if each.value == text), 0)
    return replace(form, items=items, chosen=chosen, open=bool(items))


def picked(form: Form, choice: Choice) -> Form:
    """The field holds what was picked from its list."""
    row = replace(form.row, field=fields.of(choice.value))
    return replace(with_row(form, replace(row, problem=wrong(row))), items=(), open=False)


# ---- lists

_WORDS: Final[dict[str, tuple[Choice, ...]]] = {
    spec.THEN.what: (
        Choice("wait", "", "for GO"),
        Choice("continue", "", "the next cue starts when this one has started"),
        Choice("follow", "", "the next cue starts when this one has ended"),
    ),
    spec.RIGHTS.what: tuple(Choice(word) for word in ("public-domain", "cleared", "blanket", "not-cleared")),
    spec.TRUTH.what: (Choice("true"), Choice("false")),
    spec.COLOUR.what: tuple(Choice(word) for word in spec.COLOURS),
    spec.FPS.what: tuple(Choice(word) for word in times.RATES),
}


def choices(plan: Plan, each: spec.Field) -> tuple[Choice, ...]:
    """What a field can be chosen from; () for one that is free."""
    kind = each.kind
    if not isinstance(kind, Scalar):
        return ()
    line = plan.timeline
    songs = tuple(Choice(song.id, song.title, song.artist or "") for song in line.songs.values())
    match kind.what:
        case spec.SONG_ID.what:
            return songs
        case spec.TARGET.what:
            cues = (cue for scene in line.scenes for cue in scene.cues if cue.id)
            named = tuple(Choice(cue.id or "", "", f"a cue of {cue.scene}") for cue in cues)
            return (Choice("all", "", "everything that sounds"), *songs, *named)
        case spec.UNTIL.what:
            scenes = tuple(Choice(scene.id, scene.title) for scene in line.scenes)
            return (Choice("scene", "", "it leaves with its scene"), Choice("end", "", "it plays to its end"), *scenes)
        case spec.OUTPUT.what:
            return tuple(Choice(name) for name in line.outputs)
        case spec.SET_ID.what:
            return tuple(Choice(made.id, made.title or "", made.place or "") for made in line.sets)
    return _WORDS.get(kind.what, ())


def found(known: Iterable[Choice], text: str) -> tuple[Choice, ...]:
    """The choices that have all the words; those whose id or title begins so come first."""
    words = folded(text).split()
    hits: list[tuple[int, Choice]] = []
    for each in known:
        names = (folded(each.value), folded(each.title))
        whole = " ".join((*names, folded(each.aside)))
        if all(word in whole for word in words):
            begins = bool(words) and any(name.startswith(words[0]) for name in names)
            hits.append((not begins, each))
    return tuple(each for _, each in sorted(hits, key=lambda hit: hit[0]))
