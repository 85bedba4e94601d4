"""The audience screen: what a hall may see of the show. Pure: the same model gives the same screen.

Only titles and names of the timeline come here, never a word of the player or to its operator.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final, NamedTuple

from msgspec import Struct
from msgspec.structs import replace

from player.plan import Plan
from player.show import Show, Sounding
from player.ui.ops import Photo, Rect, Screen, Veil
from player.ui.pen import Pen, headline
from player.ui.text import Measure, folded
from player.ui.theme import BOLD, DISPLAY, HI, NOW, TEXT, TITLE, Colour, Face, mixed
from timeline.model import Scene, SongCue

BLACK: Final[Colour] = (0, 0, 0)
UNKNOWN: Final = "?"  # where a song's title would stand that is to be guessed
LIGHT: Final = "light of "  # with a scene's id: the painter's name for its soft light
GAP: Final = 0.12  # of the headline's size, to what stands below it
CROP: Final = 0.36  # of a picture, at most, is lost to fill the screen


class Look(Struct, frozen=True):
    """The theme. ground: None for the soft light of the scene. Faces are those that the fonts know."""

    ground: Colour | None = None
    ink: Colour = HI
    accent: Colour = NOW


class Modes(Struct, frozen=True):
    """What the hall is to see. hold: nothing of standby before its GO. guess: songs stay hidden until they are
    revealed. film: the film's own picture, where it has one. revealed: voices whose songs are told.
    """

    open: bool = False
    hold: bool = True
    guess: bool = False
    film: bool = True
    black: bool = False
    revealed: frozenset[int] = frozenset()


class Says(Struct, frozen=True):
    """Every word on the screen; `hidden`: a song plays that is to be guessed. picture: a file, "" for none."""

    scene: str = ""
    song: str = ""
    artist: str = ""
    writers: str = ""
    year: str = ""
    hidden: bool = False
    seed: str = ""
    picture: str = ""


class Still(NamedTuple):
    """A picture that can be drawn: its name for the painter, its size, and which state of it."""

    name: str
    size: tuple[int, int]
    state: int = 0


class Model(Struct, frozen=True):
    """The screen as one value. says: None for black. still: the scene's picture, scaled to `fitted`.
    lit: the scene's light is ready. film: the film's picture, scaled, which then is all there is.
    """

    size: tuple[int, int]
    says: Says | None = None
    still: Still | None = None
    lit: bool = False
    film: Still | None = None
    look: Look = Look()


# ---- what the operator changes


def turned(modes: Modes, name: str, show: Show) -> Modes:
    """The modes after a command of this id."""
    match name:
        case "audience":
            return replace(modes, open=not modes.open)
        case "audience-reveal":
            heard = song(show)
            told = frozenset([heard.voice]) if heard is not None else frozenset[int]()
            sounding = {each.voice for each in show.sounding}
            return replace(modes, revealed=(modes.revealed & sounding) ^ told)
        case "audience-guess":
            return replace(modes, guess=not modes.guess, revealed=frozenset())
        case "audience-hold":
            return replace(modes, hold=not modes.hold)
        case "audience-black":
            return replace(modes, black=not modes.black)
        case "audience-film":
            return replace(modes, film=not modes.film)
    return modes


def told_of(modes: Modes, name: str) -> str:
    """What the operator is told after it."""
    match name:
        case "audience":
            return "Audience screen open" if modes.open else "Audience screen closed"
        case "audience-reveal" if not modes.guess:
            return "The song is not hidden"
        case "audience-reveal":
            return "The audience sees the song" if modes.revealed else "The song is hidden from the audience"
        case "audience-guess":
            return "Songs are hidden until you reveal them" if modes.guess else "Songs are shown"
        case "audience-hold":
            return "The audience sees nothing before its GO" if modes.hold else "Between scenes the next one is shown"
        case "audience-black":
            return "Audience screen black" if modes.black else "Audience screen shows the show"
    return "The audience sees the film" if modes.film else "The audience sees titles"


# ---- what is told


def song(show: Show) -> Sounding | None:
    """The song the hall hears: of those that stay the one started last, else one of this scene that goes out."""
    heard = [each for each in show.sounding if not each.preview and not each.count]
    stays = [each for each in heard if not each.leaving]
    if stays:
        return stays[-1]
    here = [each for each in heard if show.fired is None or each.cue.scene == show.plan.scene(show.fired).id]
    return here[-1] if here else None


def says(show: Show, modes: Modes) -> Says | None:
    """What the screen tells of the show; None for black: between scenes, when the music is out."""
    if modes.black:
        return None
    heard = song(show)
    scene = _scene(show, heard)
    if scene is not None:
        return _told(show.plan, scene, heard, modes)
    if show.fired is None:
        return _opening(show.plan)
    if modes.hold or show.at_end:
        return None
    return _told(show.plan, show.plan.scene(show.standby), None, modes)


def _scene(show: Show, heard: Sounding | None) -> Scene | None:
    """The scene on screen: the one fired last while music sounds, or if it has none at all."""
    if show.fired is None:
        scenes = show.plan.timeline.scenes
        return next((each for each in scenes if heard and each.id == heard.cue.scene), None)
    scene = show.plan.scene(show.fired)
    return scene if heard is not None or not scene.cues else None


def _opening(plan: Plan) -> Says | None:
    """What stands there before the first GO: the film's title, or the set's."""
    film, evening = plan.timeline.film, plan.playing_set
    title = (evening.title if evening is not None else film.title) or ""
    return Says(title, year=str(film.year or "") if evening is None else "") if title else None


def _told(plan: Plan, scene: Scene, heard: Sounding | None, modes: Modes) -> Says | None:
    base = plan.path.parent if plan.path is not None else Path()
    picture = str(base / scene.picture) if scene.picture else ""
    hidden = modes.guess and not (heard is not None and heard.voice in modes.revealed)
    title = "" if (hidden or heard is not None) and _is_its_song(plan, scene) else scene.title
    if not title and plan.playing_set is not None:
        title = plan.playing_set.title or ""
    plain = Says(title, seed=scene.id, picture=picture)
    known = plan.song(heard.cue) if heard is not None else None
    if heard is not None and hidden:
        return replace(plain, hidden=True)
    if heard is None or known is None:
        return plain if title or picture else None
    return replace(
        plain,
        song=known.title,
        artist=known.artist or "",
        writers=", ".join(writer.name for writer in known.writers),
        year=str(known.year or ""),
    )


def _is_its_song(plan: Plan, scene: Scene) -> bool:
    """Whether the scene is called as a song it plays, as every one of a set is: its title would tell it."""
    songs = [plan.song(cue) for cue in scene.cues if isinstance(cue, SongCue)]
    return folded(scene.title) in [folded(each.title) for each in songs if each is not None]


def ahead(show: Show, modes: Modes) -> Says | None:
    """What the next GO is likely to show, to have its picture ready."""
    return None if show.at_end else _told(show.plan, show.plan.scene(show.standby), None, modes)


# ---- where it stands


def fitted(natural: tuple[int, int], size: tuple[int, int]) -> tuple[int, int]:
    """The size at which a picture is drawn: it fills the screen, or stands in it whole where too much would be cut."""
    covers = max(size[0] / natural[0], size[1] / natural[1])
    within = min(size[0] / natural[0], size[1] / natural[1])
    scale = covers if within / covers >= 1 - CROP else within
    return max(1, round(natural[0] * scale)), max(1, round(natural[1] * scale))


def letterbox(natural: tuple[int, int], size: tuple[int, int]) -> tuple[int, int]:
    """The size of the film's picture: never cut."""
    scale = min(size[0] / natural[0], size[1] / natural[1])
    return max(1, round(natural[0] * scale)), max(1, round(natural[1] * scale))


