"""A timeline while it is edited: the text on the disk, the text as it is to be, and every edit that lies between.

Pure values. Where the disk changes meanwhile, the edits are done again on its new text; what was changed on both sides
is a conflict that a person decides.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from timeline.edit import Delete, Insert, Op, Put, Refused, Rename, Set, apply, source
from timeline.nodes import LOADER
from timeline.replay import Clash, carried, forced, read_value, refused, replayed, stands


class Change(Struct, frozen=True):
    """One edit of a person, which one undo takes back.

    was: what each operation found in its place, as YAML; None where it does not take anything's place.
    """

    ops: tuple[Op, ...]
    inverse: tuple[Op, ...]
    was: tuple[str | None, ...]
    label: str
    path: str = ""  # the address of what was edited, afterwards


class Draft(Struct, frozen=True):
    """`done` leads to `raw`, and `saved_done`, which begins like it, to `disk`."""

    disk: bytes
    raw: bytes
    done: tuple[Change, ...] = ()
    undone: tuple[Change, ...] = ()
    saved_done: tuple[Change, ...] = ()


class Conflict(Struct, frozen=True):
    """A value changed here and there: what it was, what we made of it, and they; None for nothing.

    `ops` make ours of it; none where it cannot be done any more, and `why` then says so.
    """

    path: str
    base: str | None
    mine: str | None
    theirs: str | None
    label: str
    ops: tuple[Op, ...] = ()
    why: str = ""


class Rebased(Struct, frozen=True):
    """A draft on the disk's new text, without the edits that are in conflict."""

    draft: Draft
    conflicts: tuple[Conflict, ...]


Choice = Literal["mine", "theirs"]


def open_draft(raw: bytes) -> Draft:
    """Of a file that has not been edited."""
    return Draft(raw, raw)


def do(draft: Draft, ops: Op | Sequence[Op], label: str, *, join: bool = False, loader: str = LOADER) -> Draft:
    """The draft after one edit more. `join`: one that goes on with the last one of that label and place is the same.

    Raises Refused.
    """
    change, raw = _done(draft.raw, ops if isinstance(ops, Sequence) else (ops,), label, loader)
    if raw == draft.raw:
        return draft
    done = draft.done
    if join and done and done != draft.saved_done and not draft.undone and _continues(done[-1], change):
        last, done = done[-1], done[:-1]
        change = replace(change, inverse=change.inverse + last.inverse, was=last.was)
    return replace(draft, raw=raw, done=(*done, change), undone=())


def _done(raw: bytes, ops: Sequence[Op], label: str, loader: str) -> tuple[Change, bytes]:
    inverse: tuple[Op, ...] = ()
    was: list[str | None] = []
    path = ""
    for op in ops:
        was.append(_was(raw, op, loader))
        edited = apply(raw, op, loader)
        raw, inverse, path = edited.raw, edited.inverse + inverse, edited.path
    return Change(tuple(ops), inverse, tuple(was), label, path), raw


def _was(raw: bytes, op: Op, loader: str) -> str | None:
    return source(raw, op.path, loader) if isinstance(op, (Set, Delete, Put)) else None


def _continues(last: Change, change: Change) -> bool:
    paths = [[op.path for op in each.ops if isinstance(op, Set)] for each in (last, change)]
    return last.label == change.label and paths[0] == paths[1] and len(paths[0]) == len(last.ops) == len(change.ops)


def undo(draft: Draft, loader: str = LOADER) -> Draft | None:
    """Take the last edit back; None where there is none. Raises Refused where the file has moved on there."""
    if not draft.done:
        return None
    last = draft.done[-1]
    try:
        raw = apply(draft.raw, last.inverse, loader).raw
    except Refused:
        raw = apply(draft.raw, _by_value(draft.raw, last, loader), loader).raw
    return replace(draft, raw=raw, done=draft.done[:-1], undone=(*draft.undone, last))


def _by_value(raw: bytes, change: Change, loader: str) -> tuple[Op, ...]:
    """What takes a change back where the text around it has moved on. Raises Refused."""
    ops: list[Op] = []
    for op, was in zip(change.ops, change.was, strict=True):
        if not isinstance(op, Set) or not stands(raw, op.path, op.value, loader):
            raise Refused(f"{change.label}: what this would take back has been changed since")
        ops.insert(0, Delete(op.path) if was is None else Set(op.path, read_value(was, loader)))
    return tuple(ops)


def redo(draft: Draft, loader: str = LOADER) -> Draft | None:
    """Do again what was taken back last; None where nothing was. Raises Refused."""
    if not draft.undone:
        return None
    again = draft.undone[-1]
    change, raw = _done(draft.raw, again.ops, again.label, loader)
    return replace(draft, raw=raw, done=(*draft.done, change), undone=draft.undone[:-1])


def pending(draft: Draft) -> tuple[Change, ...]:
    """What leads from the disk's text to the draft's: edits, and those taken back since they were saved."""
    if draft.raw == draft.disk:
        return ()
    same = _common(draft)
    back = (_reversed(change) for change in reversed(draft.saved_done[same:]))
    return (*back, *draft.done[same:])


def _common(draft: Draft) -> int:
    same = 0
    for one, other in zip(draft.done, draft.saved_done, strict=False):
        if one is not other and one != other:
            break
        same += 1
    return same


def _reversed(change: Change) -> Change:
    """The taking back of a change as a change, by values where that will do: they are found in any text."""
    ops = change.inverse
    if all(isinstance(op, Set) for op in change.ops):
        pairs = reversed(list(zip(change.ops, change.was, strict=True)))
        ops = tuple(Delete(op.path) if was is None else Set(op.path, read_value(was)) for op, was in pairs)
    elif len(change.ops) == 1 and isinstance(change.ops[0], Insert) and change.path:
        ops = (Delete(change.path),)
    return Change(ops, change.ops, (None,) * len(ops), f"undo {change.label}")


