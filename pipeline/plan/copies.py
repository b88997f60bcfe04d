"""Where a compliant but long video is cut, so that each part is a copy within the limits."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from pipeline.model import Cut, Facts, Part, Profile
from pipeline.plan.budget import container_bytes
from pipeline.plan.passthrough import most_kbps

SPARE_S = 0.05
"""Sound is cut between packets, so it may last up to 22 ms longer than the picture."""

LEAST_SOUND_S = 0.5

CUTS_IN_A_PART = 60
"""Weighing more of them than that only costs time: the parts would be even to a second either way."""

PARTS_TO_SPARE = 1
"""So many more parts than the length asks for are better than an encode; a story in crumbs isn't."""


@dataclass(frozen=True, slots=True)
class _Terms:
    """What every part must keep to."""

    shortest_s: float
    longest_s: float
    max_bytes: int
    most_kbps: int

    def allow(self, start: Cut, end: Cut) -> bool:
        """Whether what lies between two cuts can be a part."""
        seconds = end.at_s - start.at_s
        most_bytes = min(self.max_bytes, self.most_kbps * 125 * seconds)
        needed = end.bytes_before - start.bytes_before + container_bytes(seconds)
        return self.shortest_s <= seconds <= self.longest_s and needed <= most_bytes


def copied_parts(facts: Facts, profile: Profile, wanted: int) -> tuple[Part, ...] | None:
    """The fewest parts between the source's own cuts, as even as these allow; None when some doesn't fit.

    `wanted` is how many parts an encode would have.
    """
    limits = profile.video
    terms = _Terms(
        limits.min_seconds, limits.max_seconds - SPARE_S, limits.max_bytes, most_kbps(facts, limits)
    )
    cuts = _thinned(facts.cuts, limits.max_seconds / CUTS_IN_A_PART)
    ends = _fewest_steps(cuts, terms, wanted + PARTS_TO_SPARE)
    if ends is None or not _is_heard_at(facts, cuts[ends[-2]].at_s):
        return None
    return tuple(Part(cuts[start].at_s, cuts[end].at_s) for start, end in pairwise(ends))


def _is_heard_at(facts: Facts, last_start_s: float) -> bool:
    """Whether the sound goes on into the last part: a track with nothing in it can't be written."""
    audio = facts.audio
    return audio is None or (audio.duration_s or facts.duration_s or 0.0) >= last_start_s + LEAST_SOUND_S


def _thinned(cuts: Sequence[Cut], apart_s: float) -> list[Cut]:
    """Without those that lie close behind another; the end always stays."""
    kept: list[Cut] = []
    for cut in cuts[:-1]:
        if not kept or cut.at_s - kept[-1].at_s >= apart_s:
            kept.append(cut)
    return [*kept, *cuts[-1:]]


def _fewest_steps(cuts: Sequence[Cut], terms: _Terms, most: int) -> list[int] | None:
    """Numbers of the cuts from the first to the last, in as few allowed steps as possible, at most `most`.

    Of all ways with so few, the one with the smallest sum of squared lengths: the most even.
    """
    steps = [tuple(_steps_from(cuts, terms, start)) for start in range(len(cuts))]
    reached: list[Mapping[int, tuple[float, int]]] = [{0: (0.0, 0)}]
    last = len(cuts) - 1
    while last > 0 and len(reached) <= most and reached[-1]:
        reached.append(_one_further(steps, reached[-1]))
        if last in reached[-1]:
            return _way_back(reached, last)
    return None


def _steps_from(cuts: Sequence[Cut], terms: _Terms, start: int) -> Iterator[tuple[int, float]]:
    """The cuts at which a part may end that begins at one of them, and what each costs."""
    for end in range(start + 1, len(cuts)):
        seconds = cuts[end].at_s - cuts[start].at_s
        if seconds > terms.longest_s:
            return
        if terms.allow(cuts[start], cuts[end]):
            yield end, seconds**2


def _one_further(
    steps: Sequence[tuple[tuple[int, float], ...]], before: Mapping[int, tuple[float, int]]
) -> dict[int, tuple[float, int]]:
    """Where one more part leads: cut → (the least cost of getting there, the cut before)."""
    found: dict[int, tuple[float, int]] = {}
    for start, (cost, _) in before.items():
        for end, more in steps[start]:
            way = (cost + more, start)
            found[end] = min(way, found.get(end, way))
    return found


def _way_back(reached: Sequence[Mapping[int, tuple[float, int]]], last: int) -> list[int]:
    way = [last]
    for level in reversed(reached[1:]):
        way.append(level[way[-1]][1])
    return way[::-1]
