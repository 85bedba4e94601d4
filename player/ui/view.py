"""Model to screen. Pure: the same model gives the same sheets, and what did not change is not made again."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any, Final, TypeVar

from player import edits
from player import sheets as words
from player.commands import Bindings, by_id, shown
from player.engine import RATE
from player.engine.source import SourceSpec
from player.plan import Plan
from player.projection import film_frame
from player.show import Show, target
from player.ui import evening, facts, meters, outlook, shapes
from player.ui.facts import Sound
from player.ui.form import Clashes, Form, Line, Offer
from player.ui.layout import Layout, layout, point, with_sheet, with_tally
from player.ui.links import Links
from player.ui.meters import thousandths
from player.ui.model import Model
from player.ui.ops import Hit, Rect, Screen, Sheet
from player.ui.overlays import Ask, Figures, Help, Overlay, Picker
from player.ui.panels import banner as banners
from player.ui.panels import card as cards
from player.ui.panels import cues as lists
from player.ui.panels import figures as counts
from player.ui.panels import footer as footers
from player.ui.panels import form as forms
from player.ui.panels import header as headers
from player.ui.panels import links as songlists
from player.ui.panels import next as nexts
from player.ui.panels import over
from player.ui.panels import sheet as papers
from player.ui.panels import strip as strips
from player.ui.panels import tally as tallies
from player.ui.panels import wave as waves
from player.ui.pen import Pen
from player.ui.text import Measure
from player.ui.theme import PANEL
from timeline import times
from timeline.model import OtherCue, Scene, SongCue

T = TypeVar("T")

STEADY: Final = 10  # seconds: planned times are counted from such moments


class View:
    """The view with a memory: each part is made again only when what it shows has changed."""

    def __init__(self, measure: Measure) -> None:
        self._measure = measure
        self._kept: dict[str, tuple[tuple[Any, ...], Any]] = {}
        self._laid: tuple[Model, Layout] | None = None
        self._rows: tuple[Plan | None, dict[int, facts.Row]] = (None, {})

    def _keep(self, name: str, make: Callable[..., T], *given: Any) -> T:
        """`make(*given)`, or what it gave last time where it was given the same."""
        kept = self._kept.get(name)
        if kept is not None and kept[0] == given:
            return kept[1]  # type: ignore[no-any-return]
        made = make(*given)
        self._kept[name] = given, made
        return made

    def _row(self, plan: Plan, index: int) -> facts.Row:
        if self._rows[0] is not plan:
            self._rows = (plan, {})
        rows = self._rows[1]
        if index not in rows:
            rows[index] = facts.row(plan, index)
        return rows[index]

    def layout(self, model: Model) -> Layout:
        """Where the panels of this model are. Asked several times for each."""
        if self._laid is None or self._laid[0] is not model:
            self._laid = model, self._layout(model)
        return self._laid[1]

    def _layout(self, model: Model) -> Layout:
        strip = not isinstance(model.overlay, Form)
        in_set, sheet = model.show.plan.set_id is not None, model.sheet is not None and strip
        says = self._trouble(model)
        return self._keep("layout", _layout, model.size, model.zoom, self._measure, says, strip, in_set, sheet)

    def about(self, show: Show) -> tuple[SongCue | None, SourceSpec | None]:
        """The song that the card and the lane are about, and the material whose picture the lane shows."""
        return self._keep("about", _about, show)

    def rows(self, model: Model) -> tuple[int, int]:
        """The first row of the list on screen, and how many there are room for."""
        return self._keep("rows", _rows, model.show, model.scroll, self.layout(model))

    def __call__(self, model: Model) -> Screen:
        """The whole screen, bottom sheet first."""
        where, heard = self.layout(model), facts.sounds(model.show, model.status)
        aim = self._keep("aim", _aim, model.show)
        sound = None if aim is None else heard[aim]
        sheets: list[Sheet] = [
            self._keep("header", self._header, where, model.show, model.wall),
            *self._film_clock(model, where),
            *self._banner(model, where),
            *(() if isinstance(model.overlay, Figures) else self._list(model, where, heard)),
            *self._card(model, where, heard, sound),
            *self._sheet(model, where, sound),
            self._keep("next", nexts.next_panel, where.next, where.u, self._measure, self._next(model)),
            *self._lower(model, where, sound),
            self._keep("footer", footers.footer, where.footer, where.u, self._measure, self._footer(model)),
        ]
        match model.overlay:
            case None:
                pass
            case Figures():
                place = where.list or where.card
                says_now = self._keep("figures", counts.figures, model.figures or model.status)
                device = facts.device(model.status.device)
                sheets.append(
                    self._keep(
                        "over", counts.panel, place, where.u, self._measure, says_now, device, _closes(model.keys)
                    )
                )
            case Form() as open_form:
                says = self._form_says(model, open_form.here.path, sound)
                sheets.append(self._keep("over", forms.form, where.card, where.u, self._measure, says, open_form))
            case Line() as line:
                sheets.append(self._keep("over", forms.line, where.next, where.u, self._measure, line))
            case other:
                sheets += [self._keep("shade", over.shade, where), self._over(model, where, other)]
        return tuple(sheets)

    def _header(self, where: Layout, show: Show, wall: str) -> Sheet:
        return headers.header(where.header, where.u, self._measure, _header(show, wall))

    def _film_clock(self, model: Model, where: Layout) -> list[Sheet]:
        """The running film clock, apart from the rest of its line, which need not be made again for it."""
        reel = model.show.reel
        if reel is None:
            return []
        frame = film_frame(reel, model.show.paused, model.status.clock)
        says = headers.Clock(facts.film_clock(frame), *facts.film_state(model.show))
        return [self._keep("film-clock", headers.film_clock, where.header, where.u, self._measure, says)]

    def _form_says(self, model: Model, path: str, sound: Sound | None) -> forms.Says:
        show = model.show
        number = self._keep("form-number", _number_of, show.plan, path)
        playing = ""
        if sound is not None:
            playing = f"{facts.song_title(show.plan, sound.cue.song)}  {facts.left(sound.left)}"
        return forms.Says(number, playing)

    def _next(self, model: Model) -> nexts.Next:
        show, status = model.show, model.status
        frames = facts.film_in(show, status) if show.pending else facts.next_in(show, status)
        until = facts.left(frames) if frames is not None else ""
        until = f"~{until}" if until and show.pending and facts.estimated(show.plan, show.standby) else until
        flash, ignored = facts.flashes(show, status.clock), facts.ignored(show, status.clock)
        key = self._keep("go-key", _key, model.keys, "go", _typing(model.overlay))
        return self._keep("next-says", _next, show, model.keys, key, flash, ignored, until)

    def _footer(self, model: Model) -> footers.Footer:
        status = model.status
        said = self._keep("foot", _footer, model.show, model.keys, model.notice, status.device, status.silent)
        over = model.overlay
        what = over.mode if isinstance(over, Picker) else type(over)
        lines = (isinstance(over, Line) and over.field.lines) or (isinstance(over, Form) and over.row.field.lines)
        if model.busy:
            said = said._replace(busy=model.busy)
        return self._keep("foot-edits", _with_edits, said, model.keys, model.unsaved, what, lines)

    def _trouble(self, model: Model) -> banners.Banner | None:
        status = model.status
        return self._keep(
            "trouble", _banner, model.show, model.said, status.alive, status.silent, model.known, model.keys
        )

    def _banner(self, model: Model, where: Layout) -> list[Sheet]:
        says = self._trouble(model) if where.banner is not None else None
        if says is None or where.banner is None:
            return []
        return [self._keep("banner", banners.banner, where.banner, where.u, self._measure, says)]

    def _list(self, model: Model, where: Layout, heard: tuple[Sound, ...]) -> list[Sheet]:
        if where.list is None:
            return []
        show = model.show
        first, _ = self.rows(model)
        says = self._keep("list-says", _listed, show, first, self._planned(model, where, first))
        sheet = self._keep("list", self._cues, where.list, where.u, says, show.plan)
        parts = {
            each.step: _part(each.at - each.begin, each.end - each.begin, 1000) for each in heard if not each.preview
        }
        bars = self._keep(
            "progress", lists.progress, where.list, where.u, self._measure, says, tuple(sorted(parts.items()))
        )
        if where.tally is None:
            return [sheet, bars]
        key = "+".join(shown(facts.caps(model.keys, "finish")))
        tally = evening.tally(show, model.status, model.clock, model.finish, key)
        return [sheet, bars, self._keep("tally", tallies.tally, where.tally, where.u, self._measure, tally)]

    def _sheet(self, model: Model, where: Layout, sound: Sound | None) -> list[Sheet]:
        """The words of the song beside its card, at the place that is played."""
        rect, given = where.sheet, model.sheet
        if rect is None or given is None:
            return []
        trouble = ""
        if isinstance(given, str):
            cue, _ = self.about(model.show)
            song = model.show.plan.song(cue) if cue else None
            trouble, given = f"{song.sheet if song else 'The sheet'} {given}", words.Sheet(())
        rows = self._keep("sheet-rows", papers.rows, rect, where.u, self._measure, given)
        playing = sound is not None and not sound.counting
        part = (sound.at - sound.begin) / max(1, sound.end - sound.begin) if sound is not None and playing else 0.0
        begin = papers.first(rect, where.u, rows, part)
        return [self._keep("sheet", papers.panel, rect, where.u, self._measure, rows, begin, trouble)]

    def _planned(self, model: Model, where: Layout, first: int) -> tuple[str, ...] | None:
        """When the rows on screen would come, by the clock on the wall; None where the list shows film times."""
        if model.day is None:
            return None
        show = model.show
        soon = outlook.begins(show, model.status)
        begin = (model.day + soon + STEADY // 2) // STEADY * STEADY  # minutes do not flicker as seconds pass
        lasts = self._keep("lasts", outlook.lasts, show.plan, show.card if show.auto else 0)
        later = self._keep("offsets", outlook.offsets, lasts, show.standby)
        count = lists.capacity(where.list, where.u) if where.list else 0
        return tuple(
            outlook.wall(begin + later[index - show.standby]) if 0 <= index - show.standby < len(later) else ""
            for index in range(first, first + count)
        )

    def _cues(self, rect: Rect, u: float, says: lists.Cues, plan: Plan) -> Sheet:
        return lists.cues(rect, u, self._measure, says, lambda index: self._row(plan, index))

    def _card(self, model: Model, where: Layout, heard: tuple[Sound, ...], sound: Sound | None) -> list[Sheet]:
        show = model.show
        counted = sound is not None and show.fired is not None
        link = self._keep("link-key", _key, model.keys, "links", _typing(model.overlay))
        if show.fired is None:
            thing = "song" if show.plan.set_id is not None else "scene"
            words = f"plays the first {thing}" if show.standby == 0 else f"plays the {thing} in standby"
            told = model.newcomer and not show.at_end and not _typing(model.overlay)
            hint = (shown(facts.caps(model.keys, "go")), words) if told else None
            film = self._keep("film", facts.film, show.plan)
            card = self._keep("card", cards.title_card, where.card, where.u, self._measure, film, hint, link)
        else:
            own = self._keep("own", _own, show)
            says = self._keep("card-says", _card, show, show.fired, own, _others(show.plan, heard, own), link)
            card = self._keep("card", cards.card, where.card, where.u, self._measure, says, counted)
        sheets = [card]
        inner = self._keep("inner", cards.inner, where.card, where.u, counted)
        if counted and sound is not None and inner.ring is not None:
            count = _count(show, sound)
            sheets.append(self._keep("ring", cards.ring, inner.ring, where.u, self._measure, count, model.still))
        if inner.meters is not None:
            level = "0 dB" if show.level_db == 0 else f"{show.level_db:+.0f} dB".replace("-", "−")
            mark = "mute" if show.muted else ""
            sheets.append(
                self._keep(
                    "meters",
                    cards.meters,
                    inner.meters,
                    where.u,
                    self._measure,
                    thousandths(model.levels),
                    level,
                    mark,
                )
            )
        return sheets

    def _lower(self, model: Model, where: Layout, sound: Sound | None) -> list[Sheet]:
        if where.lower is None or where.strip is None:
            return []
        sheets = self._keep("strips", self._strips, where, where.lower, where.strip, model.show, _film_second(model))
        if where.wave is None:
            return sheets
        return [*sheets, self._wave(model, where.wave, where.u, sound)]

    def _strips(self, where: Layout, lower: Rect, strip: Rect, show: Show, second: int | None) -> list[Sheet]:
        film = self._keep("film-strip", film_strip, show.plan)
        done = self._keep("done", _done, show.plan, show.done)
        places = self._keep("places", _places, show.plan, show.fired, show.standby, done, second)
        groups = self._keep("groups", strips.crowd, film, strip.w)
        base = places._replace(standby=None) if groups else places  # a crowd is not made again for a step of standby
        sheets = [
            self._keep("lower", _ground, lower, where.u),
            self._keep("strip", strips.strip, strip, where.u, self._measure, film, base, groups),
        ]
        if groups:
            still = places._replace(label="", at=None)
            sheets.append(self._keep("marks", strips.marks, strip, where.u, self._measure, film, still))
        return sheets

    def _wave(self, model: Model, rect: Rect, u: float, sound: Sound | None) -> Sheet:
        lane = self._keep("lane", waves.drawing, rect, u)
        says = self._keep("wave-says", _wave, model.show, model.drag, _halting(sound, lane.w))
        _, spec = self.about(model.show)
        picture = model.drawn.picture if model.drawn and model.drawn.spec == spec else None
        tiles: tuple[shapes.Tile, ...] = ()
        if picture is not None:
            tiles = self._keep("tiles", shapes.tiles, picture, says.begin, says.end, lane.w, lane.h, u)
        shape = self._keep("shape", waves.shape, lane, tiles, says.preview)
        clock = facts.position(sound.at if sound else 0), facts.position(says.drag or 0)
        return self._keep("wave", waves.wave, rect, u, self._measure, says, shape, clock)

    def _over(self, model: Model, where: Layout, overlay: Overlay) -> Sheet:
        match overlay:
            case Help(page):
                return self._keep("over", over.help_panel, where, self._measure, model.keys, page)
            case Ask(path, 0):
                return self._keep("over", over.ask_panel, where, self._measure, _playing(model.show), Path(path).name)
            case Ask(path, unsaved):
                sounding = _playing(model.show) if model.show.sounding else ""
                return self._keep("over", over.unsaved_panel, where, self._measure, sounding, Path(path).name, unsaved)
            case Offer(count):
                return self._keep("over", over.offer_panel, where, self._measure, count)
            case Clashes() as clashes:
                return self._keep("over", over.clashes_panel, where, self._measure, clashes)
            case Links() as links:
                return self._keep("over", songlists.links_panel, where, self._measure, model.show.plan, links)
        assert isinstance(overlay, Picker)
        return self._keep("over", over.picker_panel, where, self._measure, overlay)


def hit(screen: Screen, x: int, y: int) -> Hit | None:
    """What a press at this pixel means: the topmost of all."""
    for sheet in reversed(screen):
        for each in reversed(sheet.hits):
            if each.rect.holds(x, y):
                return each
    return None


def wanted(show: Show) -> SourceSpec | None:
    """The material whose picture the lane shows: of the target song, else of the standby song."""
    cue = shown_cue(show)
    resolved = show.plan.songs.get(cue.song) if cue else None
    return resolved.spec if resolved is not None and resolved.spec.kind != "silence" else None


def shown_cue(show: Show) -> SongCue | None:
    """The song that the card and the lane are about: the target's, else that of standby."""
    heard = target(show)
    if heard is not None:
        return heard.cue
    return None if show.at_end else show.plan.first_song(show.standby)


