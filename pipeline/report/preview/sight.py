"""One rendition as it is shown to people: frames, facts, and what the apps lay over it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from pipeline.model import Action, Asset, Fit, Rendition, SafeArea, Size, Texts
from pipeline.report.words import count, printable, seconds, size

ACTIONS: dict[Action, str] = {
    "passthrough": "as it is",
    "remux": "re-wrapped",
    "transcode": "transcoded",
    "image": "redrawn",
}
QUARTERS = 4
SHOTS_OF_A_VIDEO = QUARTERS + 1


@dataclass(frozen=True, slots=True)
class Shot:
    """A frame as a small JPEG on disk, and when it is shown; None for a photo."""

    picture: Path
    at_s: float | None


@dataclass(frozen=True, slots=True)
class Screen:
    """A rendition in one app: the destinations that get it there, what is free of chrome, and its words."""

    platform: str
    destinations: tuple[str, ...]
    safe_area: SafeArea
    texts: Texts

    @property
    def goes_to(self) -> str:
        """`whatsapp, business`."""
        return printable(", ".join(self.destinations))

    @property
    def gets(self) -> str:
        """`caption, 2 stickers`: what goes with the picture."""
        texts = self.texts
        told = ["caption"] if texts.caption else []
        told += [count(len(texts.stickers), "sticker")] if texts.stickers else []
        told += ["close friends only"] if texts.close_friends else []
        return ", ".join(told) or "no words"


@dataclass(frozen=True, slots=True)
class Sight:
    """A rendition, the apps that show it, and its frames; `before` is the source at the middle of the part.

    There is one screen at least. `fit` is None where nothing is placed anew.
    """

    asset: Asset
    rendition: Rendition
    screens: tuple[Screen, ...]
    canvas: Size
    fit: Fit | None
    shots: tuple[Shot, ...]
    before: Path | None = None

    @property
    def destinations(self) -> tuple[str, ...]:
        """Everybody who gets it."""
        return tuple(name for screen in self.screens for name in screen.destinations)

    @property
    def safe_area(self) -> SafeArea:
        """What every app leaves free."""
        return common_safe_area(screen.safe_area for screen in self.screens)

    @property
    def goes_to(self) -> str:
        """`whatsapp, instagram`."""
        return printable(", ".join(self.destinations))

    @property
    def measures(self) -> str:
        """`part 1 of 3, 43 s, 4.1 MB`; what doesn't apply is left out."""
        rendition = self.rendition
        told = [f"part {rendition.part} of {rendition.parts}"] if rendition.parts > 1 else []
        if rendition.duration_s:
            told.append(seconds(rendition.duration_s))
        return ", ".join([*told, size(rendition.bytes)])

    @property
    def gets(self) -> str:
        """`caption`, or `whatsapp: caption; instagram: 2 stickers` where they differ."""
        told = [screen.gets for screen in self.screens]
        if len(set(told)) == 1:
            return told[0]
        return "; ".join(f"{screen.goes_to}: {screen.gets}" for screen in self.screens)

    @property
    def done(self) -> str:
        """`transcoded, blur`: the action, and the fit where there was one."""
        return ", ".join([ACTIONS[self.rendition.action], *([self.fit] if self.fit else [])])


def instants_s(duration_s: float | None) -> tuple[float, ...]:
    """When to look: at the first frame, the quarter points and the last; a photo has no time."""
    if not duration_s:
        return ()
    return tuple(duration_s * quarter / QUARTERS for quarter in range(SHOTS_OF_A_VIDEO))


def shots_in(duration_s: float) -> int:
    """How many frames are shown of a rendition that lasts so long; a photo lasts 0 s."""
    return len(instants_s(duration_s)) or 1


def joined(screens: Sequence[Screen], new: Screen) -> tuple[Screen, ...]:
    """With one more; where the same app shows the same words, its destinations come to those there."""
    for place, known in enumerate(screens):
        if (known.platform, known.texts) == (new.platform, new.texts):
            both = replace(known, destinations=(*known.destinations, *new.destinations))
            return (*screens[:place], both, *screens[place + 1 :])
    return (*screens, new)


def common_safe_area(areas: Iterable[SafeArea]) -> SafeArea:
    """What is free in all of them; there must be one at least."""
    sides = [(area.left, area.right, area.top, area.bottom) for area in areas]
    left, right, top, bottom = (max(side) for side in zip(*sides, strict=True))
    return SafeArea(left, right, top, bottom)


def sights_in_words(sights: Sequence[Sight]) -> str:
    """`3 stories, 5 renditions`."""
    stories = len({sight.asset.path for sight in sights})
    return f"{count(stories, 'story', 'stories')}, {count(len(sights), 'rendition')}"
