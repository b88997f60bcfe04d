"""Real runs over small inboxes, and stand-in phones behind the real adb."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from fakes.android.line import Line, pressed
from fakes.android.server import AdbServer, running_server
from fakes.shop import Shop


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    return Shop(tmp_path)


@pytest.fixture(scope="session")
def adb_server(tool: Callable[[str], str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[AdbServer]:
    with running_server(tool, tmp_path_factory.mktemp("adb")) as server:
        yield server


@pytest.fixture
def line(adb_server: AdbServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Line]:
    """A line of adb. Whatever a test did with its phones, nothing of it may have pressed a button there."""
    for name, value in adb_server.variables.items():
        monkeypatch.setenv(name, value)
    line = Line(adb_server, tmp_path)
    yield line
    line.close()
    assert [told for phone in line.phones for told in pressed(phone)] == []
