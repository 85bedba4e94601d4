"""The show as it was played: what sounded when, how long, and which key asked for it.

Rows are made from the actions and events of a session, in its thread; they reach the disk on a thread of their own,
one JSON object a line, so that a show that is cut off leaves all that was played until then.
"""

from __future__ import annotations

import contextlib
import csv
import io
import json
import queue
import re
import threading
from collections.abc import Callable, Iterable
from datetime import datetime
from pathlib import Path
from typing import Final

from msgspec import Struct, field
from msgspec.structs import asdict, replace

from player import actions as act
from player.engine import RATE
from player.engine.status import Broke, DeviceNews, Ended, Fired, Held, Started
from player.plan import Plan
from player.projection import Reel, film_frame
from player.show import Show, Sounding, What

ENDING: Final = ".jsonl"


class Row(Struct, frozen=True):
    """One thing that happened. Texts are empty and `seconds` is None where they say nothing."""

    time: str  # local, with its distance from UTC
    clock: float  # seconds since the engine's start, pauses included
    what: str  # go, scene, plays, played, pause …
    number: str = ""
    scene: str = ""
    cue: str = ""
    song: str = ""
    title: str = ""
    artist: str = ""
    source: str = ""  # recording or stand-in
    seconds: float | None = None  # how long it was heard
    by: str = ""  # the key, or the word in text mode; empty: it came by itself
    detail: str = ""


class _Heard(Struct):
    """A voice that sounds: since when, and for how long it has stood still."""

    sounding: Sounding
    since: int
    still: int = 0
    held: int | None = None


def _film(reel: Reel, paused: bool, now: int) -> str:
    return f"{'runs' if reel.runs else 'stands'} at {film_frame(reel, paused, now) / RATE:.3f} s"


class ShowLog(Struct):
    """Takes in each step of a session and writes rows. One thread."""

    write: Callable[[Row], None]
    wall: Callable[[], datetime]
    _voices: dict[int, _Heard] = field(default_factory=dict)
    _paused: int | None = None

    def __call__(self, what: What, before: Show, after: Show, now: int, by: str = "") -> None:
        """Note what `what` did: it led from `before` to `after` at the frame `now` of the engine's clock."""
        row = Row(self.wall().isoformat(timespec="milliseconds"), round(now / RATE, 6), "", by=by)
        match what:
            case act.Go():
                taken = after.last_go == now and after.ignored_go != now
                self._put(_of_step(replace(row, what="go" if taken else "go ignored"), before.plan, before.standby))
            case act.Hotkey(key):
                self._put(replace(row, what="hotkey", detail=key))
            case act.Pause():
                if after.paused != before.paused:
                    self._pause(after.paused, now)
                    self._put(replace(row, what="pause" if after.paused else "resume"))
            case act.SeekTo(voice, at):
                if heard := self._voices.get(voice):
                    sought = replace(row, what="seek", detail=f"to {at / RATE:.3f} s")
                    self._put(_of_cue(sought, after.plan, heard.sounding))
            case act.FadeOut():
                self._put(replace(row, what="fade out"))
            case act.Panic():
                self._put(replace(row, what="fade everything out" if after.panic_at == now else "stop everything"))
            case act.StopNow():
                self._put(replace(row, what="stop everything"))
            case act.Level() | act.LevelBy():
                self._put(replace(row, what="level", detail=f"{after.level_db:+g} dB"))
            case act.RollFilm() | act.NudgeFilm() | act.SetFilm() | act.TapFilm():
                if after.reel is not None and after.reel != before.reel:
                    self._put(replace(row, what="film clock", detail=_film(after.reel, after.paused, now)))
            case act.Mute():
                self._put(replace(row, what="mute" if after.muted else "unmute"))
            case Fired(step=step):
                self._put(_of_step(replace(row, what="scene"), after.plan, step))
            case Started(voice=voice):
                self._started(row, after, voice, now)
            case Held(voice=voice, on=on):
                self._hold(voice, on, now)
            case Ended(voice=voice, natural=natural):
                self._ended(row, after, voice, now, "to its end" if natural else "made to leave")
            case Broke(why=why) | DeviceNews(text=why):
                self._put(replace(row, what="trouble" if isinstance(what, Broke) else "device", detail=why))
        if before.paused and not after.paused:  # GO, and a panic, go on with what was paused
            self._pause(False, now)

    def close(self, show: Show, now: int) -> None:
        """The show is over: what still sounds was heard until now."""
        row = Row(self.wall().isoformat(timespec="milliseconds"), round(now / RATE, 6), "")
        for voice in list(self._voices):
            self._ended(row, show, voice, now, "end of the show")

    def _put(self, row: Row) -> None:
        self.write(row)

    def _started(self, row: Row, show: Show, voice: int, now: int) -> None:
        sounding = next((s for s in show.sounding if s.voice == voice), None)
        if sounding is not None and not sounding.count:
            self._voices[voice] = _Heard(sounding, now)
            what = "preview" if sounding.preview else "plays"
            self._put(_of_cue(replace(row, what=what), show.plan, sounding))

    def _ended(self, row: Row, show: Show, voice: int, now: int, how: str) -> None:
        heard = self._voices.pop(voice, None)
        if heard is None:
            return
        still = heard.still + (now - heard.held if heard.held is not None else 0)
        if self._paused is not None:
            still += now - max(self._paused, heard.since)
        seconds = round((now - heard.since - still) / RATE, 3)
        what = "previewed" if heard.sounding.preview else "played"
        self._put(_of_cue(replace(row, what=what, seconds=seconds, detail=how), show.plan, heard.sounding))

    def _hold(self, voice: int, on: bool, now: int) -> None:
        heard = self._voices.get(voice)
        if heard is None or on == (heard.held is not None):
            return
        if heard.held is not None:
            heard.still += now - heard.held
        heard.held = now if on else None

    def _pause(self, on: bool, now: int) -> None:
        if on == (self._paused is not None):
            return
        if self._paused is not None:
            for heard in self._voices.values():
                heard.still += now - max(self._paused, heard.since)
        self._paused = now if on else None