def _about(show: Show) -> tuple[SongCue | None, SourceSpec | None]:
    return shown_cue(show), wanted(show)


def _layout(
    size: tuple[int, int],
    zoom: int,
    measure: Measure,
    says: banners.Banner | None,
    strip: bool,
    in_set: bool,
    sheet: bool,
) -> Layout:
    u = point(size, zoom)
    banner = banners.height(size[0] - round(24 * u), u, measure, says) if says else 0
    where = layout(size, zoom, banner, strip)
    where = with_tally(where, tallies.HIGH) if in_set else where
    return with_sheet(where) if sheet else where


def _rows(show: Show, scroll: int | None, where: Layout) -> tuple[int, int]:
    rows = lists.capacity(where.list, where.u) if where.list else 1
    count = len(show.plan.steps)
    if scroll is not None:
        return max(0, min(scroll, count + 1 - rows)), rows
    return lists.first_row(count, show.standby, show.fired, rows), rows


# ---- what each panel is told


def _aim(show: Show) -> int | None:
    """Which of all that sounds is the target."""
    aimed = target(show)
    return show.sounding.index(aimed) if aimed is not None else None


def _own(show: Show) -> int | None:
    """The voice of the song on the card."""
    own = facts.own_voice(show)
    return own.voice if own else None


