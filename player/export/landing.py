"""Files that appear when they are whole, and not before."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

from player.errors import ExportError


@contextlib.contextmanager
def landing(out: Path) -> Iterator[Path]:
    """A path beside `out` to write to; what is written there takes the place of `out` at the end.

    If anything is raised meanwhile, nothing stays of it and `out` is as it was. Raises ExportError for `out`.
    """
    part = out.with_name(f".needledrop-{os.getpid()}.part")
    try:
        yield part
        _move(part, out)
    except ExportError as error:
        raise ExportError(str(out), error.why) from error
    finally:
        with contextlib.suppress(OSError):
            part.unlink()


def _move(part: Path, out: Path) -> None:
    try:
        os.replace(part, out)
    except OSError as error:
        raise ExportError(str(out), f"cannot be written: {(error.strerror or str(error)).lower()}") from error
