"""What each edit does to a file, as a person would see it in a diff."""

from __future__ import annotations

import json
from pathlib import Path
from textwrap import dedent

import pytest
from msgspec.structs import replace

from timeline.edit import Delete, Insert, Move, Op, Refused, Rename, Set, address, apply, from_json, source, to_json
from timeline.reader import read

FILM = (Path(__file__).parents[3] / "assets/films/the-runaways.yaml").read_bytes()


def edited(text: str, *ops: Op) -> str:
    """A text after edits, each of which can be told to a file and taken back."""
    raw = dedent(text).encode()
    done = apply(raw, [from_json(json.loads(json.dumps(to_json(op)))) for op in ops])
    assert apply(done.raw, [from_json(json.loads(json.dumps(to_json(op)))) for op in done.inverse]).raw == raw
    return done.raw.decode()


def lines_changed(before: bytes, after: bytes) -> list[tuple[str, str]]:
    """Lines that differ between two texts of as many lines."""
    old, new = before.decode().split("\n"), after.decode().split("\n")
    assert len(old) == len(new)
    return [(a, b) for a, b in zip(old, new, strict=True) if a != b]


def test_one_value_of_the_bundled_film():
    done = apply(FILM, Set("songs/fever/title", "Fever: the single"))
    assert lines_changed(FILM, done.raw) == [("    title: Fever", '    title: "Fever: the single"')]
    assert done.path == "songs/fever/title"
    assert apply(done.raw, done.inverse).raw == FILM


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("Plain words", "Plain words"),
        ("Étude #9", '"Étude #9"'),
        ("Étude#9", "Étude#9"),
        ("So: this", '"So: this"'),
        ("Why:", '"Why:"'),
        ("", '""'),
        (" led", '" led"'),
        ("null", '"null"'),
        ("~", '"~"'),
        ("1999", '"1999"'),
        ("NO", '"NO"'),
        ("1:30", '"1:30"'),
        ("-6 dB", "-6 dB"),
        ("- 6", '"- 6"'),
        ("[live]", '"[live]"'),
        ('"Heroes"', "'\"Heroes\"'"),
        ("it's: x", '"it\'s: x"'),
        ("@home", '"@home"'),
        ("a\tb", '"a\\tb"'),
        ("東京 🎸", "東京 🎸"),
    ],
)
def test_a_text_gets_quotes_where_it_would_be_misread(value, written):
    text = 'needledrop: 1\nsongs: {a: {title: "x"}}\nscenes:\n  - id: one\n    title: One   # here\n'
    assert edited(text, Set("scenes/one/title", value)) == text.replace("One ", f"{written} ")


@pytest.mark.parametrize(
    ("old", "new"), [('"A"', '"B: 1"'), ("'A'", "'B: 1'"), ("A", "'B: 1'"), ("|\n    A", "|-\n    B: 1")]
)
def test_the_quotes_that_are_there_stay(old, new):
    text = f"a: 'x'\nfilm:\n  title: {old}\n"
    assert edited(text, Set("film/title", "B: 1")) == f"a: 'x'\nfilm:\n  title: {new}\n"


def test_a_new_key_stands_where_a_person_would_write_it():
    text = """\
        scenes:
          - id: one
            title: One
            at: 0:10      # measured

            cues:
              - song: a
              - {song: b, then: follow}
        """
    done = edited(
        text,
        Set("scenes/one/number", "12"),
        Set("scenes/one/colour", "blue"),
        Set("scenes/one/cues/#2/gain", "-6 dB"),
        Set("scenes/one/cues/#1/at", "+4s"),
    )
    assert done == dedent("""\
        scenes:
          - id: one
            title: One
            number: "12"
            at: 0:10      # measured
            colour: blue

            cues:
              - song: a
                at: +4s
              - {song: b, then: follow, gain: -6 dB}
        """)


def test_the_ends_of_lines_and_the_mark_at_the_beginning_stay():
    raw = b"\xef\xbb\xbfneedledrop: 1\r\nfilm:\r\n    title: X\t # c\r\n    year: 1974"
    done = apply(raw, [Set("film/director", "D"), Set("film/fps", "25"), Insert("scenes", "id: a\ntitle: A")])
    assert done.raw == (
        b"\xef\xbb\xbfneedledrop: 1\r\nfilm:\r\n    title: X\t # c\r\n    year: 1974\r\n    director: D\r\n    fps: 25"
        b"\r\n\r\nscenes:\r\n  - id: a\r\n    title: A"
    )
    assert apply(done.raw, done.inverse).raw == raw


CUES = """\
    scenes:
      - id: one
        title: One
        cues:
          # the first
          - song: a
            gain: 0

          # reel 2

          # the second, louder
          - song: b      # b
            gain: 3
            # to: 1:00
          - song: c
          # all of them
      - id: two
        title: Two
    """


def test_an_item_goes_with_the_comments_that_are_its_own():
    assert edited(CUES, Delete("scenes/one/cues/#2")) == dedent("""\
        scenes:
          - id: one
            title: One
            cues:
              # the first
              - song: a
                gain: 0

              # reel 2

              - song: c
              # all of them
          - id: two
            title: Two
        """)


