"""A set on the screen: what is left, when it ends, what to skip; its rows, its card, its keys."""

from __future__ import annotations

import pytest

from player import actions as act
from player.commands import bindings
from player.sets import in_set
from player.settings import Settings
from player.show import Show
from player.ui import evening, facts
from player.ui.desk import Desk
from player.ui.model import Model
from player.ui.ops import Text
from player.ui.overlays import Line, Picker
from player.ui.view import View
from player.ui.writer import Writer
from tests.show.test_sets import SetStage
from tests.ui import rig, support
from tests.ui.writing import Draft, plan_of

NINE = 21 * 3600


def says(stage: SetStage, finish: str | None = None, clock: int = NINE) -> evening.Tally:
    by = evening.time_of_day(finish) if finish else None
    return evening.tally(stage.show, stage.session.engine.status(), clock, by)


def test_left_is_the_rest_of_the_song_and_all_gaps_counts_and_songs_to_come():
    stage = SetStage("{song: a}", "{song: b, gap: 5s, count: 2 bars}", "{song: c, gap: 1m}", "{song: a}")
    assert says(stage)[:4] == ("4 songs", "1:49", "1:49", "21:01")  # 10 + 5+4+10 + 60+10 + 10 s
    stage.go().wait(4)
    assert says(stage).left == "1:45"
    stage.wait(8)  # two seconds into the gap
    assert says(stage).left == "1:37"
    stage.do(act.MoveStandby(1))
    assert says(stage).left == "0:20"  # c and a, whose gap a person has cut short


def test_a_count_is_part_of_what_is_left():
    stage = SetStage("{song: b, count: 2 bars}").go().wait(1)
    assert says(stage).left == "0:13"


def test_a_song_that_repeats_counts_twice():
    stage = SetStage("{song: a}", "{song: b}").go().wait(4).do(act.Repeat())
    assert says(stage).left == "0:26"


def test_the_fewest_songs_are_named_that_bring_the_end_in_time():
    stage = SetStage("{song: a}", "{song: b, gap: 100s}", "{song: c, gap: 50s}", "{song: a, gap: 10s}")
    assert says(stage).left == "3:20"
    assert says(stage, "21:04").advice == "40 s to spare before 21:04"
    assert not says(stage, "21:04").late
    assert says(stage, "21:02").advice == "Skip one to finish by 21:02: B"
    assert says(stage, "21:01").advice == "Skip two to finish by 21:01: B and C"
    assert says(stage, "21:01").late
    assert says(stage, "20:59").advice.endswith("; still too long for 20:59")


def test_an_end_past_midnight_is_that_of_the_night():
    stage = SetStage("{song: a}")
    assert says(stage, "0:30", 23 * 3600).advice == "90 min to spare before 00:30"


@pytest.mark.parametrize(
    ("typed", "seconds"),
    [
        ("22:00", 79_200), ("22.30", 81_000), ("2230", 81_000), ("930", 34_200), ("22", 79_200), ("10:30 pm", 81_000),
        ("12 am", 0), ("24:00", 0), ("22:60", None), ("25", None), ("", None), ("soon", None), ("13 pm", None),
        ("1:2:3", None), (":30", None),
    ],
)  # fmt: skip
def test_times_of_day_as_people_write_them(typed, seconds):
    assert evening.time_of_day(typed) == seconds


SET = b"""needledrop: 1
songs:
  a: {title: Low Tide, artist: The Breakwaters, bpm: 96, meter: 4/4, key: E minor}
  b: {title: Curfew, bpm: 132.5, meter: 6/8}
sets:
  friday:
    title: Friday late set
    songs:
      - {song: a, count: 2 bars, note: tune down}
      - {song: b, gap: ~45s}
      - {song: a}
"""


def plan():
    return in_set(plan_of(SET), "friday")


def test_the_rows_of_a_set_have_key_tempo_note_length_and_how_the_song_comes():
    rows = [facts.row(plan(), index) for index in range(3)]
    assert [(row.number, row.title, row.song, row.artist, row.others) for row in rows] == [
        ("1", "Low Tide", "E minor", "96 bpm", "tune down"),
        ("2", "Curfew", "132.5 bpm", "", ""),
        ("3", "Low Tide", "E minor", "96 bpm", ""),
    ]
    assert [row.at for row in rows] == ["GO", "~+0:45", "GO"]
    assert rows[0].length == "3:05"


def words(model) -> list[str]:
    return [op.text for sheet in View(support.fake_measure)(model) for op in sheet.ops if isinstance(op, Text)]


def test_the_screen_of_a_set_names_the_set_its_songs_and_what_is_left():
    show = Show(plan())
    model = Model(show, support.status(show), (1280, 720), clock=NINE, finish=None)
    said = words(model)
    for text in ("Friday late set", "3 songs", "LEFT", "9:50", "ENDS", "21:09", "W: when it is to be over"):
        assert text in said
    said = words(Model(show, support.status(show), (1280, 720), clock=NINE, finish=evening.time_of_day("21:07")))
    assert any(text.startswith("Skip one to finish by 21:07") for text in said)


FILM = SET.replace(b"sets:", b"scenes:\n  - {id: ferry, title: The ferry, cues: [song: b]}\nsets:") + b"""\
  encore:
    title: One more
    songs: [song: b]
"""


