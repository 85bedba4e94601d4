"""Making a change real: the new text is read and compared with what was meant before it counts."""

from __future__ import annotations

from timeline.edit.change import Change, changed, put_back, spliced
from timeline.edit.document import Document, document, encoded, steps_at
from timeline.edit.ops import Put, Refused
from timeline.edit.region import reread


def applied(doc: Document, change: Change) -> tuple[Document, Put]:
    """The document after a change, and the way back. Raises Refused where the text would not say what it should."""
    text, back = spliced(doc.text, change.splices)
    try:
        after = reread(doc, text, change)
    except Refused:  # a mistake of syntax, which reading all of it tells in its place
        after = None
    if after is None:
        after = _read_whole(doc, text, change)
    return after, put_back(after, change, back)


def _read_whole(doc: Document, text: str, change: Change) -> Document:
    try:
        after = document(encoded(text, doc.bom), doc.loader)
    except Refused as refused:
        raise Refused(f"this cannot be done here without harm to the file ({refused})") from None
    tabs = after.tabs and not doc.tabs and change.plain is not ...
    if not _says(doc, after, change) or len(after.refused) > len(doc.refused) or tabs:
        raise Refused("this cannot be done safely here: the file would say something else than was meant")
    return after


def _says(doc: Document, after: Document, change: Change) -> bool:
    """Whether the new text says what it should."""
    if change.plain is not ...:
        return bool(after.plain == change.plain)
    try:
        there = steps_at(after, change.inside)
    except Refused:
        return False
    return bool(changed(after.plain, there, lambda _: ...) == changed(doc.plain, change.inside, lambda _: ...))
