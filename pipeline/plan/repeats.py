"""Whether a new file repeats at a destination what was decided there before, and what becomes of it then."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Protocol

from pipeline.model import Again, Asset, Earlier, Repeat, State, Story

HASH_DIGITS = 8


class RepeatSettings(Protocol):
    @property
    def same_picture(self) -> Again: ...
    @property
    def same_name(self) -> Again: ...


def with_repeats(
    story: Story, earlier: Sequence[Earlier], decided: Iterable[str], settings: RepeatSettings
) -> Story:
    """The story, with its treatments marked that repeat something.

    `decided` are the destinations that it has deliveries at already: nothing is asked twice.
    """
    decided = frozenset(decided)
    treatments = tuple(
        treatment
        if treatment.destination in decided
        else replace(treatment, repeat=_repeat(story.asset, treatment.destination, earlier, settings))
        for treatment in story.treatments
    )
    return replace(story, treatments=treatments)


def _repeat(
    asset: Asset, destination: str, earlier: Sequence[Earlier], settings: RepeatSettings
) -> Repeat | None:
    """What failed doesn't count, nor what is only planned, if the new file takes its place.

    A file that was only given other data shows the same under the same name: that's the same picture.
    """
    there = [one for one in earlier if one.destination in (None, destination)]
    same = [one for one in there if one.shows_the_same and _counts(asset, one)]
    if same:
        return _answer(asset, same[0], settings.same_picture)
    others = [one for one in there if not one.shows_the_same and _counts(asset, one)]
    return _answer(asset, others[0], settings.same_name) if others else None


def _counts(asset: Asset, earlier: Earlier) -> bool:
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
