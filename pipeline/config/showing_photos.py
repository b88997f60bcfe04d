"""Whether Meta's API can fetch photos from a destination's account."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def shows_photos(name: str, destinations: Mapping[str, Any], accounts: Mapping[str, Any]) -> bool:
    """Whether the account of a destination has a folder on the internet."""
    chosen = destinations.get(name)
    account = accounts.get(chosen.account or "") if chosen else None
    return account is not None and account.public is not None
