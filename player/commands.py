"""Every command, once: its id, its title, its keys, what it does.

Keys, help, palette, text mode and docs/keys.md all read this table. A new key is one row here.
Strokes are written as on the keycap: `Space`, `Esc`, `Up`, `PgDn`, `Shift+Left`, `Ctrl+P`, `F11`, `?`, `+`;
letters in upper case stand for the key, not for the character.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import TYPE_CHECKING, Final

from msgspec import Struct, field

from player.actions import (
    Action,
    FadeOut,
    Go,
    LeaveLoops,
    LevelBy,
    Lock,
    MoveStandby,
    Mute,
    NudgeFilm,
    Panic,
    Pause,
    Preview,
    Repeat,
    RollFilm,
    SeekBy,
    Standby,
    StandbyAtFilm,
    StopAfter,
    StopNow,
    TakeUp,
    TapFilm,
    UndoGo,
)

if TYPE_CHECKING:
    from player.show import Show

FAR: Final = 1_000_000  # more steps than any film has: standby stops at END


def _always(show: Show) -> bool:
    return True


def _sounds(show: Show) -> bool:
    return bool(show.sounding)


def _fired(show: Show) -> bool:
    return bool(show.history)


def _offered(show: Show) -> bool:
    return show.offered is not None


def _loops(show: Show) -> bool:
    return any(each.region and not each.unlooped for each in show.sounding)


def _rolling(show: Show) -> bool:
    return show.reel is not None


def _of_film(show: Show) -> bool:
    return show.plan.set_id is None


def _has_sets(show: Show) -> bool:
    return bool(show.plan.file.sets)


def _in_set(show: Show) -> bool:
    return show.plan.set_id is not None


def _was_fired(show: Show) -> bool:
    return show.fired is not None


def _before_end(show: Show) -> bool:
    return show.standby < len(show.plan.steps)


class Command(Struct, frozen=True):
    """One thing a person can ask for.

    run: an action for the show, or the name of an intent that belongs to the screen.
    edits: it changes the file or the settings, or takes another file; the lock stops it.
    repeat: a held key does it again and again. words: what text mode calls it.
    hint: one or two words for the line of keys at the foot of the screen.
    """

    id: str
    title: str
    keys: tuple[str, ...]
    group: str
    run: Action | str
    hint: str = ""
    enabled: Callable[[Show], bool] = _always
    edits: bool = False
    repeat: bool = False
    words: tuple[str, ...] = ()


RUN: Final = "Run the show"
STANDBY: Final = "Standby"
FILM: Final = "Film clock"
SOUND: Final = "Sound"
WRITE: Final = "Write the timeline"
SCREEN: Final = "Screen and file"
HALL: Final = "Audience screen"
SET: Final = "A set"
GROUPS: Final = (RUN, STANDBY, SET, FILM, SOUND, WRITE, HALL, SCREEN)

COMMANDS: Final[tuple[Command, ...]] = (
    Command("go", "GO: fire standby, move on", ("Space",), RUN, Go(), "go", _before_end, words=("go",)),
    Command(
        "go-restore",
        "GO with what should sound",
        ("Shift+Space",),
        RUN,
        Go(restore=True),
        "",
        _before_end,
        words=("go there",),
    ),
    Command("panic", "Fade everything out over 2 s", ("Esc",), RUN, Panic(), "fade all", words=("panic",)),
    Command("stop", "Stop everything now", ("Esc Esc",), RUN, StopNow(), words=("stop",)),
    Command("pause", "Pause or resume everything", ("P",), RUN, Pause(), "pause", words=("pause",)),
    Command("fade", "Fade out the target song", ("F",), RUN, FadeOut(), "fade out", _sounds, words=("fade",)),
    Command(
        "preview",
        "Preview the standby song",
        ("V",),
        RUN,
        Preview(),
        "preview",
        _before_end,
        words=("preview",),
    ),
    Command("undo-go", "Take back the last GO", ("Ctrl+Backspace",), RUN, UndoGo(), "", _fired, words=("undo",)),
    Command("take-up", "Resume where the last run broke off", (), RUN, TakeUp(), "", _offered),
    Command("leave", "Leave loops at their end", ("D",), RUN, LeaveLoops(), "", _loops, words=("leave",)),
    Command("up", "Standby one up", ("Up",), STANDBY, MoveStandby(-1), "standby", repeat=True, words=("up",)),
    Command("down", "Standby one down", ("Down",), STANDBY, MoveStandby(1), repeat=True, words=("down",)),
    Command("page-up", "Standby ten up", ("PgUp",), STANDBY, MoveStandby(-10), repeat=True),
    Command("page-down", "Standby ten down", ("PgDn",), STANDBY, MoveStandby(10), repeat=True),
    Command("first", "Standby to the first step", ("Home",), STANDBY, Standby(0), words=("first",)),
    Command("last", "Standby to END", ("End",), STANDBY, MoveStandby(FAR)),
    Command("number", "Go to a number: type it, Enter", tuple("0123456789"), STANDBY, "number"),
    Command("set", "Film or set", ("Tab",), SET, "set", "film or set", _has_sets, words=("set",)),
    Command("repeat", "Repeat this song when it ends", ("R",), SET, Repeat(), "repeat", _was_fired, words=("repeat",)),
    Command(
        "stop-after", "Stop after this song", ("S",), SET, StopAfter(), "stop after", _sounds, words=("stop-after",)
    ),
    Command("finish", "Finish by a time of day", ("W",), SET, "finish", "", _in_set),
    Command("goto", "Go to a scene, words or film time", ("G",), STANDBY, "goto", "go to"),
    Command("film", "Film clock: run or stop", ("C",), FILM, RollFilm(), "film", _of_film, words=("film",)),
    Command(
        "film-back",
        "Film clock 0.1 s back",
        ("Alt+Left",),
        FILM,
        NudgeFilm(Fraction(-1, 10)),
        "",
        _rolling,
        repeat=True,
    ),
    Command(
        "film-on",
        "Film clock 0.1 s on",
        ("Alt+Right",),
        FILM,
        NudgeFilm(Fraction(1, 10)),
        "",
        _rolling,
        repeat=True,
    ),
    Command("film-here", "Film clock to this scene's time", ("Shift+T",), FILM, TapFilm(), "", _of_film),
    Command("film-standby", "Standby to the scene at the film clock", ("N",), FILM, StandbyAtFilm(), "", _rolling),
    Command(
        "back",
        "Seek the target song 5 s back",
        ("Left",),
        SOUND,
        SeekBy(Fraction(-5)),
        "seek 5 s",
        _sounds,
        repeat=True,
    ),
    Command(
        "forward",
        "Seek the target song 5 s on",
        ("Right",),
        SOUND,
        SeekBy(Fraction(5)),
        "",
        _sounds,
        repeat=True,
    ),
    Command("back-1", "Seek 1 s back", ("Shift+Left",), SOUND, SeekBy(Fraction(-1)), "", _sounds, repeat=True),
    Command("forward-1", "Seek 1 s on", ("Shift+Right",), SOUND, SeekBy(Fraction(1)), "", _sounds, repeat=True),
    Command("softer", "Master level 1 dB down", ("-",), SOUND, LevelBy(-1.0), "level", repeat=True),
    Command("louder", "Master level 1 dB up", ("+",), SOUND, LevelBy(1.0), repeat=True),
    Command("mute", "Mute or unmute", ("X",), SOUND, Mute(), "mute", words=("mute",)),
    Command("links", "What each song plays", ("M",), SOUND, "links"),
    Command("library-add", "Add a folder of music", (), SOUND, "library-add", edits=True),
    Command("library-again", "Look through your music again", (), SOUND, "library-again", edits=True),
    Command("library-stop", "Stop adding music", (), SOUND, "library-stop"),
    Command("write-note", "Edit the note in place", ("Enter",), WRITE, "write-note", "note", edits=True),
    Command("write-title", "Edit the title in place", ("F2",), WRITE, "write-title", edits=True),
    Command("write-fields", "Edit every field of cue and scene", ("E",), WRITE, "write-fields", "edit", edits=True),
    Command("write-song", "Edit the standby song", (), WRITE, "write-song", edits=True),
    Command("write-film", "Edit the film", (), WRITE, "write-film", edits=True),
    Command("write-defaults", "Edit what cues take by default", (), WRITE, "write-defaults", edits=True),
    Command("write-add", "Add a cue", ("A",), WRITE, "write-add", edits=True),
    Command("write-scene", "Add a scene", ("Shift+A",), WRITE, "write-scene", edits=True),
    Command("write-remove", "Remove the cue or empty scene", ("Delete",), WRITE, "write-remove", edits=True),
    Command("write-up", "Move the cue or scene up", ("Alt+Up",), WRITE, "write-up", edits=True),
    Command("write-down", "Move the cue or scene down", ("Alt+Down",), WRITE, "write-down", edits=True),
    Command("write-copy", "Copy as YAML", ("Ctrl+C",), WRITE, "write-copy"),
    Command("write-cut", "Cut as YAML", ("Ctrl+X",), WRITE, "write-cut", edits=True),
    Command("write-paste", "Paste a cue or scene", ("Ctrl+V",), WRITE, "write-paste", edits=True),
    Command("write-from", "The song begins where it plays now", ("I",), WRITE, "write-from", "", _sounds, edits=True),
    Command("write-to", "The song ends where it plays now", ("O",), WRITE, "write-to", "", _sounds, edits=True),
    Command("hear-from", "Hear the song's beginning", ("Alt+I",), WRITE, "hear-from"),
    Command("hear-to", "Hear the song's end", ("Alt+O",), WRITE, "hear-to"),
    Command(
        "write-louder",
        "Gain of the target song 0.5 dB up",
        ("Shift+Up",),
        WRITE,
        "write-louder",
        edits=True,
        repeat=True,
    ),
    Command(
        "write-softer",
        "Gain of the target song 0.5 dB down",
        ("Shift+Down",),
        WRITE,
        "write-softer",
        edits=True,
        repeat=True,
    ),
    Command("write-time", "Film time from the film clock", ("T",), WRITE, "write-time", "", _rolling, edits=True),
    Command("write-levels", "Match all levels: one loudness", (), WRITE, "levels", edits=True),
    Command("write-undo", "Undo the last edit", ("Ctrl+Z",), WRITE, "write-undo", edits=True),
    Command("write-redo", "Do it again", ("Ctrl+Y", "Ctrl+Shift+Z"), WRITE, "write-redo", edits=True),
    Command("write-save", "Save the timeline", ("Ctrl+S",), WRITE, "write-save", "save", edits=True),
    Command("find", "Find words, notes too", ("Ctrl+F",), STANDBY, "find"),
    Command("commands", "All commands and scenes", ("/", "Ctrl+P"), SCREEN, "palette", "commands"),
    Command("help", "These keys", ("?",), SCREEN, "help", "keys", words=("help",)),
    Command("lock", "Lock or unlock file and settings", ("L",), SCREEN, Lock(), "lock", words=("lock",)),
    Command("planned", "List: film time or planned clock time", (), SCREEN, "planned"),
    Command("figures", "Engine figures: load, device", ("F10",), SCREEN, "figures"),
    Command("audience", "Audience screen: open or close", ("F9",), HALL, "audience"),
    Command("audience-reveal", "Reveal or hide the song", ("F8",), HALL, "audience-reveal"),
    Command("audience-guess", "Guess the song: hide it at first", ("Shift+F9",), HALL, "audience-guess"),
    Command("audience-hold", "Spoiler hold: nothing before its GO", ("Ctrl+F9",), HALL, "audience-hold"),
    Command("audience-black", "Black, or back", ("Shift+F8",), HALL, "audience-black"),
    Command("audience-film", "The film's picture, or the titles", ("Ctrl+F8",), HALL, "audience-film"),
    Command("full-screen", "Full screen or window", ("F11",), SCREEN, "full-screen"),
    Command("bigger", "Bigger text", ("Ctrl++",), SCREEN, "text-bigger", repeat=True),
    Command("smaller", "Smaller text", ("Ctrl+-",), SCREEN, "text-smaller", repeat=True),
    Command("text-reset", "Text size of the settings", ("Ctrl+0",), SCREEN, "text-reset"),
    Command("open", "Open a timeline", ("Ctrl+O",), SCREEN, "open", "open", edits=True),
    Command("edit", "Open this line in your editor", ("F4",), SCREEN, "edit", "edit", edits=True),
    Command("problems", "What is wrong with the file", (), SCREEN, "problems"),
    Command("quit", "Quit; asks before anything is lost", ("Ctrl+Q",), SCREEN, "quit", "quit", words=("quit",)),
)

_BY_ID: Final = {command.id: command for command in COMMANDS}


def by_id(name: str) -> Command:
    """The command of this id. Raises KeyError."""
    return _BY_ID[name]


# ---- strokes

_NAMED: Final = {
    name.lower(): name
    for name in (
        "Space", "Esc", "Enter", "Tab", "Backspace", "Delete", "Insert", "Up", "Down", "Left", "Right",
        "Home", "End", "PgUp", "PgDn", "Pause", "Menu",
        *(f"F{n}" for n in range(1, 25)),
    )
}  # fmt: skip
_ALSO: Final = {"escape": "Esc", "return": "Enter", "pageup": "PgUp", "pagedown": "PgDn", "del": "Delete"}
_MODIFIERS: Final = ("Ctrl", "Alt", "Shift")


def stroke(text: str) -> str | None:
    """One stroke in the table's spelling, or None where `text` names none. `ctrl+p` becomes `Ctrl+P`."""
    rest, held = text.strip(), set[str]()
    while True:
        head, plus, tail = rest.partition("+")
        if not plus or not tail or head.capitalize() not in _MODIFIERS:
            break
        held.add(head.capitalize())
        rest = tail
    name = _key(rest)
    if name is None or (len(name) == 1 and not name.isalnum() and "Shift" in held):
        return None  # a symbol is already what Shift makes of its key
    return "+".join([*(each for each in _MODIFIERS if each in held), name])


