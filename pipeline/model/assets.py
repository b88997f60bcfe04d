"""Where a story begins: a file, what probing it told, and what the person wrote beside it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Literal

from pipeline.model.decor import Decor
from pipeline.model.shapes import Box, Fit, Focal
from pipeline.values import dataclass, field

Kind = Literal["photo", "animation", "video"]
MotionPhoto = Literal["still", "clip"]
"""What of a motion photo goes out."""

Hdr = Literal["hlg", "pq", "dolby-vision"]


@dataclass(frozen=True, slots=True)
class Audio:
    """The sound track that would be heard; it starts `late_s` after the picture, before it if negative."""

    codec: str
    channels: int
    sample_rate: int
    profile: str | None = None
    duration_s: float | None = None
    late_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Colour:
    """Colour tags by ffmpeg's names ("bt709", "smpte170m", …); None where the file doesn't say."""

    matrix: str | None = None
    primaries: str | None = None
    transfer: str | None = None
    full_range: bool = False


@dataclass(frozen=True, slots=True)
class Cut:
    """A moment at which a video can be cut without encoding it anew; so many bytes of it come before."""

    at_s: float
    bytes_before: int


@dataclass(frozen=True, slots=True)
class Embedded:
    """A stretch of a file: from its byte `start` on, so many bytes."""

    start: int
    bytes: int


@dataclass(frozen=True, slots=True)
class Facts:
    """What probing a file told: nothing here is a guess, a value that can't be known is None.

    `width` and `height` are upright square pixels: rotation and pixel aspect ratio are applied.
    `rotation` is the clockwise turn (0, 90, 180, 270) that shows the stored picture upright, done
    after a left-right flip when `mirrored`. `metadata` says that the file carries EXIF, XMP, GPS,
    maker or title tags, which must not leave. `icc` says that a colour profile other than sRGB is
    embedded. `picture_stream` is the index of the video stream that all of this is about. `cuts` go from
    the start to the end, and are only looked for in long H.264 videos; empty where there are none for sure.
    `clip` is where the short film of a motion photo lies; in facts of such a film, where it itself lies.
    `live_photo` is the mark that a Live Photo's photo and movie have in common.
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
    cuts: tuple[Cut, ...] = ()
    clip: Embedded | None = None
    live_photo: str | None = None


@dataclass(frozen=True, slots=True)
class Side:
    """The pixels along one side of a picture: their usual colour ("#rrggbb") and how far they stray."""

    colour: str
    spread: float


@dataclass(frozen=True, slots=True)
class Tones:
    """How dark and light a picture is in each cell of a grid over it, row by row, over all frames.

    Relative luminance as WCAG has it, from 0 to 1; `darkest` and `lightest` leave out a tenth at either end.
    """

    columns: int
    rows: int
    darkest: tuple[float, ...]
    lightest: tuple[float, ...]
    mean: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Scene:
    """What a look at the picture told, for crops and backgrounds that depend on it. Unlike facts, guesses.

    `frames` counts the moments looked at. `faces` has an entry for each of them, or is None where faces
    weren't or couldn't be looked for. `columns`, from left to right, and `rows`, from top to bottom, are
    strips of equal width, each with the share of it that stands out; empty when nobody asked. `sides` are
    top, right, bottom and left; empty when no frame could be seen. Everything is told of the upright picture.
    """

    frames: int
    faces: tuple[tuple[Box, ...], ...] | None = None
    columns: tuple[float, ...] = ()
    rows: tuple[float, ...] = ()
    sides: tuple[Side, ...] = ()
    tones: Tones | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """A place that people know by name; `id` is the platform's own number for it."""

    name: str
    id: str | None = None
    latitude: float | None = None
    longitude: float | None = None


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a person wants a kind of sticker: `at` is its middle, as fractions of the canvas."""

    at: tuple[float, float] | None = None
    label: str | None = None
    show: bool = True


@dataclass(frozen=True, slots=True)
class Sidecar:
    """What the person wrote beside an asset; every part is optional.

    `link` "" means none at all. `stickers` are spots by kind: link, mentions, hashtags, location.
    `variants` are whole sidecars for the destinations that get something else. `order` is the story's place
    among those that wait for a slot.
    """

    path: Path | None = None
    caption: str = ""
    texts: Mapping[str, str] = field(default_factory=dict)
    fit: Fit | None = None
    background: str | None = None
    focal: Focal | None = None
    motion_photo: MotionPhoto | None = None
    link: str | None = None
    whatsapp: str | None = None
    message: str | None = None
    mentions: tuple[str, ...] = ()
    hashtags: tuple[str, ...] = ()
    location: Place | None = None
    stickers: Mapping[str, Spot] = field(default_factory=dict)
    close_friends: bool = False
    not_before: datetime | None = None
    not_after: datetime | None = None
    order: int | None = None
    destinations: tuple[str, ...] | None = None
    skip: bool = False
    decor: Decor = field(default_factory=Decor)
    variants: Mapping[str, Sidecar] = field(default_factory=dict)

    def at(self, destination: str) -> Sidecar:
        """What counts at one destination."""
        return self.variants.get(destination, self)


@dataclass(frozen=True, slots=True)
class Material:
    """A file that belongs to a story without being one itself; `facts` None for mere sound."""

    path: Path
    sha256: str
    facts: Facts | None = None
    duration_s: float | None = None


@dataclass(frozen=True, slots=True)
class Asset:
    """One source file; `sha256` (hex, of the whole content) is its identity, wherever it lies.

    `scene` None means that nothing depends on how the picture looks. `other_half` is the movie of a Live
    Photo for its photo, and the photo for its movie, with one sidecar for both: only one of them goes out.
    `dated` is the file's own date. `picture` is what files share that show the same; None if it isn't known.
    """

    path: Path
    sha256: str
    facts: Facts
    sidecar: Sidecar = Sidecar()
    scene: Scene | None = None
    other_half: Path | None = None
    materials: tuple[Material, ...] = ()
    dated: datetime | None = None
    picture: str | None = None
