"""What is told, to whom, and how that went."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pipeline.config.accounts import Secret
    from pipeline.config.settings import Settings


@dataclass(frozen=True, slots=True)
class Message:
    """Plain text; `link` is where a tap leads to, and holds no secret."""

    title: str
    body: str
    link: str | None = None


@dataclass(frozen=True, slots=True)
class Address:
    """Where a message goes: `name` is what it's called in the config, `kept` where its Apprise address is."""

    name: str
    kept: Secret = field(repr=False)


def addresses(settings: Settings) -> list[Address]:
    """Where messages go, by their places in the config."""
    return [Address(f"notify.urls[{number}]", kept) for number, kept in enumerate(settings.notify.urls)]


@dataclass(frozen=True, slots=True)
class Sent:
    """How it went at one address: `why` it didn't get there, None when it was taken."""

    name: str
    why: str | None = None
