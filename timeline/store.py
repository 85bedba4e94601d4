"""The one module of the timeline that touches the disk."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import secrets
import stat
import sys
import tempfile
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any, Final

from timeline.nodes import LOADER
from timeline.reader import NOBODY, Host, Reading, read
from timeline.syntax import undecodable

LARGEST = 64 * 1024 * 1024
PREFIX: Final = ".needledrop-"  # what our files beside a timeline begin with; none outlives a save that ends
PATIENCE: Final = 100  # looks at a folder that another program saves in, or at a file that one holds
GLANCE: Final = 0.02  # seconds between them

_BINARY: Final = getattr(os, "O_BINARY", 0)

Pause = Callable[[float], None]


class Unreadable(Exception):
    """A file that gives no text at all; str() is one line that says which, why and what to do."""

    def __init__(self, path: Path, why: str) -> None:
        super().__init__(f"{path}: {why}")
        self.path = path
        self.why = why


class Changed(Exception):
    """The file is not what the edits were made on; `raw` is what it holds now, None where it is gone."""

    def __init__(self, path: Path, raw: bytes | None) -> None:
        super().__init__(f"{path}: has been changed by another program" if raw is not None else f"{path}: is gone")
        self.path = path
        self.raw = raw


class Unwritable(Exception):
    """A file that cannot be saved and is as it was; str() is one line that says which, why and what to do."""

    def __init__(self, path: Path, why: str) -> None:
        super().__init__(f"{path}: {why}")
        self.path = path
        self.why = why


# -- reading


def load(path: str | os.PathLike[str], loader: str = LOADER, host: Host = NOBODY) -> Reading:
    """Read and check a timeline with everything beside it. Raises Unreadable when there is no text."""
    return reading(raw_bytes(path), path, loader, host=host)


def reading(
    raw: bytes,
    path: str | os.PathLike[str],
    loader: str = LOADER,
    exists: Callable[[str], bool] | None = None,
    host: Host = NOBODY,
) -> Reading:
    """The same of bytes that stand, or are to stand, in the file `path`. `exists` spares looks at the disk."""
    file = Path(path)
    if why := undecodable(raw):
        raise Unreadable(file, why)
    base = file.parent
    return read(raw, str(path), exists or (lambda name: is_there(base, name)), base, loader, host)


def raw_bytes(path: str | os.PathLike[str]) -> bytes:
    """All that is in a file. Raises Unreadable."""
    file = Path(path)
    try:
        with file.open("rb") as stream:
            raw = stream.read(LARGEST + 1)
    except FileNotFoundError:
        raise Unreadable(file, "there is no such file") from None
    except IsADirectoryError:
        raise Unreadable(file, "this is a folder; name a file in it") from None
    except ValueError:  # a NUL in the name
        raise Unreadable(file, "no file can be called that") from None
    except OSError as error:
        if os.path.isdir(file):  # Windows says "permission denied" of a folder; Path.is_dir may raise
            raise Unreadable(file, "this is a folder; name a file in it") from None
        raise Unreadable(file, f"cannot be read ({error.strerror or error})") from None
    if len(raw) > LARGEST:
        raise Unreadable(file, "larger than 64 MiB, which no timeline is")
    return raw


def is_there(base: Path, name: str) -> bool:
    """Whether a folder has a file that a timeline in it names."""
    try:
        return (base / name).exists()
    except (OSError, ValueError):
        return False


# -- saving


def save(path: str | os.PathLike[str], raw: bytes, expected: bytes | None, pause: Pause | None = None) -> None:
    """Put `raw` in the place of what the file holds, at once and for good, if that is still `expected`.

    expected: what the edits were made on; None: there is to be no file yet. Links lead where they led; mode and,
    where we may, owner stay. Whoever reads meanwhile, and whoever looks after a crash, finds the old bytes or the
    new ones. pause: sleeps for so many seconds; with it, another program that holds the file is waited for, for
    about two seconds. Raises Changed where the file holds something else, and Unwritable; then it is as it was.
    """
    file = Path(os.path.realpath(path))
    try:
        with _alone(file.parent, pause):
            found = _found(file)
            if found == raw:
                return
            if found != expected:
                raise Changed(Path(path), found)
            _put(file, raw, expected, pause)
    except _Differs as differs:
        raise Changed(Path(path), differs.raw) from None
    except OSError as error:
        raise Unwritable(Path(path), _why(error)) from error


def keep(path: Path, raw: bytes) -> None:
    """Put `raw` into a file of our own, at once and for good, with the folder it needs. Raises Unwritable."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with _alone(path.parent, None):
            temporary = _written_beside(path, raw)
            try:
                os.replace(temporary, path)
            except OSError:
                temporary.unlink()
                raise
            _sync_folder(path.parent)
    except OSError as error:
        raise Unwritable(path, _why(error)) from error


