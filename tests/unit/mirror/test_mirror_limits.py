"""Time limits: by the size of what is sent, and against servers that drip."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import suppress
from time import monotonic

import pytest
import requests

from pipeline.config.accounts import Patience
from pipeline.mirror.bounded import bounded
from pipeline.mirror.limits import limit_for, within


def test_a_large_upload_gets_the_time_that_a_slow_line_takes() -> None:
    patience = Patience(connect_seconds=15, answer_seconds=60, upload_kbps=250)
    assert limit_for(patience).total_s == 75
    assert limit_for(patience, 10_000_000).total_s == 75 + 320


def test_what_takes_too_long_is_left_behind() -> None:
    never = threading.Event()
    began = monotonic()
    with pytest.raises(TimeoutError):
        within(0.1, never.wait)
    assert monotonic() - began < 2
    never.set()


def test_what_is_in_time_gives_its_result_or_its_failure() -> None:
    assert within(5, lambda: 7) == 7
    with pytest.raises(ZeroDivisionError):
        within(5, lambda: 1 // 0)


@pytest.fixture
def dripping() -> Iterator[str]:
    """A server that sends a byte of its headers now and then, for ever."""
    ended = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as server:

        def drip() -> None:
            with suppress(OSError):
                connection = server.accept()[0]
                with connection:
                    connection.sendall(b"HTTP/1.1 200 OK\r\nX-Slow: ")
                    while not ended.wait(0.05):
                        connection.sendall(b"a")

        thread = threading.Thread(target=drip)
        thread.start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}/"
        ended.set()
    thread.join()


def test_a_server_that_drips_is_not_waited_for_longer_than_one_that_is_silent(dripping: str) -> None:
    session = bounded(requests.Session(), Patience(connect_seconds=0.2, answer_seconds=0.4))
    began = monotonic()
    with pytest.raises(requests.exceptions.ReadTimeout):
        session.get(dripping)
    assert monotonic() - began < 3


def test_a_redirect_is_never_followed() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        address = f"http://127.0.0.1:{server.getsockname()[1]}/"

        def redirect() -> None:
            connection = server.accept()[0]
            with connection:
                connection.recv(65536)
                answer = f"HTTP/1.1 307 Elsewhere\r\nLocation: {address}\r\nContent-Length: 0\r\n\r\n"
                connection.sendall(answer.encode())

        thread = threading.Thread(target=redirect)
        thread.start()
        session = bounded(requests.Session(), Patience(connect_seconds=1, answer_seconds=2))
        assert session.post(address, data=b"a story").status_code == 307
        thread.join()
