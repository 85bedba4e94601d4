"""What an editing command does to the timeline, as operations on its text. Pure; the draft and the file are not here.

Steps are those of the plan. Every function gives the operations and a label that undo can name, or raises Refused.
"""

from __future__ import annotations

from collections.abc import Collection
from fractions import Fraction
from typing import Final, NamedTuple

from player.engine import RATE
from player.plan import Plan
from timeline import spec, times
from timeline.edit import Data, Delete, Insert, Move, Op, Refused, Rename, Set, source
from timeline.edit.document import document, follow, plain_of, words_of
from timeline.edit.scalars import flow
from timeline.model import AnyCue, Scene, SongCue
from timeline.nodes import LOADER
from timeline.spec import Group, Kind, Listing, Scalar
from timeline.words import slug

SOFTEST: Final = -60.0
LOUDEST: Final = 12.0


class Edit(NamedTuple):
    """Operations that belong together, and what they are called."""

    ops: tuple[Op, ...]
    label: str


# ---- reading


def data(raw: bytes, path: str) -> Data | None:
    """What stands at a path, scalars as the texts a field's parser reads; None where nothing does.

    Raises Refused for a file that cannot be read.
    """
    steps, rest = follow(document(raw, LOADER), words_of(path))
    return None if rest or not steps else _data(plain_of(steps[-1].node))


def _data(plain: object) -> Data | None:
    match plain:
        case tuple():
            pairs = zip(plain[::2], plain[1::2], strict=True)
            return {str(key): _data(value) or "" for key, value in pairs}
        case list():
            return [_data(item) or "" for item in plain]
        case str():
            return plain
    return None


def written(value: Data | None, kind: Kind) -> str:
    """A value on one line, as its field shows it: a text bare, names with commas, all else as YAML."""
    match value:
        case None:
            return ""
        case str():
            return " ".join(value.split()) if isinstance(kind, Scalar) and kind.free else value.strip()
        case list() if _of_texts(kind) and all(isinstance(item, str) for item in value):
            items = [item for item in value if isinstance(item, str)]
            if items and not any("," in item or item.startswith(("[", '"', "'")) for item in items):
                return ", ".join(items)
    return flow(value, within=False)


def parsed(text: str, kind: Kind) -> Data:
    """What a text in a field means: the way back from `written`. Raises Refused for what is no YAML."""
    text = text.strip()
    if isinstance(kind, Scalar):
        return text
    if _of_texts(kind) and not text.startswith("["):
        items: list[Data] = [item.strip() for item in text.split(",") if item.strip()]
        return items[0] if len(items) == 1 and isinstance(kind, Listing) and kind.lone else items
    if isinstance(kind, Listing) and kind.lone and not text.startswith(("[", "{")):
        return text
    try:
        found = data(f"value: {text}\n".encode(), "value")
    except Refused as refused:
        why = str(refused).partition(": ")[2] or str(refused)
        raise Refused(f"not yet whole: {why.removesuffix('; repair that first')}") from None
    if found is None:
        raise Refused("write it like " + _example(kind))
    return found


def _of_texts(kind: Kind) -> bool:
    return isinstance(kind, Listing) and isinstance(kind.of, Scalar) and kind.or_group is None


def _example(kind: Kind) -> str:
    return "[{...}]" if isinstance(kind, Listing) else "{...}"


# ---- addresses


def scene_path(scene: Scene) -> str:
    return f"scenes/{scene.id}"


def cue_path(cue: AnyCue) -> str:
    """Where a cue stands in the file."""
    return f"scenes/{cue.scene}/cues/{cue.id or '#' + cue.key.rpartition('#')[2]}"


def entry_path(plan: Plan, step: int) -> str:
    """Where the song of a set's step stands in the set."""
    return f"sets/{plan.set_id}/songs/#{(plan.entry_place(step) or 0) + 1}"


def step_of(plan: Plan, path: str) -> int | None:
    """The step in which the thing at a path is, None where it is in none."""
    words = path.split("/")
    if plan.set_id is not None:
        here = "/".join(words[:4])
        return next((step for step in range(len(plan.steps)) if entry_path(plan, step) == here), None)
    if words[0] != "scenes" or len(words) < 2:
        return None
    for index, step in enumerate(plan.steps):
        scene = plan.scene(index)
        if words[1] in (scene.id, f"#{step.scene + 1}"):
            wanted = normal(plan, path)
            if len(words) < 4 or any(cue_path(cue) == wanted for cue in step.cues):
                return index
    return None


