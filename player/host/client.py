"""The show's side of an engine in its own process: nothing here waits for it, not even its start."""

from __future__ import annotations

import contextlib
import os
import pickle
import queue
import secrets
import signal
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Iterable
from multiprocessing import AuthenticationError
from multiprocessing.connection import Client, Connection
from pathlib import Path
from typing import Any, Final

from msgspec.structs import replace

import player
from player.engine.commands import Batch
from player.engine.source import SourceSpec
from player.engine.status import DeviceNews, Event, Status
from player.host.figures import Reader
from player.host.history import History, Kept, Replay, counting
from player.host.places import Place, alone, gone_over, named, now_plays, place
from player.host.pulse import LATE, LOOK, Pulse
from player.host.wanted import Wanted, from_environment, into_environment

PATIENCE: Final = 20.0  # seconds an engine of ours may take to answer
NEIGHBOUR: Final = 5.0  # seconds one may take that another show has started
LEAVING: Final = 3.0  # seconds an engine may take to end
PAUSE: Final = 0.005
LAYERS: Final = ("", "miniaudio", "silent")  # sound layers that are tried in turn; "" is the person's choice
STIR: Final = 30.0  # seconds from one word of a person's being there to the next
DEATHS: Final = 3  # engines in a row that may die; with the next one the show is over
SPELL: Final = 60.0  # seconds after which a death does not count any more
DYING: Final = 1.0  # seconds a process may take to be gone once its socket is
YOUNG: Final = 3.0  # seconds an engine may take from its key to its process id

DIED: Final = "the sound engine has died: another one is being started"
BACK: Final = "the sound engine is back: all goes on where it would be"


