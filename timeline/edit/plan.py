"""What each operation means for a document: a change of its text, or simpler operations in a row."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from msgspec.structs import replace

from timeline import spec
from timeline.edit.change import Change, Splice, as_plain, changed, moved, with_entry, without
from timeline.edit.document import (
    Document,
    Plain,
    Step,
    Steps,
    find,
    follow,
    group_of,
    inner,
    kind_of,
    missing,
    path_of,
    plain_of,
    steps_at,
    words_of,
)
from timeline.edit.entries import flow_insertion, insertion, removal, reordering, usual_blanks
from timeline.edit.layout import (
    below,
    blank_lines,
    body,
    break_at,
    column,
    content,
    count_of,
    end_of,
    head_of,
    line_above,
    line_end,
    line_start,
    null_at,
    opens_line,
    tail_end,
    value_of,
)
from timeline.edit.ops import Data, Delete, Insert, Move, Op, Put, Refused, Rename, Set, Unfold
from timeline.edit.references import renaming
from timeline.edit.scalars import block_scalar, is_null, misread, scalar
from timeline.edit.snippet import Snippet, excerpt, has_comment, read_item, read_pair
from timeline.edit.writing import (
    WIDE,
    key_text,
    laid_out,
    manner,
    one_line,
    pair_lines,
)
from timeline.nodes import Branch, Gone, List, Map, Node
from timeline.spec import Group, Kind, Listing, Table
from timeline.words import shown

Plan = Change | Sequence[Op | Unfold]


def plan(doc: Document, op: Op | Unfold) -> Plan:
    """The change an operation makes, or the operations it consists of. Raises Refused."""
    match op:
        case Set():
            return _set(doc, op)
        case Delete():
            return _delete(doc, find(doc, op.path))
        case Insert():
            return _insert(doc, op)
        case Move():
            return _move(doc, op)
        case Rename():
            return _rename(doc, op)
        case Put():
            return _put(doc, op)
        case Unfold():
            return _unfold(doc, find(doc, op.path))


def _same(steps: Steps) -> Callable[[Document], str]:
    return lambda after: path_of(steps_at(after, steps))


# -- set


def _set(doc: Document, op: Set) -> Plan:
    words = words_of(op.path)
    if not words:
        raise Refused("name what is meant, like songs/fever/title")
    steps, rest = follow(doc, words)
    if rest:
        return _add(doc, steps, words, rest, op)
    node = steps[-1].node
    if plain_of(node) == as_plain(op.value):
        return Change((), doc.plain, steps[:-1], _same(steps))
    if isinstance(op.value, dict) and isinstance(node, Map) and op.value and node.items:
        return _set_keys(doc, steps, node, op.value)
    if isinstance(op.value, list) and isinstance(node, List) and op.value and node.items:
        return _set_items(doc, steps, node, op.value)
    if isinstance(op.value, str) and not isinstance(node, Branch):
        splices = list(scalar_splices(doc, steps, op.value))
    else:
        splices = list(_value_for_value(doc, steps, op.value))
    plain = changed(doc.plain, steps, lambda _: as_plain(op.value))
    return Change(tuple(splices), plain, steps[:-1], _same(steps))


def _set_keys(doc: Document, steps: Steps, node: Map, value: dict[str, Data]) -> list[Op]:
    """A mapping takes other keys one by one, so that all else in it stays."""
    path = path_of(steps)
    here = {key.value: item for key, item in zip(node.items[::2], node.items[1::2], strict=True)}
    ops: list[Op] = [
        Set(f"{path}/{key}", item)
        for key, item in value.items()
        if key not in here or plain_of(here[key]) != as_plain(item)
    ]
    return ops + [Delete(f"{path}/{key}") for key in here if key not in value]


def _set_items(doc: Document, steps: Steps, node: List, value: list[Data]) -> list[Op]:
    """A list keeps the items it has in common with the new one at its beginning and its end."""
    path, how, kind = path_of(steps), manner(doc), kind_of(steps)
    old, new = plain_of(node), as_plain(value)
    first = next((n for n, (a, b) in enumerate(zip(old, new, strict=False)) if a != b), min(len(old), len(new)))
    last = 0
    while last < min(len(old), len(new)) - first and old[-1 - last] == new[-1 - last]:
        last += 1
    shared = range(first, min(len(old), len(new)) - last)
    ops: list[Op] = [Set(f"{path}/#{n + 1}", value[n]) for n in shared]
    ops += [Delete(f"{path}/#{n + 1}") for n in reversed(range(shared.stop, len(old) - last))]
    for n in range(shared.stop, len(new) - last):
        ops.append(Insert(path, one_line(value[n], _item_kind(kind, value[n]), how, within=False), n))
    return ops


def _item_kind(kind: Kind | None, item: Data) -> Kind | None:
    if not isinstance(kind, Listing):
        return None
    return (kind.or_group or kind.of) if isinstance(item, dict) else kind.of


def _in_flow(steps: Steps) -> bool:
    return any(step.branch.flow for step in steps)


def scalar_splices(doc: Document, steps: Steps, value: str) -> Iterator[Splice]:
    """Gives a scalar that is there another text, in its own style."""
    text, step, node = doc.text, steps[-1], steps[-1].node
    how, kind = manner(doc), kind_of(steps)
    style = node.style or ""
    if style in ("|", ">"):
        made = _in_block_style(text, step, value)
        if made is not None:
            yield Splice(node.start_mark.index, end_of(text, node), made)
            return
        style = '"'
    if node.value == "" and not style:
        yield from _into_nothing(doc, steps, *laid_out(value, kind, how, _depth(text, step), _in_flow(steps)))
        return
    start, end = node.start_mark.index, end_of(text, node)
    if style:
        yield Splice(start, end, scalar(value, style, _in_flow(steps)) + _remark_of(text, node))
        return
    if misread(node.value):  # who wrote 1999 without quotes writes 2001 so, too
        kind = None
    head, tail = laid_out(value, kind, how, _depth(text, step), _in_flow(steps), column(text, start))
    yield Splice(start, end, head)
    if tail:
        eol = line_end(text, end)
        yield Splice(eol, eol, _lines_below(text, eol, _depth(text, step), tail))


def _depth(text: str, step: Step) -> int:
    """The column of the key or dash that a value belongs to."""
    return column(text, head_of(text, step.branch, step.index))


def _lines_below(text: str, at: int, depth: int, lines: list[str]) -> str:
    ending = break_at(text, at)
    return "".join(ending + (" " * depth + line if line.strip() else line) for line in lines)


def _in_block_style(text: str, step: Step, value: str) -> str | None:
    """A new text in the manner of the block scalar that is there."""
    node = step.node
    start = node.start_mark.index
    head_end = line_end(text, start)
    end = end_of(text, node)
    rows = [row for row in text[head_end:end].splitlines() if row.strip()]
    if not rows:
        return None
    depth = content(rows[0], 0)
    widest = max(map(len, rows))
    made = block_scalar(value, node.style, depth, max(widest if len(rows) > 1 else 0, 80))
    if made is None or any(letter.isdigit() for letter in text[start:head_end].partition("#")[0]):
        return None
    remark = _remark_of(text, node)
    ending = break_at(text, start)
    return made[0] + remark + "".join(ending + (" " * depth + row if row else "") for row in made[1])


def _remark_of(text: str, node: Node) -> str:
    """The comment in the head of a block scalar, with the blanks before it."""
    if node.value is None or node.style not in ("|", ">"):
        return ""
    start = node.start_mark.index
    return text[start : line_end(text, start)].lstrip("|>+-0123456789").rstrip()


def _into_nothing(doc: Document, steps: Steps, head: str, tail: list[str]) -> Iterator[Splice]:
    """A value for a key or dash that has none."""
    text, step = doc.text, steps[-1]
    at = null_at(text, step.node)
    if head:
        colon = "" if isinstance(step.branch, List) or text[at - 1] == ":" else ":"
        lead = "" if isinstance(step.branch, List) and text[at - 1] != "-" else " "
        end = content(text, at)
        yield Splice(
            at, end if text[end : end + 1] in (",", "}", "]") or end == line_end(text, at) else at, colon + lead + head
        )
    if tail:
        eol = below(text, line_end(text, at), _depth(text, step))
        yield Splice(eol, eol, _lines_below(text, eol, _depth(text, step), tail))


def _value_for_value(doc: Document, steps: Steps, value: Data) -> Iterator[Splice]:
    """A list, mapping or text in the place of something of another shape."""
    text, step, node = doc.text, steps[-1], steps[-1].node
    depth = _depth(text, step)
    if isinstance(node, Branch) and not isinstance(node, Gone):
        end = end_of(text, node)
        last = end if node.flow else below(text, line_end(text, end), depth)
        if has_comment(text, node) or "#" in text[end:last]:
            raise Refused(f"{path_of(steps)} holds a comment, which would be lost; delete it first")
    in_flow = _in_flow(steps)
    how = manner(doc)
    if isinstance(step.branch, List):  # below a dash, nothing stands at its own column
        how = replace(how, dash=max(2, how.dash), step=max(2, how.step))
    head, tail = laid_out(value, kind_of(steps), how, depth, in_flow, depth + len(step.key or "") + 2)
    if isinstance(node, Branch) and not node.flow:
        yield from _for_block(text, step, head, tail)
        return
    if node.value == "" and not node.style:
        yield from _into_nothing(doc, steps, head, tail)
        return
    start, end = node.start_mark.index, end_of(text, node)
    if not head:
        start = (
            _behind_colon(text, step) if isinstance(step.branch, Map) else head_of(text, step.branch, step.index) + 1
        )
    yield Splice(start, end, head + _remark_of(text, node))
    if tail:
        eol = line_end(text, end)
        yield Splice(eol, eol, _lines_below(text, eol, depth, tail))


def _for_block(text: str, step: Step, head: str, tail: list[str]) -> Iterator[Splice]:
    """Something else in the place of a block."""
    node = step.node
    if isinstance(step.branch, List):
        if tail:
            raise Refused("delete the item and insert the new one")
        yield Splice(node.start_mark.index, end_of(text, node), head)
        return
    at = _behind_colon(text, step)
    if "#" in text[at if tail else line_end(text, at) : node.start_mark.index]:
        raise Refused(f"{step.key} holds a comment, which would be lost; delete it first")
    if head:
        yield Splice(at, at, " " + head)
    eol = line_end(text, at)
    yield Splice(eol, end_of(text, node), _lines_below(text, eol, _depth(text, step), tail) if tail else "")


def _behind_colon(text: str, step: Step) -> int:
    key = step.branch.items[2 * step.index]
    return text.index(":", key.end_mark.index) + 1


# -- a key that is not there


def _add(doc: Document, steps: Steps, words: list[str], rest: list[str], op: Set) -> Plan:
    node, value = steps[-1].node if steps else doc.root, op.value
    kind = kind_of(steps)
    inside = kind
    for word in rest[:-1]:  # only keys that the format knows are made on the way
        field = inside.known.get(word) if isinstance(inside, Group) else None
        if field is None or not isinstance(field.kind, Group):
            raise Refused(missing(doc, steps, words, rest))
        inside = field.kind
    if isinstance(node, List) or not _can_hold_keys(node) or (isinstance(kind, Listing) and not isinstance(node, Map)):
        raise Refused(missing(doc, steps, words, rest))
    for word in reversed(rest[1:]):
        value = {word: value}
    key = rest[0]
    field_kind = inner(kind, Map(None, False), key)
    how = manner(doc)
    depth = _child_depth(doc, steps, node, how)
    short = f"{key_text(key)}: {one_line(value, field_kind, how)}"
    if unfold := _unfolding(doc, steps, node, short):
        return [unfold, op]
    return _new_pair(doc, steps, key, as_plain(value), pair_lines(key, value, field_kind, how, depth), short)


def _can_hold_keys(node: Node | None) -> bool:
    return node is None or isinstance(node, Map) or (isinstance(node, List) and not node.items) or _is_nothing(node)


def _is_nothing(node: Node) -> bool:
    return node.value is not None and not node.style and is_null(node.value)


def _child_depth(doc: Document, steps: Steps, node: Node | None, how: object) -> int:
    if isinstance(node, Map) and node.items and not node.flow:
        return column(doc.text, node.start_mark.index)
    return _depth(doc.text, steps[-1]) + manner(doc).step if steps and not _in_flow(steps) else 0


def _new_pair(doc: Document, steps: Steps, key: str, plain: Plain, lines: list[str], short: str | None) -> Change:
    """One more key for the mapping at the end of `steps`."""
    node = steps[-1].node if steps else doc.root
    kind = kind_of(steps)
    index = _place_for(node, group_of(kind), key) if isinstance(node, Map) else 0

    def grown(old: Plain) -> Plain:
        return with_entry(old if isinstance(old, tuple) else (), index, key, plain)

    def place(after: Document) -> str:
        found = steps_at(after, steps)
        return path_of((*found, Step(found[-1].node if found else after.root, index)))

    splices = _entry_into(doc, steps, node, index, lines, short, "{}")
    inside = steps if isinstance(node, Map) and node.items else steps[:-1]
    return Change(tuple(splices), changed(doc.plain, steps, grown), inside, place)


def _place_for(node: Map, group: Group | None, key: str) -> int:
    """Where a person would write a key: behind the one that comes before it in the order of the format."""
    names = [name.value for name in node.items[::2]]
    ranks = {name: rank for rank, name in enumerate(group.known)} if group else {}
    if key not in ranks:
        return names.index("cues") if names[-1:] == ["cues"] and len(names) > 1 else len(names)
    before = [(ranks[name], place) for place, name in enumerate(names) if ranks.get(name, 99) < ranks[key]]
    return max(before)[1] + 1 if before else 0


def _entry_into(
    doc: Document, steps: Steps, node: Node | None, index: int, lines: list[str], short: str | None, brackets: str
) -> list[Splice]:
    """One more entry for a collection that may be empty, or not there."""
    text = doc.text
    if isinstance(node, Branch) and node.items and not node.flow:
        return list(insertion(text, node, index, lines, _blanks(doc, steps, node, index, len(lines) > 1)))
    in_flow = _in_flow(steps)
    if isinstance(node, Branch) and (node.items or in_flow):
        if short is None:
            raise Refused("it would have to stand on one line here, where its comment has no place; leave that out")
        return list(flow_insertion(text, node, index, short))
    if node is None or not steps:
        at = len(text.rstrip("\r\n")) if node is None else null_at(text, node)
        lead = break_at(text, at) if text[:at].strip() else ""
        end = "" if text.strip() else "\n"
        return [Splice(at, at, lead + break_at(text, at).join(lines) + end)]
    if in_flow:
        if short is None:
            raise Refused("it would have to stand on one line here, where its comment has no place; leave that out")
        return list(_into_nothing(doc, steps, brackets[0] + short + brackets[1], []))
    return list(_fill(doc, steps, node, lines, brackets))


def _fill(doc: Document, steps: Steps, node: Node, lines: list[str], brackets: str) -> Iterator[Splice]:
    """The first entry below a key that has nothing, or empty brackets."""
    text, step, how = doc.text, steps[-1], manner(doc)
    if isinstance(step.branch, List):
        head, *tail = lines
        at = null_at(text, node) if not isinstance(node, Branch) else node.start_mark.index
        yield Splice(at, end_of(text, node), ("" if isinstance(node, Branch) else " ") + head)
        if tail:
            eol = line_end(text, at)
            depth = column(text, at) + (0 if isinstance(node, Branch) else 1)
            yield Splice(eol, eol, _lines_below(text, eol, depth, tail))
        return
    offset = how.dash if brackets == "[]" else how.step
    if isinstance(node, Branch):
        if text[node.start_mark.index + 1 : node.end_mark.index - 1].strip():
            raise Refused(f"{step.key} holds a comment between its brackets; remove it first")
        yield Splice(_behind_colon(text, step), node.end_mark.index, "")
    elif node.value:
        yield Splice(_behind_colon(text, step), node.end_mark.index, "")
    depth = _depth(text, step)
    eol = below(text, line_end(text, end_of(text, node)), depth)
    yield Splice(eol, eol, _lines_below(text, eol, depth + offset, lines))


def _blanks(doc: Document, steps: Steps, node: Branch, index: int, is_long: bool) -> int:
    """Blank lines between a new entry and its neighbour."""
    if not steps:
        return _between_sections(doc, node) if is_long else 0
    kind = kind_of(steps)
    if isinstance(node, Map) and not isinstance(kind, Table):
        return 0
    usual = usual_blanks(doc.text, node, index)
    if usual is None:  # the second scene sets a style
        return 1 if is_long and kind is spec.ROOT.known["scenes"].kind else 0
    return usual


def _between_sections(doc: Document, root: Branch) -> int:
    """One blank line, but where the file has two sections that do without."""
    for index in range(1, count_of(root)):
        if all(isinstance(one, Branch) and not one.flow for one in (value_of(root, index - 1), value_of(root, index))):
            return min(1, blank_lines(doc.text, body(doc.text, root, index - 1)[1]))
    return 1


def _unfolding(doc: Document, steps: Steps, node: Node | None, short: str | None) -> Unfold | None:
    """Brackets on one line that have no room for one more entry, because of its length or its comment."""
    branches = [*(step.branch for step in steps), node]
    depth = next((n for n, one in enumerate(branches) if isinstance(one, Branch) and one.flow and one.items), 0)
    outer = branches[depth]
    if not depth or not isinstance(outer, Branch):
        return None
    text, start, end = doc.text, outer.start_mark.index, outer.end_mark.index
    width = line_end(text, end) - line_start(text, start) + len(short or "") + 2
    if "\n" in text[start:end] or "\r" in text[start:end] or (short is not None and width <= WIDE):
        return None
    return Unfold(path_of(steps[:depth]))


def _unfold(doc: Document, steps: Steps) -> Change:
    text, step, node = doc.text, steps[-1], steps[-1].node
    lines = []
    for index in range(count_of(node)):
        raw = text[head_of(text, node, index) : tail_end(text, node, index)]
        key_end = 0 if isinstance(node, List) else node.items[2 * index].end_mark.index
        bare = key_end and ":" not in text[key_end : tail_end(text, node, index)]
        lines.append(f"- {raw}" if isinstance(node, List) else f"{raw}:" if bare else raw)
    start, end = node.start_mark.index, node.end_mark.index
    eol = line_end(text, end)
    if isinstance(step.branch, List):
        below_it = _lines_below(text, eol, column(text, start), lines[1:])
        splices = (Splice(start, end, lines[0]), Splice(eol, eol, below_it))
    else:
        how = manner(doc)
        depth = _depth(text, step) + (how.dash if isinstance(node, List) else how.step)
        splices = (Splice(_behind_colon(text, step), end, ""), Splice(eol, eol, _lines_below(text, eol, depth, lines)))
    return Change(splices, doc.plain, steps[:-1], _same(steps))


# -- delete


def _delete(doc: Document, steps: Steps) -> Change:
    step, text = steps[-1], doc.text
    if len(steps) == 1 and step.key == "needledrop":
        raise Refused("a timeline begins with its version; needledrop: 1 stays")
    parent = path_of(steps[:-1])
    if count_of(step.branch) > 1:
        plain = changed(doc.plain, steps[:-1], lambda old: without(old, step.index))
        splices = tuple(removal(text, step.branch, step.index))
        return Change(splices, plain, steps[:-1], lambda _: parent)
    if len(steps) == 1:
        raise Refused("it is all there is in this file")
    if _goes_too(text, steps):
        return _delete(doc, steps[:-1])
    plain = changed(doc.plain, steps[:-1], lambda old: [] if isinstance(old, list) else ())
    return Change(tuple(_emptying(text, steps)), plain, steps[:-2], lambda _: parent)


def _goes_too(text: str, steps: Steps) -> bool:
    """Whether a key goes with the last thing under it: not a section, an item or an entry, nor with a remark."""
    owner, step = steps[-2], steps[-1]
    if owner.key is None or len(steps) == 2 or isinstance(kind_of(steps[:-2]), Table):
        return False
    begin, end = body(text, step.branch, step.index)
    outer_begin, outer_end = body(text, owner.branch, owner.index)
    return "#" not in text[outer_begin:begin] and "#" not in text[end:outer_end]


def _emptying(text: str, steps: Steps) -> Iterator[Splice]:
    owner, step = steps[-2], steps[-1]
    branch = step.branch
    brackets = "[]" if isinstance(branch, List) else "{}"
    begin, end = body(text, branch, step.index)
    if branch.flow:
        if text[branch.start_mark.index] not in "[{":
            yield Splice(branch.start_mark.index, branch.end_mark.index, brackets)
            return
        start, stop = branch.start_mark.index + 1, branch.end_mark.index - 1
        if "#" in text[start:begin] + text[end:stop]:
            raise Refused("a comment between the brackets would be left with nothing; remove it first")
        yield Splice(start, stop, "")
    elif isinstance(owner.branch, List) or not opens_line(text, begin):
        yield Splice(begin, end, brackets)
    else:
        at = _behind_colon(text, owner)
        yield Splice(at, at, " " + brackets)
        above = line_above(text, line_start(text, begin))
        yield Splice(at if above is None else line_end(text, above), end, "")


# -- insert


def _insert(doc: Document, op: Insert) -> Plan:
    words = words_of(op.path)
    steps, rest = follow(doc, words)
    node = steps[-1].node if steps else doc.root
    kind = kind_of(steps)
    if len(rest) == 1 and (node is None or isinstance(node, Map) or _is_nothing(node)):
        return _insert_with_key(doc, steps, node, rest[0], inner(kind, Map(None, False), rest[0]), op)
    if rest:
        raise Refused(missing(doc, steps, words, rest))
    if not isinstance(kind, (Listing, Table)) and not (kind is None and isinstance(node, Branch)):
        raise Refused(
            f"{op.path or 'the file'} takes no items; name a list or a table, like scenes or scenes/intro/cues"
        )
    snippet = _snippet(doc, op.yaml, kind, node)
    if isinstance(kind, Listing) and not isinstance(node, List) and not _is_nothing(node):
        return _second_of_lone(doc, steps, snippet, op)
    _no_clash(doc, steps, kind, node, snippet)
    if unfold := _unfolding(doc, steps, node, snippet.one_line):
        return [unfold, op]
    count = count_of(node) if isinstance(node, Branch) else 0
    index = count if op.position is None else _within(op.position, count)
    brackets = "{}" if snippet.key is not None else "[]"

    def grown(old: Plain) -> Plain:
        empty: Plain = () if snippet.key is not None else []
        return with_entry(old or empty, index, snippet.key, snippet.plain)

    def place(after: Document) -> str:
        found = steps_at(after, steps)
        return path_of((*found, Step(found[-1].node, index)))

    lines = list(snippet.lines)
    splices = _entry_into(doc, steps, node, index, lines, snippet.one_line, brackets)
    return Change(tuple(splices), changed(doc.plain, steps, grown), steps[:-1], place)


def _within(position: int, count: int) -> int:
    if not 0 <= position <= count:
        raise Refused(f"there is no position {position + 1}; positions go from 1 to {count + 1}")  # people count from 1
    return position


def _snippet(doc: Document, yaml: str, kind: Kind | None, node: Node | None) -> Snippet:
    if isinstance(kind, Table) or (kind is None and isinstance(node, Map)):
        return read_pair(yaml, doc.loader)
    return read_item(yaml, doc.loader)


def _no_clash(doc: Document, steps: Steps, kind: Kind | None, node: Node | None, snippet: Snippet) -> None:
    names = [snippet.key] if snippet.key is not None else _ids(snippet.plain)
    if not isinstance(node, Branch):
        return
    plain = plain_of(node)
    here = plain[::2] if isinstance(plain, tuple) else [name for item in plain for name in _ids(item)]
    for name in names:
        if name in here:
            raise Refused(f'there is "{shown(name)}" in {path_of(steps)} already; give the new one another id')


def _ids(item: Plain) -> list[str]:
    if isinstance(item, tuple):
        return [value for key, value in zip(item[::2], item[1::2], strict=True) if key == "id" and value]
    return []


def _insert_with_key(doc: Document, steps: Steps, node: Node | None, key: str, kind: Kind | None, op: Insert) -> Plan:
    """The first item of a list or table whose key is not there yet."""
    if not isinstance(kind, (Listing, Table)):
        raise Refused(missing(doc, steps, words_of(op.path), [key]))
    if op.position:
        _within(op.position, 0)
    snippet = _snippet(doc, op.yaml, kind, None)
    how = manner(doc)
    table = snippet.key is not None
    plain: Plain = (snippet.key, snippet.plain) if table else [snippet.plain]
    short = None
    if snippet.one_line is not None:
        short = f"{key}: " + ("{%s}" if table else "[%s]") % snippet.one_line
    if unfold := _unfolding(doc, steps, node, short):
        return [unfold, op]
    if short and not table and isinstance(snippet.plain, str):
        lines = [short]
    else:
        pad = " " * (how.step if table else how.dash)
        lines = [f"{key}:", *(pad + line if line.strip() else line for line in snippet.lines)]
    change = _new_pair(doc, steps, key, plain, lines, short)

    def place(after: Document) -> str:
        found, _ = follow(after, words_of(change.place(after)))
        return path_of((*found, Step(found[-1].node, 0)))

    return Change(change.splices, change.plain, change.inside, place)


def _second_of_lone(doc: Document, steps: Steps, snippet: Snippet, op: Insert) -> Change:
    """A value that stood without a list becomes one of two."""
    text, node = doc.text, steps[-1].node
    index = 1 if op.position is None else _within(op.position, 1)
    if isinstance(node, Gone) or (isinstance(node, Branch) and not node.flow) or snippet.one_line is None:
        raise Refused(f"{op.path} is not a list yet; write it as one first")
    start, end = node.start_mark.index, end_of(text, node)
    old = text[start:end]
    if not isinstance(node, Branch):
        old = scalar(node.value, (node.style or "").strip("|>"), True)
    both = [old, snippet.one_line] if index else [snippet.one_line, old]
    plain = [plain_of(node), snippet.plain] if index else [snippet.plain, plain_of(node)]
    change = changed(doc.plain, steps, lambda _: plain)

    def place(after: Document) -> str:
        found = steps_at(after, steps)
        return path_of((*found, Step(found[-1].node, index)))

    return Change((Splice(start, end, f"[{', '.join(both)}]"),), change, steps[:-1], place)


# -- move


def _move(doc: Document, op: Move) -> Plan:
    steps = find(doc, op.path)
    step = steps[-1]
    if op.to is not None:
        target, rest = follow(doc, words_of(op.to))
        if rest or not target or target[-1].node is not step.branch:
            return _move_away(doc, steps, op)
    count = count_of(step.branch)
    if not 0 <= op.position < count:
        raise Refused(f"there is no position {op.position + 1}; positions go from 1 to {count}")
    plain = changed(doc.plain, steps[:-1], lambda old: moved(old, step.index, op.position))

    def place(after: Document) -> str:
        found = steps_at(after, steps[:-1])
        return path_of((*found, Step(found[-1].node if found else after.root, op.position)))

    if op.position == step.index:
        return Change((), doc.plain, steps[:-1], place)
    splices = tuple(
        one for one in reordering(doc.text, step.branch, step.index, op.position) if one.start < one.end or one.new
    )
    return Change(splices, plain, steps[:-1], place)


def _move_away(doc: Document, steps: Steps, op: Move) -> list[Op]:
    assert op.to is not None
    if words_of(op.to)[: len(steps)] == words_of(path_of(steps)):
        raise Refused("it cannot be moved into itself")
    return [Delete(path_of(steps)), Insert(op.to, text_of(doc, steps), op.position)]


def text_of(doc: Document, steps: Steps) -> str:
    """An item with its comments, or a value, as it stands there, from column 0."""
    text, step = doc.text, steps[-1]
    if isinstance(step.branch, List) or isinstance(kind_of(steps[:-1]), Table):
        begin, end = body(text, step.branch, step.index)
        made = excerpt(text, begin, end)
        return "- " + made if isinstance(step.branch, List) and step.branch.flow else made
    node = step.node
    if isinstance(node, Branch) and not node.flow and node.items:
        begin = body(text, node, 0)[0]
        end = max(body(text, node, count_of(node) - 1)[1], begin)
        return excerpt(text, begin, end)
    return excerpt(text, node.start_mark.index, end_of(text, node)) if not _is_nothing(node) else ""


# -- rename


def _rename(doc: Document, op: Rename) -> Plan:
    steps = find(doc, op.path)
    made = renaming(doc, steps, op.new_id)
    if isinstance(made, list):
        return made
    splices = tuple(
        Splice(node.start_mark.index, node.end_mark.index, scalar(op.new_id, node.style or "", True))
        for node, _ in made.places
    )
    plain = doc.plain
    for _, indices in made.places:
        plain = _renamed(plain, indices, op.new_id)
    return Change(splices, plain, (), _same(steps))


def _renamed(plain: Plain, indices: tuple[int, ...], name: str) -> Plain:
    """`plain` with another word at a place given by positions in its own lists."""
    if not indices:
        return name
    items = list(plain)
    items[indices[0]] = _renamed(items[indices[0]], indices[1:], name)
    return items if isinstance(plain, list) else tuple(items)


# -- put back


def _put(doc: Document, op: Put) -> Change:
    text = doc.text
    splices = []
    for piece in op.pieces:
        at = _known_again(text, piece.at, piece.before, piece.old, piece.after)
        splices.append(Splice(at, at + len(piece.old), piece.new))
    steps = find(doc, op.path) if op.path else ()
    return Change(tuple(splices), ..., steps, lambda _: op.path)


def _known_again(text: str, at: int, before: str, old: str, after: str) -> int:
    if text.startswith(old + after, at) and text.endswith(before, 0, at):
        return at
    whole = before + old + after
    found = text.find(whole)
    if found < 0 or text.find(whole, found + 1) >= 0:
        raise Refused("what this would put back has been changed since")
    return found + len(before)
