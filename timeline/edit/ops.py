"""What can be done to a timeline's text, as values that can be kept in a file and done again."""

from __future__ import annotations

from typing import Any, TypeAlias, Union

from msgspec import Struct, to_builtins

Data: TypeAlias = Union[str, "list[Data]", "dict[str, Data]"]  # scalars as a field's parser reads them


class Refused(Exception):
    """An edit that cannot be done, or not safely; str() is one line that says why."""


class Set(Struct, frozen=True):
    """Give a key, or an item of a list, this value; a key that is not there yet is added."""

    path: str
    value: Data


class Delete(Struct, frozen=True):
    """Take away a key with its value, or an item of a list or table, with the comments that belong to it."""

    path: str


class Insert(Struct, frozen=True):
    """Put one item into the list or table at `path`, which may not be there yet.

    `yaml` is the item's text; for a table `id: {…}`. `position` counts from 0; None is the end.
    """

    path: str
    yaml: str
    position: int | None = None


class Move(Struct, frozen=True):
    """Bring an item to a position, from 0, of its list or table, or of another one: `to`."""

    path: str
    position: int
    to: str | None = None


class Rename(Struct, frozen=True):
    """Give a song, scene, cue, set or output another id, and everything that points to it."""

    path: str
    new_id: str


class Piece(Struct, frozen=True):
    """One replacement inside a text: `old` at code point `at` becomes `new`.

    `before` and `after` are what stands around it, to know the place again in a text that has moved on.
    """

    at: int
    old: str
    new: str
    before: str = ""
    after: str = ""


class Put(Struct, frozen=True):
    """Put back what an edit replaced, letter for letter. Only what `path` names may read differently after it."""

    path: str
    pieces: tuple[Piece, ...]


class Unfold(Struct, frozen=True):
    """Write what stands in brackets on one line over several; a step of other edits, and none of its own."""

    path: str


Op = Set | Delete | Insert | Move | Rename | Put

_KINDS: dict[str, type[Any]] = {kind.__name__.lower(): kind for kind in (Set, Delete, Insert, Move, Rename, Put)}


def to_json(op: Op) -> dict[str, Any]:
    """The operation as plain data."""
    return {"op": type(op).__name__.lower(), **to_builtins(op)}


def from_json(data: Any) -> Op:
    """The operation that `to_json` wrote. Raises ValueError for anything else."""
    try:
        fields = dict(data)
        kind = _KINDS[fields.pop("op")]
        if kind is Put:
            fields["pieces"] = tuple(Piece(**piece) for piece in fields["pieces"])
        op: Op = kind(**fields)
    except (KeyError, TypeError, ValueError) as error:
        raise ValueError(f"not an edit: {error}") from error
    return op
