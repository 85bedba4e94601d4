"""The JSON Schema says of a file's shape what the checker says, but for what no schema can see."""

from __future__ import annotations

import json
import os
import re
from itertools import chain
from pathlib import Path
from random import Random
from typing import Any, Final

import fastjsonschema
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.timeline.test_random import PLAIN, written
from timeline import schema, spec
from timeline.model import Problem
from timeline.reader import read
from timeline.spec import Group, Listing, Scalar, Table

ROOT = Path(__file__).parents[2]
valid = fastjsonschema.compile(schema.schema(), use_formats=False)

# What the checker tells of shape, and a schema must refuse too.
SHAPE: Final = {
    *("bad-value", "bad-id", "bad-key", "unknown-key", "wrong-shape", "missing-key", "misplaced-key"),
    *("no-verb", "two-verbs", "null", "no-value"),
}
# What the checker sees there and a schema cannot.
BEYOND: Final = {
    "whether timecode exists depends on film.fps, and where it begins on film.start": (
        r"at [\d.]+(df)? a second has the pictures|marks drop-frame timecode|does not exist: drop frame"
        r"|lies before film.start|mm and ss to 59"
    ),
    "a check digit": "the check digit of",
    "the days of a month": r'"\d{4}-(0[2469]|11)-\d\d" is not a date',
    "the numbers inside a message": "^send: ",
    "which modifiers go with a key": "^hotkey: ",
    "an address of OSC, a letter that no text holds, or more digits than anybody writes": "cannot be part of a text",
}
# What YAML takes for a number, a boolean or nothing before a schema sees it, and the checker for what stands there.
NOTATION: Final = re.compile(
    r"[-+]?(\.inf|\.Inf|\.INF|0x[0-9a-fA-F]+|0o[0-7]+|(\.\d+|\d+(\.\d*)?)([eE][-+]?\d+)?)|\.nan|\.NaN|\.NAN"
    r"|true|True|TRUE|false|False|FALSE"
)


class Core(yaml.SafeLoader):
    """YAML as editors read it: the core schema of YAML 1.2."""

    yaml_implicit_resolvers: Final = {}


