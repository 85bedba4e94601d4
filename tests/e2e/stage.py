"""A stage for the real program: a virtual screen, a window manager, a sound server of its own, nothing of the person's.

Everything lives in one short-named folder (a socket's path must be short), and ends by its own handle.
"""

from __future__ import annotations

import os
import struct
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

PATIENCE = 20.0  # seconds anything may take to come up on a busy machine
SINK = "stage"

Pixels = NDArray[np.uint8]  # (height, width, 3): red, green, blue


def until(holds: Callable[[], object], what: str | Callable[[], str], seconds: float = PATIENCE) -> None:
    """Return as soon as `holds`; fail, naming `what`, if it does not within so many seconds."""
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, f"waited {seconds:g} s for {what() if callable(what) else what}"
        time.sleep(0.015)


class Stage:
    """Where programs run: `env` is their whole environment, `size` the screen's in pixels."""

    def __init__(self, folder: Path, size: tuple[int, int]) -> None:
        self.folder = folder
        self.home = folder / "home"
        self.runtime = folder / "run"
        self.home.mkdir()
        self.runtime.mkdir(mode=0o700)
        self.size = size
        self._screen: Pixels | None = None
        self.env = {
            "HOME": str(self.home),
            "LANG": "C.UTF-8",
            "PATH": os.environ["PATH"],
            "PYTHONDONTWRITEBYTECODE": "1",
            "XDG_CONFIG_HOME": str(self.home / ".config"),
            "XDG_CACHE_HOME": os.environ.get("XDG_CACHE_HOME", str(Path.home() / ".cache")),
            "XDG_RUNTIME_DIR": str(self.runtime),
        }

    def say(self, *command: str) -> str:
        """What a tool prints, run on this stage; "" where it fails."""
        done = subprocess.run(command, check=False, env=self.env, capture_output=True, text=True, timeout=PATIENCE)
        return done.stdout.strip() if done.returncode == 0 else ""

    def pixels(self, x: int, y: int, wide: int, high: int) -> Pixels:
        """A part of the screen as it is now."""
        if self._screen is None:
            path = self.folder / "Xvfb_screen0"
            head = struct.unpack(">25I", path.read_bytes()[:100])  # XWD: sizes stand at 0, 5 (height), 12 and 19
            begin, rows, line = head[0] + 12 * head[19], head[5], head[12]
            self._screen = np.memmap(path, np.uint8, "r", begin, (rows, line // 4, 4))
        return np.array(self._screen[y : y + high, x : x + wide, 2::-1])


@contextmanager
def stage(size: tuple[int, int] = (1920, 1080), *, sound: bool = True) -> Iterator[Stage]:
    """A stage with a screen of `size` pixels, and with a sound server whose one sink plays to nobody."""
    with tempfile.TemporaryDirectory(prefix="nd-", ignore_cleanup_errors=True) as folder, ExitStack() as stack:
        made = Stage(Path(folder), size)
        _screen(made, stack)
        if sound:
            _sound(made, stack)
        yield made


def _screen(made: Stage, stack: ExitStack) -> None:
    reading, writing = os.pipe()
    with open(reading, "rb") as answer:
        screen = ["Xvfb", "-noreset", "-nolisten", "tcp", "-displayfd", str(writing), "-fbdir", str(made.folder)]
        _start([*screen, "-screen", "0", f"{made.size[0]}x{made.size[1]}x24"], made, stack, keep=(writing,))
        os.close(writing)
        number = answer.readline().decode().strip()  # the free display that Xvfb chose
    assert number, "Xvfb did not start"
    made.env["DISPLAY"] = f":{number}"
    _start(["openbox", "--sm-disable"], made, stack)
    until(lambda: "0x" in made.say("xprop", "-root", "_NET_SUPPORTING_WM_CHECK"), "the window manager")


def _sound(made: Stage, stack: ExitStack) -> None:
    socket = made.folder / "pulse"
    script = made.folder / "stage.pa"
    # norewinds: what the monitor recorded is not taken back, so that its frames are a clock
    script.write_text(
        f"load-module module-native-protocol-unix auth-anonymous=1 socket={socket}\n"
        f"load-module module-null-sink norewinds=1 sink_name={SINK} rate=48000 channels=2 format=float32le\n"
    )
    (made.home / ".asoundrc").write_text("pcm.!default {type pulse}\nctl.!default {type pulse}\n")
    made.env["PULSE_SERVER"] = f"unix:{socket}"
    server = ["pulseaudio", "-n", "-F", str(script), "--daemonize=no", "--exit-idle-time=-1", "--use-pid-file=no"]
    server.append("--disable-shm")  # else it aborts now and then when a stream ends that is recorded
    _start(server, made, stack)
    until(lambda: made.say("pactl", "info"), "the sound server")


def _start(command: list[str], made: Stage, stack: ExitStack, keep: tuple[int, ...] = ()) -> None:
    log = stack.enter_context((made.folder / f"{command[0]}.log").open("wb"))
    process = subprocess.Popen(command, env=made.env, stdin=subprocess.DEVNULL, stdout=log, stderr=log, pass_fds=keep)
    stack.callback(_end, process)


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(5)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
