"""A film's pictures one by one: what the camera sees of each take, cross-fades, words on top."""

from __future__ import annotations

import contextlib
from collections import deque
from collections.abc import Callable, Generator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Protocol

from pipeline.model import Size
from pipeline.reformat.compose.planes import Layer, Planes
from pipeline.reformat.compose.timeline import Segment

AHEAD = 2
"""Pictures that are made beyond what the workers are at: each takes 3 MB."""


class Scenery(Protocol):
    """Where the pictures of a segment come from, open."""

    def shot(self, number: int) -> Callable[[], Planes]:
        """What makes the segment's picture of this number; asked in order, made anywhere."""


Opener = Callable[[Segment], contextlib.AbstractContextManager[Scenery]]


@dataclass(frozen=True, slots=True)
class Script:
    """Segments over `frames` frames at a rate, and what is laid over the takes at a moment."""

    canvas: Size
    fps: float
    frames: int
    segments: tuple[Segment, ...]
    layers_at: Callable[[float], Sequence[Layer]] | None = None


@dataclass(frozen=True, slots=True)
class _Shot:
    """What is seen of a segment, and how much of what comes before it that hides."""

    segment: Segment
    make: Callable[[], Planes]
    covers: float


def pictures(script: Script, open_scenery: Opener, workers: int) -> Generator[bytes]:
    """Every picture as yuv420p, in order; several are made at once. To be closed, as it holds clips open."""
    with contextlib.closing(_shots(script, open_scenery)) as moments, ThreadPoolExecutor(workers) as pool:
        waiting = deque[Future[bytes]]()
        try:
            for at_s, shots in moments:
                waiting.append(pool.submit(_developed, script, at_s, shots))
                if len(waiting) >= workers + AHEAD:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            for picture in waiting:
                picture.cancel()


def _shots(script: Script, open_scenery: Opener) -> Generator[tuple[float, list[_Shot]]]:
    """What is seen at each moment; scenery is open only as long as its segment lasts."""
    coming = deque(script.segments)
    on_stage = list[tuple[Segment, Scenery, contextlib.ExitStack]]()
    with contextlib.ExitStack() as everything:
        for number in range(script.frames):
            at_s = number / script.fps
            while coming and coming[0].start_s <= at_s + 1e-9:
                stack = everything.enter_context(contextlib.ExitStack())
                segment = coming.popleft()
                on_stage.append((segment, stack.enter_context(open_scenery(segment)), stack))
            while len(on_stage) > 1 and on_stage[0][0].end_s <= at_s + 1e-9:
                on_stage.pop(0)[2].close()
            yield at_s, [_shot(segment, scenery, number, script) for segment, scenery, _ in on_stage]


def _shot(segment: Segment, scenery: Scenery, number: int, script: Script) -> _Shot:
    own = max(0, number - round(segment.start_s * script.fps))
    return _Shot(segment, scenery.shot(own), segment.covers(number / script.fps))


def _developed(script: Script, at_s: float, shots: list[_Shot]) -> bytes:
    """Words lie over the takes and fade with them, not over cards."""
    takes = _faded([shot for shot in shots if shot.segment.is_take])
    if takes and script.layers_at:
        for layer in script.layers_at(at_s):
            takes = layer.over(takes)
    seen: Planes | None = None
    for shot in shots:
        if not shot.segment.is_take:
            seen = _over(seen, shot.make(), shot.covers)
        elif takes:
            seen, takes = _over(seen, takes, shot.covers), None
    if seen is None:
        raise ValueError(at_s)
    return seen.stored()


def _faded(shots: list[_Shot]) -> Planes | None:
    seen: Planes | None = None
    for shot in shots:
        seen = _over(seen, shot.make(), shot.covers)
    return seen


def _over(below: Planes | None, above: Planes, share: float) -> Planes:
    if below is None or share >= 1:
        return above
    return below.fading(above, max(0.0, share))
