"""A text field: text, caret, selection, and what an input method is composing. Pure values.

Positions count clusters, so the caret never stands inside a letter with its accent or a flag.
"""

from __future__ import annotations

from msgspec import Struct
from msgspec.structs import replace

from player.ui.text import clusters, plain

Moment = tuple[str, int, int]  # text, caret, anchor
MOST_PAST = 200  # moments that can be undone
LONGEST = 4000  # characters a field takes: a note may be a paragraph


class Field(Struct, frozen=True):
    """`caret` and `anchor` are cluster positions; between them lies the selection. `composing` is not yet
    text. `lines`: it takes line breaks. `past`, `ahead`: what can be undone and done again, the nearest last;
    `run`: what the last stroke did, so that a word is undone at once.
    """

    text: str = ""
    caret: int = 0
    anchor: int = 0
    composing: str = ""
    lines: bool = False
    past: tuple[Moment, ...] = ()
    ahead: tuple[Moment, ...] = ()
    run: str = ""

    @property
    def parts(self) -> tuple[str, ...]:
        return clusters(self.text)

    @property
    def span(self) -> tuple[int, int]:
        """The selection, first to last."""
        return min(self.caret, self.anchor), max(self.caret, self.anchor)

    @property
    def selected(self) -> str:
        first, last = self.span
        return "".join(self.parts[first:last])


BLANK = Field()


def of(text: str, *, lines: bool = False) -> Field:
    """A field that holds `text`, caret at its end."""
    end = len(clusters(text))
    return Field(text, end, end, lines=lines)


def insert(field: Field, text: str) -> Field:
    """`text` in place of the selection."""
    first, last = field.span
    parts = field.parts
    room = max(0, LONGEST - len(field.text) + len(field.selected))
    typed = _fit(text, field.lines)[:room]
    head = "".join(parts[:first]) + typed
    caret = len(clusters(head))
    made = replace(field, text=head + "".join(parts[last:]), caret=caret, anchor=caret, composing="")
    return made if made.text == field.text else _noted(made, field, typed)


def _fit(text: str, lines: bool) -> str:
    """`text` as the field may hold it: on one line, or with its line breaks."""
    if not lines:
        return plain(text)
    return "\n".join(plain(line) for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n"))


def _noted(made: Field, before: Field, typed: str) -> Field:
    """The field with the moment before, unless this stroke goes on with a word, or with taking away."""
    run = "type" if len(clusters(typed)) == 1 else "erase" if not typed else ""
    behind = before.text and before.parts[before.caret - 1].isspace() if before.caret else False
    goes_on = run != "" and run == before.run and not (run == "type" and behind and not typed.isspace())
    moment = (before.text, before.caret, before.anchor)
    past = before.past if goes_on else (*before.past, moment)[-MOST_PAST:]
    return replace(made, past=past, ahead=(), run=run)


def undo(field: Field) -> Field:
    """As it was before the last word, or the last thing pasted or taken away."""
    return _back(field, field.past, field.ahead, forward=False)


def redo(field: Field) -> Field:
    """As it was before the last undo."""
    return _back(field, field.past, field.ahead, forward=True)


def _back(field: Field, past: tuple[Moment, ...], ahead: tuple[Moment, ...], *, forward: bool) -> Field:
    start, end = (ahead, past) if forward else (past, ahead)
    if not start:
        return field
    text, caret, anchor = start[-1]
    start, end = start[:-1], (*end, (field.text, field.caret, field.anchor))
    past, ahead = (end, start) if forward else (start, end)
    return replace(field, text=text, caret=caret, anchor=anchor, past=past, ahead=ahead, run="")


def compose(field: Field, text: str) -> Field:
    """What the input method shows before it is text."""
    return replace(field, composing=plain(text))


def erase(field: Field, *, ahead: bool = False, word: bool = False) -> Field:
    """Take away the selection, else what the caret would pass."""
    if field.caret == field.anchor:
        run = field.run
        field = replace(move(field, 1 if ahead else -1, word=word, select=True), run=run)
    return insert(field, "")


def move(field: Field, by: int, *, word: bool = False, select: bool = False) -> Field:
    """The caret one cluster or one word to the left (-1) or right (1). A selection is left at its end."""
    if field.caret != field.anchor and not select:
        place = field.span[0 if by < 0 else 1]
    elif word:
        place = _word(field.parts, field.caret, by)
    else:
        place = field.caret + by
    return _at(field, place, select)


def _word(parts: tuple[str, ...], place: int, by: int) -> int:
    """Over the gap, then over the word."""
    ahead = (lambda at: parts[at]) if by > 0 else (lambda at: parts[at - 1])
    stop = len(parts) if by > 0 else 0
    while place != stop and not ahead(place)[0].isalnum():
        place += by
    while place != stop and ahead(place)[0].isalnum():
        place += by
    return place


def home(field: Field, *, select: bool = False) -> Field:
    return _at(field, 0, select)


def end(field: Field, *, select: bool = False) -> Field:
    return _at(field, len(field.parts), select)


def at(field: Field, place: int, *, select: bool = False) -> Field:
    """The caret at a place, as the mouse asks for it."""
    return _at(field, place, select)


def word_at(field: Field, place: int) -> Field:
    """The word at a place selected, as a double press asks for it."""
    parts = field.parts
    first = last = min(max(place, 0), len(parts))
    while first and parts[first - 1][0].isalnum():
        first -= 1
    while last < len(parts) and parts[last][0].isalnum():
        last += 1
    return replace(field, anchor=first, caret=last, run="")


def all_of(field: Field) -> Field:
    """Everything selected."""
    return replace(field, anchor=0, caret=len(field.parts), run="")


def _at(field: Field, place: int, select: bool) -> Field:
    place = min(max(place, 0), len(field.parts))
    return replace(field, caret=place, anchor=field.anchor if select else place, run="")
