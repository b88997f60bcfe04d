"""Worlds to be killed in, copied from templates, and a server that runs in them."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest
from fakes.crashes import Expected, Server, World, WorldMaker, large_world, server, small_world


@pytest.fixture(scope="session")
def templates(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[Path, Expected]]:
    folder = tmp_path_factory.mktemp("templates")
    makers = {"small": small_world, "large": large_world}
    return {name: (folder / name, make(folder / name)) for name, make in makers.items()}


@pytest.fixture(scope="module")
def warm() -> Iterator[Server]:
    with server() as started:
        yield started


def maker(tmp_path: Path, template: tuple[Path, Expected]) -> WorldMaker:
    numbers = count()

    def make() -> World:
        root = tmp_path / f"world{next(numbers)}"
        shutil.copytree(template[0], root)
        return World(root, template[1])

    return make


@pytest.fixture
def small(tmp_path: Path, templates: dict[str, tuple[Path, Expected]]) -> WorldMaker:
    return maker(tmp_path, templates["small"])


@pytest.fixture
def large(tmp_path: Path, templates: dict[str, tuple[Path, Expected]]) -> WorldMaker:
    return maker(tmp_path, templates["large"])
