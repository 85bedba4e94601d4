"""`needledrop bench`: how the player does on this machine, in one page."""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from player.terminal import Refused, complain, say, say_json

if TYPE_CHECKING:
    from player.bench import Found

COMMANDS: Final = ("bench",)
GOES: Final = 50
GOES_BRIEF: Final = 10
MINUTE: Final = 60.0
BRIEF: Final = 5.0


def declare(commands: Any) -> None:
    """Add the command to the parser of all commands."""
    bench = commands.add_parser("bench", help="measure GO to sound, gaps and engine load on this machine")
    bench.add_argument("--brief", action="store_true", help="10 GOs and 5 s under load, not 50 and a minute")
    bench.add_argument("--json", action="store_true", help="for programs")
    bench.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Carry it out; returns the exit code."""
    from player import settings  # noqa: PLC0415  the other commands do without numpy
    from player.bench import NoEngine, measure  # noqa: PLC0415
    from player.host.wanted import into_environment  # noqa: PLC0415

    into_environment(settings.sound(settings.load(settings.default_path())[0]))
    goes, seconds = (GOES_BRIEF, BRIEF) if options.brief else (GOES, MINUTE)
    with tempfile.TemporaryDirectory(prefix="needledrop-bench-") as folder:
        try:
            found = measure(Path(folder), goes, seconds, lambda text: None if options.json else complain(text))
        except NoEngine as error:
            raise Refused(str(error), 1) from error
    if options.json:
        say_json(as_data(found))
    else:
        say(*as_text(found))
    return 0


def as_data(found: Found) -> dict[str, Any]:
    """For programs; times in milliseconds, loads as shares of 1."""
    return {
        "device": found.device,
        "silent": found.silent,
        "go_to_engine_ms": list(found.go),
        "latency_ms": found.latency,
        "load": [{"voices": each.voices, "share": each.share} for each in found.load],
        "seconds": found.seconds,
        "gaps": found.gaps,
        "late_blocks": found.late,
    }


def as_text(found: Found) -> list[str]:
    """One page."""
    import statistics  # noqa: PLC0415  the other commands start without it

    go = sorted(found.go)
    middle, most = statistics.median(go), go[-1]
    lines = [
        f"device      {found.device}",
        f"GO to sound {middle + found.latency:.1f} ms, at worst {most + found.latency:.1f} ({len(go)} times)",
        f"            {middle:.1f} to the engine's frame, {found.latency:.1f} in the device's buffer and the limiter",
        f"gaps        {found.gaps} in {found.seconds:g} s with every core busy; {found.late} late blocks",
    ]
    for n, each in enumerate(found.load):
        lines.append(f"{'' if n else 'engine load':<12}{each.voices} voices: {each.share:.1%} of a block's time")
    return [
        *lines,
        "",
        "How it was measured: GO as the window gives it, the next song each time, to the frame at which the engine",
        "begins the song; from there on what the device layer says of its buffer. Not in it: keyboard and screen",
        "before, converter, amplifier and air after (a metre is 3 ms), and what a wireless device adds.",
        "Gaps: how often the device ran dry while 4 songs played and a background program kept each core busy; some",
        "layers do not tell, there it is estimated from their clock. Load: how long the mixing of a block took, what",
        "interrupted it included, reading the files apart. The songs were noise at -90 dB, so that nothing was heard;",
        "where the limiter works, add 4 %.",
        *(["There is no sound device: these are the figures of a silent clock."] if found.silent else []),
    ]
