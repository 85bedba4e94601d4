"""Unsaved edits as lines of text, each of which can be added by itself: what a program that dies leaves behind.

The first line is the file's text before the edits, the others are the edits in turn. A last line that was cut off is
passed over.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any, Final

from timeline.draft import Change, Draft, do, open_draft, pending, redo, undo, unsaved
from timeline.edit import Refused, from_json, to_json

KIND: Final = "needledrop edits 1"


def begun(draft: Draft, path: str) -> bytes:
    """All lines of a draft of the file `path`."""
    head = {"kind": KIND, "file": path, "text": draft.disk.decode("utf-8", "surrogateescape")}
    return _line(head) + b"".join(done(change) for change in pending(draft))


def done(change: Change) -> bytes:
    """The line of one edit more."""
    return _line({"do": [to_json(op) for op in change.ops], "label": change.label})


UNDONE: Final = b'{"undo": 1}\n'
REDONE: Final = b'{"redo": 1}\n'


def _line(data: dict[str, Any]) -> bytes:
    return json.dumps(data, ensure_ascii=True).encode() + b"\n"


def read(raw: bytes) -> Draft | None:
    """The draft that the lines lead to, as far as they can be followed; None where they hold no edits."""
    lines = raw.split(b"\n")[:-1]  # what follows the last line break is none or cut off
    try:
        head = json.loads(lines[0])
        if head["kind"] != KIND:
            return None
        draft = open_draft(head["text"].encode("utf-8", "surrogateescape"))
    except (ValueError, LookupError, TypeError, AttributeError):
        return None
    draft = _followed(draft, lines[1:])
    return draft if unsaved(draft) else None


def _followed(draft: Draft, lines: Iterable[bytes]) -> Draft:
    for line in lines:
        try:
            entry = json.loads(line)
            if "undo" in entry:
                draft = undo(draft) or draft
            elif "redo" in entry:
                draft = redo(draft) or draft
            else:
                draft = do(draft, [from_json(op) for op in entry["do"]], str(entry["label"]))
        except (ValueError, LookupError, TypeError, Refused):
            return draft
    return draft
