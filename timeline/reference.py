"""The reference part of `docs/format.md`, written from the spec table."""

from __future__ import annotations

from timeline.spec import CUE, GROUPS, VERBS, Field, Group, Kind, Listing, Scalar, Table
from timeline.words import listed

_TITLES = {
    "the file": "The file itself",
    "film": "`film`",
    "defaults": "`defaults`",
    "a song": "A song, under `songs`",
    "a writer": "A writer, in a song's `writers`",
    "a recording": "A recording, in a song's `media`",
    "a mark": "A mark, in `marks`",
    "a scene": "A scene, in `scenes`",
    "a cue": "A cue, in a scene's `cues`",
    "a loop": "`loop`",
    "a set": "A set, under `sets`",
    "a set's song": "A song of a set",
}


def reference() -> str:
    """Every key of the format as Markdown tables; what is marked * is not yet played."""
    return "\n".join(_section(group) for group in GROUPS)


def _section(group: Group) -> str:
    if group is CUE:
        return _cues()
    return f"### {_TITLES[group.what]}\n\n{_table(list(group.known.values()))}"


def _cues() -> str:
    fields = list(CUE.known.values())
    parts = [f"### {_TITLES[CUE.what]}\n\nThe verbs, of which a cue has one:\n"]
    parts.append(_table([field for field in fields if field.name in VERBS]))
    parts.append("Keys of every cue:\n")
    parts.append(_table([field for field in fields if not field.verbs]))
    parts.append("Keys of some:\n")
    parts.append(_table([field for field in fields if field.verbs and field.name not in VERBS]))
    return "\n".join(parts)


def _table(fields: list[Field]) -> str:
    rows = ["| key | takes | |", "|---|---|---|", *map(_row, fields)]
    return "\n".join(rows) + "\n"


def _row(field: Field) -> str:
    about = field.about
    if field.verbs and field.verbs != (field.name,):
        about += f" ({listed([f'`{verb}`' for verb in field.verbs], 'and')})"
    if field.required:
        about += " **Required.**"
    return f"| `{field.name}`{'' if field.played else ' *'} | {_takes(field.kind)} | {about} |"


def _takes(kind: Kind) -> str:
    match kind:
        case Scalar():
            return kind.what if kind.free or "`" in kind.what else f"{kind.what}, such as `{kind.example}`"
        case Listing():
            one = kind.of.what if isinstance(kind.of, Scalar) else f"{kind.of.what} each"
            also = f", or {kind.or_group.what}" if kind.or_group else ""
            return f"{one}{also}, or a list" if kind.lone else f"a list: {one}"
        case Table():
            return f"an id and a {kind.what} each"
        case Group():
            return "keys and values"


if __name__ == "__main__":
    print(reference(), end="")
