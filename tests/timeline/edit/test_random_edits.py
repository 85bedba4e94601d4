"""Edits of documents of chance: the data is what was meant, the rest of the bytes and all comments stay.

`NEEDLEDROP_LONG=1` makes more than 5,000 edits.
"""

from __future__ import annotations

import os
import re
from collections import Counter
from random import Random
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.timeline.edit.documents import KEYS, WORDS, comments, node_of, said, text_of
from timeline.edit import Data, Delete, Insert, Move, Op, Refused, Set, apply, region
from timeline.nodes import LOADERS

LONG = os.environ.get("NEEDLEDROP_LONG") == "1"
EXAMPLES = 1000 if LONG else 50
EDITS = 6  # of each document

Way = tuple[int, ...]  # the number of the entry at each level


def places(data: Any, way: Way = ()) -> list[Way]:
    """The way to every entry of a document."""
    if not isinstance(data, tuple):
        return [way] if way else []
    inside = [value for _, value in data[1]] if data[0] == "map" else data[1]
    return ([way] if way else []) + [one for n, item in enumerate(inside) for one in places(item, (*way, n))]


def at(data: Any, way: Way) -> Any:
    for n in way:
        data = data[1][n][1] if data[0] == "map" else data[1][n]
    return data


def path(data: Any, way: Way) -> str:
    """The path that leads along `way`."""
    words = []
    for n in way:
        words.append(data[1][n][0] if data[0] == "map" else f"#{n + 1}")
        data = data[1][n][1] if data[0] == "map" else data[1][n]
    return "/".join(words)


def put(data: Any, way: Way, make: Any) -> Any:
    """`data` with what `make` makes of the value at the end of `way`."""
    if not way:
        return make(data)
    items = list(data[1])
    n = way[0]
    items[n] = (items[n][0], put(items[n][1], way[1:], make)) if data[0] == "map" else put(items[n], way[1:], make)
    return (data[0], items)


def meant(value: Data) -> Any:
    if isinstance(value, str):
        return value
    if isinstance(value, dict):
        return ("map", [(key, meant(item)) for key, item in value.items()])
    return ("list", [meant(item) for item in value])


TEXTS = [*WORDS, "", " x", "x ", "# x", "a # b", "a: b", "a:", "- a", "[a", "null", "~", '"q"', "it's: '", "tab\there"]
TEXTS += [
    "two\nlines",
    "three\n\nlines\n",
    "long words " * 14,
    "x, y]",
    "{",
    "*a",
    "&a",
    "!a",
    "%",
    "\u2028",
    "1e3",
    "---",
]
VALUES: list[Data] = [*TEXTS, [], {}, ["a", "b: c"], {"x": "1", "y": ["z"]}, [{"id": "q"}, "w"]]
ITEMS = [
    "new",
    "'new # x'",
    "id: new\nnote: |\n  two\n  lines",
    "- id: new\n  at: 1",
    "{id: new, at: 1}",
    "- - a\n  - b",
]


def an_edit(data: Any, chance: Random) -> tuple[Op, list[Any], int] | None:
    """An operation, the data it may lead to, and how many levels of its path stay what they are."""
    ways = places(data)
    way = chance.choice(ways)
    value = at(data, way)
    owner = at(data, way[:-1])
    match chance.choice(["set", "set", "add", "delete", "insert", "move"]):
        case "set":
            new = chance.choice(VALUES)
            return Set(path(data, way), new), [put(data, way, lambda _: meant(new))], len(way) - 1
        case "add" if isinstance(value, tuple) and value[0] == "map":
            key = chance.choice([*KEYS, "fresh"])
            if any(name == key for name, _ in value[1]) or not value[1]:
                return None
            new = chance.choice(VALUES)
            added = [
                put(data, way, lambda old, n=n: ("map", [*old[1][:n], (key, meant(new)), *old[1][n:]]))
                for n in range(len(value[1]) + 1)
            ]
            return Set(f"{path(data, way)}/{key}", new), added, len(way)
        case "delete":
            if path(data, way) == "needledrop":
                return None
            results, level = [], len(way) - 1
            for n in range(len(way), 0, -1):
                holder = at(data, way[: n - 1])
                results.append(
                    put(
                        data,
                        way[: n - 1],
                        lambda old, n=n: (old[0], [*old[1][: way[n - 1]], *old[1][way[n - 1] + 1 :]]),
                    )
                )
                level = n - 1
                if len(holder[1]) > 1:
                    break
            return Delete(path(data, way)), results, max(0, level - 1)
        case "insert" if isinstance(value, tuple) and value[0] == "list":
            position = chance.randint(0, len(value[1]))
            yaml_text = chance.choice(ITEMS)
            item = said(node_of(yaml_text + "\n"))
            if yaml_text.startswith("- "):
                item = item[1][0]
            return (
                Insert(path(data, way), yaml_text, position),
                [put(data, way, lambda old: ("list", [*old[1][:position], item, *old[1][position:]]))],
                len(way) - 1,
            )
        case "move" if len(owner[1]) > 1 and len(way) > 1:
            position = chance.randrange(len(owner[1]))

            def moved(old: Any) -> Any:
                items = list(old[1])
                items.insert(position, items.pop(way[-1]))
                return (old[0], items)

            return Move(path(data, way), position), [put(data, way[:-1], moved)], len(way) - 1
    return None