def _of_step(row: Row, plan: Plan, step: int) -> Row:
    if step >= len(plan.steps):
        return row
    return replace(row, number=plan.number(step), scene=plan.title(step))


def _of_cue(row: Row, plan: Plan, sounding: Sounding) -> Row:
    cue = sounding.cue
    song = plan.song(cue)
    found = plan.songs.get(cue.song)
    scene = next((scene.title for scene in plan.timeline.scenes if scene.id == cue.scene), "")
    return replace(
        row,
        number=cue.number or "",
        scene=scene,
        cue=cue.key,
        song=cue.song,
        title=song.title if song else cue.song,
        artist=(song.artist or "") if song else "",
        source=found.label if found else "",
    )


# -- on the disk


class Book:
    """Rows as lines of a file that is made with the first of them. `put` never waits for the disk."""

    def __init__(self, folder: Path, name: str, begun: datetime) -> None:
        self.path = folder / f"{begun:%Y-%m-%d %H.%M.%S} {_safe(name)}{ENDING}"
        self._rows: queue.SimpleQueue[Row | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._write, name="show log", daemon=True)
        self._thread.start()

    def put(self, row: Row) -> None:
        """Have a row written."""
        self._rows.put(row)

    def close(self, patience: float = 1.0) -> None:
        """Let what was put reach the disk, as far as it does so within `patience` seconds."""
        self._rows.put(None)
        self._thread.join(patience)

    def _write(self) -> None:
        row = self._rows.get()
        if row is None:
            return
        with contextlib.suppress(OSError):  # a show is never held up by its log
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with self.path.open("a", encoding="utf-8") as file:
                while row is not None:
                    file.write(json.dumps(_said(row), ensure_ascii=False) + "\n")
                    file.flush()
                    row = self._rows.get()


def _safe(name: str) -> str:
    return re.sub(r"[^\w. -]", "_", name)[:80]


def _said(row: Row) -> dict[str, object]:
    return {key: value for key, value in asdict(row).items() if value not in ("", None)}


def read(path: Path) -> tuple[Row, ...]:
    """The rows of a file; a line that was cut off is left out. Raises OSError."""
    known = set(Row.__struct_fields__)
    rows = []
    for line in path.read_text("utf-8", errors="replace").splitlines():
        with contextlib.suppress(ValueError, TypeError):
            rows.append(Row(**{key: value for key, value in json.loads(line).items() if key in known}))
    return tuple(rows)


def shows(folder: Path) -> tuple[Path, ...]:
    """The files of all shows, the newest first."""
    return tuple(sorted(folder.glob(f"*{ENDING}"), reverse=True)) if folder.is_dir() else ()


# -- for people and programs


def as_csv(rows: Iterable[Row]) -> str:
    """Comma-separated, with a head. What a table program would take for a formula is kept as text."""
    out = io.StringIO()
    names = Row.__struct_fields__
    table = csv.writer(out, lineterminator="\r\n")
    table.writerow(names)
    for row in rows:
        table.writerow([_plain(getattr(row, name)) for name in names])
    return out.getvalue()


def _plain(value: object) -> object:
    return f"'{value}" if isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t", "\r") else value


def as_data(rows: Iterable[Row]) -> list[dict[str, object]]:
    """For JSON."""
    return [_said(row) for row in rows]


def as_text(rows: Iterable[Row]) -> list[str]:
    """One plain line a row."""
    return [_line(row) for row in rows]


def _line(row: Row) -> str:
    about = " ".join(part for part in (row.number, f'"{row.scene}"' if row.scene else "") if part)
    if row.title:
        about = row.title + (f" - {row.artist}" if row.artist else "") + (f" ({row.source})" if row.source else "")
    parts = [row.time[11:19], row.what, about]
    if row.seconds is not None:
        parts.append(f"{int(row.seconds) // 60}:{row.seconds % 60:06.3f}")
    parts += [row.detail, f"[{row.by}]" if row.by else ""]
    return "  ".join(part for part in parts if part)