class ProcessEngine:
    """An engine at the other end of a socket, started if none is there, and once more where it dies.

    Until it answers, what it is sent waits. A new one stands where the one before it would stand by now.
    """

    def __init__(self, timeline: str) -> None:
        self._timeline = timeline
        self._news: deque[Event] = deque()
        self._unsent: deque[tuple[Any, ...]] = deque()
        self._lock = threading.Lock()
        self._link: Connection[Any, Any] | None = None
        self._reader: Reader | None = None
        self._child: subprocess.Popen[bytes] | None = None
        self._device = ""
        self._silent = False
        self._alive = True
        self._closing = False
        self._left = b""
        self.connected = threading.Event()
        self._started = False
        self._over = threading.Event()
        self._history = History()
        self._apart = ""
        self._where: Place | None = None  # of the engine that answers
        self._stirred = 0.0
        self._seen = 0  # events that count, and were handed out; see `counting`
        self._seen_before = 0  # of these, what no engine told that answers now
        self._prepare: tuple[Any, ...] | None = None  # the last message of its kind, for an engine that is new
        self._keep: Kept | None = None  # the same
        self._names = b""
        self._names_known: bytes | None = None  # to the engine that answers

    def start(self) -> None:
        """Look for the engine, on a thread of its own. Whoever calls this calls `close`, whatever happens."""
        self._started = True
        threading.Thread(target=self._run, daemon=True).start()

    # -- Engine

    def send(self, batch: Batch, snapshot: bytes = b"") -> None:
        """See Engine."""
        if snapshot:
            self._keep = self._kept(snapshot)
        self._post(("batch", batch, self._keep if snapshot else None))

    def prepare(self, wanted: Iterable[tuple[SourceSpec, int]]) -> None:
        """See Engine."""
        self._prepare = ("prepare", list(wanted))
        self._post(self._prepare)

    def want(self, wanted: Wanted) -> None:
        """Another device, buffer or limiter, now and in any engine that is still to start."""
        into_environment(wanted)
        self._post(("want", from_environment()))

    def stir(self) -> None:
        """See Engine."""
        now = time.monotonic()
        if now - self._stirred > STIR or (self._reader is not None and self._reader.asleep):
            self._stirred = now
            self._post(("stir",))

    def left(self) -> bytes:
        """See Engine."""
        left, self._left = self._left, b""
        return left

    def know(self, names: bytes) -> None:
        """See Engine."""
        self._names = names

    def keep(self, snapshot: bytes) -> None:
        """See Engine."""
        self._keep = self._kept(snapshot)
        self._post(("keep", self._keep))

    def _kept(self, snapshot: bytes) -> Kept:
        return Kept(self._names, snapshot, self._seen)

    def events(self) -> list[Event]:
        """See Engine."""
        with self._lock:
            if self._left:  # they come after that
                return []
            found = list(self._news)
            self._news.clear()
            self._seen += len(counting(found))
        for event in found:
            if isinstance(event, DeviceNews) and event.about == "device":
                self._device, self._silent = event.text.removeprefix("sound: "), event.silent
        return found

    def status(self) -> Status:
        """See Engine."""
        figures = self._reader.read() if self._reader else Status()
        asleep = self._reader is not None and self._reader.asleep
        return replace(figures, device=self._device, silent=self._silent, alive=self._alive, asleep=asleep)

    def moment(self) -> tuple[int, float]:
        """The engine's clock, and when it stood or will stand there, by `time.monotonic`."""
        if self._reader is None:
            return 0, time.monotonic()
        return self._reader.read().clock, self._reader.moment

    def so_far(self) -> tuple[History, int] | None:
        """See Engine."""
        with self._lock:
            return self._history.copy(self._news), self._clock()

    def take_up(self, history: History, clock: int) -> None:
        """See Engine."""
        self._post(("replay", Replay(history, clock, time.monotonic())))

    def over_to(self, timeline: str) -> None:
        """See Engine."""
        with self._lock:
            self._timeline, self._apart = timeline, ""
            if self._link is not None and self._where is not None:
                _mark(self._where, timeline)

    def lives(self) -> bool:
        """Whether there is an engine to take over. To be asked before the start."""
        where = self._place()
        return _in_use(where) and not _hangs(where)

    def _place(self) -> Place:
        """Where the timeline's engine is: where it began, or where a show was that has gone over to the timeline."""
        own = place(self._timeline, self._apart)
        if self._apart:
            return own
        away = now_plays(own.plays) not in ("", named(self._timeline)) and _in_use(own)
        if _in_use(own) and not away:
            return own
        found = next((other for other in gone_over(self._timeline) if _in_use(other)), None)
        return found or (place(self._timeline, f"-{os.getpid()}") if away else own)

    def close(self) -> None:
        """See Engine. Waits for the engine to end, and for one that is only starting too."""
        self._closing = True
        self._post(("quit",))
        if self._started and not self._over.wait(LEAVING):
            self._kill()
        if self._child is not None:
            try:
                self._child.wait(LEAVING)
            except subprocess.TimeoutExpired:
                self._child.kill()
                self._child.wait()

    # -- the thread that listens

    def _run(self) -> None:
        try:
            self._keep_up()
        except OSError as error:
            self._lose(f"the sound engine does not start ({error.strerror or error})")
        finally:
            self._over.set()

    def _keep_up(self) -> None:
        """Have an engine until it is told to end, or too many have died."""
        deaths: list[float] = []
        while True:
            link = self._find(again=bool(deaths))
            if link is None:
                return
            self._listen(link)
            if self._closing:
                return
            now = time.monotonic()
            deaths = [*(then for then in deaths if now - then < SPELL), now]
            self._bury()
            if len(deaths) > DEATHS:
                self._lose("the sound engine has stopped again and again: quit and start again")
                return

    def _bury(self) -> None:
        """An engine has died: what it is sent waits for the next one."""
        with self._lock:
            self._link = None
            self._history.settled()
        self._news.append(DeviceNews(self._clock(), DIED, True, "engine"))
        if self._child is not None:  # else it would still count as a process
            try:
                self._child.wait(DYING)
            except subprocess.TimeoutExpired:
                self._child.kill()
                self._child.wait()

    def _find(self, *, again: bool) -> Connection[Any, Any] | None:
        """Get an engine that answers: the timeline's, else one of our own. `again`: it is to go on where one died.

        One that dies before it answers may have died in the library of its sound device, so the next one takes
        another.
        """
        layers = list(LAYERS)
        asked = self._timeline
        while layers and not self._closing:
            where = self._place()
            link = self._connect(where, layers[0])
            own, self._apart = self._apart, f"-{os.getpid()}"
            if link is None:
                layers.pop(0)
                continue
            try:
                hello = _answer(link)
                if hello[0] == "busy":  # another show has it
                    link.close()
                    continue
                self._begin_counting()
                device = self._replay(link) if again else None
            except (EOFError, OSError):
                layers.pop(0)
                continue
            self._apart = own
            self._reader = Reader(where.figures)  # before the news: who has heard it asks for figures
            if device is not None:
                self._news.append(DeviceNews(self._clock(), BACK, False, "engine"))
                self._news.append(device)
            else:
                with self._lock:
                    self._left, self._history = pickle.dumps(hello[2]) if hello[2] else b"", hello[3]
                    self._news.extend(hello[4])
            self._join(link)
            with self._lock:
                self._where = where
                if self._timeline != asked:  # gone over meanwhile
                    _mark(where, self._timeline)
            return link
        if not self._closing:
            self._lose(f"the sound engine does not start ({where.log} tells more)")
        return None

    def _replay(self, link: Connection[Any, Any]) -> DeviceNews:
        """Let a new engine stand where the one before it would stand, and know what that one knew.

        Returns what its device is, which may be missing.
        """
        clock = self._clock()
        moment = self._reader.moment if self._reader else time.monotonic()
        link.send(("replay", Replay(self._history, clock, moment)))
        if self._keep is not None:
            self._hand_over(link, ("keep", self._keep))
        if self._prepare is not None:
            self._hand_over(link, self._prepare)
        while True:
            message = _answer(link)
            if message[0] == "replayed":
                news: DeviceNews = message[1]
                return news
            self._hear(message)

    def _begin_counting(self) -> None:
        """An engine knows only of events that it has told itself."""
        with self._lock:
            self._seen_before = self._seen + len(counting(self._news))
            self._names_known = None

    def _clock(self) -> int:
        return self._reader.read().clock if self._reader else 0

    def _join(self, link: Connection[Any, Any]) -> None:
        with self._lock, contextlib.suppress(OSError):  # where it has died, `_listen` notices
            while self._unsent:
                self._hand_over(link, self._unsent[0])
                self._unsent.popleft()
            self._link = link
        self.connected.set()

    def _hand_over(self, link: Connection[Any, Any], message: tuple[Any, ...]) -> None:
        kept = message[-1]
        if isinstance(kept, Kept):
            names = None if kept.names is self._names_known else kept.names  # they may be long
            self._names_known = kept.names
            message = *message[:-1], Kept(names, kept.snapshot, max(0, kept.seen - self._seen_before))
        link.send(message)
        if message[0] == "replay":
            self._history = message[1].history
        if message[0] == "batch":
            self._history.send(message[1], self._clock())

    def _listen(self, link: Connection[Any, Any]) -> None:
        """Until the engine is gone; one that hangs is killed."""
        assert self._reader is not None
        pulse = Pulse(self._reader.beats)
        while True:
            try:
                if link.poll(LOOK):
                    self._hear(link.recv())
            except (EOFError, OSError):
                return
            if pulse.lost() and not self._closing:
                self._kill()
                link.close()
                return

    def _kill(self) -> None:
        if self._where is not None:
            _kill(self._where)

    def _hear(self, message: tuple[Any, ...]) -> None:
        if message[0] != "events":
            return
        news = message[1]
        with self._lock:
            self._history.took(news.takes)
            self._history.tell(news.events)
            if news.base is not None:
                self._history.begin(news.base)
            self._news.extend(news.events)

    def _lose(self, text: str) -> None:
        self._alive = False
        with self._lock:
            self._link = None
        self._news.append(DeviceNews(0, text, True, "engine"))
        self.connected.set()

    def _connect(self, where: Place, layer: str) -> Connection[Any, Any] | None:
        """A link to the engine at `where`: one that is there, else one that we start; see LAYERS."""
        child: subprocess.Popen[bytes] | None = None
        if _in_use(where) and _hangs(where):
            _kill(where)
        until = time.monotonic() + NEIGHBOUR
        while time.monotonic() < until:
            link = _try(where, until)
            if link is not None:
                return link
            if child is None:
                if self._closing:
                    return None
                with alone(where.lock):  # two shows that begin together must not both start one
                    if not _in_use(where):
                        child = self._child = _start(where, layer)
                        until = time.monotonic() + PATIENCE
            elif self._closing or child.poll() is not None:  # where it died by itself, its log says why
                with alone(where.lock):
                    child.terminate()
                    child.wait()
                    _tidy(where)
                return None
            time.sleep(PAUSE)
        return None

    def _post(self, message: tuple[Any, ...]) -> None:
        with self._lock:
            if self._link is not None:
                try:
                    self._hand_over(self._link, message)
                except OSError:
                    self._link = None
                else:
                    return
            if self._alive:
                self._unsent.append(message)


