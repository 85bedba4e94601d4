"""`edit`, `find`, `replace` and `diff`: each takes the options of its call and returns the exit code."""

from __future__ import annotations

import argparse
import difflib
import re
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from player import terminal
from player.terminal import complain, draw, say, say_json
from timeline import compare, problems, store
from timeline.edit import (
    Delete,
    Found,
    Insert,
    Move,
    Op,
    Refused,
    Rename,
    Set,
    apply,
    pattern,
    source,
    substitute,
    value_at,
)
from timeline.edit import find as find_in
from timeline.edit.search import fields_named
from timeline.model import Problem
from timeline.reader import Reading
from timeline.words import shown, visible


class _Wrong(Exception):
    """A call that cannot be understood."""


def edit(options: argparse.Namespace) -> int:
    """Change one thing in a file."""
    path: Path = options.file
    if {"-h", "--help"} & set(options.words[:1]):
        say(*options.help_text().splitlines())
        return 0
    try:
        words, flags = _flags(options.words)
        raw = store.raw_bytes(path)
        op = _op(raw, words, flags)
        done = apply(raw, op)
    except _Wrong as wrong:
        complain(f"{wrong} (needledrop edit --help tells more)")
        return 2
    except store.Unreadable as unreadable:
        complain(str(unreadable))
        return 2
    except Refused as refused:
        complain(f"{path}: {refused}")
        return 1
    told = _told(raw, done.raw, op, done.path)
    return _write([(path, raw, done.raw)], [f"{path}: {told}"], dry="--dry-run" in flags, force="--force" in flags)


_SHAPES: Final = {"set": 2, "delete": 1, "insert": 2, "move": 2, "rename": 2}
_TAKES: Final = {
    "set": "PATH VALUE", "delete": "PATH", "insert": "PATH YAML", "move": "PATH POSITION", "rename": "PATH NEW-ID",
}  # fmt: skip


def _flags(words: Sequence[str]) -> tuple[list[str], dict[str, str]]:
    """The words of an edit, and its options, which may stand anywhere before a lone `--`."""
    plain, flags, rest = list[str](), dict[str, str](), list(words)
    while rest:
        word = rest.pop(0)
        name, equals, value = word.partition("=")
        if word == "--":
            return plain + rest, flags
        if word in ("--dry-run", "--force"):
            flags[word] = ""
        elif name in ("--at", "--to"):
            if not equals and not rest:
                raise _Wrong(f"{name} needs a value")
            flags[name] = value if equals else rest.pop(0)
        elif word.startswith("--") and len(word) > 2:
            raise _Wrong(f"there is no option {name}")
        else:
            plain.append(word)
    return plain, flags


def _op(raw: bytes, words: list[str], flags: dict[str, str]) -> Op:
    action = words[0] if words else ""
    if action not in _SHAPES:
        raise _Wrong(f'"{shown(action)}" is no edit; there are {", ".join(_SHAPES)}' if action else "say what to do")
    if len(words) - 1 != _SHAPES[action]:
        raise _Wrong(f"{action} takes {_TAKES[action]}")
    if "--at" in flags and action != "insert":
        raise _Wrong("--at belongs to insert")
    if "--to" in flags and action != "move":
        raise _Wrong("--to belongs to move")
    path, rest = words[1], words[2:]
    match action:
        case "set":
            return Set(path, value_at(raw, path, rest[0]))
        case "delete":
            return Delete(path)
        case "insert":
            yaml = sys.stdin.read() if rest[0] == "-" and sys.stdin is not None else rest[0]
            return Insert(path, yaml, _position(flags["--at"]) if "--at" in flags else None)
        case "move":
            return Move(path, _position(rest[0]), flags.get("--to"))
    return Rename(path, rest[0])


def _position(text: str) -> int:
    if not re.fullmatch(r"#?[1-9]\d{0,8}", text, re.ASCII):
        raise _Wrong(f'"{shown(text)}" is not a position; they count from 1')
    return int(text.removeprefix("#")) - 1


def _told(before: bytes, after: bytes, op: Op, path: str) -> str:
    """What an edit did, in a line."""
    if before == after:
        return f"{path}: nothing to change"
    match op:
        case Set():
            old, new = source(before, op.path), source(after, path)
            return f"{path}: {shown(old) + ' → ' if old else ''}{shown(new or '')}"
        case Delete():
            return f"{op.path} deleted"
        case Insert():
            return f"{path} inserted"
        case Move():
            return f"{path} moved"
        case Rename():
            deeper = path.count("/") > op.path.count("/")  # an id where there was none
            return f"{op.path} is now {path.removesuffix('/id') if deeper else path}"
    return path


# -- find and replace


def find(options: argparse.Namespace) -> int:
    """Print every value that holds a text; 1 where there is none."""
    code, count = 0, 0
    wanted = _wanted(options)
    for path in options.files:
        try:
            found = find_in(store.raw_bytes(path), wanted, options.field)
        except store.Unreadable as unreadable:
            complain(str(unreadable))
            code = 2
            continue
        except Refused as refused:
            complain(f"{path}: {refused}")
            code = max(code, 1)
            continue
        count += len(found)
        say(*(f"{path}:{one.line}:{one.column}: {one.path}: {_around(one.text, wanted)}" for one in found))
    return code or (0 if count else 1)


