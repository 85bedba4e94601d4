"""The command line: wires the rooms together, and turns what goes wrong into one line and an exit code.

0 fine; 1 a problem in the material, or refused; 2 a wrong call, or a file that cannot be read at all; 130 Ctrl-C.
Rooms are imported where they are used: `check` needs no numpy, and the window is up before the engine is.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NoReturn

from msgspec.structs import replace

from player import signals, terminal
from player.cli import bench, checking, devices, editing, showlog
from player.paths import assets
from player.recordings import commands as recordings
from player.terminal import Refused, complain, say

if TYPE_CHECKING:
    from player.plan import Plan
    from player.session import Session
    from player.show import Show
    from player.showlog import ShowLog

VERSION: Final = "0.1.0"
BUNDLED: Final = Path("films") / "the-runaways.yaml"
MOST_TOLD: Final = 8  # mistakes of a file that are told one by one where `check` was not asked for
COMMANDS: Final = (
    *("play", "order", "render"),
    *checking.COMMANDS,
    *editing.COMMANDS,
    *showlog.COMMANDS,
    *devices.COMMANDS,
    *bench.COMMANDS,
    *recordings.COMMANDS,
)


def main(argv: list[str] | None = None) -> int:
    """Run one command, of `argv` or, as a program of its own, of the call; returns the exit code."""
    if argv is None:
        # numpy's products are small here: threads that share one out take ten times as long as doing it
        os.environ.setdefault("OMP_NUM_THREADS", "1")
        terminal.make_ready()
        signals.hear()
    try:
        return _run(sys.argv[1:] if argv is None else argv)
    except Refused as refused:
        complain(str(refused))
        return refused.code
    except signals.Ended as ended:
        complain(ended.why)
        return 128 + ended.number
    except terminal.Unheard as unheard:
        terminal.mute(sys.stdout)
        if unheard.why:
            complain(f"nothing more can be written: {unheard.why}")
        return 1 if unheard.why else 0
    finally:
        if argv is None:
            signals.leave()


def _run(arguments: list[str]) -> int:
    try:
        options = _parser().parse_args(_with_command(arguments))
    except SystemExit:  # after --help and --version
        terminal.finish()
        raise
    run: Callable[[argparse.Namespace], int] = options.run
    return run(options)


def _with_command(arguments: list[str]) -> list[str]:
    """`needledrop FILE` is `needledrop play FILE`."""
    if arguments and (arguments[0] in COMMANDS or arguments[0] in ("-h", "--help", "--version")):
        return arguments
    word = arguments[0] if arguments else ""
    if re.fullmatch("[a-z]+", word) and not os.path.lexists(word):
        from timeline.words import closest

        if near := closest(word, COMMANDS):
            raise Refused(f'there is no command "{word}"; did you mean {near}? (needledrop --help tells more)')
    return ["play", *arguments]


class _Parser(argparse.ArgumentParser):
    """Mistakes in a call as one line."""

    def error(self, message: str) -> NoReturn:
        raise Refused(f"{message} ({self.prog} --help tells more)")


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="needledrop",
        description="Play the music of a film, scene by scene, from a timeline that people write by hand.",
        epilog="Without a command: play. Without a file: the bundled film.",
    )
    parser.add_argument("--version", action="version", version=f"needledrop {VERSION}")
    commands = parser.add_subparsers(metavar="COMMAND", parser_class=_Parser)

    play = commands.add_parser("play", help="open the player (this is what happens without a command)")
    play.add_argument("file", nargs="?", type=Path, metavar="FILE", help="a timeline; without one, the bundled film")
    play.add_argument("--text", action="store_true", help="play in the terminal: commands in, plain lines out")
    play.add_argument("--virtual", action="store_true", help="with --text: a clock that moves only by `wait`")
    play.add_argument("--record", type=Path, metavar="OUT.wav", help="with --virtual: write what is heard, as float32")
    play.add_argument("--auto", action="store_true", help="hands-free: GO by itself when the music of a step is over")
    play.add_argument("--from", dest="start", metavar="SCENE", help="stand by at this scene or cue, by id or number")
    play.add_argument("--set", dest="set_id", metavar="ID", help="a set of the file instead of the film")
    play.add_argument("--locked", action="store_true", help="start locked: nothing that changes the file or settings")
    play.add_argument("--full-screen", action="store_true", help="start in full screen")
    play.add_argument("--block", type=_block, default=256, metavar="FRAMES", help=argparse.SUPPRESS)
    play.set_defaults(run=_play)

    checking.declare(commands)

    order = commands.add_parser("order", help="print the running order")
    order.add_argument("file", nargs="?", type=Path, metavar="FILE")
    order.add_argument("--set", dest="set_id", metavar="ID", help="of a set of the file instead of the film")
    order.add_argument("--json", action="store_true", help="for programs")
    order.set_defaults(run=_order)

    render = commands.add_parser("render", help="write the programme as one sound file")
    render.add_argument("file", nargs="?", type=Path, metavar="FILE")
    render.add_argument("-o", "--output", type=Path, required=True, metavar="OUT", help="a .wav or .flac file")
    render.add_argument("--set", dest="set_id", metavar="ID", help="a set of the file instead of the film")
    depth = render.add_mutually_exclusive_group()
    depth.add_argument("--bits", type=int, choices=(16, 24), default=24, help="24 without it; 16 is dithered")
    depth.add_argument("--float", dest="floating", action="store_true", help="32-bit float instead of 24 bit (WAV)")
    render.add_argument("--only", metavar="NAME", help="one output alone; else all are mixed together")
    render.add_argument("--film", action="store_true", help="the film from 0 on its own clock, instead of the steps")
    render.add_argument("--block", type=_block, default=16_384, metavar="FRAMES", help=argparse.SUPPRESS)
    render.set_defaults(run=_render)
    editing.declare(commands)
    showlog.declare(commands)
    devices.declare(commands)
    bench.declare(commands)
    recordings.declare(commands)
    return parser


def _block(text: str) -> int:
    """A block size in frames, or 0 for `random`; a way to see that it makes no difference."""
    if text == "random":
        return 0
    if not text.isdigit() or not 1 <= int(text) <= 1 << 20:
        raise argparse.ArgumentTypeError("a number of frames from 1 up, or random")
    return int(text)


def _blocks(size: int) -> Iterator[int]:
    import random

    rng = random.Random(1)
    while True:
        yield size or rng.randint(1, 2000)


# -- order


def _order(options: argparse.Namespace) -> int:
    from player.export.order import as_data, as_text

    plan = _of_set(_plan(options.file), options.set_id)
    if options.json:
        terminal.say_json(as_data(plan))
    else:
        say(*as_text(plan))
        if line := _unplaced(plan):
            say("", line)
    return _tell_problems(plan)


def _unplaced(plan: Plan) -> str:
    """One line on the outputs that the person's settings give no place."""
    if not plan.timeline.outputs:
        return ""
    from player import settings

    return settings.unplaced(plan.timeline, settings.load(settings.default_path())[0])


