"""Sheets of words and chords: plain texts as they are, ChordPro with its chords above the words."""

from __future__ import annotations

from itertools import pairwise

from player.sheets import Line, Piece, Sheets, of, read
from player.ui.ops import Rect
from player.ui.panels import sheet as panel
from tests.ui import support

SONG = """\
# for the band only
{title: Low Tide}
{st: slow}

{comment: Verse}
[Em]Water goes [G]out,[D]
nobody [Em]sees


{soc}
[C]la
{eoc}
{start_of_verse: Last one}
{new_page}
{define: Em base-fret 1}
{x_unknown: gone}
"""


def test_chordpro_becomes_chords_words_and_labels():
    assert of(SONG, chordpro=True).lines == (
        Line("head", (Piece("", "Low Tide"),)),
        Line("label", (Piece("", "slow"),)),
        Line("blank"),
        Line("label", (Piece("", "Verse"),)),
        Line("line", (Piece("Em", "Water goes "), Piece("G", "out,"), Piece("D", ""))),
        Line("line", (Piece("", "nobody "), Piece("Em", "sees"))),
        Line("blank"),
        Line("label", (Piece("", "Chorus"),)),
        Line("line", (Piece("C", "la"),)),
        Line("label", (Piece("", "Last one"),)),
    )


def test_a_plain_text_keeps_its_spaces_and_its_brackets():
    sheet = of("\n\nEm      [G]\n\n\n\nwords\t|\n\n", chordpro=False)
    assert sheet.fixed
    assert [line.words for line in sheet.lines] == ["Em      [G]", "", "words   |"]


def test_what_moves_a_terminal_or_turns_the_line_is_made_visible():
    assert of("a\u202eb\x1b[2J", chordpro=False).lines[0].words == "a\ufffdb\ufffd[2J"


def test_why_there_is_no_sheet_is_said_in_a_clause(tmp_path):
    assert read(tmp_path / "no.txt") == "is missing"
    assert read(tmp_path) == "is no file"
    (tmp_path / "large.txt").write_bytes(b"a" * (1 << 20) + b"a")
    assert read(tmp_path / "large.txt") == "is too large for a sheet"


def test_an_old_editors_letters_are_read(tmp_path):
    (tmp_path / "old.txt").write_bytes("café".encode("cp1252"))
    (tmp_path / "bom.txt").write_bytes("café".encode("utf-8-sig"))
    assert read(tmp_path / "old.txt") == read(tmp_path / "bom.txt") == of("café", chordpro=False)


def test_a_sheet_is_read_again_when_its_file_changes(tmp_path):
    path, sheets = tmp_path / "a.txt", Sheets()
    path.write_text("one")
    assert sheets.get(path, 0.0) == of("one", chordpro=False)
    path.write_text("two words")
    assert sheets.get(path, 0.5) == of("one", chordpro=False)
    assert sheets.get(path, 1.5) == of("two words", chordpro=False)
    path.unlink()
    assert sheets.get(path, 3.0) == "is missing"


LONG = of("\n".join(f"line {n}" for n in range(100)), chordpro=False)
ROOM = Rect(0, 0, 400, 400)


def test_it_scrolls_with_the_song_from_the_first_line_to_the_last():
    rows = panel.rows(ROOM, 1.0, support.fake_measure, LONG)
    begins = [panel.first(ROOM, 1.0, rows, part / 20) for part in range(21)]
    assert begins[0] == 0
    assert begins == sorted(begins)
    shown = panel.panel(ROOM, 1.0, support.fake_measure, rows, begins[-1], "")
    assert any(getattr(op, "text", "") == "line 99" for op in shown.ops)
    half = panel.panel(ROOM, 1.0, support.fake_measure, rows, begins[10], "")
    assert any(getattr(op, "text", "") == "line 50" for op in half.ops)


def test_a_short_sheet_stands_still():
    rows = panel.rows(ROOM, 1.0, support.fake_measure, of("a\nb", chordpro=False))
    assert {panel.first(ROOM, 1.0, rows, part / 10) for part in range(11)} == {0}


def test_chords_stand_above_the_words_they_are_struck_at_and_never_on_each_other():
    rows = panel.rows(ROOM, 1.0, support.fake_measure, of("[Cmaj7]a [Em7b5]b [G]c", chordpro=True)).rows
    chords = [(spot.x, support.fake_measure(spot.piece.chord, panel.BOLD, 14, 0)) for spot in rows[0].spots]
    assert all(x + wide <= after for (x, wide), (after, _) in pairwise(chords))


def test_a_long_line_goes_on_in_the_next_row_with_its_chords():
    words = "[Em]" + "word " * 30 + "[G]end"
    rows = panel.rows(ROOM, 1.0, support.fake_measure, of(words, chordpro=True)).rows
    assert len(rows) > 2
    assert rows[-1].spots[-1].piece == Piece("G", "end")
    assert rows[0].high > rows[1].high  # a row without chords takes no room for them
