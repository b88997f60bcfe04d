"""`storyrelay session` against the stand-in: all ways in, what status says, and out again."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from fakes.accounts import settings_for
from fakes.command import Said
from fakes.instagram import Fault, StandIn
from fakes.instagram.phone import Transport

from pipeline.cli import main

SEED = "JBSW Y3DP EHPK 3PXP"
Session = Callable[..., Said]


@pytest.fixture
def session(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Session:
    """Carry out a session command; `typed` are answers of somebody at a terminal, in order."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("sys.argv", ["storyrelay"])

    def carry_out(*words: str, typed: list[str] | None = None, stdin: str = "") -> Said:
        capsys.readouterr()
        if typed is not None:
            answers = iter(typed)
            monkeypatch.setattr("pipeline.cli.knocking.can_ask", lambda: True)
            monkeypatch.setattr("click.termui.hidden_prompt_func", lambda _text: next(answers))
            monkeypatch.setattr("click.termui.visible_prompt_func", lambda _text: next(answers))
        monkeypatch.setattr(sys, "stdin", io.StringIO(stdin))
        with pytest.raises(SystemExit) as left:
            main(["session", *words, "-c", "storyrelay.yaml"])
        said = capsys.readouterr()
        return Said(int(left.value.code or 0), said.out, said.err)

    return carry_out


def word(user: str) -> str:
    return f"pass-word-of-the-{user}"


@pytest.mark.parametrize("transport", ["curl", "requests"])
def test_login_status_and_logout_with_a_password_from_stdin(
    tmp_path: Path, instagram: StandIn, session: Session, transport: Transport
) -> None:
    settings_for(tmp_path, instagram, transport)
    said = session("login", "--password-stdin", stdin=word("shop") + "\n")
    assert (said.code, said.err) == (0, "")
    assert said.out.startswith("shop: @shop is logged in since ")
    file = tmp_path / "state" / "sessions" / "shop.json"
    assert (file.stat().st_mode & 0o777, file.parent.stat().st_mode & 0o777) == (0o600, 0o700)
    assert word("shop") not in file.read_text()
    said = session("status", "--json")
    (account,) = said.json()["accounts"]
    assert (said.code, account["logged_in"], account["username"]) == (0, True, "shop")
    assert account["since"].startswith("20")
    assert session("logout", "shop").out == "@shop is logged out (shop)\n"
    assert instagram._world.sessions == {}
    assert "sessionid" not in file.read_text()
    said = session("status")
    assert said.code == 4
    assert said.out == "shop: @shop isn't logged in\n  Next: storyrelay session login shop\n"


