"""Where pictures come from: a photo under a moving camera, a clip frame by frame, a card that stands."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PIL import Image

from pipeline.model import Size, Take
from pipeline.reformat.compose.camera import window_at
from pipeline.reformat.compose.clips import Footage
from pipeline.reformat.compose.planes import Layer, Planes, planes_of
from pipeline.reformat.compose.shooting import Scenery


@dataclass(frozen=True, slots=True)
class Card:
    """Always the same."""

    picture: Planes

    def shot(self, number: int) -> Callable[[], Planes]:  # noqa: ARG002 - it is asked as all others are
        """It, whatever the number."""
        return lambda: self.picture


@dataclass(frozen=True, slots=True)
class Photo:
    """A photo, through the camera's window."""

    take: Take
    picture: Planes
    canvas: Size
    fps: float

    def shot(self, number: int) -> Callable[[], Planes]:
        """What is seen after so many frames."""
        window = window_at(self.take, self.canvas, _share(self.take, number, self.fps))
        return lambda: self.picture.seen(window, self.canvas)


@dataclass(frozen=True, slots=True)
class Clip:
    """A clip, through the camera's window, which mostly stands still."""

    take: Take
    footage: Footage
    canvas: Size
    fps: float

    def shot(self, number: int) -> Callable[[], Planes]:
        """The frame is read now, as the next one comes after it; all else can wait."""
        frame = self.footage.frame(number)
        window = window_at(self.take, self.canvas, _share(self.take, number, self.fps))
        return lambda: planes_of(Image.fromarray(frame)).seen(window, self.canvas)


@dataclass(frozen=True, slots=True)
class Labelled:
    """Another scenery under something that stands still."""

    beneath: Scenery
    layer: Layer

    def shot(self, number: int) -> Callable[[], Planes]:
        """What lies beneath may move."""
        make = self.beneath.shot(number)
        return lambda: self.layer.over(make())


def _share(take: Take, number: int, fps: float) -> float:
    """How much of its time has passed: 0 in the first frame, 1 in the last one."""
    return number / max(1, round(take.seconds * fps) - 1)