def screen(model: Model, measure: Measure) -> Screen:
    """The whole screen."""
    wide, high = model.size
    whole = Rect(0, 0, wide, high)
    pen = Pen("hall", whole, max(min(wide / 1280, high / 720), 0.3), measure)
    pen.fill(whole, BLACK)
    if model.film is not None:
        pen.add(Photo(_centred(model.film.size, whole), model.film.name, model.film.state))
    elif model.says is not None:
        _card(pen, whole, model, model.says)
    return (pen.sheet(),)


def _centred(size: tuple[int, int], whole: Rect) -> Rect:
    return Rect((whole.w - size[0]) // 2, (whole.h - size[1]) // 2, *size).cut(whole)


class _Place(NamedTuple):
    picture: Rect | None
    room: Rect  # of the words
    over: bool  # the words stand on the picture


def _place(still: Still | None, whole: Rect) -> _Place:
    side, foot = round(whole.w * 0.055), round(whole.h * 0.075)
    room = Rect(side, foot, whole.w - 2 * side, whole.h - 2 * foot)
    if still is None:
        return _Place(None, room, False)
    wide, high = still.size
    if wide >= whole.w and high >= whole.h:
        top = round(whole.h * 0.42)
        return _Place(whole, Rect(side, top, room.w, whole.h - foot - top), True)
    left = whole.w - wide
    if high >= whole.h and left - 2 * side >= whole.w * 0.34:
        return _Place(Rect(left, 0, wide, high), Rect(side, foot, left - 2 * side, room.h), False)
    below = whole.h - high
    if wide >= whole.w and below - foot >= whole.h * 0.30:
        top = high + foot // 2
        return _Place(Rect(0, 0, wide, high), Rect(side, top, room.w, whole.h - foot - top), False)
    top = round(whole.h * 0.42)
    return _Place(_centred(still.size, whole), Rect(side, top, room.w, whole.h - foot - top), True)


def _card(pen: Pen, whole: Rect, model: Model, told: Says) -> None:
    look = model.look
    if look.ground is not None:
        pen.fill(whole, look.ground)
    elif model.lit:
        pen.add(Photo(whole, LIGHT + told.seed))
    place = _place(model.still, whole)
    if place.picture is not None and model.still is not None:
        pen.add(Photo(place.picture, model.still.name, model.still.state))
    block = _block(pen, place.room, told, look, place.over)
    if place.over:
        top = max(whole.y, block - round(whole.h * 0.24))
        words = _wide(pen, _set(pen, place.room, told, look, place.over))
        reach = min(whole.w, place.room.x + words + place.room.x // 2)
        pen.add(Veil(Rect(0, top, whole.w, whole.bottom - top), look.ground or BLACK, reach, block - top))
    _write(pen, place.room, block, told, look, place.over)


class _Line(NamedTuple):
    words: tuple[str, ...]
    face: Face
    size: float
    ink: Colour
    pitch: float


class _Set(NamedTuple):
    """The words in their sizes. Heights are points; `head` is the size of the headline."""

    label: tuple[_Line, ...]
    head: float
    lines: tuple[str, ...]
    below: tuple[_Line, ...]

    @property
    def high(self) -> float:
        tall = self.head * (0.80 + 0.93 * (len(self.lines) - 1)) if self.lines else 0
        return tall + GAP * self.head + sum(_tall(each) for each in (*self.label, *self.below))


def _wide(pen: Pen, text: _Set) -> int:
    """How far the words reach, in pixels."""
    head = [pen.width(words, TITLE, text.head) for words in text.lines]
    rest = [pen.width(words, each.face, each.size) for each in (*text.label, *text.below) for words in each.words]
    return max((*head, *rest), default=0)


def _tall(line: _Line) -> float:
    return line.pitch * len(line.words)


def _block(pen: Pen, room: Rect, told: Says, look: Look, over: bool) -> int:
    """The top of the words, which stand on the room's foot; in its middle where they have all of it."""
    high = pen.q(_set(pen, room, told, look, over).high)
    return max(room.y, room.bottom - high if over else room.y + round((room.h - high) * 0.52))


def _soft(look: Look) -> Colour:
    return mixed(look.ink, look.ground or BLACK, 0.80)


def _set(pen: Pen, room: Rect, told: Says, look: Look, over: bool) -> _Set:
    """The largest setting in which everything stands in the room."""
    hero = told.song or (UNKNOWN if told.hidden else told.scene)
    high = room.h / pen.u
    for scale in (1.0, 0.85, 0.72, 0.6, 0.5, 0.42):
        label, below = _small(pen, room, told, look, scale)
        rest = high - sum(_tall(each) for each in (*label, *below))
        if rest >= high * 0.34:
            break
    while below and rest < high * 0.2:  # no room for all of it: the headline comes first
        rest += _tall(below[-1])
        below = below[:-1]
    largest = 320.0 if told.hidden else 130.0 if over else 180.0 if told.song or not told.seed else 160.0
    head, lines = headline(pen, hero, TITLE, room.w, max(20.0, rest), largest)
    return _Set(label, head, lines, below)


def _small(pen: Pen, room: Rect, told: Says, look: Look, scale: float) -> tuple[tuple[_Line, ...], tuple[_Line, ...]]:
    """What stands above the headline and below it."""

    def line(text: str, face: Face, size: float, ink: Colour, most: int, pitch: float) -> tuple[_Line, ...]:
        words = pen.lines(text, face, size * scale, room.w, most, even=True) if text.strip() else ()
        return (_Line(words, face, size * scale, ink, pitch * scale),) if words else ()

    above = told.scene if told.song or told.hidden else ""
    label = line(above, BOLD, 30, look.accent, 2, 46)
    artist = line(told.artist, DISPLAY, 46, look.ink, 2, 58)
    writers = line(told.writers, TEXT, 27, _soft(look), 2, 36)
    year = line(told.year, TEXT, 27, _soft(look), 1, 36)
    return label, (*artist, *writers, *year)


def _write(pen: Pen, room: Rect, top: int, told: Says, look: Look, over: bool) -> None:
    text = _set(pen, room, told, look, over)
    y = float(top)
    for each in text.label:
        y = _lines(pen, room, y, each)
    step = text.head * 0.93
    y += text.head * 0.05 * pen.u
    for at, words in enumerate(text.lines):
        middle = round(y + (text.head * 0.35 + step * at) * pen.u)
        pen.text(room.x, middle, words, TITLE, text.head, look.ink, room=room.w)
    if text.lines:
        y += text.head * (0.75 + 0.93 * (len(text.lines) - 1) + (GAP if text.below else 0)) * pen.u
    for each in text.below:
        y = _lines(pen, room, y, each)


def _lines(pen: Pen, room: Rect, y: float, line: _Line) -> float:
    for words in line.words:
        pen.text(room.x, round(y + line.pitch * pen.u / 2), words, line.face, line.size, line.ink, room=room.w)
        y += line.pitch * pen.u
    return y