def _key(text: str) -> str | None:
    named = text.lower()
    if named in _NAMED or named in _ALSO:
        return _NAMED.get(named) or _ALSO[named]
    if len(text) != 1 or not text.isprintable() or text.isspace():
        return None
    return text.upper() if text.isascii() and text.isalpha() else text


class Bindings(Struct, frozen=True):
    """Which stroke runs which command, and which strokes a command has, in order of preference."""

    commands: Mapping[str, Command] = field(default_factory=dict)
    strokes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def command(self, stroke: str) -> Command | None:
        """The command this stroke runs."""
        return self.commands.get(stroke)

    def keys(self, name: str) -> tuple[str, ...]:
        """The strokes of the command with this id, () for none."""
        return self.strokes.get(name, ())


def bindings(own: Mapping[str, tuple[str, ...]] | None = None) -> tuple[Bindings, tuple[str, ...]]:
    """The table's keys with a person's `own` (command id -> strokes) in place of them, and what is wrong
    there.

    A stroke that a person gives to one command is taken from the command that has it by default.
    GO and panic always keep a key: one that is left without gets its own back.
    """
    chosen, problems = _chosen(own or {})
    taken = {each for strokes in chosen.values() for each in strokes}
    strokes = {
        command.id: chosen.get(command.id) or tuple(key for key in command.keys if key not in taken)
        for command in COMMANDS
    }
    for name in ("go", "panic"):
        if not strokes[name]:
            problems.append(f"keys: {name} has no key left; it keeps {by_id(name).keys[0]}")
            strokes[name] = by_id(name).keys
    strokes["stop"] = tuple(f"{key} {key}" for key in strokes["panic"])
    commands = {key: _BY_ID[name] for name, keys in strokes.items() for key in keys if " " not in key}
    for name in ("go", "panic"):
        commands.update(dict.fromkeys(strokes[name], _BY_ID[name]))
    return Bindings(commands, strokes), tuple(problems)


