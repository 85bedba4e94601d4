"""A timeline that is played and edited at once: its draft, its file, and whoever else saves that file.

Everything here is asked on the thread of the window. The file is read, written and looked at on another one, and what
comes of it is met by `poll`. Edits are on the screen at once; each is kept where no crash loses it.
"""

from __future__ import annotations

import contextlib
import math
import queue
import threading
import time
import traceback
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final, Protocol

from msgspec import Struct, field
from msgspec.structs import replace

from player import beside, watch
from player.opening import find_songs, plan_of
from player.plan import Plan
from player.sets import in_set
from player.show import Show
from player.unsaved import Journal, forget
from timeline import draft as drafts
from timeline import store
from timeline.calm import calm
from timeline.draft import Choice, Conflict, Draft, Rebased, open_draft
from timeline.edit import Op, Refused, apply, ready
from timeline.model import Media, Problem, Song
from timeline.reader import Reading

if TYPE_CHECKING:
    from player.media.resolve import Resolved  # whose decoders a show without editing does not wait for

GONE: Final = 2.0  # seconds without a file before that is told
LATER: Final = 10  # looks for a file that is gone before it is written anew


# -- news


class Reloaded(Struct, frozen=True):
    """The show has gone over to `plan`: another program saved the file, or edits that were left were taken over."""

    plan: Plan


class Conflicts(Struct, frozen=True):
    """Nothing is taken from the file before `Editing.settle` has been told whose value counts in each of these."""

    conflicts: tuple[Conflict, ...]


class Broken(Struct, frozen=True):
    """The file cannot be played as it is: `line` says where and why, and the last good one plays on."""

    line: str


class Mended(Struct, frozen=True):
    """The file is again what plays."""


class Saved(Struct, frozen=True):
    """The file holds all edits."""

    path: Path


class SaveFailed(Struct, frozen=True):
    """The edits are not in the file; `line` says why."""

    line: str


News = Reloaded | Conflicts | Broken | Mended | Saved | SaveFailed


# -- what it stands between


class Stage(Protocol):
    """What editing needs of a session."""

    @property
    def show(self) -> Show: ...

    def reload(self, plan: Plan) -> None: ...

    def found(self, plan: Plan) -> None: ...


class Worker(Protocol):
    """Another thread, which does what it is asked in turn, and looks at the file meanwhile."""

    def ask(self, job: Callable[[], None]) -> None: ...

    def close(self) -> None: ...


class ThreadWorker:
    """A thread that calls `look` every tenth of a second while it has nothing else to do.

    Whatever goes wrong in one look or job, the next one comes: a save that is not seen would be worse.
    """

    def __init__(self, look: Callable[[float], None]) -> None:
        self._look = look
        self._jobs: queue.SimpleQueue[Callable[[], None] | None] = queue.SimpleQueue()
        self._told: set[type[Exception]] = set()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def ask(self, job: Callable[[], None]) -> None:
        """See Worker."""
        self._jobs.put(job)

    def close(self) -> None:
        """End when all that was asked is done; wait for that."""
        self._jobs.put(None)
        self._thread.join(5)

    def _run(self) -> None:
        due = watch.now()
        while True:
            with contextlib.suppress(queue.Empty):
                job = self._jobs.get(timeout=max(0.0, due - watch.now()))
                if job is None:
                    return
                self._try(job)
            if watch.now() >= due:
                due = watch.now() + watch.EVERY
                self._try(lambda: self._look(watch.now()))

    def _try(self, work: Callable[[], None]) -> None:
        try:
            work()
        except Exception as bug:  # noqa: BLE001  of ours; each is told once, since a look comes ten times a second
            if type(bug) not in self._told:
                self._told.add(type(bug))
                traceback.print_exc()


# -- what the worker has found


class _Read(Struct, frozen=True):
    """The file has changed: its text, what that says, and what it says with the edits of the draft `base` in it.

    Where a part is None, `why` tells why it cannot be had. `songs` are those of the last.
    """

    raw: bytes
    base: Draft
    reading: Reading | None = None
    rebased: Rebased | None = None
    edited: Reading | None = None
    songs: Mapping[str, Resolved] = field(default_factory=dict)
    why: str = ""
    other: bool = False  # what plays was made of another text than the draft


class _Wrote(Struct, frozen=True):
    draft: Draft


