"""The programme as one file: the same show and the same engine as live, with a loop instead of a device."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
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
        try:
            beside = ThreadPoolExecutor(1)
            try:
                done = _play(plan, file, opener, film, limiter, unheard, blocks or _steady(), progress, beside)
            finally:
                beside.shutdown(cancel_futures=True)
            file.close()
        except BaseException:
            file.abort()
            raise
    return done


def _steady() -> Iterator[int]:
    while True:
        yield BLOCK


def _play(
    plan: Plan,
    file: SoundFile,
    opener: Opener,
    film: bool,
    limiter: bool,
    unheard: list[str],
    blocks: Iterator[int],
    progress: Progress,
    beside: Executor,
) -> Rendered:
    peak, remarks = 0.0, list[str]()

    def take(block: Samples) -> None:
        nonlocal peak
        peak = max(peak, float(block.max(initial=0.0)), -float(block.min(initial=0.0)))
        file.write(block)

    engine = LocalEngine(opener, blocks, take, limiter=limiter, unheard=unheard, beside=beside)
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
    return Rendered(engine.mixer.clock, peak, tuple(remarks))