def _chosen(own: Mapping[str, tuple[str, ...]]) -> tuple[dict[str, tuple[str, ...]], list[str]]:
    chosen: dict[str, tuple[str, ...]] = {}
    problems: list[str] = []
    owner: dict[str, str] = {}
    for name, texts in own.items():
        if name not in _BY_ID or name == "stop":
            problems.append(f'keys: no command is called "{name}"; docs/keys.md lists them')
            continue
        good: list[str] = []
        for text in texts:
            key = stroke(text)
            if key is None:
                problems.append(f'keys: {name}: "{text}" is no key; write it like Space, F5, Ctrl+P')
            elif owner.setdefault(key, name) != name:
                problems.append(f"keys: {key} is given to {owner[key]} and to {name}; {owner[key]} keeps it")
            else:
                good.append(key)
        if good:
            chosen[name] = tuple(dict.fromkeys(good))
    return chosen, problems


DEFAULT: Final = bindings()[0]


def by_key(key: str, keys: Bindings = DEFAULT) -> Command | None:
    """The command this stroke runs."""
    return keys.command(key)


_SHOWN: Final = {"Up": "↑", "Down": "↓", "Left": "←", "Right": "→", "-": "−"}


def shown(key: str) -> tuple[str, ...]:
    """The keycaps of a stroke, as a person reads them: `Shift+Left` is ("Shift", "←")."""
    return tuple(_SHOWN.get(part, part) for each in key.split(" ") for part in re.split(r"(?<=.)\+(?=.)", each))


