"""What pieces of MIDI take of memory is given back when they are over."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

SCRIPT = """
import threading
import numpy as np
import psutil
from player.devices.synth import open_midi
from player.paths import assets

def use(piece):
    source, out = open_midi(str(piece)), np.empty((48_000, 2), np.float32)
    source.read(0, out)
    opened.append(source)

def resident():
    return psutil.Process().memory_info().rss / 2**20

opened = []
pieces = sorted((assets() / "films" / "stand-ins").glob("*.mid"))
use(pieces[0])  # with the first come the library and its tables
opened.pop().close()
before = resident()
threads = [threading.Thread(target=use, args=(piece,)) for piece in pieces[:4]]  # as feeds do
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
during = resident()
while opened:
    opened.pop().close()
print(during - before, resident() - before)
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="what glibc does")
def test_the_memory_of_pieces_that_are_over_is_given_back():
    done = subprocess.run([sys.executable, "-c", SCRIPT], cwd=ROOT, capture_output=True, text=True, check=True)
    during, after = map(float, done.stdout.split())
    assert during > 25  # MiB: of four synthesizers
    assert after < 8