# -- render


def _render(options: argparse.Namespace) -> int:
    from player.devices.sources import open_source
    from player.errors import ExportError
    from player.export.render import render
    from timeline.outputs import outputs

    out: Path = options.output
    if options.floating and out.suffix.lower() == ".flac":
        raise Refused(f"{out}: FLAC holds whole numbers only; with --float name a .wav")
    if options.film and options.set_id is not None:
        raise Refused("--set and --film: one of them, a set has no film clock")
    plan = _read(options.file) if options.film else _of_set(_read(options.file), options.set_id)
    _fit_to_write(out, (".wav", ".flac"), plan, options.file)
    if options.only is not None and options.only not in (names := outputs(plan.timeline)):
        raise Refused(f'{plan.name}: there is no output "{options.only}", only {", ".join(names)}')
    code = _tell_problems(plan)
    if not any(step.songs for step in plan.steps):
        raise Refused(f"{plan.name}: there is no song to render", 1)
    plan = _even(_find(plan, options.file))
    _tell_silence(plan)
    bar = _Bar()
    try:
        done = render(
            plan, out, open_source, floating=options.floating, bits=options.bits, film=options.film,
            limiter=_limiter(), only=options.only, blocks=_blocks(options.block), progress=bar.show,
        )  # fmt: skip
    except ExportError as error:
        raise Refused(str(error), 1) from error
    finally:
        bar.clear()
    for remark in done.remarks:
        complain(remark)
    say(f"{out}: {_clock(done.frames)}, peak {_db(done.peak)}")
    return code


