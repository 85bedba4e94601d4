"""Nodes to plain values, as the spec table says; whatever does not fit becomes a problem."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Sequence
from itertools import islice
from typing import Any

from timeline import spec
from timeline.model import Problem, Severity, Span
from timeline.nodes import Branch, Gone, List, Map, Node, end_of, find, pairs, span_of
from timeline.problems import Source
from timeline.spec import ROOT, Field, Group, Kind, Listing, Scalar, Table
from timeline.times import Refusal
from timeline.words import closest, listed, shown, slug

_MISS = object()
_PARTED = re.compile(r"([+\-\u2212]?\d+),$")
_DECIMALS = re.compile(r"\d+ ?([a-zA-Z]{0,4}|%)$", re.ASCII)
_NULLS = frozenset({"~", "null", "Null", "NULL"})
# Besides texts: what would take `null` or `~` as it stands.
_WORDS = (spec.ID, spec.SONG_ID, spec.SET_ID, spec.OUTPUT, spec.TARGET, spec.UNTIL, spec.HOTKEY)
MOST_PROBLEMS = 1000  # a file with more is not a timeline that went wrong
_GUESSES = 20_000  # words compared in search of what was meant; a file that needs more is not helped by more

Said = dict[str, Any]  # the values of a mapping by their names in the model; None for a refused one
Items = list[tuple[Node, Any]]  # the items of a list or table, each with its node


class Walker:
    """Makes values of the collections of one file while they are read, and gathers its problems.

    `text` is what is parsed, place by place that of `source`; `damage` are ranges of it that a mistake of
    syntax took away. `tails`: ends of values behind which something stands that deserves a warning.
    """

    def __init__(self, source: Source, text: str, damage: Sequence[tuple[int, int]] = ()) -> None:
        self.source = source
        self.text = text
        self.damage = damage
        self.lost = "\n".join(source.text[start:end] for start, end in damage)
        self.tails = dict(_tails(source.text))
        self.problems: list[Problem] = []
        self.unread: list[str] = []  # what stands where nothing could be made of it
        self.misnamed: set[str] = set()  # what ids that are none were probably meant to be
        self.unplayed: dict[str, tuple[int, Span]] = {}  # by key: how often, and where first
        self._guesses = _GUESSES
        memos: dict[int, dict[str, Any]] = {}
        self._tables = {
            group.what: (
                {field.name: _row(field, memos) for field in group.known.values()},
                [field for field in group.known.values() if field.required],
                frozenset(field.attr for field in group.known.values() if not field.played),
            )
            for group in spec.GROUPS
        }

    def opens(self, parent: Branch, node: Branch) -> None:
        """What the place of a new collection asks for; None where anything may stand, or nothing like it."""
        outer = parent.kind
        asks: Kind | None = parent.inner
        if type(outer) is Group and len(parent.items) % 2:
            row = self._tables[outer.what][0].get(parent.items[-1].value)
            asks = row[3].kind if row else None
        elif type(outer) is Table and len(parent.items) % 2:
            node.head = parent.items[-1]
            asks = None if (node.head.value or "").startswith("x-") else outer.of
        elif parent.start_mark is None:
            asks = ROOT
        if type(asks) is Listing:
            node.inner = item = _item_group(asks)
            node.kind = item if type(node) is Map else asks
        elif type(node) is Map and type(asks) is not Scalar:
            node.kind = asks

    def closes(self, node: Branch) -> None:
        kind = node.kind
        if type(kind) is Group and type(node) is Map:
            node.said = self.group(node, kind)
            if kind is not ROOT:
                node.items = []  # the events in it are many and large, and have done their work

    def words(self, node: Node) -> Span:
        """The words to put a caret under: a scalar, a flow collection, or the first scalar of a block."""
        return find(self.text, span_of(node), ()) if isinstance(node, Branch) and not node.flow else span_of(node)

    def tell(
        self, severity: Severity, code: str, message: str, where: Node | Span, hint: str | None = None
    ) -> None:
        if len(self.problems) >= MOST_PROBLEMS:
            return
        span = where if isinstance(where, Span) else self.words(where)
        self.problems.append(Problem(severity, code, message, span, hint))

    def error(self, code: str, message: str, where: Node | Span, hint: str | None = None) -> None:
        self.tell("error", code, message, where, hint)

    def warn(self, code: str, message: str, where: Node | Span, hint: str | None = None) -> None:
        self.tell("warning", code, message, where, hint)

    def damaged(self, node: Node) -> bool:
        """Whether a mistake of syntax took something out of this node."""
        start, end = node.start_mark.index, node.end_mark.index
        return any(begin <= end and start <= finish for begin, finish in self.damage)

    def excused(self, node: Branch, key: str) -> bool:
        """Whether nobody should say that a key is missing: it may be there, misspelt or lost."""
        return key in node.meant or self.damaged(node)

    def closest(self, word: str, candidates: Collection[str]) -> str | None:
        """What was probably meant by a word, as long as there is patience to look."""
        if self._guesses < 0:
            return None
        self._guesses -= len(candidates)
        return closest(word, candidates)

    def guess(self, word: str, candidates: Collection[str]) -> str | None:
        """What was probably meant by a word that names nothing; it then counts as named."""
        near = self.closest(word, candidates)
        if near:
            self.misnamed.add(near)
        return near

    def unsure(self) -> str:
        """Everything that may have been meant somewhere, so that nobody says it is never used."""
        return "\n".join((self.lost, *self.misnamed, *self.unread))

    def leave(self, node: Node) -> None:
        """Make nothing of a node, which has been told: what it names is not missed elsewhere."""
        self.unread.append(self.source.text[node.start_mark.index : end_of(node)])

    def group(self, node: Map, group: Group) -> Said:
        """The values of one mapping by their names in the model."""
        table, required, unplayed = self._tables[group.what]
        tails = self.tails
        said: Said = {}
        strange: set[str] = set()
        items = iter(node.items)
        for key, value in zip(items, items):  # noqa: B905 - the keyword costs as much as a pair
            row = table.get(key.value)
            if row is None:
                self._strange(node, group, key, value, strange)
                continue
            attr, parse, memo, field = row
            if attr in said:
                self._duplicate(node, key)
                continue
            text = value.value
            hit = memo.get(text, _MISS)
            if hit is not _MISS:
                said[attr] = hit
            elif parse is None or not text or text in _NULLS or not text.isprintable() or text.isspace():
                said[attr] = found = self._value(field, key, value)
                node.bad = node.bad or found is None
            else:
                try:
                    said[attr] = memo[text] = parse(text)
                except Refusal as refusal:
                    self.error("bad-value", f"{field.name}: {refusal.message}", value, refusal.hint)
                    said[attr] = None
                    node.bad = True
            if tails and value.end_mark.index in tails:
                self._tail(field.kind, value)
        if required:
            self._missing(node, required, group, said)
        if unplayed and not unplayed.isdisjoint(said):
            self._not_played(node, table)
        return said

    def _missing(self, node: Map, required: list[Field], group: Group, said: Said) -> None:
        for field in required:
            if field.attr not in said and not self.excused(node, field.name):
                hint = f"add {field.name}: {field.example}"
                self.error("missing-key", f"{group.what} needs {field.name}", node.head or node, hint)

    def _not_played(self, node: Map, table: dict[str, Any]) -> None:
        for key, _ in pairs(node):
            row = table.get(key.value)
            if row is None or row[3].played:
                continue
            count, first = self.unplayed.get(key.value, (0, None))
            self.unplayed[key.value] = (count + 1, first or span_of(key))

    def _strange(self, node: Map, group: Group, key: Node, value: Node, strange: set[str]) -> None:
        """A key that this group does not know."""
        name = key.value
        if name is None:
            if not isinstance(key, Gone):
                self.error("bad-key", "a key is a plain word, not a list or a mapping", key)
            return
        if name in strange:
            self._duplicate(node, key)
            return
        strange.add(name)
        if name.startswith("x-"):
            return
        if name == "<<" and not key.style:
            self.error("merge", "<< is not used here", key, "write the keys themselves")
            node.meant = tuple(group.known)
            return
        if value.value == "" and self._comma(key):
            return
        hint, meant = self._meant(group, name, node)
        if (meant or "?") not in node.meant:
            node.meant = (*node.meant, meant or "?")
        self.error("unknown-key", f'unknown key "{shown(name)}" in {group.what}', key, hint)
        self.leave(value)

    def _comma(self, key: Node) -> bool:
        """Tell of `gain: -6,5 dB` in braces, where the comma parts a number; the number alone is no mistake then."""
        at = key.start_mark.index
        found = _PARTED.search(self.text[max(0, at - 20) : at])
        if found is None or not _DECIMALS.match(key.value or ""):
            return False
        self.problems = [one for one in self.problems if not (one.span.end == at - 1 and one.code == "bad-value")]
        span = self.source.span(at - len(found[0]), key.end_mark.index)
        hint = f"write {found[1]}.{shown(key.value)}"
        self.error("bad-value", f'"{found[0]}{shown(key.value)}": decimals take a point', span, hint)
        return True

    def _meant(self, group: Group, name: str, node: Map) -> tuple[str | None, str | None]:
        """A hint for an unknown key, and the key it was taken for."""
        head, colon, rest = name.partition(":")
        if colon and rest:
            near = head if head in group.known else self.closest(head, group.known)
            return f'add a space after the colon: "{shown(head)}: {shown(rest)}"', near
        if near := self.closest(name, group.known):
            return f"did you mean {near}?", near
        meant = [near for near in spec.SYNONYMS.get(name.lower(), ()) if near in group.known]
        if meant:
            written = {key.value for key, _ in pairs(node)}
            near = next((near for near in meant if near not in written), meant[0])
            return f"did you mean {near}?", near
        homes = [other.what for other in spec.GROUPS if name in other.known]
        if homes:
            return f"{shown(name)} belongs to {listed(homes)}", None
        if len(group.known) <= 10:
            return (
                f"keys of {group.what}: {listed(list(group.known), 'and')}; one of your own begins with x-",
                None,
            )
        return "a key of your own begins with x-", None

    def _duplicate(self, node: Map, key: Node) -> None:
        if len(self.problems) >= MOST_PROBLEMS:
            return
        first = next(other for other in islice(node.items, 0, None, 2) if other.value == key.value)
        line = first.start_mark.line + 1
        self.error(
            "duplicate-key", f'"{shown(key.value)}" is written twice', key, f"first in line {line}; keep one"
        )

    def _tail(self, kind: Kind, value: Node) -> None:
        """Warn of a comment that takes the end of a text away, and of a tab before a comment."""
        end = value.end_mark.index
        start, tab = self.tails[end]
        if tab:
            span = self.source.span(end, start)
            self.warn("tab", "some YAML readers refuse a tab before a comment", span, "write a space")
        if isinstance(kind, Scalar) and kind.free and value.value and not value.style and not tab:
            comment = self.source.text[start : start + 200].splitlines()[0].rstrip()
            message = f'"{shown(comment)}" is a comment and not part of the value'
            hint = (
                f'write "{shown(value.value)} {shown(comment)}" in quotes, or a space after # for a comment'
            )
            self.warn("hash", message, self.source.span(start, start + len(comment)), hint)

    def _value(self, field: Field, key: Node, value: Node) -> Any:
        """The value of a known key that is more than a plain word, or nothing at all."""
        if isinstance(value, Gone):
            return None
        match kind := field.kind:
            case Scalar():
                return self._scalar(kind, field, key, value)
            case Group():
                return self._only_group(kind, field, key, value)
            case Listing():
                return self._listing(kind, field, key, value)
            case Table():
                return self._table(kind, field, key, value)

    def _scalar(self, kind: Scalar, field: Field, key: Node, value: Node) -> Any:
        name = field.name
        if isinstance(value, Branch):
            text = kind.free and value.flow
            hint = "a text that begins with [ or { goes in quotes" if text else f"like {kind.example}"
            shape = "a list" if isinstance(value, List) else "a mapping"
            what = kind.what.replace("`", "")
            self.error("wrong-shape", f"{name} takes {what}, not {shape}", value, hint)
            self.leave(value)
            return None
        text = value.value
        if not text.strip():
            return self._nothing(field, key, value)
        if not value.style and text in _NULLS and (kind.free or kind in _WORDS):
            hint = f'write "{text}" in quotes, or leave {name} out'
            self.error("null", f"{text} means nothing at all to other programs", value, hint)
            return None
        try:
            return kind.parse(spec.printable(text))
        except Refusal as refusal:
            self.error("bad-value", f"{name}: {refusal.message}", value, refusal.hint)
            return None

    def _nothing(self, field: Field, key: Node, value: Node) -> None:
        """A key without a value: an error where one is needed, as behind the verb of a cue, else a warning."""
        if self.damaged(value):
            return
        rest = self.source.text[value.end_mark.index : value.end_mark.index + 200].lstrip(" \t")
        hint = None
        if rest.startswith("#") and not rest.startswith("# "):
            hint = f'# begins a comment: write "{shown(rest.splitlines()[0])}" in quotes'
        needed = field.required or field.verbs == (field.name,)
        self.tell(
            "error" if needed else "warning", "no-value", f"{field.name} has no value", key, hint
        )

    def _only_group(self, group: Group, field: Field, key: Node, value: Node) -> Said | None:
        if isinstance(value, Map):
            said: Said | None = value.said
            return said
        if not self._empty(value):
            self.error("wrong-shape", f"{field.name} takes keys and values", value, _as_keys(group))
            self.leave(value)
        elif field.verbs:
            self._nothing(field, key, value)
        return None

    def _empty(self, value: Node) -> bool:
        return (
            not isinstance(value, Branch) and not value.style and (not value.value or value.value in _NULLS)
        )

    def _listing(self, kind: Listing, field: Field, key: Node, value: Node) -> Items | None:
        if self._empty(value):
            return []
        if isinstance(value, List):
            items = value.items
        else:
            items = [value]
            if not kind.lone:
                if not (isinstance(value, Map) and self._is_item(kind, value)):
                    self.leave(value)
                    items = []
                self.error("wrong-shape", f"{field.name} takes a list", value, "begin each item with - ")
                if not items:
                    return None
        return [(item, self._item(kind, field, item)) for item in items]

    def _is_item(self, kind: Listing, value: Map) -> bool:
        """Whether a mapping in place of a list is its one item; what was told of another one's keys is taken back."""
        known = kind.of.known if isinstance(kind.of, Group) else {}
        if value.said or any(key.value in known for key, _ in pairs(value)):
            return True
        span = span_of(value)
        self.problems = [one for one in self.problems if not span.start <= one.span.start < span.end]
        return False

    def _item(self, kind: Listing, field: Field, item: Node) -> Any:
        if isinstance(item, Branch) and (isinstance(item, Gone) or item.said is not None):
            return item.said
        if isinstance(kind.of, Scalar):
            if item.end_mark.index in self.tails:
                self._tail(kind.of, item)
            return self._scalar(kind.of, field, item, item)
        if self._empty(item):
            if not self.damaged(item):
                self.error("no-value", f"{kind.of.what} is empty here", item)
        else:
            self.error(
                "wrong-shape", f"{kind.of.what} is written as keys and values", item, _as_keys(kind.of)
            )
            self.leave(item)
        return None

    def _table(self, kind: Table, field: Field, key: Node, value: Node) -> Items | None:
        if self._empty(value):
            return []
        if not isinstance(value, Map):
            hint = f"like {kind.example}"
            self.error("wrong-shape", f"{field.name} is written by id", value, hint)
            self.leave(value)
            return None
        items: Items = []
        seen: set[str] = set()
        for name, entry in pairs(value):
            said = self._entry(kind, value, name, entry, seen)
            if said is not None:
                items.append((name, (entry, said)))
        return items

    def _entry(self, kind: Table, table: Map, name: Node, entry: Node, seen: set[str]) -> Said | None:
        text = name.value
        if text is None:
            if not isinstance(name, Gone):
                self.error("bad-key", "an id is a plain word, not a list or a mapping", name)
            return None
        if text.startswith("x-"):
            return None
        if text == "<<" and not name.style:
            self.error("merge", "<< is not used here", name, f"write each {kind.what} itself")
            return None
        if text in seen:
            self._duplicate(table, name)
            return None
        seen.add(text)
        try:
            spec.ident(text)
        except Refusal as refusal:
            self.error("bad-id", refusal.message, name, refusal.hint)
            self.misnamed.update((text, slug(text)))
        if isinstance(entry, Map):
            said: Said | None = entry.said
            return said
        if isinstance(entry, Gone) or self.damaged(entry):
            return {}
        if self._empty(entry):
            self._missing_entry(kind, name)
        else:
            self.error(
                "wrong-shape", f"{kind.of.what} is written as keys and values", entry, _as_keys(kind.of)
            )
        return {}

    def _missing_entry(self, kind: Table, name: Node) -> None:
        needed = [field.name for field in kind.of.known.values() if field.required]
        if needed:
            self.error("missing-key", f"{kind.of.what} needs {listed(needed, 'and')}", name)


