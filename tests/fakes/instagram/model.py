"""What the stand-in knows: people, places, uploads and stories."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

Kind = Literal["photo", "video"]
ChallengeBy = Literal["bloks", "email", "sms"]
ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"


@dataclass(frozen=True, slots=True)
class User:
    """Who may log in, and what is asked of them the first time.

    A challenge is answered with `code`: `bloks` is the one of today's app, which comes with the login's
    answer; `email` and `sms` are the older `challenge_required`.
    """

    password: str
    totp_seed: str | None = None
    challenge: ChallengeBy | None = None
    code: str = "246810"


@dataclass(frozen=True, slots=True)
class Venue:
    """A place that stories can be tagged with."""

    pk: int
    name: str
    lat: float = 23.8103
    lng: float = 90.4125


@dataclass(frozen=True, slots=True)
class Upload:
    """Bytes that came in; not a story yet. `params` is the upload's own header."""

    upload_id: str
    user: str
    kind: Kind
    sha256: str
    size_bytes: int
    params: Mapping[str, Any]
    received_at: datetime


@dataclass(frozen=True, slots=True)
class Story:
    """What was published. `form` is the configure form as sent; times are the stand-in's."""

    pk: str
    user: str
    user_pk: str
    kind: Kind
    sha256: str
    size_bytes: int
    taken_at: datetime
    listed_at: datetime
    upload_id: str
    size: tuple[int, int] = (1080, 1920)
    duration_s: float | None = None
    form: Mapping[str, Any] = field(default_factory=dict)
    foreign: bool = False
    deleted: bool = False

    @property
    def id(self) -> str:
        return f"{self.pk}_{self.user_pk}"

    @property
    def code(self) -> str:
        """The pk as it stands in links."""
        number, code = int(self.pk), ""
        while number:
            number, digit = divmod(number, 64)
            code = ALPHABET[digit] + code
        return code

    @property
    def media_type(self) -> int:
        return 1 if self.kind == "photo" else 2

    @property
    def device_timestamp(self) -> str:
        return self.upload_id

    @property
    def tap_models(self) -> list[dict[str, Any]]:
        """The stickers, as they were sent."""
        return list(json.loads(self.form.get("tap_models", "[]")))

    @property
    def close_friends(self) -> bool:
        return self.form.get("audience") == "besties"
