"""Engine figures, in the place of the list: how much the engine has to do, what went wrong, where the sound goes."""

from __future__ import annotations

from typing import Final, NamedTuple

from player.engine import RATE
from player.engine.status import Status
from player.ui import facts
from player.ui.ops import Rect, Sheet
from player.ui.pen import Pen
from player.ui.text import Measure
from player.ui.theme import BOLD, EDGE, HI, MID, MONO, PANEL, RAISE2, TEXT, TITLE, TROUBLE

HIGH: Final = 0.7  # a load from here on is no good sign
LEAST_DB: Final = 0.05  # what the limiter takes off below this is shown as nothing
ROW: Final = 27.0


class Figure(NamedTuple):
    """A line: what is counted, how many, and whether that is no good sign. part: of 1000, for a bar; -1: no bar."""

    name: str
    value: str
    bad: bool = False
    part: int = -1


def figures(status: Status) -> tuple[Figure, ...]:
    """What the engine tells of itself, what matters most first."""
    if not status.alive:
        return (Figure("Engine", "does not answer", True),)
    load, worst = status.load, status.worst
    limited = abs(status.limited_db)
    return (
        Figure("Load", _percent(load), load >= HIGH, min(1000, round(load * 1000))),
        Figure("Worst in 10 s", _percent(worst), worst >= HIGH, min(1000, round(worst * 1000))),
        Figure("Late blocks", str(status.late), status.late > 0),
        Figure("Dropouts of the device", str(status.xruns), status.xruns > 0),
        Figure("Voices", str(len(status.voices))),
        Figure("Limiter", f"−{limited:.1f} dB" if limited >= LEAST_DB else "untouched"),
        Figure("Latency", "no device" if status.silent else f"{status.latency * 1000:.1f} ms", status.silent),
        Figure("Runs for", facts.plain(status.clock // RATE)),
    )


def _percent(share: float) -> str:
    return f"{share * 100:.0f} %"


def panel(rect: Rect, u: float, measure: Measure, says: tuple[Figure, ...], device: str, closes: str) -> Sheet:
    """The sheet; as many lines as there is room for."""
    pen = Pen("figures", rect, u, measure)
    pen.box(rect, PANEL, EDGE, 1, 8)
    pen.hit(rect, "inside")
    x, right = rect.x + pen.q(24), rect.right - pen.q(24)
    y = rect.y + pen.q(34)
    wide = pen.text(right, y, closes, TEXT, 14, MID, align=1, room=(right - x) // 2)
    pen.text(x, y, "ENGINE", TITLE, 34, HI, room=max(0, right - x - wide - pen.q(12)))
    y = rect.y + pen.q(64)
    for name in pen.lines(device, TEXT, 14.5, right - x, 2):
        if y + pen.q(11) <= rect.bottom:
            pen.text(x, y, name, TEXT, 14.5, MID, room=right - x)
        y += pen.q(20)
    y += pen.q(4)
    for each in says:
        if y + pen.q(ROW) > rect.bottom - pen.q(6):
            break
        _line(pen, Rect(x, y, right - x, pen.q(ROW)), each)
        y += pen.q(ROW)
    return pen.sheet()


def _line(pen: Pen, line: Rect, says: Figure) -> None:
    middle = line.y + line.h // 2 - pen.q(2)
    ink = TROUBLE if says.bad else HI
    face = BOLD if says.bad else MONO
    wide = pen.text(line.right, middle, says.value, face, 15.5, ink, align=1, room=line.w // 2)
    if says.bad:
        pen.icon(line.right - wide - pen.q(14), middle, 12, "alert", TROUBLE)
        wide += pen.q(26)
    pen.text(line.x, middle, says.name, TEXT, 15, MID, room=max(0, line.w - wide - pen.q(12)))
    if says.part >= 0:
        thick = max(2, pen.q(3))
        foot = Rect(line.x, line.bottom - thick - pen.q(2), line.w, thick)
        pen.fill(foot, RAISE2, 1.5)
        pen.fill(foot._replace(w=round(line.w * says.part / 1000)), ink if says.bad else MID, 1.5)
