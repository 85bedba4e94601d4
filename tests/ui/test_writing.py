"""Writing at the window, with the keyboard alone: strokes in, YAML out."""

from __future__ import annotations

import pytest

from player.actions import Go, Lock, Standby
from player.commands import bindings
from player.settings import Settings
from player.show import Show
from player.ui.desk import Desk
from player.ui.form import Clash, Clashes, Form, Line, Offer
from player.ui.ops import Hit, Rect, Spot
from player.ui.overlays import Ask, Picker
from player.ui.theme import TEXT
from player.ui.writer import Writer
from tests.ui import rig, writing

FILM = b"""needledrop: 1
# who wrote this down
songs:
  fever: {title: Fever, artist: Suzi}
  bomb: {title: Cherry Bomb}
scenes:
  - id: ferry
    title: The ferry
    note: It leaves at dawn.   # so they say
    cues:
      - song: fever
        gain: -6 dB
      - {song: bomb, id: second}
  - id: diner
    title: The diner
"""


class Window:
    """A desk that writes, over a show on a clock that the test moves."""

    def __init__(self, raw: bytes = FILM, standby: int = 0) -> None:
        self.now = 0.0
        self.clipboard = ""
        self.session = rig.Live(Show(writing.plan_of(raw), standby), lambda: self.now)
        self.desk = Desk(self.session, bindings()[0], Settings(), clip=(lambda: self.clipboard, self._copy))
        self.draft = writing.Draft(self.session, raw)
        self.desk.writer = Writer(self.desk, self.draft)

    def _copy(self, text: str) -> None:
        self.clipboard = text

    def keys(self, *strokes: str) -> Window:
        """Strokes; text begins with a quotation mark."""
        for stroke in strokes:
            if stroke.startswith('"'):
                self.desk.text(stroke[1:], self.now)
            else:
                self.desk.stroke(stroke, self.now, symbol=len(stroke) == 1 and not stroke.isalpha())
        return self

    def wait(self, seconds: float) -> Window:
        self.now += seconds
        self.session.poll()
        self.desk.tick(self.now)
        return self

    @property
    def form(self) -> Form:
        assert isinstance(self.desk.overlay, Form)
        return self.desk.overlay

    @property
    def line(self) -> Line:
        assert isinstance(self.desk.overlay, Line)
        return self.desk.overlay

    @property
    def added(self) -> list[str]:
        """Lines that the file did not have."""
        before = FILM.decode().splitlines()
        return [line for line in self.draft.raw.decode().splitlines() if line not in before]


# ---- in place


def test_enter_edits_the_note_of_the_cue_and_tab_that_of_its_scene() -> None:
    window = Window().keys("Enter", '"GO when she turns', "Enter")
    assert window.added == ["        note: GO when she turns"]
    window.keys("Enter", "Tab", '"At dusk.', "Enter")
    assert "    note: At dusk.   # so they say" in window.added


def test_f2_edits_the_title_and_esc_leaves_it() -> None:
    window = Window().keys("F2", '"Another ferry', "Enter")
    assert window.added == ["    title: Another ferry"]
    assert window.session.show.plan.title(0) == "Another ferry"
    window.keys("F2", '"No', "Esc")
    assert window.session.show.plan.title(0) == "Another ferry"


def test_a_title_cannot_be_emptied() -> None:
    window = Window().keys("F2", "Backspace", "Enter")
    assert window.line.problem == "a scene has a title"
    assert window.added == []


def test_a_note_is_taken_away_by_emptying_it() -> None:
    window = Window(standby=2).keys("Enter", '"Two eggs.', "Enter", "Enter", "Ctrl+A", "Delete", "Enter")
    assert window.draft.raw == FILM


def test_letters_type_while_a_field_is_open_and_space_is_no_go() -> None:
    window = Window().keys("Enter", '" p', "Space", "P", "V", "Enter")
    assert window.session.show.fired is None
    assert not window.session.show.paused


# ---- every field


def test_e_shows_the_fields_of_the_cue_with_what_holds_where_nothing_is_written() -> None:
    form = Window().keys("E").form
    assert [tab.label for tab in form.tabs] == ["Scene", "Cue 1", "Cue 2", "Song", "Song", "Film", "Defaults"]
    assert form.here.title == "Fever"
    rows = {row.key: (row.was, row.absent) for row in form.rows}
    assert rows["gain"] == ("-6 dB", "0 dB")
    assert rows["fade-out"] == ("", "1.5s")
    assert rows["from"] == ("", "its beginning")
    assert "level" not in rows  # of the verb fade


