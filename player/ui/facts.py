"""What the screen says, as strings and numbers, before anybody thinks of where it stands. Only true
things.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from typing import Final, NamedTuple

from msgspec import Struct
from msgspec.structs import replace

from player.actions import Action, StandbyAtFilm, TapFilm
from player.commands import Bindings
from player.engine import RATE
from player.engine.status import Status, VoiceStatus
from player.plan import Plan
from player.projection import due, film_frame
from player.show import Affair, Show, Sounding, target
from player.ui import meters
from timeline import order, times
from timeline.model import AnyCue, Song, SongCue, When
from timeline.order import Step

HOT: Final = 10 * RATE  # the last frames of a song, when the countdown turns
FLASH: Final = 2 * RATE // 5
CONNECT: Final = "connect a device, or name one in the settings"
TELL: Final = 3 * RATE // 2  # how long the words about an ignored GO stay


def film_time(at: When | None) -> str:
    """`0:24:00`, `~0:24:00` for an estimate, "" for none."""
    if at is None:
        return ""
    return ("~" if at.estimate else "") + times.exact(Fraction(int(at.seconds)), hours=True)


def film_clock(frame: int) -> str:
    """Where the film clock stands, cut to the tenth: `0:24:00.3`."""
    seconds = frame // RATE
    return f"{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}.{frame * 10 // RATE % 10}"


def film_state(show: Show) -> tuple[str, str]:
    """What the film clock does, as (icon, word)."""
    if show.reel is None or not show.reel.runs:
        return "circle", "FILM STANDS"
    if show.paused:
        return "pause", "FILM PAUSED"
    return ("play", "FILM") if show.reel.armed else ("alert", "NO CUES")


def film_told(action: Action, show: Show, status: Status) -> str:
    """What a command did to the film clock, in one line."""
    if show.plan.set_id is not None:
        return "A set has no film times"
    if isinstance(action, TapFilm) and (show.at_end or show.plan.scene(show.standby).at is None):
        return "Standby's scene has no film time"
    if show.reel is None:
        return "No film clock runs"
    at = film_clock(film_frame(show.reel, show.paused, status.clock))
    if isinstance(action, StandbyAtFilm):
        return f"The film is at {at}"
    if not show.reel.runs:
        return f"The film clock stands at {at}"
    return f"The film clock runs: {at}" if show.reel.armed else f"The film clock runs: {at}; no cue comes by it"


def plain(seconds: int) -> str:
    """`0:31`, `1:47:12`. For what is said many times a second: `times.exact` takes fractions and its time."""
    minutes, second = divmod(seconds, 60)
    return f"{minutes // 60}:{minutes % 60:02}:{second:02}" if minutes >= 60 else f"{minutes}:{second:02}"


def length(frames: int | None) -> str:
    """A length to the nearest second, at least one: `2:41`; "" for none."""
    return "" if frames is None else plain(max(1, (frames + RATE // 2) // RATE))


def left(frames: int) -> str:
    """Time left: whole seconds, counted up to the next; tenths in the last ten: `1:41`, `6.4`."""
    if frames > HOT:
        return plain(-(-frames // RATE))
    tenths = -(-max(frames, 0) * 10 // RATE)
    return f"{tenths // 10}.{tenths % 10}"


def position(frames: int) -> str:
    """Where a song stands, cut to the second: `0:59`."""
    return plain(frames // RATE)


class Row(NamedTuple):
    """A line of the cue list."""

    number: str
    title: str
    song: str  # "" where the step plays none
    artist: str
    others: str  # what the step does besides, or instead
    stand_in: bool
    trouble: str  # why it stays silent, "" where it does not
    at: str
    length: str
    opens: bool  # first step of its scene
    warned: bool  # something in it is not yet played
    colour: str = ""  # what a person marked it with


def row(plan: Plan, index: int) -> Row:
    """The line of a step."""
    if plan.set_id is not None:
        return _set_row(plan, index)
    step, scene = plan.steps[index], plan.scene(index)
    opens = index == 0 or plan.steps[index - 1].scene != step.scene
    cue = plan.first_song(index)
    song = plan.song(cue) if cue else None
    resolved = plan.songs.get(cue.song) if cue else None
    own = step.cues[0].at if step.cues else None
    return Row(
        plan.number(index),
        scene.title,
        (song.title if song else cue.song) if cue else "",
        (song.artist or "") if song else "",
        others(plan, index),
        resolved is not None and resolved.kind == "stand-in",
        resolved.why if resolved is not None and resolved.kind == "silence" else "",
        film_time(own or scene.at) if opens or own else "",
        length(plan.length(index)),
        opens,
        any(cue.not_yet for cue in step.cues),
        next((cue.colour for cue in step.cues if cue.colour), scene.colour) or "",
    )


def _set_row(plan: Plan, index: int) -> Row:
    """The line of a song of a set: key, tempo, what there is to know; how it comes."""
    scene, entry = plan.scene(index), plan.entry(index)
    cue = plan.steps[index].songs[0]
    resolved = plan.songs.get(cue.song)
    silent = resolved is not None and resolved.kind == "silence"
    known = [*key_and_tempo(plan.song(cue)), " ".join((scene.note or "").split())]
    first, second, *rest = [*(each for each in known if each), "", ""]
    return Row(
        plan.number(index),
        scene.title,
        scene.title if silent else first,
        second,
        "  ·  ".join(each for each in rest if each),
        resolved is not None and resolved.kind == "stand-in",
        resolved.why if resolved is not None and silent else "",
        gap_words(entry.gap, entry.gap_estimate) if entry and entry.gap is not None and index else "GO",
        length(plan.length(index)),
        True,
        False,
    )


def key_and_tempo(song: Song | None) -> tuple[str, ...]:
    """`E minor` and `96 bpm`, as far as they are known."""
    tempo = f"{float(song.bpm):g} bpm" if song and song.bpm else ""
    return tuple(each for each in ((song.key or "") if song else "", tempo) if each)


def gap_words(gap: Fraction, estimate: bool) -> str:
    """How long after the song before one comes by itself: `+0:45`, `~+0:45`; `+0:00.5` is cut to the second."""
    return ("~" if estimate else "") + "+" + plain(int(gap))


def set_words(plan: Plan, index: int) -> tuple[str, ...]:
    """Key, tempo and count-in of a song of a set, as far as they are known."""
    song, entry = plan.song(plan.steps[index].songs[0]), plan.entry(index)
    if song is None or entry is None:
        return ()
    meter = f"{song.meter[0]}/{song.meter[1]}" if song.meter else ""
    tempo = f"{float(song.bpm):g} bpm {meter}".rstrip() if song.bpm else meter
    count = f"count {entry.count}" if entry.count else ""
    return tuple(each for each in (song.key or "", tempo, count) if each)


def others(plan: Plan, index: int) -> str:
    """What a step without a song does, in words; how many songs more one with several plays."""
    step = plan.steps[index]
    songs = len(step.songs)
    if songs > 1:
        return f"+{songs - 1} more"
    return "" if songs else sentence(plan.words(index)) if step.cues else "No music"


class Sound(NamedTuple):
    """A song that sounds: where it stands and what is left, in frames.

    One that is made to leave is gone before its end: `left` counts to where it falls silent.
    """

    voice: int
    cue: SongCue
    step: int
    begin: int
    end: int
    at: int
    left: int
    leaving: bool
    preview: bool
    hot: bool
    level: float  # dB, every ramp included
    held: bool = False  # a cue lets it stand still
    turn: int = 0  # the pass of its loop, from 1; 0 outside of one
    counting: bool = False  # it counts in the song of its cue


def sound(show: Show, status: Status) -> Sound | None:
    """The target song, None while nothing sounds."""
    heard = target(show)
    return _sound(heard, status.voices) if heard else None


def own_voice(show: Show) -> Sounding | None:
    """The song on the card: what sounds of the step fired last, the latest of it."""
    return next((each for each in reversed(show.sounding) if each.step == show.fired and not each.preview), None)


def card_song(show: Show) -> SongCue | None:
    """The song that the card names: the one that sounds of its step, else the first of it; None without one."""
    own = own_voice(show)
    return own.cue if own else None if show.fired is None else show.plan.first_song(show.fired)


def sounds(show: Show, status: Status) -> tuple[Sound, ...]:
    """Everything that sounds, in order of start."""
    return tuple(_sound(heard, status.voices) for heard in show.sounding)


def _sound(heard: Sounding, voices: Iterable[VoiceStatus]) -> Sound:
    voice = next((each for each in voices if each.voice == heard.voice), None)
    at = voice.at if voice else heard.begin
    remains = max(0, (voice.end if voice else heard.end) - at)
    leaving = heard.leaving or (voice is not None and voice.leaving)
    return Sound(
        heard.voice,
        heard.cue,
        heard.step,
        heard.begin,
        heard.end,
        at,
        remains,
        leaving,
        heard.preview,
        remains <= HOT and not leaving and not (voice and voice.looping) and not heard.count,
        meters.decibels(voice.gain) if voice else 0.0,
        heard.held,
        voice.turn + 1 if voice and voice.looping else 0,
        heard.count,
    )


def cue_words(plan: Plan, cue: AnyCue) -> str:
    """What one cue does, in the words of the plan."""
    return replace(plan, steps=(Step(0, 0, (cue,)),)).words(0)


def cue_note(plan: Plan, step: int) -> str:
    """What the operator is told of a step by its cues' own notes."""
    return "; ".join(cue.note for cue in plan.steps[step].cues if cue.note)


