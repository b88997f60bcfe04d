"""What of a story is drawn at one destination: which words, cards and stickers, in which look."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

from pipeline.errors import ConfigError, SidecarError
from pipeline.model import (
    Align,
    Animation,
    Asset,
    CaptionAs,
    Emblem,
    Profile,
    Row,
    Sidecar,
    Spot,
    Sticker,
    Styling,
    TextStyle,
)
from pipeline.plan.spoken import spoken
from pipeline.plan.terms import CaptionSettings, DestinationTerms, PlanSettings

TAPPED_BY_A_PERSON = "instagram"
"""Where a person who posts by hand adds the link as a sticker; anywhere else it is a card in the picture."""


ROWS: dict[float, Row] = {0.0: "top", 0.5: "middle", 1.0: "bottom"}
SIDES: dict[float, Align] = {0.0: "left", 0.5: "center", 1.0: "right"}


@dataclass(frozen=True, slots=True)
class Card:
    """A link to be shown in the picture, and the words for it."""

    link: str
    label: str | None = None
    at: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True)
class Content:
    """Everything that is drawn; `strict` says that words which don't fit refuse the story."""

    styling: Styling
    title: str = ""
    caption: str = ""
    strict: bool = True
    card: Card | None = None
    stickers: tuple[Sticker, ...] = ()
    emblems: tuple[Emblem, ...] = ()
    marks: bool = False
    animate: Animation = "none"

    @property
    def has_words(self) -> bool:
        """Whether a title or a caption is drawn."""
        return bool(self.title or self.caption)

    @property
    def why(self) -> str:
        """Why the source can't be sent as it is; nothing when nothing is drawn."""
        anything = self.has_words or self.card or self.stickers or self.emblems or self.marks
        return "it is decorated" if anything else ""


@dataclass(frozen=True, slots=True)
class Place:
    """One destination: its name, what the settings say of it, and its platform's facts."""

    name: str
    terms: DestinationTerms
    profile: Profile


def styling_for(sidecar: Sidecar, terms: DestinationTerms, settings: PlanSettings) -> Styling:
    """The look of a story. Raises SidecarError when there is none of that name."""
    name = sidecar.decor.look or terms.look or settings.look
    try:
        styling = settings.styling(name)
    except ConfigError as unknown:
        where = sidecar.path.name if sidecar.decor.look and sidecar.path else "the config"
        raise SidecarError(f"{where}: {unknown}") from None
    title, caption = sidecar.decor.title_at, sidecar.decor.caption_at
    return dataclasses.replace(
        styling, title=_placed(styling.title, title), caption=_placed(styling.caption, caption)
    )


def _placed(style: TextStyle, at: tuple[float, float] | None) -> TextStyle:
    """Edges and corners are rows, read from their side; anywhere else is a point of its own."""
    if at is None:
        return style
    row, align = ROWS.get(at[1]), SIDES.get(at[0])
    if row is None or align is None:
        return dataclasses.replace(style, at="middle", point=at)
    return dataclasses.replace(style, at=row, align=align, point=None)


def caption_as(sidecar: Sidecar, terms: DestinationTerms) -> CaptionAs:
    """Where words go; both into the picture and beside it unless somebody wants it otherwise."""
    return sidecar.decor.caption_as or terms.caption or "both"


def draws_words(sidecar: Sidecar, name: str, terms: DestinationTerms, captions: CaptionSettings) -> bool:
    """Whether a title or a caption is drawn there."""
    return caption_as(sidecar, terms) in {"overlay", "both"} and bool(
        sidecar.decor.title or spoken(sidecar, name, captions)
    )


def content_of(
    asset: Asset, sidecar: Sidecar, place: Place, settings: PlanSettings, stickers: tuple[Sticker, ...]
) -> Content:
    """What is drawn for one destination; `stickers` are those that can be tapped there."""
    styling = styling_for(sidecar, place.terms, settings)
    how = caption_as(sidecar, place.terms)
    emblems = (*_watermarks(settings), *sidecar.decor.emblems)
    marks = settings.part_marks and (asset.facts.duration_s or 0) > place.profile.video.max_seconds
    shared = Content(styling, emblems=emblems, marks=marks, animate=sidecar.decor.animate or "none")
    if how in {"text", "none"}:
        return shared
    return Content(
        styling,
        title=sidecar.decor.title,
        caption=spoken(sidecar, place.name, settings.captions),
        strict=_is_strict(sidecar, place),
        card=_card(asset, sidecar, place),
        stickers=stickers,
        emblems=emblems,
        marks=marks,
        animate=shared.animate,
    )


def _is_strict(sidecar: Sidecar, place: Place) -> bool:
    """Words that can also be pasted needn't be in the picture, unless somebody says that they must."""
    wanted = sidecar.decor.caption_as or place.terms.caption
    return wanted is not None or place.terms.via != "person"


def _watermarks(settings: PlanSettings) -> tuple[Emblem, ...]:
    logo = settings.watermark
    return (Emblem(logo.file, logo.at, logo.width, logo.opacity),) if logo else ()


def _card(asset: Asset, sidecar: Sidecar, place: Place) -> Card | None:
    """Only a link of this very story: the one to the shop itself would stand on every picture."""
    spot = sidecar.stickers.get("link", Spot())
    own = asset.sidecar.at(place.name)
    named = own.link or own.whatsapp
    if not sidecar.link or not named or not spot.show or place.terms.via == "instagrapi":
        return None
    by_hand = place.terms.via == "person" and place.profile.name.startswith(TAPPED_BY_A_PERSON)
    return None if by_hand else Card(sidecar.link, spot.label, spot.at)
