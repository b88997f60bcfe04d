"""What one destination gets of a story: the recipe, what is drawn over it, and the words beside it."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

from pipeline.errors import ConfigError, LayoutError
from pipeline.model import (
    Asset,
    Composition,
    Profile,
    Recipe,
    Sidecar,
    Size,
    Styling,
    TitleCard,
    Treatment,
)
from pipeline.plan.choices import Choice, choose
from pipeline.plan.composing import Brief, composition_notes, composition_of, is_composed
from pipeline.plan.drawn.beneath import Beneath
from pipeline.plan.drawn.cards import label_overlay, label_place, title_overlay
from pipeline.plan.drawn.content import Content, Place, caption_as, content_of, styling_for
from pipeline.plan.drawn.overlay import Desk, draw
from pipeline.plan.drawn.type import Type
from pipeline.plan.film import film_facts
from pipeline.plan.photos import photo_recipe
from pipeline.plan.reach import reach_of
from pipeline.plan.room import Room
from pipeline.plan.stickers import NOT_DRAWN, Placed
from pipeline.plan.terms import DestinationTerms, PlanSettings, wish_for
from pipeline.plan.texts import texts_for
from pipeline.plan.vias import notes_on, placed_by_program
from pipeline.plan.videos import video_recipe

FILM = "the film of a motion photo"
COMPOSED = "it is composed"
TITLE_S = 2.5


@dataclass(frozen=True, slots=True)
class _Sheet:
    """All that one destination's story is decided from."""

    asset: Asset
    sidecar: Sidecar
    place: Place
    settings: PlanSettings
    styling: Styling
    choice: Choice

    @property
    def is_film(self) -> bool:
        """Whether it is composed of several files, or moves by our own doing."""
        return is_composed(self.asset, self.sidecar.decor)


def treatment_for(asset: Asset, name: str, settings: PlanSettings) -> Treatment:
    """Everything but when it goes out.

    Raises SidecarError for a link or a look that can't be used, LayoutError for words that don't fit,
    BudgetError when no quality fits the limits, NotCarriedError for an audience that can't be kept to.
    """
    terms = settings.destinations[name]
    place = Place(name, terms, settings.profiles[terms.platform])
    own = asset.sidecar.at(name)
    reach = reach_of(dataclasses.replace(asset, sidecar=own), settings)
    sidecar = dataclasses.replace(own, link=reach.link)
    styling = styling_for(sidecar, terms, settings)
    choice = choose(wish_for(sidecar, terms, settings, styling), asset, place.profile.canvas)
    sheet = _Sheet(asset, sidecar, place, settings, styling, choice)
    room = Room(place.profile)
    placed = placed_by_program(sidecar, terms, place.profile, room)
    content = content_of(asset, sidecar, place, settings, placed.stickers if placed else ())
    try:
        recipe = _recipe(sheet, content, room)
    except ConfigError as unusable:  # a font; the other stories go on
        raise LayoutError(f"the look {styling.name} can't be drawn: {unusable}") from unusable
    spoken = sidecar if caption_as(sidecar, terms) in {"text", "both"} else _wordless(sidecar, name)
    wording = texts_for(spoken, name, place.profile, settings.captions, placed)
    way = notes_on(asset, terms, place.profile, shows_photos=settings.shows_photos(name))
    notes = (*recipe.notes, *reach.notes, *wording.notes, *_undrawn(placed, content), *way)
    return Treatment(
        destination=name,
        recipe=dataclasses.replace(recipe, notes=notes),
        texts=wording.texts,
        not_after=sidecar.not_after,
        lifetime_hours=place.profile.lifetime_hours,
    )


def recipe_for(asset: Asset, terms: DestinationTerms, settings: PlanSettings) -> Recipe:
    """How the asset is reformatted for one destination, were nothing drawn on it."""
    profile = settings.profiles[terms.platform]
    styling = styling_for(asset.sidecar, terms, settings)
    choice = choose(wish_for(asset.sidecar, terms, settings, styling), asset, profile.canvas)
    return _plain(asset, choice, profile)


def _wordless(sidecar: Sidecar, name: str) -> Sidecar:
    decor = dataclasses.replace(sidecar.decor, title="")
    return dataclasses.replace(sidecar, texts={name: ""}, decor=decor)


def _undrawn(placed: Placed | None, content: Content) -> tuple[str, ...]:
    return (NOT_DRAWN,) if placed and placed.stickers and not content.stickers else ()


