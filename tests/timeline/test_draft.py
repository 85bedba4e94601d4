"""Edits before they are saved: taken back, done again, and done on what somebody else has saved meanwhile."""

from __future__ import annotations

import os
import random

import pytest

from timeline.draft import Conflict, Draft, Rebased, do, open_draft, pending, rebase, redo, saved, settle, undo, unsaved
from timeline.edit import Delete, Insert, Move, Refused, Rename, Set, source

FILM = b"""\
needledrop: 1
songs:
  fever: {title: Fever}
  cold: {title: Cold}
scenes:
  # how it begins
  - id: door
    title: The door
    note: a note
    cues:
      - song: fever
        gain: -6 dB
      - song: cold   # twice
        gain: -3 dB
  - {id: roof, title: The roof}
"""

GAIN = "scenes/door/cues/#1/gain"


def raw(text: str) -> bytes:
    return text.encode()


def theirs(*changes: tuple[str, str]) -> bytes:
    """The film as somebody else has saved it."""
    text = FILM.decode()
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    return text.encode()


def must(draft: Draft | None) -> Draft:
    assert draft is not None
    return draft


def value(draft: Draft, path: str) -> str | None:
    return source(draft.raw, path)


# -- doing and undoing


def test_edits_are_counted_taken_back_and_done_again() -> None:
    first = do(open_draft(FILM), Set(GAIN, "-4 dB"), "gain")
    second = do(first, Set("scenes/roof/title", "On the roof"), "title")
    assert (unsaved(first), unsaved(second)) == (1, 2)
    back = must(undo(second))
    assert back.raw == first.raw
    assert must(undo(back)).raw == FILM
    assert unsaved(must(undo(back))) == 0
    assert undo(must(undo(back))) is None
    assert must(redo(back)).raw == second.raw
    assert redo(second) is None


def test_an_edit_after_an_undo_leaves_nothing_to_do_again() -> None:
    draft = must(undo(do(open_draft(FILM), Set(GAIN, "-4 dB"), "gain")))
    assert redo(do(draft, Set(GAIN, "-5 dB"), "gain")) is None


def test_an_edit_that_changes_nothing_is_none() -> None:
    draft = open_draft(FILM)
    assert do(draft, Set(GAIN, "-6 dB"), "gain") is draft


def test_a_change_keeps_what_was_there() -> None:
    draft = do(open_draft(FILM), [Set(GAIN, "-4 dB"), Insert("scenes/roof/cues", "say: now")], "two things")
    (change,) = draft.done
    assert change.was == ("-6 dB", None)
    assert must(undo(draft)).raw == FILM


def test_an_edit_that_cannot_be_done_is_refused_as_a_whole() -> None:
    with pytest.raises(Refused):
        do(open_draft(FILM), [Set(GAIN, "-4 dB"), Delete("scenes/nowhere")], "two things")


def test_edits_that_go_on_with_one_another_are_one() -> None:
    draft = open_draft(FILM)
    for gain in ("-5.5 dB", "-5 dB", "-4.5 dB"):
        draft = do(draft, Set(GAIN, gain), "gain", join=True)
    assert unsaved(draft) == 1
    assert must(undo(draft)).raw == FILM
    other = do(draft, Set("scenes/door/cues/#2/gain", "-1 dB"), "gain", join=True)
    assert unsaved(other) == 2
    later = do(saved(draft, draft.raw), Set(GAIN, "0 dB"), "gain", join=True)
    assert unsaved(later) == 1
    assert must(undo(later)).raw == draft.raw


def test_undo_reaches_behind_a_save() -> None:
    draft = do(open_draft(FILM), Set(GAIN, "-4 dB"), "gain")
    draft = saved(draft, draft.raw)
    assert unsaved(draft) == 0
    back = must(undo(draft))
    assert back.raw == FILM
    assert unsaved(back) == 1
    assert pending(back)[0].label == "undo gain"
    assert unsaved(do(back, Set("scenes/roof/title", "On the roof"), "title")) == 2
    assert unsaved(must(redo(back))) == 0


# -- somebody else saves