def test_a_problem_is_told_while_it_is_typed_and_nothing_wrong_is_kept() -> None:
    window = Window().keys("E", "Down", "Down", '"0:3x')
    assert window.form.row.key == "from"
    assert window.form.row.problem.startswith('"0:3x" is not a place in a song')
    window.keys("Enter")
    assert window.added == []
    assert window.form.row.key == "from"
    window.keys("Backspace", '"1')
    assert window.form.row.problem == ""
    window.keys("Enter")
    assert window.added == ["        from: 0:31"]
    assert window.form.row.key == "to"


def test_what_only_the_whole_file_can_tell_is_told_after_a_moment() -> None:
    window = Window().keys("E", "Down", "Down", '"bar 12')
    assert window.form.row.problem == ""
    window.wait(0.3)
    assert "bar" in window.form.row.problem


@pytest.mark.parametrize("text", ["1:30", "90s", "0:01:30", "1.5m"])
def test_times_are_taken_in_every_notation_and_stay_as_typed(text: str) -> None:
    window = Window().keys("E", "Down", "Down", '"' + text, "Enter")
    assert window.added == [f"        from: {text}"]


def test_a_song_is_picked_from_a_list_with_search() -> None:
    window = Window().keys("E", '"cher')
    assert [choice.title for choice in window.form.items] == ["Cherry Bomb"]
    window.keys("Enter")
    assert window.added == ["      - song: bomb"]
    assert not window.form.open


def test_alt_down_opens_the_whole_list_and_esc_closes_only_that() -> None:
    window = Window().keys("E", *["Down"] * 9, "Alt+Down")
    assert [choice.value for choice in window.form.items] == ["wait", "continue", "follow"]
    window.keys("Esc")
    assert not window.form.open
    window.keys("Alt+Down", "Down", "Down", "Enter")
    assert window.added == ["        then: follow"]


def test_an_id_is_renamed_with_all_that_points_to_it() -> None:
    window = Window().keys("E", "Ctrl+PgUp")
    assert window.form.here.label == "Scene"
    row = [row.key for row in window.form.rows].index("id")
    window.keys(*["Down"] * row, '"harbour', "Enter")
    assert "  - id: harbour" in window.added
    assert window.form.here.path == "scenes/harbour"


def test_the_song_the_film_and_the_defaults_are_edited_from_the_cue() -> None:
    window = Window().keys("E", *["Ctrl+PgDn"] * 2)
    assert (window.form.here.label, window.form.here.title) == ("Song", "Fever")
    row = [row.key for row in window.form.rows].index("artist")
    window.keys(*["Down"] * row, '"Peggy', "Enter")
    assert window.added == ["  fever: {title: Fever, artist: Peggy}"]
    window.keys("Ctrl+PgDn", "Ctrl+PgDn", "Ctrl+PgDn")
    assert window.form.here.label == "Defaults"
    row = [row.key for row in window.form.rows].index("gain")
    window.keys(*["Down"] * row, '"-3', "Enter")
    assert "defaults: {gain: -3}" in window.added


def test_names_are_written_with_commas_between() -> None:
    window = Window(standby=2).keys("E")
    row = [row.key for row in window.form.rows].index("people")
    window.keys(*["Down"] * row, '"Mara, Joel', "Enter")
    assert window.added == ["    people: [Mara, Joel]"]


def test_a_structure_is_written_as_yaml_and_told_while_it_is_not_whole() -> None:
    window = Window().keys("E")
    row = [row.key for row in window.form.rows].index("loop")
    window.keys(*["Down"] * row, '"{from: 0:10, to: 0:20')
    assert window.form.row.problem.startswith("not yet whole")
    window.keys('", times: 4}', "Enter")
    assert any("loop:" in line for line in window.added)
    assert window.session.show.plan.problems == () or all(
        each.severity != "error" for each in window.session.show.plan.problems
    )


def test_esc_takes_back_what_is_typed_then_closes() -> None:
    window = Window().keys("E", "Down", '"later', "Esc")
    assert window.form.row.field.text == ""
    window.keys("Esc")
    assert window.desk.overlay is None
    assert window.draft.raw == FILM


