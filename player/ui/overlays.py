"""What may lie over the screen: help, a question, or a picker, which is a field with a list under it. Pure
values.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal, NamedTuple, Union

from msgspec import Struct
from msgspec.structs import replace

from player.commands import COMMANDS, Bindings, shown
from player.plan import Plan
from player.show import Show
from player.ui import evening, facts
from player.ui.fields import BLANK, Field
from player.ui.form import Clashes, Form, Line, Offer
from player.ui.links import Links, offered
from player.ui.text import folded
from timeline import times

if TYPE_CHECKING:
    from player.media.catalogue import Recording

MOST: Final = 200  # items of a list nobody scrolls further in
Mode = Literal["palette", "goto", "number", "open", "problems", "find", "add", "folder", "link", "finish"]

PROMPTS: Final[dict[str, str]] = {
    "palette": "/",
    "goto": "GO TO",
    "number": "GO TO",
    "open": "OPEN",
    "problems": "PROBLEMS",
    "find": "FIND",
    "add": "ADD",
    "finish": "FINISH BY",
    "folder": "ADD MUSIC",
    "link": "PLAY",
}
EMPTY: Final[dict[str, str]] = {
    "palette": "Nothing is called so.",
    "goto": "No scene has these words, or that number or film time.",
    "number": "No cue or scene has this number.",
    "open": "No timeline (.yaml) or folder begins so.",
    "problems": "Nothing in the file has these words.",
    "find": "Nothing has these words.",
    "add": "Type the title of a song.",
    "finish": "Write a time of day, like 22:00.",
    "folder": "No folder begins so.",
    "link": "Nothing in your library has these words.",
}
ASIDE: Final[dict[str, str]] = {
    "palette": "commands, scenes, songs",
    "goto": "a scene, words, or a film time like 0:24:00",
    "number": "Enter moves standby",
    "open": "a path; Tab completes",
    "problems": "Enter opens the line in your editor",
    "find": "words of titles, songs, people, notes",
    "add": "a song, a new song's title, or stop, fade, say",
    "finish": "a time of day, like 22:00",
    "folder": "a folder; Tab completes",
    "link": "words to search your library for, or a path",
}


class Item(NamedTuple):
    """A line of a picker: what it says, and what choosing it does.

    what: "step" (value: its index), "command" (its id), "path" (a file to open), "into" (a path to type on),
    "line" (`12:5` of the file), "add" (verb and value of a new cue, with a colon between), "scan" (a folder to add to
    the library), "music" (a recording to play), "answer" (what else can be done about a song).
    """

    what: str
    value: int | str
    icon: str
    number: str
    title: str
    detail: str = ""
    caps: tuple[str, ...] = ()
    lit: bool = True


class Help(Struct, frozen=True):
    """The keys. `page` counts from 0 where they need more than one."""

    page: int = 0


class Figures(Struct, frozen=True):
    """What the engine tells of itself, in the place of the list."""


class Ask(Struct, frozen=True):
    """Really quit, or open another file, while something plays or edits are not saved?"""

    path: str = ""  # the file to open; "" to quit
    unsaved: int = 0


class Picker(Struct, frozen=True):
    mode: Mode
    field: Field = BLANK
    items: tuple[Item, ...] = ()
    chosen: int = 0
    about: str = ""  # the song that a recording is looked for

    @property
    def choice(self) -> Item | None:
        return self.items[self.chosen] if 0 <= self.chosen < len(self.items) else None


Overlay = Union[Help, Figures, Ask, Picker, Line, Form, Clashes, Offer, Links]  # noqa: UP007  (a type at run time, on Python 3.10 too)


def moved(picker: Picker, by: int) -> Picker:
    """The choice `by` lines further, within the list."""
    return replace(picker, chosen=min(max(picker.chosen + by, 0), max(0, len(picker.items) - 1)))


def found(picker: Picker, show: Show, keys: Bindings, files: Callable[[Picker], tuple[Item, ...]]) -> Picker:
    """The picker with the items that its text finds. `files` lists what is not in the show: files and recordings."""
    query = picker.field.text.strip()
    match picker.mode:
        case "palette":
            named, mentioned = steps(show.plan, query) if query else ((), ())
            items = _begun((*named, *commands(show, keys, query), *sets(show.plan, query), *mentioned), query)
        case "goto":
            named, mentioned = steps(show.plan, query)
            items = (*at_time(show.plan, query), *called(show.plan, query), *named, *mentioned)
            first = {item.value: item for item in reversed(items)}  # a step is listed once, where it is found first
            items = tuple(first[value] for value in dict.fromkeys(item.value for item in items))
        case "find":
            named, mentioned = steps(show.plan, query)
            items = (*named, *mentioned)
        case "add":
            items = addable(show.plan, query)
        case "finish":
            items = finishes(query)
        case "number":
            items = numbered(show.plan, query)
        case "open" | "folder" | "link":
            items = files(picker)
        case "problems":
            items = problems(show.plan, query)
    return replace(picker, items=items[:MOST], chosen=0)


# ---- words


def _rank(words: list[str], fields: tuple[str, ...]) -> int | None:
    """How well `words` are found in `fields`, the weightier ones first; less is better, None: not all are
    there.
    """
    worst = 0
    for word in words:
        best = None
        for weight, field in enumerate(fields):
            at = field.find(word)
            if at >= 0:
                begins = at == 0 or not field[at - 1].isalnum()
                best = weight * 2 + (0 if begins else 1)
                break
        if best is None:
            return None
        worst += best
    return worst


class _Index:
    """The words of every step of a plan, folded; made at the first search."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.fields = [self._fields(plan, index) for index in range(len(plan.steps))]

    @staticmethod
    def _fields(plan: Plan, index: int) -> tuple[str, ...]:
        row, scene = facts.row(plan, index), plan.scene(index)
        own = (part for cue in plan.steps[index].cues for part in (cue.id or "", cue.note or ""))
        rest = " ".join((scene.id, scene.place or "", *scene.people, scene.note or "", *own))
        return tuple(folded(each) for each in (row.number, row.title, row.song, row.artist, rest))


