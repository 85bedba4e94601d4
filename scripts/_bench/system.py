"""What a part needs that Python cannot bring: programs, libraries, headers, and the packages they come in."""

from __future__ import annotations

import ctypes.util
import shutil
from pathlib import Path
from typing import Final

PACKAGES: Final = {  # a program, a library "lib...", or a header "....h" -> its package on Debian
    "Xvfb": "xvfb",
    "cc": "gcc",
    "ffmpeg": "ffmpeg",
    "libX11": "libx11-6",
    "libXtst": "libxtst6",
    "X11/Xlib.h": "libx11-dev",
    "parec": "pulseaudio-utils",
    "pulseaudio": "pulseaudio",
    "pulse/pulseaudio.h": "libpulse-dev",
}
STAGE: Final = ("Xvfb", "libX11", "libXtst", "parec", "pulseaudio")
COMPILER: Final = ("cc", "X11/Xlib.h", "pulse/pulseaudio.h")


def missing(names: tuple[str, ...]) -> str:
    """What of `names` is not here, with the command that brings it; "" if all is."""
    absent = [name for name in names if not _is_there(name)]
    if not absent:
        return ""
    return f"{', '.join(absent)} (apt install {' '.join(dict.fromkeys(PACKAGES[name] for name in absent))})"


def _is_there(name: str) -> bool:
    if name.endswith(".h"):
        return any(Path(folder, name).is_file() for folder in ("/usr/include", "/usr/local/include"))
    if name.startswith("lib"):
        return ctypes.util.find_library(name.removeprefix("lib")) is not None
    return shutil.which(name) is not None