def _key(keys: Bindings, command: str, typing: bool) -> tuple[str, ...]:
    """The keycaps of a command; none while keys type."""
    return () if typing else tuple(filter(None, shown(facts.caps(keys, command))))


def _listed(show: Show, first: int, planned: tuple[str, ...] | None) -> lists.Cues:
    heard = tuple(sorted({each.step for each in show.sounding if not each.preview}))
    return lists.Cues(len(show.plan.steps), first, show.standby, show.fired, heard, show.done, show.paused, planned)


def _header(show: Show, wall: str) -> headers.Header:
    icon, word = facts.state(show)
    marks = [
        *([("lock", "LOCKED", False)] if show.locked else []),
        *([("auto", "AUTO", False)] if show.auto else []),
        *([("mute", "MUTED", False)] if show.muted else []),
        *([("end", "STOPS AFTER", False)] if show.stop_after else []),
        *([("auto", "REPEATS", False)] if show.again else []),
        *([("play", "PREVIEW", False)] if show.preview is not None and word != "PREVIEW" else []),
        (icon, word, word == "PLAYING"),
    ]
    at = show.plan.scene(show.fired).at if show.fired is not None else None
    film = "" if show.reel is not None else facts.film_time(at)
    return headers.Header(
        facts.year_title(show.plan), facts.counts(show.plan), tuple(marks), wall, film, show.reel is not None
    )


