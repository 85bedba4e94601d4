"""The person's settings: one TOML file, one table of what may stand in it, and the files opened last.

The file is only ever read: a person writes it by hand. Nothing in it can stop a show: what is wrong is
one line, and the default stands.
"""

from __future__ import annotations

import contextlib
import json
import math
import os
import re
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from msgspec import Struct, field
from msgspec.structs import replace

from player import commands, watch
from player.devices.buffers import BUFFERS, Buffer
from player.host.wanted import LOSSES, MOST_CHANNELS, Loss, Patch, Wanted
from timeline.model import Timeline
from timeline.outputs import MAIN, heard_on, used

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

RECENT: Final = 10  # files remembered


class Setting(Struct, frozen=True):
    """One name in the file. `low` and `high` bound a number, ends included. colour: a text like `#f5f0e8`."""

    name: str
    default: bool | int | str
    help: str
    low: int = 0
    high: int = 0
    choices: tuple[str, ...] = ()
    colour: bool = False


SETTINGS: Final[tuple[Setting, ...]] = (
    Setting("text", 100, "Size of all text, in per cent.", 80, 150),
    Setting("full-screen", False, "Start in full screen."),
    Setting("locked", False, "Start with the lock on."),
    Setting("reduced-motion", False, "No sweep in the ring, no falling peaks, ten pictures a second."),
    Setting("device", "", "Sound device to prefer: a part of its name. Empty: the system's own choice."),
    Setting(
        "buffer", "normal", "How much sound waits before the device: `low` answers sooner, `safe` outlasts more.",
        choices=BUFFERS,
    ),
    Setting("limiter", True, "Keep sums of loud songs at -1 dB of true peak; what is softer passes untouched."),
    Setting(
        "on-ui-loss", "play", "If the window dies, the sound plays on until it is back (`play`), or fades and ends.",
        choices=LOSSES,
    ),
    Setting("sound-font", "", "Path of the SF2 sound font for MIDI. Empty: the one that comes with the player."),
    Setting("fluidsynth", "", "Path of the FluidSynth library. Empty: looked for in the usual places."),
    Setting("show-log", True, "Keep a log of each show as it was played; `needledrop log` tells it."),
    Setting("editor", "", "Command that opens a text file, as in `code`. Empty: $VISUAL, $EDITOR, the system's."),
    Setting("audience-hold", True, "Audience screen: nothing of a scene before its GO."),
    Setting("audience-guess", False, "Audience screen: songs stay hidden until you reveal them."),
    Setting("audience-ground", "", "Colour behind its words. Empty: each scene's own dark light.", colour=True),
    Setting("audience-ink", "#f5f0e8", "Colour of its words.", colour=True),
    Setting("audience-accent", "#ffb224", "Colour of the scene's title above a song.", colour=True),
    Setting("audience-title-font", "", "Font file (TTF, OTF) for its headline. Empty: the player's own."),
    Setting("audience-text-font", "", "Font file for its other words. Empty: the player's own."),
)

_COLOUR: Final = re.compile("#[0-9A-Fa-f]{6}")
_BY_NAME: Final = {setting.name: setting for setting in SETTINGS}


class Settings(Struct, frozen=True):
    """What the file says, defaults filled in. Fields are the names of SETTINGS with `_` for `-`."""

    text: int = 100
    full_screen: bool = False
    locked: bool = False
    reduced_motion: bool = False
    device: str = ""
    buffer: Buffer = "normal"
    limiter: bool = True
    on_ui_loss: Loss = "play"
    sound_font: str = ""
    fluidsynth: str = ""
    show_log: bool = True
    editor: str = ""
    audience_hold: bool = True
    audience_guess: bool = False
    audience_ground: str = ""
    audience_ink: str = "#f5f0e8"
    audience_accent: str = "#ffb224"
    audience_title_font: str = ""
    audience_text_font: str = ""
    keys: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    outputs: tuple[Patch, ...] = ()


def sound(own: Settings) -> Wanted:
    """What these settings want of the engine; it can change while a show plays."""
    main = next((patch.device for patch in own.outputs if patch.output == MAIN and patch.device), own.device)
    return Wanted(main, own.buffer, own.limiter, own.on_ui_loss, own.outputs)


def unplaced(timeline: Timeline, own: Settings) -> str:
    """One line on the outputs that the timeline uses and the settings give no place; empty where each has one."""
    placed = {patch.output for patch in own.outputs} | {heard_on(timeline, None)}
    names = [output for output in used(timeline) if output not in placed]
    if not names:
        return ""
    verb, them = ("is", "it") if len(names) == 1 else ("are", "them")
    return f"{', '.join(names)} {verb} heard with main: the settings have no [outputs] for {them}"


def default_path() -> Path:
    """Where the settings file is looked for: `settings.toml` in the person's config folder."""
    import platformdirs  # noqa: PLC0415  (a run that needs no settings does not pay for it)

    return Path(platformdirs.user_config_path("needledrop", appauthor=False)) / "settings.toml"


