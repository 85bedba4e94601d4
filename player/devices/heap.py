"""Freed memory goes back to the system: glibc keeps it, tens of MiB behind each synthesizer, until it is told."""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from functools import cache
from typing import Final

_TRIM_THRESHOLD: Final = -1  # M_TRIM_THRESHOLD of malloc.h
_SPARE: Final = 1 << 20  # bytes that the end of a heap may keep


def give_back() -> None:
    """Let the system have what was freed, where the C library keeps it. Takes some milliseconds; not the audio thread.

    Others go on meanwhile, but for who frees or asks for memory in the very part that is looked at.
    """
    trim = _trim()
    if trim is not None:
        trim(0)


@cache
def _trim() -> Callable[[int], int] | None:
    try:
        library = ctypes.CDLL(None)
        found, option = library.malloc_trim, library.mallopt
    except (OSError, AttributeError, TypeError):  # not glibc; Windows knows no library without a name
        return None
    found.argtypes, found.restype = [ctypes.c_size_t], ctypes.c_int
    option(_TRIM_THRESHOLD, _SPARE)  # else it grows, and the end of each thread's heap, which `trim` spares, with it
    return found