class _Behind(Struct, frozen=True):
    """The file was not what this draft was made on."""

    draft: Draft


class _Failed(Struct, frozen=True):
    line: str


class _Found(Struct, frozen=True):
    """What songs play that nobody had looked for."""

    songs: Mapping[str, Resolved]


class _Missing(Struct, frozen=True):
    """There has been no file for a while."""


class _Back(Struct, frozen=True):
    """There is one again."""


_Result = _Read | _Wrote | _Behind | _Failed | _Found | _Missing | _Back


class _File:
    """The worker's side: the one that touches the disk."""

    def __init__(
        self, path: Path, raw: bytes, draft: Callable[[], Draft], tell: Callable[[_Result], None]
    ) -> None:
        self.path = path
        self.draft = draft
        self.tell = tell
        self.pause: Callable[[float], None] = time.sleep
        self._watch = watch.watch(path, raw)
        self._gone_since: float | None = None

    def compare(self, plan: Plan, raw: bytes) -> None:
        """Tell if the file was saved between the reading of `plan` and that of `raw`."""
        read = self.read(raw)
        if read.reading is None or read.reading.timeline != plan.file:
            self.tell(replace(read, other=True))

    def look(self, now: float) -> None:
        """One look at the file."""
        before = self._watch.known
        raw = self._watch.poll(now)
        if raw is not None:
            try:
                self.tell(self.read(raw))
            except Exception:
                self._watch.forget(before, now)  # whatever it was, the save must not be missed
                raise
        if not self._watch.gone:
            if self._gone_since == math.inf:
                self.tell(_Back())
            self._gone_since = None
        elif self._gone_since is None:
            self._gone_since = now
        elif self._gone_since <= now - GONE:
            self._gone_since = math.inf
            self.tell(_Missing())

    @calm
    def read(self, raw: bytes) -> _Read:
        """What the text of the file says, and what becomes of the edits."""
        draft = self.draft()
        try:
            reading = edited = store.reading(raw, self.path, host=beside.host())
        except store.Unreadable as unreadable:
            return _Read(raw, draft, why=unreadable.why)
        try:
            rebased = drafts.rebase(draft, raw)
            if rebased.draft.raw != raw:
                edited = store.reading(rebased.draft.raw, self.path, host=beside.host())
        except (Refused, store.Unreadable) as refused:
            return _Read(raw, draft, reading, why=str(refused))
        songs = find_songs(plan_of(edited, self.path), self.path.parent).songs
        return _Read(raw, draft, reading, rebased, edited, songs)

    def write(self, draft: Draft) -> None:
        """Save a draft."""
        try:
            self._put(draft)
        except store.Changed:
            self.tell(_Behind(draft))
        except store.Unwritable as unwritable:
            self.tell(_Failed(f"{self.path.name} {unwritable.why}"))
        else:
            self._watch.saved(draft.raw)
            self.tell(_Wrote(draft))

    def _put(self, draft: Draft) -> None:
        try:
            store.save(self.path, draft.raw, draft.disk, self.pause)
        except store.Changed as changed:
            if changed.raw is not None:
                raise
            for _ in range(LATER):  # an editor that saves takes the file away for a moment
                self.pause(watch.EVERY)
                if watch.stamp(self.path) is not None:
                    raise
            store.save(self.path, draft.raw, None, self.pause)

    def find(self, plan: Plan) -> None:
        """Look what the songs of a plan play."""
        self.tell(_Found(find_songs(plan, self.path.parent).songs))


# -- the window's side