for tag, pattern, first in (
    ("bool", "true|True|TRUE|false|False|FALSE", "tTfF"),
    ("int", r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+", "-+0123456789"),
    ("float", r"[-+]?(\.\d+|\d+(\.\d*)?)([eE][-+]?\d+)?|[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)", "-+.0123456789"),
    ("null", "~|null|Null|NULL|", ["~", "n", "N", ""]),
):  # fmt: skip
    Core.add_implicit_resolver(f"tag:yaml.org,2002:{tag}", re.compile(f"^(?:{pattern})$"), list(first))
Core.add_constructor(
    "tag:yaml.org,2002:int",
    lambda loader, node: int(node.value, 8 if "o" in node.value else 16 if "x" in node.value else 10),
)


def refused(text: str) -> bool:
    """Whether the schema refuses what an editor makes of a text."""
    data = yaml.load(text, Core)  # noqa: S506
    try:
        valid(json.loads(json.dumps(data)))
    except fastjsonschema.JsonSchemaValueException:
        return True
    return False


def of_shape(problems: tuple[Problem, ...]) -> list[Problem]:
    """What the checker says of shape, and a schema could say too."""
    shape = [problem for problem in problems if problem.code in SHAPE]
    return [one for one in shape if not any(re.search(beyond, one.message) for beyond in BEYOND.values())]


def agree(text: str) -> None:
    """The schema refuses a text if the checker does for its shape, and then only."""
    problems = read(text).problems
    if refused(text):
        told = [one for one in problems if one.severity == "error" or one.code == "no-value"]
        assert told, f"only the schema refuses\n{text}"
    else:
        assert of_shape(problems) == [], f"only the checker refuses\n{text}"


def scalars() -> list[Scalar]:
    """Every kind of value, once."""
    found: dict[int, Scalar] = {}
    for group in spec.GROUPS:
        for each in group.known.values():
            kind = each.kind.of if isinstance(each.kind, Listing) else each.kind
            if isinstance(kind, Scalar):
                found[id(kind)] = kind
    return list(found.values())


TEXTS: Final = st.one_of(
    st.sampled_from(
        [
            *("1:30", "0:02:10.5", "1:60", "0:60:00", "90:00", "350ms", "2.5 s", "4m", "1h", "4", "+4s", "- 2s"),
            *("~+6m", "~0:24:00", "+~4s", "00:24:06:12", "24:00:00:00", "01:00:10;02", "bar 41", "bar 12.3", "bar 0"),
            *("bar 3.0", "bar  7", "4s linear", "4s  s-curve", "linear 4s", "-6 dB", "+1.5dB", "-inf", "inf", "24 dB"),
            *("24.1", "-6,5", "25", "0", "-0", "0 dB", "−6 dB", "-16 LUFS", "-70", "-70.1", "1974", "999", "3000"),
            *("4/4", "6 / 8", "4/3", "23.976", "29.97df", "29.97DF", "yes", "No", "ON", "maybe", "2025-03-14"),
            *("2025-13-01", "2025-3-1", "100", "100.1", "-100", "50%", "50 %", "-48", "49", "1", "2", "9999", "10000"),
            *("until-go", "UNTIL-GO", "blue", "Blue", "gray", "#12ab9F", "#12ab9", "2 bars", "0 bars", "1 beat"),
            *("100 bars", "wait", "Follow", "cleared", "GB-AYE-74-00123", "GBAYE740012", "T-034.524.680-1"),
            *("T-034.524.680", "BI", "bi", "score", "BIBI", "8f3471b5-7e6a-48da-86a9-c1c07a0f47ae", "00012345678"),
            *("12345678", "F7", "F25", "k", "Ctrl+K", "Ctrl +K", "midi program 3 channel 1", "midi program"),
            *("osc /lamp/key 0.4", "osc lamp", "dmx 1", "all", "scene", "end", "a", "b-2", "2", "Harbor"),
            *("-a", "", " ", "null", "~", "x y", "a.flac", "1:00:00", "01:00:00:00", "0.5", "true", "\\", "("),
        ]
    ),
    PLAIN,
)


def values(kind: Any) -> st.SearchStrategy[Any]:
    """Plain data of any kind of the spec: mostly right, with a slip here and there."""
    match kind:
        case Scalar():
            right = st.just(kind.example.strip('"'))
            slips = st.sampled_from([[], {}, ["a"], {"a": "b"}])
            return st.one_of(*[right] * 12, TEXTS, TEXTS, slips)
        case Group():
            return group(kind)
        case Listing():
            one = values(kind.of) if kind.or_group is None else st.one_of(values(kind.of), values(kind.or_group))
            several = st.lists(one, max_size=2)
            return st.one_of(several, several, one)
        case Table():
            ids = st.sampled_from(["a", "b", "harbor-lights", "x-own", "No Id", "all"])
            return st.dictionaries(ids, values(kind.of), max_size=2)
    raise AssertionError(kind)


def group(kind: Group) -> st.SearchStrategy[Any]:
    """Some keys of a group; of a cue one verb, most of the time, and what goes with it."""

    def chosen(names: list[str]) -> st.SearchStrategy[Any]:
        known = {name: values(kind.known[name].kind) for name in names if name in kind.known}
        strange = {name: st.just("1") for name in names if name not in kind.known}
        return st.fixed_dictionaries({**known, **strange})

    strange = st.sampled_from([[], [], [], [], [], ["x-own"], ["yeer"]])
    needed = [field.name for field in kind.known.values() if field.required]
    optional = [name for name in kind.known if name not in needed]
    if kind is spec.CUE:
        picks = st.sampled_from(spec.VERBS).flatmap(_of_verb)
    else:
        picks = st.lists(st.sampled_from(optional), max_size=4, unique=True) if optional else st.just([])
    whole = st.sampled_from([needed] * 7 + [needed[1:]])
    return st.tuples(whole, picks, strange).map(lambda parts: list(dict.fromkeys(chain(*parts)))).flatmap(chosen)


def _of_verb(verb: str) -> st.SearchStrategy[list[str]]:
    fits = [name for name, one in spec.CUE.known.items() if not one.verbs or verb in one.verbs]
    head = [verb, "level"] if verb == "fade" else [verb]
    right = st.lists(st.sampled_from(fits), max_size=3, unique=True).map(lambda names: [*head, *names])
    wild = st.lists(st.sampled_from(list(spec.CUE.known)), max_size=3, unique=True)
    return st.one_of(right, right, right, wild)


def without_notations(text: str) -> bool:
    """Whether no plain scalar of a text is a number, boolean or null in a notation that loses what was written.

    `1974`, `-6.5` and `true` are the same for both; `0x10`, `1e3`, `007`, `1.`, `.5`, `True` and `+3` are not.
    """
    return not any(
        isinstance(event, yaml.ScalarEvent) and not event.style and NOTATION.fullmatch(event.value)
        and not re.fullmatch(r"(?!-0$)-?(0|[1-9]\d{0,8})(\.\d*[1-9])?|true|false", event.value)
        for event in yaml.parse(text, yaml.SafeLoader)
    )  # fmt: skip


@pytest.mark.parametrize("name", ["true", "false", '"true"'])
def test_a_name_that_looks_like_a_truth_is_a_name_to_both(name: str) -> None:
    text = "needledrop: 1\noutputs: true\nsongs: {true: {title: A, length: '1:00'}}\n"
    text += "scenes: [{id: true, title: A, cues: [{song: true, output: true, until: true}, {stop: true}]}]\n"
    text = text.replace("true", name)
    assert not [problem for problem in read(text).problems if problem.severity == "error"]
    assert not refused(text)


long = os.environ.get("NEEDLEDROP_LONG") == "1"


@settings(max_examples=5_000 if long else 150, deadline=None)
@given(values(spec.ROOT), st.randoms(use_true_random=False))
def test_schema_and_checker_agree(film: Any, chance: Random) -> None:
    text = written(film, chance) if film else "{}\n"
    if without_notations(text):
        agree(text)


@settings(max_examples=2_000 if long else 150, deadline=None)
@given(st.sampled_from(scalars()), TEXTS)
def test_they_agree_on_every_value(kind: Scalar, value: str) -> None:
    """One value at a time, in quotes and plain."""
    homes = [
        (group, field)
        for group in spec.GROUPS
        for field in group.known.values()
        if (field.kind.of if isinstance(field.kind, Listing) else field.kind) is kind
    ]
    group, field = homes[0]
    for text in (json.dumps(value, ensure_ascii=False), value):
        film = file_with(group, field.name, text)
        try:
            yaml.load(film, Core)  # noqa: S506
        except yaml.YAMLError:
            continue
        if without_notations(film):
            agree(film)


def file_with(group: Group, key: str, value: str) -> str:
    """A small file with one value in its place."""
    made = {
        "the file": "%s",
        "film": "film: {%s}",
        "defaults": "defaults: {%s}",
        "a song": "songs: {a: {title: A, %s}}",
        "a writer": "songs: {a: {title: A, writers: [{name: N, %s}]}}",
        "a recording": "songs: {a: {title: A, media: [{file: f, %s}]}}",
        "a mark": "songs: {a: {title: A, marks: [{text: T, %s}]}}",
        "a scene": "scenes: [{id: s, title: S, %s}]",
        "a cue": "songs: {a: {title: A}}\nscenes: [{id: s, title: S, cues: [{%s}]}]",
        "a loop": "songs: {a: {title: A}}\nscenes: [{id: s, title: S, cues: [{song: a, loop: {%s}}]}]",
        "a set": "sets: {f: {%s}}",
        "a set's song": "sets: {f: {songs: [{%s}]}}",
    }[group.what]
    verbs = spec.CUE.known[key].verbs if group is spec.CUE else ()
    verb = (verbs or ("say",))[0]
    more = f", {verb}: a" if group is spec.CUE and verb != key else ""
    return ("" if key == "needledrop" else "needledrop: 1\n") + made % f"{key}: {value}{more}" + "\n"


@pytest.mark.parametrize("path", [*sorted((ROOT / "assets" / "films").glob("*.yaml"))], ids=lambda path: path.stem)
def test_the_bundled_films_are_valid(path: Path) -> None:
    assert not refused(path.read_text(encoding="utf-8"))


def test_the_bundled_films_have_their_schema_beside_them() -> None:
    """After a change of the spec: `needledrop schema -o assets/films/needledrop.schema.json`."""
    films = ROOT / "assets" / "films"
    assert (films / "needledrop.schema.json").read_text(encoding="utf-8") == schema.text()
    for film in films.glob("*.yaml"):
        assert film.read_text("utf-8").startswith("# yaml-language-server: $schema=needledrop.schema.json\n")


def test_the_examples_of_the_page_are_valid() -> None:
    page = (ROOT / "docs" / "format.md").read_text(encoding="utf-8")
    for example in re.findall(r"```yaml\n(.*?)```", page, re.DOTALL):
        assert not refused(example)


@pytest.mark.parametrize(
    "text",
    [
        "title: 1999",
        "title: true",
        "title: 3.5",
        'title: "~"',
        "title: 2025-03-14",
    ],
)
def test_a_text_may_look_like_anything(text: str) -> None:
    assert not refused(f"needledrop: 1\nfilm: {{{text}}}\n")


def test_every_key_says_what_it_is_for() -> None:
    made = schema.schema()
    groups = [made, *made["definitions"].values()]
    assert sum(len(group["properties"]) for group in groups) == sum(len(group.known) for group in spec.GROUPS)
    for group in groups:
        assert all(field["description"].endswith(".") for field in group["properties"].values())
        assert group["patternProperties"] == {"^x-": {}}
        assert group["additionalProperties"] is False


def test_it_is_draft_7_and_plain() -> None:
    made = schema.schema()
    assert made["$schema"] == "http://json-schema.org/draft-07/schema#"
    assert json.loads(schema.text()) == made
    later = {"$defs", "unevaluatedProperties", "dependentRequired", "prefixItems"}
    assert not later & set(re.findall(r'"([^"]+)":', schema.text()))


@pytest.mark.parametrize("kind", scalars(), ids=lambda kind: kind.what)
def test_the_example_of_every_kind_fits_its_pattern(kind: Scalar) -> None:
    assert re.search(kind.shape.pattern, kind.example.strip('"'))
    kind.parse(kind.example.strip('"'))


def test_a_verb_needs_something_behind_it() -> None:
    valid = fastjsonschema.compile(schema.schema())
    for nothing in ([], None):
        with pytest.raises(fastjsonschema.JsonSchemaException):
            valid({"needledrop": 1, "scenes": [{"id": "a", "title": "A", "cues": [{"send": nothing}]}]})
