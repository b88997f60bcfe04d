"""Settings, platforms and sources for tests of the plan: what a probe and a config file would give."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, tzinfo
from pathlib import Path
from typing import Any, Literal

from pipeline.config.looks import styling
from pipeline.model import (
    Asset,
    Audio,
    CaptionAs,
    Colour,
    Facts,
    Fit,
    Focal,
    Late,
    MotionPhoto,
    Order,
    PhotoLimits,
    Profile,
    SafeArea,
    Sidecar,
    Size,
    Styling,
    VideoLimits,
    WeeklySlots,
)

NOW = datetime(2026, 11, 23, 18, 0, tzinfo=UTC)
CANVAS = Size(1080, 1920)
WHATSAPP = Profile(
    name="whatsapp_status",
    as_of=date(2026, 11, 23),
    canvas=CANVAS,
    safe_area=SafeArea(0.06, 0.06, 0.15, 0.20),
    photo=PhotoLimits(max_bytes=16_000_000, quality=88),
    video=VideoLimits(60, 1, 16_000_000, 30, 5000, 128),
    caption_max_chars=700,
    lifetime_hours=24,
)
INSTAGRAM = dataclasses.replace(
    WHATSAPP,
    name="instagram_story",
    photo=PhotoLimits(max_bytes=8_000_000, quality=88),
    video=VideoLimits(60, 3, 100_000_000, 30, 5000, 128),
    caption_max_chars=None,
)


@dataclass(frozen=True)
class QuietFrom:
    start: time
    end: time


@dataclass(frozen=True)
class FakeSchedule:
    quiet_hours: QuietFrom | None = None
    slots: tuple[WeeklySlots, ...] = ()
    per_day: int | None = None
    order: Order = "sidecar"
    late: Late = "send"
    late_hours: float = 6


@dataclass(frozen=True)
class FakeCaptions:
    default: str = ""
    ending: str = ""


@dataclass(frozen=True)
class FakeContact:
    whatsapp: str | None = None
    message: str = ""


@dataclass(frozen=True)
class FakeDestination:
    platform: str
    enabled: bool = True
    fit: Fit | None = None
    via: Literal["person", "instagrapi", "graph"] = "person"
    look: str | None = None
    caption: CaptionAs | None = "text"


MIRRORED = FakeDestination("instagram_story", via="instagrapi")
BOTH = {"whatsapp": FakeDestination("whatsapp_status"), "instagram": FakeDestination("instagram_story")}


@dataclass(frozen=True)
class FakeSettings:
    state: Path = Path("/stories/state")
    sources: Mapping[str, Any] = field(default_factory=dict)
    fit: Fit = "blur"
    focal: Focal = "auto"
    background: str = "#101010"
    matte: str = "#ffffff"
    motion_photo: MotionPhoto = "still"
    captions: FakeCaptions = FakeCaptions()
    schedule: FakeSchedule = FakeSchedule()
    contact: FakeContact = FakeContact()
    default_region: str | None = None
    destinations: Mapping[str, FakeDestination] = field(default_factory=lambda: dict(BOTH))
    profiles: Mapping[str, Profile] = field(
        default_factory=lambda: {profile.name: profile for profile in (WHATSAPP, INSTAGRAM)}
    )
    zone: tzinfo = UTC
    look: str = "plain"
    fonts: Mapping[str, Path] = field(default_factory=dict)
    watermark: Any = None
    part_marks: bool = False
    public: bool = False

    def styling(self, name: str) -> Styling:
        return styling(name, None)

    def shows_photos(self, name: str) -> bool:
        return self.public

    def schedule_of(self, name: str) -> FakeSchedule:
        return self.schedule

    def timezone(self) -> tzinfo:
        return self.zone


FITTING_PHOTO = Facts("photo", 1080, 1920, 300_000, "jpeg", "jpeg", "RGB")
FITTING_VIDEO = Facts(
    kind="video",
    width=1080,
    height=1920,
    bytes=5_000_000,
    container="mp4",
    codec="h264",
    pix_fmt="yuv420p",
    duration_s=20.0,
    fps=30.0,
    audio=Audio("aac", 2, 48_000, "LC", 20.0),
    colour=Colour("bt709", "bt709", "bt709"),
    faststart=True,
    profile="High",
    level=40,
)
GIF = Facts("animation", 480, 480, 200_000, "gif", "gif", "bgra", duration_s=2.4, fps=10.0)


def photo(**changes: Any) -> Facts:
    """A photo that fits every platform, but for `changes`."""
    return dataclasses.replace(FITTING_PHOTO, **changes)


def video(**changes: Any) -> Facts:
    """A video that fits every platform, but for `changes`."""
    return dataclasses.replace(FITTING_VIDEO, **changes)


def animation(**changes: Any) -> Facts:
    """A square GIF of 2.4 s, but for `changes`."""
    return dataclasses.replace(GIF, **changes)


def asset(facts: Facts, **sidecar: Any) -> Asset:
    """A source with a sidecar that says `sidecar`."""
    return Asset(Path("inbox/beach"), "ab" * 32, facts, Sidecar(**sidecar))
