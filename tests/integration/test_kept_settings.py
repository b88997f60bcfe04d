"""What a run has read of the config serves commands that look or answer, as long as it is the same."""

from __future__ import annotations

import inspect
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from fakes.shop import picture
from pydantic import BaseModel

from pipeline.config import Place, keep, load_settings
from pipeline.config.kept import FILE, known_settings
from pipeline.config.settings import Settings
from pipeline.tools import standstill

CONFIG = """\
inbox: inbox
state: state
destinations:
  whatsapp: {platform: whatsapp_status, schedule: {slots: "daily 09:00", per_day: 2}}
  insta: {platform: instagram_story, via: instagrapi, account: shop}
accounts: {shop: {username: shop, password: {env: SHOP_PASSWORD}}}
schedule: {timezone: America/Sao_Paulo, quiet_hours: "22:00-07:00"}
"""
SAY = """\
import sys; from pipeline.cli import main
try: main()
finally: print(*sys.modules, file=sys.stderr)
"""
CHANGES: dict[str, Callable[[Path], object]] = {
    "other keys": lambda config: config.write_text(f"{CONFIG}fit: blur\n"),
    "touched": os.utime,
    "no config": os.unlink,
    "cut short": lambda config: os.truncate(kept_beside(config), 300),
    "something else": lambda config: kept_beside(config).write_bytes(b"nothing of ours"),
    "not there": lambda config: kept_beside(config).unlink(),
}


def kept_beside(config: Path) -> Path:
    return config.parent / "state" / FILE


def fresh(file: Path) -> Settings:
    return load_settings(file, (), Place(dict(os.environ), file.parent, None))


@pytest.fixture
def begin(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """What was written until now was written before the program began."""

    def began() -> None:
        time.sleep(2 * standstill.TICK_S)
        monkeypatch.setattr(standstill, "STARTED_S", time.time())

    return began


@pytest.fixture
def config(tmp_path: Path, begin: Callable[[], None]) -> Path:
    """A config whose settings are kept."""
    file = tmp_path / "storyrelay.yaml"
    file.write_text(CONFIG)
    (tmp_path / "inbox").mkdir()
    (tmp_path / "state").mkdir()
    begin()
    keep(fresh(file))
    assert known_settings(file) is not None
    return file


def differing(known: Any, wanted: Any) -> Iterator[tuple[Any, Any]]:
    """The values of groups of keys that aren't the same."""
    if isinstance(wanted, BaseModel):
        for name in type(wanted).model_fields:
            yield from differing(getattr(known, name), getattr(wanted, name))
    elif isinstance(wanted, dict):
        assert known.keys() == wanted.keys()
        for key in wanted:
            yield from differing(known[key], wanted[key])
    elif known != wanted:
        yield known, wanted


def test_kept_settings_hold_every_value_and_what_follows_from_them(config: Path) -> None:
    known, wanted = known_settings(config), fresh(config)
    assert known is not None
    assert type(known) is not type(wanted)
    assert list(differing(known, wanted)) == []
    assert (known.file, known.profiles, known.timezone()) == (wanted.file, wanted.profiles, wanted.timezone())
    assert known.styling("quote") == wanted.styling("quote")
    for name in ("whatsapp", "insta", "never heard of"):
        assert known.shows_photos(name) == wanted.shows_photos(name)
        assert list(differing(known.schedule_of(name), wanted.schedule_of(name))) == []


def test_what_settings_can_do_kept_ones_can_too(config: Path) -> None:
    of_all = {name for name, _ in inspect.getmembers(BaseModel)} | {"written"}
    own = {name for name, _ in inspect.getmembers(Settings) if name[0] != "_"} - of_all - {"empty_counts"}
    assert own == {"file", "profiles", "schedule_of", "shows_photos", "styling", "timezone"}
    assert all(hasattr(known_settings(config), name) for name in own)


@pytest.mark.parametrize("change", CHANGES)
def test_they_are_worth_nothing_once_something_may_have_changed(config: Path, change: str) -> None:
    CHANGES[change](config)
    assert known_settings(config) is None


def test_they_serve_whoever_calls_from_anywhere(
    config: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Cron has another folder and another PATH than a terminal."""
    monkeypatch.chdir(tmp_path_factory.mktemp("elsewhere"))
    monkeypatch.setenv("PATH", "/usr/bin")
    assert known_settings(config) is not None
    monkeypatch.chdir(config.parent)
    assert known_settings(Path(config.name)) is not None


def test_in_another_zone_settings_are_read_anew(config: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    assert known_settings(config) is None


def test_settings_with_a_secret_in_them_are_not_kept(config: Path, begin: Callable[[], None]) -> None:
    kept_beside(config).unlink()
    config.write_text(CONFIG.replace("{env: SHOP_PASSWORD}", "very-secret"))
    begin()
    keep(fresh(config))
    assert not kept_beside(config).exists()


def test_what_changed_while_the_program_read_it_is_not_kept(
    config: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept_beside(config).unlink()
    monkeypatch.setattr(standstill, "STARTED_S", config.stat().st_ctime - 1)
    keep(fresh(config))
    assert not kept_beside(config).exists()


def test_commands_say_the_same_without_the_schema(tmp_path: Path) -> None:
    config = tmp_path / "storyrelay.yaml"
    config.write_text("inbox: inbox\nstate: state\nlimits: {settle_seconds: 0}\n")
    picture(tmp_path / "inbox" / "a.jpg")
    time.sleep(2 * standstill.TICK_S)

    def say(*words: str) -> tuple[str, set[str]]:
        command = [sys.executable, "-c", SAY, *words, "-c", str(config)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout, set(done.stderr.split())

    say("run", "-q")
    for words in (("status",), ("show", "1"), ("confirm", "1"), ("skip", "2")):
        told, imported = say(*words)
        assert {"pydantic", "yaml", "pipeline.config.settings"}.isdisjoint(imported)
        if words[0] in ("status", "show"):
            read_anew, imported = say(*words, "--set", "part_marks=false")
            assert "pydantic" in imported
            assert read_anew.replace(" --set part_marks=false", "") == told
