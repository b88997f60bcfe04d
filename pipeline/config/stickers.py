"""What a sidecar may say about stickers: the place it names, and where each kind goes."""

from __future__ import annotations

from typing import Annotated, Any, Self

from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints, model_validator

from pipeline import model
from pipeline.config.fields import Section, as_written

MIDDLE = (0.5, 0.5)
NAMED_SPOTS = {
    "top": (0.5, 0.0),
    "center": MIDDLE,
    "centre": MIDDLE,
    "middle": MIDDLE,
    "bottom": (0.5, 1.0),
    "left": (0.0, 0.5),
    "right": (1.0, 0.5),
    "top-left": (0.0, 0.0),
    "top-right": (1.0, 0.0),
    "bottom-left": (0.0, 1.0),
    "bottom-right": (1.0, 1.0),
}
LONGEST_LABEL = 30
"""More doesn't fit on a sticker."""


def _spot(value: Any) -> Any:
    if isinstance(value, str) and value.lower().replace(" ", "-") in NAMED_SPOTS:
        return NAMED_SPOTS[value.lower().replace(" ", "-")]
    if isinstance(value, list) and len(value) == len("xy") and all(map(is_fraction, value)):
        return float(value[0]), float(value[1])
    names = ", ".join(name for name in NAMED_SPOTS if name not in ("centre", "middle"))
    raise ValueError(f"needs two fractions from 0 to 1, such as [0.5, 0.8], or one of {names}")


def is_fraction(value: Any) -> bool:
    """Whether it is a number from 0 to 1."""
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= 1


Point = Annotated[tuple[float, float], BeforeValidator(_spot)]


def _label(text: str) -> str:
    if not 0 < len(text) <= LONGEST_LABEL:
        raise ValueError(f"needs 1 to {LONGEST_LABEL} characters, not {len(text)}")
    return text


def _place_number(text: str) -> str:
    if not text.isdecimal():
        raise ValueError(f"'{text}' is not the number of a place, such as 213385402")
    return text


class Spot(Section):
    """Where one kind of sticker goes, and whether at all."""

    at: Point | None = None
    show: bool = True

    @model_validator(mode="before")
    @classmethod
    def _short_forms(cls, value: Any) -> Any:
        """`link: bottom` and `hashtags: false` say all there is to say."""
        if isinstance(value, bool):
            return {"show": value}
        return {"at": value} if isinstance(value, str | list) else value


class LabelledSpot(Spot):
    """The same for a link, which can have words of its own."""

    label: Annotated[str, StringConstraints(strip_whitespace=True), AfterValidator(_label)] | None = None


class Stickers(Section):
    """Spots by the keys that they are about."""

    link: LabelledSpot | None = None
    mentions: Spot | None = None
    hashtags: Spot | None = None
    location: Spot | None = None


def _by_kind(written: Stickers) -> dict[str, model.Spot]:
    spots = {kind: getattr(written, kind) for kind in Stickers.model_fields}
    return {kind: model.Spot(**spot.model_dump()) for kind, spot in spots.items() if spot is not None}


class Place(Section):
    """A place by its name, and the number or the coordinates by which Instagram finds it."""

    name: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
    id: Annotated[str, BeforeValidator(as_written), AfterValidator(_place_number)] | None = None
    latitude: Annotated[float, Field(ge=-90, le=90)] | None = None
    longitude: Annotated[float, Field(ge=-180, le=180)] | None = None

    @model_validator(mode="before")
    @classmethod
    def _a_bare_name(cls, value: Any) -> Any:
        return {"name": value} if isinstance(value, str) else value

    @model_validator(mode="after")
    def _both_coordinates(self) -> Self:
        if (self.latitude is None) != (self.longitude is None):
            raise ValueError("needs both latitude and longitude, or neither")
        return self


StickerSpots = Annotated[Stickers, AfterValidator(_by_kind)]
NamedPlace = Annotated[Place, AfterValidator(lambda place: model.Place(**place.model_dump()))]
