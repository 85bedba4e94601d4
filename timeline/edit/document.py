"""One text as nodes and as plain data, and how a path finds its way in it."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

import yaml
from msgspec import Struct

from timeline import spec
from timeline.calm import calm
from timeline.edit.layout import count_of, value_of
from timeline.edit.moved import unmoved
from timeline.edit.ops import Refused
from timeline.edit.scalars import NULLS
from timeline.mistakes import Stop, diagnose
from timeline.nodes import LOADER, Branch, Gone, List, Map, Node, TooDeep, Tree, build, pairs
from timeline.problems import Source
from timeline.spec import Group, Kind, Listing, Table
from timeline.syntax import undecodable, without_odd_letters
from timeline.words import closest, shown

# What one text says, apart from how it is written: a mapping as a tuple of keys and values in turn, a list, a text,
# None for nothing, ... for what the format refuses.
Plain = Any


class Document(Struct, frozen=True, eq=False):
    """A text and what it says. `text` has no byte order mark; `bom` says whether the file has.

    `tabs`: it stands only with spaces for the tabs before comments, which one of the two parsers refuses.
    """

    text: str
    bom: bool
    root: Any  # a node; None in a file that holds nothing
    plain: Plain
    refused: tuple[str, ...]
    loader: str
    tabs: bool

    @property
    def raw(self) -> bytes:
        return encoded(self.text, self.bom)


def encoded(text: str, bom: bool) -> bytes:
    return (b"\xef\xbb\xbf" if bom else b"") + text.encode("utf-8")


class Step(Struct, frozen=True):
    """One step of a path that leads somewhere: an entry of a mapping or list."""

    branch: Branch
    index: int

    @property
    def node(self) -> Node:
        return value_of(self.branch, self.index)

    @property
    def key(self) -> str | None:
        """The key of the entry; None in a list."""
        if isinstance(self.branch, List):
            return None
        name: str | None = self.branch.items[2 * self.index].value
        return name


Steps = tuple[Step, ...]


def document(raw: bytes, loader: str = LOADER) -> Document:
    """The nodes of a file. Raises Refused for one with mistakes of syntax."""
    kept = _kept(raw, loader)
    if not kept:
        if why := undecodable(raw):
            raise Refused(why)
        kept.append(parsed(raw.decode("utf-8"), loader))
    return kept[0]


def keep(doc: Document) -> bytes:
    """The file of a document, which the next edit begins with."""
    raw = doc.raw
    _kept(raw, doc.loader)[:] = [doc]
    return raw


@lru_cache(maxsize=2)  # the text before an edit and the one after it
def _kept(raw: bytes, loader: str) -> list[Document]:
    """The document of a file, once somebody has made it."""
    return []


def forget() -> None:
    """Read every file again."""
    _kept.cache_clear()


@calm
def parsed(text: str, loader: str) -> Document:
    """The nodes of a text that may begin with a byte order mark. Raises Refused."""
    bare = text.removeprefix("\ufeff")
    fit, back = without_odd_letters(bare)
    try:
        tree, tabs = _tree(fit, loader, back)
        plain = plain_of(tree.root) if tree.root is not None else None
    except (yaml.YAMLError, TooDeep) as error:
        raise Refused(_mistake(bare, error)) from None
    refused = tuple(code for code, *_ in tree.refused)
    return Document(bare, text.startswith("\ufeff"), tree.root, plain, refused, loader, tabs)


def _tree(text: str, loader: str, back: dict[int, str]) -> tuple[Tree, bool]:
    try:
        return build(text, loader, None, back), False
    except yaml.YAMLError:
        fit = _TAB.sub(lambda found: found[0].replace("\t", " "), text)
        if fit == text:
            raise
        return build(fit, loader, None, back), True


_TAB = re.compile(r"^[ \t]+(?=#|$|\r)|(?<=\S)[ \t]*\t[ \t]*(?=#|$|\r)", re.MULTILINE)  # libyaml takes it, pure does not


def _mistake(text: str, error: Exception) -> str:
    if isinstance(error, yaml.reader.ReaderError):
        line, col = Source(text, "").position(error.position)
        return f"line {line}, column {col}: a character that cannot stand in a text file; remove it first"
    stop = Stop.of(error)
    mistake = diagnose(text, stop)
    line, col = Source(text, "").position(mistake.start)
    return f"line {line}, column {col}: {mistake.message}; repair that first"


def plain_of(node: Node) -> Plain:
    """What a node says."""
    if node.value is not None:
        return None if not node.style and node.value in NULLS else node.value
    if isinstance(node, Gone):
        return ...
    said: list[Plain] = []
    for item in node.items:  # texts in place: a large file has a hundred thousand
        value = item.value
        said.append(plain_of(item) if value is None else value if item.style or value not in NULLS else None)
    return tuple(said) if isinstance(node, Map) else said


# -- paths


def words_of(path: str) -> list[str]:
    return [word for word in path.split("/") if word]


def follow(doc: Document, words: list[str]) -> tuple[Steps, list[str]]:
    """The steps that lead along `words`, and the words that lead no further. Raises Refused for doubtful ones."""
    steps: list[Step] = []
    node = doc.root
    for place, word in enumerate(words):
        index = _entry(node, word, "/".join(words[:place]))
        if index is None:
            return tuple(steps), words[place:]
        steps.append(Step(node, index))
        node = steps[-1].node
    return tuple(steps), []


def find(doc: Document, path: str) -> Steps:
    """The steps to something that is there. Raises Refused when it is not."""
    words = words_of(path)
    if not words:
        raise Refused("name what is meant, like songs/fever/title")
    steps, rest = follow(doc, words)
    if rest:
        raise Refused(missing(doc, steps, words, rest))
    return steps


def missing(doc: Document, steps: Steps, words: list[str], rest: list[str]) -> str:
    """Why a path leads nowhere."""
    done = "/".join(words[: len(words) - len(rest)])
    node = steps[-1].node if steps else doc.root
    where = f"in {done}" if done else "in this file"
    if not isinstance(node, Branch):
        return f'there is no "{shown(rest[0])}" {where}'
    names = [name for name in map(_name, _heads(node)) if name]
    near = closest(rest[0], names)
    hint = f"; did you mean {near}?" if near else ""
    if isinstance(node, List) and re.fullmatch(r"#\d+", rest[0]):
        hint = f"; there are {count_of(node)}"
    return f'there is no "{shown(rest[0])}" {where}{hint}'


def _heads(node: Branch) -> list[Node]:
    return node.items if isinstance(node, List) else node.items[::2]


def _entry(node: Node | None, word: str, done: str) -> int | None:
    """The number of the entry that a word names. Raises Refused where it names two."""
    if isinstance(node, Map):
        found = [index for index, key in enumerate(node.items[::2]) if key.value == word]
    elif isinstance(node, List):
        if re.fullmatch(r"#[1-9]\d{0,8}", word):
            index = int(word[1:]) - 1
            return index if index < len(node.items) else None
        found = [index for index, item in enumerate(node.items) if _name(item) == word]
        if not found:
            found = [index for index, item in enumerate(node.items) if word in _other_names(item)]
    else:
        return None
    if len(found) > 1:
        which = f"write {done}/#{found[0] + 1} for the first" if isinstance(node, List) else "remove one first"
        raise Refused(f'there are {len(found)} "{shown(word)}" in {done or "this file"}: {which}')
    return found[0] if found else None


def _name(item: Node) -> str | None:
    """What an item of a list goes by: its `id`, or itself."""
    if isinstance(item, Map):
        return next((value.value for key, value in pairs(unmoved(item)) if key.value == "id"), None)
    name: str | None = item.value
    return name


def _other_names(item: Node) -> list[str]:
    """What an item may also be called, while no other item is."""
    if not isinstance(item, Map):
        return []
    return [value.value for key, value in pairs(unmoved(item)) if key.value in ("song", "name", "file") and value.value]


def path_of(steps: Steps) -> str:
    """The path that leads along `steps`, by ids as far as there are any."""
    words = []
    for step in steps:
        key = step.key
        if key is None:
            name = _name(step.node) if isinstance(step.node, Map) else None
            alone = name and sum(_name(item) == name for item in step.branch.items) == 1
            key = name if name and alone else f"#{step.index + 1}"
        words.append(key)
    return "/".join(words)


def steps_at(doc: Document, steps: Steps) -> Steps:
    """The same places, counted from the top, in another document."""
    node, made = doc.root, list[Step]()
    for step in steps:
        kinds = (isinstance(node, List), isinstance(step.branch, List))
        if not isinstance(node, Branch) or kinds[0] != kinds[1] or step.index >= count_of(node):
            raise Refused("the file has changed there")
        made.append(Step(node, step.index))
        node = made[-1].node
    return tuple(made)


def kind_of(steps: Steps) -> Kind | None:
    """What the format says of a place; None where anything may stand."""
    kind: Kind | None = spec.ROOT
    for step in steps:
        kind = inner(kind, step.branch, step.key)
    return kind


def inner(kind: Kind | None, branch: Branch, key: str | None) -> Kind | None:
    """What an entry of a branch takes, where the branch stands in the place of `kind`."""
    if isinstance(kind, Listing) and isinstance(branch, Map):
        kind = kind.of if isinstance(kind.of, Group) else kind.or_group
    match kind:
        case Group():
            field = kind.known.get(key or "")
            return field.kind if field else None
        case Table():
            return None if (key or "").startswith("x-") else kind.of
        case Listing():
            return kind.of
        case _:
            return None


def group_of(kind: Kind | None) -> Group | None:
    """The keys that a mapping in this place may have."""
    if isinstance(kind, Listing):
        kind = kind.of if isinstance(kind.of, Group) else kind.or_group
    return kind if isinstance(kind, Group) else None
