"""What a request to end does while somebody sees to it, and afterwards."""

from __future__ import annotations

import signal
import subprocess
import sys

import pytest

PROGRAM = """
import signal, sys, time
from player import signals
signals.hear()
told = []
with signals.told_to(told.append):
    signal.raise_signal(int(sys.argv[1]))
time.sleep(10 * signals.AGAIN)
print(*told)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows ends a process without asking it")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_request_that_was_told_is_not_made_again(number: signal.Signals) -> None:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(int(number))], capture_output=True, text=True, timeout=20, check=False
    )
    assert (done.returncode, done.stdout.split(), done.stderr) == (0, [str(int(number))], "")