def _banner(
    show: Show, said: tuple[str, ...], alive: bool, silent: bool, known: str, keys: Bindings
) -> banners.Banner | None:
    trouble = facts.trouble(show, said, alive, silent, known)
    if trouble is None:
        return None
    aside = f"+{trouble.more} more" if trouble.more else ""
    return banners.Banner(trouble, shown(facts.caps(keys, "edit")) if trouble.line else (), aside)


def _others(plan: Plan, heard: tuple[Sound, ...], own: int | None) -> tuple[tuple[str, str], ...]:
    """Icon and words on what sounds besides the scene's own song."""
    return tuple(
        ("fade", f"{facts.song_title(plan, each.cue.song)} fades out: {facts.left(each.left)}")
        if each.leaving
        else ("play", f"{facts.song_title(plan, each.cue.song)}: {facts.left(each.left)} left")
        for each in heard
        if each.voice != own and not each.preview
    )


def _card(
    show: Show, fired: int, own: int | None, others: tuple[tuple[str, str], ...], link: tuple[str, ...]
) -> cards.Card:
    plan = show.plan
    scene = plan.scene(fired)
    cue = facts.card_song(show)
    song = plan.song(cue) if cue else None
    resolved = plan.songs.get(cue.song) if cue else None
    material = ("", "")
    if resolved is not None and resolved.kind != "media":
        material = ("stand-in" if resolved.kind == "stand-in" else "alert", resolved.why)
    else:
        link = ()
    if plan.set_id is not None:
        return _set_card(show, fired, cue, own, material, others)._replace(link=link)
    late = sorted({key for each in plan.steps[fired].cues for key in each.not_yet})
    unsent = [("dot", f"not sent: {', '.join(show.unsent)}")] if show.unsent else []
    of_set = _of_set(plan, fired, cue) if own is not None and cue else ()
    also = (*of_set, *others, *unsent, *([("dot", f"not yet played: {', '.join(late)}")] if late else []))
    return cards.Card(
        scene.id,
        f"SCENE {scene.number}" if scene.number else f"STEP {fired + 1} OF {len(plan.steps)}",
        scene.place or "",
        scene.people,
        scene.title,
        (song.title if song else cue.song) if cue else "",
        (song.artist or "") if song else "",
        material,
        show.said or scene.note or "",
        show.said is not None,
        (cue.note or "") if cue else "",
        own is not None,
        also,
        link,
    )


