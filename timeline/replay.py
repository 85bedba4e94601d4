"""An edit made on one text, done on another: found by ids where there are any, else by what stands around it.

`mine` is the text the edit was made on, `theirs` the one that somebody else has changed meanwhile.
"""

from __future__ import annotations

from collections.abc import Sequence
from difflib import SequenceMatcher
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from timeline.edit import Data, Delete, Insert, Move, Op, Put, Refused, Rename, Set, apply, source
from timeline.edit.document import Document, Plain, document, follow, plain_of, words_of
from timeline.nodes import LOADER, List, Map, Node, pairs

NOWHERE: Final = object()  # what stands at a path that leads nowhere


class Clash(Struct, frozen=True):
    """An edit that cannot simply be done on their text. `path` is the place of it in mine, `ops` do it in theirs."""

    path: str
    theirs: str | None  # the place of it in theirs, None where it is gone
    why: str = ""


def replayed(mine: bytes, op: Op, after: bytes, theirs: bytes, loader: str = LOADER) -> tuple[Op, ...] | Clash:
    """What is to do to `theirs` what `op` did to `mine`, which made `after` of it: nothing, where that is so already.

    It may still be refused there: then `refused` tells what to make of that.
    """
    here, there = document(mine, loader), document(theirs, loader)
    words, gone = translated(here, there, words_of(op.path))
    if gone:
        if isinstance(op, Delete):
            return ()
        lost = "/".join(words_of(op.path)[:gone])
        return Clash(lost, None, f"{lost} is not there any more")
    moved = _moved(here, there, op, "/".join(words))
    if isinstance(op, (Set, Delete)):
        was, now = value(here, op.path), value(there, moved.path)
        if was == now:
            return (moved,)
        wanted = value(document(after, loader), op.path)
        return () if now == wanted else Clash(op.path, None if now is NOWHERE else moved.path, "changed twice")
    return (moved,)


def refused(
    mine: bytes, op: Op, after: bytes, theirs: bytes, moved: Op, why: str, loader: str = LOADER
) -> tuple[Op, ...] | Clash:
    """What comes of an operation that `replayed` gave and their text does not take."""
    here, there, then = document(mine, loader), document(theirs, loader), document(after, loader)
    if isinstance(op, Insert):
        made = apply(mine, op, loader).path
        new = words_of(made)[-1]
        twin = f"{moved.path}/{new}"
        if not new.startswith("#") and value(there, twin) is not NOWHERE:
            return () if value(then, made) == value(there, twin) else Clash(made, twin, why)
    wanted, now = value(then, op.path), value(there, moved.path)
    if isinstance(op, (Put, Rename)) and wanted == now:
        return ()
    if isinstance(op, Put) and now == value(here, op.path) and (wanted is NOWHERE or isinstance(wanted, str)):
        return (Delete(moved.path),) if wanted is NOWHERE else (Set(moved.path, data(wanted)),)
    return Clash(op.path, moved.path, why)


def _moved(here: Document, there: Document, op: Op, path: str) -> Op:
    match op:
        case Insert(position=int(position)):
            return replace(op, path=path, position=_position(here, there, words_of(op.path), position, None))
        case Move():
            into = words_of(op.to) if op.to else words_of(op.path)[:-1]
            words, gone = translated(here, there, into)
            position = _position(here, there, into, op.position, words_of(op.path))
            to = None if op.to is None else op.to if gone else "/".join(words)
            return replace(op, path=path, position=position, to=to)
        case Set() | Delete() | Insert() | Rename() | Put():
            return replace(op, path=path)


def _position(
    here: Document, there: Document, into: list[str], position: int, moving: list[str] | None
) -> int:
    """Where among their entries the place is that is before entry `position` of mine; `moving` counts as away."""
    mine, theirs = _branch(here, into), _branch(there, translated(here, there, into)[0])
    if mine is None or theirs is None:
        return position
    left = list(range(_count(mine)))
    away: int | None = None
    if moving is not None and moving[:-1] == into:
        steps, _ = follow(here, moving)
        if steps and steps[-1].branch is mine:
            left.remove(steps[-1].index)
            away = _matching(mine, theirs, steps[-1].index)
    places = [place for place in range(_count(theirs)) if place != away]
    for index in reversed(left[:position]):
        there_is = _matching(mine, theirs, index)
        if there_is in places:
            return places.index(there_is) + 1
    for index in left[position:]:
        there_is = _matching(mine, theirs, index)
        if there_is in places:
            return places.index(there_is)
    return min(position, len(places))


def translated(here: Document, there: Document, words: list[str]) -> tuple[list[str], int]:
    """The path in `there` to what `words` lead to in `here`; and how many words lead to the first thing that is gone,
    0 where nothing is. A last key that is in neither is not gone.
    """
    found: list[str] = []
    mine, theirs = here.root, there.root
    for number, word in enumerate(words, 1):
        index = _index(here, words[:number])
        if index is None or mine is None:
            found.append(word)  # what is to be added
            mine = None
            if not isinstance(theirs, Map) and theirs is not None and number < len(words):
                return words, number
            theirs = None
            continue
        there_is = _matching(mine, theirs, index) if type(mine) is type(theirs) else None
        if there_is is None:
            if number == len(words) and isinstance(theirs, Map):
                return [*found, word], 0
            return words, number
        found.append(_word(theirs, there_is))
        mine, theirs = _entry(mine, index), _entry(theirs, there_is)
    return found, 0


