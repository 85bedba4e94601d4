"""Run the parts that were named, or all."""

from __future__ import annotations

import argparse
import importlib
import os
import platform
import sys
from typing import Final

from scripts._bench.report import say
from scripts._bench.system import missing

PARTS: Final = {
    "check": "reading and checking 10,000 and 100,000 cues, beside PyYAML's own loader",
    "edit": "one edit of 300 and of 10,000 cues, read again before it counts",
    "library": "scanning 20,000 recordings, beside mutagen reading the same tags",
    "mix": "32 ramped voices, beside a bare multiply and add",
    "limiter": "what the limiter of the main output takes of a block",
    "midi": "sixteen parts of MIDI at 200 notes a second",
    "render": "eight recordings into one file, beside ffmpeg",
    "start": "from the start of the program to its first picture, beside a bare pygame window",
    "ready": "from the start of the program to the first GO of shows of 100 to 10,000 cues",
    "load": "processor time while playing and while idle, beside a bare pygame player",
    "go": "from the key to the sound, beside a bare C program and pygame.mixer",
    "typing": "from a key in a field to its pixels, an edit to the screen, 10,000 scenes that scroll",
    "dropouts": "a minute of tone while the window stalls, beside a bare C program",
    "voices": "64 recordings and 4 pieces of MIDI at once, what they take of a block in the engine",
    "memory": "what the engine holds of a film of 50 cues, and what that is made of",
    "stress": "ten minutes of what dropouts measures while every core is busy; only where it is named",
    "night": "an hour of a show that plays by itself: memory, gaps; only where it is named",
}
LONG: Final = ("stress", "night")  # not among those that run where none is named


def main() -> int:
    """Returns the exit code: a missed goal is no failure, a wrong name is a wrong call."""
    parser = argparse.ArgumentParser(prog="scripts/bench", description=__doc__)
    parser.add_argument("parts", nargs="*", metavar="PART", help=", ".join(PARTS))
    parser.add_argument("--list", action="store_true", help="say what the parts measure")
    options = parser.parse_args()
    if unknown := [name for name in options.parts if name not in PARTS]:
        parser.error(f"no part {', '.join(unknown)}; there are {', '.join(PARTS)}")
    if options.list:
        for name, what in PARTS.items():
            say(name, what)
        return 0
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # a person's Python keeps what it has compiled
    say("machine", f"{os.cpu_count()} cores, {platform.system()}, Python {platform.python_version()}")
    for name in options.parts or [name for name in PARTS if name not in LONG]:
        part = importlib.import_module(f"scripts._bench.{name}")
        if lacking := missing(part.NEEDS):
            say(name, f"left out: needs {lacking}")
            continue
        part.run()
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
