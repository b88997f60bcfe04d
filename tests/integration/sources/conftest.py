"""The same folder at every kind of server."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from fakes.far_folders import KINDS, SERVERS, FarFolder


@pytest.fixture(params=KINDS)
def far(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[FarFolder]:
    """A folder elsewhere, of every kind in turn."""
    with KINDS[request.param](tmp_path) as folder:
        yield folder
        folder.close()


@pytest.fixture(params=SERVERS)
def served(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[FarFolder]:
    """The same, only those with a server that can be down."""
    with KINDS[request.param](tmp_path) as folder:
        yield folder
        folder.close()
