"""The door: an asset, and what of it must be known before it can be planned."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipeline.model import Asset, Fit, Scene
from pipeline.plan.looking import Sought, sought
from pipeline.tools.child import Limits

if TYPE_CHECKING:
    from pipeline.config import Settings


LONGEST_LOOK_S = 20.0
"""For one frame of a video: the nearest key frame is taken, which needs no decoding of others."""


@dataclass(frozen=True, slots=True)
class Onlooker:
    """Looks at what needs it. `fit` is one that beats what settings and sidecars say."""

    settings: Settings
    stop: Callable[[], bool] | None = None
    fit: Fit | None = None

    def __call__(self, asset: Asset) -> Asset:
        """The asset with its scene; as it is, where nothing depends on one.

        Raises UnreadableError for a picture that can't be decoded, Interrupted when `stop` asks for it.
        """
        wanted = sought(asset, self.settings, self.fit)
        return dataclasses.replace(asset, scene=self._scene(asset, wanted)) if wanted else asset

    def _scene(self, asset: Asset, wanted: frozenset[Sought]) -> Scene:
        from pipeline.look.frames import Means  # numpy and Pillow
        from pipeline.look.scene import scene_of

        limits = Limits(LONGEST_LOOK_S, self.settings.limits.child_memory_mb)
        return scene_of(asset, wanted, Means(limits, self.settings.matte, self.stop))
