"""The format as a JSON Schema (draft-07), written from the spec table, for editors that complete and check.

It knows shapes and no more: what must hold between two places of a file is left to `needledrop check`.
"""

from __future__ import annotations

import json
from typing import Any, Final

from timeline.shapes import ID, Shape
from timeline.spec import CUE, GROUPS, ROOT, VERBS, Field, Group, Kind, Listing, Scalar, Table

Schema = dict[str, Any]

_OWN: Final[Schema] = {"^x-": {}}  # keys that begin so may stand anywhere and hold anything
# As values of a key these may be empty, as a section is that somebody is about to write.
_MAY_BE_EMPTY: Final = frozenset({"film", "defaults", "a loop", "a set"})


def schema() -> Schema:
    """The whole format."""
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "Needledrop timeline",
        "description": "A film, its songs, its scenes, and what plays when. docs/format.md is the whole of it.",
        **_group(ROOT),
        "definitions": {_name(group): _group(group) for group in GROUPS if group is not ROOT},
    }


def text() -> str:
    """The same as the text of a file."""
    return json.dumps(schema(), indent=2, ensure_ascii=False) + "\n"


def _name(group: Group) -> str:
    return group.what.removeprefix("a ").replace("'", "").replace(" ", "-")


def _group(group: Group) -> Schema:
    fields = group.known.values()
    found: Schema = {
        "type": ["object", "null"] if group.what in _MAY_BE_EMPTY else "object",
        "properties": {field.name: _field(field) for field in fields},
        "patternProperties": _OWN,
        "additionalProperties": False,
    }
    if required := [field.name for field in fields if field.required]:
        found["required"] = required
    return found | _verbs() if group is CUE else found


def _verbs() -> Schema:
    """A cue does one thing, and takes the keys of that thing."""
    needs: Schema = {"fade": ["level"]}
    for field in CUE.known.values():
        match [verb for verb in field.verbs if field.name not in VERBS]:
            case []:
                pass
            case [verb]:
                needs[field.name] = [verb]
            case several:
                needs[field.name] = {"anyOf": [{"required": [verb]} for verb in several]}
    return {"oneOf": [{"required": [verb]} for verb in VERBS], "dependencies": needs}


def _field(field: Field) -> Schema:
    """What it is for, and what it takes. What a version does not play yet is no matter of the format."""
    found: Schema = {"description": field.about}
    if isinstance(field.kind, Scalar):
        found["examples"] = [field.kind.example.strip('"')]
    found |= _kind(field.kind)
    if isinstance(field.kind, Listing) and field.verbs == (field.name,):  # a verb that needs something behind it
        found |= {"type": [one for one in found["type"] if one != "null"], "minItems": 1}
    return found


def _kind(kind: Kind) -> Schema:
    match kind:
        case Scalar():
            return _scalar(kind.shape)
        case Group():
            return {"allOf": [_ref(kind)]}  # beside a $ref of its own nothing else counts
        case Listing():
            return _listing(kind)
        case Table():
            return {
                "type": ["object", "null"],
                "propertyNames": {"anyOf": [{"pattern": "^x-"}, {"pattern": ID.pattern}]},
                "patternProperties": _OWN,
                "additionalProperties": _ref(kind.of),
            }


def _ref(group: Group) -> Schema:
    return {"$ref": f"#/definitions/{_name(group)}"}


def _scalar(shape: Shape) -> Schema:
    types: Any = shape.types[0] if len(shape.types) == 1 else list(shape.types)
    return {"type": types, "pattern": shape.pattern, **shape.also}


def _listing(kind: Listing) -> Schema:
    if isinstance(kind.of, Group):
        return {"type": ["array", "null"], "items": _ref(kind.of)}
    one = _scalar(kind.of.shape)
    if kind.or_group is not None:
        either = {"anyOf": [one, _ref(kind.or_group)]}
        return {"anyOf": [*either["anyOf"], {"type": ["array", "null"], "items": either}]}
    types = [one["type"]] if isinstance(one["type"], str) else one["type"]
    return {**one, "type": [*types, "array", "null"], "items": one} if kind.lone else {"type": "array", "items": one}
