"""The show in plain lines: for a terminal, a screen reader, a remote shell, a script; and in virtual time for tests.

One command a line in, one plain line out for each change of state. In virtual time the clock moves only by `wait`,
and a command takes effect at the very frame where the clock stands. In real time the same words play on the device.
"""

from __future__ import annotations

import queue
import re
import threading
import time
from collections.abc import Callable, Iterable
from fractions import Fraction
from typing import Final, Protocol

from player import actions as act
from player import sets
from player.editing import Broken, Mended, News, Reloaded
from player.engine import RATE
from player.engine.levels import decibels
from player.engine.status import (
    Broke,
    DeviceNews,
    Ended,
    Event,
    Fired,
    Held,
    Left,
    Over,
    Passed,
    Revived,
    Rolled,
    Started,
    Unlooped,
    VoiceStatus,
)
from player.host.local import LocalEngine
from player.plan import Plan
from player.projection import film_frame, scene_at
from player.session import Session
from player.show import Show, Sounding, target, undo_elsewhere
from timeline import times
from timeline.hotkeys import hotkey
from timeline.model import AnyCue, OtherCue, SayCue
from timeline.words import shown

TICK: Final = 0.02  # seconds between looks at the engine in real time
_DIGITS: Final = 20  # of a number that somebody types; Python refuses to read one of thousands
Say = Callable[[str], None]

HELP: Final = (
    "commands: go | go there | undo | wait 2.5s | wait 12000 frames | standby ID | hotkey KEY | pause | resume"
    " | seek +5s | fade | leave | panic | stop | stop-after | repeat | set [ID] | level -3 dB | mute | preview"
    " | film run | film stop | film 0:24:00 | film +0.1s | film here | standby film | state | help | quit"
)


class Mistake(Exception):
    """A line that is no command; its text says what would be."""


# -- words to actions


def action(line: str, show: Show) -> act.Action:
    """The action a line asks for. Raises Mistake."""
    word, _, rest = line.partition(" ")
    rest = re.sub(r"\A−", "-", rest.strip())
    if line == "resume" and show.offered and not show.paused:
        return act.TakeUp()
    if line == "go there":
        return act.Go(restore=True)
    simple: dict[str, act.Action] = {
        "go": act.Go(),
        "pause": act.Pause(True),
        "resume": act.Pause(False),
        "fade": act.FadeOut(),
        "panic": act.Panic(),
        "stop": act.StopNow(),
        "mute": act.Mute(),
        "preview": act.Preview(),
        "lock": act.Lock(),
        "leave": act.LeaveLoops(),
        "undo": act.UndoGo(),
        "repeat": act.Repeat(),
        "stop-after": act.StopAfter(),
    }
    if word in simple:
        if rest:
            raise Mistake(f'"{word}" stands alone')
        return simple[word]
    if word in ("state", "help", "quit"):
        raise Mistake(f'"{word}" stands alone')
    if line == "standby film":
        _on_film(show, "standby", started=True)
        return act.StandbyAtFilm()
    if word == "standby":
        return act.Standby(_step(rest, show))
    if word == "film":
        return _film(rest, show)
    if word == "hotkey":
        return _hotkey(rest, show)
    if word == "seek":
        return _seek(rest, show)
    if word == "level":
        return act.Level(_level(rest))
    raise Mistake(f'no command "{shown(word)}" ({HELP})')


def _step(words: str, show: Show) -> int:
    if words == "end":
        return len(show.plan.steps)
    if re.fullmatch(r"[+-]\d+", words):
        return show.standby + int(words[:_DIGITS])
    found = show.plan.find(words)
    if found is None:
        raise Mistake(f'standby: no scene or cue "{shown(words)}"; give a number or an id, "end", "+1" or "-1"')
    return found


def _set(words: str, show: Show) -> str | None:
    """The set that is asked for; without a name the film, and there the first set."""
    if not words and show.plan.set_id is not None:
        return None
    trouble = sets.no_set(show.plan, words) if words else None
    if trouble or not show.plan.file.sets:
        raise Mistake(trouble or "set: this file has none")
    return words or show.plan.file.sets[0].id


