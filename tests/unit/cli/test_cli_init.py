"""init: a config to start with."""

from __future__ import annotations

from pathlib import Path

import pytest
from fakes.command import Here
from fakes.shop import picture
from fakes.trees import tree_of

from pipeline.cli.init import with_folder
from pipeline.config import Place, load_settings


def test_a_folder_gets_a_config_and_an_inbox_that_work_together(tmp_path: Path, here: Here) -> None:
    said = here("init", "my stories", config=False)
    assert said.code == 0
    file = tmp_path / "my stories/config/storyrelay.yaml"
    settings = load_settings(file, (), Place({}, tmp_path, None))
    assert settings.inbox == tmp_path / "my stories/inbox"
    assert settings.inbox.is_dir()
    assert (settings.outbox, settings.state) == (
        tmp_path / "my stories/outbox",
        tmp_path / "my stories/.state",
    )
    assert f"cron --install crontab -c '{file}'" in said.out


def test_what_init_wrote_can_be_run_at_once(tmp_path: Path, here: Here) -> None:
    here("init", "shop", config=False)
    picture(tmp_path / "shop/inbox/bread.jpg")
    said = here("run", "--set", "limits.settle_seconds=0", "-c", "shop/config/storyrelay.yaml", config=False)
    assert said.out.startswith("2 stories offered")


def test_a_config_that_is_there_is_never_replaced(tmp_path: Path, here: Here) -> None:
    here("init", "shop", config=False)
    before = tree_of(tmp_path / "shop")
    said = here("init", "shop", config=False)
    assert said.code == 2
    assert "is there already" in said.err
    assert tree_of(tmp_path / "shop") == before


def test_without_a_folder_the_config_goes_home(
    tmp_path: Path, here: Here, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    assert here("init", config=False).code == 0
    file = tmp_path / "home/.config/storyrelay/storyrelay.yaml"
    settings = load_settings(file, (), Place({}, tmp_path, tmp_path / "home"))
    assert settings.inbox == tmp_path / "home/storyrelay/inbox"
    assert settings.inbox.is_dir()
    assert settings.state == tmp_path / "home/.local/state/storyrelay"


def test_without_a_home_a_folder_must_be_named(here: Here, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HOME")
    said = here("init", config=False)
    assert said.code == 2
    assert "storyrelay init FOLDER" in said.err


def test_init_takes_no_settings(here: Here) -> None:
    assert here("init", "shop", "--set", "fit=cover", config=False).code == 2


def test_a_longer_folder_does_not_swallow_its_comment() -> None:
    text = "inbox: ../in   # photos\nfit: blur\n"
    assert with_folder(text, "inbox", "../x") == "inbox: ../x    # photos\nfit: blur\n"
    assert with_folder(text, "inbox", "~/a/long/one") == "inbox: ~/a/long/one  # photos\nfit: blur\n"