def unordered(data: Any) -> Any:
    """Without the order of keys in mappings, which a `Set` of a whole mapping does not promise."""
    if isinstance(data, tuple):
        items = (
            [(key, unordered(value)) for key, value in data[1]] if data[0] == "map" else [unordered(v) for v in data[1]]
        )
        return (data[0], sorted(items, key=repr) if data[0] == "map" else items)
    return data


def outside(text: str, way: Way) -> tuple[str, str]:
    """What stands before and after the entry at `way`, to whole lines; comments next to it are left out."""
    text = text.removeprefix("\ufeff")
    node: Any = node_of(text)
    start, end = 0, len(text)
    for n in way:
        if isinstance(node, yaml.MappingNode):
            key, value = node.value[n]
            start, last = key.start_mark.index, value
        else:
            last = node.value[n]
            start = last.start_mark.index
        end, node = max(last.end_mark.index, start), last
        if isinstance(node, yaml.CollectionNode) and node.flow_style:
            break  # brackets without room are written over several lines
    rest = re.search(r"[\r\n].*|\Z", text[end:], re.DOTALL)
    return text[:start], rest[0] if rest else ""


DONE: Counter[str] = Counter()


def check_edits(seed: int, loader: str) -> None:
    chance = Random(seed)
    text = text_of(seed)
    try:
        node_of(text)
    except yaml.YAMLError:
        return
    for _ in range(EDITS):
        data = said(node_of(text))
        if not places(data):
            return
        made = an_edit(data, chance)
        if made is None:
            continue
        op, wanted, level = made
        raw = text.encode("utf-8")
        try:
            done = apply(raw, op, loader)
        except Refused as refused:
            DONE["refused"] += 1
            DONE[f"refused {type(op).__name__}: {refused}"] += 1
            continue
        DONE["done"] += 1
        after = done.raw.decode("utf-8")
        result = said(node_of(after, yaml.SafeLoader if loader == "pure" else yaml.CSafeLoader))
        emptied = isinstance(op, Delete) and any(unordered(result) == unordered(one) for one in wanted)
        assert emptied or any(unordered(result) == unordered(one) for one in wanted), (seed, op, text, after)
        before_all, after_all = Counter(comments(text)), Counter(comments(after))
        if isinstance(op, Delete) or (isinstance(op, Set) and isinstance(op.value, (dict, list))):
            assert not after_all - before_all, (seed, op, text, after)
        else:
            assert before_all == after_all, (seed, op, text, after)
        head, tail = outside(text, tuple(way_of(op, data))[:level])
        bare = after.removeprefix("\ufeff")
        assert bare.startswith(head), (seed, op, text, after)
        assert bare.rstrip("\r\n").endswith(tail.rstrip("\r\n")) or not level, (seed, op, text, after)
        assert after.startswith("\ufeff") == text.startswith("\ufeff")
        assert apply(done.raw, done.inverse, loader).raw == raw, (seed, op)
        text = after


def way_of(op: Op, data: Any) -> list[int]:
    """The way that a path leads."""
    way: list[int] = []
    for word in op.path.split("/"):
        if data is None or not isinstance(data, tuple):
            break
        names = [key for key, _ in data[1]] if data[0] == "map" else [f"#{n + 1}" for n in range(len(data[1]))]
        if word not in names:
            break
        way.append(names.index(word))
        data = data[1][way[-1]][1] if data[0] == "map" else data[1][way[-1]]
    return way


@pytest.mark.parametrize("least", [0, region.LARGE], ids=["in part", "whole"])
@pytest.mark.parametrize("loader", sorted(LOADERS))
def test_edits_of_documents_of_chance(loader: str, least: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Read again where they changed, as large files are, and as a whole."""
    monkeypatch.setattr(region, "LARGE", least)
    DONE.clear()

    @settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.integers(0, 2**32))
    def run(seed: int) -> None:
        check_edits(seed, loader)

    run()
    assert DONE["done"] > EXAMPLES * EDITS / 3
    assert DONE["refused"] < 0.2 * DONE["done"]