def replace(options: argparse.Namespace) -> int:
    """Replace a text in the values of all files, or in none; 1 where there is nothing to replace."""
    edits, lines = list[tuple[Path, bytes, bytes]](), list[str]()
    wanted = _wanted(options)
    put = _substitute(wanted, options)
    for path in options.files:
        try:
            raw = store.raw_bytes(path)
            done, found = substitute(raw, wanted, put, options.field)
        except store.Unreadable as unreadable:
            complain(str(unreadable))
            return 2
        except Refused as refused:
            complain(f"{path}: {refused}")
            return 1
        if found:
            edits.append((path, raw, done.raw))
            lines += [f"{path}:{one.line}: {one.path}: {_change(one, wanted)}" for one in found]
    if not edits:
        complain("nothing found")
        return 1
    return _write(edits, lines, dry=options.dry_run, force=options.force)


def _wanted(options: argparse.Namespace) -> re.Pattern[str]:
    """What is looked for, once it and the fields to look in are known to make sense."""
    try:
        fields_named(options.field)
        return pattern(options.pattern, regex=options.regex, case=options.case)
    except Refused as refused:
        raise terminal.Refused(str(refused)) from None


def _substitute(wanted: re.Pattern[str], options: argparse.Namespace) -> Any:
    if not options.regex:
        return lambda _: options.text
    try:
        wanted.sub(options.text, "")
        re.compile(wanted.pattern + "|").sub(options.text, "")  # an empty match shows what groups TEXT asks for
    except (re.error, IndexError) as error:
        raise terminal.Refused(f'"{options.text}" does not fit the expression ({error})') from None
    return lambda match: match.expand(options.text)


def _around(text: str, wanted: re.Pattern[str]) -> str:
    """A value on one line, cut to where it matches."""
    line = " ".join(text.split())
    match = wanted.search(line)
    start = max(0, match.start() - 30) if match else 0
    piece = line[start : start + 72]
    return ("…" if start else "") + piece + ("…" if start + 72 < len(line) else "")


def _change(one: Found, wanted: re.Pattern[str]) -> str:
    new = one.new or ""
    if len(one.text) + len(new) < 60:
        return f"{shown(one.text)} → {shown(new)}"
    return _around(one.text, wanted) + f" ({len(wanted.findall(one.text))} replaced)"


# -- writing


def _write(edits: Sequence[tuple[Path, bytes, bytes]], lines: list[str], *, dry: bool, force: bool) -> int:
    """Save what was edited, unless a file would have an error that it has not got now."""
    for path, before, after in edits:
        if not force and (worse := _new_errors(path, before, after)):
            reading, errors = worse
            for problem in errors:
                for line in problems.render(problem, reading.source).split("\n"):
                    draw(visible(line) + "\n")
            complain(f"{path}: not changed, for this would be new in it; --force writes it all the same")
            return 1
    if dry:
        for path, before, after in edits:
            say(*_diff(path, before, after))
        return 0
    for path, before, after in edits:
        try:
            store.save(path, after, before)
        except (store.Changed, store.Unwritable) as error:
            complain(f"{error}; nothing was written to it")
            return 1
    say(*lines)
    return 0


def _new_errors(path: Path, before: bytes, after: bytes) -> tuple[Reading, list[Problem]] | None:
    old = Counter((one.code, one.message) for one in store.reading(before, path).problems if one.severity == "error")
    reading = store.reading(after, path)
    new = []
    for problem in reading.problems:
        if problem.severity == "error":
            old[problem.code, problem.message] -= 1
            if old[problem.code, problem.message] < 0:
                new.append(problem)
    return (reading, new) if new else None


def _diff(path: Path, before: bytes, after: bytes) -> list[str]:
    old, new = (raw.decode("utf-8").splitlines() for raw in (before, after))
    return list(difflib.unified_diff(old, new, f"{path}", f"{path} (edited)", lineterm=""))


# -- diff


def diff(options: argparse.Namespace) -> int:
    """Say what changed between two files."""
    raws = []
    for path in (options.old, options.new):
        try:
            raws.append(store.raw_bytes(path))
        except store.Unreadable as unreadable:
            complain(str(unreadable))
            return 2
    found = list[compare.Difference]()
    for path, raw in zip((options.old, options.new), raws, strict=True):
        try:
            source(raw, "")
        except Refused as refused:
            complain(f"{path}: {refused}")
            return 1
    found = compare.compare(raws[0], raws[1])
    if options.json:
        say_json({"same": raws[0] == raws[1], "changes": [_as_json(one) for one in found]})
    elif found:
        say(*compare.as_lines(found))
    else:
        say("no difference" if raws[0] == raws[1] else "only comments, layout or quotes differ")
    return 0


def _as_json(one: compare.Difference) -> dict[str, Any]:
    return {
        "kind": one.kind,
        "path": one.path,
        "thing": one.thing,
        "text": one.text,
        "key": one.key,
        "old": _plain(one.old),
        "new": _plain(one.new),
    }


def _plain(value: Any) -> Any:
    """Plain data of a document as JSON has it."""
    match value:
        case tuple():
            return {str(key): _plain(item) for key, item in zip(value[::2], value[1::2], strict=True)}
        case list():
            return [_plain(item) for item in value]
        case str():
            return value
    return None
