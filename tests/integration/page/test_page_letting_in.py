"""A phone is let in by the secret of a QR code: once, in time, and from then on by its cookie alone."""

from __future__ import annotations

import json
import stat
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from http.cookies import SimpleCookie

import pytest
from fakes.caller import Caller, heard
from fakes.served import Stage

USER_AGENTS = {
    "Mozilla/5.0 (Linux; Android 16; Pixel 9) Mobile": "Android phone",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 26_0 like Mac OS X)": "iPhone",
    "curl/8": "browser",
}


def test_a_secret_is_swapped_for_a_cookie_that_no_script_and_no_other_site_gets(stage: Stage) -> None:
    secret = stage.phones.invite(stage.shop.clock())
    answer = stage.caller().post("/api/pair", {"secret": secret})
    assert (answer.status, answer.json()) == (200, {"paired": True})
    (cookie,) = SimpleCookie(answer["set-cookie"]).values()
    assert (cookie.key, len(cookie.value), cookie.value != secret) == ("storyrelay", 43, True)
    assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, "strict", "/")
    assert (cookie["secure"], cookie["domain"]) == ("", "")  # browsers refuse both on http://localhost
    assert int(cookie["max-age"]) > 300 * 24 * 3600


def test_a_secret_is_good_for_one_phone(stage: Stage) -> None:
    secret = stage.phones.invite(stage.shop.clock())
    first = stage.caller().pair(secret)
    replayed = stage.caller().post("/api/pair", {"secret": secret})
    assert (replayed.status, replayed.json(), replayed.headers["set-cookie"]) == (
        403,
        {"error": "secret"},
        None,
    )
    assert [phone.name for phone in stage.phones.all()] == ["browser"]
    assert first.get("/api/stories").status == 200


def test_of_many_who_bring_the_same_secret_at_once_one_is_let_in(stage: Stage) -> None:
    secret = stage.phones.invite(stage.shop.clock())
    callers = [stage.caller() for _ in range(8)]
    with ThreadPoolExecutor(8) as pool:
        heard = list(pool.map(lambda caller: caller.post("/api/pair", {"secret": secret}).status, callers))
    assert sorted(heard) == [200] + [403] * 7
    assert len(stage.phones.all()) == 1


def test_a_secret_is_good_for_a_quarter_of_an_hour(stage: Stage) -> None:
    early, late = (stage.phones.invite(stage.shop.clock()) for _ in range(2))
    stage.shop.clock.advance(minutes=14, seconds=59)
    assert stage.caller().post("/api/pair", {"secret": early}).status == 200
    stage.shop.clock.advance(seconds=1)
    assert stage.caller().post("/api/pair", {"secret": late}).status == 403


def test_only_hashes_are_kept_and_only_for_the_owner(stage: Stage) -> None:
    secret = stage.phones.invite(stage.shop.clock(), "Ana's")
    file = stage.shop.state / "phones.json"
    modes = [stat.S_IMODE(file.stat().st_mode)]
    kept = file.read_text()
    caller = stage.caller().pair(secret)
    modes.append(stat.S_IMODE(file.stat().st_mode))
    kept += file.read_text()
    assert modes == [0o600, 0o600]
    assert not [one for one in (secret, caller.key, caller.token) if one in kept]
    phone = json.loads(file.read_text())["phones"][0]
    assert (phone["name"], len(phone["key_sha256"])) == ("Ana's", 64)


@pytest.mark.parametrize(
    "body",
    [
        *(b"", b"{", b"[]", b"null", b'"secret"', b"{}", b'{"secret":null}', b'{"secret":1}', b"\xff\xfe{"),
        *(b'{"secret":"%s"}' % secret for secret in (b"", b"a" * 101, b"a" * 42 + "é".encode())),
    ],
)
def test_what_is_no_secret_lets_nobody_in(standing: Stage, body: bytes) -> None:
    standing.shop.clock.advance(minutes=2)  # so that nobody is told to slow down
    answer = standing.caller().post("/api/pair", body)
    assert (answer.status, answer.json()) == (400, {"error": "body"})


