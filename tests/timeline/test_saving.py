"""Saving: the old file or the new one, whole, for whoever looks; and never over what somebody else wrote."""

from __future__ import annotations

import errno
import os
import stat
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from timeline import store
from timeline.store import Changed, Unwritable, save

OLD = b"needledrop: 1\n"
NEW = b"needledrop: 1\nfilm: {title: New}\n"


@pytest.fixture
def film(tmp_path: Path) -> Path:
    path = tmp_path / "film.yaml"
    path.write_bytes(OLD)
    return path


def alone(film: Path) -> bool:
    """Whether nothing but the film is left in its folder."""
    return sorted(film.parent.iterdir()) == [film]


def test_the_new_bytes_stand_in_the_file(film: Path) -> None:
    save(film, NEW, OLD)
    assert film.read_bytes() == NEW
    assert alone(film)


def test_a_file_that_holds_the_new_bytes_already_is_saved(film: Path) -> None:
    film.write_bytes(NEW)
    before = film.stat().st_ino
    save(film, NEW, OLD)
    assert film.stat().st_ino == before


def test_a_change_made_meanwhile_is_not_written_over(film: Path) -> None:
    film.write_bytes(b"theirs")
    with pytest.raises(Changed) as caught:
        save(film, NEW, OLD)
    assert caught.value.raw == b"theirs"
    assert film.read_bytes() == b"theirs"
    assert alone(film)


def test_a_file_that_is_gone_meanwhile_does_not_come_back_by_itself(film: Path) -> None:
    film.unlink()
    with pytest.raises(Changed) as caught:
        save(film, NEW, OLD)
    assert caught.value.raw is None
    assert not film.exists()


def test_a_new_file(tmp_path: Path) -> None:
    save(tmp_path / "film.yaml", NEW, None)
    assert (tmp_path / "film.yaml").read_bytes() == NEW


def test_a_new_file_does_not_take_the_place_of_another(film: Path) -> None:
    with pytest.raises(Changed) as caught:
        save(film, NEW, None)
    assert caught.value.raw == OLD


