"""What planning reads of the settings, and the look that they and a sidecar agree on."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import time, tzinfo
from pathlib import Path
from typing import Literal, Protocol

from pipeline.model import (
    CaptionAs,
    Fit,
    Focal,
    Late,
    MotionPhoto,
    Order,
    Profile,
    Sidecar,
    Styling,
    WeeklySlots,
)
from pipeline.values import dataclass

CENTRE = (0.5, 0.5)
AUTO = "auto"
Via = Literal["person", "instagrapi", "graph"]


class QuietHours(Protocol):
    """Wall-clock hours in which nothing is delivered; they may cross midnight."""

    @property
    def start(self) -> time: ...
    @property
    def end(self) -> time: ...


class ScheduleSettings(Protocol):
    @property
    def slots(self) -> tuple[WeeklySlots, ...]: ...
    @property
    def per_day(self) -> int | None: ...
    @property
    def order(self) -> Order: ...
    @property
    def late(self) -> Late: ...
    @property
    def late_hours(self) -> float: ...
    @property
    def quiet_hours(self) -> QuietHours | None: ...


class CaptionSettings(Protocol):
    @property
    def default(self) -> str: ...
    @property
    def ending(self) -> str: ...


class ContactSettings(Protocol):
    """`whatsapp` is a whole number with its country code."""

    @property
    def whatsapp(self) -> str | None: ...
    @property
    def message(self) -> str: ...


class Watermark(Protocol):
    """A logo: its file, its middle and its width as fractions of the canvas."""

    @property
    def file(self) -> Path: ...
    @property
    def at(self) -> tuple[float, float]: ...
    @property
    def width(self) -> float: ...
    @property
    def opacity(self) -> float: ...


class DestinationTerms(Protocol):
    @property
    def platform(self) -> str: ...
    @property
    def enabled(self) -> bool: ...
    @property
    def via(self) -> Via: ...
    @property
    def fit(self) -> Fit | None: ...
    @property
    def look(self) -> str | None: ...
    @property
    def caption(self) -> CaptionAs | None: ...


class SourceTerms(Protocol):
    @property
    def instagram(self) -> str | None: ...


class PlanSettings(Protocol):
    """The part of the settings that decides about stories."""

    @property
    def state(self) -> Path: ...
    @property
    def sources(self) -> Mapping[str, SourceTerms]: ...
    @property
    def fit(self) -> Fit: ...
    @property
    def focal(self) -> Focal: ...
    @property
    def background(self) -> str: ...
    @property
    def matte(self) -> str: ...
    @property
    def motion_photo(self) -> MotionPhoto: ...
    @property
    def captions(self) -> CaptionSettings: ...
    @property
    def look(self) -> str: ...
    @property
    def fonts(self) -> Mapping[str, Path]: ...
    @property
    def watermark(self) -> Watermark | None: ...
    @property
    def part_marks(self) -> bool: ...
    @property
    def contact(self) -> ContactSettings: ...
    @property
    def default_region(self) -> str | None: ...
    @property
    def destinations(self) -> Mapping[str, DestinationTerms]: ...
    @property
    def profiles(self) -> Mapping[str, Profile]: ...
    def schedule_of(self, name: str) -> ScheduleSettings: ...
    def timezone(self) -> tzinfo: ...
    def styling(self, name: str) -> Styling: ...
    def shows_photos(self, name: str) -> bool: ...


@dataclass(frozen=True, slots=True)
class Look:
    """How a picture is put on the canvas; `focal` is the point to keep, as fractions of the source.

    `decorated` says why it can't be sent as it is, where there is such a reason outside of it.
    """

    fit: Fit
    background: str
    matte: str
    focal: tuple[float, float] = CENTRE
    decorated: str = ""


@dataclass(frozen=True, slots=True)
class Wish:
    """How a picture is to be put on the canvas; `focal` and `background` may be left to us ("auto")."""

    fit: Fit
    background: str
    matte: str
    focal: Focal


def wish_for(
    sidecar: Sidecar, destination: DestinationTerms, settings: PlanSettings, styling: Styling
) -> Wish:
    """The sidecar's word counts first, then the look's, then the destination's, then everybody's."""
    fit = sidecar.fit or styling.fit or destination.fit or settings.fit
    if sidecar.background and sidecar.fit is None and fit == "blur":
        fit = "contain"  # who chooses a colour for the background wants to see it
    return Wish(
        fit=fit,
        background=sidecar.background or styling.background or settings.background,
        matte=settings.matte if sidecar.background in (None, AUTO) else sidecar.background,
        focal=sidecar.focal or settings.focal,
    )
