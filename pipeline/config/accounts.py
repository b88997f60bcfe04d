"""The accounts that stories are published to: who, by which way, with what secrets, and how slowly."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    InstanceOf,
    PlainSerializer,
    WithJsonSchema,
    model_validator,
)
from pydantic_core import PydanticCustomError

from pipeline.config.fields import Section
from pipeline.config.folders import Folder
from pipeline.config.hours import QuietHours, quiet_hours, zone


def quiet(value: Any) -> Any:
    """`22:00-07:00` as hours; None stays None."""
    if value is None:
        return None
    if not isinstance(value, str):
        raise PydanticCustomError("string_type", "not a text")
    return quiet_hours(value)


def zone_name(text: str) -> str:
    """The name of a time zone that this machine knows."""
    zone(text)
    return text


Quiet = Annotated[
    InstanceOf[QuietHours] | None,
    BeforeValidator(quiet),
    PlainSerializer(lambda hours: None if hours is None else str(hours)),
    WithJsonSchema({"type": ["string", "null"], "examples": ["22:00-07:00"]}),
]
ZoneName = Annotated[str, AfterValidator(zone_name)]


class Secret(Section):
    """Where a secret is kept: one of an environment variable, a file, the keyring, or here in the clear."""

    env: str | None = Field(default=None, description="The environment variable that holds it.")
    file: Folder | None = Field(default=None, description="A file of yours that holds nothing else.")
    keyring: str | None = Field(default=None, description="SERVICE/NAME in the system's keyring.")
    plain: str | None = Field(default=None, repr=False, description="The secret itself, for all to read.")

    @model_validator(mode="before")
    @classmethod
    def _a_bare_text_is_plain(cls, value: Any) -> Any:
        return {"plain": value} if isinstance(value, str) else value

    @model_validator(mode="after")
    def _one_place(self) -> Secret:
        if len(self.model_fields_set) != 1:
            raise ValueError("needs exactly one of env, file, keyring")
        return self


class Pace(Section):
    """How slowly stories are published: nobody knows Instagram's limits, so the defaults are cautious."""

    stories_per_day: int = Field(default=10, ge=1, le=100, description="Most stories in any 24 hours.")
    stories_per_hour: int = Field(default=4, ge=1, le=100, description="Most stories in any hour.")
    spacing_seconds: tuple[float, float] = Field(
        default=(60.0, 180.0), strict=False, description="From and to: a random pause between two stories."
    )
    wait_minutes: float = Field(
        default=10,
        ge=0,
        le=24 * 60,
        description="Longest wait of a run for its turn; the next goes on.",
    )
    quiet_hours: Quiet = Field(default=None, description="When nothing is published, such as 22:00-07:00.")
    rest_hours: float = Field(
        default=24, gt=0, le=24 * 30, description="How long an account rests after Instagram asked for less."
    )


class Patience(Section):
    """Time limits of talking to the server, and how long a doubtful story may take to show up."""

    connect_seconds: float = Field(default=15, gt=0, le=600, description="To reach the server.")
    answer_seconds: float = Field(default=60, gt=0, le=3600, description="For an answer, once all is sent.")
    upload_kbps: float = Field(
        default=250,
        gt=0,
        description="The slowest upload that is waited for.",
    )
    settle_minutes: float = Field(
        default=15, ge=1, le=24 * 60, description="How long after a doubtful post the account is looked at."
    )


class Account(Section):
    """One account of a network."""

    username: str = Field(min_length=1, description="The account's name, without @.")
    password: Secret | None = Field(default=None, description="For `session login`; asked for if left out.")
    totp: Secret | None = Field(default=None, description="Seed of an authenticator app, for the login.")
    proxy: Secret | None = Field(default=None, description="A proxy's URL; it may hold a password.")
    ca_file: Folder | None = Field(default=None, description="Certificates of a company network.")
    transport: Literal["curl", "requests"] = Field(default="curl", description="What carries requests.")
    locale: str = Field(
        default="en_US", pattern=r"^[a-z]{2}_[A-Z]{2}$", description="The phone's language and country."
    )
    timezone: ZoneName | None = Field(default=None, description="The phone's zone; null for the schedule's.")
    pace: Pace = Field(default=Pace(), description="How slowly stories are published.")
    patience: Patience = Field(default=Patience(), description="Time limits.")