def _hotkey(words: str, show: Show) -> act.Action:
    try:
        key = hotkey(words)
    except times.Refusal as error:
        raise Mistake(f"hotkey: {error}") from None
    if show.plan.by_hotkey(key) is None:
        raise Mistake(f"hotkey: {shown(key)} fires no cue")
    return act.Hotkey(key)


def _seek(words: str, show: Show) -> act.Action:
    sign = -1 if words.startswith("-") else 1
    seconds = _length(words.lstrip("+-"), "seek")
    if words[:1] in ("+", "-"):
        return act.SeekBy(sign * seconds)
    aim = target(show)
    if aim is None:
        raise Mistake("seek: nothing sounds")
    return act.SeekTo(aim.voice, times.frames(seconds))


def _on_film(show: Show, what: str, *, started: bool) -> None:
    """Raises Mistake in a set, and, where the clock must have been started, if it was not."""
    if show.plan.set_id is not None:
        raise Mistake(f"{what}: a set has no film times")
    if started and show.reel is None:
        raise Mistake(f"{what}: no film clock was started; film run starts it")


def _film(words: str, show: Show) -> act.Action:
    _on_film(show, "film", started=words == "stop" or words[:1] in ("+", "-"))
    match words:
        case "" | "run" | "stop":
            return act.RollFilm({"run": True, "stop": False}.get(words))
        case "here" if show.at_end or show.plan.scene(show.standby).at is None:
            raise Mistake("film: the scene in standby has no film time")
        case "here":
            return act.TapFilm()
    if words[0] in "+-":
        seconds = _length(words[1:], "film")
        return act.NudgeFilm(seconds if words[0] == "+" else -seconds)
    film = show.plan.timeline.film
    try:
        when = times.moment(words)
        at = times.moment_seconds(when, times.RATES.get(film.fps or ""), film.start or Fraction(0))
    except times.Refusal as error:
        raise Mistake(f"film: {error}") from None
    return act.SetFilm(at)


def _length(words: str, what: str) -> Fraction:
    try:
        return times.length(words)
    except times.Refusal as error:
        raise Mistake(f"{what}: {error}") from None


def _level(words: str) -> float:
    try:
        return times.level(words)
    except times.Refusal as error:
        raise Mistake(f"level: {error}") from None


def wait_frames(words: str) -> int:
    """How many frames `wait` is to wait. Raises Mistake."""
    counted = re.fullmatch(r"(\d+) frames?", words)
    if counted:
        return int(counted[1][:_DIGITS])
    return times.frames(_length(words, "wait"))


# -- events to lines


