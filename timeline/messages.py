"""What `send` says, from the words that people write to values that a remote can send.

    midi note 60 velocity 100 channel 10      osc /lamp/key 0.4
    midi note-off 60 channel 10               osc /scene/title "The last ferry" 12 true
    midi program 3 channel 1
    midi cc 7 100 channel 1
    midi pitch -2048 channel 1
    midi pressure 90 channel 1
    midi start | continue | stop
    midi sysex 7F 01 02 01 01

The first word says the way, the second what is sent; `velocity` and `channel` may come in any order and be left
out. All numbers are those on the wire but the channel, which is counted from 1 as on every instrument.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Callable
from typing import Final

from timeline.model import Message, Midi, Osc, OscValue
from timeline.times import Refusal
from timeline.words import closest, listed, shown

LONGEST: Final = 4096  # letters; what is longer is no message but a file


def message(text: str) -> Message:
    """One message. Refuses what is no message, with what could be meant."""
    way, _, rest = text.strip().partition(" ")
    if len(text) > LONGEST:
        raise Refusal("this is too long for a message", f"at most {LONGEST} letters")
    if way.lower() == "midi":
        return _midi(rest.split(), " ".join(text.split()))
    if way.lower() == "osc":
        return _osc(rest.strip(), " ".join(text.split()))
    if way.startswith("/"):
        raise Refusal(f'"{shown(text)}" does not say how it is sent', f"write osc {shown(text.strip())}")
    if way.lower() in _CHANNEL or way.lower() in _SYSTEM:
        raise Refusal(f'"{shown(text)}" does not say how it is sent', f"write midi {shown(text.strip())}")
    raise Refusal(f'"{shown(text)}" is not a message', "like midi program 3 channel 1, or osc /lamp/key 0.4")


# -- MIDI

_CHANNEL: Final[dict[str, tuple[int, tuple[str, ...]]]] = {  # status, and the numbers that follow
    "note": (0x90, ("note",)),
    "note-off": (0x80, ("note",)),
    "program": (0xC0, ("program",)),
    "cc": (0xB0, ("controller", "value")),
    "pitch": (0xE0, ("bend",)),
    "pressure": (0xD0, ("pressure",)),
}
_SYSTEM: Final = {"start": 0xFA, "continue": 0xFB, "stop": 0xFC}
_OTHER_WORDS: Final = {
    "control": "cc", "controller": "cc", "control-change": "cc", "note-on": "note", "noteon": "note",
    "noteoff": "note-off", "off": "note-off", "pc": "program", "program-change": "program", "pitchbend": "pitch",
    "bend": "pitch", "aftertouch": "pressure", "sys-ex": "sysex",
}  # fmt: skip
_EXAMPLES: Final = {
    "note": "midi note 60 velocity 100 channel 1",
    "note-off": "midi note-off 60 channel 1",
    "program": "midi program 3 channel 1",
    "cc": "midi cc 7 100 channel 1",
    "pitch": "midi pitch -2048 channel 1",
    "pressure": "midi pressure 90 channel 1",
    "sysex": "midi sysex 7F 01 02 01 01",
}
VELOCITY: Final = 100  # where a note does not say


def _midi(words: list[str], text: str) -> Midi:
    kinds = (*_CHANNEL, *_SYSTEM, "sysex")
    kind = words[0].lower() if words else ""
    if kind == "sysex":
        return Midi(_sysex(words[1:]), text)
    if kind in _SYSTEM:
        if len(words) > 1:
            raise Refusal(f"midi {kind} takes nothing more", f"write midi {kind}")
        return Midi(bytes([_SYSTEM[kind]]), text)
    if kind not in _CHANNEL:
        near = _OTHER_WORDS.get(kind) or closest(kind, kinds)
        hint = f"did you mean midi {near}?" if near else f"one of {listed(kinds)}"
        raise Refusal(f'midi cannot send "{shown(kind)}"', hint)
    return Midi(_channel_message(kind, words[1:]), text)


def _channel_message(kind: str, words: list[str]) -> bytes:
    status, names = _CHANNEL[kind]
    said = {"channel": 1}
    if "note" in names:
        said["velocity"] = VELOCITY if kind == "note" else 0
    named, numbers = set[str](), list[str]()
    rest = iter(words)
    for word in rest:
        name = word.lower()
        if name in said:
            if name in named:
                raise Refusal(f"{name} is written twice", f"like {_EXAMPLES[kind]}")
            named.add(name)
            low, high = (1, 16) if name == "channel" else (0, 127)
            said[name] = _whole(next(rest, ""), name, low, high, kind)
        elif re.match(r"[+-]?\d", word, re.ASCII) or len(numbers) < len(names):
            numbers.append(word)
        else:
            near = closest(name, said)
            hint = f"did you mean {near}?" if near else f"like {_EXAMPLES[kind]}"
            raise Refusal(f'midi {kind} knows no "{shown(word)}"', hint)
    if len(numbers) != len(names):
        found = len(numbers) or "none"
        raise Refusal(f"midi {kind} takes {_counted(names)}, and here is {found}", f"like {_EXAMPLES[kind]}")
    data = _data(kind, names, numbers)
    if "velocity" in said:
        data = (*data, said["velocity"])
    return bytes([status | said["channel"] - 1, *data])


def _counted(names: tuple[str, ...]) -> str:
    return f"one number ({names[0]})" if len(names) == 1 else f"{len(names)} numbers ({listed(names, 'and')})"


def _data(kind: str, names: tuple[str, ...], numbers: list[str]) -> tuple[int, ...]:
    if kind == "pitch":
        bend = _whole(numbers[0], "bend", -8192, 8191, kind) + 8192
        return bend & 0x7F, bend >> 7
    return tuple(_whole(word, name, 0, 127, kind) for word, name in zip(numbers, names, strict=True))


def _whole(word: str, name: str, low: int, high: int, kind: str) -> int:
    plain = word.replace("\N{MINUS SIGN}", "-")
    if re.fullmatch(r"[+-]?\d{1,9}", plain, re.ASCII) and low <= int(plain) <= high:
        return int(plain)
    if re.fullmatch(r"[A-Ga-g][#b]?-?\d", word, re.ASCII):
        raise Refusal(f'a {name} is a number, not "{shown(word)}"', "60 is middle C")
    said = f'not "{shown(word)}"' if word else "and here is none"
    raise Refusal(f"{name} is a whole number from {low} to {high}, {said}", f"like {_EXAMPLES[kind]}")


def _sysex(words: list[str]) -> bytes:
    digits = "".join(words).upper()
    if not re.fullmatch(r"([0-9A-F]{2})+", digits, re.ASCII):
        raise Refusal("sysex takes bytes of two hexadecimal digits each", f"like {_EXAMPLES['sysex']}")
    data = bytes.fromhex(digits)
    data = data.removeprefix(b"\xf0").removesuffix(b"\xf7")
    if not data or max(data) > 0x7F:
        raise Refusal("the bytes of sysex go from 00 to 7F", "F0 in front and F7 behind may be left out")
    return b"\xf0" + data + b"\xf7"


# -- OSC

_ADDRESS = re.compile(r"/[^\s#\x00-\x1f\x7f-\uffff\U00010000-\U0010ffff]*")
_ARGUMENT = re.compile(r'"((?:[^"\\]|\\["\\])*)"(?=\s|$)|(\S+)')
_WORDS: Final[dict[str, OscValue]] = {"true": True, "false": False, "nil": None}


def _osc(rest: str, text: str) -> Osc:
    head = re.match(r"\S*", rest)
    address = head[0] if head else ""
    if not _ADDRESS.fullmatch(address):
        hint = "like osc /lamp/key 0.4"
        if re.match(r"[a-zA-Z]", address):
            hint = f"write osc /{shown(rest)}"
        raise Refusal(f'"{shown(address)}" is not an OSC address: it begins with / and is plain ASCII', hint)
    arguments = tuple(_argument(found) for found in _ARGUMENT.finditer(rest, len(address)))
    return Osc(address, arguments, text)


def _argument(found: re.Match[str]) -> OscValue:
    if found[1] is not None:
        return re.sub(r"\\(.)", r"\1", found[1])
    word = found[2]
    if word.startswith('"'):
        raise Refusal(f"this quote is not closed: {shown(word)}", 'write \\" for a quote in a text')
    if word in _WORDS:
        return _WORDS[word]
    plain = word.replace("\N{MINUS SIGN}", "-")
    if re.fullmatch(r"[+-]?\d{1,19}", plain, re.ASCII):
        number = int(plain)
        if not -(2**31) <= number < 2**31:
            raise Refusal(f"{word} is too large for a whole number of OSC", f"write {word}.0, or in quotes")
        return number
    if re.fullmatch(r"[+-]?\d{1,19}\.\d{1,19}(e[+-]?\d{1,2})?", plain, re.ASCII | re.IGNORECASE):
        try:
            return float(struct.unpack(">f", struct.pack(">f", float(plain)))[0])
        except OverflowError:
            raise Refusal(f"{word} is too large for OSC", "numbers go to about 3.4e38") from None
    if re.fullmatch(r"[+-]?\d+,\d+", plain, re.ASCII):
        raise Refusal(f"{word}: decimals take a point", f"write {word.replace(',', '.')}")
    return word


def written(value: OscValue) -> str:
    """An argument as it is written in a file; `message` reads it back as it was."""
    kinds: dict[type, Callable[..., str]] = {bool: lambda one: str(one).lower(), int: str, float: _float}
    if value is None:
        return "nil"
    if isinstance(value, str):
        plain = re.fullmatch(r"[A-Za-z_/][^\s\"\\#,:\[\]{}]*", value) and value not in _WORDS
        return value if plain else '"' + re.sub(r'(["\\])', r"\\\1", value) + '"'
    return kinds[type(value)](value)


def _float(value: float) -> str:
    text = repr(value)
    head, e, tail = text.partition("e")
    return f"{head}{'' if '.' in head else '.0'}{e}{tail}"