_last: list[_Index] = []


def _index(plan: Plan) -> _Index:
    if not _last or _last[0].plan is not plan:
        _last[:] = [_Index(plan)]
    return _last[0]


def steps(plan: Plan, query: str) -> tuple[tuple[Item, ...], tuple[Item, ...]]:
    """The steps that have all the words, the best first: in number, title or song; and those that have them
    elsewhere. All of them for no words."""
    words = folded(query).split()
    ranked = [
        (rank, index) for index, fields in enumerate(_index(plan).fields) if (rank := _rank(words, fields)) is not None
    ]
    best = sorted(ranked)[:MOST]
    named = tuple(_step(plan, index) for rank, index in best if rank < 6)
    return named, tuple(_step(plan, index) for rank, index in best if rank >= 6)


def _step(plan: Plan, index: int) -> Item:
    row = facts.row(plan, index)
    return Item("step", index, "diamond", row.number, row.title, row.song or row.others)


def commands(show: Show, keys: Bindings, query: str) -> tuple[Item, ...]:
    """The commands that have all the words; those that make no sense now come last and are dim."""
    words = folded(query).split()
    hits = [
        (not command.enabled(show), rank, place, command)
        for place, command in enumerate(COMMANDS)
        if (rank := _rank(words, (folded(command.title), folded(f"{command.id} {command.group}")))) is not None
    ]
    return tuple(
        Item(
            "command", command.id, "chevron", "", command.title,
            "locked" if command.edits and show.locked else "", shown(facts.caps(keys, command.id)), not dim,
        )
        for dim, _, _, command in sorted(hits, key=lambda hit: hit[:3])
    )  # fmt: skip


def sets(plan: Plan, query: str) -> tuple[Item, ...]:
    """The sets of the file that have all the words, and the film; not the one that is shown."""
    words = folded(query).split()
    titles = [(one.id, one.title or one.id) for one in plan.file.sets if one.songs]
    titles += [("", plan.file.film.title or plan.name)] if plan.file.scenes else []
    return tuple(
        Item("set", name, "card", "", f"Set: {title}" if name else f"Film: {title}")
        for name, title in titles
        if name != (plan.set_id or "")
        and _rank(words, (folded(f"{'set' if name else 'film'} {title} {name}"),)) is not None
    )


def finishes(query: str) -> tuple[Item, ...]:
    """The time of day that is typed; for no text, the way to have none."""
    if not query:
        return (Item("finish", -1, "circle", "", "No planned end"),)
    at = evening.time_of_day(query)
    return () if at is None else (Item("finish", at, "clock", "", f"Finish by {evening.wall(at)}"),)


