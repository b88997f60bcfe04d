"""A scene: what a few small frames of a picture tell about its subject, its sides and its tones."""

from __future__ import annotations

from collections.abc import Collection

from pipeline.look.faces import faces_in
from pipeline.look.frames import Means, frames_of
from pipeline.look.standing_out import strips_of
from pipeline.look.surround import sides_of
from pipeline.look.tones import tones_of
from pipeline.model import Asset, Scene
from pipeline.plan.looking import Sought


def scene_of(asset: Asset, wanted: Collection[Sought], means: Means) -> Scene:
    """What was asked for, as far as it can be seen. Raises UnreadableError, Interrupted."""
    frames = frames_of(asset, means)
    scene = Scene(frames=len(frames))
    if not frames:
        return scene
    columns, rows = strips_of(frames) if "subject" in wanted else ((), ())
    return Scene(
        frames=len(frames),
        faces=faces_in(frames) if "subject" in wanted else None,
        columns=columns,
        rows=rows,
        sides=sides_of(frames) if "sides" in wanted else (),
        tones=tones_of(frames) if "tones" in wanted else None,
    )