def clean(rebased: Rebased) -> Draft:
    assert rebased.conflicts == ()
    return rebased.draft


def test_without_edits_the_new_text_is_simply_taken() -> None:
    new = theirs(("The roof", "On the roof"))
    draft = clean(rebase(open_draft(FILM), new))
    assert (draft.disk, draft.raw, unsaved(draft)) == (new, new, 0)


def test_edits_elsewhere_are_done_again_on_the_new_text() -> None:
    draft = do(open_draft(FILM), Set(GAIN, "-4 dB"), "gain")
    new = theirs(("The roof", "On the roof"), ("# how it begins", "# the beginning"))
    moved = clean(rebase(draft, new))
    assert moved.disk == new
    assert moved.raw == new.replace(b"-6 dB", b"-4 dB")
    assert unsaved(moved) == 1
    assert must(undo(moved)).raw == new


def test_the_same_edit_on_both_sides_is_no_edit_any_more() -> None:
    draft = do(open_draft(FILM), Set(GAIN, "-4 dB"), "gain")
    assert unsaved(clean(rebase(draft, theirs(("-6 dB", "-4 dB"))))) == 0
    assert unsaved(clean(rebase(draft, theirs(("-6 dB", "'-4 dB'"), ("The roof", "On the roof"))))) == 0


def test_the_same_value_changed_twice_is_a_conflict() -> None:
    draft = do(open_draft(FILM), Set(GAIN, "-4 dB"), "gain of Fever")
    draft = do(draft, Set("scenes/roof/title", "On the roof"), "title")
    new = theirs(("-6 dB", "-9 dB"))
    rebased = rebase(draft, new)
    (conflict,) = rebased.conflicts
    assert conflict == Conflict(
        GAIN, "-6 dB", "-4 dB", "-9 dB", "gain of Fever", (Set(GAIN, "-4 dB"),)
    )
    assert rebased.draft.raw == new.replace(b"The roof", b"On the roof")
    assert settle(rebased, ["theirs"]).raw == rebased.draft.raw
    ours = settle(rebased, ["mine"])
    assert value(ours, GAIN) == "-4 dB"
    assert unsaved(ours) == 2


def test_edits_of_one_value_in_a_row_are_one_conflict_about_the_last() -> None:
    draft = open_draft(FILM)
    for gain in ("-5 dB", "-4 dB"):
        draft = do(draft, Set(GAIN, gain), "gain")
    (conflict,) = rebase(draft, theirs(("-6 dB", "-9 dB"))).conflicts
    assert (conflict.base, conflict.mine, conflict.theirs) == ("-6 dB", "-4 dB", "-9 dB")


def test_a_cue_without_an_id_is_found_again_behind_a_new_one() -> None:
    draft = do(open_draft(FILM), Set("scenes/door/cues/#2/gain", "-1 dB"), "gain")
    draft = do(draft, Set("scenes/door/cues/#1/note", "loud"), "note")
    new = theirs(("    cues:\n", "    cues:\n      - {song: cold, gain: -20 dB}\n"))
    moved = clean(rebase(draft, new))
    assert value(moved, "scenes/door/cues/#1/gain") == "-20 dB"
    assert value(moved, "scenes/door/cues/#2/note") == "loud"
    assert value(moved, "scenes/door/cues/#3/gain") == "-1 dB"


def test_a_scene_that_got_another_id_is_found_again() -> None:
    draft = do(open_draft(FILM), Set("scenes/roof/note", "high"), "note")
    moved = clean(rebase(draft, theirs(("id: roof", "id: top"))))
    assert value(moved, "scenes/top/note") == "high"


def test_an_edit_of_a_thing_that_is_gone_is_a_conflict_about_the_thing() -> None:
    draft = do(open_draft(FILM), Set("scenes/roof/title", "On the roof"), "title")
    draft = do(draft, Set("scenes/roof/note", "high"), "note")
    new = FILM.replace(b"  - {id: roof, title: The roof}\n", b"")
    rebased = rebase(draft, new)
    (conflict,) = rebased.conflicts
    assert conflict.path == "scenes/roof"
    assert conflict.theirs is None
    assert conflict.mine == "- {id: roof, title: On the roof, note: high}"
    assert settle(rebased, ["theirs"]).raw == new
    back = settle(rebased, ["mine"])
    assert value(back, "scenes/roof") == "- {id: roof, title: On the roof, note: high}"
    assert must(undo(back)).raw == new


