"""A person's own recordings beside a show: folders looked through, songs settled, loudness measured.

Everything here is asked on the thread of the window, and met by `poll`. Files are opened on another thread, folders
looked through and recordings measured in other processes; nothing that sounds is touched.
"""

from __future__ import annotations

import contextlib
import os
import threading
from collections import deque
from collections.abc import Callable, Collection, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final, Protocol

from msgspec import Struct
from msgspec.structs import replace

from player.engine.source import SourceSpec
from player.errors import NeedledropError
from player.linking import Chosen, settled
from player.opening import find_songs
from player.plan import Plan
from player.show import Show
from timeline.edit import Refused
from timeline.model import Song

if TYPE_CHECKING:
    from player.media.catalogue import Library, Recording
    from player.media.resolve import Resolved  # whose decoders a window does not wait for
    from player.media.scan import Scan
    from player.media.survey import Survey

FOUND: Final = 50  # recordings that words find, at most


# -- news


class Told(Struct, frozen=True):
    """Something to say, in one line."""

    line: str


class Listed(Struct, frozen=True):
    """The songs of the show are resolved anew."""


class InFile(Struct, frozen=True):
    """Choices that are to be written into the timeline, and what that is called."""

    choices: tuple[Chosen, ...]
    label: str


News = Told | Listed | InFile


# -- what it stands between


class Stage(Protocol):
    """What is needed of a session."""

    @property
    def show(self) -> Show: ...

    def found(self, plan: Plan) -> None: ...


class _Found(Struct, frozen=True):
    """What the songs of a plan play."""

    asked: Plan
    songs: Mapping[str, Resolved]


class _Settled(Struct, frozen=True):
    """A choice is kept; `line` is to be said of it, or, where that is empty, what the song plays now."""

    ident: str
    line: str = ""


_Result = _Found | _Settled | Told | InFile


def in_thread(job: Callable[[], None]) -> None:
    """Do a job on a thread that nobody waits for."""
    threading.Thread(target=job, name="recordings", daemon=True).start()


def new_scan(folders: Sequence[str]) -> Scan:
    """Folders looked through in a process of its own."""
    from player.media.scan import Scan  # noqa: PLC0415  (a show that needs none does not wait for it)

    return Scan(folders)


def new_survey(specs: Collection[SourceSpec]) -> Survey:
    """Recordings measured in processes of their own."""
    from player.media.survey import Survey  # noqa: PLC0415

    return Survey(specs)


