"""What a person reads in a terminal: answers on standard output, mistakes on standard error, one line each.

Whatever a file's titles or a file's name hold, a line stays one line, moves no cursor, and can be written in the
terminal's own letters. Either stream may be closed, full, or a pipe whose reader has gone.
"""

from __future__ import annotations

import contextlib
import json
import os
import sys
from typing import Any, TextIO

from timeline.words import visible


class Refused(Exception):
    """Something a person asked for that cannot be done: one line, and the exit code."""

    def __init__(self, text: str, code: int = 2) -> None:
        super().__init__(text)
        self.code = code


class Unheard(Exception):
    """Standard output takes no more: `why` in a few words, or None where its reader has left, as `| head` does."""

    def __init__(self, why: str | None) -> None:
        super().__init__(why)
        self.why = why


def make_ready() -> None:
    """Let no letter fail, coming or going: what a stream cannot hold is shown by its number, or as U+FFFD."""
    for stream, errors in ((sys.stdin, "replace"), (sys.stdout, "backslashreplace"), (sys.stderr, "backslashreplace")):
        with contextlib.suppress(AttributeError):  # closed, or no real stream
            stream.reconfigure(errors=errors)  # type: ignore[union-attr]


def say(*lines: str) -> None:
    """Lines on standard output, at once: what reads them may be waiting. Raises Unheard."""
    _put("".join(visible(line) + "\n" for line in lines))


def say_json(data: Any) -> None:
    """Data for a program. Raises Unheard."""
    _put(json.dumps(data, indent=2, ensure_ascii=not writes("é日")) + "\n")


def complain(text: str) -> None:
    """One line on standard error; where nobody can read it, so be it."""
    draw(f"needledrop: {visible(text)}\n")


def draw(text: str) -> None:
    """A piece of a line on standard error, as it is."""
    if sys.stderr is None:
        return
    try:
        sys.stderr.write(text)
        sys.stderr.flush()
    except OSError:
        mute(sys.stderr)


def writes(letters: str, stream: TextIO | None = None) -> bool:
    """Whether standard output, or another stream, has these letters."""
    try:
        letters.encode(getattr(stream or sys.stdout, "encoding", None) or "utf-8")
    except UnicodeEncodeError:
        return False
    return True


def finish() -> None:
    """Bring out what others have written to standard output. Raises Unheard."""
    _put("")


def mute(stream: TextIO | None) -> None:
    """Drop what still waits to be written, or Python complains about it when the program ends."""
    with contextlib.suppress(OSError, AttributeError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())  # type: ignore[union-attr]


def _put(text: str) -> None:
    if sys.stdout is None:
        return
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except BrokenPipeError:
        raise Unheard(None) from None
    except OSError as error:
        raise Unheard(error.strerror or str(error)) from None
