"""Real runs over small inboxes, and stand-in phones behind the real adb."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from fakes.android.line import Line
from fakes.android.server import AdbServer, running_server
from fakes.remote import Remote, RemoteMirror, Times
from fakes.shop import MIRRORED, Shop

import pipeline.run.course


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    return Shop(tmp_path)


@pytest.fixture
def mirror(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> RemoteMirror:
    """The account of a shop that publishes too; all goes well until `mirror.remote.rates` say otherwise."""
    shop.destinations = MIRRORED
    mirror = RemoteMirror(Remote(random.Random(3), Times(shop.clock)))  # noqa: S311 - the same every time
    monkeypatch.setattr(pipeline.run.course, "mirrors", lambda *_: {"instagram": mirror})
    return mirror


@pytest.fixture(scope="session")
def adb_server(tool: Callable[[str], str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[AdbServer]:
    with running_server(tool, tmp_path_factory.mktemp("adb")) as server:
        yield server


@pytest.fixture
def line(adb_server: AdbServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Line]:
    """A line of adb. Of every test its phones' journals are read: nothing but what is allowed was told."""
    for name, value in adb_server.variables.items():
        monkeypatch.setenv(name, value)
    line = Line(adb_server, tmp_path)
    yield line
    line.close()
    assert line.unexpected() == []