class Editing:
    """The draft of the timeline that a session plays. One thread uses it.

    folder: where unsaved edits are kept. wake: called from the worker's thread when `poll` has something to meet.
    """

    def __init__(
        self,
        stage: Stage,
        folder: Path,
        wake: Callable[[], None] = lambda: None,
        worker: Callable[[Callable[[float], None]], Worker] = ThreadWorker,
    ) -> None:
        self._stage = stage
        self._folder = folder
        self.wake = wake
        self._make_worker = worker
        self._worker: Worker | None = None
        self._results: deque[tuple[_File, _Result]] = deque()
        self._news: list[News] = []
        self._begin()

    def _begin(self) -> None:
        """Take up the timeline that the session plays now."""
        plan = self._stage.show.plan
        self._opened = plan.path
        self._draft = open_draft(b"")
        self._file: _File | None = None
        self._journal: Journal | None = None
        self._offer: tuple[Path, Draft] | None = None
        self._rebased: Rebased | None = None
        self._broken: tuple[str, tuple[Problem, ...]] | None = None
        self._saving = False
        self._borne = len(_errors(plan.problems))  # a show that was opened with mistakes goes on with as many
        self._exists: dict[str, bool] = {}
        if plan.path is None:
            return
        with contextlib.suppress(store.Unreadable):
            raw = store.raw_bytes(plan.path)
            self._draft = open_draft(raw)
            self._file = file = _File(plan.path, raw, lambda: self._draft, lambda result: self._tell(file, result))
            self._journal = Journal(self._folder, plan.path)
            self._offer = self._left(raw)
            self._worker = self._make_worker(file.look)
            self._worker.ask(lambda: file.compare(plan, raw))
            self._worker.ask(lambda: ready(raw))

    def _left(self, raw: bytes) -> tuple[Path, Draft] | None:
        """The edits that a program which died has left, without those that it saved before."""
        offer = self._journal.offered() if self._journal is not None else None
        if offer is None:
            return None
        file, draft = offer
        draft = drafts.found(draft, raw)
        if drafts.unsaved(draft):
            return file, draft
        forget(file)
        return None

    def _tell(self, file: _File, result: _Result) -> None:
        self._results.append((file, result))
        self.wake()

    # -- what is asked

    @property
    def path(self) -> Path | None:
        """The file."""
        return self._opened

    @property
    def raw(self) -> bytes:
        """Its text with all edits."""
        return self._draft.raw

    @property
    def draft(self) -> Draft:
        """The draft."""
        return self._draft

    @property
    def unsaved(self) -> int:
        """How many edits the file does not have."""
        return drafts.unsaved(self._draft)

    @property
    def offered(self) -> int:
        """How many unsaved edits a program that died has left; 0 for none."""
        return drafts.unsaved(self._offer[1]) if self._offer else 0

    @calm
    def edit(self, ops: Op | Sequence[Op], label: str, *, join: bool = False) -> str:
        """Edit, and show it; returns the thing's address afterwards. Raises Refused.

        `join`: an edit that goes on with the one before is taken back together with it.
        """
        self._may_edit()
        draft = drafts.do(self._draft, ops, label, join=join)
        if draft is self._draft:
            return apply(draft.raw, ops).path
        plan = self._planned(draft.raw)
        if wrong := _new(plan.problems, self._stage.show.plan.problems):
            raise Refused(wrong[0].message)
        joined = len(draft.done) == len(self._draft.done)
        self._take(draft, plan)
        change = draft.done[-1]
        self._keep(lambda journal: journal.begin(draft) if joined else journal.add(change, draft))
        return change.path

    @calm
    def check(self, ops: Op | Sequence[Op]) -> tuple[Problem, ...]:
        """What would be wrong after an edit that is not wrong now. Raises Refused."""
        raw = apply(self._draft.raw, ops).raw
        return _new(self._read(raw).problems, self._stage.show.plan.problems, "error", "warning")

    @calm
    def undo(self) -> str | None:
        """Take the last edit back; returns what it was called, None where there is none. Raises Refused."""
        self._may_edit()
        draft = drafts.undo(self._draft)
        if draft is None:
            return None
        label = self._draft.done[-1].label
        self._take(draft, self._planned(draft.raw))
        self._keep(lambda journal: journal.undone(draft))
        return label

    @calm
    def redo(self) -> str | None:
        """Do again what was taken back last; returns what it is called, None where nothing was. Raises Refused."""
        self._may_edit()
        draft = drafts.redo(self._draft)
        if draft is None:
            return None
        self._take(draft, self._planned(draft.raw))
        self._keep(lambda journal: journal.redone(draft))
        return draft.done[-1].label

    def save(self) -> None:
        """Write the file; what comes of it is news."""
        if self._rebased is not None:
            self._news.append(Conflicts(self._rebased.conflicts))
        elif self._broken is not None and not self._missing:
            line = self._broken[0]
            self._news.append(SaveFailed(f"{line}; nothing is written to a broken file, your edits are kept"))
        elif self._file is None or self._worker is None:
            self._news.append(SaveFailed("this show has no file"))
        elif not self._saving:
            self._saving = True
            draft = self._draft
            self._ask(lambda file: file.write(draft))

    def settle(self, choices: Sequence[Choice]) -> None:
        """Go on after a conflict: for each, in order, "mine" or "theirs". Raises Refused."""
        if self._rebased is None:
            return
        draft = drafts.settle(self._rebased, choices)
        self._adopt(draft, self._planned(draft.raw))

    def take(self) -> None:
        """Take over the edits that were offered. Raises Refused where they cannot be done any more."""
        self._may_edit()
        if self._offer is None:
            return
        file, offered = self._offer
        rebased = drafts.rebase(offered, self._draft.disk)
        self._offer = None
        if rebased.conflicts:
            self._draft = offered
            self._keep(lambda journal: journal.begin(offered))
            self._rebased = rebased
            self._news.append(Conflicts(rebased.conflicts))
        else:
            self._adopt(rebased.draft, self._planned(rebased.draft.raw))
        forget(file)

    def drop(self) -> None:
        """Forget the edits that were offered."""
        if self._offer is not None:
            forget(self._offer[0])
            self._offer = None

    def discard(self) -> None:
        """Forget all unsaved edits: the program is about to end."""
        if self._journal is not None:
            self._journal.drop()

    @calm
    def poll(self) -> tuple[News, ...]:
        """Meet what has happened to the file; the session has gone over to it when this returns."""
        if self._stage.show.plan.path != self._opened:
            self.close()
            self._begin()
        while self._results:
            file, result = self._results.popleft()
            if file is self._file:
                self._meet(result)
        news, self._news = tuple(self._news), []
        return news

    def close(self) -> None:
        """End the worker. Edits that are not saved are offered at the next start."""
        if self._worker is not None:
            self._worker.close()
            self._worker = None
        if self._journal is not None:
            self._journal.leave()

    # -- what has happened

    def _meet(self, result: _Result) -> None:
        match result:
            case _Read():
                self._changed(result)
            case _Wrote(draft):
                self._saving = False
                self._mend()
                self._draft = drafts.saved(self._draft, draft.raw, draft.done)
                self._keep(lambda journal: journal.begin(self._draft))
                if self._opened is not None:
                    self._news.append(Saved(self._opened))
            case _Behind(draft):
                if self._draft.disk != draft.disk or self._broken or self._rebased:
                    self._save_again()  # else what stands there will be read in a moment
            case _Failed(line):
                self._saving = False
                self._news.append(SaveFailed(line))
            case _Found(songs):
                plan = self._stage.show.plan
                self._stage.found(replace(plan, songs={**plan.songs, **songs}, _lengths={}))
            case _Missing():
                self._break(Problem("error", "gone", "the file is gone"))
            case _Back():
                self._mend()

    def _changed(self, read: _Read) -> None:
        if read.raw == self._draft.disk and not read.other:
            self._mend()
            return
        if read.reading is None:
            self._break(Problem("error", "unreadable", read.why))
            return
        errors = _errors(read.reading.problems)
        if len(errors) > self._borne:
            self._break(errors[0], read.reading.problems)
            return
        if read.base is not self._draft:  # edited while it was read
            self._ask(lambda file: file.tell(replace(file.read(read.raw), other=read.other)))
            return
        if read.rebased is None or read.edited is None:
            self._break(Problem("error", "refused", read.why))
            return
        self._broken = None
        self._borne = len(errors)
        self._exists = {}
        if read.rebased.conflicts:
            self._rebased = read.rebased
            self._saving = False
            self._news.append(Conflicts(read.rebased.conflicts))
        else:
            self._adopt(read.rebased.draft, self._in_set(replace(plan_of(read.edited, self._path), songs=read.songs)))

    def _adopt(self, draft: Draft, plan: Plan) -> None:
        """Go over to what another program has saved, with our edits in it."""
        self._rebased = None
        self._take(draft, plan)
        self._keep(lambda journal: journal.begin(draft))
        self._news.append(Reloaded(self._stage.show.plan))
        self._save_again()

    def _ask(self, job: Callable[[_File], None]) -> None:
        if self._file is not None and self._worker is not None:
            file = self._file
            self._worker.ask(lambda: job(file))

    def _save_again(self) -> None:
        """Go on with a save that found the file changed."""
        if self._saving:
            self._saving = False
            self.save()

    def _break(self, problem: Problem, problems: tuple[Problem, ...] = ()) -> None:
        """Play on, and tell what is wrong with the file."""
        plan = self._stage.show.plan
        span = problem.span
        line = f"{plan.name}:{span.line}:{span.column}: {problem.message}"
        self._broken = line, problems or (problem,)
        self._stage.found(replace(plan, problems=self._broken[1]))
        self._news.append(Broken(line))
        self._save_again()

    def _mend(self) -> None:
        """The file is again what our draft was made on."""
        self._rebased = None
        if self._broken is not None:
            self._broken = None
            self._take(self._draft, self._planned(self._draft.raw))
            self._news.append(Mended())
        self._save_again()

    @property
    def _path(self) -> Path:
        assert self._opened is not None
        return self._opened

    @property
    def _missing(self) -> bool:
        return self._broken is not None and self._broken[1][0].code == "gone"

    # -- from text to show

    def _may_edit(self) -> None:
        if self._rebased is not None:
            raise Refused("the file was changed by another program too: choose first which value counts")
        if self._file is None:
            raise Refused("this show has no file")

    def _take(self, draft: Draft, plan: Plan) -> None:
        self._draft = draft
        if self._broken is not None:
            plan = replace(plan, problems=self._broken[1])
        self._stage.reload(plan)

    def _planned(self, raw: bytes) -> Plan:
        """What a text means, with what is known of its songs; the worker looks for the others."""
        before = self._stage.show.plan
        plan = self._in_set(plan_of(self._read(raw), self._path))
        if not before.playable:
            return plan
        known = dict(before.songs)
        named = [*plan.timeline.songs, *(cue.song for step in plan.steps for cue in step.songs)]
        new = [
            ident
            for ident in dict.fromkeys(named)
            if ident not in known or not _same(before.timeline.songs.get(ident), plan.timeline.songs.get(ident))
        ]
        if new:
            asked = plan
            self._ask(lambda file: file.find(asked))
        for ident in new:
            known.setdefault(ident, _unknown(ident))
        return replace(plan, songs=known)

    def _in_set(self, plan: Plan) -> Plan:
        """The plan of the set that plays now, if one does."""
        set_id = self._stage.show.plan.set_id
        return plan if set_id is None else in_set(plan, set_id)

    def _read(self, raw: bytes) -> Reading:
        """What a text says; each file it names is looked for once between two changes of the timeline's own."""
        folder = self._path.parent

        def exists(name: str) -> bool:
            if name not in self._exists:
                self._exists[name] = store.is_there(folder, name)
            return self._exists[name]

        return store.reading(raw, self._path, exists=exists, host=beside.host())

    def _keep(self, write: Callable[[Journal], None]) -> None:
        if self._journal is None:
            return
        try:
            write(self._journal)
        except OSError as error:
            why = error.strerror or str(error)
            self._news.append(SaveFailed(f"edits cannot be kept against a crash ({why}); save soon"))
        if self._worker is not None:
            self._worker.ask(self._journal.sync)


def _errors(problems: Sequence[Problem]) -> list[Problem]:
    return [problem for problem in problems if problem.severity == "error"]


def _new(now: Sequence[Problem], before: Sequence[Problem], *severities: str) -> tuple[Problem, ...]:
    """The problems that were not there; those of before have moved, so they are known by their words."""
    old = [(problem.code, problem.message) for problem in before]
    found: list[Problem] = []
    for problem in now:
        name = problem.code, problem.message
        if problem.severity not in (severities or ("error",)):
            continue
        if name in old:
            old.remove(name)
        else:
            found.append(problem)
    return tuple(found)


def _same(one: Song | None, other: Song | None) -> bool:
    """Whether two songs play the same."""
    if one is None or other is None:
        return one is other

    def files(media: tuple[Media, ...]) -> list[tuple[object, ...]]:
        return [(each.file, each.gain, each.offset) for each in media]

    return (files(one.media), one.stand_in, one.length) == (files(other.media), other.stand_in, other.length)


def _unknown(ident: str) -> Resolved:
    from player.media.resolve import resolve  # noqa: PLC0415  the decoders take longer to load than a window

    why = "being looked for"
    return replace(resolve(None, Path()), song_id=ident, why=why, trouble=None)
