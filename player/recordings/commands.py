"""What these commands are called and which words they take; what they do is loaded when one of them runs."""

from __future__ import annotations

import argparse
import importlib
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

COMMANDS: Final = ("library", "link", "level", "collect", "prepare")

_Commands = Any  # argparse keeps the type of its groups to itself


def declare(commands: _Commands) -> None:
    """Add all of them to the commands of the program."""
    _declare_library(commands)
    _declare_link(commands)
    _declare_level(commands)
    _declare_collect(commands)
    _declare_prepare(commands)


def _room(name: str) -> Callable[[argparse.Namespace], int]:
    """What runs a command; its room is loaded only then."""

    def run(options: argparse.Namespace) -> int:
        code: int = importlib.import_module(f"player.recordings.{name}").run(options)
        return code

    return run


def _declare_library(commands: _Commands) -> None:
    library = commands.add_parser(
        "library",
        help="your own recordings, found by title and artist",
        description="Your own recordings. Songs that name no file, or one that is missing, are found here.",
    )
    verbs = library.add_subparsers(metavar="VERB", required=True, dest="verb")

    add = verbs.add_parser("add", help="look through folders, and remember them; without one, all folders again")
    add.add_argument("folders", nargs="*", type=Path, metavar="DIR")
    add.add_argument("--json", action="store_true", help="for programs")
    add.set_defaults(run=_room("catalogue"))

    listed = verbs.add_parser("list", help="print all recordings, or those in one folder")
    listed.add_argument("folder", nargs="?", type=Path, metavar="DIR")
    listed.add_argument("--json", action="store_true", help="for programs")
    listed.set_defaults(run=_room("catalogue"))

    search = verbs.add_parser("search", help="print the recordings in whose tags or path all the words are found")
    search.add_argument("words", nargs="+", metavar="WORD", help="words, or an ISRC")
    search.add_argument("--json", action="store_true", help="for programs")
    search.set_defaults(run=_room("catalogue"))

    remove = verbs.add_parser("remove", help="forget folders; the files in them stay as they are")
    remove.add_argument("folders", nargs="+", type=Path, metavar="DIR")
    remove.set_defaults(run=_room("catalogue"))

    status = verbs.add_parser("status", help="which folders, how many recordings, what cannot be read")
    status.add_argument("--json", action="store_true", help="for programs")
    status.set_defaults(run=_room("catalogue"))


def _declare_link(commands: _Commands) -> None:
    link = commands.add_parser(
        "link",
        help="say which recordings songs play, and settle what is open",
        description="Which recording each song plays. At a terminal, songs without one are settled one by one. "
        "A choice is kept among your own things; the timeline stays as it is.",
    )
    link.add_argument("file", type=Path, metavar="FILE")
    link.add_argument("song", nargs="?", metavar="SONG", help="settle this song, by its id")
    link.add_argument("path", nargs="?", type=Path, metavar="PATH", help="the recording it is to play")
    link.add_argument("--none", action="store_true", help="let SONG play no recording of the library")
    link.add_argument("--forget", action="store_true", help="forget what was chosen for SONG")
    link.add_argument("--in-file", action="store_true", help="write choices into FILE instead")
    link.add_argument("--all", action="store_true", help="ask for songs that have a recording, too")
    link.add_argument("--json", action="store_true", help="for programs")
    link.set_defaults(run=_room("link"))


def _declare_level(commands: _Commands) -> None:
    level = commands.add_parser(
        "level",
        help="say how loud each cue is, and bring all to one loudness",
        description="Loudness and true peak by EBU R128 of what each cue plays. The recordings stay as they are: a "
        "gain is applied when they play.",
    )
    level.add_argument("file", type=Path, metavar="FILE")
    level.add_argument(
        "--to",
        type=_decibels("LUFS", -70.0, -16),
        metavar="LUFS",
        help="write this loudness, as in -16, into the file's defaults",
    )
    level.add_argument("--json", action="store_true", help="for programs")
    level.set_defaults(run=_room("level"))


def _declare_collect(commands: _Commands) -> None:
    collect = commands.add_parser(
        "collect",
        help="gather a timeline with its recordings and pictures, to play elsewhere",
        description="A copy of the timeline with all it plays and shows, in a new folder or a .zip; recordings of your "
        "library go along, and their paths are written into the copy.",
    )
    collect.add_argument("file", type=Path, metavar="FILE")
    collect.add_argument("dest", type=Path, metavar="DEST", help="a new folder, or a file that ends in .zip")
    collect.add_argument("--no-video", action="store_true", help="leave the film's video behind")
    collect.set_defaults(run=_room("collect"))


def _declare_prepare(commands: _Commands) -> None:
    prepare = commands.add_parser(
        "prepare",
        help="trim, cut, fade, split or convert recordings into new files",
        description="New files made of recordings: first cut, then trimmed, split, faded. The originals stay as they "
        "are, and nothing is written over.",
    )
    prepare.add_argument("files", nargs="+", type=Path, metavar="FILE")
    prepare.add_argument("-o", "--output", type=Path, default=Path("prepared"), metavar="DIR", help="where to")
    prepare.add_argument("--from", dest="begin", type=_length, metavar="TIME", help="begin here, as in 0:12.5")
    prepare.add_argument("--to", dest="end", type=_length, metavar="TIME", help="end here")
    prepare.add_argument("--trim", action="store_true", help="leave out silence at the start and the end")
    prepare.add_argument("--split", action="store_true", help="make a file of each part between pauses")
    prepare.add_argument("--pause", type=_length, default=1.0, metavar="LENGTH", help="silence that parts: 1s")
    decibels = _decibels("dB", -120.0, -50)
    prepare.add_argument("--threshold", type=decibels, default=-50.0, metavar="DB", help="what is silence: -50")
    prepare.add_argument("--fade-in", type=_length, default=0.0, metavar="LENGTH", help="as in 500ms")
    prepare.add_argument("--fade-out", type=_length, default=0.0, metavar="LENGTH", help="as in 2s")
    prepare.add_argument("--format", choices=("wav", "flac", "aiff", "ogg", "opus", "mp3"), help="else as the original")
    prepare.set_defaults(run=_room("prepare"))


def _length(text: str) -> float:
    from timeline import times

    try:
        return float(times.length(text))
    except times.Refusal as refusal:
        raise argparse.ArgumentTypeError(f"{text!r} is no length: write it like 0:12.5, 2s or 500ms") from refusal


def _decibels(unit: str, lowest: float, example: int) -> Callable[[str], float]:
    """What reads a number of `unit`, from `lowest` to 0."""

    def read(text: str) -> float:
        try:
            value = float(text.upper().removesuffix(unit.upper()).replace("\u2212", "-"))
        except ValueError:
            value = 1.0
        if not lowest <= value <= 0.0:
            raise argparse.ArgumentTypeError(f"write it like {example}, from {lowest:g} to 0")
        return value

    return read