def test_ctrl_z_in_a_form_takes_back_typing_first_and_edits_then() -> None:
    window = Window().keys("E", "Down", '"one', "Enter", "Up", "End", '" more', "Ctrl+Z")
    assert window.form.row.field.text == "one"
    window.keys("Ctrl+Z")
    assert window.form.row.field.text == ""
    assert window.draft.raw == FILM


def test_what_changed_elsewhere_is_shown_and_what_is_typed_stays() -> None:
    window = Window().keys("E", "Down", '"mine')
    raw = FILM.replace(b"-6 dB", b"-9 dB")
    window.draft._show(raw)
    assert window.desk.writer is not None
    window.desk.writer.refresh()
    assert window.form.row.field.text == "mine"
    assert {row.key: row.was for row in window.form.rows}["gain"] == "-9 dB"


# ---- things


def test_a_adds_a_cue_of_a_song_that_is_found() -> None:
    window = Window(standby=2).keys("A", '"fev', "Enter")
    assert window.draft.raw.decode().endswith("    title: The diner\n    cues:\n      - song: fever\n")
    assert [cue.key for cue in window.session.show.plan.timeline.scenes[1].cues] == ["diner#1"]


def test_a_adds_a_song_that_is_not_there_yet() -> None:
    window = Window(standby=2).keys("A", '"Night Train: live', "Enter")
    line = window.session.show.plan.timeline
    assert line.songs["night-train-live"].title == "Night Train: live"
    assert line.scenes[1].cues[0].key == "diner#1"


def test_a_adds_other_verbs_and_opens_their_fields() -> None:
    window = Window().keys("A", '"stop', "Enter")
    assert window.form.row.key == "stop"
    assert window.form.row.field.text == "all"


def test_shift_a_adds_a_scene_below_and_stands_by_there() -> None:
    window = Window().keys("Shift+A", '"The pier: night', "Enter")
    scenes = window.session.show.plan.timeline.scenes
    assert [scene.title for scene in scenes] == ["The ferry", "The pier: night", "The diner"]
    assert scenes[1].id == "the-pier-night"
    assert window.session.show.plan.title(window.session.show.standby) == "The pier: night"


def test_delete_removes_and_ctrl_z_brings_back_every_byte() -> None:
    window = Window().keys("Delete")
    assert b"fever\n" not in window.draft.raw
    assert window.desk.notice == "Fever removed: Ctrl+Z brings it back"
    window.keys("Ctrl+Z")
    assert window.draft.raw == FILM
    window.keys("Ctrl+Y")
    assert b"song: fever" not in window.draft.raw


def test_alt_down_moves_the_cue_past_the_next_and_standby_stays_on_it() -> None:
    window = Window().keys("Alt+Down")
    assert [cue.key for cue in window.session.show.plan.timeline.scenes[0].cues] == ["second", "ferry#2"]
    assert window.session.show.standby == 1
    window.keys("Alt+Up")
    assert window.draft.raw == FILM


def test_a_cue_goes_through_the_clipboard_as_yaml() -> None:
    window = Window(standby=1).keys("Ctrl+C")
    assert window.clipboard.strip() == "- {song: bomb, id: second}"
    window.keys("Down", "Ctrl+V")
    cue = window.session.show.plan.timeline.scenes[1].cues[0]
    assert (cue.key, cue.id) == ("second-2", "second-2")


def test_a_scene_goes_through_the_clipboard_too() -> None:
    window = Window(standby=2).keys("Ctrl+X")
    assert "title: The diner" in window.clipboard
    window.keys("Home", "Ctrl+V")
    assert [scene.id for scene in window.session.show.plan.timeline.scenes] == ["ferry", "diner"]


@pytest.mark.parametrize("text", ["", "hello", "a: [", "- {song: a}\n- {song: b}", "\ud800"])
def test_what_is_no_cue_is_not_pasted(text: str) -> None:
    window = Window()
    window.clipboard = text
    window.keys("Ctrl+V")
    assert window.draft.raw == FILM
    assert window.desk.notice != ""


def test_find_looks_into_notes_of_cues_too() -> None:
    window = Window().keys("Enter", '"GO on the whistle', "Enter", "End", "Ctrl+F", '"whistle')
    assert isinstance(window.desk.overlay, Picker)
    window.keys("Enter")
    assert window.session.show.standby == 0


# ---- while it plays


def test_i_and_o_set_where_the_song_begins_and_ends() -> None:
    window = Window()
    window.session.do(Go())
    window.wait(0.1).wait(12.4)
    window.keys("I").wait(5).keys("O")
    assert [line.strip() for line in window.added] == ["from: 0:12.5", "to: 0:17.5"]


