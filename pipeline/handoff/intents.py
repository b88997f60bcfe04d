"""The two ways to put a story into WhatsApp on Android, as data, and as words for the phone's `am`.

Both end in WhatsApp's own composer, where the person presses Send. Nothing here can press it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal

from pipeline.model import Texts
from pipeline.values import dataclass

CONSUMER = "com.whatsapp"
STATUS_LINK = "https://wa.me/status"
STREAM = "android.intent.extra.STREAM"
TEXT = "android.intent.extra.TEXT"
SHELL = "com.android.shell"
"""Who asks, when adb does."""

Flag = Literal["--grant-read-uri-permission", "--grant-prefix-uri-permission"]


@dataclass(frozen=True, slots=True)
class Intent:
    """An Android intent that opens an activity of one package; extras are pairs of key and value."""

    action: str
    package: str
    data: str
    mime: str | None = None
    uris: tuple[tuple[str, str], ...] = ()
    texts: tuple[tuple[str, str], ...] = ()
    flags: tuple[Flag, ...] = ()


@dataclass(frozen=True, slots=True)
class Background:
    """What Share to Status may put around the media; colours are #AARRGGBB, `foreground` a content URI.

    Taken from Meta's sample (whatsapp_status_api_android, 2026-06-01).
    """

    foreground: str | None = None
    colour: str | None = None
    top: str | None = None
    bottom: str | None = None


BARE = Background()


def send(uri: str, mime: str, texts: Texts, package: str) -> Intent:
    """ACTION_SEND: WhatsApp's picker opens, the person chooses My status.

    `am` doesn't turn EXTRA_STREAM into ClipData, so the data URI carries the right to read. WhatsApp may
    show the caption only after "Edit" (12/2025).
    """
    return Intent(
        action="android.intent.action.SEND",
        package=package,
        data=uri,
        mime=mime,
        uris=((STREAM, uri),),
        texts=((TEXT, texts.caption),) if texts.caption else (),
        flags=("--grant-read-uri-permission",),
    )


def share_to_status(uri: str, around: Background = BARE) -> Intent:
    """The official Share to Status: the composer of My status opens. It carries no caption.

    Over adb it's experimental: the sample starts it for a result and grants the URI by hand; neither can
    be done with `am`. The consumer app only.
    """
    colours = (
        ("background_color", around.colour),
        ("color_gradient_top", around.top),
        ("color_gradient_bottom", around.bottom),
    )
    return Intent(
        action="android.intent.action.VIEW",
        package=CONSUMER,
        data=STATUS_LINK,
        uris=((STREAM, uri), *((("foreground_media", around.foreground),) if around.foreground else ())),
        texts=(
            ("share_type", "SHARE_TO_STATUS"),
            ("source_app_package_name", SHELL),
            *((key, colour) for key, colour in colours if colour),
        ),
        flags=("--grant-read-uri-permission", "--grant-prefix-uri-permission"),
    )


def am_start(intent: Intent) -> tuple[str, ...]:
    """The command that starts it and waits until its activity stands."""
    return ("am", "start", "-W", *_described(intent))


def who_takes(intent: Intent) -> tuple[str, ...]:
    """The command that only asks which activities would take it; opens nothing."""
    return ("cmd", "package", "query-activities", "--brief", *_described(intent))


def _described(intent: Intent) -> Iterator[str]:
    yield from ("-a", intent.action, "-d", intent.data)
    if intent.mime:
        yield from ("-t", intent.mime)
    for key, uri in intent.uris:
        yield from ("--eu", key, uri)
    for key, text in intent.texts:
        yield from ("--es", key, text)
    yield from intent.flags
    yield from ("-p", intent.package)


_FAILED = re.compile(r"^(?:Error\b|Exception occurred|Security exception|java\.\S+(?:Exception|Error))")


def why_not_started(lines: tuple[str, ...]) -> str | None:
    """Why `am start -W` failed; None when it didn't. Its exit code is 0 either way."""
    failed = next((line for line in lines if _FAILED.match(line)), None)
    if failed:
        return failed
    if any(line == "Status: ok" for line in lines):
        return None
    status = next((line for line in lines if line.startswith("Status: ")), "it said nothing about its status")
    return f"{status} (is the screen locked?)"
