"""The programme as one file: the same show and the same engine as live, with a loop instead of a device."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Final, Protocol

from msgspec import Struct

from player import actions as act
from player.engine.source import Samples
from player.engine.status import Broke, Over
from player.export.depth import Bits
from player.export.flac import FlacFile
from player.export.landing import landing
from player.export.wav import WavFile
from player.film import film_score
from player.host.feeds import Opener
from player.host.local import LocalEngine
from player.plan import Plan
from player.session import Session
from player.show import Show
from timeline.outputs import outputs

BLOCK: Final = 16_384
Progress = Callable[[int, int], None]  # (frames done, frames expected)


class SoundFile(Protocol):
    """A file that takes blocks."""

    def write(self, block: Samples) -> None:
        """Append a block."""

    def close(self) -> None:
        """Finish the file."""

    def abort(self) -> None:
        """Leave it unfinished."""


class Rendered(Struct, frozen=True):
    """What a render came to: its length, and what a person should hear of it."""

    frames: int
    peak: float
    remarks: tuple[str, ...]


def render(
    plan: Plan,
    out: Path,
    opener: Opener,
    *,
    floating: bool = False,
    bits: Bits = 24,
    film: bool = False,
    limiter: bool = True,
    only: str | None = None,
    blocks: Iterator[int] | None = None,
    progress: Progress = lambda done, of: None,
) -> Rendered:
    """Write the programme of `plan`, or the film from 0, to `out` (.wav or .flac), as float32 or at `bits` bits.

    only: one output alone, of those that `outputs` names; else all are mixed together.
    The file appears when it is whole: until then it has another name, and nothing stays of it if the render is
    interrupted or fails. Raises ExportError.
    """
    unheard = [output for output in outputs(plan.timeline) if only and output != only]
    with landing(out) as part:
        file: SoundFile
        if out.suffix.lower() == ".flac":
            file = FlacFile(part, bits=bits)
        else:
            file = WavFile(part, floating=floating, bits=bits)
        heard = _Heard(file)
        try:
            beside = ThreadPoolExecutor(1)
            try:
                engine = LocalEngine(
                    opener, blocks or _steady(), heard, limiter=limiter, unheard=unheard, beside=beside
                )
                remarks = _play(plan, engine, film, progress)
            finally:
                beside.shutdown(cancel_futures=True)
            file.close()
        except BaseException:
            file.abort()
            raise
    return Rendered(engine.mixer.clock, heard.peak, remarks)


def _steady() -> Iterator[int]:
    while True:
        yield BLOCK


class _Heard:
    """Takes blocks for a file and keeps the size of the largest sample."""

    def __init__(self, file: SoundFile) -> None:
        self.peak = 0.0
        self._file = file

    def __call__(self, block: Samples) -> None:
        self.peak = max(self.peak, float(block.max(initial=0.0)), -float(block.min(initial=0.0)))
        self._file.write(block)


def _play(plan: Plan, engine: LocalEngine, film: bool, progress: Progress) -> tuple[str, ...]:
    """Play to the end; returns what a person should hear of it."""
    remarks = list[str]()
    session = Session(Show(plan, auto=not film, card=0), engine)
    if film:
        engine.send(film_score(plan, 1).batch)
        total = int((plan.timeline.film.runtime or 0) * 48_000)
    else:
        session.do(act.Go(by_hand=False))
        total = sum(plan.length(i) or 0 for i in range(len(plan.steps)))
    while True:
        while events := session.poll():  # what the show answers may at once have something to tell, as cards do
            for event in events:
                if isinstance(event, Broke):
                    remarks.append(f"{event.why}; silent from there")
                elif isinstance(event, Over) and not any("full scale" in remark for remark in remarks):
                    what = ", and the limiter turns it down" if event.limited else ""
                    remarks.append(f"the sum goes above full scale{what}, first at {event.clock / 48_000:.3f} s")
        if engine.quiet:
            break
        engine.advance(4 * BLOCK)
        progress(engine.mixer.clock, total)
    session.close()
    return tuple(remarks)