def _begun(items: tuple[Item, ...], query: str) -> tuple[Item, ...]:
    """Items whose title begins with the query first, each part in its order; a dim command never jumps ahead."""
    start = folded(query)
    return tuple(sorted(items, key=lambda item: not (start and item.lit and folded(item.title).startswith(start))))


_VERBS: Final = (
    ("stop", "all", "Stop what sounds"),
    ("fade", "all", "Fade what sounds to a level"),
    ("pause", "all", "Pause what sounds"),
    ("resume", "all", "Resume what is paused"),
)


def addable(plan: Plan, query: str) -> tuple[Item, ...]:
    """What a new cue can be: a song of the timeline, a new one of this title, another verb."""
    words = folded(query).split()
    songs = [
        (not folded(song.title).startswith(folded(query)), place, song)
        for place, song in enumerate(plan.timeline.songs.values())
        if _rank(words, (folded(song.title), folded(song.artist or ""), folded(song.id))) is not None
    ]
    found = [Item("add", f"song:{s.id}", "play", "", s.title, s.artist or "") for *_, s in sorted(songs, key=_place)]
    if query and not any(folded(item.title) == folded(query) for item in found):
        found.append(Item("add", f"new:{query}", "pen", "", f"New song: {query}"))
    if query:
        found.append(Item("add", f"say:{query}", "card", "", f"Say: {query}", "to the operator, for one GO"))
    verbs = [each for each in _VERBS if _rank(words, (folded(f"{each[0]} {each[2]}"),)) is not None]
    begun = [each for each in verbs if query and each[0].startswith(folded(query))]
    items = [Item("add", f"{verb}:{value}", "chevron", "", title) for verb, value, title in verbs]
    return tuple((*items, *found) if begun else (*found, *items))


def _place(hit: tuple[bool, int, object]) -> tuple[bool, int]:
    return hit[:2]


def numbered(plan: Plan, query: str) -> tuple[Item, ...]:
    """The step of exactly this number, then those whose number begins with it."""
    if not query:
        return ()
    wanted = query.casefold()
    numbers = [plan.number(index).casefold() for index in range(len(plan.steps))]
    exact = [index for index, number in enumerate(numbers) if number == wanted]
    named = plan.find(query)
    others = [index for index, number in enumerate(numbers) if number.startswith(wanted) and number != wanted]
    order = dict.fromkeys([*exact, *([named] if named is not None else []), *others])
    return tuple(_step(plan, index) for index in list(order)[:MOST])


def called(plan: Plan, query: str) -> tuple[Item, ...]:
    """The steps of exactly this number or id, that of a cue or of its scene."""
    if not query:
        return ()
    wanted = query.casefold()
    exact = [index for index in range(len(plan.steps)) if plan.number(index).casefold() == wanted]
    named = plan.find(query)
    return tuple(_step(plan, index) for index in dict.fromkeys([*exact, *([] if named is None else [named])]))


def at_time(plan: Plan, query: str) -> tuple[Item, ...]:
    """The first step of the scene that a film time falls into."""
    if ":" not in query and not query.endswith(("s", "m", "h")):
        return ()
    film = plan.timeline.film
    try:
        when = times.moment(query)
        at = times.moment_seconds(when, times.RATES.get(film.fps or ""), film.start or Fraction(0))
    except times.Refusal:
        return ()
    starts = [(scene.at.seconds, -i) for i, scene in enumerate(plan.timeline.scenes) if scene.at is not None]
    passed = [start for start in starts if start[0] <= at]
    if when.sign or not passed:
        return ()
    scene = -max(passed)[1]
    step = next(index for index, each in enumerate(plan.steps) if each.scene == scene)
    item = _step(plan, step)._replace(what="time", value=f"{step} {at}")
    return (item._replace(icon="clock", detail=f"on screen at {facts.film_time(plan.timeline.scenes[scene].at)}"),)


def problems(plan: Plan, query: str) -> tuple[Item, ...]:
    """What is wrong with the file, errors first, as it stands in the file."""
    words = folded(query).split()
    order = {"error": 0, "warning": 1, "note": 2}
    listed = sorted(plan.problems, key=lambda problem: (order[problem.severity], problem.span.start))
    return tuple(
        Item(
            "line",
            f"{each.span.line}:{each.span.column}",
            "alert" if each.severity == "error" else "dot",
            f"{each.span.line}:{each.span.column}",
            each.message,
            each.hint or "",
        )
        for each in listed
        if _rank(words, (folded(f"{each.span.line}:{each.span.column} {each.message} {each.code}"),)) is not None
    )