def normal(plan: Plan, path: str) -> str:
    """The path of a cue as the form knows it: by its id, else by its place."""
    words = path.split("/")
    if len(words) < 4 or words[2] != "cues":
        return path
    scene = next((each for each in plan.timeline.scenes if each.id == words[1]), None)
    if scene is None:
        return path
    for place, cue in enumerate(scene.cues, 1):
        if words[3] in (cue.id, f"#{place}", getattr(cue, "song", None) if not cue.id else None):
            return cue_path(cue)
    return path


def place_of(plan: Plan, cue: AnyCue) -> int:
    """The place of a cue among those of its scene, from 0."""
    scene = next(each for each in plan.timeline.scenes if each.id == cue.scene)
    return next(i for i, each in enumerate(scene.cues) if each.key == cue.key)


def spoken(plan: Plan, path: str) -> str:
    """A path as a person would say it: `The audition · Fever · gain`."""
    words = path.split("/")
    said: list[str] = []
    if words[0] == "scenes" and len(words) > 1:
        scene = next((each for each in plan.timeline.scenes if each.id == words[1]), None)
        said.append(scene.title if scene else words[1])
        rest = words[2:]
        if rest[:1] == ["cues"] and len(rest) > 1:
            cues = scene.cues if scene else ()
            wanted = normal(plan, "/".join(words[:4]))
            cue = next((each for each in cues if cue_path(each) == wanted), None)
            said.append(name_of_cue(cue, plan) if cue else rest[1])
            rest = rest[2:]
    elif words[0] == "sets" and len(words) > 3:
        playing = next((one for one in plan.file.sets if one.id == words[1]), None)
        said += [(playing.title if playing else None) or words[1], f"song {words[3].lstrip('#')}"]
        rest = words[4:]
    elif words[0] == "songs" and len(words) > 1:
        song = plan.timeline.songs.get(words[1])
        said.append(song.title if song else words[1])
        rest = words[2:]
    else:
        said.append(words[0])
        rest = words[1:]
    return " · ".join([*said, *rest])


def plain(yaml: str | None) -> str:
    """A value's YAML as a person reads it; "" for nothing."""
    if yaml is None:
        return ""
    try:
        value = data(b"value: " + "\n ".join(yaml.splitlines()).encode() + b"\n", "value")
    except (Refused, UnicodeEncodeError):
        value = None
    return " ".join((value if isinstance(value, str) else yaml).split())


# ---- fields


def set_field(path: str, text: str, kind: Kind) -> Edit:
    """A field to this text; nothing written takes the key away."""
    key = path.rpartition("/")[2]
    if not text.strip():
        return Edit((Delete(path),), f"{key} removed")
    return Edit((Set(path, parsed(text, kind)),), f"{key}: {_short(text)}")


def rename(path: str, new_id: str) -> Edit:
    """Another id for what stands at `path`, and for all that points to it."""
    return Edit((Rename(path, new_id),), f"id {new_id}")


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= 32 else text[:31] + "…"


def gain_by(cue: SongCue, plan: Plan, db: float) -> tuple[Edit, float]:
    """The cue's gain so much higher, and what it is then."""
    base = cue.gain if cue.gain is not None else plan.timeline.defaults.gain or 0.0
    level = min(max(base, SOFTEST) + db, LOUDEST)
    level = max(level, SOFTEST)
    text = f"{level:+g} dB" if level else "0 dB"
    return Edit((Set(f"{cue_path(cue)}/gain", text),), "gain"), level


def set_time(plan: Plan, step: int, film_frame: int) -> Edit:
    """The film time of a step's scene, or of its first cue where that is not the scene's first, to the millisecond.

    It is written as the timecode the file had there, else as h:mm:ss, and is no estimate any more.
    """
    if plan.set_id is not None:
        raise Refused("a set has no film times")
    if step >= len(plan.steps):
        raise Refused("this is END: nothing stands here")
    scene = plan.scene(step)
    opens = step == 0 or plan.steps[step - 1].scene != plan.steps[step].scene
    path = scene_path(scene) if opens else cue_path(plan.steps[step].cues[0])
    was = scene.at if opens else plan.steps[step].cues[0].at
    seconds, film = Fraction(film_frame, RATE), plan.timeline.film
    rate = times.RATES.get(film.fps or "")
    if rate is not None and was is not None and times.is_timecode(was.text):
        text = str(times.timecode(seconds + (film.start or Fraction(0)), rate))
    else:
        text = times.exact(seconds, hours=True, decimals=3)
    return Edit((Set(f"{path}/at", text),), f"film time {text}")


def set_point(cue: SongCue, key: str, frames: int) -> Edit:
    """`from` or `to` at this frame of the song, to the millisecond."""
    text = times.exact(Fraction(frames, RATE), decimals=3)
    return Edit((Set(f"{cue_path(cue)}/{key}", text),), f"{key} {text}")