def test_shift_up_changes_the_gain_of_what_plays() -> None:
    window = Window()
    window.session.do(Go())
    window.wait(0.1).keys("Shift+Up", "Shift+Up").wait(0.1)
    assert window.added == ["        gain: -5 dB"]
    voice = window.session.status.voices[0]
    assert voice.gain == pytest.approx(10 ** (-5 / 20), rel=1e-3)
    assert window.desk.notice == "Fever: gain −5 dB"


def test_alt_o_plays_the_last_seconds() -> None:
    window = Window()
    window.session.do(Go())
    window.wait(0.1).keys("Alt+O").wait(0.1)
    assert window.session.status.voices[0].at == pytest.approx(177.1 * 48_000, abs=9600)


def test_points_of_silence_are_refused_in_words() -> None:
    window = Window().keys("I")
    assert window.desk.notice == "Nothing sounds"
    window.keys("T")
    assert window.desk.notice.startswith("No film clock runs")


# ---- lock, saving, conflicts


@pytest.mark.parametrize(
    "stroke", ["Enter", "F2", "E", "A", "Shift+A", "Delete", "Alt+Up", "Ctrl+X", "Ctrl+V", "I", "Shift+Up", "Ctrl+Z"]
)
def test_the_lock_stops_every_edit(stroke: str) -> None:
    window = Window()
    window.session.do(Lock(True))
    window.keys(stroke)
    assert window.desk.overlay is None
    assert window.desk.notice == "locked: L"
    assert window.draft.raw == FILM


def test_the_lock_taken_while_a_field_is_open_stops_what_it_holds() -> None:
    window = Window().keys("F2", '"No')
    window.session.do(Lock(True))
    window.keys("Enter")
    assert window.draft.raw == FILM
    assert window.line.problem == "locked: L"


def test_under_the_lock_neither_an_offer_nor_a_save_before_quitting_goes_through() -> None:
    window = Window().keys("F2", '"New', "Enter")
    window.session.do(Lock(True))
    window.keys("Ctrl+Q", "S")
    assert window.draft.disk == FILM
    assert window.desk.overlay == Ask("", 1)
    window.keys("L", "S")
    assert b"title: New" in window.draft.disk
    window.draft.offered = 2
    window.session.do(Lock(True))
    window.desk.overlay = Offer(2)
    window.keys("Enter")
    assert window.draft.offered == 2


def test_the_palette_edits_the_song_of_the_row_that_stands_by() -> None:
    window = Window(standby=1).keys("/")
    window.desk.pick("palette", "edit the standby song")
    window.keys("Enter")
    assert window.form.here.path == "songs/bomb"


def test_ctrl_s_saves_also_what_is_just_typed() -> None:
    window = Window().keys("E", "Down", '"now', "Ctrl+S")
    assert b"note: now" in window.draft.disk
    assert window.draft.unsaved == 0


def test_quitting_with_unsaved_edits_asks_and_can_save_discard_or_stay() -> None:
    window = Window().keys("F2", '"New', "Enter", "Ctrl+Q")
    assert window.desk.overlay == Ask("", 1)
    window.keys("Esc")
    assert window.desk.overlay is None
    window.keys("Ctrl+Q", "Ctrl+Q")
    assert not window.desk.leaving  # asking again loses nothing
    window.keys("D")
    assert window.desk.leaving
    assert window.draft.raw == FILM


def test_quitting_while_a_field_is_open_keeps_what_is_typed_in_it() -> None:
    for opened in (("F2",), ("E", "Ctrl+PgUp")):
        window = Window().keys(*opened, '"New', "Ctrl+Q")
        assert window.session.show.plan.title(0) == "New"
        assert window.desk.overlay == Ask("", 1)


def test_a_form_stays_with_its_scene_when_standby_goes_on() -> None:
    window = Window().keys("E")
    window.session.do(Standby(2))
    window.keys("Down", '"later', "Enter")
    assert [tab.title for tab in window.form.tabs[:3]] == ["The ferry", "Fever", "Cherry Bomb"]


def test_space_is_go_over_the_question() -> None:
    window = Window().keys("F2", '"New', "Enter", "Ctrl+Q", "Space")
    assert window.session.show.fired == 0
    assert window.desk.overlay is None


