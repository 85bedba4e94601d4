"""What changed between two timelines, in a person's words."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from difflib import SequenceMatcher
from fractions import Fraction
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from timeline.edit.document import Document, document
from timeline.model import Timeline, When
from timeline.reader import Reading, read
from timeline.spec import VERBS
from timeline.words import listed, visible

_LONG = frozenset({"note"})  # texts that are only told to have changed
_POINTERS = frozenset({"song", "set", "fade", "stop", "pause", "resume", "until", "output"})
_ALIKE = 0.6  # how much two things without a common id must share to be taken for one
_MOST_PAIRS = 40_000  # looked at in search of renamed things

Values = dict[str, Any]


class Difference(Struct, frozen=True):
    """One change: of `thing`, at `path` in the newer file (the older one for what is gone).

    `kind` is added, removed, renamed, moved or changed; `key` the key that changed, `old` and `new` its values as
    they are written. `text` says it without the thing's name.
    """

    kind: str
    path: str
    thing: str
    text: str
    key: str | None = None
    old: Any = None
    new: Any = None


def compare(old: bytes, new: bytes) -> list[Difference]:
    """All that changed, in the order of the newer file. Raises edit.Refused for a file that cannot be read."""
    return list(_File(old).until(_File(new)))


def as_lines(differences: Sequence[Difference]) -> list[str]:
    """One line for each thing that changed; notes together on a last one."""
    things: dict[str, list[str]] = {}
    notes = [one for one in differences if one.kind == "changed" and one.key in _LONG]
    for one in differences:
        if one not in notes or len(notes) == 1:
            things.setdefault(one.thing, []).append(one.text)
    lines = [visible(f"{thing}: {', '.join(texts)}") for thing, texts in things.items()]
    if len(notes) > 1:
        lines.append(visible(f"{len(notes)} notes edited: {listed([one.thing for one in notes], 'and')}"))
    return lines


class _File:
    """One file: its plain data, and the times that it means."""

    def __init__(self, raw: bytes) -> None:
        self.doc: Document = document(raw)
        self.reading: Reading = read(raw)
        self.timeline: Timeline = self.reading.timeline
        self.top: Values = _values(self.doc.plain)
        self.songs: dict[str, Values] = {name: _values(song) for name, song in _values(self.top.get("songs")).items()}
        self.sets: dict[str, Values] = {name: _values(one) for name, one in _values(self.top.get("sets")).items()}
        self.scenes: dict[str, Values] = {
            str(scene.get("id") or f"#{n}"): scene
            for n, scene in enumerate(map(_values, _items(self.top, "scenes")), 1)
        }
        self.times: dict[str, When | None] = {scene.id: scene.at for scene in self.timeline.scenes}
        self.cue_times: dict[str, When | None] = {
            cue.key: cue.at for scene in self.timeline.scenes for cue in scene.cues
        }
        self.adrift: dict[str, str] = {}  # names that it still uses of what it calls otherwise now

    def title(self, song: str) -> str:
        return str(self.songs.get(song, {}).get("title") or song)

    def until(self, new: _File) -> Iterator[Difference]:
        """All that leads from this file to another."""
        names: dict[str, str] = {}
        for key in ("film", "defaults"):
            yield from _changes(key, key, _values(self.top.get(key)), _values(new.top.get(key)), {})
        rest = {"needledrop", "film", "defaults", "songs", "scenes", "sets"}
        mine = {key: value for key, value in self.top.items() if key not in rest}
        yours = {key: value for key, value in new.top.items() if key not in rest}
        yield from _changes("file", "", mine, yours, {})
        songs = _paired(self.songs, new.songs)
        scenes = _paired({k: _bare(v) for k, v in self.scenes.items()}, {k: _bare(v) for k, v in new.scenes.items()})
        sets = _paired(self.sets, new.sets)
        for pairs in (songs, scenes, sets):
            names |= {a: b for a, b in pairs.items() if a != b}
        here = {*new.songs, *new.scenes, *new.sets}
        new.adrift = {a: b for a, b in names.items() if a not in here}
        yield from self._songs(new, songs, names)
        yield from self._scenes(new, scenes, names)
        yield from self._sets(new, sets, names)

    def _songs(self, new: _File, pairs: dict[str, str], names: dict[str, str]) -> Iterator[Difference]:
        def thing(file: _File, name: str) -> str:
            return f"song {file.title(name)}"

        yield from _members("songs", pairs, self.songs, new.songs, thing, self, new)
        for a, b in pairs.items():
            yield from _changes(thing(new, b), f"songs/{b}", self.songs[a], new.songs[b], names)
        yield from _order("songs", pairs, new.songs, lambda name: thing(new, name))

    def _scenes(self, new: _File, pairs: dict[str, str], names: dict[str, str]) -> Iterator[Difference]:
        yield from _members("scenes", pairs, self.scenes, new.scenes, lambda _, name: name, self, new)
        cues = _cue_pairs(self, new, pairs, names)
        back = {b: a for a, b in pairs.items()}
        cue_back = {b: a for a, b in cues.items()}
        for b in new.scenes:
            a = back.get(b)
            if a is not None:
                mine, yours = _bare(self.scenes[a]), _bare(new.scenes[b])
                at = _time_change(mine, yours, self.times.get(a), new.times.get(b))
                yield from _changes(b, f"scenes/{b}", mine, yours, names, at)
            yield from self._cues(new, b, a, pairs, cue_back, names)
        yield from self._lost_cues(pairs, cues)
        yield from _order("scenes", pairs, new.scenes, lambda name: name)

    def _cues(
        self,
        new: _File,
        scene: str,
        was: str | None,
        scenes: dict[str, str],
        back: dict[_Cue, _Cue],
        names: dict[str, str],
    ) -> Iterator[Difference]:
        stayed: list[tuple[_Cue, _Cue]] = []
        for cue in _cues_of(new, scene):
            thing, path = f"{_cue_name(new, cue)} in {scene}", _cue_path(cue, new)
            old = back.get(cue)
            if old is None:
                if was is not None:  # all of a new scene is new
                    yield Difference("added", path, thing, "added")
                continue
            if old[0] != was:
                yield Difference("moved", path, thing, f"moved here from {scenes.get(old[0], old[0])}")
            else:
                stayed.append((old, cue))
            mine, yours = _cue(self, old), _cue(new, cue)
            at = _time_change(mine, yours, self.cue_times.get(_key(self, old)), new.cue_times.get(_key(new, cue)))
            yield from _changes(thing, path, mine, yours, names, at)
        for _, cue in _out_of_order(stayed):
            yield Difference(
                "moved", _cue_path(cue, new), f"{_cue_name(new, cue)} in {scene}", f"now cue {cue[1] + 1} of its scene"
            )

    def _lost_cues(self, scenes: dict[str, str], cues: dict[_Cue, _Cue]) -> Iterator[Difference]:
        for scene in self.scenes:
            if scene not in scenes:
                continue  # the whole scene is told
            for cue in _cues_of(self, scene):
                if cue not in cues:
                    yield Difference(
                        "removed", _cue_path(cue, self), f"{_cue_name(self, cue)} in {scenes[scene]}", "removed"
                    )

    def _sets(self, new: _File, pairs: dict[str, str], names: dict[str, str]) -> Iterator[Difference]:
        yield from _members("sets", pairs, self.sets, new.sets, lambda _, name: f"set {name}", self, new)
        for a, b in pairs.items():
            mine, yours = dict(self.sets[a]), dict(new.sets[b])
            old = list(map(_values, _items(mine, "songs")))
            now = [_pointing(each, new.adrift) for each in map(_values, _items(yours, "songs"))]
            mine.pop("songs", None)
            yours.pop("songs", None)
            yield from _changes(f"set {b}", f"sets/{b}", mine, yours, names)
            yield from self._entries(new, b, old, now, names)

    def _entries(
        self, new: _File, name: str, old: list[Values], now: list[Values], names: dict[str, str]
    ) -> Iterator[Difference]:
        left = list(range(len(old)))
        stayed = []
        for place, entry in enumerate(now):
            thing, path = f"{new.title(str(entry.get('song')))} in set {name}", f"sets/{name}/songs/#{place + 1}"
            same = [n for n in left if names.get(str(old[n].get("song")), old[n].get("song")) == entry.get("song")]
            if not same:
                yield Difference("added", path, thing, "added")
                continue
            best = max(same, key=lambda n: _likeness(old[n], entry))
            left.remove(best)
            stayed.append((("", best), ("", place)))
            yield from _changes(thing, path, old[best], entry, names)
        for n in left:
            song = str(old[n].get("song"))
            path = f"sets/{name}/songs/#{n + 1}"
            yield Difference("removed", path, f"{self.title(song)} in set {name}", "removed")
        for _, (_, place) in _out_of_order(stayed):
            thing = f"{new.title(str(now[place].get('song')))} in set {name}"
            yield Difference("moved", f"sets/{name}/songs/#{place + 1}", thing, f"now number {place + 1}")


def _values(plain: Any) -> Values:
    if not isinstance(plain, tuple):
        return {}
    return dict(zip(map(str, plain[::2]), plain[1::2], strict=True))


def _items(values: Values, key: str) -> list[Any]:
    found = values.get(key)
    return found if isinstance(found, list) else []


def _bare(scene: Values) -> Values:
    return {key: value for key, value in scene.items() if key != "cues"}


# -- which thing is which


def _paired(old: dict[str, Values], new: dict[str, Values]) -> dict[str, str]:
    """For each old id the new one: the same where it is still there, else of what is most alike."""
    pairs = {name: name for name in old if name in new}
    lost = [name for name in old if name not in pairs]
    found = [name for name in new if name not in pairs]
    if len(lost) * len(found) > _MOST_PAIRS:
        found = []
    likeness = ((_likeness(old[a], new[b]), -n, a, b) for n, a in enumerate(lost) for b in found)
    for degree, _, a, b in sorted(likeness, key=lambda one: one[:2], reverse=True):
        if degree >= _ALIKE and a not in pairs and b not in pairs.values():
            pairs[a] = b
    return {name: pairs[name] for name in old if name in pairs}


def _likeness(old: Values, new: Values) -> float:
    """The part of the keys, apart from ids, that two things have in common."""
    keys = (old.keys() | new.keys()) - {"id"}
    if not keys:
        return 0.0
    return sum(1 for key in keys if old.get(key, ...) == new.get(key, ...)) / len(keys)


_Cue = tuple[str, int]  # its scene, and its place there from 0


def _cues_of(file: _File, scene: str) -> list[_Cue]:
    return [(scene, n) for n in range(len(_items(file.scenes[scene], "cues")))]


def _cue(file: _File, cue: _Cue) -> Values:
    return _pointing(_values(_items(file.scenes[cue[0]], "cues")[cue[1]]), file.adrift)


def _key(file: _File, cue: _Cue) -> str:
    return str(_cue(file, cue).get("id") or f"{cue[0]}#{cue[1] + 1}")


def _cue_path(cue: _Cue, file: _File) -> str:
    return f"scenes/{cue[0]}/cues/{_cue(file, cue).get('id') or f'#{cue[1] + 1}'}"


def _cue_name(file: _File, cue: _Cue) -> str:
    values = _cue(file, cue)
    verb = next((verb for verb in VERBS if verb in values), None)
    if verb is None:
        return "a cue"
    target = values[verb] if isinstance(values[verb], str) else ""
    if verb == "song":
        return file.title(target)
    return f"{verb} {file.title(target)}".strip() if verb != "say" else "say"


def _cue_pairs(old: _File, new: _File, scenes: dict[str, str], names: dict[str, str]) -> dict[_Cue, _Cue]:
    """For each old cue the new one: by id, else in its scene by what it says and does, else the same elsewhere."""
    here = [cue for scene in old.scenes for cue in _cues_of(old, scene)]
    there = [cue for scene in new.scenes for cue in _cues_of(new, scene)]
    by_id = {_cue(new, cue)["id"]: cue for cue in there if _cue(new, cue).get("id")}
    pairs = {cue: by_id[name] for cue in here if (name := _cue(old, cue).get("id")) in by_id}
    said = {cue: _pointing(_cue(old, cue), names) for cue in here} | {("", -1): {}}
    told = {cue: _cue(new, cue) for cue in there}
    taken = set(pairs.values())

    def settle(least: float, same_scene: bool) -> None:
        free: dict[Any, list[_Cue]] = {}
        for cue in there:
            if cue not in taken:
                free.setdefault(_does(told[cue]) + ((cue[0],) if same_scene else ()), []).append(cue)
        for cue in here:
            if cue in pairs:
                continue
            group = (*_does(said[cue]), scenes.get(cue[0])) if same_scene else _does(said[cue])
            choice = [one for one in free.get(group, ()) if one not in taken]
            best = max(choice, key=lambda one: _likeness(said[cue], told[one]), default=None)
            if best is not None and _likeness(said[cue], told[best]) >= least:
                pairs[cue] = best
                taken.add(best)

    settle(1.0, same_scene=True)
    settle(0.0, same_scene=True)
    settle(1.0, same_scene=False)
    return pairs


def _does(values: Values) -> tuple[Any, ...]:
    """The verb of a cue and what it acts on."""
    verb = next((verb for verb in VERBS if verb in values), None)
    return (verb, repr(values.get(verb or "")) if verb != "say" else "")


def _pointing(values: Values, names: dict[str, str]) -> Values:
    """Values that point to renamed things, as they would be written now."""
    return {
        key: names.get(value, value) if key in _POINTERS and isinstance(value, str) else value
        for key, value in values.items()
    }


def _members(
    section: str,
    pairs: dict[str, str],
    old: dict[str, Values],
    new: dict[str, Values],
    thing: Callable[[_File, str], str],
    mine: _File,
    yours: _File,
) -> Iterator[Difference]:
    """What came, what went, and what has another id."""
    for name in old:
        if name not in pairs:
            yield Difference("removed", f"{section}/{name}", thing(mine, name), "removed")
        elif pairs[name] != name:
            now = pairs[name]
            yield Difference("renamed", f"{section}/{now}", thing(yours, now), f"renamed, was {name}", "id", name, now)
    for name in new:
        if name not in pairs.values():
            yield Difference("added", f"{section}/{name}", thing(yours, name), "added")


def _order(
    section: str, pairs: dict[str, str], new: dict[str, Values], thing: Callable[[str], str]
) -> Iterator[Difference]:
    places = {name: n for n, name in enumerate(new)}
    stayed = [(("", n), ("", places[b])) for n, b in enumerate(pairs.values())]
    names = list(new)
    for _, (_, place) in _out_of_order(stayed):
        where = f"now after {names[place - 1]}" if place else "now first"
        yield Difference("moved", f"{section}/{names[place]}", thing(names[place]), where)


def _out_of_order(pairs: list[tuple[_Cue, _Cue]]) -> list[tuple[_Cue, _Cue]]:
    """The fewest of the pairs that must have been moved for the others to keep their order."""
    old = sorted(pairs, key=lambda pair: pair[0][1])
    new = sorted(pairs, key=lambda pair: pair[1][1])
    kept = set[int]()
    matcher = SequenceMatcher(None, [pair[1][1] for pair in old], [pair[1][1] for pair in new], autojunk=False)
    for start, _, length in matcher.get_matching_blocks():
        kept.update(pair[1][1] for pair in old[start : start + length])
    return [pair for pair in new if pair[1][1] not in kept]


# -- what is different about it


def _changes(
    thing: str, path: str, old: Values, new: Values, names: dict[str, str], at: Difference | None = None
) -> Iterator[Difference]:
    """Each key that differs."""
    old = _pointing(old, names)
    order = [*new, *(key for key in old if key not in new)]
    for key in order:
        before, after = old.get(key), new.get(key)
        if before == after or (key == "id" and thing != "file"):
            continue
        if key == "at" and at is not None:
            yield replace(at, thing=thing, path=f"{path}/at")
            continue
        yield Difference("changed", f"{path}/{key}".lstrip("/"), thing, _told(key, before, after), key, before, after)


def _told(key: str, old: Any, new: Any) -> str:
    if key in _LONG:
        return f"{key} {'added' if old is None else 'removed' if new is None else 'edited'}"
    if isinstance(old, list) and isinstance(new, list):
        return _told_list(key, old, new)
    if isinstance(old, tuple) and isinstance(new, tuple):
        mine, yours = _values(old), _values(new)
        keys = [one for one in {**mine, **yours} if mine.get(one) != yours.get(one)]
        if not keys:
            return f"{key} in another order"
        return ", ".join(_told(f"{key} {one}", mine.get(one), yours.get(one)) for one in keys)
    if old is None:
        return f"{key} {_short(new)} added"
    if new is None:
        return f"{key} removed, was {_short(old)}"
    before, after = _short(old), _short(new)
    for unit in (" dB", " LUFS"):
        if before.endswith(unit) and after.endswith(unit):
            before = before.removesuffix(unit)
    return f"{key} {before} → {after}"


def _told_list(key: str, old: list[Any], new: list[Any]) -> str:
    came = [_short(item) for item in new if item not in old]
    went = [_short(item) for item in old if item not in new]
    parts = [f"{listed(came, 'and')} added"] if came else []
    parts += [f"{listed(went, 'and')} removed"] if went else []
    return f"{key}: {', '.join(parts)}" if parts else f"{key} in another order"


def _short(value: Any) -> str:
    match value:
        case str():
            line = " ".join(value.split())
            line = line if len(line) <= 40 else line[:39] + "…"
            return f'"{line}"' if " " in line and not line[:1].isdigit() and line[:1] not in "+-~" else line
        case list():
            return listed([_short(item) for item in value], "and") or "nothing"
        case tuple():
            return ", ".join(f"{key} {_short(item)}" for key, item in _values(value).items())
        case _:
            return "nothing"


def _time_change(old: Values, new: Values, was: When | None, now: When | None) -> Difference | None:
    """How a time moved, where both are known and the words differ."""
    if old.get("at") == new.get("at") or was is None or now is None:
        return None
    change = now.seconds - was.seconds
    texts = [f"moved {_seconds(change)}"] if change else []
    if was.estimate != now.estimate:
        texts.append("time now an estimate" if now.estimate else "time no longer an estimate")
    text = ", ".join(texts) or f"at now written {new.get('at')}"
    return Difference("changed", "", "", text, "at", old.get("at"), new.get("at"))


def _seconds(change: Fraction) -> str:
    sign = "+" if change > 0 else "-"
    size = abs(change)
    if size < 60:
        return f"{sign}{float(round(size, 3)):g} s"
    minutes, seconds = divmod(size, 60)
    hours, minutes = divmod(int(minutes), 60)
    rest = f"{float(round(seconds, 3)):g}"
    rest = (
        rest
        if "." in rest and len(rest.partition(".")[0]) == 2
        else rest.zfill(2 if "." not in rest else len(rest) + 1)
    )
    return f"{sign}{hours}:{minutes:02}:{rest}" if hours else f"{sign}{minutes}:{rest}"
