"""A set whose file changes while it plays, and a window that dies with one on screen."""

from __future__ import annotations

import pickle
from pathlib import Path

import pytest

from player import actions as act
from player.interrupted import read
from player.reload import names
from player.show import Show
from tests.show.rig import plan_of
from tests.show.test_editing import Desk
from tests.show.test_sets import SetStage, entries
from timeline.edit import Move

HEAD = """\
needledrop: 1
songs:
  tide: {title: Tide, length: 0:10}
  fever: {title: Fever, length: 0:10}
  curfew: {title: Curfew, length: 0:10}
scenes:
  - {id: door, title: The door, cues: [{song: tide}]}
"""
FILE = HEAD + """\
sets:
  friday:
    songs:
      - {song: tide}
      - {song: fever, gap: 2s}
      - {song: curfew}
"""


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    path = tmp_path / "sets.yaml"
    path.write_text(FILE)
    desk = Desk(path, tmp_path / "edits")
    desk.session.turn("friday")
    return desk


def test_what_another_program_saves_is_shown_in_the_set_and_standby_stays_on_its_song(desk):
    desk.session.do(act.Go())
    desk.session.poll()
    assert desk.show.standby == 1
    desk.write(FILE.replace("      - {song: tide}\n", "      - {song: curfew}\n      - {song: tide}\n"))
    assert desk.titles() == ["Curfew", "Tide", "Fever", "Curfew"]
    assert (desk.show.plan.set_id, desk.show.fired, desk.show.standby) == ("friday", 1, 2)
    assert [s.cue.song for s in desk.show.sounding] == ["tide"]


def test_a_set_is_reordered_in_the_file_and_undone(desk):
    desk.editing.edit(Move("sets/friday/songs/#3", 0), "Curfew moved")
    assert desk.titles() == ["Curfew", "Tide", "Fever"]
    desk.save()
    lines = desk.path.read_text().splitlines()
    assert lines[-3:] == ["      - {song: curfew}", "      - {song: tide}", "      - {song: fever, gap: 2s}"]
    desk.editing.undo()
    assert desk.titles() == ["Tide", "Fever", "Curfew"]


def test_the_song_that_would_come_by_itself_still_does_after_an_edit(desk):
    engine = desk.session.engine
    desk.session.do(act.Go())
    desk.session.poll()
    desk.editing.edit(Move("sets/friday/songs/#3", 1), "Curfew moved")  # it waits for GO
    engine.advance(20 * 48_000)
    desk.session.poll()
    assert (desk.show.standby, desk.show.sounding) == (2, ())  # standby went with fever, whose gap is over


def test_where_the_set_is_taken_out_of_the_file_the_film_is_shown_and_the_music_goes_on(desk):
    desk.session.do(act.Go())
    desk.session.poll()
    desk.write(HEAD)
    assert (desk.show.plan.set_id, desk.titles(), desk.show.standby) == (None, ["The door"], 0)
    assert [s.cue.song for s in desk.show.sounding] == ["tide"]


def test_a_set_that_is_written_while_the_film_plays_can_be_turned_to(desk):
    desk.session.turn(None)
    desk.write(FILE.replace("friday", "saturday"))
    desk.session.turn("saturday")
    assert desk.titles() == ["Tide", "Fever", "Curfew"]


def test_a_window_that_takes_over_stands_in_the_set_where_the_other_stood():
    first = SetStage("{song: a}", "{song: b, gap: 1s}").go().wait(3)
    left = pickle.dumps((pickle.dumps(names(first.show.plan)), first.session._left))
    second = SetStage("{song: a}", "{song: b, gap: 1s}")
    second.session.show = Show(plan_of(entries("{song: a}", "{song: b, gap: 1s}")))
    second.session._take_over(left)
    show = second.session.show
    assert (show.plan.set_id, show.standby, show.fired) == ("friday", 1, 0)
    assert [s.cue.song for s in show.sounding] == ["a"]


def test_the_state_of_a_set_is_of_our_own_values():
    stage = SetStage("{song: a, count: 1 bar}", "{song: b, gap: 1s}").go()
    stage.session.turn(None)
    stage.session.turn("friday")
    stage.session._keep()
    assert read(stage.session._left)["standby"] == 1
    assert read(pickle.dumps(names(stage.show.plan))).set_id == "friday"
    assert read(pickle.dumps(stage.show.plan.clicks(0))) == stage.show.plan.clicks(0)
