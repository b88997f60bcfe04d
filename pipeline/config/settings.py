"""The settings: every key of storyrelay.yaml, what it may hold and what it means."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import tzinfo
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal

from pydantic import (
    AfterValidator,
    BeforeValidator,
    ConfigDict,
    Field,
    InstanceOf,
    PlainSerializer,
    PrivateAttr,
    ValidationInfo,
    WithJsonSchema,
    field_validator,
)
from pydantic_core import PydanticCustomError

from pipeline.config.fields import Colour, Section
from pipeline.config.folders import Folder, Origin, lies_in
from pipeline.config.hours import QuietHours, quiet_hours, system_zone, zone
from pipeline.config.nearest import did_you_mean
from pipeline.config.platforms import Figures, check_own_figures, profile
from pipeline.config.shipped import known_platforms
from pipeline.errors import ConfigError
from pipeline.model import Fit, Profile


def _name(text: str) -> str:
    if not re.fullmatch(r"[a-z0-9_-]+", text):
        raise ValueError(f"'{text}' is not a name: use a to z, 0 to 9, _ and - only")
    return text


def _platform(text: str) -> str:
    if text not in known_platforms():
        raise ValueError(f"'{text}' is not a platform; known are {', '.join(known_platforms())}")
    return text


def _zone_name(text: str) -> str:
    zone(text)
    return text


def _quiet(value: Any) -> Any:
    if value is None:
        return None
    if not isinstance(value, str):
        raise PydanticCustomError("string_type", "not a text")
    return quiet_hours(value)


def _once_each(names: tuple[str, ...]) -> tuple[str, ...]:
    if not names:
        raise ValueError("is empty: at least one is needed")
    if len(set(names)) < len(names):
        raise ValueError("names a channel twice")
    return names


Name = Annotated[str, AfterValidator(_name)]
Platform = Annotated[str, AfterValidator(_platform)]
Quiet = Annotated[
    InstanceOf[QuietHours] | None,
    BeforeValidator(_quiet),
    PlainSerializer(lambda hours: None if hours is None else str(hours)),
    WithJsonSchema({"type": ["string", "null"], "examples": ["22:00-07:00"]}),
]


class Described(Section):
    """A section whose text below each key is its description in the JSON schema."""

    model_config = ConfigDict(use_attribute_docstrings=True)


class Captions(Described):
    default: str = ""
    """For stories that have no caption of their own."""
    ending: str = ""
    """Put after every caption."""


class Destination(Described):
    platform: Platform
    """Whose facts a story is made for: the name of a file in config/platforms."""
    channels: Annotated[tuple[Literal["folder"], ...], Field(strict=False), AfterValidator(_once_each)] = (
        "folder",
    )
    """How a story gets to the person, in order of preference."""
    enabled: bool = True
    """Whether anything is sent there."""
    fit: Fit | None = None
    """Another fit than everywhere else; null for the same."""


DEFAULT_DESTINATIONS = {
    "whatsapp": Destination(platform="whatsapp_status"),
    "instagram": Destination(platform="instagram_story"),
}


class Limits(Described):
    jobs: Annotated[int, Field(ge=1, le=256)] | None = None
    """Files worked on at once; null for one for each core."""
    settle_seconds: Annotated[float, Field(ge=0, le=3600)] = 2
    """How long a file must have been left alone before it is taken."""
    max_megapixels: Annotated[int, Field(ge=1, le=1000)] = 100
    """Larger pictures are refused."""
    encode_minutes: Annotated[float, Field(gt=0, le=24 * 60)] = 30
    """How long the work on one video may take."""
    child_memory_mb: Annotated[int, Field(ge=256)] = 3000
    """How much memory the work on one file may take, in MB."""


class Schedule(Described):
    timezone: Annotated[str, AfterValidator(_zone_name)] | None = None
    """The zone of every time without an offset, such as Europe/Berlin; null for the computer's."""
    quiet_hours: Quiet = None
    """A stretch of the day in which nothing goes out, such as "22:00-07:00"."""


class Settings(Described):
    """What a person can choose."""

    empty_counts: ClassVar[frozenset[str]] = frozenset({"destinations"})

    inbox: Folder
    """The folder that is searched for photos, videos and GIFs."""
    outbox: Folder = Field(default=Path("outbox"), validate_default=True)
    """Where finished stories lie ready to send; without it, the folder outbox beside the inbox."""
    state: Folder = Field(default=Path(".storyrelay"), validate_default=True)
    """What was delivered, and finished renditions; without it, the folder .storyrelay beside the inbox."""
    fit: Fit = "blur"
    """How a picture that isn't 9:16 fills the screen."""
    background: Colour = "#101010"
    """What surrounds a picture with fit: contain."""
    matte: Colour = "#ffffff"
    """What lies behind a transparent picture."""
    captions: Captions = Captions()
    destinations: Annotated[Mapping[Name, Destination], Field(min_length=1)] = DEFAULT_DESTINATIONS
    """Where stories go, by names of your choice."""
    limits: Limits = Limits()
    schedule: Schedule = Schedule()
    platforms: Mapping[str, Figures] = {}
    """Your own figures over those of config/platforms, by platform."""

    _file: Path | None = PrivateAttr(default=None)
    _profiles: Mapping[str, Profile] = PrivateAttr(default_factory=dict)
    _zone: tzinfo = PrivateAttr()

    @property
    def file(self) -> Path | None:
        """The file these settings are from; None when `--set` gave all."""
        return self._file

    @property
    def profiles(self) -> Mapping[str, Profile]:
        """The profile of every platform that a destination uses, by the platform's name."""
        return self._profiles

    def timezone(self) -> tzinfo:
        """The zone that is meant where a time has no offset."""
        return self._zone

    @field_validator("outbox", "state")
    @classmethod
    def _apart(cls, cleared: Path, info: ValidationInfo) -> Path:
        outbox, inbox = info.data.get("outbox"), info.data.get("inbox")
        if inbox and lies_in(inbox, cleared):
            raise ValueError(
                f"'{cleared}' is or holds the inbox, and old files are deleted there: use another"
            )
        if outbox and (lies_in(cleared, outbox) or lies_in(outbox, cleared)):
            raise ValueError(f"'{cleared}' and the outbox may not lie in one another: use another")
        return cleared

    @field_validator("destinations", mode="before")
    @classmethod
    def _no_destinations(cls, value: Any) -> Any:
        return {} if value is None else value

    @field_validator("platforms")
    @classmethod
    def _own_figures(cls, platforms: Mapping[str, Figures]) -> Mapping[str, Figures]:
        for name, own in platforms.items():
            if name not in known_platforms():
                what = f"unknown platform; {did_you_mean(name, known_platforms())}"
                raise PydanticCustomError("platform", "{what}", {"what": what, "at": (name,)})
            check_own_figures(name, own)
        return platforms

    def model_post_init(self, context: Any) -> None:
        """Works out what follows from the keys. Raises ConfigError when the computer's zone is unclear."""
        origin: Origin = context
        self._file = origin.file
        used = sorted({destination.platform for destination in self.destinations.values()})
        self._profiles = {name: profile(name, self.platforms.get(name)) for name in used}
        named = self.schedule.timezone
        try:
            self._zone = zone(named) if named else system_zone(origin.place.environment)
        except ValueError as unclear:
            problem = origin.document.problem(("schedule", "timezone"), str(unclear))
            raise ConfigError(problem) from None