def _try(where: Place, until: float) -> Connection[Any, Any] | None:
    """A link to the engine at `where`, if there is one that answers before `until`."""
    if sys.platform != "win32" and not os.path.exists(where.address):
        return None
    answers: queue.SimpleQueue[Connection[Any, Any] | None] = queue.SimpleQueue()
    late = threading.Event()

    def ask() -> None:  # an engine that hangs takes the call, and never says a word
        link = None
        with contextlib.suppress(OSError, EOFError, AuthenticationError):
            link = Client(where.address, authkey=where.key.read_bytes())
        answers.put(link)
        if link is not None and late.is_set():
            link.close()

    threading.Thread(target=ask, name="ask for the engine", daemon=True).start()
    try:
        return answers.get(timeout=max(0.0, until - time.monotonic()))
    except queue.Empty:
        late.set()
        return None


def _answer(link: Connection[Any, Any]) -> tuple[Any, ...]:
    """What an engine that is new says. Raises EOFError where it takes too long."""
    if not link.poll(PATIENCE):
        raise EOFError
    message: tuple[Any, ...] = link.recv()
    return message


def _hangs(where: Place) -> bool:
    """Whether the engine at `where` lives and does nothing. Takes time only where it may be so."""
    try:
        reader = Reader(where.figures)
    except (OSError, ValueError):  # it has only just been started
        return False
    last = reader.beats()[1]
    if not last or time.monotonic() - last < LATE:
        return False
    pulse, beats = Pulse(reader.beats), reader.beats()
    while reader.beats() == beats:
        if pulse.lost():
            return True
        time.sleep(LOOK)
    return False