CLASHES = Clashes((Clash("Fever · gain", "-4 dB", "-9 dB"), Clash("The ferry · note", "mine", "")), ("", ""))


def test_each_value_that_changed_twice_is_settled_by_choice() -> None:
    window = Window()
    window.desk.overlay = CLASHES
    window.keys("Left", "Enter")
    assert isinstance(window.desk.overlay, Clashes)
    assert window.desk.overlay.focus == 1  # the one without a choice
    window.keys("Right", "Enter")
    assert window.draft.settled == ("mine", "theirs")
    assert window.desk.overlay is None


def test_edits_of_an_earlier_run_are_offered() -> None:
    for stroke, left in (("Enter", 0), ("D", 0), ("Esc", 3)):
        window = Window()
        window.draft.offered = 3
        window.desk.overlay = Offer(3)
        window.keys(stroke)
        assert window.desk.overlay is None
        assert window.draft.offered == left


# ---- mouse


HERE = Rect(0, 0, 10, 10)


def test_a_press_places_the_caret_a_drag_selects_two_take_the_word() -> None:
    window = Window().keys("F2")
    spot = Spot(0, 100, 50, 400, 1, 30, TEXT, 16)  # letters of 8 pixels
    hit = Hit(HERE, "text", 0, spot)
    window.desk.press(hit, 0, 0.0, (100 + 33, 60))
    assert (window.line.field.caret, window.line.field.selected) == (4, "")
    window.desk.drag_text((100 + 73, 60), 0.0)
    window.desk.release()
    assert window.line.field.selected == "ferry"
    window.desk.press(hit, 0, 0.0, (100 + 8, 60), 2)
    assert window.line.field.selected == "The"
    window.desk.press(hit, 0, 0.0, (100 + 8, 60), 3)
    assert window.line.field.selected == "The ferry"


def test_rows_tabs_and_choices_answer_the_mouse() -> None:
    window = Window()
    window.desk.press(Hit(HERE, "row", 0), 0, 0.0)
    window.desk.press(Hit(HERE, "row", 0), 0, 0.0, (0, 0), 2)
    assert window.form.here.title == "Fever"
    window.desk.press(Hit(HERE, "open-list", 0), 0, 0.0)
    window.desk.press(Hit(HERE, "choice", 1), 0, 0.0)
    assert window.added == ["      - song: bomb"]
    window.desk.press(Hit(HERE, "row-field", 4), 0, 0.0)
    assert window.form.focus == 4
    window.desk.press(Hit(HERE, "tab", 0), 0, 0.0)
    assert window.form.here.label == "Scene"


PARAGRAPHS = FILM.replace(
    b"    note: It leaves at dawn.   # so they say\n", b"    note: |\n      It leaves.\n\n      At dawn.\n"
)


def test_a_note_of_paragraphs_keeps_them() -> None:
    window = Window(PARAGRAPHS).keys("Enter", "Tab")
    assert isinstance(window.desk.overlay, Line)
    assert window.desk.overlay.field.text == "It leaves.\n\nAt dawn."
    window.keys("Enter")
    assert window.draft.raw == PARAGRAPHS
    window.keys("Enter", "Tab", "End", '" Or later.', "Enter")
    assert b"      It leaves.\n\n      At dawn. Or later.\n" in window.draft.raw


def test_shift_enter_begins_a_line_in_a_note_and_in_no_title() -> None:
    window = Window().keys("E", "Ctrl+PgUp")
    while window.form.row.key != "note":
        window.keys("Tab")
    window.keys("End", "Shift+Enter", '"Hold.', "Enter")
    assert window.session.show.plan.timeline.scenes[0].note == "It leaves at dawn.\nHold."
    window.keys("Esc", "F2", "End", "Shift+Enter", '"!', "Enter")
    assert window.session.show.plan.timeline.scenes[0].title == "The ferry!"


def test_ctrl_z_in_a_note_takes_back_a_word() -> None:
    window = Window().keys("Enter", "Tab", "End", *(f'"{each}' for each in " or so"), "Ctrl+Z")
    assert isinstance(window.desk.overlay, Line)
    assert window.desk.overlay.field.text == "It leaves at dawn. or "
    window.keys("Ctrl+Z", "Ctrl+Z", "Ctrl+Z")
    assert window.desk.overlay.field.text == "It leaves at dawn."
    window.keys("Ctrl+Y")
    assert window.desk.overlay.field.text == "It leaves at dawn. "
