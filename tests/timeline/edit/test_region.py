"""What is read again in part stands where it would stand had the whole of it been read."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.timeline.edit.documents import node_of, said, text_of
from tests.timeline.edit.test_random_edits import EDITS, EXAMPLES, an_edit, places
from timeline.edit import Delete, Refused, Rename, Set, apply, region
from timeline.edit.document import document, parsed
from timeline.nodes import LOADERS, List, Node


def outline(node: Node) -> Any:
    """A node with all its places."""
    marks = [(mark.index, mark.line, mark.column) for mark in (node.start_mark, node.end_mark)]
    if node.value is not None:
        return (node.value, node.style, *marks)
    return (isinstance(node, List), node.flow, *marks, [outline(item) for item in node.items])


def check_places(raw: bytes, loader: str) -> None:
    ours, read = document(raw, loader), parsed(raw.decode("utf-8"), loader)
    assert ours.plain == read.plain
    assert (ours.refused, ours.tabs, ours.text, ours.bom) == (read.refused, read.tabs, read.text, read.bom)
    assert outline(ours.root) == outline(read.root)


@pytest.mark.parametrize("loader", sorted(LOADERS))
def test_places_after_edits_of_chance(loader: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(region, "LARGE", 0)

    @settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.integers(0, 2**32))
    def run(seed: int) -> None:
        chance, raw = Random(seed), text_of(seed).encode("utf-8")
        try:
            node_of(raw.decode("utf-8"))
        except yaml.YAMLError:
            return
        for _ in range(EDITS):
            try:
                data = said(node_of(raw.decode("utf-8")))
                made = an_edit(data, chance) if places(data) else None
                if made is not None:
                    raw = apply(raw, made[0], loader).raw
                    check_places(raw, loader)
            except Refused:
                continue

    run()


@pytest.mark.parametrize("loader", sorted(LOADERS))
def test_places_before_a_remark_that_ends_the_file_without_a_line_end(
    loader: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(region, "LARGE", 0)
    film = b"scenes:\n  gain:\n  note: 'a b c'  # a: b565\n  loop: # 8660\n       x two:\n  media: '!a'\n#[505"
    check_places(apply(film, Delete("scenes/media"), loader).raw, loader)


FILM = """\
needledrop: 1
film: {title: The Bench}
songs:
  tide:  # the first
    title: Tide
  fever: {title: Fever}
scenes:
  - id: one
    title: One

    cues:
      - song: tide
      - stop: tide
  - id: two
    title: Two
    cues:
      - song: fever
      # and again
      - song: "tide"
        until: two

  - id: three
    title: Three
""" + "".join(f"  - {{id: more-{n}, title: More {n}}}\n" for n in range(60))


@pytest.mark.parametrize("loader", sorted(LOADERS))
def test_a_renaming_is_read_again_where_it_changed(loader: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(region, "LARGE", 0)
    raw = apply(FILM.encode(), Set("scenes/one/note", "It begins."), loader).raw
    monkeypatch.setattr("timeline.edit.doing.document", None)  # the whole of it is not read
    done = apply(raw, Rename("songs/tide", "high-tide"), loader)
    text = FILM.replace("song: tide", "song: high-tide").replace("stop: tide", "stop: high-tide")
    text = text.replace('"tide"', '"high-tide"').replace("  tide:", "  high-tide:")
    assert done.raw.decode() == text.replace("title: One\n", "title: One\n    note: It begins.\n")
    check_places(done.raw, loader)
