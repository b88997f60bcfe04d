"""Whether a new file repeats at a destination what was decided there before, and what becomes of it then."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Protocol

from pipeline.model import Again, Asset, Earlier, Repeat, State, Story

HASH_DIGITS = 8


class RepeatSettings(Protocol):
    @property
    def same_picture(self) -> Again: ...
    @property
    def same_name(self) -> Again: ...


@dataclass(frozen=True, slots=True)
class _Settled:
    same_picture: Again
    same_name: Again


def without_asking(settings: RepeatSettings) -> RepeatSettings:
    """The same, where nobody is asked: what would be a question is skipped."""
    picture, name = (
        "skip" if again == "ask" else again for again in (settings.same_picture, settings.same_name)
    )
    return _Settled(picture, name)


def with_repeats(
    story: Story,
    earlier: Callable[[str], Iterable[Earlier]],
    decided: Iterable[str],
    settings: RepeatSettings,
) -> Story:
    """The story, with its treatments marked that repeat something.

    `earlier` tells of a destination what became there of earlier files, those that show the same first.
    `decided` are the destinations that it has deliveries at already: nothing is asked twice.
    """
    decided = frozenset(decided)
    treatments = tuple(
        treatment
        if treatment.destination in decided
        else replace(treatment, repeat=_repeat(story.asset, earlier(treatment.destination), settings))
        for treatment in story.treatments
    )
    return replace(story, treatments=treatments)


def _repeat(asset: Asset, earlier: Iterable[Earlier], settings: RepeatSettings) -> Repeat | None:
    """A file that was only given other data shows the same under the same name: that's the same picture."""
    first = next((one for one in earlier if _counts(asset, one)), None)
    if first is None:
        return None
    return _answer(asset, first, settings.same_picture if first.shows_the_same else settings.same_name)


def _counts(asset: Asset, earlier: Earlier) -> bool:
    """What failed doesn't, nor what is only planned, if the new file takes its place."""
    if earlier.state is State.PLANNED:
        return earlier.shows_the_same and earlier.path != asset.path
    return earlier.state is not State.FAILED


def _answer(asset: Asset, earlier: Earlier, again: Again) -> Repeat | None:
    if again == "send":
        return None
    reason = _reason(asset, earlier)
    if again == "skip":
        key = "same_picture" if earlier.shows_the_same else "same_name"
        return Repeat(asks=False, reason=f"{reason} ({key}: skip)")
    number = asset.sha256[:HASH_DIGITS]
    answers = f"storyrelay retry {number} sends it, storyrelay skip {number} drops it"
    return Repeat(asks=True, reason=f"{reason}. Next: {answers}")


def _reason(asset: Asset, earlier: Earlier) -> str:
    stands = f"is {earlier.state} there" if earlier.state else "was adopted as seen"
    if not earlier.shows_the_same:
        return f"another picture lay in its place before, which {stands}"
    known = "before" if earlier.path == asset.path else earlier.path.name
    return f"it shows the same as {known}, which {stands}"