def test_what_was_deleted_here_and_edited_there_is_a_conflict() -> None:
    draft = do(open_draft(FILM), Delete("scenes/roof"), "delete The roof")
    new = theirs(("The roof", "On the roof"))
    rebased = rebase(draft, new)
    (conflict,) = rebased.conflicts
    assert (conflict.path, conflict.mine) == ("scenes/roof", None)
    assert conflict.theirs == "- {id: roof, title: On the roof}"
    assert settle(rebased, ["theirs"]).raw == new
    assert value(settle(rebased, ["mine"]), "scenes/roof") is None


def test_what_was_deleted_on_both_sides_is_gone() -> None:
    draft = do(open_draft(FILM), Delete("scenes/roof"), "delete The roof")
    new = FILM.replace(b"  - {id: roof, title: The roof}\n", b"").replace(b"a note", b"another")
    assert clean(rebase(draft, new)).raw == new


def test_scenes_inserted_on_both_sides_are_both_there() -> None:
    draft = do(open_draft(FILM), Insert("scenes", "{id: yard, title: The yard}", 1), "add The yard")
    moved = clean(rebase(draft, theirs(("  # how", "  - {id: street, title: The street}\n  # how"))))
    ids = [line.split("id: ")[1].split(",")[0] for line in moved.raw.decode().splitlines() if "id: " in line]
    assert ids == ["street", "door", "yard", "roof"]


def test_the_same_id_on_both_sides_is_a_conflict() -> None:
    draft = do(open_draft(FILM), Insert("songs", "tide: {title: Tide}"), "add Tide")
    new = theirs(("  cold:", "  tide: {title: Low Tide}\n  cold:"))
    rebased = rebase(draft, new)
    (conflict,) = rebased.conflicts
    assert conflict.path == "songs/tide"
    assert (conflict.mine, conflict.theirs) == ("tide: {title: Tide}", "tide: {title: Low Tide}")
    assert value(settle(rebased, ["mine"]), "songs/tide/title") == "Tide"
    assert value(settle(rebased, ["theirs"]), "songs/tide/title") == "Low Tide"


def test_moves_and_new_ids_are_done_again() -> None:
    draft = do(open_draft(FILM), Move("scenes/roof", 0), "move The roof")
    draft = do(draft, Rename("songs/cold", "ice"), "rename")
    new = theirs(("a note", "another"), ("  - {id: roof", "  - {id: x, title: X}\n  - {id: roof"))
    moved = clean(rebase(draft, new))
    text = moved.raw.decode()
    assert text.index("roof") < text.index("door") < text.index("id: x")
    assert value(moved, "scenes/door/cues/#2/song") == "ice"
    assert value(moved, "scenes/door/note") == "another"


def test_one_undo_takes_a_whole_change_back_also_after_a_rebase() -> None:
    draft = do(open_draft(FILM), [Set(GAIN, "-4 dB"), Set("scenes/roof/title", "On the roof")], "both")
    new = theirs(("a note", "another"))
    assert must(undo(clean(rebase(draft, new)))).raw == new


def test_an_undo_behind_a_save_is_kept_too() -> None:
    draft = do(open_draft(FILM), Set(GAIN, "-4 dB"), "gain")
    draft = must(undo(saved(draft, draft.raw)))
    new = draft.disk.replace(b"a note", b"another")
    moved = clean(rebase(draft, new))
    assert moved.raw == theirs(("a note", "another"))
    assert unsaved(moved) == 1


def test_an_insertion_taken_back_behind_a_save_goes_whatever_stands_around_it_now() -> None:
    draft = do(open_draft(FILM), Insert("scenes", "{id: yard, title: The yard}", 1), "add The yard")
    draft = must(undo(saved(draft, draft.raw)))
    new = draft.disk.replace(b"The roof", b"On the roof").replace(b"-3 dB", b"-2 dB")
    moved = clean(rebase(draft, new))
    assert moved.raw == theirs(("The roof", "On the roof"), ("-3 dB", "-2 dB"))