class Follow:
    """Tells when a person has saved the settings, by the rule of player.watch; also when it is gone for good."""

    def __init__(self, path: Path) -> None:
        known = b""
        with contextlib.suppress(OSError):
            known = path.read_bytes()
        self._watch = watch.watch(path, known)
        self._due = 0.0
        self._gone_since = math.inf if watch.stamp(path) is None else None  # inf: that has been told

    def changed(self, now: float) -> bool:
        """Whether it is time to load them again. To be asked often; it looks ten times a second."""
        if now < self._due:
            return False
        self._due = now + watch.EVERY
        new = self._watch.poll(now) is not None
        if not self._watch.gone:
            self._gone_since = None
        elif self._gone_since is None:
            self._gone_since = now
        elif self._gone_since <= now - watch.WAIT:
            self._gone_since = math.inf
            self._watch.known = b""
            return True
        return new


def load(path: Path) -> tuple[Settings, tuple[str, ...]]:
    """The settings in `path`, and one line for each thing wrong there. No file: the defaults. Never
    raises.
    """
    try:
        text = path.read_bytes().decode("utf-8")
    except FileNotFoundError:
        return Settings(), ()
    except UnicodeDecodeError as error:
        return Settings(), (f"{path.name}: byte {error.start} is not UTF-8; the defaults stand",)
    except OSError as error:
        return Settings(), (f"{path.name}: cannot be read ({error.strerror}); the defaults stand",)
    return parse(text, path.name)


def parse(text: str, name: str = "settings.toml") -> tuple[Settings, tuple[str, ...]]:
    """Settings from TOML text; `name` stands before each problem."""
    try:
        table = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        why = str(error).split("\n")[0] or "nested too deep"
        return Settings(), (f"{name}: not TOML: {why}; the defaults stand",)
    settings, problems = Settings(), list[str]()
    for key, value in table.items():
        if key == "keys":
            settings, found = _keys(settings, value)
            problems += found
        elif key == "outputs":
            settings, found = _outputs(settings, value)
            problems += found
        elif key not in _BY_NAME:
            problems.append(f'no setting is called "{key}"; docs/settings.md lists them')
        elif wrong := _wrong(_BY_NAME[key], value):
            problems.append(wrong)
        else:
            settings = replace(settings, **{key.replace("-", "_"): value})
    return settings, tuple(f"{name}: {problem}" for problem in problems)


def _wrong(setting: Setting, value: Any) -> str | None:
    """What is wrong with this value, or None. A bool is no number here, though Python calls it one."""
    if type(value) is not type(setting.default):
        kind = {bool: "true or false", int: "a whole number", str: 'a text in "quotes"'}[type(setting.default)]
        return f"{setting.name} is {kind}; {_written(setting.default)} stands"
    if isinstance(value, int) and setting.high and not setting.low <= value <= setting.high:
        within = f"{setting.low} to {setting.high}"
        return f"{setting.name} = {value} is not within {within}; {setting.default} stands"
    if setting.colour and not (_COLOUR.fullmatch(str(value)) or value == setting.default):
        return f'{setting.name} is a colour like "#f5f0e8"; {_written(setting.default)} stands'
    if setting.choices and value not in setting.choices:
        return f"{setting.name} is one of {', '.join(setting.choices)}; {_written(setting.default)} stands"
    return None


def _keys(settings: Settings, value: Any) -> tuple[Settings, list[str]]:
    if not isinstance(value, dict):
        return settings, ["keys is a table: write [keys] on a line of its own"]
    own: dict[str, tuple[str, ...]] = {}
    problems: list[str] = []
    for name, keys in value.items():
        if isinstance(keys, str):
            own[name] = (keys,)
        elif isinstance(keys, list) and all(isinstance(key, str) for key in keys):
            own[name] = tuple(keys)
        else:
            problems.append(f'keys: {name} is a key in "quotes" or a list of them')
    return replace(settings, keys=own), problems + list(commands.bindings(own)[1])


def _outputs(settings: Settings, value: Any) -> tuple[Settings, list[str]]:
    if not isinstance(value, dict):
        return settings, ["outputs is a table: write [outputs] on a line of its own"]
    patches, problems = list[Patch](), list[str]()
    for name, said in value.items():
        place = {"device": said} if isinstance(said, str) else said
        if not isinstance(place, dict) or not place or place.keys() - {"device", "channels"}:
            problems.append(f'outputs: {name} is a "device" or {{device = "a part of its name", channels = [1, 2]}}')
            continue
        device, channels = place.get("device", ""), place.get("channels", [])
        if not isinstance(device, str):
            problems.append(f'outputs: the device of {name} is a text in "quotes"')
        elif not isinstance(channels, list) or len(channels) > 2 or not all(map(_channel, channels)):
            problems.append(f"outputs: the channels of {name} are one or two numbers from 1 on, as in [3, 4]")
        else:
            patches.append(Patch(name, device, tuple(channels)))
    return replace(settings, outputs=tuple(patches)), problems


def _channel(value: Any) -> bool:
    return type(value) is int and 1 <= value <= MOST_CHANNELS


def _written(value: bool | int | str) -> str:
    return str(value).lower() if isinstance(value, bool) else json.dumps(value)


# ---- the files opened last