class _Bar:
    """Progress on a terminal, nothing elsewhere."""

    def __init__(self) -> None:
        self._on = sys.stderr is not None and sys.stderr.isatty()
        self._full, self._empty = "█░" if terminal.writes("█░", sys.stderr) else "#."
        self._shown = -1

    def show(self, done: int, of: int) -> None:
        """`done` of `of` frames; `of` is an estimate."""
        percent = min(100, done * 100 // of) if of else 0
        if self._on and percent != self._shown:
            self._shown = percent
            bar = (self._full * (percent * 30 // 100)).ljust(30, self._empty)
            terminal.draw(f"\r  {bar} {percent:3} %  {_clock(done)}")

    def clear(self) -> None:
        """Leave the line as it was found."""
        if self._on and self._shown >= 0:
            terminal.draw("\r" + " " * 60 + "\r")


def _clock(frames: int) -> str:
    seconds = frames / 48_000
    return f"{int(seconds) // 60}:{seconds % 60:06.3f}"


def _db(peak: float) -> str:
    import math

    return f"{20 * math.log10(peak):.1f} dB" if peak > 0 else "silent"


# -- play


def _play(options: argparse.Namespace) -> int:
    if options.virtual:
        options.text = True
    if options.record and not options.virtual:
        raise Refused("--record needs --virtual: it records a clock that moves by `wait`")
    show = _show(_of_set(_read(options.file), options.set_id), options)
    if not options.text:
        return _play_window(show, options)
    show = replace(show, plan=_even(_find(show.plan, options.file)))
    if options.virtual:
        return _play_virtual(show, options)
    return max(_tell_problems(show.plan), _play_text(show))


def _show(plan: Plan, options: argparse.Namespace) -> Show:
    from player.show import Show

    broken = any(problem.severity == "error" for problem in plan.problems)
    if not plan.steps and (options.text or broken):  # a window can write the first scene of a new film
        _tell_problems(plan)
        raise Refused(f"{plan.name}: there is no scene to play", 1)
    standby = 0
    if options.start is not None:
        found = plan.find(options.start)
        if found is None:
            raise Refused(f'{plan.name}: no scene or cue "{options.start}"; `needledrop order` lists them')
        standby = found
    return Show(plan, standby=standby, auto=options.auto, locked=options.locked)


def _play_virtual(show: Show, options: argparse.Namespace) -> int:
    from player.devices.sources import open_source
    from player.errors import ExportError
    from player.export.landing import landing
    from player.export.wav import WavFile
    from player.host.local import LocalEngine
    from player.session import Session
    from player.text import run_virtual

    code = _tell_problems(show.plan)
    out: Path | None = options.record

    def run(sink: Callable[[Any], None] | None) -> None:
        engine = LocalEngine(open_source, _blocks(options.block), sink, limiter=_limiter())
        with contextlib.closing(Session(show, engine)) as session:
            run_virtual(session, engine, sys.stdin or (), say)

    if out is None:
        run(None)
        return code
    _fit_to_write(out, (".wav",), show.plan, options.file)
    stopped: BaseException | None = None
    try:
        with landing(out) as part:
            file = WavFile(part, floating=True)
            try:
                run(file.write)
            except (KeyboardInterrupt, terminal.Unheard) as stop:
                stopped = stop  # what was heard until now is kept
            except BaseException:
                file.abort()
                raise
            file.close()
    except ExportError as error:
        raise Refused(str(error), 1) from error
    if stopped:
        raise stopped
    return code


def _play_text(show: Show) -> int:
    from player.text import StreamLines, run_live

    with _session(show) as session, _watched(session) as news:
        run_live(session, StreamLines(sys.stdin or (), ends_show=not show.auto), say, news)
        return 0 if session.status.alive else 1


def _play_window(show: Show, options: argparse.Namespace) -> int:
    from player.ui.app import NoDisplay, run

    with _session(show) as session:
        try:
            return run(session, _window_options(session, options))
        except NoDisplay as error:
            session.found(_even(_find(session.show.plan, options.file)))
            return _play_without_window(session, str(error))


def _play_without_window(session: Session, why: str) -> int:
    """No display: the same show in the terminal; and where nobody can type, hands-free."""
    from player.text import NoLines, StreamLines, run_live

    typing = sys.stdin is not None and sys.stdin.isatty()
    mode = "playing in this terminal; type help" if typing else "and no terminal to type in: playing hands-free"
    complain(f"no window ({why}); {mode}")
    code = _tell_problems(session.show.plan)
    if not typing:
        session.show = replace(session.show, auto=True)
    with _watched(session) as news:
        lines = StreamLines(sys.stdin, ends_show=not session.show.auto) if typing else NoLines()
        run_live(session, lines, say, news)
    return code if session.status.alive else 1


@contextlib.contextmanager
def _watched(session: Session) -> Iterator[Callable[[], Any]]:
    """What happens to the file of a show that is not edited here."""
    from player.editing import Editing
    from player.settings import edits_path

    with contextlib.closing(Editing(session, edits_path())) as held:
        yield held.poll


@contextlib.contextmanager
def _session(show: Show) -> Iterator[Session]:
    """A show and an engine of its own process, which ends with it."""
    from player.interrupted import Keeper
    from player.session import Session
    from player.settings import runs_path

    with contextlib.closing(_engine(show.plan)) as engine, _log(show.plan) as log:
        keeper = Keeper(runs_path(), str(show.plan.path or show.plan.name))
        if engine.lives():  # it plays on, and knows more
            keeper.found = None
        engine.start()
        with contextlib.closing(Session(show, engine, log, keeper)) as session:
            yield session


@contextlib.contextmanager
def _log(plan: Plan) -> Iterator[ShowLog | None]:
    """What takes down the show as it is played, if the person wants that."""
    from datetime import datetime

    from player import settings
    from player.showlog import Book, ShowLog

    def now() -> datetime:
        return datetime.now().astimezone()

    if not settings.load(settings.default_path())[0].show_log:
        yield None
        return
    with contextlib.closing(Book(settings.shows_path(), plan.name, now())) as book:
        yield ShowLog(book.put, now)


def _window_options(session: Session, options: argparse.Namespace) -> Any:
    from player.settings import Settings, edits_path, sound
    from player.ui.app import Options

    def find(plan: Plan, progress: Callable[[int, int], None]) -> Plan:
        return _find(plan, options.file, progress)

    def settled(own: Settings) -> None:
        session.engine.want(sound(own))

    return Options(
        full_screen=options.full_screen, locked=options.locked, open_file=_opened, find=find, edits=edits_path(),
        settled=settled, recordings=True,
    )  # fmt: skip


def _opened(path: Path) -> Plan | str:
    """Another timeline for the window, or one line that says why not."""
    try:
        return _plan(path)
    except Refused as refused:
        return str(refused)


def _engine(plan: Plan) -> Any:
    from player.host.client import ProcessEngine

    _apply_settings()
    return ProcessEngine(str(plan.path or plan.name))


# -- shared


def _plan(path: Path | None) -> Plan:
    return _find(_read(path), path)


def _read(path: Path | None) -> Plan:
    """The timeline, to be shown; the window is up before `_find` tells what its songs play."""
    from player.opening import read_plan
    from timeline.store import Unreadable

    try:
        return read_plan(path or assets() / BUNDLED)
    except Unreadable as error:
        raise Refused(str(error)) from error


def _find(plan: Plan, path: Path | None, progress: Callable[[int, int], None] | None = None) -> Plan:
    from player.opening import find_songs

    _apply_settings()
    return find_songs(plan, (path or assets() / BUNDLED).parent, progress)


def _of_set(plan: Plan, set_id: str | None) -> Plan:
    """The plan of a set of the file. Raises Refused where there is none of that id."""
    from player import sets

    if set_id is None:  # a file without a scene has its sets to show
        playable = (one.id for one in plan.file.sets if sets.no_set(plan, one.id) is None)
        return plan if plan.steps else sets.in_set(plan, next(playable, None))
    trouble = sets.no_set(plan, set_id)
    if trouble:
        _tell_problems(plan)
        raise Refused(f"{plan.name}: {trouble}")
    return sets.in_set(plan, set_id)


def _even(plan: Plan) -> Plan:
    """The same plan, its levels known where the timeline asks for a loudness."""
    if not plan.unmeasured():
        return plan
    from player.recordings.levelling import even

    return even(plan)


def _apply_settings() -> None:
    """Hand the person's device, sound font and FluidSynth to the engine's process, which inherits the environment."""
    from player import settings
    from player.host.wanted import into_environment

    own, _ = settings.load(settings.default_path())
    into_environment(settings.sound(own))
    for variable, value in (
        ("NEEDLEDROP_SOUND_LOG", str(settings.sound_log_path())),
        ("NEEDLEDROP_SOUND_FONT", own.sound_font),
        ("NEEDLEDROP_FLUIDSYNTH", own.fluidsynth),
    ):
        if value:
            os.environ.setdefault(variable, value)


def _limiter() -> bool:
    from player.host.wanted import from_environment

    _apply_settings()
    return from_environment().limiter


def _fit_to_write(out: Path, suffixes: tuple[str, ...], plan: Plan, path: Path | None) -> None:
    """Refuse to write where that is a mistake: another kind of file, or one that the show itself needs."""
    if out.suffix.lower() not in suffixes:
        raise Refused(f"{out}: name the file {' or '.join(suffixes)}")
    if os.path.isdir(out):
        raise Refused(f"{out}: this is a folder; name a file in it")
    base = (path or assets() / BUNDLED).parent
    songs = plan.timeline.songs.values()
    named = [media.file for song in songs for media in song.media] + [song.stand_in or "" for song in songs]
    for file in [plan.path or "", *(base / name for name in named if name)]:
        with contextlib.suppress(OSError, ValueError):
            if os.path.samefile(file, out):
                raise Refused(f"{out}: the show itself plays this file; give another name")


def _tell_silence(plan: Plan) -> None:
    """The songs of the programme that do not play what they name, each with the reason."""
    used = dict.fromkeys(song.song for step in plan.steps for song in step.songs)
    known = [song for song in used if song in plan.timeline.songs]
    told = [f"{song}: {plan.songs[song].why}" for song in known if plan.songs[song].trouble]
    for line in told[:MOST_TOLD]:
        complain(line)
    if len(told) > MOST_TOLD:
        complain(f"{len(told) - MOST_TOLD} more songs do not play what they name; `needledrop order` tells which")


def _tell_problems(plan: Plan) -> int:
    """The errors and warnings of a file on standard error, short; returns the exit code they call for."""
    errors = [problem for problem in plan.problems if problem.severity == "error"]
    for problem in errors[:MOST_TOLD]:
        span = problem.span
        complain(f"{plan.name}:{span.line}:{span.column}: {problem.message}")
    if errors:
        count = f"{len(errors)} error{'s' * (len(errors) > 1)}"
        rest = "; going on with the rest" if plan.steps else ""
        complain(f"{count}; `needledrop check` tells more{rest}")
    return 1 if errors else 0
