"""Where a person's own things lie: the library, their choices, and what was measured."""

from __future__ import annotations

import os
from pathlib import Path


def data_folder() -> Path:
    """What only the person can make again: $NEEDLEDROP_DATA, else `needledrop` in their data folder."""
    import platformdirs  # noqa: PLC0415  (a run that needs no library does not pay for it)

    named = os.environ.get("NEEDLEDROP_DATA")
    return Path(named) if named else Path(platformdirs.user_data_path("needledrop", appauthor=False))


def cache_folder() -> Path:
    """What a machine can make again: `cache` in $NEEDLEDROP_DATA, else `needledrop` in their cache folder."""
    import platformdirs  # noqa: PLC0415

    named = os.environ.get("NEEDLEDROP_DATA")
    return Path(named) / "cache" if named else Path(platformdirs.user_cache_path("needledrop", appauthor=False))
