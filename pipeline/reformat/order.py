"""What is asked of a render, and with what means it is done."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from pipeline.model import Asset, Part, Recipe

DEFAULT_FPS = 30.0


@dataclass(frozen=True, slots=True)
class Order:
    """One part of one asset by one recipe; `part` counts from 1. Picklable: it may be done anywhere.

    `called` is what people call the source where it isn't their own file.
    """

    asset: Asset
    recipe: Recipe
    part: int
    called: str | None = None

    @property
    def stretch(self) -> Part:
        """The seconds of the source that this part shows."""
        return self.recipe.parts[self.part - 1]

    @property
    def seconds(self) -> float:
        """How long the result lasts; 0 for a photo."""
        return (self.stretch.end_s - self.stretch.start_s) * self.recipe.plays

    @property
    def fps(self) -> float:
        """The constant frame rate of the result."""
        return self.recipe.fps or DEFAULT_FPS

    @property
    def frames(self) -> int:
        """How many frames fit the time: rounded down, so that a limit in seconds is never passed."""
        return max(1, math.floor(self.seconds * self.fps + 0.01))

    @property
    def has_sound(self) -> bool:
        """Whether the result is to be heard."""
        return self.recipe.audio_kbps is not None and self.asset.facts.audio is not None

    @property
    def is_cut(self) -> bool:
        """Whether the result is a stretch of the source, copied between key frames."""
        return self.recipe.action == "remux" and len(self.recipe.parts) > 1

    @property
    def is_last(self) -> bool:
        """Whether no part comes after this one."""
        return self.part == len(self.recipe.parts)

    @property
    def suffix(self) -> str:
        """How the result's name ends."""
        return ".jpg" if self.makes_photo else ".mp4"

    @property
    def makes_photo(self) -> bool:
        """Whether the result is a photo; what is composed of photos is a video."""
        return self.asset.facts.kind == "photo" and self.recipe.composition is None

    @property
    def name(self) -> str:
        """What people call the source."""
        return self.called or self.asset.path.name


@dataclass(frozen=True, slots=True)
class Bench:
    """Where and with what means work is done.

    `folder` is the store's, `scratch` takes what is only needed meanwhile. `progress` gets fractions from
    0 to 1; `stop` is asked several times a second, and True ends the work with Interrupted.
    """

    folder: Path
    scratch: Path
    threads: int
    encode_minutes: float
    child_memory_mb: int
    progress: Callable[[float], None] | None = None
    stop: Callable[[], bool] | None = None
