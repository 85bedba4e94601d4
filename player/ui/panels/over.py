"""What lies over the screen: the keys, the question before quitting, the picker."""

from __future__ import annotations

from typing import NamedTuple

from player.commands import COMMANDS, GROUPS, Bindings, shown
from player.ui.fields import Field
from player.ui.form import Clashes
from player.ui.layout import Layout
from player.ui.ops import Rect, Shade, Sheet
from player.ui.overlays import ASIDE, EMPTY, PROMPTS, Item, Picker
from player.ui.pen import Pen
from player.ui.text import Measure, clusters
from player.ui.theme import (
    BOLD,
    DIM,
    DISPLAY,
    EDGE,
    HI,
    LINE,
    MID,
    MONO,
    NOW,
    PANEL,
    RAISE2,
    STANDBY,
    STANDBY_BG,
    TEXT,
    TITLE,
    TROUBLE,
    Colour,
)

SIGNS = (
    ("play", NOW, "sounding now"),
    ("card", NOW, "on screen, nothing sounds"),
    ("diamond", STANDBY, "standby: what GO fires"),
    ("check", MID, "done"),
    ("circle", MID, "to come"),
    ("pause", NOW, "paused"),
    ("stand-in", MID, "a stand-in plays"),
    ("alert", TROUBLE, "trouble, or silent"),
    ("branch", MID, "further step of a scene"),
)  # fmt: skip


def shade(layout: Layout) -> Sheet:
    """Darkens the screen; a press beside what lies over it closes that."""
    pen = Pen("shade", Rect(0, 0, *layout.size), layout.u, lambda *_: 0)
    pen.add(Shade(pen.rect, 168))
    pen.hit(pen.rect, "close")
    return pen.sheet()