@pytest.mark.skipif(sys.platform != "linux", reason="needs an exchange of names")
def test_a_save_between_the_last_look_and_the_swap_comes_back(film: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    exchange = store._exchanged

    def late(one: Path, other: Path) -> bool:
        monkeypatch.setattr(store, "_exchanged", exchange)
        film.write_bytes(b"theirs")
        return exchange(one, other)

    monkeypatch.setattr(store, "_exchanged", late)
    with pytest.raises(Changed) as caught:
        save(film, NEW, OLD)
    assert caught.value.raw == b"theirs"
    assert film.read_bytes() == b"theirs"
    assert alone(film)


def test_a_file_that_is_taken_away_at_the_last_moment_does_not_come_back(
    film: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    exchange = store._exchanged

    def late(one: Path, other: Path) -> bool:
        film.unlink()
        return exchange(one, other)

    monkeypatch.setattr(store, "_exchanged", late)
    with pytest.raises(Changed) as caught:
        save(film, NEW, OLD)
    assert caught.value.raw is None
    assert list(film.parent.iterdir()) == []


@pytest.mark.skipif(sys.platform == "win32", reason="needs a Unix")
def test_links_lead_where_they_led(film: Path, tmp_path: Path) -> None:
    (tmp_path / "shows").mkdir()
    soft, hard = tmp_path / "shows" / "soft.yaml", tmp_path / "shows" / "hard.yaml"
    soft.symlink_to("../film.yaml")
    hard.hardlink_to(film)
    save(soft, NEW, OLD)
    assert os.readlink(soft) == "../film.yaml"
    assert hard.samefile(film)
    assert film.read_bytes() == NEW


@pytest.mark.skipif(sys.platform == "win32", reason="needs a Unix")
@pytest.mark.parametrize("mode", [0o600, 0o640, 0o664, 0o755])
def test_the_mode_stays(film: Path, mode: int) -> None:
    film.chmod(mode)
    save(film, NEW, OLD)
    assert stat.S_IMODE(film.stat().st_mode) == mode


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root may give files away")
def test_the_owner_stays(film: Path) -> None:
    os.chown(film, 12345, 54321)
    save(film, NEW, OLD)
    assert (film.stat().st_uid, film.stat().st_gid) == (12345, 54321)


def test_a_read_only_file_is_meant_to_be_one(film: Path) -> None:
    film.chmod(0o444)
    with pytest.raises(Unwritable) as caught:
        save(film, NEW, OLD)
    assert str(caught.value) == f"{film}: cannot be saved: it is read-only"
    assert film.read_bytes() == OLD


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(Unwritable, match=r"cannot be saved: there is no such folder$"):
        save(tmp_path / "none" / "film.yaml", NEW, None)


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(Unwritable, match=r"cannot be saved: (is a directory|permission denied)$"):
        save(tmp_path, NEW, OLD)


def refusing(number: int, *, on: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let one function of the system fail."""

    def fail(*_: object, **__: object) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, on, fail)


@pytest.mark.parametrize("on", ["fsync", "open"])
def test_a_full_disk_leaves_everything_as_it_was(film: Path, on: str, monkeypatch: pytest.MonkeyPatch) -> None:
    refusing(errno.ENOSPC, on=on, monkeypatch=monkeypatch)
    with pytest.raises(Unwritable) as caught:
        save(film, NEW, OLD)
    assert str(caught.value) == f"{film}: cannot be saved: the disk is full"
    monkeypatch.undo()
    assert film.read_bytes() == OLD
    assert alone(film)


@pytest.mark.skipif(sys.platform == "win32", reason="needs a Unix")
def test_a_file_that_nothing_can_take_the_place_of_is_written_in_place(
    film: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = film.stat().st_ino
    monkeypatch.setattr(store, "_exchanged", lambda *_: False)
    refusing(errno.EBUSY, on="replace", monkeypatch=monkeypatch)  # as for the target of a bind mount
    save(film, NEW, OLD)
    assert film.read_bytes() == NEW
    assert film.stat().st_ino == before
    assert alone(film)
    save(film, OLD, NEW)
    assert film.read_bytes() == OLD


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root can mount")
def test_a_file_that_is_mounted_over_another(film: Path) -> None:
    mounted = film.with_name("mounted.yaml")
    mounted.touch()
    if subprocess.run(["mount", "--bind", film, mounted], capture_output=True, check=False).returncode:
        pytest.skip("nothing can be mounted here")
    try:
        save(mounted, NEW, OLD)
        assert film.read_bytes() == NEW
        assert sorted(film.parent.iterdir()) == [film, mounted]
    finally:
        subprocess.run(["umount", mounted], check=True)


def test_in_place_the_old_bytes_come_back_where_the_new_ones_do_not_fit(
    film: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    over, calls = store._write_over, list[bytes]()

    def half(number: int, raw: bytes) -> None:
        calls.append(raw)
        if len(calls) > 1:
            over(number, raw)
            return
        os.write(number, raw[:20])
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(store, "_write_over", half)
    film.with_name("other.yaml").hardlink_to(film)
    with pytest.raises(Unwritable, match=r"the disk is full$"):
        save(film, NEW, OLD)
    assert film.read_bytes() == OLD
    assert sorted(film.parent.iterdir()) == [film, film.with_name("other.yaml")]


def test_where_not_even_that_can_be_done_the_copy_stays_and_is_named(
    film: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def torn(number: int, raw: bytes) -> None:
        os.write(number, raw[:5])
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(store, "_write_over", torn)
    film.with_name("other.yaml").hardlink_to(film)
    with pytest.raises(Unwritable) as caught:
        save(film, NEW, OLD)
    (copy,) = film.parent.glob(".needledrop-*.copy")
    assert caught.value.why == f"cannot be saved: input/output error; what it held is in {copy}"
    assert copy.read_bytes() == OLD
    monkeypatch.undo()
    save(film, OLD, film.read_bytes())
    assert copy.exists()  # nobody but the person takes it away


READ_ONLY = """
import ctypes, fcntl, os, sys  # what only root may read is read before
sys.path.insert(0, os.getcwd())
from pathlib import Path
from timeline.store import save
os.setuid(12345)
film = Path(sys.argv[1])
save(film, film.read_bytes() + b"# more\\n", film.read_bytes())
"""


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root can become somebody else")
def test_a_read_only_folder_with_a_file_that_may_be_written(film: Path) -> None:
    for folder in (film.parent, *film.parent.parents[:3]):
        folder.chmod(0o755)
    film.chmod(0o666)
    ran = subprocess.run([sys.executable, "-c", READ_ONLY, film], capture_output=True, text=True, check=False)
    assert ran.stderr == ""
    assert film.read_bytes() == OLD + b"# more\n"
    assert alone(film)


def test_what_a_killed_save_left_goes_with_the_next(film: Path) -> None:
    film.with_name(".needledrop-0011.tmp").write_bytes(b"half")
    save(film, NEW, OLD)
    assert alone(film)


def test_two_saves_of_the_same_old_text_never_both_win(film: Path) -> None:
    won, lost = list[bytes](), list[bytes | None]()

    def one(raw: bytes) -> None:
        try:
            save(film, raw, OLD)
            won.append(raw)
        except Changed as changed:
            lost.append(changed.raw)

    threads = [threading.Thread(target=one, args=(NEW + b"# %d\n" % n,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(won) == 1
    assert lost == won * 7
    assert film.read_bytes() == won[0]
    assert alone(film)


@pytest.mark.skipif(sys.platform == "win32", reason="needs a Unix")
def test_another_program_in_the_folder_is_waited_for_and_then_told(film: Path) -> None:
    import fcntl  # noqa: PLC0415  (not on Windows)

    number = os.open(film.parent, os.O_RDONLY)
    fcntl.flock(number, fcntl.LOCK_EX)
    waited = list[float]()

    def pause(seconds: float) -> None:
        waited.append(seconds)
        if len(waited) == 3:
            os.close(number)

    save(film, NEW, OLD, pause)
    assert waited == [0.02, 0.02, 0.02]
    assert film.read_bytes() == NEW

    number = os.open(film.parent, os.O_RDONLY)
    fcntl.flock(number, fcntl.LOCK_EX)
    with pytest.raises(Unwritable, match=r"another program is saving in this folder; try again$"):
        save(film, OLD, NEW, lambda seconds: None)
    os.close(number)
    assert film.read_bytes() == NEW


def test_keep_makes_the_folder_and_drop_needs_no_file(tmp_path: Path) -> None:
    path = tmp_path / "data" / "journal.json"
    store.keep(path, b"one")
    store.keep(path, b"two")
    assert path.read_bytes() == b"two"
    store.drop(path)
    store.drop(path)
    assert list(path.parent.iterdir()) == []
