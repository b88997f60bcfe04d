"""Small pictures of what was made for deliveries, as long as it lies in the store."""

from __future__ import annotations

import io
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PIL import Image

from pipeline.errors import RenderError, UnreadableError
from pipeline.ledger import Queries
from pipeline.model import Delivery, Size
from pipeline.reformat import Order, Store, rendition_key
from pipeline.report.preview.frames import Darkroom, first_shot
from pipeline.tools.picture import opened

if TYPE_CHECKING:
    from pipeline.config import Settings

THUMBNAIL = Size(162, 288)
"""Twice as large as it's shown, about 8 kB."""
QUALITY = 72
MOST = 200
"""A page with more of them takes minutes and megabytes."""


@dataclass(slots=True)
class Thumbnails:
    """Takes them out of the store; nothing is made anew."""

    settings: Settings
    ledger: Queries
    darkroom: Darkroom
    taken: int = 0

    def of(self, delivery: Delivery) -> bytes | None:
        """A small JPEG of a delivery, None when there is nothing to be seen of it."""
        if self.taken == MOST:
            return None
        asset = self.ledger.asset(delivery.asset)
        if asset is None:
            return None
        key = rendition_key(Order(asset, delivery.recipe, delivery.part))
        rendition = Store(self.settings.state / "store").find(key)
        if rendition is None:
            return None
        self.taken += 1
        try:
            return _small(
                first_shot(rendition, self.darkroom, key) if rendition.duration_s else rendition.path
            )
        except (RenderError, UnreadableError, OSError):
            return None


def _small(picture: Path) -> bytes:
    written = io.BytesIO()
    with opened(picture, "") as whole:
        whole.draft("RGB", (THUMBNAIL.width, THUMBNAIL.height))
        small = whole.convert("RGB")
    small.thumbnail((THUMBNAIL.width, THUMBNAIL.height), Image.Resampling.LANCZOS)
    small.save(written, "JPEG", quality=QUALITY, optimize=True)
    return written.getvalue()
