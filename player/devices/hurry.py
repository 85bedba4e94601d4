"""Asks the system to run a thread before others."""

from __future__ import annotations

import contextlib
import os
import sys

_PRIORITY = 5  # of 99: before everything that is not real time, behind the system's own sound threads


def run_first() -> None:
    """Run the calling thread first, in real time, where the system lets it (`ulimit -r`); else nothing changes."""
    if sys.platform == "linux":
        with contextlib.suppress(OSError):
            os.sched_setscheduler(0, os.SCHED_RR | os.SCHED_RESET_ON_FORK, os.sched_param(_PRIORITY))
