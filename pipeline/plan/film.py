"""What a composition will be as a film, before it is made: whatever a video's recipe asks of its source."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from pipeline.model import Audio, Colour, Composition, Facts
from pipeline.tools.plain import to_plain

SOUND_HZ = 48_000
COLOUR = Colour("bt709", "bt709", "bt709")


def film_frames(composition: Composition) -> int:
    """How many frames the film has."""
    return max(1, round(composition.seconds * composition.fps))


def film_facts(composition: Composition) -> Facts:
    """What probing the film will tell, as far as it is known before.

    Its bytes, profile and level aren't: it is only an intermediate, that is always encoded once more.
    """
    canvas = composition.canvas
    duration_s = film_frames(composition) / composition.fps
    audio = Audio("aac", 2, SOUND_HZ, "LC", duration_s) if composition.has_sound else None
    return Facts(
        kind="video",
        width=canvas.width,
        height=canvas.height,
        bytes=0,
        container="mp4",
        codec="h264",
        pix_fmt="yuv420p",
        duration_s=duration_s,
        fps=composition.fps,
        audio=audio,
        colour=COLOUR,
    )


def film_hash(composition: Composition) -> str:
    """Hex SHA-256 of everything that changes the film: of files their content, wherever they lie."""
    return hashlib.sha256(json.dumps(_nowhere(to_plain(composition)), sort_keys=True).encode()).hexdigest()


def _nowhere(plain: Any) -> Any:
    if isinstance(plain, dict):
        known = "sha256" in plain
        return {name: _nowhere(value) for name, value in plain.items() if not (known and name == "path")}
    return [_nowhere(value) for value in plain] if isinstance(plain, list) else plain
