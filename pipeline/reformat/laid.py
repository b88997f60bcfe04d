"""An overlay made ready for ffmpeg: one raw picture with transparency, cut to what is seen of it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from pipeline.model import Size
from pipeline.reformat.order import Order

PIX_FMT = "yuva420p"


@dataclass(frozen=True, slots=True)
class Laid:
    """A file of yuva420p in BT.709, and where on the canvas it goes: all even."""

    path: Path
    size: Size
    x: int
    y: int


@contextmanager
def laid_out(order: Order, path: Path) -> Iterator[Laid | None]:
    """The layer of the order's part, written to `path`; None where nothing is drawn. Raises RenderError."""
    overlay = order.recipe.overlay
    if overlay is None:
        yield None
        return
    from pipeline.reformat.compose.planes import cutting, layer_at  # Pillow, and numpy below it
    from pipeline.reformat.overlay import drawn

    cut = cutting(drawn(overlay, order.recipe.canvas, order.part))
    if cut is None:
        yield None
        return
    layer = layer_at(cut)
    try:
        path.write_bytes(layer.colours.stored() + layer.alpha.tobytes())
        yield Laid(path, layer.colours.size, layer.x, layer.y)
    finally:
        path.unlink(missing_ok=True)
