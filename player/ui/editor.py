"""The person's editor, opened at a line of the timeline."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

# How an editor is told the line; {file} alone where it is not known.
_LINES: Final[dict[str, tuple[str, ...]]] = {
    **dict.fromkeys(("code", "code-insiders", "codium", "cursor"), ("-g", "{file}:{line}:{column}")),
    **dict.fromkeys(("subl", "sublime_text", "zed", "zeditor", "hx", "helix"), ("{file}:{line}:{column}",)),
    **dict.fromkeys(("gedit", "gnome-text-editor", "xed", "pluma", "geany"), ("+{line}", "{file}")),
    **dict.fromkeys(("gvim", "mvim", "vim", "nvim", "vi", "nano", "joe", "ne", "mg"), ("+{line}", "{file}")),
    **dict.fromkeys(("emacs", "emacsclient", "kak", "micro"), ("+{line}:{column}", "{file}")),
    "kate": ("-l", "{line}", "-c", "{column}", "{file}"),
    "kwrite": ("-l", "{line}", "{file}"),
    "mate": ("-l", "{line}", "{file}"),
    "notepad++": ("-n{line}", "{file}"),
}  # fmt: skip
_TERMINAL: Final = ("vim", "nvim", "vi", "nano", "joe", "ne", "mg", "hx", "helix", "micro", "kak")
_TERMINALS: Final = (
    "x-terminal-emulator",
    "gnome-terminal",
    "konsole",
    "xfce4-terminal",
    "kitty",
    "alacritty",
    "xterm",
)


def command(
    editor: str, path: Path, line: int, column: int, which: Callable[[str], str | None] = shutil.which
) -> list[str] | None:
    """The call that opens `path` at a line in `editor`; None where there is no such program or no place to
    run it.

    An editor that lives in a terminal gets one of its own.
    """
    try:
        words = shlex.split(editor, posix=os.name != "nt")
    except ValueError:
        return None
    if not words or which(words[0]) is None:
        return None
    name = Path(words[0]).name.lower().removesuffix(".exe")
    told = [each.format(file=path, line=line, column=column) for each in _LINES.get(name, ("{file}",))]
    if name in _TERMINAL or (name == "emacs" and "-nw" in words):
        terminal = next((each for each in _TERMINALS if which(each)), None)
        if terminal is None:
            return None
        return [terminal, "--" if terminal == "gnome-terminal" else "-e", *words, *told]
    return [*words, *told]


def choice(setting: str, environment: Mapping[str, str]) -> list[str]:
    """The editors to try, the person's own first."""
    return [each for each in (setting, environment.get("VISUAL", ""), environment.get("EDITOR", "")) if each.strip()]


def open_at(path: Path, line: int, column: int, setting: str = "") -> str | None:
    """Open `path` in the person's editor, else in what the system takes for it; None, or one line that
    says why not.
    """
    tried = choice(setting, os.environ)
    for editor in tried:
        call = command(editor, path, line, column)
        if call is not None and _started(call):
            return None
    if sys.platform == "win32":
        try:
            os.startfile(path)  # type: ignore[attr-defined,unused-ignore]
        except OSError as error:
            return f"{path.name} cannot be opened: {error.strerror}; set `editor` in the settings"
        return None
    opener = "open" if sys.platform == "darwin" else "xdg-open"
    if shutil.which(opener) and _started([opener, str(path)]):
        return None
    return f"no editor found for {path.name}:{line}; set `editor` in the settings, or $VISUAL"


def _started(call: list[str]) -> bool:
    try:
        subprocess.Popen(
            call,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
    except OSError:
        return False
    return True
