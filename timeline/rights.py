"""What a rights sheet would lack or get wrong."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from timeline.identifiers import USAGES
from timeline.material import Material
from timeline.model import Problem, Song
from timeline.words import listed, shown

_WHOLE = Fraction(100)


def shares(material: Material) -> Iterator[Problem]:
    """Songs whose writers have more than all of it."""
    for song in material.timeline.songs.values():
        total = sum(writer.share or 0 for writer in song.writers)
        if total > _WHOLE:
            message = f"the shares of {shown(song.id)} come to {percent(Fraction(total))}"
            place = material.place(f"songs/{song.id}", "writers")
            yield Problem("error", "shares", message, place, "together they are 100 % at most")


def usages(material: Material) -> Iterator[Problem]:
    """Codes of use that are well formed and that we do not know."""
    for cue in material.song_cues:
        if cue.usage is not None and cue.usage not in USAGES:
            message = f"{cue.usage} is not a code of use that we know"
            place = material.place(f"cues/{cue.key}", "usage")
            hint = f"we know {listed(tuple(USAGES), 'and')}; a society's own code is fine"
            yield Problem("warning", "unknown-usage", message, place, hint)


def unknown_shares(material: Material) -> Iterator[Problem]:
    """Songs that a cue with `usage` puts on a rights sheet, and whose shares are not all known."""
    songs = material.timeline.songs
    used = dict.fromkeys(cue.song for cue in material.song_cues if cue.usage is not None)
    for ident in used:
        song = songs.get(ident)
        if song is None or ident in material.doubtful or song.rights == "public-domain" or material.damaged(song.span):
            continue
        if lack := _lack(song):
            key = "writers" if song.writers else None
            message = f"for the rights sheet {lack}"
            yield Problem("warning", "unknown-shares", message, material.place(f"songs/{ident}", key))


def _lack(song: Song) -> str | None:
    """What is not known about who gets what."""
    if not song.writers:
        return f"the writers of {shown(song.id)} are not known"
    without = [shown(writer.name) for writer in song.writers if writer.share is None]
    if without:
        return f"the share of {listed(without, 'and')} is not known"
    total = sum((writer.share or Fraction(0) for writer in song.writers), Fraction(0))
    return f"{percent(_WHOLE - total)} of {shown(song.id)} belong to nobody" if total < _WHOLE else None


def percent(share: Fraction) -> str:
    """A share as people write it, with as many decimals as needed."""
    return f"{float(share):.9f}".rstrip("0").rstrip(".") + " %"