def drop(path: Path) -> None:
    """Remove a file of our own, if it is there. Raises Unwritable."""
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        raise Unwritable(path, _why(error)) from error


class _Differs(Exception):
    """What came out when the new file went in was not what should have."""

    def __init__(self, raw: bytes | None) -> None:
        super().__init__()
        self.raw = raw


_ELSEWHERE: Final = (errno.EACCES, errno.EPERM, errno.EBUSY, errno.EXDEV, errno.EROFS)  # not beside it, so in place


def _put(file: Path, raw: bytes, expected: bytes | None, pause: Pause | None) -> None:
    status = None if expected is None else file.stat()
    if status is not None:
        if not stat.S_ISREG(status.st_mode):
            raise OSError(errno.EINVAL, "it is no ordinary file")
        if not status.st_mode & 0o222 or not os.access(file, os.W_OK):
            raise OSError(errno.EACCES, "it is read-only")
        if status.st_nlink > 1:  # a new file would be none of the others any more
            _in_place(file, raw, expected or b"")
            return
    try:
        temporary = _written_beside(file, raw, status)
        try:
            _swap(temporary, file, expected, pause)
        finally:
            temporary.unlink(missing_ok=True)
        _sync_folder(file.parent)
    except OSError as error:
        if expected is None or error.errno not in _ELSEWHERE:
            raise
        _in_place(file, raw, expected)


def _written_beside(file: Path, raw: bytes, like: os.stat_result | None = None, end: str = "tmp") -> Path:
    """A new file in the same folder that holds `raw` and is on the disk for good."""
    new = file.with_name(f"{PREFIX}{secrets.token_hex(8)}.{end}")
    number = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _BINARY, 0o600 if like else 0o666)
    try:
        with open(number, "wb") as stream:
            stream.write(raw)
            stream.flush()
            if like is not None:
                _dress(stream.fileno(), file, like)
            os.fsync(stream.fileno())
    except BaseException:
        new.unlink(missing_ok=True)
        raise
    return new


def _dress(number: int, file: Path, like: os.stat_result) -> None:
    """Give an open file the owner, attributes and mode of another one, as far as we may."""
    if not hasattr(os, "fchmod"):
        return
    for owner in ((like.st_uid, like.st_gid), (-1, like.st_gid)):
        with contextlib.suppress(OSError):
            os.fchown(number, *owner)
            break
    if hasattr(os, "listxattr"):
        with contextlib.suppress(OSError):
            for name in os.listxattr(file):
                with contextlib.suppress(OSError):
                    os.setxattr(number, name, os.getxattr(file, name))
    os.fchmod(number, stat.S_IMODE(like.st_mode))  # last: a new owner takes bits away


def _swap(temporary: Path, file: Path, expected: bytes | None, pause: Pause | None) -> None:
    """Let the new file take the name of the old one. Raises _Differs where the old one was not `expected`."""
    if expected is None:
        try:
            os.link(temporary, file)
        except FileExistsError:
            raise _Differs(_found(file)) from None
        except OSError:  # a file system without links
            os.replace(temporary, file)
        return
    if not _exchanged(temporary, file):
        if not os.path.lexists(file):  # an editor takes it away for a moment while it saves
            raise _Differs(None)
        _replaced(temporary, file, pause)
        return
    if _found(temporary) == expected:
        return
    # Another program saved between our look and our swap. Its file goes back, and whatever came after it stays.
    new = _found(file)
    _exchanged(temporary, file)
    while (back := _found(temporary)) != new and _exchanged(temporary, file):
        new = back
    raise _Differs(_found(file))


def _replaced(temporary: Path, file: Path, pause: Pause | None) -> None:
    for tries in range(PATIENCE, -1, -1):
        try:
            os.replace(temporary, file)
        except PermissionError:  # on Windows as long as another program has it open
            if os.name != "nt" or pause is None or not tries:
                raise
            pause(GLANCE)
        else:
            return


def _exchanged(one: Path, other: Path) -> bool:
    """Whether two files have changed names, at once; False, and nothing done, where the system cannot."""
    rename = _renameat2()
    return rename is not None and rename(-100, os.fsencode(one), -100, os.fsencode(other), 2) == 0


