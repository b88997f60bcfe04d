"""Stories of several files: pictures and clips one after the other, with music, voice and title cards."""

from __future__ import annotations

from itertools import pairwise

from pipeline.model.assets import Material
from pipeline.model.overlays import Motion, Overlay
from pipeline.model.shapes import Rect, Size
from pipeline.values import dataclass


@dataclass(frozen=True, slots=True)
class Take:
    """One photo, animation or clip of a composition.

    `crop` is cut from the upright source and scaled onto `frame` of `canvas`, as in a recipe; `canvas` is
    larger than the composition's where the camera moves. `focal` is where it moves to, in fractions of the
    canvas. `start_s` is where a clip begins. `overlay` is drawn over this take alone.
    """

    source: Material
    canvas: Size
    crop: Rect
    frame: Rect
    background: str | None
    matte: str
    seconds: float
    start_s: float = 0.0
    motion: Motion = "none"
    focal: tuple[float, float] = (0.5, 0.5)
    overlay: Overlay | None = None


@dataclass(frozen=True, slots=True)
class TitleCard:
    """An intro or outro: an overlay on one colour."""

    seconds: float
    colour: str
    overlay: Overlay


@dataclass(frozen=True, slots=True)
class Music:
    """A music bed, repeated until the end; `duck_db` is how much quieter it gets while somebody speaks."""

    source: Material
    gain_db: float = -6.0
    start_s: float = 0.0
    fade_in_s: float = 0.5
    fade_out_s: float = 1.5
    duck_db: float = 12.0


@dataclass(frozen=True, slots=True)
class Voice:
    """A voice-over, from `delay_s` on."""

    source: Material
    gain_db: float = 0.0
    delay_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Composition:
    """Cards and takes in the order they are shown, each fading into the next; `animated` comes in over takes.

    `own_sound` says whether the clips' own sound is heard.
    """

    canvas: Size
    fps: float
    takes: tuple[Take, ...]
    crossfade_s: float = 0.5
    intro: TitleCard | None = None
    outro: TitleCard | None = None
    music: Music | None = None
    voice: Voice | None = None
    own_sound: bool = True
    animated: Overlay | None = None

    @property
    def lengths_s(self) -> tuple[float, ...]:
        """Of intro, takes and outro, as far as there are any, in order."""
        cards = [card.seconds if card else None for card in (self.intro, self.outro)]
        lengths = (cards[0], *(take.seconds for take in self.takes), cards[1])
        return tuple(length for length in lengths if length is not None)

    @property
    def seams_s(self) -> tuple[float, ...]:
        """How long each fades into the next: never more than half of the shorter one."""
        return tuple(
            min(self.crossfade_s, *(length / 2 for length in both)) for both in pairwise(self.lengths_s)
        )

    @property
    def seconds(self) -> float:
        """How long all of it lasts: what fades into one another is shown at the same time."""
        return sum(self.lengths_s) - sum(self.seams_s)

    @property
    def has_sound(self) -> bool:
        """Whether anything is to be heard."""
        facts = (take.source.facts for take in self.takes)
        own = self.own_sound and any(fact and fact.audio for fact in facts)
        return own or self.music is not None or self.voice is not None