class Teller:
    """Says each change of state as one line, with the show's time before it."""

    def __init__(self, session: Session, say: Say) -> None:
        self._session = session
        self._say = say
        self._before = session.show
        self._heard: dict[int, Sounding] = {}
        self._told: set[int] = set()  # voices of which it has been said that they play

    def tell(self, text: str, clock: int | None = None) -> None:
        """One line, at `clock` or now."""
        at = self._session.status.clock if clock is None else clock
        self._say(f"{stamp(at)} {text}")

    def events(self, events: Iterable[Event]) -> None:
        """What the engine reported. Call it after the session took the events in."""
        show, events = self._session.show, tuple(events)
        begun = {event.voice for event in events if isinstance(event, Started)}
        for s in (*(show.past[voice] for voice in begun & show.past.keys()), *show.sounding):
            self._heard[s.voice] = s
        for event in events:
            text = self._event(event)
            if text:
                self.tell(text, event.clock)

    def changes(self) -> None:
        """What the show itself changed since the last call."""
        old, new = self._before, self._session.show
        self._before = new
        if new.ignored_go != old.ignored_go:
            self.tell("go ignored: " + ("the show is at its end" if new.at_end else "too soon after the last one"))
        if new.undone is not old.undone and new.undone:
            self.tell(new.undone)
        if new.paused != old.paused:
            self.tell("paused" if new.paused else "goes on")
        if (new.level_db, new.muted) != (old.level_db, old.muted):
            self.tell(f"level {new.level_db:+g} dB" + (", muted" if new.muted else ""))
        if new.stop_after != old.stop_after and (new.stop_after or new.last_go == old.last_go):
            self.tell("stops after this song" if new.stop_after else "does not stop after this song")
        if new.again != old.again and new.awaited == old.awaited:
            self.tell("repeats this song" if new.again else "does not repeat this song")
        if new.locked != old.locked:
            self.tell("locked" if new.locked else "unlocked")
        self._brought_in(new)
        if new.standby != old.standby or new.plan is not old.plan:
            self.tell(f"standby {self.standby()}")

    def _brought_in(self, show: Show) -> None:
        """What sounds without having begun: a jump brought it in, or it sounded before we came."""
        for s in show.sounding:
            if s.voice not in self._told:
                self._heard[s.voice] = s
                self.tell(self._begins(s))
        self._told = {s.voice for s in show.sounding}

    def film(self, before: Show) -> None:
        """What a hand has done to the film clock since `before`."""
        show, clock = self._session.show, self._session.status.clock
        old, new = before.reel, show.reel
        if new is None or new == old:
            return
        jumped = old is not None and film_frame(old, before.paused, clock) != film_frame(new, show.paused, clock)
        if old is not None and not jumped and (old.runs, old.armed) == (new.runs, new.armed):
            return
        self.tell(_film_words(show, clock))

    def news(self, news: Iterable[News]) -> None:
        """What has happened to the file, one line for each."""
        for each in news:
            name = self._session.show.plan.name
            match each:
                case Reloaded():
                    self.tell(f"{name} has changed; standby {self.standby()}")
                case Broken(line):
                    self.tell(f"{line}; what the file held before plays on")
                case Mended():
                    self.tell(f"{name} is as it was; standby {self.standby()}")
                case _:
                    continue
            self._before = self._session.show

    def sought(self) -> None:
        """Where the song stands that was moved."""
        sought = self._session.sought
        found = [s for s in self._session.show.sounding if sought and s.voice == sought.voice]
        if not sought or not found:
            self.tell("seek: nothing sounds")
            return
        at = min(max(sought.at, found[0].begin), found[0].end)
        self.tell(f"seeks {_song_words(self._session.show.plan, found[0])} to {_position(at)}")

    def standby(self) -> str:
        """Where standby stands, in words."""
        show = self._session.show
        return "end" if show.at_end else _step_words(show.plan, show.standby) + f": {show.plan.words(show.standby)}"

    def state(self) -> None:
        """Everything in one line."""
        show, status = self._session.show, self._session.status
        playing = [
            f"{_song_words(show.plan, s)} at {_position(v.at)} of {_position(v.end)} ({_how(v)})"
            for s in show.sounding
            for v in status.voices
            if v.voice == s.voice
        ]
        parts = [
            f"state {'paused' if show.paused else 'running'}",
            f"standby {self.standby()}",
            "plays " + ", ".join(playing) if playing else "silent",
            f"level {show.level_db:+g} dB" + (" muted" if show.muted else ""),
        ]
        if show.reel is not None:
            parts.insert(1, _film_words(show, status.clock))
        self.tell("; ".join(parts))

    def _begins(self, s: Sounding) -> str:
        if s.count:
            return f"counts in {s.cue.song}"
        return f"plays {_song_words(self._session.show.plan, s, why=True)}"

    def _event(self, event: Event) -> str | None:
        plan = self._session.show.plan
        match event:
            case Rolled():
                return None
            case Fired(_, step):
                return f"scene {_step_words(plan, step)}"
            case Started(_, voice):
                self._told.add(voice)
                return self._begins(self._heard[voice]) if voice in self._heard else None
            case Left(_, voice):
                return f"fades {_song_words(plan, self._heard[voice])}" if voice in self._heard else None
            case Ended(_, voice):
                gone = self._heard.pop(voice, None)
                return f"ended {_song_words(plan, gone)}" if gone and not gone.count else None
            case Held(_, voice, on):
                done = "pauses" if on else "resumes"
                return f"{done} {_song_words(plan, self._heard[voice])}" if voice in self._heard else None
            case Unlooped(_, voice):
                return f"leaves the loop of {_song_words(plan, self._heard[voice])}" if voice in self._heard else None
            case Revived(_, voice):
                self._told.add(voice)
                return f"back: {_song_words(plan, self._heard[voice])}" if voice in self._heard else None
            case Passed(_, key):
                return _passed_words(plan, key)
            case Over(_, peak, limited=True):
                return f"above full scale by {decibels(peak):.1f} dB: turned down by the limiter"
            case Over(_, peak):
                return f"above full scale by {decibels(peak):.1f} dB"
            case Broke(_, _, why):
                return f"trouble: {why}; silent from here, the show goes on"
            case DeviceNews(_, text):
                return text


