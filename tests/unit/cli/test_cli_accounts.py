"""What `config check`, `config show` and `doctor` say about accounts."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from fakes.command import Said

from pipeline.cli import main
from pipeline.mirror.session import Saved, session_file

WORD = "hunter2-and-a-half"
TEXT = f"""\
inbox: inbox
state: state
schedule: {{timezone: UTC}}
destinations:
  insta: {{platform: instagram_story, via: instagrapi, account: shop}}
accounts:
  shop: {{username: shop, password: {WORD}}}
"""
Command = Callable[..., Said]


@pytest.fixture
def command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Command:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "inbox").mkdir()
    (tmp_path / "storyrelay.yaml").write_text(TEXT)

    def carry_out(*words: str) -> Said:
        with pytest.raises(SystemExit) as left:
            main([*words, "-c", "storyrelay.yaml"])
        said = capsys.readouterr()
        return Said(int(left.value.code or 0), said.out, said.err)

    return carry_out


def checks(said: Said) -> dict[str, dict[str, str]]:
    return {check["name"]: check for check in json.loads(said.out)["checks"]}


def test_config_check_warns_of_a_password_in_the_clear(command: Command) -> None:
    said = command("config", "check")
    assert said.code == 0
    assert "warning: accounts.shop.password stands in the config" in said.err
    assert WORD not in said.out + said.err


def test_config_show_prints_a_mask(command: Command) -> None:
    said = command("config", "show")
    assert "plain: '********'" in said.out
    assert WORD not in said.out + said.err


def test_doctor_tells_of_secrets_and_sessions(command: Command, tmp_path: Path) -> None:
    found = checks(command("doctor", "--json"))
    assert found["secrets"]["status"] == "warn"
    assert (found["session shop"]["status"], found["session shop"]["fix"]) == (
        "warn",
        "storyrelay session login shop",
    )
    file = session_file(tmp_path / "state", "shop")
    file.write(Saved({"authorization_data": {"sessionid": "x"}}, "shop"))
    assert checks(command("doctor", "--json"))["session shop"]["status"] == "ok"
    file.path.chmod(0o640)
    assert "chmod 600" in checks(command("doctor", "--json"))["session shop"]["fix"]
    file.path.write_text("{")
    assert "damaged" in checks(command("doctor", "--json"))["session shop"]["detail"]


def test_session_commands_name_the_accounts_there_are(command: Command, tmp_path: Path) -> None:
    said = command("session", "login", "shoop")
    assert (said.code, "there are: shop" in said.err) == (2, True)
    (tmp_path / "storyrelay.yaml").write_text("inbox: inbox\nschedule: {timezone: UTC}\n")
    said = command("session", "status")
    assert (said.code, "no `accounts`" in said.err) == (2, True)
