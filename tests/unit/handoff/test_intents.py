"""The intents, field by field, as WhatsApp documents them or as public scripts use them."""

from __future__ import annotations

import pytest

from pipeline.handoff.intents import (
    Background,
    Intent,
    am_start,
    send,
    share_to_status,
    who_takes,
    why_not_started,
)
from pipeline.model import Texts

URI = "content://media/external/video/media/17"


def test_a_send_carries_the_file_its_kind_and_the_caption() -> None:
    assert send(URI, "video/mp4", Texts("Low tide"), "com.whatsapp") == Intent(
        action="android.intent.action.SEND",
        package="com.whatsapp",
        data=URI,
        mime="video/mp4",
        uris=(("android.intent.extra.STREAM", URI),),
        texts=(("android.intent.extra.TEXT", "Low tide"),),
        flags=("--grant-read-uri-permission",),
    )


def test_a_send_without_a_caption_has_no_text() -> None:
    assert send(URI, "video/mp4", Texts(), "com.whatsapp").texts == ()


def test_the_words_for_a_send_are_the_ones_that_were_tried() -> None:
    assert am_start(send(URI, "video/mp4", Texts("Low tide"), "com.whatsapp.w4b")) == (
        *("am", "start", "-W"),
        *("-a", "android.intent.action.SEND"),
        *("-d", URI),
        *("-t", "video/mp4"),
        *("--eu", "android.intent.extra.STREAM", URI),
        *("--es", "android.intent.extra.TEXT", "Low tide"),
        "--grant-read-uri-permission",
        *("-p", "com.whatsapp.w4b"),
    )


def test_a_share_to_status_has_the_fields_of_the_official_sample() -> None:
    assert share_to_status(URI) == Intent(
        action="android.intent.action.VIEW",
        package="com.whatsapp",
        data="https://wa.me/status",
        uris=(("android.intent.extra.STREAM", URI),),
        texts=(("share_type", "SHARE_TO_STATUS"), ("source_app_package_name", "com.android.shell")),
        flags=("--grant-read-uri-permission", "--grant-prefix-uri-permission"),
    )


def test_a_share_to_status_can_have_a_sticker_and_colours_around_it() -> None:
    around = Background("content://media/external/images/media/3", "#FF112233", "#FF000000", "#FFFFFFFF")
    intent = share_to_status(URI, around)
    assert intent.uris[1:] == (("foreground_media", "content://media/external/images/media/3"),)
    assert intent.texts[2:] == (
        ("background_color", "#FF112233"),
        ("color_gradient_top", "#FF000000"),
        ("color_gradient_bottom", "#FFFFFFFF"),
    )


def test_the_words_for_a_share_to_status_are_its_fields() -> None:
    assert am_start(share_to_status(URI)) == (
        *("am", "start", "-W"),
        *("-a", "android.intent.action.VIEW"),
        *("-d", "https://wa.me/status"),
        *("--eu", "android.intent.extra.STREAM", URI),
        *("--es", "share_type", "SHARE_TO_STATUS"),
        *("--es", "source_app_package_name", "com.android.shell"),
        "--grant-read-uri-permission",
        "--grant-prefix-uri-permission",
        *("-p", "com.whatsapp"),
    )


def test_who_takes_an_intent_is_asked_without_starting_it() -> None:
    words = who_takes(share_to_status(URI))
    assert words[:4] == ("cmd", "package", "query-activities", "--brief")
    assert words[4:] == am_start(share_to_status(URI))[3:]


@pytest.mark.parametrize(
    ("lines", "reason"),
    [
        (("Starting: Intent { }", "Status: ok", "Complete"), None),
        (("Warning: Activity not started, intent has been delivered", "Status: ok"), None),
        (("Starting: Intent { }", "Error: Activity not started"), "Error: Activity not started"),
        (("Error type 3", "Error: Activity class {} does not exist."), "Error type 3"),
        (("Status: ok", "Error: but not really"), "Error: but not really"),
        (
            ("java.lang.SecurityException: Permission Denial",),
            "java.lang.SecurityException: Permission Denial",
        ),
        (("Status: timeout", "Complete"), "Status: timeout (is the screen locked?)"),
        ((), "it said nothing about its status (is the screen locked?)"),
    ],
)
def test_what_am_says_tells_whether_it_opened(lines: tuple[str, ...], reason: str | None) -> None:
    assert why_not_started(lines) == reason
