"""The nouns: frozen plain values, the only things that cross from one stage to the next."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Literal

Kind = Literal["photo", "animation", "video"]
Hdr = Literal["hlg", "pq", "dolby-vision"]
Fit = Literal["blur", "contain", "cover"]
Action = Literal["passthrough", "remux", "transcode", "image"]


@dataclass(frozen=True, slots=True)
class Size:
    """Width and height in pixels."""

    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Rect:
    """A rectangle in pixels; x and y are its top left corner."""

    x: int
    y: int
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class SafeArea:
    """Margins that an app's own chrome covers, as fractions of the canvas."""

    left: float
    right: float
    top: float
    bottom: float


@dataclass(frozen=True, slots=True)
class Audio:
    """The sound track that would be heard."""

    codec: str
    channels: int
    sample_rate: int
    profile: str | None = None
    duration_s: float | None = None


@dataclass(frozen=True, slots=True)
class Colour:
    """Colour tags by ffmpeg's names ("bt709", "smpte170m", …); None where the file doesn't say."""

    matrix: str | None = None
    primaries: str | None = None
    transfer: str | None = None
    full_range: bool = False


@dataclass(frozen=True, slots=True)
class Facts:
    """What probing a file told: nothing here is a guess, a value that can't be known is None.

    `width` and `height` are upright square pixels: rotation and pixel aspect ratio are applied.
    `rotation` is the clockwise turn (0, 90, 180, 270) that shows the stored picture upright, done
    after a left-right flip when `mirrored`. `metadata` says that the file carries EXIF, XMP, GPS,
    maker or title tags, which must not leave. `icc` says that a colour profile other than sRGB is
    embedded. `picture_stream` is the index of the video stream that all of this is about.
    """

    kind: Kind
    width: int
    height: int
    bytes: int
    container: str
    codec: str
    pix_fmt: str
    rotation: int = 0
    mirrored: bool = False
    duration_s: float | None = None
    fps: float | None = None
    vfr: bool = False
    hdr: Hdr | None = None
    audio: Audio | None = None
    colour: Colour = Colour()
    sample_aspect: float = 1.0
    interlaced: bool = False
    alpha: bool = False
    icc: bool = False
    metadata: bool = False
    faststart: bool = False
    edit_list: bool = False
    extra_streams: int = 0
    profile: str | None = None
    level: int | None = None
    picture_stream: int = 0


@dataclass(frozen=True, slots=True)
class Sidecar:
    """What the person wrote beside an asset; every part is optional."""

    path: Path | None = None
    caption: str = ""
    texts: Mapping[str, str] = field(default_factory=dict)
    fit: Fit | None = None
    background: str | None = None
    focal: tuple[float, float] | None = None
    link: str | None = None
    mentions: tuple[str, ...] = ()
    hashtags: tuple[str, ...] = ()
    not_before: datetime | None = None
    not_after: datetime | None = None
    destinations: tuple[str, ...] | None = None
    skip: bool = False


@dataclass(frozen=True, slots=True)
class Asset:
    """One source file; `sha256` (hex, of the whole content) is its identity, wherever it lies."""

    path: Path
    sha256: str
    facts: Facts
    sidecar: Sidecar = Sidecar()


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
    A photo has one part of 0 s. `video_kbps` is the ceiling (VBV maxrate), `audio_kbps` None means
    silent. `plays` is how often the part is shown, one after the other. `why` says why the source isn't
    sent as it is; it and `notes` are for people and don't count towards the recipe's hash.
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
    fps: float | None = None
    video_kbps: int | None = None
    audio_kbps: int | None = None
    plays: int = 1
    notes: tuple[str, ...] = ()
    why: str = ""


@dataclass(frozen=True, slots=True)
class Texts:
    """The words that go with a story at one destination; `caption` is ready to paste."""

    caption: str = ""
    link: str | None = None
    mentions: tuple[str, ...] = ()
    hashtags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Treatment:
    """What one destination gets of a story."""

    destination: str
    recipe: Recipe
    texts: Texts
    due_at: datetime | None = None
    not_after: datetime | None = None
    lifetime_hours: float = 24.0


@dataclass(frozen=True, slots=True)
class Story:
    """One asset and what every destination gets of it; `skip` says why nothing is sent."""

    asset: Asset
    treatments: tuple[Treatment, ...]
    skip: str | None = None


@dataclass(frozen=True, slots=True)
class Refusal:
    """A file that can't become a story, and why, in one line."""

    path: Path
    reason: str


@dataclass(frozen=True, slots=True)
class Plan:
    """All that a run would do."""

    stories: tuple[Story, ...]
    refusals: tuple[Refusal, ...] = ()


@dataclass(frozen=True, slots=True)
class Rendition:
    """One encoded and verified result; `part` counts from 1."""

    path: Path
    sha256: str
    bytes: int
    mime: str
    width: int
    height: int
    duration_s: float | None
    action: Action
    profile: str
    part: int
    parts: int


class State(StrEnum):
    """Where a delivery stands."""

    PLANNED = "planned"
    ARMED = "armed"
    OFFERED = "offered"
    OPENED = "opened"
    SHARED = "shared"
    CONFIRMED = "confirmed"
    SKIPPED = "skipped"
    EXPIRED = "expired"
    PUBLISHED = "published"
    PARKED = "parked"
    UNKNOWN = "unknown"
    FAILED = "failed"


WAITING_FOR_SEND = frozenset({State.OFFERED, State.OPENED, State.SHARED})
NEEDS_A_PERSON = frozenset({State.PARKED, State.UNKNOWN})
ENDED = frozenset({State.CONFIRMED, State.SKIPPED, State.EXPIRED, State.PUBLISHED, State.FAILED})


@dataclass(frozen=True, slots=True)
class Delivery:
    """One part of a story at one destination, as the ledger knows it."""

    id: int
    asset: str
    path: Path
    destination: str
    part: int
    parts: int
    state: State
    recipe: Recipe
    texts: Texts
    since: datetime
    lifetime_hours: float
    due_at: datetime | None = None
    not_after: datetime | None = None
    expires_at: datetime | None = None
    reason: str | None = None
    external_id: str | None = None
