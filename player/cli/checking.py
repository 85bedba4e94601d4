"""`needledrop check` and `needledrop schema`: what is wrong with timelines, and what an editor can know beforehand.

timeline is imported where it is used: every command loads this module, and the window is not to wait for it.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from msgspec.structs import replace

from player import terminal
from player.terminal import Refused, complain, say
from player.watch import EVERY, Watch, now, watch

if TYPE_CHECKING:
    from timeline.reader import Reading

COMMANDS: Final = ("check", "schema")
SCHEMA: Final = "needledrop.schema.json"  # as the first line of a timeline names it

Pause = Callable[[float], None]


def declare(commands: Any) -> None:
    """Add the commands to the parser of all commands."""
    check = commands.add_parser("check", help="say everything that is wrong with timelines")
    check.add_argument("files", nargs="+", type=Path, metavar="FILE")
    check.add_argument("--json", action="store_true", help="for programs")
    check.add_argument("--media", action="store_true", help="decode all recordings to their end, and measure them")
    check.add_argument("--watch", action="store_true", help="check again after every save, until Ctrl-C")
    check.set_defaults(run=run_check)

    form = commands.add_parser("schema", help="write the JSON Schema of timelines, for editors that complete and check")
    form.add_argument("-o", "--output", type=Path, metavar="FILE", help=f"write it there, such as {SCHEMA}")
    form.set_defaults(run=run_schema)


# -- check


def run_check(options: argparse.Namespace) -> int:
    """0 no errors, 1 errors, 2 a file that cannot be read. With --watch only Ctrl-C ends it."""
    if options.watch and options.media:
        raise Refused("--media takes too long to go with --watch: call it once the file is whole")
    if options.watch:
        return keep_checking(options.files, options.json, time.sleep)
    code, found = 0, list[dict[str, Any]]()
    for path in options.files:
        data, worse = _checked(path, quiet=options.json, media=options.media)
        found.append(data)
        code = max(code, worse)
    if options.json:
        terminal.say_json({"ok": code == 0, "files": found})
    return code


def keep_checking(paths: list[Path], as_json: bool, pause: Pause) -> int:
    """Check files, and each again whenever a save of it is over. With `as_json` one line of JSON a check.

    pause: sleeps for so many seconds; an exception out of it is the only end.
    """
    watches = {path: watch(path, _raw(path)) for path in paths}
    for path, each in watches.items():
        each.gone = each.stat() is None
        _tell(path, as_json)
    if not as_json:
        say(f"watching {len(watches)} file{'s' * (len(watches) > 1)}; Ctrl-C ends it")
    while True:
        pause(EVERY)
        for path, each in watches.items():
            if _news(each):
                if not as_json:
                    say("")
                _tell(path, as_json)


def _news(watch: Watch) -> bool:
    """Whether a file has been saved, or is gone since the last look; then anything that comes back is news."""
    was_gone = watch.gone
    raw = watch.poll(now())
    if watch.gone and not was_gone:
        watch.known = b""
        return True
    return raw is not None


def _tell(path: Path, as_json: bool) -> None:
    data, _ = _checked(path, quiet=as_json)
    if as_json:
        say(json.dumps(data, ensure_ascii=not terminal.writes("é日")))


def _raw(path: Path) -> bytes:
    from timeline import store  # noqa: PLC0415

    try:
        return store.raw_bytes(path)
    except store.Unreadable:
        return b""


def _checked(path: Path, quiet: bool, media: bool = False) -> tuple[dict[str, Any], int]:
    """One file as data, and the exit code it calls for; told line by line unless `quiet`. media: with its sound."""
    from player import beside  # noqa: PLC0415
    from timeline import problems, store  # noqa: PLC0415

    try:
        reading = store.load(path, host=beside.host())
    except store.Unreadable as unreadable:
        complain(str(unreadable))
        return {"file": str(path), "ok": False, "unreadable": unreadable.why, "problems": []}, 2
    if media:
        from player.recordings.check import problems as problems_of_media  # noqa: PLC0415

        reading = replace(reading, problems=(*reading.problems, *problems_of_media(reading, path)))
    if not quiet:
        for problem in reading.problems:
            say(*problems.render(problem, reading.source).split("\n"))
        say(_verdict(path, reading))
    listed = [problems.as_json(problem, reading.source) for problem in reading.problems]
    return {"file": str(path), "ok": reading.ok, "problems": listed}, 0 if reading.ok else 1


def _verdict(path: Path, reading: Reading) -> str:
    severities = [problem.severity for problem in reading.problems]
    errors, warnings = severities.count("error"), severities.count("warning")
    if not errors and not warnings:
        return f"{path}: no problems"
    parts = [f"{n} {word}{'s' if n != 1 else ''}" for n, word in ((errors, "error"), (warnings, "warning")) if n]
    return f"{path}: {', '.join(parts)}"


# -- schema


def run_schema(options: argparse.Namespace) -> int:
    """Print it, or put it in place of the file that `-o` names."""
    from timeline import schema  # noqa: PLC0415

    text = schema.text()
    path: Path | None = options.output
    if path is None:
        say(*text.splitlines())
        return 0
    if path.suffix.lower() in (".yaml", ".yml"):
        raise Refused(f"{path}: a schema is JSON; name it like {SCHEMA}")
    try:
        path.write_text(text, encoding="utf-8", newline="\n")
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or str(error)
        raise Refused(f"{path}: cannot be written: {why.lower()}", 1) from error
    return 0
