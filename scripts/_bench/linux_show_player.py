"""Linux Show Player as a peer: a session as its version 0.5 reads one, and the command that opens it.

A list of cues; Space plays the one that is current and goes on to the next.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Final

PROGRAM: Final = "linux-show-player"
ABSENT: Final = f"Linux Show Player is left out: there is no {PROGRAM} (apt install {PROGRAM} gstreamer1.0-pulseaudio)"
PIPE: Final = ("UriInput", "Volume", "AutoSink")  # the least that plays a file


def is_there() -> bool:
    """Whether it is installed."""
    return shutil.which(PROGRAM) is not None


def command(session: Path) -> list[str]:
    """What opens `session` in its window."""
    return [PROGRAM, "--locale", "en", "-f", str(session)]


def session(path: Path, files: Sequence[Path], cues: int) -> Path:
    """A session at `path` with so many cues, that play `files` in turn, without fades."""
    found = [
        {
            "_type_": "MediaCue",
            "id": f"cue-{i}",
            "index": i,
            "name": f"Cue {i}",
            "_media_": {"pipe": PIPE, "elements": {"UriInput": {"uri": files[i % len(files)].resolve().as_uri()}}},
        }
        for i in range(cues)
    ]
    written = {"application": {"layout": "List Layout"}, "cues": found, "plugins": {}}
    path.write_text(json.dumps(written), encoding="utf-8")
    return path
