"""What is decided: platforms' limits, recipes, texts, stories."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Literal

from pipeline.model.assets import Asset, Place
from pipeline.model.compositions import Composition
from pipeline.model.overlays import Overlay
from pipeline.model.schedules import Appointment
from pipeline.model.shapes import Action, Fit, Preset, Rect, SafeArea, Size
from pipeline.values import dataclass


@dataclass(frozen=True, slots=True)
class PhotoLimits:
    """What a platform takes as a photo; always JPEG."""

    max_bytes: int
    quality: int


@dataclass(frozen=True, slots=True)
class VideoLimits:
    """What a platform takes as a video; always H.264/AAC in MP4."""

    max_seconds: float
    min_seconds: float
    max_bytes: int
    max_fps: float
    max_video_kbps: int
    audio_kbps: int


@dataclass(frozen=True, slots=True)
class Profile:
    """The dated facts of one platform that a recipe is made for."""

    name: str
    as_of: date
    canvas: Size
    safe_area: SafeArea
    photo: PhotoLimits
    video: VideoLimits
    caption_max_chars: int | None
    lifetime_hours: float


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of the source, in seconds; an asset that isn't split has one."""

    start_s: float
    end_s: float


@dataclass(frozen=True, slots=True)
class Recipe:
    """The complete decision for one asset and one profile: same recipe, same bytes out.

    `crop` is cut from the upright source (all of it for blur and contain), then scaled onto `frame`
    of the canvas; `background` ("#rrggbb") fills the rest, None means a blurred copy of the source.
    A photo has one part of 0 s. `quality` is JPEG's for photos and x264's CRF for videos, whose `preset` says
    how thoroughly they are encoded. `video_kbps` is the ceiling (VBV maxrate), `audio_kbps` None means
    silent. `plays` is how often the part is shown, one after the other. `why` says why the source isn't
    sent as it is; it and `notes` are for people and don't count towards the recipe's hash. With a
    `composition`, crop, frame and parts are told of the film that is composed, which fills the canvas.
    """

    action: Action
    profile: str
    canvas: Size
    fit: Fit
    crop: Rect
    frame: Rect
    background: str | None
    matte: str
    parts: tuple[Part, ...]
    max_bytes: int
    quality: int
    preset: Preset | None = None
    fps: float | None = None
    video_kbps: int | None = None
    audio_kbps: int | None = None
    plays: int = 1
    notes: tuple[str, ...] = ()
    why: str = ""
    overlay: Overlay | None = None
    composition: Composition | None = None


@dataclass(frozen=True, slots=True)
class Sticker:
    """Something to tap, laid over a story: `value` is a URL, a name without @ or #, or a place's name.

    `x` and `y` are its middle, `width` and `height` its size, all as fractions of the canvas.
    """

    kind: Literal["link", "mention", "hashtag", "location"]
    value: str
    x: float
    y: float
    width: float
    height: float
    label: str | None = None


@dataclass(frozen=True, slots=True)
class Texts:
    """The words that go with a story at one destination; `caption` is ready to paste.

    `stickers` are for destinations that can place them. `close_friends` narrows who sees it, there alone.
    """

    caption: str = ""
    link: str | None = None
    mentions: tuple[str, ...] = ()
    hashtags: tuple[str, ...] = ()
    place: Place | None = None
    stickers: tuple[Sticker, ...] = ()
    close_friends: bool = False


@dataclass(frozen=True, slots=True)
class Repeat:
    """Why a story isn't sent by itself: `asks` the person, or else is skipped."""

    asks: bool
    reason: str


@dataclass(frozen=True, slots=True)
class Treatment:
    """What one destination gets of a story; `held` says what it waits for.

    With a `repeat` it gets nothing by itself.
    """

    destination: str
    recipe: Recipe
    texts: Texts
    due_at: datetime | None = None
    not_after: datetime | None = None
    lifetime_hours: float = 24.0
    held: str | None = None
    repeat: Repeat | None = None


@dataclass(frozen=True, slots=True)
class Refusal:
    """A file that can't become a story, and why, in one line; `later` when a later run takes it.

    `asks` when the person is asked about it. `destination` None means at none of them.
    """

    path: Path
    reason: str
    later: bool = False
    destination: str | None = None
    asks: bool = False

    @property
    def for_good(self) -> bool:
        """Whether nothing becomes of it as things are."""
        return not (self.later or self.asks)


@dataclass(frozen=True, slots=True)
class KeptFrom:
    """A destination that a story doesn't go to, though all others may have it, and why."""

    destination: str
    reason: str


@dataclass(frozen=True, slots=True)
class Story:
    """One asset and what every destination gets of it; `skip` says why nothing is sent.

    `refusals` name the destinations that can't take it, while the others can; `kept_from` those that mustn't.
    """

    asset: Asset
    treatments: tuple[Treatment, ...]
    skip: str | None = None
    refusals: tuple[Refusal, ...] = ()
    kept_from: tuple[KeptFrom, ...] = ()


@dataclass(frozen=True, slots=True)
class Hold:
    """What keeps an account's stories waiting though they are due; `until` None: until you have acted."""

    destination: str
    reason: str
    until: datetime | None


@dataclass(frozen=True, slots=True)
class Plan:
    """All that a run would do; `holds` say which accounts don't take everything at once.

    `calendar` is there if it was asked for. `sources` are those that a run would ask first, and nobody has.
    """

    stories: tuple[Story, ...]
    refusals: tuple[Refusal, ...] = ()
    holds: tuple[Hold, ...] = ()
    calendar: tuple[Appointment, ...] | None = None
    sources: tuple[str, ...] = ()