def _of_set(plan: Plan, step: int, cue: SongCue) -> tuple[tuple[str, str], ...]:
    """Which set a cue plays the song from, and the how manyth of it that is."""
    for each in plan.steps[step].cues:
        if isinstance(each, OtherCue) and each.verb == "set" and each.key == cue.key:
            songs = [member.cue.song for member in plan.members(each)]
            found = next((one for one in plan.timeline.sets if one.id == each.target), None)
            title = (found.title if found else None) or each.target or ""
            place = songs.index(cue.song) + 1 if cue.song in songs else 0
            words = f"{len(songs)} songs by chance" if each.shuffle else f"song {place} of {len(songs)}"
            return (("card", f"the set {title}: {words}"),)
    return ()


def _set_card(
    show: Show,
    fired: int,
    cue: SongCue | None,
    own: int | None,
    material: tuple[str, str],
    others: tuple[tuple[str, str], ...],
) -> cards.Card:
    """The card of a song of a set: its title is the song's."""
    plan = show.plan
    scene, song = plan.scene(fired), plan.song(cue) if cue else None
    label = f"SONG {fired + 1} OF {len(plan.steps)}"
    words = facts.key_and_tempo(song)
    artist = (song.artist or "") if song else ""
    below = [each for each in (artist, " · ".join(words)) if each] + ["", ""]
    note, plays = scene.note or "", own is not None
    return cards.Card(
        scene.id, label, "", (), scene.title, below[0], below[1], material, note, False, "", plays, others
    )


