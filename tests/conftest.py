"""What all tests share."""

from __future__ import annotations

import fcntl
import os
import shutil
import signal
from collections.abc import Callable

import pytest

# A shell without job control starts its background jobs, and so all that they start, with SIGINT ignored.
signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session")
def tool() -> Callable[[str], str]:
    """The path of an outside program. Without it the test is skipped, but never where CI should have it."""

    def find(name: str) -> str:
        path = shutil.which(name)
        if path is None and os.environ.get("CI"):
            pytest.fail(f"{name} is missing: .ci/run must install it")
        if path is None:
            pytest.skip(f"{name} isn't installed")
        return path

    return find


@pytest.fixture
def no_leases(monkeypatch: pytest.MonkeyPatch) -> None:
    """A disk on which the kernel doesn't know who writes, as most network disks are."""

    def unsupported(fd: int, command: int, argument: int = 0) -> int:
        raise OSError(22, "Invalid argument")

    monkeypatch.setattr(fcntl, "fcntl", unsupported)
