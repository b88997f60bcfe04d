"""What `storyrelay serve` refuses to begin with, and the way out it names."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest
from fakes.command import Here
from fakes.shop import Shop

HERE = "127.0.0.1"
NOTHING = "storyrelay.yaml"
"""A file, but no certificate."""


def test_a_port_in_use_is_told_with_the_way_out(shop: Shop, here: Here) -> None:
    with socket.create_server((HERE, 0)) as taken:
        port = taken.getsockname()[1]
        said = here("serve", "--port", str(port))
    assert (said.code, said.out) == (6, "")
    assert f"port {port} of 127.0.0.1 can't be had" in said.err
    assert "another with --port" in said.err


def test_without_a_config_serving_says_how_to_begin(
    shop: Shop, here: Here, monkeypatch: pytest.MonkeyPatch
) -> None:
    elsewhere = shop.root / "elsewhere"
    elsewhere.mkdir()
    monkeypatch.setenv("HOME", str(elsewhere))
    monkeypatch.chdir(elsewhere)
    said = here("serve", config=False)
    assert said.code == 2
    assert "storyrelay init" in said.err


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (("--host", "0.0.0.0"), "add --lan, with --cert and --key"),  # noqa: S104 - refused
        (("--host", "192.168.1.5"), "add --lan, with --cert and --key"),
        (("--host", "::"), "add --lan, with --cert and --key"),
        (("--lan",), "--lan takes --cert and --key"),
        (("--lan", "--host", HERE), "--lan takes --cert and --key"),
        (("--lan", "--url", "https://shop.example"), "--lan takes --cert and --key"),
        (("--lan", "--cert", NOTHING, "--key", NOTHING), "--lan takes --url"),
        (("--cert", NOTHING), "--cert and --key belong together"),
        (("--key", NOTHING), "--cert and --key belong together"),
        (("--url", "http://192.168.1.5:8765"), "phones share files only from https"),
        (("--port", "65536"), "--port"),
        (("--cert", "none.pem"), "none.pem"),
    ],
)
def test_nothing_is_served_to_a_network_in_the_clear(
    shop: Shop, here: Here, words: tuple[str, ...], reason: str
) -> None:
    said = here("serve", *words)
    assert (said.code, said.out) == (2, "")
    assert reason in said.err


def test_a_certificate_that_is_none_is_told(shop: Shop, here: Here) -> None:
    said = here("serve", "--cert", NOTHING, "--key", NOTHING, "--port", "0")
    assert said.code == 6
    assert f"the certificate {Path(NOTHING)} can't be used" in said.err
