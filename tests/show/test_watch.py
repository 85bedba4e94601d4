"""When a change of a file is over: each editor's way of saving, on a clock that the test moves."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest

from player.watch import Stamp, Watch

OLD, NEW = b"needledrop: 1\nfilm: {title: Old}\n", b"needledrop: 1\nfilm: {title: New}\n"


@dataclass
class Disk:
    """One file, or none, and a watch over it that looks ten times a second."""

    raw: bytes | None = OLD
    inode: int = 1
    changes: int = 0
    time: float = 0.0
    found: list[tuple[float, bytes]] = field(default_factory=list)
    reads: int = 0

    def __post_init__(self) -> None:
        self.watch = Watch(self.stat, self.read, OLD)
        self.run(0.5)

    def stat(self) -> Stamp | None:
        return None if self.raw is None else (self.changes, self.changes, len(self.raw), self.inode)

    def read(self) -> bytes | None:
        self.reads += 1
        return self.raw

    def write(self, raw: bytes) -> None:
        """In place."""
        self.raw = raw
        self.changes += 1

    def put(self, raw: bytes) -> None:
        """By rename."""
        self.inode += 1
        self.write(raw)

    def run(self, seconds: float) -> None:
        for _ in range(round(seconds * 10)):
            self.time = round(self.time + 0.1, 3)
            if (raw := self.watch.poll(self.time)) is not None:
                self.found.append((self.time, raw))


@pytest.fixture
def disk() -> Disk:
    made = Disk()
    assert made.found == []
    return made


def test_in_place(disk: Disk) -> None:
    disk.write(NEW)
    disk.run(5)
    assert disk.found == [(0.8, NEW)]  # seen at 0.6, still at 0.7 and 0.8


def test_by_rename(disk: Disk) -> None:
    disk.put(NEW)
    disk.run(5)
    assert disk.found == [(0.8, NEW)]


def test_vims_way(disk: Disk) -> None:
    disk.raw = None  # mv film.yaml film.yaml~
    disk.run(0.1)
    assert disk.watch.gone
    disk.put(b"")  # open
    disk.run(0.1)
    disk.write(NEW)  # write; then rm film.yaml~
    disk.run(5)
    assert disk.found == [(1.0, NEW)]


def test_a_slow_writer_is_waited_for(disk: Disk) -> None:
    for end in range(0, len(NEW), 4):
        disk.write(NEW[:end])
        disk.run(0.1)
    disk.write(NEW)
    at = disk.time
    disk.run(5)
    assert disk.found == [(pytest.approx(at + 0.3), NEW)]


def test_a_slow_writer_that_pauses_is_not_read_by_half(disk: Disk) -> None:
    disk.write(OLD[:20])
    disk.run(0.9)
    disk.write(OLD)
    disk.run(5)
    assert disk.found == []


def test_a_file_that_became_shorter_is_taken_a_second_later(disk: Disk) -> None:
    disk.write(OLD[:14])
    disk.run(5)
    assert disk.found == [(pytest.approx(1.6), OLD[:14])]


def test_an_emptied_file_too(disk: Disk) -> None:
    disk.write(b"")
    disk.run(5)
    assert disk.found == [(pytest.approx(1.6), b"")]


def test_a_sync_client_that_keeps_the_time_and_size(disk: Disk) -> None:
    disk.raw, disk.inode = NEW, 2
    disk.run(5)
    assert disk.found == [(0.8, NEW)]


def test_the_same_bytes_again_are_no_news(disk: Disk) -> None:
    disk.put(OLD)
    disk.run(5)
    assert disk.found == []


def test_a_file_that_is_gone_for_a_moment(disk: Disk) -> None:
    disk.raw = None
    disk.run(3)
    disk.put(OLD)
    disk.run(1)
    assert disk.found == []
    disk.raw = None
    disk.run(3)
    disk.put(NEW)
    disk.run(1)
    assert [raw for _, raw in disk.found] == [NEW]


def test_what_we_saved_ourselves_is_no_news(disk: Disk) -> None:
    disk.put(NEW)
    disk.watch.saved(NEW)
    disk.run(5)
    assert disk.found == []
    disk.put(OLD)
    disk.run(5)
    assert [raw for _, raw in disk.found] == [OLD]


def test_a_file_that_changes_while_it_is_read_is_read_again(disk: Disk) -> None:
    read = disk.read

    def torn() -> bytes | None:
        disk.watch.read = read
        half = NEW[:10] + OLD[10:]
        disk.write(NEW)
        return half

    disk.write(NEW[:10] + OLD[10:])
    disk.watch.read = torn
    disk.run(5)
    assert [raw for _, raw in disk.found] == [NEW]


def test_a_second_save_within_the_same_tick_of_a_coarse_clock_is_found(disk: Disk) -> None:
    disk.write(NEW)
    disk.run(0.5)
    disk.raw = NEW.replace(b"New", b"Now")  # same size, same time, same inode
    disk.run(5)
    assert [raw for _, raw in disk.found] == [NEW, NEW.replace(b"New", b"Now")]


def test_a_file_at_rest_is_not_read(disk: Disk) -> None:
    disk.run(5)
    before = disk.reads
    disk.run(60)
    assert disk.reads == before


def test_a_file_that_cannot_be_read_is_tried_again(disk: Disk) -> None:
    read = disk.read
    disk.watch.read = lambda: None
    disk.write(NEW)
    disk.run(2)
    disk.watch.read = read
    disk.run(1)
    assert [raw for _, raw in disk.found] == [NEW]
