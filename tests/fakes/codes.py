"""QR codes found again in finished pictures, module by module."""

from __future__ import annotations

import numpy as np
import segno
from PIL import Image

from pipeline.model import Code

QUIET_MODULES = 4


def modules_seen(picture: Image.Image, code: Code) -> list[list[bool]]:
    """Which modules of the code are dark in the picture, at their middles."""
    side = len(modules_of(code.payload))
    module_px = max(1, code.box.width // (side + 2 * QUIET_MODULES))
    margin = (code.box.width - side * module_px) // 2 + module_px // 2
    levels = np.asarray(picture.convert("L"))
    rows = levels[code.box.y + margin :: module_px][:side]
    return [[bool(level < 128) for level in row[code.box.x + margin :: module_px][:side]] for row in rows]


def modules_of(payload: str) -> list[list[bool]]:
    """Which modules of a code are dark."""
    return [[bool(module) for module in row] for row in segno.make(payload, error="m", micro=False).matrix]