def _tails(text: str) -> Iterator[tuple[int, tuple[int, bool]]]:
    """For each odd comment the end of what stands before it, its own start, and whether a tab lies between.

    Odd is one without a space after its `#`, and one behind a tab.
    """
    at = text.find("#")
    while at >= 0:
        end = at
        while text[end - 1 : end] in (" ", "\t"):
            end -= 1
        tab = "\t" in text[end:at]
        if (
            end < at
            and (tab or text[at + 1 : at + 2].strip("# \t\r\n"))
            and text[end - 1 : end] not in ("", "\n", "\r")
        ):
            yield end, (at, tab)
        at = text.find("#", at + 1)


Row = tuple[str, Callable[[str], object] | None, dict[str, Any], Field]


def _row(field: Field, memos: dict[int, dict[str, Any]]) -> Row:
    """What a pass over thousands of values needs of a field: name, parser, what has been parsed, and all."""
    kind = field.kind
    return field.attr, kind.parse if isinstance(kind, Scalar) else None, memos.setdefault(id(kind), {}), field


def _item_group(kind: Listing) -> Group | None:
    """The keys of an item, where it may have any."""
    return kind.of if isinstance(kind.of, Group) else kind.or_group


def _as_keys(group: Group) -> str:
    """What a mapping of this kind looks like, with all that it needs."""
    needed = [field for field in group.known.values() if field.required] or [next(iter(group.known.values()))]
    said = ", ".join(f"{field.name}: {field.example}" for field in needed)
    return f"like {{{said}}}" if len(needed) > 1 else f"like {said}"
