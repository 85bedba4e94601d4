"""Saves that are killed, that do not fit and that meet: the file is one of the whole versions, and no edit is lost."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from player.unsaved import Journal
from timeline import draft as drafts
from timeline import store
from timeline.reader import read

if sys.platform == "win32":
    pytest.skip("needs a Unix", allow_module_level=True)

LONG = os.environ.get("NEEDLEDROP_LONG") == "1"
KILLS = 200 if LONG else 25
SAVES = 200 if LONG else 30
ROOT = Path(__file__).resolve().parents[2]

# A process that has everything loaded and forks: what is to be killed begins within a millisecond.
PARENT = """
import os, sys, resource, signal
from pathlib import Path
sys.path.insert(0, {root!r})
from player.unsaved import Journal
from timeline import draft as drafts
from timeline import store
from timeline.edit import Insert, Set

def version(number):
    return b"needledrop: 1  # %07d\\n" % number * 3000 + b"# end of %07d\\n" % number

def saves(film, number):
    os.write(1, b"begins\\n")
    while True:
        store.save(film, version(number + 1), version(number))
        number += 1

def edits(film, folder, number):
    "One edit after another, each said when it is kept; every third is saved."
    os.write(1, b"begins\\n")
    draft, journal = drafts.open_draft(store.raw_bytes(film)), Journal(folder, film)
    offer = journal.offered()
    if offer:
        draft = drafts.rebase(drafts.found(offer[1], draft.disk), draft.disk).draft
        journal.begin(draft)
        from player.unsaved import forget
        forget(offer[0])
    while True:
        number += 1
        draft = drafts.do(draft, Insert("scenes/door/cues", "say: edit %d" % number, 0), "add")
        journal.add(draft.done[-1], draft)
        os.write(1, b"%d\\n" % number)
        if number % 3 == 0:
            store.save(film, draft.raw, draft.disk)
            draft = drafts.saved(draft, draft.raw)
            journal.begin(draft)

def together(film, scene, count):
    "Saves of one of two programs that edit the same file."
    draft = drafts.open_draft(store.raw_bytes(film))
    for number in range(1, count + 1):
        draft = drafts.do(draft, Set("scenes/%s/note" % scene, "edit %d" % number), "note")
        while True:
            try:
                store.save(film, draft.raw, draft.disk)
            except store.Changed as changed:
                rebased = drafts.rebase(draft, changed.raw)
                assert rebased.conflicts == ()
                draft = rebased.draft
            else:
                draft = drafts.saved(draft, draft.raw)
                break

def small(film, largest):
    resource.setrlimit(resource.RLIMIT_FSIZE, (largest, largest))
    try:
        store.save(film, version(1), film.read_bytes())
    except store.Unwritable as why:
        os.write(1, (why.why + "\\n").encode())

def nothing():
    pass

for line in sys.stdin:
    words = eval(line)
    pid = os.fork()
    if pid == 0:
        globals()[words[0]](*words[1:])
        os._exit(0)
    os.write(1, b"pid %d\\n" % pid)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