def device(name: str) -> str:
    """What a sound device is called here: some systems name theirs no better than "default"."""
    return "default device" if name.casefold() == "default" else name


def state(show: Show) -> tuple[str, str]:
    """The show's state as (icon, word)."""
    if show.paused:
        return "pause", "PAUSED"
    if not show.sounding:
        return ("end", "END") if show.at_end else ("circle", "STOPPED" if show.fired is not None else "READY")
    if all(each.leaving for each in show.sounding):
        return "fade", "FADING"
    if all(each.preview for each in show.sounding):
        return "play", "PREVIEW"
    return "play", "PLAYING"


def flashes(show: Show, clock: int) -> bool:
    """Whether an ignored GO is so fresh that the panel flashes."""
    return show.ignored_go is not None and 0 <= clock - show.ignored_go < FLASH


def ignored(show: Show, clock: int) -> str:
    """Why the last GO was not taken, while that is fresh."""
    if show.ignored_go is None or not 0 <= clock - show.ignored_go < TELL:
        return ""
    return "GO ignored: nothing is left to fire" if show.at_end else "GO ignored: too soon after the last"


def estimated(plan: Plan, step: int) -> bool:
    """Whether the film time of a step is an estimate."""
    own = plan.steps[step].cues[0].at if plan.steps[step].cues else None
    at = own or plan.scene(step).at
    return at is not None and at.estimate


