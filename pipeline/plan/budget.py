"""From a limit in bytes to a bitrate."""

from __future__ import annotations

import math

from pipeline.model import Size

CAP_SHARE = 0.995
VBV_SECONDS = 2
VBV_FILL = 0.9
"""With a buffer of 2 s, x264's VBV spends at most maxrate · (T + 0.9 · 2 s): never overshot (2026-11)."""

CONTAINER_BYTES = 4_096
CONTAINER_BYTES_PER_SECOND = 1_200
"""MP4's index: 790 to 1,120 bytes a second at 25 to 30 fps with AAC (measured 2026-11)."""

POOR_KBPS = 1_000
HOPELESS_KBPS = 300
"""At 1080×1920: below the first motion gets blocky, below the second nothing can be made out."""

FULL_CANVAS_PIXELS = 1080 * 1920


def affordable_kbps(max_bytes: int, seconds: float, audio_kbps: int | None) -> int:
    """The highest VBV maxrate, in kbit/s, that can't exceed `max_bytes`; zero or less when nothing fits."""
    bits = (max_bytes * CAP_SHARE - container_bytes(seconds)) * 8 - (audio_kbps or 0) * 1000 * seconds
    return int(bits / (seconds + VBV_FILL * VBV_SECONDS) / 1000)


def most_bytes(video_kbps: int, seconds: float, audio_kbps: int | None) -> int:
    """The size that a VBV maxrate can't exceed: the reverse of `affordable_kbps`."""
    bits = video_kbps * 1000 * (seconds + VBV_FILL * VBV_SECONDS) + (audio_kbps or 0) * 1000 * seconds
    return math.ceil((bits / 8 + container_bytes(seconds)) / CAP_SHARE)


def container_bytes(seconds: float) -> float:
    """What the MP4 round picture and sound takes at most."""
    return CONTAINER_BYTES + CONTAINER_BYTES_PER_SECOND * seconds


def is_hopeless(video_kbps: int, canvas: Size) -> bool:
    """Whether the bitrate is too little for any picture worth sending."""
    return video_kbps < HOPELESS_KBPS * _share(canvas)


def is_poor(video_kbps: int, canvas: Size) -> bool:
    """Whether the bitrate is so little that people should be told."""
    return video_kbps < POOR_KBPS * _share(canvas)


def _share(canvas: Size) -> float:
    return canvas.width * canvas.height / FULL_CANVAS_PIXELS
