"""What a person does with their own recordings at the window: folders added, songs settled, levels matched."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final, Protocol

from msgspec import Struct

from player.commands import Bindings
from player.edits import Edit
from player.linking import op_of
from player.own import InFile, Listed, News, Own, Told
from player.plan import Plan
from player.ui import links
from player.ui.links import Links
from player.ui.overlays import Item, Overlay, Picker
from player.ui.writer import Stage, Writer
from timeline.edit import Set

if TYPE_CHECKING:
    from player.media.catalogue import Recording  # whose tables a window does not wait for

TARGET: Final = -16.0  # LUFS, where the file names none


class Desk(Protocol):
    """What is needed of the desk."""

    stage: Stage
    keys: Bindings
    overlay: Overlay | None
    writer: Writer | None

    def tell(self, text: str, now: float) -> None: ...

    def locked(self, now: float) -> None: ...

    def pick(self, mode: str, text: str = "", about: str = "") -> None: ...


class Linker(Struct):
    """The part of the desk that deals with the person's own recordings."""

    desk: Desk
    own: Own

    @property
    def plan(self) -> Plan:
        return self.desk.stage.show.plan

    # ---- commands

    def intent(self, name: str, now: float) -> None:
        """A command of the person's own recordings."""
        match name:
            case "links" if isinstance(self.desk.overlay, Links):
                self.desk.overlay = None
            case "links" if not links.songs(self.plan):
                self.desk.tell("The timeline has no songs yet", now)
            case "links":
                self.desk.overlay = links.opened(self.desk.stage.show)
            case "library-add":
                self.desk.pick("folder")
            case "library-again":
                self.add((), now)
            case "library-stop":
                stopped = self.own.stop()
                self.desk.tell("Stopped; what was read stays" if stopped else "No music is being added", now)
            case "levels":
                self._levels(now)

    def add(self, folders: tuple[str, ...], now: float) -> None:
        """Look through folders of music, or again through all that there are."""
        if self.desk.stage.show.locked:
            self.desk.locked(now)
            return
        self.desk.tell(self.own.add(folders) or "Music is being added; the show goes on", now)

    def drop(self, path: Path, now: float) -> bool:
        """Take a folder, or, while the list is open, a recording; whether it was one of these."""
        if path.is_dir():
            self.add((str(path),), now)
            return True
        if isinstance(self.desk.overlay, Links) and path.suffix.lower() not in (".yaml", ".yml"):
            self._choose(self.desk.overlay.song, str(path.absolute()), now)
            return True
        return False

    def _levels(self, now: float) -> None:
        """One loudness for all cues: the file's, else the usual one, written into it."""
        plan, writer = self.plan, self.desk.writer
        named = [song.loudness for song in plan.timeline.songs.values() if song.loudness is not None]
        if plan.timeline.defaults.loudness is None and not named:
            if writer is None:
                self.desk.tell("This show has no file to write to", now)
                return
            text = f"{TARGET:g} LUFS"
            told = f"All cues go to {text} as they are measured".replace("-", "\u2212")
            writer.do(Edit((Set("defaults/loudness", text),), f"loudness {text}"), now, told=told)
            return
        from player.recordings.level import summary, table  # noqa: PLC0415

        self.desk.tell(self.own.busy.capitalize() or summary(table(plan)), now)

    # ---- the list

    def stroke(self, over: Links, stroke: str, now: float) -> bool:
        """A stroke while the list is open; whether it meant anything here."""
        moves = {"Up": -1, "Down": 1, "PgUp": -8, "PgDn": 8, "Home": -1_000_000, "End": 1_000_000}
        if stroke in moves:
            self.desk.overlay = links.moved(self.plan, over, moves[stroke])
        elif stroke == "Esc":
            self.desk.overlay = None
        elif stroke in tuple("123456789"):
            self.offered(over.song, int(stroke) - 1, now)
        else:
            answers = {
                "Enter": "link-search", "Delete": "link-none", "Backspace": "link-again", "Ctrl+Enter": "link-write",
            }  # fmt: skip
            if stroke not in answers:
                return False
            self.answer(over.song, answers[stroke], now)
        return True

    def answer(self, song: str, what: str, now: float) -> None:
        """Settle a song: choose for it, none, as it is found, or what it plays into the file."""
        if self.desk.stage.show.locked:
            self.desk.locked(now)
            return
        match what:
            case "link-search":
                self.desk.pick("link", "", song)
            case "link-none":
                self.own.none(song)
            case "link-again":
                self.own.ask_library(song)
            case "link-write":
                found = self.plan.songs.get(song)
                if found is None or found.kind != "media" or not found.own:
                    self.desk.tell("It plays nothing of yours that the file could name", now)
                else:
                    self.own.choose(song, found.spec.path, in_file=True)

    def offered(self, song: str, number: int, now: float) -> None:
        """Let a song play a recording that is offered for it."""
        found = self.plan.songs.get(song)
        if found is not None and number < len(found.candidates):
            self._choose(song, found.candidates[number].recording.path, now)

    def _choose(self, song: str, path: str, now: float, *, in_file: bool = False) -> None:
        if self.desk.stage.show.locked:
            self.desk.locked(now)
        else:
            self.own.choose(song, path, in_file=in_file)

    def press(self, over: Links, what: str, value: int | str, count: int, now: float) -> bool:
        """A press of the mouse on a part of the list; whether it was one."""
        match what:
            case "link-song":
                self.desk.overlay = Links(str(value))
                if count == 2:
                    self.answer(str(value), "link-search", now)
            case "link-take":
                self.offered(over.song, int(value), now)
            case "link-search" | "link-none" | "link-again" | "link-write":
                self.answer(over.song, what, now)
            case _:
                return False
        return True

    # ---- pickers

    def music(self, song: str, typed: str) -> tuple[Recording, ...]:
        """What words find for a song; without any, what comes into question."""
        if typed.strip():
            return self.own.search(typed)
        found = self.plan.songs.get(song)
        return tuple(each.recording for each in found.candidates) if found else ()

    def take(self, picker: Picker, item: Item, now: float, *, in_file: bool = False) -> None:
        """What was taken from a list of folders or recordings."""
        if picker.mode == "link":
            self.desk.overlay = Links(picker.about)
        match item.what:
            case "scan":
                self.add((str(item.value),) if item.value else (), now)
            case "music":
                self._choose(picker.about, str(item.value), now, in_file=in_file)
            case "answer":
                self.answer(picker.about, str(item.value), now)

    # ---- news

    def hear(self, news: News, now: float) -> None:
        """Something came of what was asked."""
        match news:
            case Told(line):
                self.desk.tell(line[:1].upper() + line[1:] if "." not in line.partition(" ")[0] else line, now)
            case Listed():
                if self.desk.writer is not None:
                    self.desk.writer.refresh()
            case InFile(choices, label):
                writer = self.desk.writer
                if writer is None or self.plan.path is None:
                    self.desk.tell("This show has no file to write to", now)
                    return
                base = self.plan.path.parent
                ops = tuple(op_of(writer.editing.raw, each, base) for each in choices)
                writer.do(Edit(ops, label), now, told=label)
