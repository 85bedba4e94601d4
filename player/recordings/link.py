"""`needledrop link`: what each song plays, and the person's choice where that is not settled."""

from __future__ import annotations

import argparse
import contextlib
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final

from msgspec import Struct

from player import terminal
from player.errors import NeedledropError
from player.linking import Chosen, op_of, settled
from player.media import catalogue
from player.media.catalogue import Recording
from player.media.links import Links, open_links
from player.media.resolve import Resolved, resolve, unplayable
from player.media.shelf import Shelf
from player.recordings.catalogue import line_of
from player.terminal import Refused, complain, say
from timeline import edit, store
from timeline.model import Song, Timeline

MOST: Final = 20  # recordings offered at once
_HELP: Final = "a number, a path, words to search for, n: no recording, Enter: leave it, q: stop"


def run(options: argparse.Namespace) -> int:
    """Show what every song plays, or settle one, or each that is not settled; returns the exit code."""
    try:
        reading = store.load(options.file)
        with contextlib.closing(open_links()) as links:
            desk = Desk(options.file, reading.timeline, links, in_file=options.in_file)
            with contextlib.closing(desk):
                return _run(desk, options)
    except store.Unreadable as error:
        raise Refused(str(error)) from error
    except NeedledropError as error:
        raise Refused(str(error), 1) from error


def _run(desk: Desk, options: argparse.Namespace) -> int:
    if options.song is not None:
        return _settle_one(desk, options)
    if options.none or options.forget:
        raise Refused(f"--{'none' if options.none else 'forget'} needs the id of a song")
    found = desk.all()
    if options.json:
        terminal.say_json([as_data(desk.timeline.songs[key], each) for key, each in found.items()])
        return 0
    open_ones = [key for key, each in found.items() if options.all or each.kind != "media"]
    for key, each in found.items():
        if key not in open_ones or not _asks():
            say(_shown(desk.timeline.songs[key], each))
    if _asks() and open_ones:
        return Talk(desk, say, sys.stdin.readline).settle(open_ones)
    return 0


def _asks() -> bool:
    return sys.stdin is not None and sys.stdin.isatty()


def _shown(song: Song, found: Resolved) -> str:
    return f"{song.id}: {_name(song)}: {found.why}"


def _name(song: Song) -> str:
    return f"{song.artist} – {song.title}" if song.artist else song.title


def as_data(song: Song, found: Resolved) -> dict[str, Any]:
    """What a song plays, for programs."""
    return {
        "song": song.id,
        "title": song.title,
        "artist": song.artist,
        "plays": found.kind,
        "own": found.own,
        "file": found.spec.path or None,
        "why": found.why,
        "candidates": [each.recording.path for each in found.candidates],
    }


def _settle_one(desk: Desk, options: argparse.Namespace) -> int:
    song = desk.timeline.songs.get(options.song)
    if song is None:
        raise Refused(f'{options.file}: no song has the id "{options.song}"')
    if options.forget:
        say(f"{song.id}: the choice is forgotten" if desk.forget(song) else f"{song.id}: nothing had been chosen")
    elif options.none:
        desk.choose_none(song)
    elif options.path is not None:
        for line in desk.choose(song, os.path.abspath(options.path.expanduser())):
            say(line)
    say(_shown(song, desk.plays(song)))
    return 0