# ---- things


def new_id(wanted: str, taken: Collection[str], otherwise: str) -> str:
    """An id made of words that nothing has yet."""
    base = slug(wanted) or otherwise
    if base in spec.RESERVED:
        base = f"{base}-1"
    made, number = base, 2
    while made in taken:
        made, number = f"{base}-{number}", number + 1
    return made


def add_scene(plan: Plan, step: int, title: str) -> Edit:
    """A scene below the one of this step."""
    if plan.set_id is not None:
        raise Refused("a set has songs, no scenes: add one of those, or turn to the film")
    scenes = plan.timeline.scenes
    made = new_id(title, {scene.id for scene in scenes}, "scene")
    place = plan.steps[step].scene + 1 if step < len(plan.steps) else len(scenes)
    yaml = f"id: {made}\ntitle: {flow(title, is_text=True, within=False)}\n"
    return Edit((Insert("scenes", yaml, place),), f"scene {title}")


def add_cue(plan: Plan, step: int, verb: str, value: str, new_song: str = "") -> Edit:
    """A cue after the last of this step; `new_song`: the title of a song that is not there yet."""
    if step >= len(plan.steps):
        raise Refused("END has no cues: move standby to a scene, or add one")
    if plan.set_id is not None and verb != "song":
        raise Refused("a set has songs, no other cues: add one of those, or turn to the film")
    ops: list[Op] = []
    if new_song:
        taken = {*plan.file.songs, *(c.id for s in plan.file.scenes for c in s.cues if c.id)}
        value = new_id(new_song, taken, "song")
        ops.append(Insert("songs", f"{value}: {{title: {flow(new_song, is_text=True)}}}"))
    if plan.set_id is not None:
        ops.append(Insert(f"sets/{plan.set_id}/songs", f"song: {value}\n", _below(plan, step)))
        return Edit(tuple(ops), f"song {new_song or value}")
    scene, cues = plan.scene(step), plan.steps[step].cues
    place = place_of(plan, cues[-1]) + 1 if cues else 0
    more = ", level: -12 dB, over: 3s" if verb == "fade" else ""
    item = f"{verb}: {flow(value, is_text=True, within=False)}\n" + more.replace(", ", "\n").lstrip("\n")
    ops.append(Insert(f"{scene_path(scene)}/cues", item.rstrip("\n") + "\n", place))
    return Edit(tuple(ops), f"{verb} {new_song or value}")


def _below(plan: Plan, step: int) -> int:
    """The place in a set behind the song of this step, at END behind all."""
    place = plan.entry_place(step)
    return len(plan.playing_set.songs if plan.playing_set else ()) if place is None else place + 1


def target(plan: Plan, step: int) -> str:
    """What delete, copy and move mean at this step: its first cue, or its scene where it has none; a set's song."""
    if step >= len(plan.steps):
        raise Refused("this is END: nothing stands here")
    if plan.set_id is not None:
        return entry_path(plan, step)
    cues = plan.steps[step].cues
    return cue_path(cues[0]) if cues else scene_path(plan.scene(step))


def remove(plan: Plan, step: int) -> Edit:
    """The cue of this step away; a scene that has none goes itself."""
    path = target(plan, step)
    return Edit((Delete(path),), f"{name_of(plan, step)} removed")


def name_of(plan: Plan, step: int) -> str:
    """What stands at a step, as a person calls it."""
    cues = plan.steps[step].cues
    return name_of_cue(cues[0], plan) if cues else plan.title(step)


def name_of_cue(cue: AnyCue, plan: Plan) -> str:
    """A cue as a person calls it: by its song, its id, its verb."""
    if isinstance(cue, SongCue):
        song = plan.song(cue)
        return song.title if song else cue.song
    return cue.id or plan_words(cue)


def plan_words(cue: AnyCue) -> str:
    """A cue in a word, for labels."""
    return type(cue).__name__.removesuffix("Cue").lower()


def move(plan: Plan, step: int, by: int) -> Edit:
    """The cue of this step past its neighbour in the scene; at its scene's edge, or without one, the scene itself."""
    if step >= len(plan.steps):
        raise Refused("this is END: nothing stands here")
    scenes, steps = plan.timeline.scenes, plan.steps
    here = steps[step]
    near = step + by
    if plan.set_id is not None:
        place = plan.entry_place(near)
        if place is None:
            raise Refused("this is the first song already" if by < 0 else "this is the last song already")
        return Edit((Move(entry_path(plan, step), place),), f"{plan.title(step)} moved")
    if here.cues and 0 <= near < len(steps) and steps[near].scene == here.scene and steps[near].cues:
        cue, other = here.cues[0], steps[near].cues[0 if by < 0 else -1]
        name = name_of_cue(cue, plan)
        return Edit((Move(cue_path(cue), place_of(plan, other)),), f"{name} moved")
    place = here.scene + by
    if not 0 <= place < len(scenes):
        raise Refused("this is the first scene already" if by < 0 else "this is the last scene already")
    return Edit((Move(scene_path(scenes[here.scene]), place),), f"{plan.title(step)} moved")


