"""Ten minutes of what `dropouts` measures, while programs of the lowest priority keep every core busy."""

from __future__ import annotations

import os
from typing import Final

from scripts._bench.dropouts import NEEDS, report

__all__ = ["NEEDS", "run"]

SECONDS: Final = 600


def run() -> None:
    """Print the gaps of both tones."""
    report("stress", SECONDS, burners=os.cpu_count() or 1)
