"""Where the config file is looked for."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from pipeline.config import Place, load_settings
from pipeline.errors import ConfigError


def put(file: Path, fit: str = "blur") -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(f"inbox: {fit}\nfit: {fit}\n")
    return file


def test_the_order_is_variable_then_here_then_home_then_system(place: Place, tmp_path: Path) -> None:
    system = put(tmp_path / "etc" / "storyrelay" / "storyrelay.yaml")
    assert load_settings(place=place).file == system
    home = put(tmp_path / "home" / ".config" / "storyrelay" / "storyrelay.yaml")
    assert load_settings(place=place).file == home
    near = put(tmp_path / "config" / "storyrelay.yaml")
    assert load_settings(place=place).file == near
    named = put(tmp_path / "named.yaml")
    variable = dataclasses.replace(place, environment={"STORYRELAY_CONFIG": "named.yaml"})
    assert load_settings(place=variable).file == named
    given = put(tmp_path / "given.yaml")
    assert load_settings(Path("given.yaml"), place=variable).file == given


def test_a_file_right_here_is_not_taken_by_chance(place: Place, tmp_path: Path) -> None:
    put(tmp_path / "storyrelay.yaml")
    with pytest.raises(ConfigError, match="no config file"):
        load_settings(place=place)


def test_when_nothing_is_found_every_place_and_the_way_out_are_named(place: Place, tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        load_settings(place=place)
    (problem,) = caught.value.problems
    for looked in ("config", "home/.config/storyrelay", "etc/storyrelay"):
        assert str(tmp_path / looked / "storyrelay.yaml") in problem
    assert "STORYRELAY_CONFIG" in problem
    assert "storyrelay init" in problem
    assert caught.value.exit_code == 2


def test_without_a_home_the_system_is_still_looked_at(place: Place, tmp_path: Path) -> None:
    system = put(tmp_path / "etc" / "storyrelay" / "storyrelay.yaml")
    assert load_settings(place=dataclasses.replace(place, home=None)).file == system


def test_an_empty_variable_counts_as_unset(place: Place, tmp_path: Path) -> None:
    near = put(tmp_path / "config" / "storyrelay.yaml")
    assert load_settings(place=dataclasses.replace(place, environment={"STORYRELAY_CONFIG": ""})).file == near


def test_a_variable_that_names_nothing_is_not_passed_over(place: Place, tmp_path: Path) -> None:
    put(tmp_path / "config" / "storyrelay.yaml")
    lost = dataclasses.replace(place, environment={"STORYRELAY_CONFIG": "lost.yaml"})
    with pytest.raises(ConfigError, match=r"\$STORYRELAY_CONFIG is lost\.yaml, but there is no such file"):
        load_settings(place=lost)


def test_a_file_that_was_asked_for_must_be_there(place: Place) -> None:
    with pytest.raises(ConfigError, match=r"lost\.yaml: no such file; write one with: storyrelay init"):
        load_settings(Path("lost.yaml"), place=place)


def test_a_folder_is_not_a_config(place: Place, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="can't be read"):
        load_settings(tmp_path, place=place)


def test_problems_name_a_found_file_as_short_as_can_be(place: Place, tmp_path: Path) -> None:
    put(tmp_path / "config" / "storyrelay.yaml", fit="big")
    with pytest.raises(ConfigError, match=r"^config/storyrelay\.yaml:2: fit: "):
        load_settings(place=place)


def test_a_home_that_cannot_be_looked_into_is_passed_over(place: Place, tmp_path: Path) -> None:
    system = put(tmp_path / "etc" / "storyrelay" / "storyrelay.yaml")
    endless = tmp_path / ("x" * 300)  # no file system takes such a name: looking fails
    assert load_settings(place=dataclasses.replace(place, home=endless)).file == system