class Own:
    """The person's own recordings, for the show of a session. One thread uses it."""

    def __init__(
        self,
        stage: Stage,
        wake: Callable[[], None] = lambda: None,
        *,
        start: Callable[[Callable[[], None]], None] = in_thread,
        scan: Callable[[Sequence[str]], Scan] = new_scan,
        survey: Callable[[Collection[SourceSpec]], Survey] = new_survey,
    ) -> None:
        """wake: called from another thread when `poll` has something to meet."""
        self._stage = stage
        self._wake = wake
        self._start = start
        self._new_scan = scan
        self._new_survey = survey
        self._scan: Scan | None = None
        self._counted = (0, 0)
        self._survey: Survey | None = None
        self._measured: Plan | None = None  # the plan of which all that could be measured was asked for
        self._hopeless: set[str] = set()  # files that cannot be measured
        self._results: deque[_Result] = deque()
        self._listed_at = 0  # how many are to be measured before the songs are looked for again
        self._looking = False
        self._look_again = False
        self._to_say: list[_Settled] = []  # once it is known what the songs play
        self._library: Library | None = None

    # -- what is asked

    @property
    def busy(self) -> str:
        """What goes on just now, in a few words; empty where nothing does."""
        if self._scan is not None:
            done, of = self._counted
            return f"adding music: {done:,} of {of:,}" if of else f"adding music: {done:,} found"
        if self._survey is not None:
            return f"measuring: {self._survey.done} of {self._survey.of}"
        return ""

    @property
    def adding(self) -> bool:
        """Whether folders are being looked through."""
        return self._scan is not None

    def folders(self) -> tuple[str, ...]:
        """The folders that were ever added."""
        library = self._read()
        try:
            return tuple(root.path for root in library.status().roots) if library else ()
        except NeedledropError as error:
            self._results.append(Told(str(error)))
            return ()

    def add(self, folders: Sequence[str] = ()) -> str | None:
        """Look through folders, absolute, or all that were ever added; one line that says why not, or None."""
        if self._scan is not None:
            return "music is being added already"
        wrong = next((folder for folder in folders if not os.path.isdir(folder)), None)
        if wrong is not None:
            return f"{wrong}: there is no such folder"
        self._close_library()
        self._counted = 0, 0
        self._scan = self._new_scan([os.path.abspath(folder) for folder in folders])
        return None

    def stop(self) -> bool:
        """Stop looking through folders; what was read stays, and the next time goes on from there."""
        if self._scan is None:
            return False
        self._end_scan()
        self.look_again()
        return True

    def look_again(self) -> None:
        """Find anew what the songs play."""
        if self._looking:
            self._look_again = True
            return
        self._looking = True
        plan = self._stage.show.plan
        self._start(lambda: self._tell(_Found(plan, find_songs(plan, _base(plan)).songs)))

    def choose(self, ident: str, file: str, *, in_file: bool = False) -> None:
        """Let a song play this file, absolute, and what moved along with it; what comes of it is news."""
        plan = self._stage.show.plan
        song = plan.timeline.songs.get(ident)
        if song is not None:
            self._start(lambda: self._tell(_choose(plan, song, file, in_file)))

    def none(self, ident: str) -> None:
        """Let a song play no recording of the library."""
        self._keep(ident, lambda links, home, song: links.choose(home, song, None))

    def ask_library(self, ident: str) -> None:
        """Forget what was chosen for a song: it is found by itself again."""
        self._keep(ident, lambda links, home, song: links.forget(home, song))

    def search(self, words: str) -> tuple[Recording, ...]:
        """Recordings of the library that hold these words."""
        library = self._read()
        try:
            found = library.search(words, FOUND) if library else ()
        except NeedledropError as error:
            self._results.append(Told(str(error)))
            return ()
        return tuple(each for each in found if not each.trouble)

    def _read(self) -> Library | None:
        from player.media.catalogue import look_in  # noqa: PLC0415

        if self._library is None:
            try:
                self._library = look_in()
            except NeedledropError as error:
                self._results.append(Told(str(error)))
        return self._library

    # -- what comes of it

    def poll(self) -> tuple[Told | Listed | InFile, ...]:
        """Meet what has happened; the session has gone over to it when this returns."""
        news: list[News] = []
        self._poll_scan()
        self._poll_survey()
        while self._results:
            match self._results.popleft():
                case _Found() as found:
                    self._looking = False
                    self._meet(found)
                    news.append(Listed())
                    if self._look_again:
                        self._look_again = False
                        self.look_again()
                    else:
                        news += [Told(line) for line in map(self._said, self._to_say) if line]
                        self._to_say.clear()
                case _Settled() as settled_now:
                    self._to_say.append(settled_now)
                    self.look_again()
                case other:
                    news.append(other)
        self._measure()
        return tuple(news)

    def close(self) -> None:
        """End all that goes on; what was read and measured stays known."""
        self._end_scan()
        if self._survey is not None:
            self._survey.close()
            self._survey = None
        self._close_library()

    # -- folders

    def _poll_scan(self) -> None:
        if self._scan is None:
            return
        from player.media.scan import Counted  # noqa: PLC0415

        for each in self._scan.poll():
            if isinstance(each, Counted):
                self._counted = each.done, each.of
                continue
            self._end_scan()
            if each.done is None:
                self._results.append(Told(each.trouble))
                continue
            done = each.done
            gone = f", {done.removed:,} gone" if done.removed else ""
            lines = [f"{done.there:,} recordings in your library, {done.read:,} new or changed{gone}"]
            self._to_say += [_Settled("", line) for line in (*done.unreadable[:1], *lines)]
            self.look_again()

    def _end_scan(self) -> None:
        if self._scan is not None:
            self._scan.close()
            self._scan = None

    def _close_library(self) -> None:
        if self._library is not None:
            self._library.close()
            self._library = None

    # -- loudness

    def _measure(self) -> None:
        """Have measured what is to have a loudness, and was never measured."""
        plan = self._stage.show.plan
        if self._survey is not None or plan is self._measured or not plan.playable:
            return
        self._measured = plan
        specs = [spec for spec in plan.unmeasured() if spec.path not in self._hopeless]
        if specs:
            self._survey, self._listed_at = self._new_survey(specs), 0

    def _poll_survey(self) -> None:
        if self._survey is None:
            return
        news = self._survey.poll()
        for each in news:
            if each.trouble:
                self._hopeless.add(each.spec.path)
                self._results.append(Told(f"{os.path.basename(each.spec.path)} {each.trouble}; its level stays"))
        if self._survey.over:
            self._survey.close()
            self._survey = None
            self._measured = None  # what has come since is looked at
            self.look_again()
        elif news and self._survey.done >= self._listed_at:
            self._listed_at = self._survey.done * 5 // 4 + 1  # many are not looked for after each
            self.look_again()

    # -- songs

    def _keep(self, ident: str, change: Callable[..., object]) -> None:
        plan = self._stage.show.plan
        song = plan.timeline.songs.get(ident)
        if song is not None:
            self._start(lambda: self._tell(_changed(plan, song, change)))

    def _meet(self, found: _Found) -> None:
        """Let the show know what its songs play, but for those that were edited meanwhile."""
        plan = self._stage.show.plan
        if plan.path != found.asked.path or not plan.playable:
            return
        now, then = plan.timeline.songs, found.asked.timeline.songs
        fresh = {key: each for key, each in found.songs.items() if key in plan.songs and now.get(key) == then.get(key)}
        if any(plan.songs[key] != each for key, each in fresh.items()):
            self._stage.found(replace(plan, songs={**plan.songs, **fresh}, _lengths={}))

    def _said(self, kept: _Settled) -> str:
        plan = self._stage.show.plan
        song, found = plan.timeline.songs.get(kept.ident), plan.songs.get(kept.ident)
        return kept.line or (f"{song.title}: {found.why}" if song and found else "")

    def _tell(self, result: _Result) -> None:
        self._results.append(result)
        self._wake()