def test_undo_still_reaches_behind_what_somebody_else_saved() -> None:
    draft = do(open_draft(FILM), Set(GAIN, "-4 dB"), "gain")
    draft = saved(draft, draft.raw)
    moved = clean(rebase(draft, draft.disk.replace(b"The roof", b"On the roof")))
    assert must(undo(moved)).raw == theirs(("The roof", "On the roof"))


def test_a_file_that_cannot_be_read_is_refused() -> None:
    draft = do(open_draft(FILM), Set(GAIN, "-4 dB"), "gain")
    with pytest.raises(Refused):
        rebase(draft, b"needledrop: [1\n")


# -- a promise over many random pairs of edits

PATHS = [
    GAIN, "scenes/door/cues/#2/gain", "scenes/door/note", "scenes/door/title", "scenes/roof/title",
    "scenes/roof/note", "songs/fever/title", "songs/cold/artist",
]  # fmt: skip


def edit(rng: random.Random, draft: Draft) -> Draft:
    """Some edit."""
    number = rng.randrange(1000)
    match rng.randrange(8):
        case 0 | 1 | 2:
            path = rng.choice(PATHS)
            op = Set(path, f"-{number} dB" if path.endswith("gain") else f"text {number}")
        case 3:
            op = Insert("scenes", f"{{id: s{number}, title: T{number}}}", rng.randrange(3))
        case 4:
            op = Insert("scenes/door/cues", f"say: words {number}", rng.randrange(2))
        case 5:
            op = Delete(rng.choice(["scenes/roof", "scenes/door/note", "scenes/door/cues/#1"]))
        case 6:
            op = Rename(rng.choice(["scenes/roof", "songs/cold"]), f"id{number}")
        case _:
            op = Move("scenes/roof", 0)
    try:
        return do(draft, op, str(number))
    except Refused:
        return draft


@pytest.mark.parametrize("seed", range(1500 if os.environ.get("NEEDLEDROP_LONG") == "1" else 60))
def test_no_edit_is_lost_whoever_saves_first(seed: int) -> None:
    """What both sides said is in the text, but for values in conflict, and those are told."""
    rng = random.Random(seed)
    mine, other = open_draft(FILM), open_draft(FILM)
    for _ in range(4):
        mine, other = edit(rng, mine), edit(rng, other)
    rebased = rebase(mine, other.raw)
    told = "".join(f"{each.mine} {each.theirs} {each.base}" for each in rebased.conflicts)
    ours = settle(rebased, ["mine"] * len(rebased.conflicts))
    for side, both in ((mine, ours.raw.decode()), (other, rebased.draft.raw.decode())):
        for change in side.done:
            op = change.ops[0]
            said = op.value if isinstance(op, Set) else op.yaml.split()[-1].strip("}") if isinstance(op, Insert) else ""
            assert isinstance(said, str)
            if said in side.raw.decode():  # no later edit took it back
                assert said in both or said in told, op
    assert settle(rebased, ["theirs"] * len(rebased.conflicts)) == rebased.draft
    draft = rebased.draft
    while unsaved(draft):
        draft = must(undo(draft))
    assert draft.raw == other.raw


def test_a_conflict_follows_its_thing_to_a_new_id() -> None:
    """I wrote its artist and then gave it another id, while somebody else wrote its artist."""
    mine = do(do(open_draft(FILM), Set("songs/cold/artist", "Mine"), "artist"), Rename("songs/cold", "ice"), "id")
    other = do(open_draft(FILM), Set("songs/cold/artist", "Theirs"), "artist")
    rebased = rebase(mine, other.raw)
    (conflict,) = rebased.conflicts
    assert (conflict.path, conflict.mine, conflict.theirs) == ("songs/ice/artist", "Mine", "Theirs")
    assert source(settle(rebased, ["mine"]).raw, "songs/ice/artist") == "Mine"
    assert source(settle(rebased, ["theirs"]).raw, "songs/ice/artist") == "Theirs"