def _beat(plan: Plan, sound: Sound) -> str:
    """Which beat of its bar a count-in is at."""
    spec = plan.clicks(sound.step) if sound.step >= 0 else None
    if spec is None or spec.clicks is None:
        return facts.left(sound.left)
    clicks = spec.clicks
    beat = int(sound.at / RATE / clicks.pace)
    return str(beat % clicks.bar + 1)


def _count(show: Show, sound: Sound) -> cards.Count:
    if sound.counting and not sound.leaving:
        part = _part(sound.left, sound.end - sound.begin, 1000)
        icon, word = ("pause", "PAUSED") if show.paused else ("", "COUNT-IN")
        return cards.Count(_beat(show.plan, sound), word, icon, part, False, show.paused, False)
    hot = sound.hot and not show.paused
    icon, word = _word(show, sound, hot)
    if sound.leaving:
        part = round(1000 * (1 - sound.level / meters.FLOOR_DB))
    else:
        part = _part(sound.left, sound.end - sound.begin, 1000)
    return cards.Count(facts.left(sound.left), word, icon, part, hot, show.paused, sound.leaving)


def _word(show: Show, sound: Sound, hot: bool) -> tuple[str, str]:
    """Icon and word under the countdown."""
    if show.paused:
        return "pause", "PAUSED"
    if sound.leaving:
        return "fade", "FADING"
    if sound.held:
        return "pause", "HELD"
    if sound.turn:
        return "auto", f"PASS {sound.turn}"
    if sound.preview:
        return "", "PREVIEW"
    return "", "LAST 10 s" if hot else "LEFT"


