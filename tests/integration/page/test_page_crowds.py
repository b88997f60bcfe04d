"""Whoever dawdles, floods or hangs up on the page doesn't keep others from it."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from fakes.caller import EVENT, Caller, heard
from fakes.served import Stage

from pipeline.page.connection import MOST_CONNECTIONS

SOON_S = 5.0
WHOLE = "/media/1/story-1.jpg"


@pytest.fixture
def lines(standing: Stage) -> Iterator[list[socket.socket]]:
    """As many silent connections as may be, and then as many again."""
    with ExitStack() as held:
        crowd = [held.enter_context(standing.caller().line()) for _ in range(2 * MOST_CONNECTIONS)]
        yield crowd


def hung_up(line: socket.socket) -> bool:
    line.settimeout(SOON_S)
    try:
        return line.recv(1) == b""
    except ConnectionError:
        return True


def test_a_crowd_that_says_nothing_keeps_nobody_out(lines: list[socket.socket], phone: Caller) -> None:
    for _ in range(20):
        assert phone.get("/api/stories").status == 200
    assert hung_up(lines[0])


def test_a_crowd_that_never_finishes_a_request_keeps_nobody_out(
    lines: list[socket.socket], phone: Caller
) -> None:
    for line in lines[MOST_CONNECTIONS + 10 :]:
        line.sendall(b"GET / HTTP/1.1\r\nHost: localh")
    for _ in range(20):
        assert phone.get("/api/stories").status == 200


def test_a_download_under_way_is_not_hung_up_on_for_a_crowd(stage: Stage) -> None:
    phone = stage.phone()
    request = (
        f"GET /media/1/story-1.jpg HTTP/1.1\r\nHost: {phone.host}\r\nCookie: storyrelay={phone.key}\r\n\r\n"
    )
    whole = phone.get(WHOLE).body
    with ExitStack() as held:
        line = held.enter_context(phone.line())
        line.sendall(request.encode())
        first = line.recv(100)
        for _ in range(MOST_CONNECTIONS + 20):
            held.enter_context(phone.line())
        rest = b""
        while len(rest) < len(whole):
            rest += line.recv(1 << 16)
        assert (first + rest).endswith(whole)


@pytest.mark.usefixtures("hurry")
def test_a_request_that_trickles_in_is_hung_up_on(stage: Stage) -> None:
    with stage.caller().line() as line:
        begun = time.monotonic()
        with pytest.raises(ConnectionError):  # noqa: PT012 - any of them
            while time.monotonic() - begun < SOON_S:
                line.sendall(b"G")
                time.sleep(0.05)
        assert time.monotonic() - begun < SOON_S / 2


@pytest.mark.usefixtures("hurry")
def test_a_second_request_on_a_line_may_not_trickle_either(stage: Stage) -> None:
    caller = stage.caller()
    with caller.line() as line:
        line.sendall(f"GET /healthz HTTP/1.1\r\nHost: {caller.host}\r\n\r\n".encode())
        assert heard(line).status == 200
        begun = time.monotonic()
        with pytest.raises(ConnectionError):  # noqa: PT012 - any of them
            while time.monotonic() - begun < SOON_S:
                line.sendall(b"G")
                time.sleep(0.05)


@pytest.mark.usefixtures("hurry")
def test_a_word_that_trickles_in_is_not_waited_for(stage: Stage) -> None:
    phone = stage.phone()
    answer = phone.post("/api/deliveries/1/confirm", b'{"ev', {"Content-Length": "30"})
    assert (answer.status, answer.json()) == (408, {"error": "slow"})


def test_whoever_hangs_up_in_the_middle_leaves_no_trace(
    stage: Stage, capfd: pytest.CaptureFixture[str]
) -> None:
    phone = stage.phone()
    head = f"POST /api/deliveries/1/confirm HTTP/1.1\r\nHost: {phone.host}\r\nOrigin: {phone.origin}\r\n"
    head += f"Cookie: storyrelay={phone.key}\r\nX-Storyrelay-Token: {phone.token}\r\n"
    head += "Content-Type: application/json\r\n"
    body = f'{{"event": "{EVENT}"}}'
    endings = ["Content-Length: 99\r\n\r\n" + body, "Transfer-Encoding: chunked\r\n\r\nzz\r\n", "X"]
    endings += ["Transfer-Encoding: chunked\r\n\r\n5\r\nabc", "Upgrade: websocket\r\nConnection: upgrade\r\n"]
    for ending in endings:
        with phone.line() as line:
            line.sendall((head + ending).encode())
            time.sleep(0.05)
    media = (
        f"GET /media/1/story-1.jpg HTTP/1.1\r\nHost: {phone.host}\r\nCookie: storyrelay={phone.key}\r\n\r\n"
    )
    for _ in range(5):
        with phone.line() as line:
            line.sendall(media.encode())
    assert phone.get("/healthz").status == 200
    time.sleep(0.2)
    assert capfd.readouterr() == ("", "")


def test_requests_sent_at_once_on_one_line_are_answered_in_turn(phone: Caller) -> None:
    one = f"GET /healthz HTTP/1.1\r\nHost: {phone.host}\r\n".encode()
    with phone.line() as line:
        line.sendall((one + b"\r\n") * 20 + one + b"Connection: close\r\n\r\n")
        told = b"".join(iter(lambda: line.recv(1 << 16), b""))
    assert told.count(b"HTTP/1.1 200 OK") == 21