def test_a_wrong_secret_lets_nobody_in(standing: Stage) -> None:
    standing.shop.clock.advance(minutes=2)
    answer = standing.caller().post("/api/pair", {"secret": "a" * 43})
    assert (answer.status, answer.json()) == (403, {"error": "secret"})


def test_whoever_tries_too_often_has_to_wait(stage: Stage) -> None:
    caller = stage.caller()
    heard = [caller.post("/api/pair", {"secret": "a" * 43}).status for _ in range(12)]
    assert heard == [403] * 10 + [429] * 2
    secret = stage.phones.invite(stage.shop.clock())
    assert caller.post("/api/pair", {"secret": secret}).json() == {"error": "slowly"}
    stage.shop.clock.advance(minutes=1, seconds=1)
    assert caller.post("/api/pair", {"secret": secret}).status == 200


@pytest.mark.parametrize("agent", USER_AGENTS)
def test_a_phone_without_a_name_is_called_by_its_kind(stage: Stage, agent: str) -> None:
    secret = stage.phones.invite(stage.shop.clock())
    stage.caller().post("/api/pair", {"secret": secret}, {"User-Agent": agent})
    assert [phone.name for phone in stage.phones.all()] == [USER_AGENTS[agent]]


def test_a_phone_that_is_revoked_is_out_at_once(stage: Stage) -> None:
    kept, lost = stage.phone("kept"), stage.phone("lost")
    address = lost.board()["ready"][0]["media"]["url"]
    assert lost.get(address).status == 200
    stage.phones.revoke("lost")
    assert lost.get(address).status == 401
    assert lost.get("/api/stories").status == 401
    assert lost.say(1, "confirm").json() == {"error": "unpaired"}
    assert b'content="no"' in lost.get("/").body
    assert kept.say(1, "confirm").status == 200


def test_a_line_that_is_kept_open_ends_with_the_pairing_too(stage: Stage) -> None:
    caller = stage.phone("lost")
    asked = f"GET /api/stories HTTP/1.1\r\nHost: {caller.host}\r\nCookie: storyrelay={caller.key}\r\n\r\n"
    with caller.line() as line:
        line.sendall(asked.encode())
        assert heard(line).status == 200
        stage.phones.revoke("lost")
        line.sendall(asked.encode())
        assert heard(line).status == 401


def test_cookies_of_other_programs_on_localhost_do_no_harm(stage: Stage) -> None:
    """A browser sends those of every port along, whatever is in them."""
    caller = stage.phone()
    for others in ("a[]=1", 'state={"a":[1,2],"b":"c"}', "=x", "a@b=c", "é=1", '"', 'a="b;c"', "x" * 3000):
        cookie = f"{others}; storyrelay={caller.key}; last=1"
        assert caller.get("/api/stories", {"Cookie": cookie}).status == 200, others


@pytest.mark.parametrize("key", ["", "a" * 43, "é" * 43, '"', "a;b", "null", "../../etc/passwd"])
def test_an_invented_cookie_lets_nobody_in(standing: Stage, key: str) -> None:
    caller = Caller(standing.port, key)
    assert caller.get("/api/stories").json() == {"error": "unpaired"}
    assert caller.get("/media/1/story-1.jpg").status == 401
    assert caller.get("/poster/1").status == 401


def test_a_phone_is_seen_every_few_minutes_and_a_full_disk_locks_nobody_out(stage: Stage) -> None:
    caller = stage.phone()
    (before,) = stage.phones.all()
    stage.shop.clock.advance(minutes=4)
    caller.board()
    assert stage.phones.all() == (before,)
    stage.shop.clock.advance(minutes=2)
    caller.board()
    assert stage.phones.all()[0].seen > before.seen + timedelta(minutes=5)
    stage.shop.clock.advance(minutes=6)
    lock = stage.shop.state / "phones.lock"
    lock.unlink()
    lock.mkdir()  # as if nothing could be written
    caller.board()


def test_a_register_that_is_damaged_lets_nobody_in_and_says_nothing(stage: Stage) -> None:
    caller = stage.phone()
    (stage.shop.state / "phones.json").write_text("{")
    answer = caller.get("/api/stories")
    assert (answer.status, answer.json()) == (503, {"error": "unavailable"})
    assert caller.get("/").status in (200, 503)
    assert caller.get("/healthz").status == 200