# ---- docs/keys.md

_OPENING: Final = """\
# Keys

This page is written from the table in `player/commands.py`; the help overlay (`?`) and the palette (`/`)
read the same table. Every key can be given to another command in the settings file (see
[settings](settings.md)): the id in the last column is the name to use there.

- A held key fires GO once. A second GO within 250 ms of show time is ignored, and the NEXT panel flashes.
- Esc closes an open field or overlay first; with none open it fades everything out over 2 s, and a second Esc
  within those 2 s stops everything at once.
- While a field is open, keys type. Help and the question before quitting are no fields: Space is GO there
  too, and closes them, so that a late look at the keys never costs a cue. Enter never fires sound. The engine
  figures stand in the place of the list and leave every other key as it is.
- Letters act by their Latin name, and by the place of the key on a layout that has no Latin letters; `?`,
  `/`, `+`, `-` and the digits act by the character they type.
- Arrows and the keys of level and seek repeat while they are held.
- The lock stops what changes the file or the settings, or takes another file (marked "locked" below);
  transport, standby, levels, help and quit always work.
- What is written here changes a draft at once, and the file when it is saved; unsaved edits are counted at the
  foot of the screen. No key that starts or stops a cue also edits. "The cue" is the first one of the standby
  row; a row without cues means its scene.
- In a field: arrows, Home and End, Ctrl with arrows for words, Shift to select, Ctrl A C X V, Ctrl Z and Y word by
  word; Enter keeps, Esc leaves it as it was; in a note Shift Enter begins a new line. In the form of all fields
  Tab, ↑ and ↓ go on and keep what was typed, Alt ↓ opens a field's list, Ctrl PgUp and PgDn show the scene, its
  other cues, their songs, the film and the defaults, Ctrl Enter keeps and closes, Ctrl Z takes back what is typed,
  else the last edit.
- The target song is the one sounding in the standby row, else the song started last.
- The mouse: a click on a row moves standby there, a click on NEXT is GO, a drag on the waveform seeks where
  it ends, the wheel scrolls the list, and the keys at the foot of the screen can be clicked. A double click on a row
  opens its fields; in a field a press places the caret, a drag selects, two presses take the word, three all.
"""


def keycaps(command: Command, keys: Bindings = DEFAULT) -> str:
    """The keys of a command in one line of plain text."""
    if command.id == "number" and keys.keys("number") == command.keys:
        return "0 … 9"
    spoken = [" ".join("+".join(shown(part)) for part in key.split(" ")) for key in keys.keys(command.id)]
    return ", ".join(spoken)


def docs() -> str:
    """docs/keys.md, whole."""
    lines = [_OPENING]
    for group in GROUPS:
        lines += [f"## {group}", "", "| key | does | while locked | id |", "|---|---|---|---|"]
        for command in COMMANDS:
            if command.group == group:
                keys = ", ".join(f"`{key}`" for key in keycaps(command).split(", ") if key) or "(in the palette)"
                lines.append(f"| {keys} | {command.title} | {'locked' if command.edits else ''} | `{command.id}` |")
        lines.append("")
    return "\n".join(lines).rstrip("\n") + "\n"