@cache
def _renameat2() -> Any:
    if sys.platform != "linux":
        return None
    import ctypes  # noqa: PLC0415  (only for those who save)

    try:
        function = ctypes.CDLL(None).renameat2
    except (OSError, AttributeError):
        return None
    function.argtypes = (ctypes.c_int, ctypes.c_char_p, ctypes.c_int, ctypes.c_char_p, ctypes.c_uint)
    return function


def _in_place(file: Path, raw: bytes, expected: bytes) -> None:
    """Write over a file that nothing can take the place of. A copy stands by until the new bytes are safe."""
    copy = _copy(file, expected)
    safe = True
    try:
        with file.open("r+b", buffering=0) as stream:
            if (now := stream.read()) != expected:
                raise _Differs(now)
            if len(raw) > len(expected) and hasattr(os, "posix_fallocate"):
                os.posix_fallocate(stream.fileno(), len(expected), len(raw) - len(expected))
            safe = False
            try:
                _write_over(stream.fileno(), raw)
            except OSError:
                _write_over(stream.fileno(), expected)
                safe = True
                raise
            safe = True
    except OSError as error:
        if not safe:
            raise OSError(error.errno, f"{error.strerror}; what it held is in {copy}") from error
        raise
    finally:
        if safe:
            copy.unlink()


def _write_over(number: int, raw: bytes) -> None:
    os.lseek(number, 0, os.SEEK_SET)
    left = memoryview(raw)
    while left:
        left = left[os.write(number, left) :]
    os.ftruncate(number, len(raw))
    os.fsync(number)


def _copy(file: Path, raw: bytes) -> Path:
    """A copy of a file: beside it, else in the temporary folder."""
    like = file.stat()
    try:
        return _written_beside(file, raw, like, f"{file.name[:100]}.copy")
    except OSError:
        return _written_beside(Path(tempfile.gettempdir()) / file.name, raw, like, f"{file.name[:100]}.copy")


def _found(file: Path) -> bytes | None:
    try:
        return file.read_bytes()
    except FileNotFoundError:
        return None


def _sync_folder(folder: Path) -> None:
    """Make a change of names last. Some systems cannot, and need not be told."""
    with contextlib.suppress(OSError):
        number = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(number)
        finally:
            os.close(number)


@contextlib.contextmanager
def _alone(folder: Path, pause: Pause | None) -> Iterator[None]:
    """Keep other saves of ours out of a folder. The system lets them in when we die."""
    if sys.platform == "win32":
        import msvcrt  # noqa: PLC0415  (only there)

        name = hashlib.sha256(os.fsencode(folder)).hexdigest()[:12]
        with open(Path(tempfile.gettempdir()) / f"needledrop-{name}.lock", "a+b") as file:
            file.seek(0)
            msvcrt.locking(file.fileno(), msvcrt.LK_LOCK, 1)
            yield
        return
    try:
        number = os.open(folder, os.O_RDONLY)
    except PermissionError:  # a folder whose files are known by name only
        yield
        return
    try:
        if _locked(number, pause):
            _sweep(folder)
        yield
    finally:
        os.close(number)


def _locked(number: int, pause: Pause | None) -> bool:
    """Whether the open folder is ours now; False where its file system has no locks."""
    if sys.platform == "win32":
        return False
    import fcntl  # noqa: PLC0415  (not on Windows)

    for tries in range(PATIENCE, -1, -1):
        try:
            fcntl.flock(number, fcntl.LOCK_EX | (fcntl.LOCK_NB if pause else 0))
        except BlockingIOError:
            if not tries or pause is None:
                raise OSError(errno.EAGAIN, "another program is saving in this folder; try again") from None
            pause(GLANCE)
        except OSError:
            return False
        else:
            return True
    return False


def _sweep(folder: Path) -> None:
    """Remove what saves that were killed have left: whoever holds the folder is the only one who saves in it."""
    with contextlib.suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            if entry.name.startswith(PREFIX) and entry.name.endswith(".tmp"):
                with contextlib.suppress(OSError):
                    os.unlink(entry.path)


_PLAIN: Final = {
    errno.ENOSPC: "the disk is full",
    errno.EDQUOT: "your share of the disk is used up",
    errno.EFBIG: "it would be larger than files may be here",
    errno.EROFS: "the disk is read-only",
    errno.ENOENT: "there is no such folder",
    errno.ENOTDIR: "there is no such folder",
}


def _why(error: OSError) -> str:
    why = _PLAIN.get(error.errno or 0) or (error.strerror or str(error))
    return f"cannot be saved: {why[:1].lower()}{why[1:]}"
