"""A folder with a config in it, and what is wrong with that config."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline.config import Place, Settings, load_settings
from pipeline.errors import ConfigError

Load = Callable[..., Settings]
Problems = Callable[..., list[str]]


@pytest.fixture
def place(tmp_path: Path) -> Place:
    """A place of its own: nothing of this machine shows through."""
    return Place(
        environment={"TZ": "Europe/Berlin"}, cwd=tmp_path, home=tmp_path / "home", system=tmp_path / "etc"
    )


@pytest.fixture
def load(place: Place) -> Load:
    """Settings of a YAML text (saved as storyrelay.yaml) and of assignments."""

    def loaded(text: str, *assignments: str) -> Settings:
        (place.cwd / "storyrelay.yaml").write_text(text, encoding="utf-8")
        return load_settings(Path("storyrelay.yaml"), assignments, place)

    return loaded


@pytest.fixture
def problems(load: Load) -> Problems:
    """Every problem of a YAML text and of assignments."""

    def found(text: str, *assignments: str) -> list[str]:
        with pytest.raises(ConfigError) as caught:
            load(text, *assignments)
        assert str(caught.value) == "\n".join(caught.value.problems)
        return list(caught.value.problems)

    return found
