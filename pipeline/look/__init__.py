"""A look at pictures, where a crop or a background depends on what is in them: faces, things, colours."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.tools.later import imported_later

if TYPE_CHECKING:
    from pipeline.look.onlooker import Onlooker

__all__ = ["Onlooker"]

__getattr__ = imported_later(
    __name__,
    {
        "Onlooker": "onlooker",
    },
)
