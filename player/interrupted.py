"""What a run that breaks off leaves for the next one, should the engine be gone too: a small file on the disk.

Written on a thread of its own, at most twice a second, at once where it matters; removed when a run ends well.
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import os
import pickle
import threading
from pathlib import Path
from typing import IO, Any, Final

from msgspec import Struct

from player.host.history import History
from player.host.places import taken
from timeline import store

EVERY: Final = 0.5  # seconds between two writings
_MARK: Final = b"needledrop run 1\n"
_OURS: Final = ("player.", "timeline.")
_OTHERS: Final = frozenset({("fractions", "Fraction"), ("pathlib", "PosixPath"), ("pathlib", "WindowsPath")})


class Run(Struct, frozen=True):
    """A run as it stood. `left` is what it would have left with the engine; `words` tell what sounded, if anything."""

    left: bytes
    history: History
    clock: int
    words: str | None


class Keeper:
    """Keeps the run of one timeline in `folder`, unless another program does.

    `found` is what the run before left. Nothing here raises: what cannot be kept is no reason to stop.
    """

    def __init__(self, folder: Path, timeline: str) -> None:
        self._folder = folder
        name = hashlib.sha256(os.fsencode(timeline)).hexdigest()[:16]
        self._file = folder / f"{name}.run"
        self._held: IO[bytes] | None = None
        self._next: Run | None = None
        self._stirred = threading.Condition()
        self._urgent = False
        self._changed = False
        self._over = False
        self._thread: threading.Thread | None = None
        self.found: Run | None = None
        with contextlib.suppress(OSError):
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._held = taken(self._file.with_suffix(".lock"))
        if self._held is not None:
            self.found = _read(self._file)

    def put(self, run: Run | None, *, at_once: bool) -> None:
        """Keep this; None: there is nothing worth it. Waits for nothing."""
        if self._held is None:
            return
        if self._thread is None:
            self._thread = threading.Thread(target=self._write_on, name="keep the run", daemon=True)
            self._thread.start()
        with self._stirred:
            self._next, self._changed = run, True
            self._urgent |= at_once
            self._stirred.notify()

    def close(self, *, forget: bool) -> None:
        """Write no more. `forget`: the run has ended well."""
        with self._stirred:
            self._over = self._urgent = True
            self._stirred.notify()
        if self._thread is not None:
            with contextlib.suppress(RuntimeError):  # a signal came in the midst of its start
                self._thread.join()
        if self._held is None:
            return
        if forget:
            _put(self._file, None)
        self._held.close()
        self._held = None

    def over_to(self, timeline: str) -> Keeper:
        """The run of this one has ended well; the keeper of another timeline's."""
        self.close(forget=True)
        return Keeper(self._folder, timeline)

    def _write_on(self) -> None:
        while True:
            with self._stirred:
                self._stirred.wait_for(lambda: self._changed or self._over)
                run, changed = self._next, self._changed
                self._changed = self._urgent = False
            if changed:
                _put(self._file, run)
            with self._stirred:
                if self._over and not self._changed:
                    return
                self._stirred.wait_for(lambda: self._urgent or self._over, EVERY)


def _put(file: Path, run: Run | None) -> None:
    with contextlib.suppress(store.Unwritable):
        if run is None:
            store.drop(file)
        else:
            raw = pickle.dumps(run)
            store.keep(file, _MARK + hashlib.sha256(raw).digest() + raw)


def _read(file: Path) -> Run | None:
    try:
        raw = file.read_bytes()
    except OSError:
        return None
    digest, body = raw[len(_MARK) : len(_MARK) + 32], raw[len(_MARK) + 32 :]
    if not raw.startswith(_MARK) or hashlib.sha256(body).digest() != digest:
        return None
    found = read(body)
    return found if isinstance(found, Run) else None


def read(raw: bytes) -> Any:
    """What was pickled of our own values; None for anything else, which is not even called."""
    try:
        return _Careful(io.BytesIO(raw)).load()
    except Exception:  # noqa: BLE001  a damaged pickle, or one of another version, raises whatever it likes
        return None


class _Careful(pickle.Unpickler):
    def find_class(self, module: str, name: str) -> Any:
        if module.startswith("msgspec.") and name == "rebuild":  # calls a type found below with its fields
            return super().find_class(module, name)
        if not module.startswith(_OURS) and (module, name) not in _OTHERS:
            raise pickle.UnpicklingError(f"{module}.{name} is none of ours")
        found = super().find_class(module, name)
        if not isinstance(found, type):
            raise pickle.UnpicklingError(f"{module}.{name} is no value")
        return found