def film_in(show: Show, status: Status) -> int | None:
    """Frames until the standby step comes by the film; None where it does not, or waits for another cue's end."""
    at = due(show.plan, show.standby) if show.standby in show.pending else None
    if show.reel is None or not show.reel.runs or show.paused or at is None:
        return None
    return max(0, at - film_frame(show.reel, show.paused, status.clock))


def next_in(show: Show, status: Status) -> int | None:
    """Frames until the standby step fires by itself, hands-free or after a gap; None where nobody can tell."""
    if show.at_end or show.paused or show.fired is None or show.again or not (show.auto or show.armed):
        return None
    heard = [each for each in sounds(show, status) if each.step == show.fired and not each.preview]
    ends = [music_left(show.plan, each) for each in heard]
    gap = show.plan.gap(show.standby)
    if gap is not None:
        over = max(ends) if ends else show.over - status.clock if show.over is not None else None
        return None if over is None else max(0, over + times.frames(gap))
    if not ends and show.awaited is not None and not show.plan.steps[show.fired].songs:
        return max(0, show.awaited.clock + show.card - status.clock)
    following = show.plan.first_song(show.standby)
    cross = order.crossfade(following, show.plan.timeline) if following else None
    return max(0, max(ends) - (times.frames(cross.length) if cross else 0)) if ends else None


def music_left(plan: Plan, each: Sound) -> int:
    """Frames until a song is over; of a count-in, until the song behind it is."""
    begin, end = plan.bounds(each.cue) if each.counting else (0, 0)
    return each.left + end - begin


class Film(Struct, frozen=True):
    """The film's own title card."""

    title: str
    director: str
    figures: tuple[tuple[str, str], ...]  # (number, what it counts)
    material: tuple[tuple[str, str], ...]  # (icon, sentence)
    lacks: bool = False  # a song has no recording


def film(plan: Plan) -> Film:
    """What is known of the film before the show, and what its songs resolved to."""
    if plan.set_id is not None:
        return _set_film(plan)
    about = plan.timeline.film
    used = list(dict.fromkeys(cue.song for step in plan.steps for cue in step.songs))
    music = sum(plan.length(index) or 0 for index in range(len(plan.steps)))
    figures = [(str(about.year), "")] if about.year else []
    if about.runtime:
        figures.append((times.exact(Fraction(int(about.runtime)), hours=True), "running time"))
    figures.append((str(len(plan.timeline.scenes)), _s(len(plan.timeline.scenes), "scene")))
    figures.append((str(len(used)), _s(len(used), "song")))
    if music:
        figures.append((length(music), "of music"))
    return Film(
        about.title or plan.name, about.director or "", tuple(figures), _material(plan, used), _lacks(plan, used)
    )


def _set_film(plan: Plan) -> Film:
    """The same of a set."""
    playing = plan.playing_set
    songs = [step.songs[0].song for step in plan.steps]
    music = sum(plan.length(index) or 0 for index in range(len(plan.steps)))
    figures = [(str(len(songs)), _s(len(songs), "song"))]
    figures += [(length(music), "of music")] if music else []
    figures += [(each, "") for each in ((playing.date, playing.place) if playing else ()) if each]
    return Film(set_title(plan), "", tuple(figures), _material(plan, list(dict.fromkeys(songs))), _lacks(plan, songs))


