"""The accounts that stories are published to: who, by which way, with what secrets, and how slowly."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    InstanceOf,
    PlainSerializer,
    ValidationInfo,
    WithJsonSchema,
    model_validator,
)
from pydantic_core import PydanticCustomError

from pipeline.config.fields import Section, as_written
from pipeline.config.folders import Folder, lies_in
from pipeline.config.hours import QuietHours, quiet_hours, zone
from pipeline.config.stores import is_elsewhere, store_address

MASK = "********"


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


def hidden(value: Any) -> str:
    """A secret's text; what isn't one is told without repeating it."""
    if not isinstance(value, str) or not value:
        raise PydanticCustomError("secret", "is not a text: put the secret in quotes, or name its place")
    return value


def variable(text: str) -> str:
    """The name of an environment variable; anything else may be the secret itself, so it isn't repeated."""
    if not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", text):
        raise ValueError("is not the name of an environment variable, such as INSTAGRAM_PASSWORD")
    return text


def keyring_entry(text: str) -> str:
    """A service and a name."""
    if not re.fullmatch(r"[^/]+/.+", text):
        raise ValueError("is not SERVICE/NAME, such as instagram/shop")
    return text


def locale_name(text: str) -> str:
    """A language and a country."""
    if not re.fullmatch(r"[a-z]{2}_[A-Z]{2}", text):
        raise ValueError(f"'{text}' is not a language and a country, such as de_DE")
    return text


def from_to(pair: tuple[float, float]) -> tuple[float, float]:
    """Two numbers, the smaller one first."""
    if not 0 <= pair[0] <= pair[1]:
        raise ValueError("is not from and to: the smaller number comes first, and none is below 0")
    return pair


def number(text: str) -> str:
    """Digits, as the network counts its accounts; anything else may be the token, so it isn't repeated."""
    if not re.fullmatch(r"[0-9]{5,25}", text):
        raise ValueError("is not the number of an account, such as 17841400000000000")
    return text


def public_url(text: str) -> str:
    """An https address without a name, a password or a question in it; a wrong one isn't repeated."""
    parts = urlsplit(text)
    if parts.scheme != "https" or not parts.hostname or "@" in parts.netloc or parts.query or parts.fragment:
        raise ValueError("is not a public address such as https://my.example/stories, without a key in it")
    return text.rstrip("/")


Variable = Annotated[str, AfterValidator(variable)]
KeyringEntry = Annotated[str, AfterValidator(keyring_entry)]
Locale = Annotated[str, AfterValidator(locale_name)]
FromTo = Annotated[tuple[float, float], Field(strict=False), AfterValidator(from_to)]
Hidden = Annotated[
    str,
    BeforeValidator(hidden),
    PlainSerializer(lambda _: MASK, when_used="json-unless-none"),
    WithJsonSchema({"type": "string"}),
]
"""A text that isn't shown: `config show` prints a mask."""


class Secret(Section):
    """Where a secret is kept: one of an environment variable, a file, the keyring, or here in the clear."""

    env: Variable | None = Field(default=None, description="The environment variable that holds it.")
    file: Folder | None = Field(default=None, description="A file of yours that holds nothing else.")
    keyring: KeyringEntry | None = Field(default=None, description="SERVICE/NAME in the system's keyring.")
    plain: Hidden | None = Field(default=None, repr=False, description="The secret itself, for all to read.")

    @model_validator(mode="before")
    @classmethod
    def _a_bare_text_is_plain(cls, value: Any) -> Any:
        if isinstance(value, dict):
            return value
        return {"plain": hidden(value)}

    @model_validator(mode="after")
    def _one_place(self) -> Secret:
        if len(self.model_fields_set) != 1:
            raise ValueError("needs exactly one of env, file, keyring")
        return self


class Pace(Section):
    """How slowly stories are published: nobody knows Instagram's limits, so the defaults are cautious."""

    stories_per_day: int = Field(default=10, ge=1, le=100, description="Most stories in any 24 hours.")
    stories_per_hour: int = Field(default=4, ge=1, le=100, description="Most stories in any hour.")
    spacing_seconds: FromTo = Field(
        default=(60.0, 180.0), description="From and to: a random pause between two stories."
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
    transcode_minutes: float = Field(
        default=5, gt=0, le=60, description="How long the server may take to prepare a video."
    )
    settle_minutes: float = Field(
        default=15, ge=1, le=24 * 60, description="How long after a doubtful post the account is looked at."
    )


def _public_folder(value: Any, info: ValidationInfo) -> str:
    return store_address(value, info, ("accounts", "public", "folder"))


class PublicFolder(Section):
    """A folder that everybody on the internet can read: Instagram fetches photos from there."""

    folder: Annotated[str, BeforeValidator(_public_folder), WithJsonSchema({"type": "string"})] = Field(
        description="Where a photo is laid for a minute: a folder, or an address such as s3://my-bucket/out."
    )
    url: Annotated[str, AfterValidator(public_url)] | None = Field(
        default=None, description="Where all find that folder; null has a store sign an address for each."
    )

    def problem(self, inbox: Path) -> str | None:
        """Why it may not be there: what lies in the inbox becomes a story."""
        if is_elsewhere(self.folder) or not lies_in(Path(self.folder), inbox):
            return None
        return f"'{self.folder}' lies in the inbox, where each file becomes a story: use another folder"

    @model_validator(mode="after")
    def _found_by_all(self) -> PublicFolder:
        if self.url is None and not is_elsewhere(self.folder):
            what = "is needed: where on the internet this folder is, such as https://my.example/stories"
            raise PydanticCustomError("public", "{what}", {"what": what, "at": ("url",)})
        return self


class Account(Section):
    """One account of a network."""

    username: str = Field(min_length=1, description="The account's name, without @; or the Page's name.")
    id: Annotated[str, BeforeValidator(as_written), AfterValidator(number)] | None = Field(
        default=None, description="Its number, for `via: graph`: of the Instagram account, or of the Page."
    )
    token: Secret | None = Field(default=None, description="The access token, for `via: graph`.")
    public: PublicFolder | None = Field(
        default=None, description="Where Instagram can fetch photos, for `via: graph`."
    )
    password: Secret | None = Field(default=None, description="For `session login`; asked for if left out.")
    totp: Secret | None = Field(default=None, description="Seed of an authenticator app, for the login.")
    proxy: Secret | None = Field(default=None, description="A proxy's URL; it may hold a password.")
    ca_file: Folder | None = Field(default=None, description="Certificates of a company network.")
    transport: Literal["curl", "requests"] = Field(default="curl", description="What carries requests.")
    locale: Locale = Field(default="en_US", description="The phone's language and country.")
    timezone: ZoneName | None = Field(default=None, description="The phone's zone; null for the schedule's.")
    pace: Pace = Field(default=Pace(), description="How slowly stories are published.")
    patience: Patience = Field(default=Patience(), description="Time limits.")


class Mirroring(Section):
    """When a story that also goes to a person is published to accounts."""

    after: Literal["prepared", "confirmed"] = Field(
        default="prepared",
        description="Publish as soon as it is ready, or only once you have confirmed it at WhatsApp.",
    )
