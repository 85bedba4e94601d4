"""A one-line text field: text, caret, selection, and what an input method is composing. Pure values.

Positions count clusters, so the caret never stands inside a letter with its accent or a flag.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from player.ui.text import clusters, plain

LONGEST = 4000  # characters a field takes: a note may be a paragraph


@dataclass(frozen=True, slots=True)
class Field:
    """`caret` and `anchor` are cluster positions; between them lies the selection. `composing` is not yet
    text.
    """

    text: str = ""
    caret: int = 0
    anchor: int = 0
    composing: str = ""

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


def of(text: str) -> Field:
    """A field that holds `text`, caret at its end."""
    end = len(clusters(text))
    return Field(text, end, end)


def insert(field: Field, text: str) -> Field:
    """`text` in place of the selection."""
    first, last = field.span
    parts = field.parts
    room = max(0, LONGEST - len(field.text) + len(field.selected))
    head = "".join(parts[:first]) + plain(text)[:room]
    caret = len(clusters(head))
    return Field(head + "".join(parts[last:]), caret, caret)


def compose(field: Field, text: str) -> Field:
    """What the input method shows before it is text."""
    return replace(field, composing=plain(text))


def erase(field: Field, *, ahead: bool = False, word: bool = False) -> Field:
    """Take away the selection, else what the caret would pass."""
    if field.caret == field.anchor:
        field = move(field, 1 if ahead else -1, word=word, select=True)
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
    return replace(field, anchor=first, caret=last)


def all_of(field: Field) -> Field:
    """Everything selected."""
    return replace(field, anchor=0, caret=len(field.parts))


def _at(field: Field, place: int, select: bool) -> Field:
    place = min(max(place, 0), len(field.parts))
    return replace(field, caret=place, anchor=field.anchor if select else place)
