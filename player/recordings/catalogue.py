"""`needledrop library`: folders of the person's own recordings."""

from __future__ import annotations

import argparse
import contextlib
import itertools
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Final

from player import terminal
from player.errors import NeedledropError
from player.media.catalogue import Library, Recording, Scanned, look_in, open_library
from player.recordings.progress import Bar
from player.terminal import Refused, complain, say

EMPTY: Final = "the library is empty"


def run(options: argparse.Namespace) -> int:
    """One verb; returns the exit code."""
    try:
        match options.verb:
            case "add":
                return _add(options)
            case "list":
                return _list(options)
            case "search":
                return _search(options)
            case "remove":
                return _remove(options)
            case _:
                return _status(options)
    except NeedledropError as error:
        raise Refused(str(error), 1) from error


def _add(options: argparse.Namespace) -> int:
    folders = [_folder(path) for path in options.folders]
    bar = Bar("files")
    with contextlib.closing(open_library()) as library:
        if not folders and not library.status().roots:
            raise Refused("the library has no folders yet; name one: needledrop library add DIR")
        try:
            done = library.add(folders, bar.show) if folders else library.again(bar.show)
        except KeyboardInterrupt:
            bar.clear()
            complain("what was read until now is kept; the same command goes on from there")
            raise
        finally:
            bar.clear()
        lost = [] if folders else [root.path for root in library.status().roots if not root.there]
    troubles = [*done.unreadable, *(f"{path} is not there just now; its recordings are kept" for path in lost)]
    for line in troubles:
        complain(line)
    if options.json:
        terminal.say_json({**_as_data(done), "troubles": troubles})
    else:
        say(_told(done))
    return 1 if troubles else 0


def _told(done: Scanned) -> str:
    parts = [f"{done.read:,} new or changed"]
    if done.removed:
        parts.append(f"{done.removed:,} gone")
    if done.damaged:
        parts.append(f"{done.damaged:,} of them cannot be read (`needledrop library status` lists them)")
    return f"{_count(done.there)}: {', '.join(parts)}"


def _as_data(done: Scanned) -> dict[str, Any]:
    return {"files": done.there, "read": done.read, "removed": done.removed, "damaged": done.damaged}


def _list(options: argparse.Namespace) -> int:
    folder = None if options.folder is None else os.path.abspath(options.folder)
    with _reading() as library:
        listed = iter(() if library is None else library.listed(folder))
        first = next(listed, None)
        if first is None and options.folder is not None:
            _folder(options.folder)  # one that is away, with recordings that are kept, has been found
        _show(() if first is None else itertools.chain((first,), listed), options.json)
    if first is None and not options.json:
        nothing = f"{options.folder}: the library holds nothing from there" if library and folder else EMPTY
        complain(f"{nothing}: needledrop library add DIR")
    return 0


def _search(options: argparse.Namespace) -> int:
    with _reading() as library:
        found = () if library is None else library.search(" ".join(options.words))
    _show(found, options.json)
    if not found and not options.json:
        complain("nothing found" if library else f"{EMPTY}: needledrop library add DIR")
    return 0 if found else 1


def _show(recordings: Iterable[Recording], as_json: bool) -> None:
    if as_json:
        terminal.say_json([as_data(recording) for recording in recordings])
        return
    for recording in recordings:
        say(line_of(recording))


def line_of(recording: Recording) -> str:
    """A recording in one line."""
    if recording.trouble:
        return f"{recording.path}  ({recording.trouble})"
    about = ", ".join(filter(None, (recording.album, str(recording.year or ""), clock(recording.seconds))))
    return f"{recording.name}  ({about})  {recording.path}"


def clock(seconds: float) -> str:
    """m:ss or h:mm:ss."""
    whole = round(seconds)
    hours, rest = divmod(whole, 3600)
    return f"{hours}:{rest // 60:02}:{rest % 60:02}" if hours else f"{rest // 60}:{rest % 60:02}"


def as_data(recording: Recording) -> dict[str, Any]:
    """A recording for programs."""
    return {
        "path": recording.path,
        "title": recording.title or None,
        "artist": recording.artist or None,
        "album": recording.album or None,
        "year": recording.year or None,
        "isrc": recording.isrc or None,
        "seconds": recording.seconds or None,
        "trouble": recording.trouble or None,
    }


def _remove(options: argparse.Namespace) -> int:
    with contextlib.closing(open_library()) as library:
        for path in options.folders:
            whole = os.path.abspath(path)
            known = {root.path for root in library.status().roots}
            gone = library.remove(whole)
            if not gone and whole not in known:
                raise Refused(f"{path}: the library holds nothing from there", 1)
            say(f"{_count(gone)} of {whole} forgotten; the files themselves stay as they are")
    return 0


def _status(options: argparse.Namespace) -> int:
    with _reading() as library:
        status = None if library is None else library.status()
        damaged = [] if library is None else [each for each in library.listed() if each.trouble]
    if options.json:
        roots = () if status is None else status.roots
        terminal.say_json(
            {
                "folders": [{"path": root.path, "files": root.files, "there": root.there} for root in roots],
                "files": status.files if status else 0,
                "seconds": round(status.seconds, 3) if status else 0,
                "bytes": status.bytes if status else 0,
                "damaged": [as_data(each) for each in damaged],
            }
        )
        return 0
    if status is None or not status.roots:
        say(f"{EMPTY}: needledrop library add DIR")
        return 0
    for root in status.roots:
        say(f"{root.path}: {_count(root.files)}{'' if root.there else ', not there just now'}")
    for each in damaged:
        say(line_of(each))
    say(f"{_count(status.files)}, {clock(status.seconds)} of music, {status.bytes / 1e9:.1f} GB; kept in {status.path}")
    return 0


@contextlib.contextmanager
def _reading() -> Iterator[Library | None]:
    library = look_in()
    try:
        yield library
    finally:
        if library is not None:
            library.close()


def _folder(path: Path) -> str:
    """An absolute folder that can be looked into."""
    whole = os.path.abspath(path)
    if not os.path.exists(whole):
        raise Refused(f"{path}: there is no such folder")
    if not os.path.isdir(whole):
        raise Refused(f"{path}: this is a file; name the folder it lies in")
    return whole


def _count(files: int) -> str:
    return f"{files:,} recording{'' if files == 1 else 's'}"
