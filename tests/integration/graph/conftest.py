"""A photo and a clip that are published as they are."""

from __future__ import annotations

from pathlib import Path

import pytest
from fakes.graph_relay import fitting_clip, fitting_photo


@pytest.fixture(scope="session")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Both, by kind."""
    folder = tmp_path_factory.mktemp("files")
    return {"photo": fitting_photo(folder / "a.jpg", 1), "video": fitting_clip(folder / "a.mp4", 1)}
