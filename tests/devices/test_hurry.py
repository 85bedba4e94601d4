"""Priority: taken where the system gives it, and no word where it does not."""

from __future__ import annotations

import os
import sys
import threading

import pytest

from player.devices.hurry import run_first

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="elsewhere nothing is asked for")


def around_asking() -> list[int]:
    """The policy of a thread before it has asked and after."""
    found: list[int] = []

    def ask() -> None:
        found.append(os.sched_getscheduler(0))
        run_first()
        found.append(os.sched_getscheduler(0))

    thread = threading.Thread(target=ask)
    thread.start()
    thread.join()
    return found


def test_where_it_is_refused_nothing_changes(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*asked: object) -> None:
        raise PermissionError

    monkeypatch.setattr(os, "sched_setscheduler", refuse)
    before, after = around_asking()
    assert before == after


def test_it_asks_for_real_time_that_children_do_not_inherit(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[int, int, int]] = []

    def take(thread: int, policy: int, param: os.sched_param) -> None:
        asked.append((thread, policy, param.sched_priority))

    monkeypatch.setattr(os, "sched_setscheduler", take)
    around_asking()
    assert asked == [(0, os.SCHED_RR | os.SCHED_RESET_ON_FORK, 5)]