class Desk:
    """One timeline, what its songs play, and where choices go: the person's own things, or the file."""

    def __init__(self, path: Path, timeline: Timeline, links: Links, *, in_file: bool) -> None:
        self.path = path
        self.timeline = timeline
        self.links = links
        self.in_file = in_file
        self.shelf = Shelf(self._home, catalogue.look_in(), links)

    @property
    def _home(self) -> Path:
        return self.path.resolve()

    def close(self) -> None:
        """Let go of the library."""
        self.shelf.close()

    def plays(self, song: Song) -> Resolved:
        """What a song plays as things are now."""
        return resolve(song, self._home.parent, self.shelf)

    def all(self) -> dict[str, Resolved]:
        """What each song plays."""
        return {key: self.plays(song) for key, song in self.timeline.songs.items()}

    def search(self, words: str) -> tuple[Recording, ...]:
        """Recordings of the library that hold these words."""
        own = catalogue.look_in()
        if own is None:
            return ()
        with contextlib.closing(own):
            return tuple(each for each in own.search(words) if not each.trouble)

    def choose_none(self, song: Song) -> None:
        """Let a song play no recording of the library."""
        if self.in_file:
            raise Refused("that a song plays no recording is no thing of the file: leave out --in-file")
        self.links.choose(str(self._home), song, None)

    def forget(self, song: Song) -> bool:
        """Let a song be found by itself again."""
        return self.links.forget(str(self._home), song)

    def choose(self, song: Song, path: str) -> list[str]:
        """Let a song play this file, absolute; where it was moved, its siblings follow. Returns lines about those.

        Raises Refused for a file that does not play, and for a choice that could not be heard.
        """
        try:
            choices = settled(self.timeline, self._home.parent, song, path, self.plays, in_file=self.in_file)
        except edit.Refused as refused:
            hint = "" if self.in_file or unplayable(path) else " (--in-file)"
            raise Refused(f"{refused}{hint}", 1) from refused
        if self.in_file:
            self._write(choices)
        else:
            for each in choices:
                self.links.choose(str(self._home), each.song, each.file, each.instead)
        return [f"{each.song.id}: follows, {each.file}" for each in choices[1:]]

    def _write(self, choices: Sequence[Chosen]) -> None:
        """Put choices into the file."""
        try:
            raw = after = store.raw_bytes(self.path)
            for each in choices:
                after = edit.apply(after, op_of(after, each, self._home.parent)).raw
            store.save(self.path, after, raw)
        except edit.Refused as refused:
            raise Refused(f"{self.path}: {refused}", 1) from refused
        except (store.Unreadable, store.Unwritable, store.Changed) as error:
            raise Refused(str(error), 1) from error
        self.timeline = store.load(self.path).timeline


class Talk(Struct, frozen=True):
    """Songs settled one by one, in questions and answers."""

    desk: Desk
    tell: Callable[..., None]
    answer: Callable[[], str]

    def settle(self, ids: Sequence[str]) -> int:
        """Ask for each of these songs; returns the exit code."""
        self.tell(_HELP)
        for number, key in enumerate(ids, 1):
            song = self.desk.timeline.songs[key]
            found = self.desk.plays(song)
            if found.own and found.kind == "media" and len(ids) > 1 and number > 1 and "as you chose" in found.why:
                continue  # it followed one before it
            self.tell("", f"{number} of {len(ids)}: {_name(song)} [{key}]", f"  {found.why}")
            if not self._ask(song, [each.recording for each in found.candidates]):
                break
        return 0

    def _ask(self, song: Song, offered: Sequence[Recording]) -> bool:
        """One song; False where the person stops."""
        while True:
            for number, recording in enumerate(offered[:MOST], 1):
                self.tell(f"  {number:2}  {line_of(recording)}")
            if len(offered) > MOST:
                self.tell(f"      and {len(offered) - MOST} more: say more words")
            terminal.draw("> ")
            line = self.answer()
            words = line.strip()
            if not line or words == "q":
                return False
            if not words:
                return True
            try:
                if words == "n":
                    self.desk.choose_none(song)
                    return True
                path = self._path(words, offered)
                if path is not None:
                    for told in self.desk.choose(song, path):
                        self.tell(f"  {told}")
                    self.tell(f"  {self.desk.plays(song).why}")
                    return True
            except Refused as refused:
                complain(str(refused))
                continue
            offered = self.desk.search(words)
            if not offered:
                self.tell("  nothing found")

    @staticmethod
    def _path(words: str, offered: Sequence[Recording]) -> str | None:
        """The file that an answer names; None for words to search for."""
        if words.isdigit() and 1 <= int(words) <= min(MOST, len(offered)):
            return offered[int(words) - 1].path
        path = os.path.abspath(os.path.expanduser(words))
        return path if os.path.isfile(path) or os.sep in words else None
