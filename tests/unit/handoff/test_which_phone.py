"""Which of the connected phones is meant, and what is told when none can be."""

from __future__ import annotations

import pytest

from pipeline.errors import TryAgain
from pipeline.handoff.handset import meant, place_for
from pipeline.tools.adb import Listed, listed_in

CABLE = Listed("R58M0", "device", "Pixel_7", usb=True)
OTHER = Listed("A1B2", "device", "Galaxy", usb=True)
AIR = Listed("192.168.1.5:5555", "device", "Pixel_7")
DISTANT = Listed("192.168.1.6:5555", "device")


def test_the_only_phone_is_meant() -> None:
    assert meant(None, [AIR]) == AIR


def test_a_phone_on_a_cable_comes_before_one_in_the_network() -> None:
    assert meant(None, [AIR, CABLE, DISTANT]) == CABLE


def test_a_chosen_phone_is_meant_whatever_else_is_there() -> None:
    assert meant(AIR.serial, [CABLE, AIR, OTHER]) == AIR


def test_a_phone_that_cannot_be_used_does_not_count() -> None:
    assert meant(None, [Listed("X", "unauthorized", usb=True), AIR]) == AIR


@pytest.mark.parametrize(
    ("wanted", "listed", "told"),
    [
        (None, [], r"^no phone is connected\. Next: a USB cable"),
        (None, [CABLE, OTHER], r"^2 phones are connected \(R58M0, A1B2\)\. Next: set `phone\.serial`"),
        (None, [AIR, DISTANT], r"^2 phones are connected"),
        ("X", [CABLE], r"^the phone X isn't connected \(but: R58M0\)\. Next: connect it"),
        (None, [Listed("X", "unauthorized")], r"^the phone X hasn't allowed this computer\. Next: unlock it"),
        (None, [Listed("X", "offline")], r"^the phone X is offline\. Next: reconnect"),
        (None, [Listed("????", "no permissions (user in plugdev group)")], r"may not be used .* Next: udev"),
        (None, [Listed("X", "recovery")], r"^the phone X is in state recovery\. Next: reconnect"),
        ("X", [Listed("X", "authorizing"), CABLE], r"^the phone X is in state authorizing\. Next:"),
    ],
)
def test_without_a_phone_to_use_the_reason_says_what_to_do(
    wanted: str | None, listed: list[Listed], told: str
) -> None:
    with pytest.raises(TryAgain, match=told):
        meant(wanted, listed)


def test_what_adb_lists_is_read_whatever_it_says_of_a_phone() -> None:
    lines = [
        "* daemon started successfully",
        "List of devices attached",
        "R58M0                  device usb:1-4.2 product:panther model:Pixel_7 device:panther transport_id:3",
        "127.0.0.1:43359        offline",
        "X9\tunauthorized",
        "????????????           no permissions (no udev rules); see [http://x/y] usb:1-1 transport_id:9",
        "",
    ]
    assert listed_in(lines) == (
        Listed("R58M0", "device", "Pixel_7", usb=True),
        Listed("127.0.0.1:43359", "offline"),
        Listed("X9", "unauthorized"),
        Listed("????????????", "no permissions (no udev rules); see [http://x/y]", usb=True),
    )


def test_the_gallery_shows_pictures_and_movies_in_an_album_of_their_own() -> None:
    assert place_for("a.mp4", "video/mp4", "mine") == "/sdcard/Movies/mine/a.mp4"
    assert place_for("a.jpg", "image/jpeg", "mine") == "/sdcard/Pictures/mine/a.jpg"