def unsaved(draft: Draft) -> int:
    """How many edits the disk does not have."""
    return len(pending(draft))


def saved(draft: Draft, raw: bytes, done: tuple[Change, ...] | None = None) -> Draft:
    """The disk has `raw` now, which `done` leads to: the draft's own text where it is left out."""
    return replace(draft, disk=raw, saved_done=draft.done if done is None else done)


def found(draft: Draft, disk: bytes, loader: str = LOADER) -> Draft:
    """The draft where some of its edits are on the disk after all: a save was done, and its program died before it
    could say so. The same draft where the disk holds something else.
    """
    raw = draft.disk
    for count, change in enumerate(draft.done, 1):
        raw = apply(raw, change.ops, loader).raw
        if raw == disk:
            return saved(draft, disk, draft.done[:count])
    return draft


# -- somebody else has saved


def rebase(draft: Draft, disk: bytes, loader: str = LOADER) -> Rebased:
    """The draft's unsaved edits on the new text of the disk. Raises Refused where that text cannot be edited."""
    history = draft.done[: _common(draft)]
    if disk == draft.raw:
        return Rebased(replace(saved(draft, disk), undone=()), ())
    text = _Texts(draft.disk, disk, loader)
    done = [followed for change in pending(draft) if (followed := text.follow(change)).ops]
    settled = Draft(disk, text.theirs, (*history, *done), (), history)
    return Rebased(settled, tuple(text.conflict(clash) for clash in text.clashes))


class _Told(Struct, frozen=True):
    """A clash, with its place in both texts as they are now, and what was there before."""

    clash: Clash
    base: str | None
    label: str


class _Texts:
    """Two texts that go on side by side: every edit of mine is done on both, or clashes."""

    def __init__(self, mine: bytes, theirs: bytes, loader: str) -> None:
        self.mine = mine
        self.theirs = theirs
        self.loader = loader
        self.clashes: list[_Told] = []

    def follow(self, change: Change) -> Change:
        """Do one change on both; returns what was done to theirs, which may be nothing."""
        done = Change((), (), (), change.label)
        for op in change.ops:
            after = apply(self.mine, op, self.loader).raw
            if any(_within(op.path, told.clash.path) for told in self.clashes):
                self._go(after, self.theirs, op)
                continue
            found = self._found(op, after)
            if isinstance(found, Clash):
                base = source(self.mine, found.path, self.loader)
                self.clashes = [told for told in self.clashes if not _within(told.clash.path, found.path)]
                self._go(after, self.theirs, op)
                self.clashes.append(_Told(found, base, change.label))
                continue
            one, raw = found
            done = Change(
                done.ops + one.ops, one.inverse + done.inverse, done.was + one.was, change.label, one.path or done.path
            )
            self._go(after, raw, op, one.ops)
        return done

    def _found(self, op: Op, after: bytes) -> tuple[Change, bytes] | Clash:
        """What an operation is in theirs, done."""
        ops = replayed(self.mine, op, after, self.theirs, self.loader)
        if isinstance(ops, Clash):
            return ops
        try:
            return _done(self.theirs, ops, "", self.loader)
        except Refused as why:
            ops = refused(self.mine, op, after, self.theirs, ops[0], str(why), self.loader)
        return ops if isinstance(ops, Clash) else _done(self.theirs, ops, "", self.loader)

    def _go(self, mine: bytes, theirs: bytes, op: Op, on_theirs: Sequence[Op] = ()) -> None:
        """Both texts are these now: mine by `op`, theirs by `on_theirs`."""

        def along(path: str, before: bytes, after: bytes, ops: Sequence[Op]) -> str:
            for one in ops:
                if isinstance(one, Rename) and _within(path, one.path):
                    return one.path.rpartition("/")[0] + f"/{one.new_id}" + path[len(one.path) :]
            return carried(before, path, after, self.loader)

        self.clashes = [
            replace(
                told,
                clash=replace(
                    told.clash,
                    path=along(told.clash.path, self.mine, mine, (op,)),
                    theirs=told.clash.theirs and along(told.clash.theirs, self.theirs, theirs, on_theirs),
                ),
            )
            for told in self.clashes
        ]
        self.mine, self.theirs = mine, theirs

    def conflict(self, told: _Told) -> Conflict:
        clash, loader = told.clash, self.loader
        ops: tuple[Op, ...] = ()
        why = ""
        try:
            ops = forced(self.mine, clash, self.theirs, loader)
            apply(self.theirs, ops, loader)
        except Refused as error:
            ops, why = (), str(error)
        there = None if clash.theirs is None else source(self.theirs, clash.theirs, loader)
        mine = source(self.mine, clash.path, loader)
        return Conflict(clash.path, told.base, mine, there, told.label, ops, why)


def _within(path: str, outer: str) -> bool:
    return path == outer or path.startswith(f"{outer}/")


def settle(rebased: Rebased, choices: Sequence[Choice], loader: str = LOADER) -> Draft:
    """The draft with ours where a person chose so. Raises Refused where that cannot be done any more."""
    draft = rebased.draft
    for conflict, choice in zip(rebased.conflicts, choices, strict=True):
        if choice == "mine":
            if conflict.why:
                raise Refused(f"{conflict.path}: {conflict.why}")
            draft = do(draft, conflict.ops, conflict.label, loader=loader)
    return draft