def _kill(where: Place) -> None:
    """End the engine at `where`, which hears nothing any more."""
    with contextlib.suppress(OSError, ValueError):
        os.kill(int(where.owner.read_text()), getattr(signal, "SIGKILL", signal.SIGTERM))


def _in_use(where: Place) -> bool:
    """Whether an engine lives at `where`, or is being started there."""
    try:
        age = time.time() - where.key.stat().st_mtime
    except OSError:
        return False
    try:
        owner = int(where.owner.read_text())
    except (OSError, ValueError):
        return age < YOUNG
    if sys.platform == "win32":  # there is no harmless signal to ask with
        return age < YOUNG
    try:
        os.kill(owner, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return not _dead(owner)


def _dead(process: int) -> bool:
    """Whether it is over, and only its parent has not asked how. False where that cannot be told."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except (OSError, IndexError):
        return False


def _mark(where: Place, timeline: str) -> None:
    """Let the engine at `where` be found by another timeline. Where that cannot be written, it is not."""
    with contextlib.suppress(OSError):
        where.plays.write_text(named(timeline), encoding="ascii")


def _start(where: Place, layer: str) -> subprocess.Popen[bytes]:
    """Start an engine at `where`, where none is left, with a new secret."""
    _tidy(where)
    fd = os.open(where.key, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with open(fd, "wb") as key:
        key.write(secrets.token_bytes(32))
    child = _spawn(where, layer)
    where.owner.write_text(str(child.pid))
    return child


def _tidy(where: Place) -> None:
    """Remove what an engine that is gone has left."""
    for path in (Path(where.address), where.figures, where.key, where.owner, where.plays):
        path.unlink(missing_ok=True)


def _spawn(where: Place, layer: str) -> subprocess.Popen[bytes]:
    """Start an engine that outlives us: its own session, no terminal, its words in a log."""
    root = str(Path(player.__file__).parent.parent)
    paths = [root, *filter(None, [os.environ.get("PYTHONPATH")])]
    env = {**os.environ, "PYTHONPATH": os.pathsep.join(paths), "OMP_NUM_THREADS": "1"}
    if layer:
        env["NEEDLEDROP_OUTPUT"] = layer
    command = [sys.executable, "-m", "player.host.process", where.address, str(where.figures), str(where.key)]
    flags = getattr(subprocess, "CREATE_NO_WINDOW", 0)
    with open(where.log, "wb") as log:
        return subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=env, start_new_session=True,
            creationflags=flags,
        )  # fmt: skip