def _recipe(sheet: _Sheet, content: Content, room: Room) -> Recipe:
    film = _film(sheet, room) if sheet.is_film else None
    base = _base(sheet, content, film)
    if film:
        several = len(base.parts) > 1
        marks = sheet.settings.part_marks and several
        content = dataclasses.replace(content, animate=_brief(sheet).animate, marks=marks)
    elif not content.why:
        return base
    materials = {material.path: material for material in sheet.asset.materials}
    desk = Desk(room, _type(sheet), materials)
    drawn = draw(content, len(base.parts), _beneath(sheet, base, film), desk)
    overlay = drawn.fixed if drawn.is_anything else None
    if film:
        film = dataclasses.replace(film, animated=drawn.coming_in)
        notes = (*base.notes, *composition_notes(film), *drawn.notes)
        return dataclasses.replace(base, overlay=overlay, composition=film, notes=notes)
    if overlay is None:  # words that didn't fit: it may be sent as it is
        base = _base(sheet, Content(sheet.styling), None)
    return dataclasses.replace(base, overlay=overlay, notes=(*base.notes, *drawn.notes))


def _base(sheet: _Sheet, content: Content, composition: Composition | None) -> Recipe:
    """The recipe without what is drawn, made anew where anything will be."""
    asset, profile = sheet.asset, sheet.place.profile
    look = dataclasses.replace(sheet.choice.look, decorated=content.why)
    if composition:
        film = dataclasses.replace(asset, facts=film_facts(composition))
        look = dataclasses.replace(look, decorated=COMPOSED)
        return dataclasses.replace(video_recipe(film, look, profile), why="")
    return _plain(asset, dataclasses.replace(sheet.choice, look=look), profile)


def _plain(asset: Asset, choice: Choice, profile: Profile) -> Recipe:
    match asset.facts.kind:
        case "photo":
            recipe = photo_recipe(asset.facts, choice.look, profile)
        case "animation" | "video":
            recipe = video_recipe(asset, choice.look, profile)
    made = recipe.action in {"image", "transcode"}
    film = (FILM,) if asset.facts.clip and asset.facts.kind == "video" else ()
    return dataclasses.replace(recipe, notes=(*film, *(choice.notes if made else ()), *recipe.notes))


def _film(sheet: _Sheet, room: Room) -> Composition:
    """What is composed, with its title cards and labels; only the words that come in are still to be set."""
    decor, styling, profile = sheet.sidecar.decor, sheet.styling, sheet.place.profile
    composition = composition_of(sheet.asset, _brief(sheet))
    if not (decor.intro or decor.outro or styling.labels):
        return composition
    type_ = _type(sheet)

    def card(text: str) -> TitleCard | None:
        return TitleCard(TITLE_S, "#101010", title_overlay(text, styling, profile, type_)) if text else None

    place = label_place(room, type_) if styling.labels else None
    takes = composition.takes
    if place:
        labels = (label_overlay(text, place, type_) for text in styling.labels)
        takes = tuple(
            dataclasses.replace(take, overlay=label) for take, label in zip(takes, labels, strict=True)
        )
    return dataclasses.replace(composition, takes=takes, intro=card(decor.intro), outro=card(decor.outro))


def _brief(sheet: _Sheet) -> Brief:
    return Brief(sheet.sidecar, sheet.styling, sheet.choice.look, sheet.place.profile)


def _type(sheet: _Sheet) -> Type:
    from pipeline.lettering import typesetter  # fonts, for decorated stories only

    fonts = sheet.settings.fonts
    return Type(typesetter(tuple(fonts.values())), fonts, sheet.place.profile.canvas)


def _beneath(sheet: _Sheet, base: Recipe, composition: Composition | None) -> Beneath:
    """Of a film only the first picture was looked at, so that anything may lie beneath in one of several."""
    scene, facts = sheet.asset.scene, sheet.asset.facts
    tones = scene.tones if scene and (composition is None or len(composition.takes) == 1) else None
    canvas = sheet.place.profile.canvas
    if composition is None:
        return Beneath(tones, Size(facts.width, facts.height), base, canvas)
    take = composition.takes[0]
    shown = dataclasses.replace(
        base, canvas=take.canvas, crop=take.crop, frame=take.frame, background=take.background
    )
    moves = take.motion != "none"
    return Beneath(tones, Size(facts.width, facts.height), shown, canvas, moves)
