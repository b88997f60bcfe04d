"""The phone behind adb: which one, which WhatsApp, and how long each step may take."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from pydantic import Field

from pipeline.config.fields import Section

WHATSAPP = "whatsapp_status"
BY_ADB = ("intent", "status")


class PhoneSettings(Section):
    serial: str | None = Field(
        default=None,
        min_length=1,
        description="Which phone, as `phone devices` calls it (host:port is dialled); null for the only one.",
    )
    package: Literal["com.whatsapp", "com.whatsapp.w4b"] = Field(
        default="com.whatsapp", description="WhatsApp, or WhatsApp Business (com.whatsapp.w4b)."
    )
    folder: str = Field(
        default="storyrelay",
        pattern=r"^[A-Za-z0-9_-]{1,40}$",
        description="The folder in the phone's Pictures and Movies, which its gallery shows as an album.",
    )
    spare_mb: int = Field(default=100, ge=0, description="Room that is left free on the phone.")
    appear_seconds: float = Field(
        default=3, ge=0, le=60, description="How long is waited for a phone that is just connecting."
    )
    answer_seconds: float = Field(default=20, gt=0, le=600, description="For one command on the phone.")
    push_seconds: float = Field(default=120, gt=0, le=3600, description="For one file to get to the phone.")
    keep_minutes: float = Field(
        default=10,
        ge=0,
        description="So long a file stays on the phone after your answer: WhatsApp may still be sending it.",
    )
    index_seconds: float = Field(
        default=10, ge=0, le=600, description="Until the phone's gallery knows a new file."
    )


def channel_problem(platform: str, channels: Sequence[str], package: str) -> tuple[int, str] | None:
    """Which channel can't work and why: both ways over adb lead into WhatsApp alone."""
    for at, channel in enumerate(channels):
        if channel in BY_ADB and platform != WHATSAPP:
            return at, f"'{channel}' leads into WhatsApp, so it takes `platform: {WHATSAPP}` only"
        if channel == "status" and package != "com.whatsapp":
            return (
                at,
                "'status' is unknown to WhatsApp Business: use `intent`, or another `phone.package`",
            )
    return None