# -- on another thread


def _base(plan: Plan) -> Path:
    return plan.path.parent if plan.path is not None else Path()


def _choose(plan: Plan, song: Song, file: str, in_file: bool) -> _Result:
    """Keep a choice, or say what is to be written into the file."""
    from player.media.resolve import resolve  # noqa: PLC0415
    from player.media.shelf import shelf  # noqa: PLC0415

    base = _base(plan)
    try:
        with contextlib.closing(shelf(plan.path)) as own:
            choices = settled(
                plan.timeline, base, song, file, lambda each: resolve(each, base, own), in_file=in_file
            )
    except Refused as refused:
        return Told(str(refused))
    names = [each.song.title for each in choices[1:]]
    more = f"; {_listed(names)} moved along" if names else ""
    line = f"{song.title}: {os.path.basename(file)}{more}"
    if in_file:
        return InFile(choices, line)
    return _kept(plan, choices, line)


def _kept(plan: Plan, choices: Sequence[Chosen], line: str) -> _Result:
    from player.media.links import open_links  # noqa: PLC0415

    try:
        with contextlib.closing(open_links()) as links:
            for each in choices:
                links.choose(str(plan.path or ""), each.song, each.file, each.instead)
    except NeedledropError as error:
        return Told(str(error))
    return _Settled(choices[0].song.id, line)


def _changed(plan: Plan, song: Song, change: Callable[..., object]) -> _Result:
    from player.media.links import open_links  # noqa: PLC0415

    try:
        with contextlib.closing(open_links()) as links:
            change(links, str(plan.path or ""), song)
    except NeedledropError as error:
        return Told(str(error))
    return _Settled(song.id)


def _listed(names: Sequence[str]) -> str:
    return ", ".join(names) if len(names) < 4 else f"{', '.join(names[:2])} and {len(names) - 2} more"
