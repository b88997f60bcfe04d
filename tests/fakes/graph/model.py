"""What the stand-in knows: accounts, pages, tokens, media that isn't published yet, and stories."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

Kind = Literal["photo", "video"]
Use = Literal["container", "page photo", "page video"]
TokenState = Literal["valid", "password changed", "app removed", "checkpoint", "invalid"]

PERSON = "10158000000000001"
PUBLISHING = (
    "business_management",
    "instagram_basic",
    "instagram_content_publish",
    "pages_manage_posts",
    "pages_read_engagement",
    "pages_show_list",
    "public_profile",
)
"""What a person grants for stories on both networks."""


@dataclass(frozen=True, slots=True)
class Page:
    """A Facebook page; the person may create content on it."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Account:
    """A professional Instagram account, connected to a page."""

    id: str
    username: str
    page: str


@dataclass(frozen=True, slots=True)
class Token:
    """Who it speaks for: the person, or one page. `expires_at` None is never, as with a page's token."""

    value: str = field(repr=False)
    type: Literal["USER", "PAGE"]
    owner: str
    permissions: tuple[str, ...] = PUBLISHING
    issued_at: datetime | None = None
    expires_at: datetime | None = None
    data_access_expires_at: datetime | None = None
    state: TokenState = "valid"


@dataclass(frozen=True, slots=True)
class Draft:
    """Media that came in for an account or page: an Instagram container, or a page's photo or video.

    `size_bytes` is announced, `got_bytes` are here; `error` is a subcode for a container, words for a page.
    """

    id: str
    use: Use
    owner: str
    kind: Kind
    created_at: datetime
    sha256: str | None = None
    size_bytes: int | None = None
    got_bytes: int = 0
    ready_at: datetime | None = None
    error: str | None = None
    story: str | None = None
    form: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Story:
    """What was published. `id` is the media's on Instagram, the post's on a page."""

    id: str
    network: Literal["instagram", "facebook"]
    owner: str
    kind: Kind
    sha256: str
    size_bytes: int
    published_at: datetime
    listed_at: datetime
    draft: str
    form: Mapping[str, Any] = field(default_factory=dict)
    foreign: bool = False
    live: bool = True


PAGE = Page("104052312345678", "Shop")
SHOP = Account("17841405822304914", "shop", PAGE.id)
USER_TOKEN = "EAAGstandinUserToken0123456789ZDZD"  # noqa: S105
PAGE_TOKEN = "EAAGstandinPageToken0123456789ZDZD"  # noqa: S105
