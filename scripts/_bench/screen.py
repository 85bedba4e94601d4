"""A screen that nobody sees: Xvfb, with its pixels in a mapped file and keys pressed through XTEST."""

from __future__ import annotations

import ctypes
import ctypes.util
import mmap
import os
import struct
import subprocess
import time
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

SIZE: Final = (1920, 1080)
_PATIENCE: Final = 20.0
_VIEWABLE: Final = 2


class Screen:
    """One X server of our own. Its pixels can be looked at without asking it, so looking costs it nothing."""

    def __init__(self, folder: Path) -> None:
        """Start it, with what it writes in `folder`. Raises RuntimeError if it does not come up."""
        wide, high = SIZE
        reads, writes = os.pipe()
        command = ["Xvfb", "-displayfd", str(writes), "-screen", "0", f"{wide}x{high}x24"]
        command += ["-nolisten", "tcp", "-fbdir", str(folder)]
        self._server = subprocess.Popen(
            command, pass_fds=[writes], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        os.close(writes)
        with os.fdopen(reads) as told:
            number = told.readline().strip()
        if not number:
            raise RuntimeError("Xvfb did not start")
        self.name = f":{number}"
        self._pixels = _mapped(folder / "Xvfb_screen0")
        self._x = _Client(self.name)

    def pixels(self) -> NDArray[np.uint32]:
        """A copy of every eighth pixel of every eighth row, as it is now."""
        return self._pixels[::8, ::8].copy()

    def part(self, rows: slice, columns: slice) -> NDArray[np.uint32]:
        """A copy of every pixel of a part."""
        return self._pixels[rows, columns].copy()

    def press(self, key: str, held: float = 0.03) -> float:
        """Press a key by its X name, release it after so many seconds; returns the monotonic time just before."""
        return self._x.press(key, held)

    def wait_for_window(self, program: subprocess.Popen[bytes]) -> int:
        """The program's window, once it is on screen; it gets the keys. Raises RuntimeError if none comes."""
        until = time.monotonic() + _PATIENCE
        while time.monotonic() < until and program.poll() is None:
            for window in self._x.windows():
                self._x.focus(window)
                return window
            time.sleep(0.02)
        raise RuntimeError(f"no window came of {program.args!r}")

    def pid(self) -> int:
        """The server's process."""
        return self._server.pid

    def close(self) -> None:
        """End the server."""
        self._x.close()
        self._server.terminate()
        self._server.wait()


def _mapped(file: Path) -> NDArray[np.uint32]:
    """The pixels of Xvfb's file: an X window dump, whose header tells where they begin."""
    until = time.monotonic() + _PATIENCE
    while not file.exists() and time.monotonic() < until:
        time.sleep(0.01)
    with file.open("rb") as opened:
        memory = mmap.mmap(opened.fileno(), 0, access=mmap.ACCESS_READ)
    header = struct.unpack_from(">25I", memory, 0)
    size, wide, high, row, colours = header[0], header[4], header[5], header[12], header[19]
    pixels = np.frombuffer(memory, np.uint32, row // 4 * high, size + 12 * colours)
    return pixels.reshape(high, row // 4)[:, :wide]


class _Attributes(ctypes.Structure):
    """XWindowAttributes, as far as whether a window is on screen."""

    _fields_ = [
        ("place", ctypes.c_int * 4),
        ("border", ctypes.c_int),
        ("depth", ctypes.c_int),
        ("visual", ctypes.c_void_p),
        ("root", ctypes.c_ulong),
        ("kind", ctypes.c_int),
        ("gravities", ctypes.c_int * 2),
        ("backing", ctypes.c_int),
        ("planes", ctypes.c_ulong * 2),
        ("under", ctypes.c_int),
        ("colours", ctypes.c_ulong),
        ("installed", ctypes.c_int),
        ("state", ctypes.c_int),
        ("rest", ctypes.c_long * 16),
    ]


class _Client:
    """The few calls of Xlib that are needed."""

    def __init__(self, display: str) -> None:
        self._lib = lib = _library("X11")
        self._test = _library("Xtst")
        lib.XOpenDisplay.restype = ctypes.c_void_p
        lib.XDefaultRootWindow.restype = ctypes.c_ulong
        lib.XStringToKeysym.restype = ctypes.c_ulong
        self._display = ctypes.c_void_p(lib.XOpenDisplay(display.encode()))
        if self._display.value is None:
            raise RuntimeError(f"cannot reach the display {display}")
        self._root = ctypes.c_ulong(lib.XDefaultRootWindow(self._display))
        self._errors = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_void_p)(lambda *_: 0)
        lib.XSetErrorHandler(self._errors)  # a window may go while it is asked about

    def press(self, key: str, held: float) -> float:
        code = self._lib.XKeysymToKeycode(
            self._display, ctypes.c_ulong(self._lib.XStringToKeysym(key.encode()))
        )
        at = time.monotonic()
        self._test.XTestFakeKeyEvent(self._display, code, 1, ctypes.c_ulong(0))
        self._lib.XSync(self._display, 0)
        time.sleep(held)
        self._test.XTestFakeKeyEvent(self._display, code, 0, ctypes.c_ulong(0))
        self._lib.XSync(self._display, 0)
        return at

    def windows(self) -> list[int]:
        """What is on screen, the lowest first."""
        root, parent, count = ctypes.c_ulong(), ctypes.c_ulong(), ctypes.c_uint()
        children = ctypes.POINTER(ctypes.c_ulong)()
        self._lib.XQueryTree(
            self._display, self._root, *map(ctypes.byref, (root, parent, children, count))
        )
        found = [children[i] for i in range(count.value)]
        if count.value:
            self._lib.XFree(children)
        return [window for window in found if self._on_screen(window)]

    def _on_screen(self, window: int) -> bool:
        about = _Attributes()
        told = self._lib.XGetWindowAttributes(self._display, ctypes.c_ulong(window), ctypes.byref(about))
        return bool(told) and about.state == _VIEWABLE and about.place[2] > 100

    def focus(self, window: int) -> None:
        self._lib.XSetInputFocus(self._display, ctypes.c_ulong(window), 1, ctypes.c_ulong(0))
        self._lib.XSync(self._display, 0)

    def close(self) -> None:
        self._lib.XCloseDisplay(self._display)


def _library(name: str) -> Any:
    return ctypes.CDLL(ctypes.util.find_library(name))