"""


class Parent:
    """Begins processes of the kinds above."""

    def __init__(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", PARENT.format(root=str(ROOT))],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            bufsize=1,
        )
        self.early: list[str] = []  # lines of a child that was faster than its parent

    def begin(self, *words: object) -> int:
        """Its process id."""
        assert self.process.stdin
        told = ", ".join(f"Path({str(word)!r})" if isinstance(word, Path) else repr(word) for word in words)
        self.process.stdin.write(f"({told},)\n")
        while True:
            line = self.line()
            if line.startswith("pid"):
                return int(line.split()[1])
            self.early.append(line)

    def wait(self, words: str) -> None:
        """Until a child says so."""
        while words not in self.early:
            self.early.append(self.line())
        self.early.remove(words)

    def line(self) -> str:
        """The next line that a child says."""
        assert self.process.stdout
        line = self.process.stdout.readline()
        assert line, "the process that forks has ended"
        return line.strip()

    def close(self) -> None:
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.close()
        self.process.wait(10)
        self.process.stdout.close()


@pytest.fixture
def parent() -> Iterator[Parent]:
    made = Parent()
    yield made
    made.close()


def version(number: int) -> bytes:
    return b"needledrop: 1  # %07d\n" % number * 3000 + b"# end of %07d\n" % number


def number_of(raw: bytes) -> int:
    """Which version this is, whole."""
    number = int(raw[18:25])
    assert raw == version(number), f"torn at {len(raw)} bytes"
    return number


def kill(pid: int) -> None:
    os.kill(pid, signal.SIGKILL)
    while Path(f"/proc/{pid}").exists() or _lives(pid):
        time.sleep(0.001)


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_a_save_that_is_killed_leaves_the_old_file_or_the_new_one(parent: Parent, tmp_path: Path) -> None:
    rng = random.Random(1)
    film = tmp_path / "film.yaml"
    film.write_bytes(version(0))
    number = saved = 0
    for _ in range(KILLS):
        pid = parent.begin("saves", film, number)
        parent.wait("begins")
        time.sleep(rng.uniform(0, 0.03))
        kill(pid)
        found = number_of(film.read_bytes())
        assert found >= number
        saved += found - number
        number = found
    assert saved
    store.save(film, version(number + 1), version(number))
    assert list(tmp_path.iterdir()) == [film]


def test_no_edit_that_was_made_is_lost_when_the_program_is_killed(parent: Parent, tmp_path: Path) -> None:
    rng = random.Random(2)
    film, folder = tmp_path / "film.yaml", tmp_path / "edits"
    film.write_text("needledrop: 1\nscenes:\n  - {id: door, title: The door}\n")
    made = 0
    for _ in range(KILLS):
        pid = parent.begin("edits", film, folder, made)
        parent.wait("begins")
        time.sleep(rng.uniform(0, 0.08))
        kill(pid)
        parent.begin("nothing")  # what it said comes before this one's id
        made = max([made, *(int(line) for line in parent.early if line.isdigit())])
        parent.early.clear()
        draft = drafts.open_draft(film.read_bytes())
        offer = Journal(folder, film).offered()
        if offer:
            rebased = drafts.rebase(drafts.found(offer[1], draft.disk), draft.disk)
            assert rebased.conflicts == ()
            draft = rebased.draft
        texts = [cue.text for scene in read(draft.raw, "film.yaml").timeline.scenes for cue in scene.cues]  # type: ignore[union-attr]
        said = [f"edit {number}" for number in range(made, 0, -1)]
        assert texts[-len(said) :] == said if said else True
        assert len(texts) <= len(said) + 1  # one that was kept, and could not say so any more
        made = len(texts)
    assert made


def test_two_programs_that_save_at_once_lose_nothing_and_no_reader_sees_half_a_file(
    parent: Parent, tmp_path: Path
) -> None:
    film = tmp_path / "film.yaml"
    padding = "".join(f"  - {{id: s{n}, title: Scene {n}}}\n" for n in range(20))
    film.write_text(
        f"needledrop: 1\nscenes:\n  - {{id: door, title: D, note: n}}\n{padding}  - {{id: roof, title: R, note: n}}\n"
    )
    running = [parent.begin("together", film, scene, SAVES) for scene in ("door", "roof")]
    looks = 0
    while any(_lives(pid) for pid in running):
        raw = film.read_bytes()
        assert raw.startswith(b"needledrop: 1\n")
        assert raw.count(b"\n") == 24
        assert raw.endswith(b"}\n")
        looks += 1
    assert looks > 10
    assert _notes(film.read_bytes()) == [SAVES, SAVES]


def _notes(raw: bytes) -> list[int]:
    scenes = read(raw, "film.yaml").timeline.scenes
    return [int(scene.note.split()[-1]) for scene in scenes if scene.note and scene.note != "n"]


def test_a_file_that_may_not_grow_stays_as_it_was(parent: Parent, tmp_path: Path) -> None:
    film = tmp_path / "film.yaml"
    film.write_bytes(b"needledrop: 1\n")
    parent.begin("small", film, 20_000)
    assert (parent.early or [parent.line()])[0] == "cannot be saved: it would be larger than files may be here"
    assert film.read_bytes() == b"needledrop: 1\n"
    assert list(tmp_path.iterdir()) == [film]


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can make a small disk")
def test_a_disk_that_is_full(tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=64k", "none", disk], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip("no small disk can be made here")
    try:
        film = disk / "film.yaml"
        film.write_bytes(b"needledrop: 1\n")
        with pytest.raises(store.Unwritable, match=r"the disk is full$"):
            store.save(film, version(1), b"needledrop: 1\n")
        assert film.read_bytes() == b"needledrop: 1\n"
        assert list(disk.iterdir()) == [film]
        film.with_name("other.yaml").hardlink_to(film)
        with pytest.raises(store.Unwritable, match=r"the disk is full$"):
            store.save(film, version(1), b"needledrop: 1\n")
        assert film.read_bytes() == b"needledrop: 1\n"
    finally:
        subprocess.run(["umount", disk], check=True)
