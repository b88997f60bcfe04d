"""The command as cron starts it: a process of its own, with nothing but a PATH."""

from __future__ import annotations

import os
import stat
import subprocess
from pathlib import Path

import pytest
from fakes.command import BARE, CONFIG, PROGRAM, call
from fakes.shop import BOTH, Shop


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    return Shop(tmp_path)


def test_a_day_in_the_life_of_a_story(shop: Shop) -> None:
    shop.destinations = BOTH
    shop.picture("bread.jpg")
    shop.sidecar("bread.txt", "Fresh bread")
    first = call(shop, "run")
    assert (first.code, first.out.splitlines()[0][:17]) == (0, "2 stories offered")
    assert call(shop, "run").out.startswith("nothing new")
    waiting = call(shop, "status", "--json").json()["deliveries"]
    assert [row["destination"] for row in waiting] == ["whatsapp", "instagram"]
    assert call(shop, "confirm", "bread.jpg").code == 0
    assert (shop.media("whatsapp"), shop.media("instagram")) == ([], [])
    assert call(shop, "status", "--json").json()["counts"] == {"confirmed": 2}


def test_results_and_everything_else_go_their_own_ways(shop: Shop) -> None:
    shop.picture("bread.jpg")
    (shop.inbox / "bad.jpg").write_text("no picture")
    said = call(shop, "run", "--json")
    assert [line["event"] for line in said.json_lines()][-1] == "summary"
    assert said.err == ""
    told = call(shop, "probe", "inbox/bad.jpg", "inbox/bread.jpg", "--json")
    assert len(told.json()) == 2
    assert told.err.startswith("storyrelay: bad.jpg")


def test_a_config_is_found_beside_the_caller(shop: Shop) -> None:
    shop.settings()
    (shop.root / "config").mkdir()
    (shop.root / CONFIG).rename(shop.root / "config" / CONFIG)
    done = subprocess.run(
        [PROGRAM, "config", "check"], env=BARE, cwd=shop.root, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout[:2]) == (0, "OK")


def test_without_any_config_the_way_to_one_is_told(shop: Shop) -> None:
    said = call(shop, "status", config=False)
    assert said.code == 2
    assert "no config file" in said.err
    assert "storyrelay init" in said.err


@pytest.mark.parametrize("locale", ["C", "C.UTF-8"])
def test_a_name_that_is_no_text_does_no_harm_in_any_locale(shop: Shop, locale: str) -> None:
    name = b"caf\xe9-\xf0\x9f\x8d\x9e.jpg"
    shop.picture("bread.jpg")
    (shop.inbox / "bread.jpg").rename(Path(os.fsdecode(os.fsencode(shop.inbox) + b"/" + name)))
    env = {"LC_ALL": locale, "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"}
    planned = call(shop, "plan", "--json", env=env).json()
    assert os.path.basename(os.fsencode(planned["stories"][0]["asset"]["path"])) == name  # noqa: PTH119 - bytes
    ran = call(shop, "run", env=env)
    assert (ran.code, "Traceback" in ran.err) == (0, False)
    shown = call(shop, "show", "1", "--json", env=env).json()
    assert os.path.basename(os.fsencode(shown["asset"]["path"])) == name  # noqa: PTH119 - bytes
    assert call(shop, "confirm", Path(os.fsdecode(name)), env=env).code == 0


ASCII = {"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"}


def test_what_was_planned_in_one_locale_goes_out_in_another(shop: Shop) -> None:
    for colour, name in enumerate(("é.jpg", "日本.jpg")):
        shop.picture(name, colour)
    assert call(shop, "run", "--limit", "1").code == 0
    ran = call(shop, "run", "--set", "inbox=inbox", env=ASCII)
    assert (ran.code, ran.err.splitlines()[-1]) == (0, "offered    whatsapp   日本.jpg")
    assert [row["state"] for row in call(shop, "status", "--json", env=ASCII).json()["deliveries"]] == [
        "offered"
    ] * 2


def test_folders_of_the_config_are_found_in_any_locale(shop: Shop) -> None:
    shop.picture("bread.jpg")
    shop.settings()
    shop.inbox.rename(shop.root / "Fotos für 日本")
    ran = call(shop, "run", "--set", "inbox=Fotos für 日本", "--set", "outbox=Größe", env=ASCII)
    assert (ran.code, ran.out.splitlines()[0][:15]) == (0, "1 story offered")
    assert (shop.root / "Größe" / "whatsapp").is_dir()


@pytest.mark.parametrize("umask", [0, 0o077, 0o777])
def test_whatever_the_umask_we_keep_our_own_rights(shop: Shop, umask: int) -> None:
    shop.picture("bread.jpg")
    shop.settings()
    command = [PROGRAM, "run", "-q", "-c", CONFIG, "--set", "log.file=logs/run.log"]
    for _ in range(2):
        done = subprocess.run(command, env=BARE, cwd=shop.root, umask=umask, capture_output=True, check=False)
        assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")
    modes = {path.name: path.stat().st_mode for path in shop.root.rglob("*") if path != shop.inbox}
    assert [name for name, mode in modes.items() if not mode & stat.S_IRUSR] == []
    assert [name for name, mode in modes.items() if stat.S_ISDIR(mode) and mode & 0o700 != 0o700] == []
    for name in ("run.log", "ledger.sqlite3", "lock"):
        assert stat.S_IMODE(modes[name]) == 0o600, name


def test_the_help_of_a_command_needs_neither_config_nor_home(shop: Shop) -> None:
    said = call(shop, "run", "--help", config=False)
    assert (said.code, said.err) == (0, "")