def stamp(clock: int) -> str:
    """A frame of the clock as h:mm:ss.mmm, rounded down."""
    ms = clock * 1000 // RATE
    return f"{ms // 3_600_000}:{ms // 60_000 % 60:02}:{ms // 1000 % 60:02}.{ms % 1000:03}"


def _position(frames: int) -> str:
    return stamp(frames) if frames >= 3600 * RATE else stamp(frames)[2:].removeprefix("0")


def _film_words(show: Show, clock: int) -> str:
    """What the film clock does, and where it stands."""
    assert show.reel is not None, "only once there is a film clock"
    runs = "is paused" if show.paused else "runs"
    how = (runs if show.reel.armed else f"{runs}, and no cue comes by it,") if show.reel.runs else "stands"
    return f"film {how} at {_position(film_frame(show.reel, show.paused, clock))}"


def _step_words(plan: Plan, step: int) -> str:
    scene = plan.scene(step)
    return f'{plan.number(step)} {scene.id} "{scene.title}"'


def _song_words(plan: Plan, s: Sounding, why: bool = False) -> str:
    """What sounds; with `why`, also what kept a file that should sound from doing so."""
    song, found = plan.song(s.cue), plan.songs.get(s.cue.song)
    title = f'{s.cue.song} "{song.title}"' if song else s.cue.song
    if found is None:
        return title
    kind = f"{found.label}: {found.why}" if why and found.trouble else found.label
    preview = ", preview" if s.preview else ""
    return f"the count-in of {title}" if s.count else f"{title} ({kind}{preview})"


def _how(voice: VoiceStatus) -> str:
    """How a voice sounds."""
    level = f"{decibels(voice.gain):.1f} dB"
    return level + (", paused" if voice.held else "") + (f", pass {voice.turn + 1}" if voice.looping else "")


def _passed_words(plan: Plan, key: str) -> str:
    for scene in plan.timeline.scenes:
        for cue in scene.cues:
            if cue.key == key:
                return _did(cue)
    return f"cue {key}"


def _did(cue: AnyCue) -> str:
    match cue:
        case SayCue():
            return f"says: {cue.text}"
        case OtherCue(verb="send"):
            return f"not sent: {', '.join(message.text for message in cue.messages)}"
        case _:
            return f"cue {cue.key}"


# -- virtual time


def run_virtual(session: Session, engine: LocalEngine, lines: Iterable[str], say: Say) -> None:
    """Play a show from `lines`, on a clock that moves only by `wait`. Hands-free, the rest plays to its end."""
    teller = Teller(session, say)
    teller.tell(f"standby {teller.standby()}")

    def settle() -> None:
        while events := session.poll():
            teller.events(events)
        teller.changes()

    def advance(frames: int) -> None:
        while frames > 0:
            frames -= engine.advance(frames)
            settle()

    if session.show.auto:
        session.do(act.Go(by_hand=False))
        settle()
    for line in _commands(lines):
        if line == "quit":
            return
        try:
            if line.partition(" ")[0] == "wait":
                advance(wait_frames(line[4:].strip()))
            else:
                _carry_out(line, session, teller, say)
        except Mistake as mistake:
            say(f"? {mistake}")
        settle()
    while session.show.auto and not engine.quiet:
        engine.advance(RATE)
        settle()


