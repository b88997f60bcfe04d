"""The only place that reads the clock or makes random names."""

from __future__ import annotations

import random
import secrets
import time
import uuid
from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]


def now() -> datetime:
    """This moment, aware, in UTC."""
    return datetime.now(UTC)


def monotonic_s() -> float:
    """Seconds on a clock that never jumps, for measuring durations."""
    return time.monotonic()


def pause(seconds: float) -> None:
    """Wait."""
    time.sleep(seconds)


def fresh_name() -> str:
    """A name nobody else uses: 32 hex digits."""
    return uuid.uuid4().hex


def fresh_secret() -> str:
    """256 bits that nobody can guess, as 43 signs that fit an address and a cookie."""
    return secrets.token_urlsafe(32)


def fresh_number(least: int, most: int) -> int:
    """A random whole number."""
    return random.randint(least, most)  # noqa: S311 - it guards nothing
