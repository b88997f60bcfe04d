"""Splitting what is too long into parts of one length, and repeating what is too short."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise

from pipeline.model import Part

MOST_TRIMMED_S = 0.5
MOST_TRIMMED_SHARE = 0.01
"""A phone that stops at "one minute" writes 60.04 s. Nobody wants two parts of half a minute for a few
frames, so an overhang of at most half a second, and of 1 % of the limit, is cut off."""


@dataclass(frozen=True, slots=True)
class Split:
    """The parts in order, without gaps, and how many seconds were cut off at the end."""

    parts: tuple[Part, ...]
    trimmed_s: float = 0.0

    @property
    def longest_s(self) -> float:
        """The length of the longest part, in seconds."""
        return max(part.end_s - part.start_s for part in self.parts)


@dataclass(frozen=True, slots=True)
class Span:
    """How short and how long a part may be, in seconds."""

    shortest_s: float
    longest_s: float


def split(duration_s: float, max_seconds: float, min_seconds: float = 0.0) -> Split:
    """As few parts as the limit allows, all of one length: 70 s at 60 s are 35 + 35, not 60 + 10.

    Counted in whole milliseconds, so the parts add up exactly. Where even parts would be shorter than
    `min_seconds`, the end is cut off instead.
    """
    total, limit = max(1, round(duration_s * 1000)), max(1, int(max_seconds * 1000))
    overhang = min(MOST_TRIMMED_S * 1000, limit * MOST_TRIMMED_SHARE)
    count = max(1, math.ceil((total - overhang) / limit))
    if count > 1 and total / count < min_seconds * 1000:
        count -= 1
    kept = min(total, count * limit)
    cuts = [kept * index // count for index in range(count + 1)]
    parts = tuple(Part(start / 1000, end / 1000) for start, end in pairwise(cuts))
    return Split(parts, (total - kept) / 1000)


def plays_for(duration_s: float, span: Span, fps: float) -> int:
    """How often something short is shown so that its whole frames last long enough, but not too long."""
    if duration_s >= span.shortest_s:
        return 1
    needed = math.ceil(span.shortest_s / duration_s - 1e-9)
    frames = math.floor(needed * duration_s * fps + 0.01)
    if frames / fps < span.shortest_s - 1e-6:
        needed = math.ceil((span.shortest_s + 1 / fps) / duration_s)
    return max(1, min(needed, int(span.longest_s / duration_s)))