def panel(layout: Layout, wide: float, high: float, top: float | None = None) -> Rect:
    """A panel of so many points, or as much of it as the window has, in the middle or `top` points down."""
    u, (full_w, full_h) = layout.u, layout.size
    w = min(round(wide * u), full_w - round(24 * u))
    h = min(round(high * u), full_h - round(24 * u))
    y = (full_h - h) // 2 if top is None else min(round(top * u), full_h - h - round(12 * u))
    return Rect((full_w - w) // 2, max(y, 0), w, h)


# ---- the keys


class _Line(NamedTuple):
    """A key or a sign, and what it means."""

    caps: tuple[tuple[str, ...], ...]  # strokes, each its keycaps
    words: str
    icon: str = ""
    ink: Colour = MID


def _lines(keys: Bindings, group: str) -> list[_Line]:
    """One line a command; pairs that only differ in direction share one."""
    done: list[_Line] = []
    for command in COMMANDS:
        if command.group != group or command.id in _SECOND:
            continue
        both = (command.id, _PAIRS[command.id][0]) if command.id in _PAIRS else (command.id,)
        strokes = [stroke for name in both for stroke in keys.keys(name)[: 2 if len(both) == 1 else 1]]
        if command.id == "number" and keys.keys("number") == command.keys:
            strokes = ["0–9"]
        caps = [(stroke,) if stroke == "0–9" else shown(stroke) for stroke in strokes]
        if caps:
            done.append(_Line(tuple(_merged(caps)), _PAIRS[command.id][1] if len(both) > 1 else command.title))
    return done


_PAIRS = {
    "up": ("down", "Standby one up, one down"),
    "page-up": ("page-down", "Standby ten up, ten down"),
    "first": ("last", "Standby to the first step, to END"),
    "back": ("forward", "Seek the target song by 5 s"),
    "back-1": ("forward-1", "Seek it by 1 s"),
    "film-back": ("film-on", "Film clock 0.1 s back, on"),
    "softer": ("louder", "Master level by 1 dB"),
    "bigger": ("smaller", "Text size"),
    "write-up": ("write-down", "Move the cue or scene up, down"),
    "write-copy": ("write-cut", "Copy, cut as YAML"),
    "write-from": ("write-to", "Begin, end the song right here"),
    "hear-from": ("hear-to", "Hear its beginning, its end"),
    "write-louder": ("write-softer", "Gain of the target song by 0.5 dB"),
    "write-undo": ("write-redo", "Undo the last edit, do it again"),
}
_SECOND = {second for second, _ in _PAIRS.values()}


def _merged(caps: list[tuple[str, ...]]) -> list[tuple[str, ...]]:
    """Ctrl + and Ctrl − as Ctrl, +, −."""
    if len(caps) == 2 and len(caps[0]) == 2 == len(caps[1]) and caps[0][0] == caps[1][0]:
        return [(caps[0][0], caps[0][1], caps[1][1])]
    return caps


class _Column(NamedTuple):
    title: str
    lines: tuple[_Line, ...]


def help_panel(layout: Layout, measure: Measure, keys: Bindings, page: int) -> Sheet:
    """Every key that works, and what the signs mean; in as many columns as there is room for with no word cut, then
    in pages. `page` counts on from the last one to the first.
    """
    blocks = [_Column(group, tuple(_lines(keys, group))) for group in GROUPS] + [_Column("Signs", _signs())]
    pen = Pen("help", Rect(0, 0, *layout.size), layout.u, measure)
    pad, gap = pen.q(32), pen.q(28)
    room = panel(layout, 0, 690).h / layout.u - 106
    for columns in (3, 2, 1):
        pages = _evenly(blocks, columns, room)
        need = max(_needs(pen, each, gap) for each in pages) + 2 * pad
        rect = panel(layout, max(need / layout.u, 560.0 if columns == 1 else 0), 690)
        if need <= rect.w:
            break
    tall = max(sum(_height(block) for block in column) for each in pages for column in each)
    rect = panel(layout, rect.w / layout.u, min(690.0, tall + 100))
    pen = Pen("help", rect, layout.u, measure)
    pen.box(rect, PANEL, EDGE, 1, 10)
    pen.hit(rect, "inside")
    page %= len(pages)
    pen.text(rect.x + pad, rect.y + pen.q(44), "KEYS", TITLE, 46, HI)
    aside = f"page {page + 1} of {len(pages)}: ↓    " if len(pages) > 1 else ""
    close = " or ".join("".join(shown(key)) for key in (*keys.keys("help")[:1], "Esc"))
    pen.text(
        rect.right - pad,
        rect.y + pen.q(44),
        f"{aside}{close} closes",
        TEXT,
        15,
        MID,
        align=1,
        room=rect.w // 2,
    )
    shown_here = pages[page]
    spare = max(0, rect.w - 2 * pad - _needs(pen, shown_here, gap)) // columns
    x = rect.x + pad
    for column in shown_here:
        wide = min(_wide(pen, column) + spare, rect.right - pad - x)
        y = rect.y + pen.q(88)
        for block in column:
            y = _block(pen, x, y, wide, block) + pen.q(16)
        x += wide + gap
    return pen.sheet()


def _signs() -> tuple[_Line, ...]:
    return tuple(_Line((), words, icon, ink) for icon, ink, words in SIGNS)


_ROW = 25.5


def _height(block: _Column) -> float:
    return 26 + _ROW * len(block.lines) + 16


def _evenly(blocks: list[_Column], columns: int, room: float) -> list[list[list[_Column]]]:
    """Blocks on as few pages as they need, each page no longer than that takes."""
    least = _pages(blocks, columns, room)
    tried = (_pages(blocks, columns, tall) for tall in range(240, int(room), 12))
    return next((even for even in tried if len(even) == len(least)), least)


def _pages(blocks: list[_Column], columns: int, room: float) -> list[list[list[_Column]]]:
    """Blocks into columns, columns into pages. A block is cut in two only where a whole column is too
    short.
    """
    todo = list(blocks)
    pages: list[list[list[_Column]]] = [[[]]]
    left = room
    while todo:
        block = todo.pop(0)
        if _height(block) - 16 <= left:
            pages[-1][-1].append(block)
            left -= _height(block)
        elif left == room:
            fits = max(1, int((room - 26) / _ROW))
            todo[:0] = [_Column(block.title, block.lines[:fits]), _Column(block.title, block.lines[fits:])]
        else:
            todo.insert(0, block)
            left = room
            if len(pages[-1]) < columns:
                pages[-1].append([])
            else:
                pages.append([[]])
    return pages


def _needs(pen: Pen, page: list[list[_Column]], gap: int) -> int:
    """The width of a page on which no word is cut."""
    return sum(_wide(pen, column) for column in page) + gap * (len(page) - 1)


def _wide(pen: Pen, column: list[_Column]) -> int:
    return max(_aside(pen, block) + pen.width(line.words, TEXT, 15) for block in column for line in block.lines)


def _aside(pen: Pen, block: _Column) -> int:
    """How far from the left the words of a block begin: beside its widest keys, or its signs."""
    caps = max(_caps_width(pen, line) for line in block.lines)
    return caps + pen.q(10) if caps else pen.q(30)


def _block(pen: Pen, x: int, y: int, wide: int, block: _Column) -> int:
    pen.text(x, y + pen.q(8), block.title, BOLD, 15.5, NOW, room=wide)
    y += pen.q(26)
    aside = _aside(pen, block)
    for line in block.lines:
        middle = y + pen.q(_ROW / 2)
        left = x
        for stroke in line.caps:
            left += pen.keycaps(left, middle, stroke, 12.5) + pen.q(5)
        if line.icon:
            pen.icon(x + pen.q(10), middle, 13 if line.icon != "circle" else 9, line.icon, line.ink)
        pen.text(x + aside, middle, line.words, TEXT, 15, HI, room=wide - aside)
        y += pen.q(_ROW)
    return y


def _caps_width(pen: Pen, line: _Line) -> int:
    return sum(pen.keycaps_width(stroke, 12.5) + pen.q(5) for stroke in line.caps)


# ---- the question


def ask_panel(layout: Layout, measure: Measure, playing: str, file: str) -> Sheet:
    """Quit, or open `file`, while something plays?"""
    rect = panel(layout, 560, 190)
    pen = Pen("ask", rect, layout.u, measure)
    pen.box(rect, PANEL, EDGE, 1, 10)
    pen.hit(rect, "inside")
    x, room = rect.x + pen.q(32), rect.w - pen.q(64)
    pen.text(x, rect.y + pen.q(44), f"OPEN {file}?" if file else "QUIT?", TITLE, 40, HI, room=room)
    pen.text(x, rect.y + pen.q(88), playing, TEXT, 17, MID, room=room)
    y = rect.bottom - pen.q(40)
    for caps, words, command in (
        (("Enter",), "stop and open" if file else "stop and quit", "yes"),
        (("Esc",), "play on", "close"),
    ):
        wide = pen.keycaps(x, y, caps, 14)
        text = pen.text(x + wide + pen.q(10), y, words, TEXT, 16, HI, room=max(0, rect.right - x - wide - pen.q(24)))
        pen.hit(Rect(x, y - pen.q(16), wide + text + pen.q(10), pen.q(32)), command)
        x += wide + text + pen.q(38)
    return pen.sheet()


def answers(pen: Pen, x: int, y: int, those: tuple[tuple[tuple[str, ...], str, str], ...]) -> None:
    """Keycaps with what they do, side by side, as far as there is room; each can be pressed."""
    for caps, words, what in those:
        wide = pen.keycaps_width(caps)
        if x + wide > pen.rect.right - pen.q(24):
            return
        pen.keycaps(x, y, caps, 14)
        wide = pen.keycaps_width(caps, 14)
        text = pen.text(
            x + wide + pen.q(10), y, words, TEXT, 16, HI, room=max(0, pen.rect.right - x - wide - pen.q(24))
        )
        pen.hit(Rect(x, y - pen.q(16), wide + text + pen.q(10), pen.q(32)), what)
        x += wide + text + pen.q(34)


def _edits(count: int) -> str:
    return "1 edit is" if count == 1 else f"{count} edits are"


def unsaved_panel(layout: Layout, measure: Measure, playing: str, file: str, unsaved: int) -> Sheet:
    """Quit, or open `file`, while edits are not saved?"""
    rect = panel(layout, 620, 190)
    pen = Pen("ask", rect, layout.u, measure)
    pen.box(rect, PANEL, EDGE, 1, 10)
    pen.hit(rect, "inside")
    x, room = rect.x + pen.q(32), rect.w - pen.q(64)
    pen.text(
        x, rect.y + pen.q(44), f"SAVE BEFORE {file}?" if file else "SAVE BEFORE QUITTING?", TITLE, 40, HI, room=room
    )
    words = f"{_edits(unsaved)} not in the file. {playing}".rstrip()
    pen.text(x, rect.y + pen.q(88), words, TEXT, 17, MID, room=room)
    those = ((("S",), "save", "save"), (("D",), "discard", "discard"), (("Esc",), "stay", "close"))
    answers(pen, x, rect.bottom - pen.q(40), those)
    return pen.sheet()


def offer_panel(layout: Layout, measure: Measure, count: int) -> Sheet:
    """Edits that an earlier run left: take them?"""
    rect = panel(layout, 620, 190)
    pen = Pen("ask", rect, layout.u, measure)
    pen.box(rect, PANEL, EDGE, 1, 10)
    pen.hit(rect, "inside")
    x, room = rect.x + pen.q(32), rect.w - pen.q(64)
    pen.text(x, rect.y + pen.q(44), "UNSAVED EDITS", TITLE, 40, HI, room=room)
    words = f"{_edits(count)} left from the last time, and not in the file."
    pen.text(x, rect.y + pen.q(88), words, TEXT, 17, MID, room=room)
    those = ((("Enter",), "take", "take"), (("D",), "forget", "drop"), (("Esc",), "later", "close"))
    answers(pen, x, rect.bottom - pen.q(40), those)
    return pen.sheet()


_CLASH = 118.0


def clashes_panel(layout: Layout, measure: Measure, of: Clashes) -> Sheet:
    """What changed here and in the file: one value a row, mine on the left, the file's on the right."""
    most = max(1, min(len(of.found), int((layout.size[1] / layout.u - 190) / _CLASH)))
    rect = panel(layout, 900, 168 + _CLASH * most)
    pen = Pen("clashes", rect, layout.u, measure)
    pen.box(rect, PANEL, EDGE, 1, 10)
    pen.hit(rect, "inside")
    x, room = rect.x + pen.q(32), rect.w - pen.q(64)
    pen.text(x, rect.y + pen.q(42), "CHANGED TWICE", TITLE, 40, HI, room=room)
    words = "Here and in the file, since it was read. Everything else of both is kept."
    pen.text(x, rect.y + pen.q(80), words, TEXT, 16, MID, room=room)
    first = min(max(0, of.focus - most + 1 + (of.focus < len(of.found) - 1)), len(of.found) - most)
    y = rect.y + pen.q(104)
    for index in range(first, first + most):
        if y + pen.q(_CLASH) > rect.bottom - pen.q(48):
            break
        _clash(pen, Rect(x, y, room, pen.q(_CLASH)), index, of)
        y += pen.q(_CLASH)
    those = (
        (("←",), "mine", "close-not"), (("→",), "the file's", "close-not"),
        (("Enter",), "done", "settle"), (("Esc",), "later", "close"),
    )  # fmt: skip
    answers(pen, x, rect.bottom - pen.q(32), those)
    return pen.sheet()


def _clash(pen: Pen, rect: Rect, index: int, of: Clashes) -> None:
    clash, side, here = of.found[index], of.choice[index], index == of.focus
    count = f"{index + 1} of {len(of.found)}"
    wide = pen.text(rect.right, rect.y + pen.q(16), count, MONO, 13, MID, align=1)
    pen.text(rect.x, rect.y + pen.q(16), clash.name, BOLD, 16, HI if here else MID, room=rect.w - wide - pen.q(16))
    half = (rect.w - pen.q(16)) // 2
    for place, (what, label, text) in enumerate(
        (("mine", "MINE", clash.mine), ("theirs", "IN THE FILE", clash.theirs))
    ):
        box = Rect(rect.x + place * (half + pen.q(16)), rect.y + pen.q(32), half, rect.h - pen.q(42))
        chosen = side == what
        ground = STANDBY_BG if chosen else PANEL
        pen.box(box, ground, STANDBY if chosen else EDGE if here else LINE, 2 if chosen else 1, 6)
        pen.hit(box, what, index)
        ink = STANDBY if chosen else MID
        y = box.y + pen.q(15)
        if chosen:
            pen.icon(box.x + pen.q(17), y, 10, "check", STANDBY)
        pen.text(box.x + pen.q(28 if chosen else 12), y, label, BOLD, 12, ink, room=half - pen.q(40), track=1.4)
        shown_text = text or "taken away"
        rows = pen.lines(shown_text, TEXT, 15.5, half - pen.q(24), 1 if box.h < pen.q(56) else 2)
        for number, row in enumerate(rows):
            middle = box.y + pen.q(35 + 20 * number) if len(rows) > 1 else box.y + pen.q(44)
            pen.text(box.x + pen.q(12), middle, row, TEXT, 15.5, HI if text else MID, room=half - pen.q(24))


# ---- the picker

_HEAD = 70.0
_ITEM = 44.0


def picker_panel(layout: Layout, measure: Measure, picker: Picker) -> Sheet:
    """The field and what it finds."""
    most = max(1, min(8, int((layout.size[1] / layout.u - _HEAD - 60) / _ITEM)))
    count = min(len(picker.items), most)
    rect = panel(layout, 760, _HEAD + 12 + _ITEM * max(count, 1), 84)
    pen = Pen("picker", rect, layout.u, measure)
    pen.box(rect, PANEL, EDGE, 1, 10)
    pen.hit(rect, "inside")
    _field(pen, Rect(rect.x, rect.y, rect.w, pen.q(_HEAD)), picker)
    pen.fill(Rect(rect.x + 1, rect.y + pen.q(_HEAD), rect.w - 2, max(1, pen.q(1))), LINE)
    if not count:
        middle = rect.y + pen.q(_HEAD + 6 + _ITEM / 2)
        words = EMPTY[picker.mode] if picker.field.text else ASIDE[picker.mode]
        pen.text(rect.x + pen.q(28), middle, words, TEXT, 16, MID, room=rect.w - pen.q(56))
        return pen.sheet()
    first = min(max(0, picker.chosen - count + 1 + (picker.chosen < len(picker.items) - 1)), len(picker.items) - count)
    for place in range(count):
        y = rect.y + pen.q(_HEAD + 6) + pen.q(_ITEM) * place
        index = first + place
        line = Rect(rect.x + pen.q(8), y, rect.w - pen.q(16), pen.q(_ITEM) - pen.q(2))
        _item(pen, line, picker.items[index], index == picker.chosen)
        pen.hit(line, "item", index)
    return pen.sheet()


def _item(pen: Pen, line: Rect, item: Item, chosen: bool) -> None:
    if chosen:
        pen.fill(line, RAISE2, 5)
        pen.fill(Rect(line.x, line.y, max(2, pen.q(4)), line.h), STANDBY, 1)
    middle = line.mid[1]
    sign: Colour = TROUBLE if item.icon == "alert" else STANDBY if chosen else DIM
    pen.icon(line.x + pen.q(26), middle, 13, item.icon, sign)
    x, right = line.x + pen.q(50), line.right - pen.q(16)
    ink = HI if item.lit else MID
    if item.caps:
        right -= pen.keycaps_width(item.caps)
        pen.keycaps(right, middle, item.caps)
        right -= pen.q(14)
    if item.number:
        wide = max(pen.width(item.number, MONO, 16), pen.width("00", MONO, 16))  # units stand below units
        pen.text(x + wide, middle, item.number, MONO, 16, MID, align=1, room=right - x)
        x += wide + pen.q(12)
    x += pen.text(x, middle, item.title, BOLD, 18, ink, room=max(0, right - x)) + pen.q(14)
    if right - x > pen.q(30):
        pen.text(x, middle, item.detail, TEXT, 16, MID, room=right - x)


def _field(pen: Pen, rect: Rect, picker: Picker) -> None:
    """Prompt, text, caret; a text longer than the field is shown around its caret."""
    middle = rect.y + rect.h // 2 + pen.q(1)
    prompt = PROMPTS[picker.mode]
    x = rect.x + pen.q(28)
    size = 30 if prompt == "/" else 22
    x += pen.text(x, middle, prompt, TITLE, size, STANDBY, track=0 if prompt == "/" else 1.5) + pen.q(16)
    room = rect.right - pen.q(24) - x
    field = picker.field
    if not field.text and not field.composing:
        pen.text(x + pen.q(10), middle, ASIDE[picker.mode], TEXT, 18, DIM, room=room - pen.q(10))
    before, inside, after = _window(pen, field, room)
    caret = x + pen.width(before, DISPLAY, 24)
    pen.text(x, middle, before + inside + after, DISPLAY, 24, HI, room=room)
    thick, high = max(2, pen.q(2)), pen.q(28)
    if field.composing and inside:
        under = Rect(caret, middle + pen.q(14), pen.width(inside, DISPLAY, 24), thick)
        pen.fill(under.cut(rect), STANDBY)
        caret = under.right
    elif inside:
        under = Rect(caret, middle + pen.q(15), pen.width(inside, DISPLAY, 24), thick * 2)
        pen.fill(under.cut(rect), STANDBY)
        caret = under.right if field.caret > field.anchor else caret
    spot = Rect(min(caret, rect.right - pen.q(20)), middle - high // 2, thick, high)
    pen.fill(spot, STANDBY)
    pen.hit(spot, "caret")


def _window(pen: Pen, field: Field, room: int) -> tuple[str, str, str]:
    """Text before the marked part, that part (composed or selected), text after it; cut from the left to
    fit.
    """
    parts = list(field.parts)
    first, last = field.span
    inside = list(clusters(field.composing)) if field.composing else parts[first:last]
    before, after = parts[:first], parts[last:]
    while before and pen.width("".join(before + inside), DISPLAY, 24) > room - pen.q(8):
        before = before[max(1, len(before) // 8) :]
    while after and pen.width("".join(before + inside + after), DISPLAY, 24) > room:
        after = after[: -max(1, len(after) // 8)]
    return "".join(before), "".join(inside), "".join(after)
