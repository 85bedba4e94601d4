"""What a run leaves on the disk for the next."""

from __future__ import annotations

import hashlib
import itertools
import os
import pickle
import threading

import pytest
from msgspec.structs import replace

from player import actions as act
from player.engine.commands import Pass
from player.host.history import History
from player.host.local import LocalEngine
from player.interrupted import Keeper, Run
from player.plan import Plan
from player.session import Session
from player.show import Show
from tests.show.rig import Steady, plan_of
from timeline import store


@pytest.fixture
def run() -> Run:
    history = History()
    history.send((Pass("a"),), 0)
    history.took([(1, 480)])
    return Run(b"state", history, 48_000, "A was at 0:01")


def left(folder) -> Run | None:
    keeper = Keeper(folder, "film")
    found = keeper.found
    keeper.close(forget=False)
    return found


def test_a_signal_in_the_midst_of_the_first_word_does_not_hold_up_the_end(tmp_path, run, monkeypatch):
    def interrupted(thread) -> None:
        raise KeyboardInterrupt

    keeper = Keeper(tmp_path, "film")
    monkeypatch.setattr(threading.Thread, "start", interrupted)
    with pytest.raises(KeyboardInterrupt):
        keeper.put(run, at_once=True)
    keeper.close(forget=True)
    assert left(tmp_path) is None


def test_what_was_kept_is_found_by_the_next_run_until_one_ends_well(tmp_path, run):
    keeper = Keeper(tmp_path, "film")
    assert keeper.found is None
    keeper.put(run, at_once=True)
    keeper.close(forget=False)
    assert left(tmp_path) == run
    Keeper(tmp_path, "film").close(forget=True)
    assert left(tmp_path) is None


def test_the_last_of_many_counts_and_nothing_at_all_is_worth_no_file(tmp_path, run):
    keeper = Keeper(tmp_path, "film")
    for n in range(50):
        keeper.put(Run(b"", run.history, n, None), at_once=n % 2 == 0)
    keeper.close(forget=False)
    assert left(tmp_path).clock == 49
    keeper = Keeper(tmp_path, "film")
    keeper.put(None, at_once=False)
    keeper.close(forget=False)
    assert left(tmp_path) is None


def test_two_programs_with_one_timeline_do_not_mix_their_runs(tmp_path, run):
    one = Keeper(tmp_path, "film")
    two = Keeper(tmp_path, "film")
    two.put(run, at_once=True)
    two.close(forget=True)
    one.close(forget=False)
    assert left(tmp_path) is None


def test_the_file_is_written_whole_and_synced_before_it_takes_its_name(tmp_path, run, monkeypatch):
    done = []
    fsync, rename = os.fsync, os.replace
    monkeypatch.setattr(os, "fsync", lambda number: done.append("fsync") or fsync(number))
    monkeypatch.setattr(os, "replace", lambda a, b: done.append("rename") or rename(a, b))
    keeper = Keeper(tmp_path, "film")
    keeper.put(run, at_once=True)
    keeper.close(forget=False)
    assert done[:3] == ["fsync", "rename", "fsync"]


def test_a_folder_that_cannot_be_written_is_no_reason_to_stop(tmp_path, run):
    (tmp_path / "file").write_text("")
    keeper = Keeper(tmp_path / "file", "film")
    keeper.put(run, at_once=True)
    keeper.close(forget=True)


def test_a_damaged_or_foreign_file_is_no_run_and_nothing_in_it_is_called(tmp_path, run):
    keeper = Keeper(tmp_path, "film")
    keeper.put(run, at_once=True)
    keeper.close(forget=False)
    (file,) = tmp_path.glob("*.run")
    raw = file.read_bytes()
    mark = raw[: raw.index(b"\n") + 1]

    class Evil:
        def __reduce__(self):
            return os.mkdir, (str(tmp_path / "called"),)

    class Sly:
        def __reduce__(self):
            return store.drop, (file,)

    for body in (raw[:-1], raw[:20], b"", b"x" * 500, raw[:60] + b"\0" + raw[61:]):
        file.write_bytes(body)
        assert left(tmp_path) is None
    for value in (Evil(), Sly(), 7):
        body = pickle.dumps(value)
        file.write_bytes(mark + hashlib.sha256(body).digest() + body)
        assert left(tmp_path) is None
        assert file.exists()
    assert not (tmp_path / "called").exists()


class Known(LocalEngine):
    """An engine whose history is known."""

    def so_far(self) -> tuple[History, int]:
        return History(), 4800


def film(name: str) -> Plan:
    return replace(
        plan_of(f"songs: {{a: {{title: {name}}}}}\nscenes: [{{id: s, title: S, cues: [song: a]}}]"), name=name
    )


def session(folder, name: str) -> Session:
    engine = Known(Steady, itertools.repeat(256))
    return Session(Show(film(name)), engine, None, Keeper(folder, name))


def die(on: Session) -> int:
    """Break off, and say where standby was."""
    on._keeper.close(forget=False)
    return on.show.standby


def test_another_timeline_that_is_opened_has_a_run_of_its_own(tmp_path):
    on = session(tmp_path, "one")
    on.do(act.Go())
    on.open(film("two"))
    assert on.show.standby == 0
    on.do(act.Go())
    die(on)
    assert die(session(tmp_path, "one")) == 0
    assert die(session(tmp_path, "two")) == 1


def test_a_timeline_that_is_opened_offers_the_run_it_left(tmp_path):
    broken = session(tmp_path, "two")
    broken.do(act.Go())
    die(broken)
    on = session(tmp_path, "one")
    on.open(film("two"))
    assert die(on) == 1
