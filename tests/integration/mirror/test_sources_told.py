"""What the commands say of sources: pull, plan, status, doctor, session login, and the privacy sheet."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from fakes.app_stories import BOTH, AppShop
from fakes.command import Said
from fakes.instagram import Fault, StandIn
from fakes.instagram.app import mention

from pipeline.cli import main
from pipeline.ledger import backup
from pipeline.run.restoring import restore

Command = Callable[..., Said]


@pytest.fixture
def shop(tmp_path: Path, instagram: StandIn) -> AppShop:
    shop = AppShop(tmp_path, instagram)
    shop.sign_in()
    return shop


@pytest.fixture
def command(shop: AppShop, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Command:
    monkeypatch.chdir(shop.root)
    monkeypatch.setattr("sys.argv", ["storyrelay"])

    def carry_out(*words: str, stdin: str = "") -> Said:
        shop.settings()
        capsys.readouterr()
        monkeypatch.setattr(sys, "stdin", io.StringIO(stdin))
        with pytest.raises(SystemExit) as left:
            main([*words, "-c", "storyrelay.yaml"])
        said = capsys.readouterr()
        return Said(int(left.value.code or 0), said.out, said.err)

    return carry_out


def test_pull_says_what_came_and_what_to_do_next(shop: AppShop, command: Command) -> None:
    story = shop.post(1, reel_mentions=[mention("ana")])
    name = f"shop-{story.taken_at:%Y%m%d-%H%M%S}-{story.pk}.jpg"
    said = command("pull", "-n")
    assert (said.code, said.err) == (0, f"pulled     mine       {name}\n")
    assert said.out.startswith("1 file would be pulled; nothing was written. Next: storyrelay pull")
    said = command("pull")
    assert said.code == 0
    assert said.err.startswith(f"pulled     mine       {name}, ")
    assert said.out.startswith("1 file pulled. Next: storyrelay run")
    said = command("pull", "mine", "--json")
    assert said.json() == {"dry_run": False, "pulled": [], "troubles": [], "exit_code": 0}
    assert command("pull", "-q") == Said(0, "", "")
    assert command("pull").out == "nothing new at the sources\n"


def test_pull_of_what_isnt_there_is_refused(shop: AppShop, command: Command) -> None:
    said = command("pull", "yours")
    assert (said.code, said.out) == (2, "")
    assert "yours: no enabled source has this name; there is mine" in said.err
    said = command("pull", "--set", "sources.mine.enabled=false")
    assert said.code == 2
    assert "nothing to pull from: the config has none: see `sources:`" in said.err


def test_a_plan_says_that_nobody_was_asked_and_where_a_story_doesnt_go(
    shop: AppShop, command: Command
) -> None:
    shop.destinations = BOTH
    shop.post()
    said = command("plan")
    assert "Not asked what is new at mine: a run does so first, or storyrelay pull" in said.out
    assert "nothing new" in said.out
    command("pull")
    said = command("plan")
    assert "  not to insta: it comes from Instagram itself (source mine)" in said.out
    plan = command("plan", "--json").json()
    assert plan["sources_not_asked"] == ["mine"]
    reason = "it comes from Instagram itself (source mine)"
    assert plan["stories"][0]["kept_from"] == [{"destination": "insta", "reason": reason}]


def test_status_tells_how_a_source_stands(shop: AppShop, command: Command) -> None:
    assert "mine  Instagram, shop  nothing was pulled yet" in command("status").out
    shop.post()
    command("run")
    assert "mine  Instagram, shop  1 file pulled, the last " in command("status").out
    shop.instagram.faults.add("feed/user/", Fault.CHALLENGE)
    assert command("run").code == 4
    told = command("status").out
    assert "stopped: Instagram wants to know that it's you" in told
    assert "storyrelay session login shop" in told
    (source,) = command("status", "--json").json()["sources"]
    assert (source["name"], source["account"], source["files"]) == ("mine", "shop", 1)
    assert source["next"] == "storyrelay session login shop"
    (check,) = (one for one in json.loads(command("doctor", "--json").out)["checks"] if "mine" in one["name"])
    assert (check["name"], check["status"], check["fix"]) == (
        "source mine",
        "warn",
        "storyrelay session login shop",
    )


def test_a_login_lets_a_stopped_source_go_on(shop: AppShop, command: Command) -> None:
    shop.post()
    shop.instagram.faults.add("feed/user/", Fault.LOGIN_REQUIRED)
    assert command("run").code == 4
    assert command("run").code == 0
    said = command("session", "login", "--again", "--password-stdin", stdin="pass-word-of-the-shop\n")
    assert said.code == 0
    said = command("run")
    assert (said.code, "1 file pulled" in said.out) == (0, True)


def test_doctor_tells_that_nobody_is_logged_in(shop: AppShop, command: Command) -> None:
    def check() -> tuple[str, str]:
        checks = json.loads(command("doctor", "--json").out)["checks"]
        return next((one["status"], one["detail"]) for one in checks if one["name"] == "source mine")

    assert check() == ("ok", "your own stories of @shop")
    (shop.state / "sessions" / "shop.json").unlink()
    assert check() == ("warn", "nobody is logged in to shop, so nothing is fetched")


def test_the_privacy_sheet_tells_what_is_asked_and_what_stays(shop: AppShop, command: Command) -> None:
    shop.source = "instagram: shop"
    sheet = command("plan", "--privacy", "--json").json()["privacy"]
    (asked,) = (one for one in sheet["leaves"] if one["name"] == "mine")
    assert asked["what"].startswith(
        "nothing but your login, to ask which stories are live (no more often than"
    )
    assert asked["encrypted"] == "TLS to the company through your proxy"
    kept = {one["what"]: one["where"] for one in sheet["kept"]}
    assert kept["what was pulled from sources"] == str(shop.state / "pulled")
    assert "logins, readable by you alone" in kept


def test_a_restored_ledger_pulls_nothing_a_second_time(shop: AppShop) -> None:
    shop.post(1)
    shop.run()
    copy = backup(shop.state, shop.now(), shop.root / "copy.sqlite3")
    shop.post(2)
    shop.run()
    assert len(shop.deliveries()) == 2
    restored = restore(shop.settings(), copy, clock=shop.now)
    assert [row.path for row in restored.held] == [shop.pulled()[0].path]
    summary = shop.run()
    assert (summary.pulled, summary.offered) == (0, 0)
