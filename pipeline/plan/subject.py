"""Which part of a picture a crop keeps: its faces, else the one thing that stands out, else the middle."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise
from typing import Literal

from pipeline.model import Box, Scene, Size
from pipeline.plan.terms import CENTRE

FAR_BEHIND = 0.35
"""A face smaller than this share of the largest one is somebody passing by."""

SEEN_SHARE = 1 / 3
SEEN_LEAST = 2
"""In a video, faces count when they are seen in a third of the moments, and not only once."""

MOST_INSIDE = 0.85
CALM = 0.02
ANYTHING = 0.003
"""How sure we must be that one thing stands out: a crop round it holds 85 % of all that does, and 98 % of
the ground outside is calm. Of 46 photos without a face none was that clear by chance (2026-11); a lone
thing on a table or a wall is."""

EDGE_SHARE = 0.03
"""What lies beyond this much at either end of all that stands out doesn't move the crop."""

ROUNDING = 1e-9
Axis = Literal["x", "y"]


@dataclass(frozen=True, slots=True)
class Focus:
    """The point to keep, and in words why."""

    point: tuple[float, float]
    why: str


@dataclass(frozen=True, slots=True)
class _Stretch:
    """Where a face lies along the side that is cut, how much it counts, and the moment it was seen at."""

    start: float
    end: float
    weight: float
    moment: int


def focus_of(scene: Scene | None, source: Size, canvas: Size) -> Focus:
    """What a crop of `source` to the shape of `canvas` keeps."""
    axis: Axis = "x" if source.width * canvas.height > canvas.width * source.height else "y"
    share = _kept_share(source, canvas)
    if scene is None or not scene.frames:
        return Focus(CENTRE, "cropped to the middle: it couldn't be looked at")
    return _round_faces(scene, axis, share) or _round_standout(scene, axis, share) or _middle(scene)


def _kept_share(source: Size, canvas: Size) -> float:
    """How much of the longer side a crop keeps."""
    ratio = source.width * canvas.height / (source.height * canvas.width)
    return min(ratio, 1 / ratio)


def _middle(scene: Scene) -> Focus:
    if scene.faces is None:
        return Focus(
            CENTRE, "cropped to the middle: nothing stands out, and faces can't be looked for (see doctor)"
        )
    return Focus(CENTRE, "cropped to the middle: no face is seen, and nothing stands out")


def _at(axis: Axis, place: float) -> tuple[float, float]:
    return (place, 0.5) if axis == "x" else (0.5, place)


def _round_faces(scene: Scene, axis: Axis, share: float) -> Focus | None:
    faces = _prominent(scene.faces or (), axis)
    kept = _most_within(faces, share) if faces else []
    if len({face.moment for face in kept}) < min(scene.frames, max(SEEN_LEAST, scene.frames * SEEN_SHARE)):
        return None
    middle = (min(face.start for face in kept) + max(face.end for face in kept)) / 2
    return Focus(_at(axis, middle), _faces_in_words(len(_at_once(kept)), len(_at_once(faces))))


def _prominent(faces: Sequence[Sequence[Box]], axis: Axis) -> list[_Stretch]:
    """All faces of all moments but those far behind."""
    found = [(box, moment) for moment, boxes in enumerate(faces) for box in boxes]
    largest = max((box.bottom - box.top for box, _ in found), default=0.0)
    return [
        _stretch(box, axis, moment) for box, moment in found if box.bottom - box.top >= largest * FAR_BEHIND
    ]


def _stretch(box: Box, axis: Axis, moment: int) -> _Stretch:
    start, end = (box.left, box.right) if axis == "x" else (box.top, box.bottom)
    return _Stretch(start, end, (box.right - box.left) * (box.bottom - box.top), moment)


def _most_within(faces: Sequence[_Stretch], share: float) -> list[_Stretch]:
    """The faces that count most among those that fit in one crop; the largest alone where none fits."""
    starts = {start for face in faces for start in (face.start, face.end - share)}
    groups = [[face for face in faces if _fits(face, start, share)] for start in sorted(starts)]
    best = max(groups, key=lambda group: sum(face.weight for face in group))
    return best or [max(faces, key=lambda face: face.weight)]


def _fits(face: _Stretch, start: float, share: float) -> bool:
    return start - ROUNDING <= face.start and face.end <= start + share + ROUNDING


def _at_once(faces: Sequence[_Stretch]) -> list[_Stretch]:
    """The faces of the moment that has most of them."""
    moments = {face.moment for face in faces}
    return max(
        ([face for face in faces if face.moment == moment] for moment in sorted(moments)), key=len, default=[]
    )


def _faces_in_words(kept: int, seen: int) -> str:
    if kept < seen:
        return f"cropped round {kept} of {seen} faces: not all fit"
    return "cropped round the face" if seen == 1 else f"cropped round {seen} faces"


def _round_standout(scene: Scene, axis: Axis, share: float) -> Focus | None:
    strips = scene.columns if axis == "x" else scene.rows
    total = sum(strips)
    if not strips or total < ANYTHING * len(strips) or share >= 1:
        return None
    start, end = _span(strips)
    middle = min(max((start + end) / 2, share / 2), 1 - share / 2)
    inside = _within(strips, middle - share / 2, middle + share / 2)
    outside = (total - inside) / len(strips) / (1 - share)
    if inside < MOST_INSIDE * total or outside > CALM:
        return None
    return Focus(_at(axis, middle), "cropped round what stands out")


def _span(strips: Sequence[float]) -> tuple[float, float]:
    """Where what stands out begins and ends, but for a little at either end."""
    sums = list(accumulate(strips, initial=0.0))
    return _place(sums, sums[-1] * EDGE_SHARE), _place(sums, sums[-1] * (1 - EDGE_SHARE))


def _place(sums: Sequence[float], wanted: float) -> float:
    """The fraction of the way at which the sum is reached."""
    for number, (before, after) in enumerate(pairwise(sums)):
        if after >= wanted and after > before:
            return (number + (wanted - before) / (after - before)) / (len(sums) - 1)
    return 1.0


def _within(strips: Sequence[float], start: float, end: float) -> float:
    """How much of it lies between two fractions of the way."""
    count = len(strips)
    overlaps = (
        max(0.0, min(end * count, number + 1) - max(start * count, number)) for number in range(count)
    )
    return sum(strip * overlap for strip, overlap in zip(strips, overlaps, strict=True))