def _part(some: int, whole: int, of: int) -> int:
    return min(of, max(0, some * of // max(1, whole)))


def _closes(keys: Bindings) -> str:
    """The keys that close the engine figures, in words."""
    own = "+".join(shown(facts.caps(keys, "figures")))
    return f"{own} or Esc closes" if own else "Esc closes"


def _typing(over: Overlay | None) -> bool:
    """Whether keys type, so that none of them is GO."""
    return isinstance(over, (Form, Line, Picker))


def _next(show: Show, keys: Bindings, key: tuple[str, ...], flash: bool, ignored: str, until: str) -> nexts.Next:
    plan = show.plan
    if show.at_end:
        first = " ".join(shown(facts.caps(keys, "first")))
        words = f"{first} moves standby to the first step" if plan.steps and first else ""
        return nexts.Next(
            "", "Nothing left to fire", facts.sentence(outlook.go(show)) or words, "", True, flash, ignored, "", ()
        )
    cue = plan.first_song(show.standby)
    resolved = plan.songs.get(cue.song) if cue else None
    kind = resolved.kind if resolved else ""
    mark = {"stand-in": "stand-in", "silence": "alert"}.get(kind, "")
    gone, words = outlook.parts(show)
    note = facts.cue_note(plan, show.standby)
    if plan.set_id is not None:
        words = ", ".join(facts.set_words(plan, show.standby))
        note = " ".join((plan.scene(show.standby).note or "").split())
        gone = "" if until else gone
    return nexts.Next(
        plan.number(show.standby),
        plan.title(show.standby),
        words,
        mark,
        False,
        flash,
        ignored,
        until,
        key,
        note,
        gone,
    )


def _halting(sound: Sound | None, wide: int) -> Sound | None:
    """What the lane shows of a song: nothing of it moves between two of its pixels."""
    if sound is None:
        return None
    step = max(1, (sound.end - sound.begin) // max(1, wide))
    at = sound.begin + (sound.at - sound.begin) // step * step
    return sound._replace(at=at, left=0, hot=False, level=0.0)


def _wave(show: Show, drag: int | None, sound: Sound | None) -> waves.Wave:
    plan = show.plan
    cue = sound.cue if sound else shown_cue(show)
    if not plan.playable:
        return waves.Wave("", None, 0, 0, 0, None, (), "", False)
    if cue is None:
        if show.at_end:
            words = "Nothing left to fire"
        else:
            words = facts.sentence(plan.words(show.standby)) if plan.steps[show.standby].cues else "No music in standby"
        return waves.Wave("", None, 0, 0, 0, None, (), words, False)
    comes = sound is not None and sound.counting
    sound = None if comes else sound
    begin, end = (sound.begin, sound.end) if sound else plan.bounds(cue)
    song = plan.song(cue)
    title = song.title if song else cue.song
    resolved = plan.songs.get(cue.song)
    silent = resolved is None or resolved.kind == "silence"
    empty = f"{title} is silent: {resolved.why}" if silent and resolved else f"{title}: its picture is being made"
    label = f"{'COMES' if comes else 'STANDBY'}   {title}   {facts.length(end - begin)}"
    if sound:
        label = title if len(show.sounding) > 1 or sound.step != show.fired else ""
    marks = tuple(
        (times.frames(mark.at), mark.text) for mark in (song.marks if song else ()) if isinstance(mark.at, Fraction)
    )
    voice, at = (sound.voice, sound.at) if sound else (None, begin)
    return waves.Wave(label, voice, begin, end, at, drag, marks, empty, sound is not None and sound.preview)


_HINTS = (  # and the order in which they stay where room is short
    (("go",), 0), (("panic",), 1), (("pause",), 4), (("fade",), 5), (("back", "forward"), 6),
    (("up", "down"), 3), (("goto",), 7), (("softer", "louder"), 8), (("commands",), 9), (("help",), 2),
)  # fmt: skip
_SET_HINTS = (
    (("go",), 0), (("panic",), 1), (("pause",), 4), (("fade",), 5), (("repeat",), 6), (("stop-after",), 7),
    (("up", "down"), 3), (("set",), 8), (("softer", "louder"), 9), (("commands",), 10), (("help",), 2),
)  # fmt: skip
_SOUNDING = {"panic", "pause", "fade", "back", "stop-after", "repeat"}


def _footer(show: Show, keys: Bindings, notice: str, device: str, silent: bool) -> footers.Footer:
    sounding = bool(show.sounding)
    hints = [
        _hint(keys, ids, weight, show)
        for ids, weight in (_HINTS if show.plan.set_id is None else _SET_HINTS)
        if (sounding or show.paused or ids[0] not in _SOUNDING) and (ids[0] != "go" or not show.at_end)
    ]
    name = "no sound device" if silent else facts.device(device)
    audible = sounding and not show.paused and not silent
    return footers.Footer(tuple(hint for hint in hints if hint.caps), notice, name, silent, audible)


def _number_of(plan: Plan, path: str) -> str:
    """The number of the step in which the thing at a path is, "" where it is in none."""
    step = edits.step_of(plan, path)
    return "" if step is None else plan.number(step)


def _with_edits(said: footers.Footer, keys: Bindings, unsaved: int, over: type | str, lines: bool) -> footers.Footer:
    """The line with the unsaved edits, and with the keys of what is open: its type, or the mode of a picker."""
    if isinstance(over, str):
        said = said._replace(hints=_picker_hints(over))
    elif over in _FORM_HINTS:
        said = said._replace(hints=(*_FORM_HINTS[over], *((_BREAK,) if lines else ())))
    elif over in _TAKEN:
        kept = (hint for hint in said.hints if hint.command not in _TAKEN[over])
        said = said._replace(hints=(*kept, _CLOSE))
    if not unsaved:
        return said
    words = "1 unsaved edit" if unsaved == 1 else f"{unsaved} unsaved edits"
    return said._replace(unsaved=words, save=shown(facts.caps(keys, "write-save")))


_BREAK = footers.Hint(("Shift", "Enter"), "new line", "", 3)
_CLOSE = footers.Hint(("Esc",), "close", "close", 1)
_TAKEN: dict[type, tuple[str, ...]] = {  # commands whose keys mean something else while this is open
    Help: ("panic", "up"),
    Figures: ("panic",),
    Ask: ("panic",),
    Offer: ("panic",),
    Clashes: ("panic", "up", "back"),
    Links: ("panic", "up"),
}


def _picker_hints(mode: str) -> tuple[footers.Hint, ...]:
    complete = (footers.Hint(("Tab",), "complete", "", 3),) if mode in ("open", "folder") else ()
    if mode == "link":
        complete = (footers.Hint(("Ctrl", "Enter"), "take, and write into the file", "", 3),)
    return footers.Hint(("Enter",), "take", "", 0), _CLOSE, footers.Hint(("↑", "↓"), "choose", "", 2), *complete


_FORM_HINTS: dict[type, tuple[footers.Hint, ...]] = {
    Form: (
        footers.Hint(("Enter",), "keep, next", "", 0),
        _CLOSE,
        footers.Hint(("Alt", "↓"), "list", "", 3),
        footers.Hint(("Ctrl", "PgDn"), "scene, song, film", "", 2),
        footers.Hint(("Ctrl", "Z"), "undo", "", 4),
    ),
    Line: (footers.Hint(("Enter",), "keep", "", 0), footers.Hint(("Esc",), "as it was", "close", 1)),
}


def _hint(keys: Bindings, ids: tuple[str, ...], weight: int, show: Show) -> footers.Hint:
    caps = tuple(cap for each in ids for cap in shown(facts.caps(keys, each)) if cap)
    words = "resume" if ids[0] == "pause" and show.paused else by_id(ids[0]).hint
    return footers.Hint(caps, words, ids[0], weight)


def _playing(show: Show) -> str:
    names = list(dict.fromkeys(facts.song_title(show.plan, each.cue.song) for each in show.sounding))
    return (
        f"{', '.join(names)} {'is' if len(names) == 1 else 'are'} sounding." if names else "The show goes on by itself."
    )


def _ground(rect: Rect, u: float) -> Sheet:
    pen = Pen("lower", rect, u, lambda *_: 0)
    pen.fill(rect, PANEL, 8)
    return pen.sheet()


# ---- the strip


def film_strip(plan: Plan) -> strips.Strip:
    """The plan's scenes on the strip, with the music where the plan has it."""
    if plan.set_id is not None:
        return _set_strip(plan)
    scenes = plan.timeline.scenes
    music: dict[int, list[tuple[float, float]]] = {}
    first: dict[int, int] = {}
    offset = 0.0
    for index, step in enumerate(plan.steps):
        if first.setdefault(step.scene, index) == index:
            offset = 0.0
        if not step.songs:
            continue
        own, scene = step.cues[0].at, scenes[step.scene].at
        start = float(own.seconds - scene.seconds) if own and scene else offset
        slots = [slot for slot in plan.slots(index)[0] if isinstance(slot.cue, SongCue)]
        music.setdefault(step.scene, []).extend((start + float(s.begin), start + float(s.end)) for s in slots)
        offset = max([offset, *(start + float(slot.end) for slot in slots)])
    laid = strips.lay_out(
        tuple((float(scene.at.seconds), scene.at.estimate) if scene.at else (None, False) for scene in scenes),
        lambda scene: plan.number(first[scene]) if scene in first else "",
        {scene: tuple(each) for scene, each in music.items()},
        float(plan.timeline.film.runtime or 0),
    )
    return laid._replace(blocks=tuple(map(_tagged, laid.blocks, scenes)))


def _set_strip(plan: Plan) -> strips.Strip:
    """The songs of a set as they would follow each other, if each GO came at once."""
    times: list[tuple[float | None, bool]] = []
    music: dict[int, tuple[tuple[float, float], ...]] = {}
    at = 0.0
    for index in range(len(plan.steps)):
        gap = float(plan.gap(index) or 0) if index else 0.0
        length = (plan.length(index) or 0) / RATE
        times.append((at if plan.playable else None, False))
        music[index] = ((gap, gap + length),)
        at += gap + length
    return strips.lay_out(tuple(times), plan.number, music, at)


def _tagged(block: strips.Block, scene: Scene) -> strips.Block:
    """The block with the colour of its scene, else of a cue in it."""
    colour = scene.colour or next((cue.colour for cue in scene.cues if cue.colour), None)
    return block._replace(colour=colour) if colour else block


def _done(plan: Plan, done: frozenset[int]) -> frozenset[int]:
    """The scenes of which a step has been fired."""
    return frozenset(plan.steps[index].scene for index in done if index < len(plan.steps))


def _film_second(model: Model) -> int | None:
    """The second of the film at which its clock stands; None where there is no such clock, and in a set."""
    show = model.show
    if show.reel is None or show.plan.set_id is not None:
        return None
    return film_frame(show.reel, show.paused, model.status.clock) // RATE


def _places(plan: Plan, fired: int | None, standby: int, done: frozenset[int], second: int | None) -> strips.Places:
    steps = plan.steps
    now = steps[fired].scene if fired is not None else None
    label = facts.film_time(plan.scene(fired).at) if fired is not None else ""
    if second is not None:
        label = facts.film_clock(second * RATE).partition(".")[0]
    return strips.Places(
        now,
        steps[standby].scene if standby < len(steps) else None,
        done,
        label,
        second,
    )
