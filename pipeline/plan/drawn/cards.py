"""Words that stand alone: on title cards, and as labels over one picture of several."""

from __future__ import annotations

from pipeline.errors import LayoutError
from pipeline.model import Overlay, Panel, Profile, Rect, Size, Styling, TextStyle
from pipeline.plan.drawn.content import Content
from pipeline.plan.drawn.labels import Label, label
from pipeline.plan.drawn.type import Type
from pipeline.plan.drawn.words import blocks_of, words_of
from pipeline.plan.room import Room

LABEL_PX = (300, 88)


def title_overlay(text: str, styling: Styling, profile: Profile, type_: Type) -> Overlay:
    """An intro or outro: the words in the middle, in the type of the look's title. Raises LayoutError."""
    title = styling.title
    style = TextStyle(
        at="middle",
        family=title.family,
        weight=title.weight,
        smallest_px=title.smallest_px,
        largest_px=title.largest_px,
        backing="none",
        upper=title.upper,
        most=1.0,
    )
    content = Content(Styling("card", "", title=style, caption=style), title=text)
    words = tuple(words_of(block, type_, style) for block in blocks_of(content, Room(profile).safe, type_))
    families = {one.typeface.family for one in words}
    return Overlay(type_.canvas, type_.setter.fingerprint(families), type_.fallback, words=words)


def label_place(room: Room, type_: Type) -> Rect:
    """Where the labels of a story of several pictures stand: at the top. Raises LayoutError without room."""
    places = room.take([Size(type_.px(LABEL_PX[0]), type_.px(LABEL_PX[1]))], (0.5, 0.0))
    if not places:
        raise LayoutError("there is no room left in the safe area for the labels of the look")
    return places[0]


def label_overlay(text: str, place: Rect, type_: Type) -> Overlay:
    """A word over one picture of several. Raises LayoutError when it's too long."""
    across = place.height // 3
    inner = Rect(place.x + across, place.y, place.width - 2 * across, place.height)
    words = label(Label(text, "#16181d", largest_px=52), inner, type_)
    if words is None:
        raise LayoutError(f"the label “{text}” of the look is too long")
    panel = Panel(place, "#ffffff", 0.95, place.height // 2)
    fonts = type_.setter.fingerprint({words.typeface.family})
    return Overlay(type_.canvas, fonts, type_.fallback, panels=(panel,), words=(words,))