# ---- paths


def files(typed: str, recent: Iterable[Path], home: Path, base: Path) -> tuple[Item, ...]:
    """What a typed path could go on with: the files opened last for no text, else folders and timelines."""
    if not typed.strip():
        known = [Item("path", str(path), "file", "", path.name, _short(path.parent, home)) for path in recent]
        return (*known, *_listed(base, "", home))
    try:
        path = Path(typed).expanduser() if typed.startswith("~") else base / typed
    except RuntimeError:  # nobody is called so
        return ()
    folder, start = (path, "") if typed.endswith(("/", "\\")) or typed in ("~", ".", "..") else (path.parent, path.name)
    return _listed(folder, start, home)


def folders(typed: str, known: Iterable[str], home: Path) -> tuple[Item, ...]:
    """Folders to take music from: for no text those that were added before, else the one typed and those in it."""
    if not typed.strip():
        again = [Item("scan", "", "auto", "", "All folders that were added before")] if known else []
        usual = [path for path in (home / "Music", home) if path.is_dir()]
        return (*again, *(Item("into", f"{path}/", "folder", "", _short(path, home)) for path in usual))
    try:
        path = Path(typed).expanduser() if typed.startswith("~") else home / typed
    except RuntimeError:  # nobody is called so
        return ()
    whole = path.is_dir() and (typed.endswith(("/", "\\")) or typed in ("~", ".", ".."))
    inside = _listed(path, "", home) if whole else _listed(path.parent, path.name, home)
    here = [Item("scan", str(path), "check", "", f"Add {_short(path, home)}", "and all below it")] if whole else []
    return (*here, *(item for item in inside if item.what == "into"))


def recordings(typed: str, found: Iterable[Recording], home: Path, base: Path) -> tuple[Item, ...]:
    """What a song can play: recordings that were found, a path; for no text also what else can be done about it."""
    items = []
    for recording in found:
        each = offered(recording)
        about = each.about or _short(Path(each.path).parent, home)
        items.append(Item("music", each.path, "disc", "", each.title, about))
    if not typed.strip():
        return (
            *items,
            Item("answer", "link-none", "mute", "", "No recording of your library"),
            Item("answer", "link-again", "auto", "", "As it is found by itself"),
        )
    if not any(sign in typed for sign in "/\\~"):
        return tuple(items)
    try:
        path = Path(typed).expanduser() if typed.startswith("~") else base / typed
        whole = path.is_dir()
        inside = sorted((path if whole else path.parent).iterdir(), key=lambda each: each.name.casefold())
    except (OSError, ValueError, RuntimeError):
        return tuple(items)
    start = "" if whole else folded(path.name)
    near = [each for each in inside[:5000] if folded(each.name).startswith(start) and not each.name.startswith(".")]
    files = [each for each in near if not each.is_dir()]
    return (
        *(Item("music", str(each), "disc", "", each.name, _short(each.parent, home)) for each in files),
        *(Item("into", f"{each}/", "folder", "", f"{each.name}/", "") for each in near if each not in files),
        *items,
    )


def _listed(folder: Path, start: str, home: Path) -> tuple[Item, ...]:
    """Folders and timelines of a folder whose names begin with `start`; hidden ones only if that is typed."""
    try:
        entries = sorted(folder.iterdir(), key=lambda path: path.name.casefold())[:5000]
    except (OSError, ValueError):
        return ()
    wanted = folded(start)
    shown = [path for path in entries if folded(path.name).startswith(wanted)]
    shown = [path for path in shown if not path.name.startswith(".") or start.startswith(".")]
    timelines = [path for path in shown if path.suffix.lower() in (".yaml", ".yml") and not path.is_dir()]
    folders = [path for path in shown if path.is_dir()]
    return (
        *(Item("path", str(path), "file", "", path.name, _short(path.parent, home)) for path in timelines[:MOST]),
        *(
            Item("into", f"{path}/", "folder", "", path.name + "/", _short(path.parent, home))
            for path in folders[:MOST]
        ),
    )


def _short(path: Path, home: Path) -> str:
    try:
        return str(Path("~") / path.relative_to(home)) if path != home else "~"
    except ValueError:
        return str(path)