def _commands(lines: Iterable[str]) -> Iterable[str]:
    for line in lines:
        line = " ".join(line.split("#", 1)[0].split())
        if line:
            yield line


# -- real time


class Lines(Protocol):
    """Where lines come from."""

    def take(self, seconds: float) -> str | None:
        """The next line, "quit" at the end of input; None if none comes within `seconds`."""


class StreamLines:
    """Lines of a stream, read on a thread of their own; its end is a `quit` where it `ends_show`."""

    def __init__(self, stream: Iterable[str], ends_show: bool = True) -> None:
        self._queue: queue.SimpleQueue[str] = queue.SimpleQueue()
        threading.Thread(target=self._read, args=(stream, ends_show), daemon=True).start()

    def _read(self, stream: Iterable[str], ends_show: bool) -> None:
        for line in _commands(stream):
            self._queue.put(line)
        if ends_show:
            self._queue.put("quit")

    def take(self, seconds: float) -> str | None:
        """See Lines."""
        try:
            return self._queue.get(timeout=seconds)
        except queue.Empty:
            return None


class NoLines:
    """Nobody to type."""

    def take(self, seconds: float) -> str | None:
        """None, ever."""
        time.sleep(seconds)
        return None


def run_live(session: Session, lines: Lines, say: Say, news: Callable[[], Iterable[News]] = tuple) -> None:
    """Play a show in real time until `quit`, the end of input or, hands-free, the end of the show.

    `news` meets changes of the file. Without an engine no time passes: what waits for it goes on, and a hands-free
    show ends.
    """
    teller = Teller(session, say)
    teller.tell(f"standby {teller.standby()}")
    if session.show.offered:
        teller.tell(f"resume: {session.show.offered}; type resume")
    if session.show.auto:
        session.do(act.Go(by_hand=False))
    until = 0
    while True:
        events = session.poll()
        teller.events(events)
        teller.changes()
        teller.news(news())
        alive = session.status.alive
        over = session.show.at_end and all(s.held for s in session.show.sounding) and not session.show.cast
        if session.show.auto and (over or not alive):
            return
        if alive and session.status.clock < until:
            time.sleep(TICK)
            continue
        line = lines.take(TICK)
        if line == "quit":
            teller.events(session.poll())  # what has happened since the last look is told yet
            return
        if line is None:
            continue
        session.stir()
        try:
            if line.partition(" ")[0] == "wait":
                until = session.status.clock + wait_frames(line[4:].strip())
            else:
                _carry_out(line, session, teller, say)
        except Mistake as mistake:
            say(f"? {mistake}")


def _carry_out(line: str, session: Session, teller: Teller, say: Say) -> None:
    word, _, rest = line.partition(" ")
    if word == "set":
        session.turn(_set(rest.strip(), session.show))
    elif line == "state":
        teller.events(session.poll())
        teller.state()
    elif line == "help":
        say(HELP)
    else:
        asked = action(line, session.show)
        if isinstance(asked, act.UndoGo) and undo_elsewhere(session.show):
            teller.tell("undo: the last GO is not of this list; take it back there")
        elif isinstance(asked, act.UndoGo) and not session.show.history:
            teller.tell("undo: there is no GO to take back")
        before = session.show
        session.do(asked, line)
        if isinstance(asked, act.SetFilm) and not (before.reel and before.reel.runs):
            there = scene_at(before.plan, times.frames(asked.at))  # a jump has set standby behind what sounds
            if there is not None:
                session.do(act.Standby(there), line)
        teller.film(before)
        if line.partition(" ")[0] == "seek":
            teller.sought()
