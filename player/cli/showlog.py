"""`needledrop log`: what was played, for a person, a table program or another program."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any, Final

from player.terminal import Refused, say, say_json

COMMANDS: Final = ("log",)


def declare(commands: Any) -> None:
    """Add the command to the parser of all commands."""
    log = commands.add_parser("log", help="list the shows that were played here, or tell one of them")
    log.add_argument("show", nargs="?", metavar="SHOW", help="`last`, a number of the list, or a log file")
    form = log.add_mutually_exclusive_group()
    form.add_argument("--csv", action="store_true", help="for a table program")
    form.add_argument("--json", action="store_true", help="for programs")
    log.add_argument("-o", "--output", type=Path, metavar="OUT", help="write it there instead; never over a file")
    log.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Carry it out; returns the exit code."""
    from player import settings, showlog  # noqa: PLC0415  (other commands need not wait for them)

    found = showlog.shows(settings.shows_path())
    if options.show is None:
        return _list(found, options)
    path = _named(options.show, found)
    try:
        rows = showlog.read(path)
    except OSError as error:
        raise Refused(f"{path}: cannot be read ({error.strerror})") from error
    if options.csv:
        text = showlog.as_csv(rows)
    elif options.json:
        text = json.dumps(showlog.as_data(rows), ensure_ascii=False, indent=2) + "\n"
    else:
        text = "".join(f"{line}\n" for line in showlog.as_text(rows))
    if options.output is None:
        say(*text.splitlines())
        return 0
    try:
        with options.output.open("x", encoding="utf-8-sig" if options.csv else "utf-8", newline="") as file:
            file.write(text)
    except FileExistsError:
        raise Refused(f"{options.output}: is there already; give another name", 1) from None
    except OSError as error:
        raise Refused(f"{options.output}: cannot be written: {(error.strerror or str(error)).lower()}", 1) from error
    return 0


def _list(found: tuple[Path, ...], options: argparse.Namespace) -> int:
    if options.json:
        say_json([{"number": n, "name": path.stem, "file": str(path)} for n, path in enumerate(found, 1)])
    elif not found:
        say("no show has been played here yet")
    else:
        say(*(f"{n:3}  {path.stem}" for n, path in enumerate(found, 1)))
    return 0


def _named(show: str, found: tuple[Path, ...]) -> Path:
    if show.isdigit() or show == "last":
        number = 1 if show == "last" else int(show)
        if 1 <= number <= len(found):
            return found[number - 1]
        raise Refused(f"there is no show {show}; `needledrop log` lists them")
    if not Path(show).is_file():
        raise Refused(f"{show}: there is no such file; `needledrop log` lists the shows")
    return Path(show)