def _index(doc: Document, words: list[str]) -> int | None:
    steps, rest = follow(doc, words)
    return None if rest or not steps else steps[-1].index


def _branch(doc: Document, words: list[str]) -> Map | List | None:
    steps, rest = follow(doc, words)
    node = None if rest else steps[-1].node if steps else doc.root
    return node if isinstance(node, (Map, List)) else None


def _count(branch: Map | List) -> int:
    return len(branch.items) // 2 if isinstance(branch, Map) else len(branch.items)


def _entry(branch: Map | List, index: int) -> Node:
    return branch.items[2 * index + 1] if isinstance(branch, Map) else branch.items[index]


def _keys(branch: Map) -> list[str | None]:
    return [key.value for key in branch.items[::2]]


def _id(item: Node) -> str | None:
    if not isinstance(item, Map):
        return None
    return next((entry.value for key, entry in pairs(item) if key.value == "id"), None)


def _word(branch: Map | List, index: int) -> str:
    if isinstance(branch, Map):
        return str(branch.items[2 * index].value)
    name = _id(branch.items[index])
    return name if name and sum(_id(item) == name for item in branch.items) == 1 else f"#{index + 1}"


def _matching(mine: Map | List, theirs: Map | List, index: int) -> int | None:
    """The entry of theirs that entry `index` of mine has become; None where it is gone."""
    if isinstance(mine, Map) or isinstance(theirs, Map):
        if not (isinstance(mine, Map) and isinstance(theirs, Map)):
            return None
        keys, key = _keys(theirs), mine.items[2 * index].value
        return keys.index(key) if key in keys else None
    name = _id(mine.items[index])
    if name is not None:
        same = [place for place, item in enumerate(theirs.items) if _id(item) == name]
        if len(same) == 1:
            return same[0]
    ids = {_id(item) for item in mine.items} & {_id(item) for item in theirs.items} - {None}
    ours = [place for place, item in enumerate(mine.items) if _id(item) not in ids]
    others = [place for place, item in enumerate(theirs.items) if _id(item) not in ids]
    if index not in ours:
        return None
    pairs_found = _aligned(
        [repr(plain_of(mine.items[place])) for place in ours],
        [repr(plain_of(theirs.items[place])) for place in others],
    )
    found = pairs_found.get(ours.index(index))
    return None if found is None else others[found]


def _aligned(mine: Sequence[str], theirs: Sequence[str]) -> dict[int, int]:
    """Which place of theirs has what each place of mine had, or what came in its stead."""
    found: dict[int, int] = {}
    for word, a, b, c, d in SequenceMatcher(None, mine, theirs, autojunk=False).get_opcodes():
        if word == "equal" or (word == "replace" and b - a == d - c):
            found.update(zip(range(a, b), range(c, d), strict=True))
    return found


def value(doc: Document, path: str) -> Plain:
    """What stands at a path, apart from how it is written; NOWHERE where nothing does."""
    steps, rest = follow(doc, words_of(path))
    return NOWHERE if rest or not steps else plain_of(steps[-1].node)


def stands(raw: bytes, path: str, wanted: Data, loader: str = LOADER) -> bool:
    """Whether this stands at a path."""
    now = value(document(raw, loader), path)
    return now is not NOWHERE and data(now) == wanted


def read_value(text: str, loader: str = LOADER) -> Data:
    """What a piece of YAML says."""
    return data(plain_of(document(text.encode(), loader).root))


def carried(before: bytes, path: str, after: bytes, loader: str = LOADER) -> str:
    """What a path in one text is in the next; the same where it leads nowhere any more."""
    if before == after:
        return path
    words, gone = translated(document(before, loader), document(after, loader), words_of(path))
    return path if gone else "/".join(words)


def data(plain: Plain) -> Data:
    """The same as an edit takes it."""
    if isinstance(plain, tuple):
        return {str(key): data(entry) for key, entry in zip(plain[::2], plain[1::2], strict=True)}
    if isinstance(plain, list):
        return [data(entry) for entry in plain]
    return plain if isinstance(plain, str) else ""


def forced(mine: bytes, clash: Clash, theirs: bytes, loader: str = LOADER) -> tuple[Op, ...]:
    """What makes of their text at the place of a clash what stands there in mine. Raises Refused."""
    here, there = document(mine, loader), document(theirs, loader)
    words = words_of(clash.path)
    text = source(mine, clash.path, loader)
    if text is None:
        return () if clash.theirs is None else (Delete(clash.theirs),)
    steps, _ = follow(here, words)
    item = isinstance(steps[-1].branch, List) or (len(words) == 2 and words[0] in ("songs", "sets"))
    if clash.theirs is not None and not item:
        return (Set(clash.theirs, data(value(here, clash.path))),)
    if not item:
        into, gone = translated(here, there, words[:-1])
        if gone:
            raise Refused(f"{'/'.join(words[:-1])} is not there any more")
        return (Set("/".join([*into, words[-1]]), data(value(here, clash.path))),)
    into, gone = translated(here, there, words[:-1])
    if gone:
        raise Refused(f"{'/'.join(words[:-1])} is not there any more")
    position = _position(here, there, words[:-1], steps[-1].index, words)
    first = () if clash.theirs is None else (Delete(clash.theirs),)
    return (*first, Insert("/".join(into), text, position))