def test_an_item_moves_with_the_comments_that_are_its_own():
    done = edited(CUES, Move("scenes/one/cues/b", 0))
    assert done == dedent("""\
        scenes:
          - id: one
            title: One
            cues:
              # the second, louder
              - song: b      # b
                gain: 3
                # to: 1:00

              # reel 2

              # the first
              - song: a
                gain: 0
              - song: c
              # all of them
          - id: two
            title: Two
        """)


def test_an_item_moves_to_another_list_that_is_not_there_yet():
    done = apply(dedent(CUES).encode(), Move("scenes/one/cues/b", 0, "scenes/two/cues"))
    assert done.path == "scenes/two/cues/#1"
    assert done.raw.decode().endswith(
        "  - id: two\n    title: Two\n    cues:\n"
        "      # the second, louder\n      - song: b      # b\n        gain: 3\n        # to: 1:00\n"
    )


def test_a_scene_without_its_last_cue_has_no_cues():
    text = """\
        scenes:
          - id: a
            title: A
            cues:
              # loud
              - song: x
          - {id: b, title: B, cues: [song: x]}
        """
    done = edited(text, Delete("scenes/a/cues/x"), Delete("scenes/b/cues/#1"))
    assert done == "scenes:\n  - id: a\n    title: A\n  - {id: b, title: B}\n"


def test_what_has_a_remark_of_its_own_stays_without_its_last_thing():
    text = "scenes:\n  - id: a\n    title: A\n    cues:   # of the second night\n      - song: x\n"
    assert edited(text, Delete("scenes/a/cues/x")) == (
        "scenes:\n  - id: a\n    title: A\n    cues: []   # of the second night\n"
    )


def test_the_last_scene_leaves_its_section():
    text = "needledrop: 1\nscenes:\n  - id: a\n    title: A\n"
    done = edited(text, Delete("scenes/a"))
    assert done == "needledrop: 1\nscenes: []\n"
    assert edited(done, Insert("scenes", "id: b\ntitle: B")) == "needledrop: 1\nscenes:\n  - id: b\n    title: B\n"


def test_a_deleted_first_key_leaves_the_second_in_its_place():
    text = "scenes:\n  - id: a   # c\n    # about the title\n    title: A\n"
    assert edited(text, Delete("scenes/a/id")) == "scenes:\n  # about the title\n  - title: A\n"


def test_lists_in_lists():
    text = "x-grid:\n  - - a\n    - b\n  - - c\n"
    assert edited(text, Delete("x-grid/#1/a")) == "x-grid:\n  - - b\n  - - c\n"
    assert edited(text, Move("x-grid/#1/b", 0)) == "x-grid:\n  - - b\n    - a\n  - - c\n"


def test_a_scene_on_one_line_gets_lines_where_it_has_no_room():
    text = "scenes:\n  - {id: a, title: A, at: ~+6m}   # a card\n  - {id: b, title: B}\n"
    done = edited(text, Insert("scenes/a/cues", "song: x   # loud"), Insert("scenes/b/cues", "song: x"))
    assert done == dedent("""\
        scenes:
          - id: a   # a card
            title: A
            at: ~+6m
            cues:
              - song: x   # loud
          - {id: b, title: B, cues: [{song: x}]}
        """)


def test_rename_follows_every_mention():
    text = """\
        outputs: [main, click]
        songs:
          fever: {title: fever}
        scenes:
          - id: fever
            title: Fever
            cues:
              - {song: "fever", id: one, until: fever, output: click}
              - {fade: fever, level: -6}
              - {stop: one}
        sets:
          fever: {songs: [{song: 'fever'}]}
        """
    done = edited(
        text, Rename("songs/fever", "heat"), Rename("scenes/fever/cues/one", "uno"), Rename("scenes/fever", "s")
    )
    assert done == dedent("""\
        outputs: [main, click]
        songs:
          heat: {title: fever}
        scenes:
          - id: s
            title: Fever
            cues:
              - {song: "heat", id: uno, until: s, output: click}
              - {fade: heat, level: -6}
              - {stop: uno}
        sets:
          fever: {songs: [{song: 'heat'}]}
        """)
    assert "output: tick" in edited(text, Rename("outputs/click", "tick"))


@pytest.mark.parametrize(
    ("op", "why"),
    [
        (Set("songs/fevr/title", "x"), 'there is no "fevr" in songs; did you mean fever?'),
        (Delete("scenes/#99"), 'there is no "#99" in scenes; there are 34'),
        (Rename("songs/fever", "all"), '"all" has a meaning of its own and cannot be an id; like all-1'),
        (Rename("songs/fever", "cherry-bomb"), 'there is a song "cherry-bomb" already'),
        (Rename("songs/fever/title", "x"), "songs/fever/title has no id; songs, scenes, cues, sets and outputs have"),
        (
            Insert("scenes", "id: learning\ntitle: L"),
            'there is "learning" in scenes already; give the new one another id',
        ),
        (Insert("film", "title: x"), "film takes no items; name a list or a table, like scenes or scenes/intro/cues"),
        (Insert("scenes", "- id: a\n- id: b"), "this is 2 items; put them in one by one"),
        (Delete("needledrop"), "a timeline begins with its version; needledrop: 1 stays"),
        (Set("film/title", "a\x00"), "the character U+0000 cannot be part of a text"),
        (Move("songs/fever", 9), "there is no position 10; positions go from 1 to 9"),
    ],
)
def test_what_is_refused_says_why(op, why):
    with pytest.raises(Refused) as refused:
        apply(FILM, op)
    assert str(refused.value) == why