@pytest.mark.parametrize("transport", ["curl", "requests"])
def test_login_with_the_seed_of_an_authenticator(
    tmp_path: Path,
    instagram: StandIn,
    session: Session,
    transport: Transport,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("CAFE_WORD", word("cafe"))
    (tmp_path / "seed").write_text(SEED)
    secrets = ("password: {env: CAFE_WORD}", "totp: {file: seed}")
    settings_for(tmp_path, instagram, transport, *secrets, username="cafe")
    said = session("login", "shop", "--json")
    assert (said.code, said.json()["accounts"][0]["logged_in"], said.json()["freed"]) == (0, True, 0)
    assert session("status").code == 0


def test_login_with_a_code_that_is_typed(tmp_path: Path, instagram: StandIn, session: Session) -> None:
    from instagrapi.mixins.totp import TOTP

    settings_for(tmp_path, instagram, username="cafe")
    code = TOTP(SEED.replace(" ", "")).code()
    said = session("login", typed=[word("cafe"), code])
    assert said.code == 0
    assert code not in said.out + said.err


@pytest.mark.parametrize("user", ["club", "mill", "farm"])
def test_a_challenge_by_mail_or_sms_is_answered_on_the_terminal(
    tmp_path: Path, instagram: StandIn, session: Session, user: str
) -> None:
    settings_for(tmp_path, instagram, username=user)
    said = session("login", typed=[word(user), "246810"])
    assert (said.code, said.out.split(" since")[0]) == (0, f"shop: @{user} is logged in")
    assert "246810" not in said.out + said.err


def test_a_challenge_without_anybody_there_needs_a_person(
    tmp_path: Path, instagram: StandIn, session: Session
) -> None:
    settings_for(tmp_path, instagram, username="mill")
    said = session("login", "--password-stdin", stdin=word("mill"))
    assert said.code == 4
    assert "wants to know that it's you" in said.err


def test_a_code_is_wanted_and_nobody_is_there(tmp_path: Path, instagram: StandIn, session: Session) -> None:
    settings_for(tmp_path, instagram, username="cafe")
    said = session("login", "--password-stdin", stdin=word("cafe"))
    assert (said.code, "code of your authenticator" in said.err) == (4, True)


def test_login_with_a_session_id(
    tmp_path: Path, instagram: StandIn, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings_for(tmp_path, instagram)
    monkeypatch.setenv("STORYRELAY_SESSION_ID", instagram.session_of("shop"))
    assert session("login", "--session-id").code == 0
    monkeypatch.delenv("STORYRELAY_SESSION_ID")
    assert session("login", "--session-id", "--again", typed=[instagram.session_of("shop")]).code == 0
    assert session("status").code == 0
    assert session("login", "--session-id", "--again", typed=["nonsense"]).code == 4
    assert session("status").code == 0


def test_a_wrong_password_is_told_and_the_session_there_stays(
    tmp_path: Path, instagram: StandIn, session: Session
) -> None:
    settings_for(tmp_path, instagram)
    session("login", "--password-stdin", stdin=word("shop"))
    said = session("login", "--again", "--password-stdin", stdin="a wrong one entirely")
    assert said.code == 4
    assert "refuses the password" in said.err
    assert "storyrelay session login shop" in said.err
    assert session("status").code == 0


def test_a_login_that_is_still_good_sends_no_password(
    tmp_path: Path, instagram: StandIn, session: Session
) -> None:
    settings_for(tmp_path, instagram)
    session("login", "--password-stdin", stdin=word("shop"))
    instagram.requests.clear()
    assert session("login").code == 0
    assert [request.endpoint for request in instagram.requests] == ["accounts/current_user/"]


def test_a_dead_session_is_told_by_status_with_what_to_do(
    tmp_path: Path, instagram: StandIn, session: Session
) -> None:
    settings_for(tmp_path, instagram)
    session("login", "--password-stdin", stdin=word("shop"))
    instagram.end_sessions("shop")
    said = session("status", "shop", "--json")
    (account,) = said.json()["accounts"]
    assert said.code == 4
    assert account["logged_in"] is False
    assert account["problem"] == "Instagram has ended the session"
    assert account["next"] == "storyrelay session login shop"
    assert session("login", "--password-stdin", stdin=word("shop")).code == 0


def test_a_server_that_cannot_be_reached_says_nothing_about_the_session(
    tmp_path: Path, instagram: StandIn, session: Session
) -> None:
    settings_for(tmp_path, instagram)
    session("login", "--password-stdin", stdin=word("shop"))
    instagram.faults.add("accounts/current_user", Fault.DROP_BEFORE)
    said = session("status", "--json")
    assert (said.code, said.json()["accounts"][0]["logged_in"]) == (3, None)


def test_logging_out_works_without_the_server_too(
    tmp_path: Path, instagram: StandIn, session: Session
) -> None:
    settings_for(tmp_path, instagram)
    session("login", "--password-stdin", stdin=word("shop"))
    instagram.faults.add("accounts/logout", Fault.DROP_BEFORE)
    said = session("logout", "--json")
    assert said.json()["accounts"][0]["server_told"] is False
    assert "the server wasn't told" in said.err
    assert session("status").code == 4


def test_nothing_to_open_an_account_with_is_a_question_of_config(
    tmp_path: Path, instagram: StandIn, session: Session
) -> None:
    settings_for(tmp_path, instagram)
    said = session("login")
    assert (said.code, "there is nobody to ask" in said.err) == (2, True)
    assert "--password-stdin" in said.err
    assert session("login", "--password-stdin").code == 2
    assert session("login", "shoop").code == 2
    assert instagram.requests == []


def test_a_seed_that_is_none_is_told_without_repeating_it(
    tmp_path: Path, instagram: StandIn, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CAFE_SEED", "0189-not-a-seed")
    settings_for(tmp_path, instagram, "curl", "totp: {env: CAFE_SEED}", username="cafe")
    said = session("login", "--password-stdin", stdin=word("cafe"))
    assert said.code == 2
    assert "0189" not in said.err


def test_a_session_file_that_is_damaged_is_told_by_its_path(
    tmp_path: Path, instagram: StandIn, session: Session
) -> None:
    settings_for(tmp_path, instagram)
    file = tmp_path / "state" / "sessions" / "shop.json"
    file.parent.mkdir(parents=True)
    file.write_text(json.dumps({"settings": None}))
    said = session("status")
    assert (said.code, f"{file} is damaged" in said.out) == (4, True)
