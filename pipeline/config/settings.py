"""The settings: every key of storyrelay.yaml, what it may hold and what it means."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import tzinfo
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal

from pydantic import (
    AfterValidator,
    Field,
    PrivateAttr,
    ValidationInfo,
    field_validator,
    model_validator,
)
from pydantic_core import PydanticCustomError

from pipeline.config.accounts import Account, Mirroring
from pipeline.config.contact import Contact, Region
from pipeline.config.decor import FontFiles, OwnLooks, Watermark, check_looks_are_known
from pipeline.config.execute import ExecuteSettings
from pipeline.config.fields import Colour, ColourOrAuto, FocalPoint, Name, Section
from pipeline.config.folder_address import check_folders_of_sources
from pipeline.config.folders import Folder, Origin, lies_in
from pipeline.config.hours import system_zone, zone
from pipeline.config.limits import Limits
from pipeline.config.nearest import did_you_mean
from pipeline.config.notify import NotifySettings
from pipeline.config.page import PageSettings
from pipeline.config.phone import PhoneSettings, channel_problem
from pipeline.config.platforms import Figures, check_own_figures, profile
from pipeline.config.schedule import OwnSchedule, Schedule, quiet_slot
from pipeline.config.shipped import known_platforms
from pipeline.config.showing_photos import shows_photos
from pipeline.config.sources import SourceSettings, check_accounts_of_sources
from pipeline.config.values import KeyPath
from pipeline.config.vias import Via, via_problem
from pipeline.config.watching import LogSettings, MonitorSettings
from pipeline.errors import ConfigError
from pipeline.model import Again, CaptionAs, Fit, MotionPhoto, Profile, Styling


def _platform(text: str) -> str:
    if text not in known_platforms():
        raise ValueError(f"'{text}' is not a platform; known are {', '.join(known_platforms())}")
    return text


def _once_each(names: tuple[str, ...]) -> tuple[str, ...]:
    if not names:
        raise ValueError("is empty: at least one is needed")
    if len(set(names)) < len(names):
        raise ValueError("names a channel twice")
    return names


Platform = Annotated[str, AfterValidator(_platform)]
Channel = Literal["page", "intent", "status", "folder"]
Channels = Annotated[tuple[Channel, ...], Field(strict=False), AfterValidator(_once_each)]


class Captions(Section):
    default: str = Field(default="", description="For stories that have no caption of their own.")
    ending: str = Field(default="", description="Put after every caption.")


class Destination(Section):
    platform: Platform = Field(description="Whose limits count: the name of a file in config/platforms.")
    channels: Channels = Field(
        default=("page", "folder"), description="How a story gets to the person: the first way that is open."
    )
    enabled: bool = Field(default=True, description="Whether anything is sent there.")
    via: Via = Field(
        default="person",
        description="Handed to a person, or published to `account`: by instagrapi, or Meta's Graph API.",
    )
    account: Name | None = Field(default=None, description="One of `accounts`, where it is published.")
    fit: Fit | None = Field(default=None, description="Another fit only here; null for the usual one.")
    look: str | None = Field(default=None, description="Another look only here; null for the usual one.")
    caption: CaptionAs | None = Field(
        default=None, description="Words as overlay, text, both or none; null is both where they fit."
    )
    schedule: OwnSchedule = Field(default=OwnSchedule(), description="What differs here of `schedule`.")


DEFAULT_DESTINATIONS = {
    "whatsapp": Destination(platform="whatsapp_status"),
    "instagram": Destination(platform="instagram_story"),
}


class Settings(Section):
    """What a person can choose."""

    empty_counts: ClassVar[frozenset[str]] = frozenset({"destinations"})

    inbox: Folder = Field(description="The folder that is searched for photos, videos and GIFs.")
    outbox: Folder = Field(
        default=Path("outbox"),
        validate_default=True,
        description="Where finished stories lie ready to send; if left out, beside the inbox.",
    )
    state: Folder = Field(
        default=Path(".storyrelay"),
        validate_default=True,
        description="What was delivered, and finished renditions; if left out, beside the inbox.",
    )
    fit: Fit = Field(default="blur", description="How a picture that isn't 9:16 fills the screen.")
    focal: FocalPoint = Field(default="auto", description="What a picture that is cut to fill must keep.")
    background: ColourOrAuto = Field(
        default="#101010", description="What surrounds a picture with fit: contain."
    )
    matte: Colour = Field(default="#ffffff", description="What lies behind a transparent picture.")
    motion_photo: MotionPhoto = Field(default="still", description="What of a motion photo goes out.")
    same_picture: Again = Field(
        default="ask", description="What becomes of a file that shows what has gone out from another."
    )
    same_name: Again = Field(
        default="ask", description="What becomes of another picture under a name that has gone out."
    )
    captions: Captions = Field(default=Captions(), description="Words for every story.")
    look: str = Field(default="plain", description="How words are drawn on the picture: the name of a look.")
    looks: OwnLooks | None = Field(default=None, description="A folder with looks of your own.")
    fonts: FontFiles = Field(
        default={}, description="Your own font files, by names for looks; also for signs that others lack."
    )
    watermark: Watermark | None = Field(default=None, description="A logo on every story that is made anew.")
    part_marks: bool = Field(default=False, description="Whether 1/3, 2/3, 3/3 stand on a story's parts.")
    contact: Contact = Field(default=Contact(), description="How people reach you.")
    default_region: Region | None = Field(
        default=None,
        description="The country of numbers without a country code, such as BR; needs `phonenumbers`.",
    )
    destinations: Mapping[Name, Destination] = Field(
        default=DEFAULT_DESTINATIONS, min_length=1, description="Where stories go, by names of your choice."
    )
    accounts: Mapping[Name, Account] = Field(
        default={}, description="Your accounts that stories are published to, by names of your choice."
    )
    sources: Mapping[Name, SourceSettings] = Field(
        default={}, description="Where stories come from beside the inbox, by names of your choice."
    )
    phone: PhoneSettings = Field(
        default=PhoneSettings(), description="The phone of the channels intent and status."
    )
    page: PageSettings = Field(default=PageSettings(), description="The page on your phone.")
    notify: NotifySettings = Field(default=NotifySettings(), description="Word to you when it's your turn.")
    mirror: Mirroring = Field(default=Mirroring(), description="When accounts get what you get too.")
    log: LogSettings = Field(default=LogSettings(), description="What runs did, line by line, in a file.")
    monitor: MonitorSettings = Field(default=MonitorSettings(), description="Who is told of every run.")
    execute: ExecuteSettings = Field(
        default=ExecuteSettings(), description="Where renditions are made: here, or by a farm."
    )
    limits: Limits = Field(default=Limits(), description="How much time and memory the work may take.")
    schedule: Schedule = Field(default=Schedule(), description="When stories may go out.")
    platforms: Mapping[str, Figures] = Field(
        default={}, description="Your own figures over those of config/platforms, by platform."
    )

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

    def styling(self, name: str) -> Styling:
        """A look by its name. Raises ConfigError when there is none, or when its file has mistakes."""
        from pipeline.config.looks import styling  # files of their own, for decorated stories only

        return styling(name, self.looks)

    def shows_photos(self, name: str) -> bool:
        """Whether a destination's account has a folder on the internet; Meta's API needs one."""
        return shows_photos(name, self.destinations, self.accounts)

    def schedule_of(self, name: str) -> Schedule:
        """When stories may go to one destination; one that isn't there any more is like all the others."""
        destination = self.destinations.get(name)
        return destination.schedule.over(self.schedule) if destination else self.schedule

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

    @model_validator(mode="after")
    def _accounts_of_destinations(self) -> Settings:
        served: dict[str, str] = {}
        for name, destination in self.destinations.items():
            account = destination.account
            what = via_problem(destination, self.accounts, served)
            if what:
                at = ("destinations", name, "account")
                raise PydanticCustomError("account", "{what}", {"what": what, "at": at})
            if account:
                served[account] = name
        check_accounts_of_sources(self.sources, self.accounts)
        return self

    @model_validator(mode="after")
    def _folders_of_their_own(self) -> Settings:
        ours = {"the inbox": self.inbox, "the outbox": self.outbox, "the state folder": self.state}
        what = self.execute.share_problem(ours)
        if what:
            raise PydanticCustomError("share", "{what}", {"what": what, "at": ("execute", "share")})
        check_folders_of_sources(self.sources, ours)
        return self

    @model_validator(mode="after")
    def _public_folders_apart(self) -> Settings:
        for name, account in self.accounts.items():
            what = account.public.problem(self.inbox) if account.public else None
            if what:
                at = ("accounts", name, "public", "folder")
                raise PydanticCustomError("public", "{what}", {"what": what, "at": at})
        return self

    @model_validator(mode="after")
    def _known_looks(self) -> Settings:
        wanted: dict[KeyPath, str | None] = {("look",): self.look}
        wanted |= {("destinations", name, "look"): one.look for name, one in self.destinations.items()}
        check_looks_are_known(wanted, self.looks)
        return self

    @model_validator(mode="after")
    def _channels_of_destinations(self) -> Settings:
        for name, destination in self.destinations.items():
            found = channel_problem(destination.platform, destination.channels, self.phone.package)
            if found:
                at = ("destinations", name, "channels", found[0])
                raise PydanticCustomError("channel", "{what}", {"what": found[1], "at": at})
        return self

    @model_validator(mode="after")
    def _slots_outside_quiet_hours(self) -> Settings:
        everywhere: dict[KeyPath, Schedule] = {(): self.schedule}
        own = {("destinations", name): self.schedule_of(name) for name in self.destinations}
        for place, chosen in (everywhere | own).items():
            what = quiet_slot(chosen.slots, chosen.quiet_hours)
            if what:
                at = (*place, "schedule", "slots")
                raise PydanticCustomError("slots", "{what}", {"what": what, "at": at})
        return self

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