def test_a_file_that_cannot_be_read_is_left_alone():
    with pytest.raises(Refused, match="line 2, column 9: this quote is never closed; repair that first"):
        apply(b'film:\n  year: "1974\n', Set("film/title", "x"))


def test_source_is_what_a_person_would_copy():
    assert source(dedent(CUES).encode(), "scenes/one/cues/b") == (
        "# the second, louder\n- song: b      # b\n  gain: 3\n  # to: 1:00"
    )
    assert source(FILM, "songs/fever/title") == "Fever"
    assert source(FILM, "songs/fever/bpm") is None


def test_an_address_for_everything_that_has_a_name():
    timeline = read(FILM).timeline
    assert address(timeline, "talent-show-record") == "scenes/talent-show/cues/talent-show-record"
    assert address(timeline, "the-store") == "scenes/the-store"
    assert address(timeline, "fever") == "songs/fever"
    bare = read(b"needledrop: 1\nscenes: [{id: a, title: A, cues: [say: hi]}]").timeline
    assert address(bare, "a#1") == "scenes/a/cues/#1"


def test_what_an_edit_replaced_is_put_back_in_a_text_that_has_moved_on():
    done = apply(FILM, Set("songs/fever/title", "Heat"))
    moved_on = done.raw.replace(b"needledrop: 1\n", b"needledrop: 1\nx-mine: 5   # new\n")
    back = apply(moved_on, done.inverse).raw
    assert back == FILM.replace(b"needledrop: 1\n", b"needledrop: 1\nx-mine: 5   # new\n")


def test_what_has_been_changed_since_is_not_put_back():
    done = apply(FILM, Set("songs/fever/title", "Heat"))
    with pytest.raises(Refused, match="what this would put back has been changed since"):
        apply(done.raw.replace(b"title: Heat", b"title: Warmth"), done.inverse)


def test_putting_back_changes_nothing_but_the_thing_itself():
    done = apply(FILM, Set("songs/fever/title", "Heat"))
    (put,) = done.inverse
    with pytest.raises(Refused, match="would say something else"):
        apply(done.raw, replace(put, path="songs/cherry-bomb"))


def test_several_edits_are_done_together_or_not_at_all():
    done = apply(FILM, [Set("songs/fever/title", "Heat"), Rename("songs/fever", "heat"), Delete("songs/heat/year")])
    assert b"  heat:\n    title: Heat\n" in done.raw
    assert apply(done.raw, done.inverse).raw == FILM
    with pytest.raises(Refused):
        apply(FILM, [Set("songs/fever/title", "Heat"), Delete("songs/nothing")])


def test_the_second_scene_is_set_off_by_a_blank_line_and_sections_too():
    done = edited(
        "needledrop: 1\n",
        Set("film/title", "New"),
        Insert("songs", "a: {title: A}"),
        Insert("scenes", "id: one\ntitle: One"),
        Insert("scenes", "id: two\ntitle: Two"),
        Insert("scenes/one/cues", "song: a"),
        Set("scenes/one/cues/a/gain", "-6 dB"),
    )
    assert done == dedent("""\
        needledrop: 1

        film:
          title: New

        songs:
          a: {title: A}

        scenes:
          - id: one
            title: One
            cues:
              - song: a
                gain: -6 dB

          - id: two
            title: Two
        """)


def test_a_large_film_is_edited_as_a_small_one():
    scenes = "".join(f"  - id: s{n}\n    title: Scene {n}   # {n}\n    cues: [song: a]\n" for n in range(2000))
    raw = f"needledrop: 1\nsongs: {{a: {{title: A}}}}\nscenes:\n{scenes}".encode()
    ops = [Set("scenes/s999/title", "X: y"), Set("scenes/s999/cues/#1/gain", "-6 dB"), Move("scenes/s5", 3)]
    done = apply(raw, ops)
    assert b'    title: "X: y"   # 999\n    cues: [{song: a, gain: -6 dB}]\n' in done.raw
    assert [scene.id for scene in read(done.raw).timeline.scenes][:7] == ["s0", "s1", "s2", "s5", "s3", "s4", "s6"]
    assert apply(done.raw, done.inverse).raw == raw


def test_a_film_from_nothing():
    assert edited("", Set("needledrop", "1"), Set("film/title", "X")) == "needledrop: 1\n\nfilm:\n  title: X\n"
    assert edited("# mine\n", Set("needledrop", "1")) == "# mine\nneedledrop: 1\n"
