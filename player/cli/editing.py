"""The commands that write timelines or compare them, as the command line declares them.

What they do is in `player.cli.edits` and `player.cli.new`, imported when one of them is called.
"""

from __future__ import annotations

import argparse
import importlib
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

COMMANDS: Final = ("edit", "find", "replace", "new", "diff")

_EDITS = """\
edits:
  set PATH VALUE          give a key this value; where it is not there yet, it is added
  delete PATH             take a key, an item or an entry away, with its comments
  insert PATH YAML        put an item into a list or table, at the end or --at a position; - reads it from the input
  move PATH POSITION      bring an item to a position, from 1, of its list, or of another one: --to PATH
  rename PATH NEW-ID      give something another id, and everything that points to it

A path names things by their ids: songs/fever/title, scenes/the-audition/cues/cold-song/gain; #2 is the second item
of a list. Only what is edited changes: comments, quotes, blank lines and all else stay as they are.
"""


def declare(commands: Any) -> None:
    """Add the commands to the parser's own."""
    edit = commands.add_parser(
        "edit", help="change one thing in a timeline and nothing else", epilog=_EDITS,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        usage="needledrop edit FILE set|delete|insert|move|rename PATH … [--dry-run] [--force]",
    )  # fmt: skip
    edit.add_argument("file", type=Path, metavar="FILE")
    edit.add_argument("words", nargs=argparse.REMAINDER, metavar="EDIT")
    edit.set_defaults(run=_later("edit"), help_text=edit.format_help)

    find = commands.add_parser("find", help="find a text in the values of timelines")
    find.add_argument("files", nargs="+", type=Path, metavar="FILE")
    find.add_argument("pattern", metavar="PATTERN", help="a text as it stands there")
    _matching(find)
    find.set_defaults(run=_later("find"))

    replace = commands.add_parser("replace", help="replace a text in the values of timelines")
    replace.add_argument("files", nargs="+", type=Path, metavar="FILE")
    replace.add_argument("pattern", metavar="PATTERN", help="a text as it stands there")
    replace.add_argument("text", metavar="TEXT", help="what is to stand there instead")
    _matching(replace)
    _writing(replace)
    replace.set_defaults(run=_later("replace"))

    new = commands.add_parser("new", help="write a first timeline to go on from")
    new.add_argument("file", type=Path, metavar="FILE", help="a file that is not there yet")
    new.add_argument("--set", dest="as_set", action="store_true", help="a set of songs instead of a film")
    new.add_argument("--title", metavar="TITLE", help="the film's or the set's; else made from the file's name")
    new.add_argument("--music", type=Path, metavar="DIR", help="songs from the recordings in this folder")
    new.set_defaults(run=_later("new"))

    diff = commands.add_parser("diff", help="say what changed between two timelines")
    diff.add_argument("old", type=Path, metavar="OLD")
    diff.add_argument("new", type=Path, metavar="NEW")
    diff.add_argument("--json", action="store_true", help="for programs")
    diff.set_defaults(run=_later("diff"))


def _matching(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--field", action="append", default=[], metavar="FIELD", help="only in this field: note, or scene.note"
    )
    parser.add_argument("--regex", action="store_true", help="PATTERN is a regular expression (Python's)")
    parser.add_argument("--case", action="store_true", help="tell capital letters from small ones")


def _writing(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--dry-run", action="store_true", help="write nothing; print what would change")
    parser.add_argument("--force", action="store_true", help="also where the file would have a new error")


def _later(name: str) -> Callable[[argparse.Namespace], int]:
    def run(options: argparse.Namespace) -> int:
        module = "player.cli.new" if name == "new" else "player.cli.edits"
        return int(getattr(importlib.import_module(module), name)(options))

    return run