class Window:
    """A desk that writes, over a show of which a set or the film is on screen."""

    def __init__(self, raw: bytes = FILM, set_id: str | None = None) -> None:
        self.now, self.clipboard = 0.0, ""
        self.session = rig.Live(Show(in_set(plan_of(raw), set_id)), lambda: self.now)
        clip = (lambda: self.clipboard, lambda text: setattr(self, "clipboard", text))
        self.desk = Desk(self.session, bindings()[0], Settings(), clip=clip, turn_to=self.session.turn)
        self.draft = SetDraft(self.session, raw)
        self.desk.writer = Writer(self.desk, self.draft)

    def keys(self, *strokes: str) -> Window:
        for stroke in strokes:
            if stroke.startswith('"'):
                self.desk.text(stroke[1:], self.now)
            else:
                self.desk.stroke(stroke, self.now, symbol=len(stroke) == 1 and not stroke.isalpha())
        return self

    @property
    def set_id(self) -> str | None:
        return self.session.show.plan.set_id

    @property
    def songs(self) -> list[str]:
        return [step.songs[0].song for step in self.session.show.plan.steps]


class SetDraft(Draft):
    """A draft that stays in the set which is shown, as that of a file does."""

    def _show(self, raw: bytes) -> None:
        self.raw = raw
        self.session.found(in_set(plan_of(raw), self.session.show.plan.set_id))


def test_tab_goes_to_the_first_set_and_back_and_to_the_one_seen_last():
    window = Window().keys("Tab")
    assert (window.set_id, window.desk.notice) == ("friday", "Set: Friday late set")
    assert window.keys("Tab").set_id is None
    window.keys("/", '"one more', "Enter")
    assert window.set_id == "encore"
    assert window.keys("Tab", "Tab").set_id == "encore"


def test_tab_where_there_is_only_one_thing_to_show_says_so():
    window = Window(SET, "friday").keys("Tab")
    assert (window.set_id, window.desk.notice) == ("friday", "This file has no other set")
    window = Window(FILM.partition(b"sets:")[0]).keys("Tab")
    assert (window.set_id, window.desk.notice) == (None, "This file has no set")


def test_the_planned_end_is_typed_and_taken_away_again():
    window = Window(set_id="friday").keys("W", '"22:00')
    assert isinstance(window.desk.overlay, Picker)
    window.keys("Enter")
    assert (window.desk.finish, window.desk.notice) == (79_200, "Finish by 22:00")
    window.keys("W", "Ctrl+A", "Backspace", "Enter")
    assert window.desk.finish is None


def test_repeat_and_stop_after_this_song_by_key():
    window = Window(set_id="friday").keys("Space")
    window.session.poll()
    window.keys("R")
    assert (window.session.show.again, window.desk.notice) == (True, "Repeats this song when it ends")
    window.keys("S")
    assert (window.session.show.again, window.session.show.stop_after) == (False, True)
    assert window.desk.notice == "Stops after this song"


def test_songs_are_reordered_by_key_in_the_file_and_undone():
    window = Window(set_id="friday").keys("Alt+Down")
    assert window.songs == ["b", "a", "a"]
    assert window.session.show.standby == 1  # it goes with its song
    assert b"- {song: b, gap: ~45s}\n      - {song: a, count: 2 bars, note: tune down}\n" in window.draft.raw
    assert window.keys("Alt+Up", "Alt+Up").desk.notice == "This is the first song already"
    window.keys("Ctrl+Z", "Ctrl+Z")
    assert window.draft.raw == FILM


def test_a_song_is_noted_added_copied_and_removed_in_its_set():
    window = Window(set_id="friday").keys("Down", "Enter", '"straight in', "Enter")
    assert b"- {song: b, gap: ~45s, note: straight in}" in window.draft.raw
    window.keys("Ctrl+C", "End", "Ctrl+V")
    assert window.songs == ["a", "b", "a", "b"]
    window.keys("Delete")
    assert window.songs == ["a", "b", "a"]
    window.keys("Home", "A", '"curf', "Enter")
    assert window.songs == ["a", "b", "b", "a"]


def test_the_title_is_the_songs_and_the_form_shows_what_the_set_says_of_it():
    window = Window(set_id="friday").keys("F2")
    assert isinstance(window.desk.overlay, Line)
    assert window.desk.overlay.path == "songs/a/title"
    window.keys("Esc", "E")
    over = window.desk.overlay
    assert [tab.label for tab in over.tabs] == ["Set", "Song", "Film", "Defaults"]
    said = {row.key: row.was for row in over.rows}
    assert said == {"song": "a", "count": "2 bars", "gap": "", "note": "tune down"}


def test_what_a_set_cannot_hold_is_refused_in_words():
    window = Window(set_id="friday").keys("A", '"stop', "Enter")
    assert window.desk.notice.startswith("A set has songs, no other cues")
    window.keys("Shift+Up")
    assert window.desk.notice.startswith("A song of a set has no points and no gain of its own")
    assert window.draft.raw == FILM


def test_a_set_cue_of_the_film_shows_which_song_of_which_set_it_plays():
    raw = FILM.replace(b"[song: b]}\nsets", b"[{set: friday, id: doors}]}\nsets")
    window = Window(raw).keys("Space")
    window.session.poll()
    said = words(Model(window.session.show, window.session.status, (1280, 720)))
    assert "the set Friday late set: song 1 of 3" in said
