"""How a story is decorated: what a person asks for beside it, and the stylings that say how that looks."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pipeline.model.overlays import Align, Animation, Motion
from pipeline.model.shapes import Fit
from pipeline.values import dataclass

CaptionAs = Literal["overlay", "text", "both", "none"]
"""Where the words of a story go: into the picture, beside it, both, or nowhere."""

Row = Literal["top", "middle", "bottom"]
Backing = Literal["none", "shadow", "outline", "plate", "shade"]
"""What makes words readable: nothing, a soft shadow, a line round each letter, a box, or a fade."""


@dataclass(frozen=True, slots=True)
class Emblem:
    """A picture laid over the story: its middle and its width are fractions of the canvas."""

    file: Path
    at: tuple[float, float] = (0.5, 0.0)
    width: float = 0.25
    opacity: float = 1.0


@dataclass(frozen=True, slots=True)
class Tune:
    """A file to be heard: how much louder or quieter, and where in it to begin."""

    file: Path
    gain_db: float | None = None
    start_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Decor:
    """What a person asks for; None and empty leave it to the look and the settings.

    `scenes` are further pictures and clips of the same story, in order. `title_at` and `caption_at` are where
    the middle of the words goes, as fractions of the canvas.
    """

    look: str | None = None
    title: str = ""
    title_at: tuple[float, float] | None = None
    caption_at: tuple[float, float] | None = None
    caption_as: CaptionAs | None = None
    emblems: tuple[Emblem, ...] = ()
    scenes: tuple[Path, ...] = ()
    music: Tune | None = None
    voice: Tune | None = None
    motion: Motion | None = None
    seconds: float | None = None
    animate: Animation | None = None
    intro: str = ""
    outro: str = ""

    @property
    def files(self) -> tuple[Path, ...]:
        """Every file it needs, each once."""
        tunes = tuple(tune.file for tune in (self.music, self.voice) if tune)
        return tuple(dict.fromkeys((*self.scenes, *tunes, *(emblem.file for emblem in self.emblems))))


@dataclass(frozen=True, slots=True)
class TextStyle:
    """How a text is set. Sizes are pixels of a canvas 1080 wide.

    `most` is its share of the safe area's height. `colour` is "auto" for black or white, whichever is read
    better there. `point` is the middle of the words, in fractions of the canvas, where a row won't do.
    """

    at: Row
    family: str = "sans"
    weight: int = 600
    smallest_px: int = 34
    largest_px: int = 64
    colour: str = "#ffffff"
    align: Align = "center"
    backing: Backing = "shadow"
    backing_colour: str = "#000000"
    backing_opacity: float = 0.55
    upper: bool = False
    most: float = 0.45
    point: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True)
class CardStyle:
    """The card of a link, and of what can be tapped; `code` adds a QR code to it."""

    at: Row = "bottom"
    colour: str = "#ffffff"
    ink: str = "#16181d"
    code: bool = True


@dataclass(frozen=True, slots=True)
class Styling:
    """A look by name: everything about how a decorated story looks.

    `dim` darkens all of the picture, from 0 to 1. `quotes` are put round the caption. `title_below` puts the
    title beneath it. `labels` stand over the pictures of a story of several, in order, and make it need as
    many. `motion`, `animate` and `seconds` count where a story is a film anyway.
    """

    name: str
    about: str
    title: TextStyle
    caption: TextStyle
    card: CardStyle = CardStyle()
    fit: Fit | None = None
    background: str | None = None
    dim: float = 0.0
    quotes: str = ""
    title_below: bool = False
    labels: tuple[str, ...] = ()
    motion: Motion = "none"
    animate: Animation = "none"
    seconds: float = 8.0