def recent_path() -> Path:
    """Where the names of the last files are kept."""
    import platformdirs  # noqa: PLC0415

    return Path(platformdirs.user_state_path("needledrop", appauthor=False)) / "recent.json"


def recent(store: Path) -> tuple[Path, ...]:
    """The timelines opened last, newest first, those that are gone left out. Never raises."""
    try:
        names = json.loads(store.read_text("utf-8"))
    except (OSError, ValueError, RecursionError):
        return ()
    if not isinstance(names, list):
        return ()
    paths = [Path(name) for name in names if isinstance(name, str) and "\0" not in name]
    return tuple(path for path in paths if path.is_file())[:RECENT]


def edits_path() -> Path:
    """The folder where unsaved edits are kept."""
    import platformdirs  # noqa: PLC0415

    return Path(platformdirs.user_data_path("needledrop", appauthor=False)) / "edits"


def sound_log_path() -> Path:
    """The file that tells what went wrong with the sound."""
    import platformdirs  # noqa: PLC0415

    return Path(platformdirs.user_state_path("needledrop", appauthor=False)) / "sound.log"


def shows_path() -> Path:
    """The folder where the logs of shows are kept."""
    import platformdirs  # noqa: PLC0415

    return Path(platformdirs.user_state_path("needledrop", appauthor=False)) / "shows"


def runs_path() -> Path:
    """The folder where a run is kept while it lasts."""
    import platformdirs  # noqa: PLC0415

    return Path(platformdirs.user_state_path("needledrop", appauthor=False)) / "runs"


def remember(store: Path, path: Path) -> None:
    """Put `path` first among the files opened last. A folder that cannot be written is no reason to stop."""
    names = [str(path), *(str(each) for each in recent(store) if each != path)][:RECENT]
    try:
        store.parent.mkdir(parents=True, exist_ok=True)
        draft = store.with_suffix(f".{os.getpid()}.tmp")
        draft.write_text(json.dumps(names, ensure_ascii=False, indent=1), "utf-8")
        draft.replace(store)
    except OSError:
        return


# ---- docs/settings.md

_OPENING: Final = """\
# Settings

One TOML file, `settings.toml`, in your own config folder:

| system | folder |
|---|---|
| Linux | `~/.config/needledrop` (or `$XDG_CONFIG_HOME/needledrop`) |
| macOS | `~/Library/Application Support/needledrop` |
| Windows | `%LOCALAPPDATA%\\needledrop` |

The player never writes it. It is read at the start and again within a second of a change; text size, motion,
keys, editor, device, outputs, buffer, limiter, on-ui-loss and all of the audience screen change at once, the rest
counts from the next start. What is wrong in it shows as one line at the top of the screen, and the default stands for
it. This page is written from the table in `player/settings.py`.
"""

_CLOSING: Final = """\
## Outputs

A table `[outputs]` says where each output of a timeline is heard: a device, by a part of its name, and one or two of
its channels, counted from 1. Without `channels` it is 1 and 2; one channel takes both sides, each at half its level.
Without `device` it is main's own.

```toml
[outputs]
main = {device = "Scarlett", channels = [1, 2]}
click = {channels = [3, 4]}      # the same device
band = "Headphones"              # another device, as a whole
```

- An output without a place here is heard with main, and a line on the screen and in `needledrop order` says
  so; `needledrop devices` lists the places.
- An output that has a place is heard there or nowhere: if its device is missing or has not that many channels, the
  banner says so, the rest of the show goes on, and the device is looked for every two seconds. A click never comes out
  of the speakers of the house because a plug came loose.
- The device of `main` sets the pace; `device` above is the same setting, `main` here counts more. The others run on
  clocks of their own: what they play waits a few hundredths of a second longer, and the pace at which it is taken is
  bent by the few millionths that the clocks differ, so that this delay stays the same all evening.
- While an output has a place on another device, the main one waits for it, so that both are heard together: a GO is
  heard 22 ms later at `buffer = "low"`, 35 at `normal`, 105 at `safe`, less one block.
- Each place has a limiter of its own. Level, pause and panic act on all, a cue's `duck` on the cue's own output.

## Keys

A table `[keys]` gives commands other keys: the command's id (see [keys](keys.md)), then one key or a list.
The keys given take the place of the command's own; a key taken from another command is that command's no
more. GO and the fade of everything always keep one. Modifiers are `Ctrl+`, `Alt+` and `Shift+`; a symbol
stands for itself.

```toml
text = 110
reduced-motion = true

[keys]
go = ["Space", "PgDn"]     # a foot switch that sends PgDn
page-down = "F6"
```
"""


def docs() -> str:
    """docs/settings.md, whole."""
    lines = [_OPENING, "| name | default | what it does |", "|---|---|---|"]
    for setting in SETTINGS:
        bounds = f" {setting.low} to {setting.high}." if setting.high else ""
        bounds += f" One of {', '.join(f'`{choice}`' for choice in setting.choices)}." if setting.choices else ""
        lines.append(f"| `{setting.name}` | `{_written(setting.default)}` | {setting.help}{bounds} |")
    return "\n".join(lines) + "\n\n" + _CLOSING
