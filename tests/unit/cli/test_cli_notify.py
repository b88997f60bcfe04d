"""`storyrelay notify test`, and what doctor and config check say about addresses."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from fakes.command import Here
from fakes.notifier import TOKEN, Notifier, notifier
from fakes.shop import WHATSAPP, Shop

PLACE = ("--set", "notify.urls={env: TELL_ME}")
HELD = "an address on the command line can be read by every program"


@pytest.fixture
def post(monkeypatch: pytest.MonkeyPatch) -> Iterator[Notifier]:
    with notifier() as service:
        monkeypatch.setenv("TELL_ME", service.json)
        yield service


def test_a_test_message_goes_to_every_address(here: Here, post: Notifier) -> None:
    said = here("notify", "test", *PLACE)
    assert (said.code, said.out, said.err) == (0, "notify.urls[0] (JSON): sent\n", "")
    assert post.titles == ["a test"]


def test_a_test_message_that_is_not_taken_is_told_without_the_address(here: Here, post: Notifier) -> None:
    post.status = 403
    said = here("notify", "test", *PLACE)
    assert (said.code, said.out) == (3, "")
    assert said.err == "storyrelay: notify.urls[0] (JSON): didn't take it, or can't be reached\n"


def test_without_addresses_the_way_to_some_is_told(here: Here) -> None:
    said = here("notify", "test")
    assert said.code == 2
    assert "notify.urls is empty" in said.err


def test_doctor_understands_addresses_without_sending_anything(here: Here, post: Notifier) -> None:
    checks = {check["name"]: check for check in here("doctor", "--json", *PLACE).json()["checks"]}
    assert checks["notify"]["status"] == "ok"
    assert checks["notify"]["detail"].startswith("notify.urls[0] (JSON); ")
    assert checks["secrets"]["status"] == "ok"
    assert post.heard == []


def test_doctor_tells_what_no_message_can_go_to(
    here: Here, post: Notifier, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TELL_ME", f"nosuch://{TOKEN}")
    said = here("doctor", *PLACE)
    assert "warn     notify" in said.out
    assert "notify.urls[0] isn't an address that Apprise understands" in said.out
    assert TOKEN not in said.out + said.err


def test_an_address_in_the_config_is_warned_of_and_never_shown(here: Here, shop: Shop) -> None:
    shop.destinations = f"{WHATSAPP}\nnotify: {{urls: ['ntfy://{TOKEN}@my.example/bread']}}"
    checked = here("config", "check")
    assert "notify.urls[0] stands in the config for all to read" in checked.err
    shown = here("config", "show")
    assert "notify:" in shown.out
    assert TOKEN not in checked.out + checked.err + shown.out


@pytest.mark.parametrize(
    "assignment",
    [
        f"notify.urls=ntfy://{TOKEN}",
        f"notify={{urls: ['ntfy://{TOKEN}@my.example/bread']}}",
        f"monitor.url=https://my.example/{TOKEN}",
    ],
)
def test_an_address_on_the_command_line_is_refused(here: Here, assignment: str) -> None:
    said = here("config", "check", "--set", assignment)
    assert (said.code, HELD in said.err, TOKEN in said.err) == (2, True, False)


@pytest.mark.parametrize(
    ("url", "status"), [("https://my.example/", "ok"), ("my.example/", "warn"), ("", "warn")]
)
def test_doctor_understands_a_monitors_address_and_shows_nothing_of_it(
    here: Here, monkeypatch: pytest.MonkeyPatch, url: str, status: str
) -> None:
    monkeypatch.setenv("TELL_ME", url and url + TOKEN)
    said = here("doctor", "--json", "--set", "monitor.url={env: TELL_ME}")
    checks = {check["name"]: check for check in said.json()["checks"]}
    assert (checks["monitor"]["status"], checks["secrets"]["status"]) == (status, "ok")
    assert TOKEN not in said.out + said.err


def test_a_monitors_address_in_the_config_is_warned_of_and_never_shown(here: Here, shop: Shop) -> None:
    shop.destinations = f"{WHATSAPP}\nmonitor: {{url: 'https://my.example/{TOKEN}'}}"
    checked, shown = here("config", "check"), here("config", "show")
    assert "monitor.url stands in the config for all to read" in checked.err
    assert "monitor:" in shown.out
    assert TOKEN not in checked.out + checked.err + shown.out


@pytest.mark.parametrize(
    ("assignment", "said"),
    [
        ("monitor.seconds=0", "is too small"),
        ("monitor.url=7", "is not a text"),
        ("log.keep=-1", "is too small"),
        ("log.format=xml", "'xml' is not one of text, json"),
        ("notify.link=https://my.example/#pair=secret", "has more than a name and a port"),
        ("notify.link=http://my.example", "phones share files only from https"),
        ("notify.remind_hours=[0]", "is too small"),
        ("notify.urls=[7]", "is not a text"),
        ("mirror.after=sent", "'sent' is not one of prepared, confirmed"),
    ],
)
def test_what_cannot_be_meant_is_said(here: Here, assignment: str, said: str) -> None:
    checked = here("config", "check", "--set", assignment)
    assert checked.code == 2
    assert said in checked.err
