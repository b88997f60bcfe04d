"""The only place that reads the clock or makes random names."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from pipeline.values import dataclass

Clock = Callable[[], datetime]
TIMEX_BYTES = 1024
"""More than `struct timex` takes anywhere; all zero asks and changes nothing."""
UNSYNCHRONISED = 5


def now() -> datetime:
    """This moment, aware, in UTC."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Uptime:
    """How long the computer has been on, sleep included; `boot` tells one start from another."""

    boot: str
    on_s: float


def uptime() -> Uptime:
    """By the kernel's own count, which nobody can set."""
    try:
        boot = Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
    except OSError:
        boot = fresh_name()
    return Uptime(boot, time.clock_gettime(time.CLOCK_BOOTTIME))


def synchronised() -> bool:
    """Whether the kernel's clock follows a time server; False also where that can't be known."""
    import ctypes  # 4 ms, and only needed in doubt

    try:
        asked = ctypes.create_string_buffer(TIMEX_BYTES)
        return 0 <= int(ctypes.CDLL(None).adjtimex(asked)) < UNSYNCHRONISED
    except (OSError, AttributeError):
        return False


def monotonic_s() -> float:
    """Seconds on a clock that never jumps, for measuring durations."""
    return time.monotonic()


def pause(seconds: float) -> None:
    """Wait."""
    time.sleep(seconds)


def fresh_name() -> str:
    """A name nobody else uses: 32 hex digits."""
    return os.urandom(16).hex()


def fresh_secret() -> str:
    """256 bits that nobody can guess, as 43 signs that fit an address and a cookie."""
    import secrets  # with hashes and OpenSSL behind it: 6 ms, and only the page needs it

    return secrets.token_urlsafe(32)


def fresh_number(least: int, most: int) -> int:
    """A random whole number."""
    import random  # 4 ms, and only accounts are kept at a pace

    return random.randint(least, most)  # noqa: S311 - it guards nothing
