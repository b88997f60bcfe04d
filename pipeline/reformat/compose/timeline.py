"""When what is seen: cards and takes one after the other, each fading into the next."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.model import Composition, Take, TitleCard


@dataclass(frozen=True, slots=True)
class Segment:
    """A card or a take, and when it is shown; it fades in and out over what comes before and after."""

    shown: TitleCard | Take
    start_s: float
    fade_in_s: float
    fade_out_s: float

    @property
    def is_take(self) -> bool:
        """Whether it isn't a card."""
        return isinstance(self.shown, Take)

    @property
    def seconds(self) -> float:
        """How long it is shown, fading included."""
        return self.shown.seconds

    @property
    def end_s(self) -> float:
        """When nothing is seen of it any more."""
        return self.start_s + self.seconds

    def covers(self, at_s: float) -> float:
        """How much of what came before it hides at a moment."""
        return min(1.0, (at_s - self.start_s) / self.fade_in_s) if self.fade_in_s > 0 else 1.0


def segments_of(composition: Composition) -> tuple[Segment, ...]:
    """All of them, in order."""
    cards = ((composition.intro,), (composition.outro,))
    shown = [one for one in (*cards[0], *composition.takes, *cards[1]) if one is not None]
    seams = (0.0, *composition.seams_s, 0.0)
    segments, start_s = [], 0.0
    for number, one in enumerate(shown):
        start_s -= seams[number]
        segments.append(Segment(one, start_s, seams[number], seams[number + 1]))
        start_s += one.seconds
    return tuple(segments)