def set_title(plan: Plan) -> str:
    """What the set that plays is called."""
    playing = plan.playing_set
    return (playing.title if playing else None) or plan.set_id or ""


def _s(count: int, word: str) -> str:
    return word if count == 1 else word + "s"


def _material(plan: Plan, used: list[str]) -> tuple[tuple[str, str], ...]:
    if not plan.steps:
        return (("alert", "This file has no scenes yet."),)
    if not used:
        return (("circle", "No scene has music yet."),)
    if not plan.playable:
        return ()
    kinds = [plan.songs[song].kind if song in plan.songs else "silence" for song in used]
    stand_ins, silent = kinds.count("stand-in"), kinds.count("silence")
    lines: list[tuple[str, str]] = []
    if not stand_ins and not silent:
        lines.append(("check", "Every recording is here."))
    elif stand_ins == len(used):
        lines.append(("stand-in", "Every song plays its stand-in: no recordings are here."))
    elif stand_ins:
        lines.append(("stand-in", f"{stand_ins} of {len(used)} songs {_play(stand_ins)} a stand-in for a recording."))
    if silent:
        quiet = [song for song, kind in zip(used, kinds, strict=True) if kind == "silence"]
        names = ", ".join(song_title(plan, song) for song in quiet)
        lines.append(("alert", f"{silent} of {len(used)} songs {_stay(silent)} silent: {names}."))
    return tuple(lines)


def _lacks(plan: Plan, used: list[str]) -> bool:
    """Whether a song plays no recording, so that it is of use to say where one comes from."""
    return plan.playable and any(song not in plan.songs or plan.songs[song].kind != "media" for song in used)


def _play(count: int) -> str:
    return "plays" if count == 1 else "play"


def _stay(count: int) -> str:
    return "stays" if count == 1 else "stay"


def song_title(plan: Plan, song: str) -> str:
    """The title of a song, its id where the timeline has no such song."""
    found = plan.timeline.songs.get(song)
    return found.title if found else song


def year_title(plan: Plan) -> str:
    """The film's title and year, for the header; of a set its title."""
    if plan.set_id is not None:
        return set_title(plan)
    about = plan.timeline.film
    return (about.title or plan.name) + (f" ({about.year})" if about.year else "")


def counts(plan: Plan) -> str:
    """How many scenes and steps."""
    scenes, steps = len(plan.timeline.scenes), len(plan.steps)
    if plan.set_id is not None:
        return f"{steps} {_s(steps, 'song')}"
    said = f"{scenes} {_s(scenes, 'scene')}"
    return said if steps == scenes else f"{said}, {steps} steps"


class Trouble(NamedTuple):
    """What the banner says. `place` is file:line:col; `more` counts what it has no room for."""

    place: str
    text: str
    more: int
    line: int  # 0: no line to open


def trouble(show: Show, said: tuple[str, ...], alive: bool, silent: bool = False, known: str = "") -> Trouble | None:
    """The gravest thing wrong, and what to do about it: the engine, the device, what was just refused, the settings,
    the file. known: what the engine told so long ago that it need not be said any more.
    """
    told = show.trouble or ""
    plain = [*_lost("" if told == known else told, show.about, alive, silent), *said]
    errors = [each for each in show.plan.problems if each.severity == "error"]
    if not plain and not errors:
        return None
    more = len(plain) + len(errors) - 1
    if plain:
        return Trouble("", sentence(plain[0]), more, 0)
    first = errors[0]
    place = f"{show.plan.name}:{first.span.line}:{first.span.column}"
    text = first.message + (f"; {first.hint}" if first.hint else "")
    return Trouble(place, text, more, first.span.line)


def _lost(told: str, about: Affair, alive: bool, silent: bool) -> list[str]:
    """What is wrong with engine and device, in one line for one thing. told: what the show was told last."""
    more = [told] if told else []
    if not alive:
        own = "the sound engine does not answer: quit and start again"
        return more if told and about == "engine" else [own, *([] if about in ("device", "outputs") else more)]
    if not silent or (told and about == "engine"):
        return more
    if told and about == "device":
        return [f"{told}; {CONNECT}"]
    return [f"no sound device: the show runs in silence; {CONNECT}", *more]


def sentence(text: str) -> str:
    """`text` with a capital; a path or the name of a file stays as it is."""
    first = text.partition(" ")[0].rstrip(".:,;")
    return text if "." in first or "/" in first or "\\" in first else text[:1].upper() + text[1:]


def caps(keys: Bindings, command: str) -> str:
    """The first key of a command, "" where it has none."""
    return next(iter(keys.keys(command)), "")