def copied(plan: Plan, step: int, raw: bytes) -> str:
    """The YAML of what stands at this step, for the clipboard."""
    text = source(raw, target(plan, step))
    if text is None:
        raise Refused("this is not in the file")
    return text


def paste(plan: Plan, step: int, text: str) -> Edit:
    """What the clipboard holds, a cue or a scene, below this step; ids that are taken get others."""
    if not text.strip():
        raise Refused("the clipboard is empty")
    item = _item(text)
    if plan.set_id is not None:
        return _paste_in_set(plan, step, item)
    if "cues" in item or ("title" in item and not _verb(item)):
        taken = {scene.id for scene in plan.timeline.scenes}
        place = plan.steps[step].scene + 1 if step < len(plan.steps) else len(plan.timeline.scenes)
        yaml = _with_id(text, str(item.get("id", "")), taken)
        return Edit((Insert("scenes", yaml, place),), f"scene {item.get('title', '')} pasted")
    if _verb(item) is None:
        raise Refused("the clipboard holds no cue or scene of a timeline")
    if step >= len(plan.steps):
        raise Refused("END has no cues: move standby to a scene")
    cues = plan.steps[step].cues
    place = place_of(plan, cues[-1]) + 1 if cues else 0
    names = {*plan.timeline.songs, *(cue.id for scene in plan.timeline.scenes for cue in scene.cues if cue.id)}
    yaml = _with_id(text, str(item.get("id", "")), names)
    return Edit((Insert(f"{scene_path(plan.scene(step))}/cues", yaml, place),), f"{_verb(item)} pasted")


def _paste_in_set(plan: Plan, step: int, item: dict[str, Data]) -> Edit:
    """A set's song, or the song of a cue."""
    song = item.get("song")
    if not isinstance(song, str):
        raise Refused("the clipboard holds no song of a set")
    kept = [(key, value) for key in ("song", "count", "gap", "note") if isinstance(value := item.get(key), str)]
    yaml = "".join(f"{key}: {flow(value, is_text=True, within=False)}\n" for key, value in kept)
    return Edit((Insert(f"sets/{plan.set_id}/songs", yaml, _below(plan, step)),), f"song {song} pasted")


def _verb(item: dict[str, Data]) -> str | None:
    return next((verb for verb in spec.VERBS if verb in item), None)


def _item(text: str) -> dict[str, Data]:
    try:
        lines = text.replace("\r\n", "\n").strip("\n")
        root = plain_of(document(lines.encode() + b"\n", LOADER).root)
    except (Refused, UnicodeEncodeError) as refused:
        raise Refused("the clipboard holds no cue or scene of a timeline") from refused
    found = _data(root)
    if isinstance(found, list):
        if len(found) != 1:
            raise Refused(f"the clipboard holds {len(found)} items; paste them one by one")
        found = found[0]
    if not isinstance(found, dict):
        raise Refused("the clipboard holds no cue or scene of a timeline")
    return found


def _with_id(text: str, old: str, taken: Collection[str]) -> str:
    """The item with an id that is free, every other byte as it was."""
    if not old or old not in taken:
        return text
    made = new_id(old, taken, "cue")
    head, mark, tail = text.partition(f"id: {old}")
    return head + f"id: {made}" + tail if mark else text


# ---- what a field of a thing can be


def fields_of(group: Group, value: Data | None) -> tuple[spec.Field, ...]:
    """The fields a form shows of a scene, a song, the film; of a cue those of its verb. Lists of things apart."""
    known = [each for each in group.known.values() if each.name != "cues"]
    if group is not spec.CUE:
        return tuple(known)
    verb = _verb(value) if isinstance(value, dict) else None
    return tuple(
        each
        for each in known
        if each.name == verb or (each.name not in spec.VERBS and (not each.verbs or verb in each.verbs))
    )


def rows_of(raw: bytes, path: str) -> tuple[int, int] | None:
    """The first and last line of what stands at a path, from 1."""
    steps, rest = follow(document(raw, LOADER), words_of(path))
    if rest or not steps:
        return None
    node = steps[-1].node
    return node.start_mark.line + 1, max(node.start_mark.line, node.end_mark.line - (node.end_mark.column == 0)) + 1
