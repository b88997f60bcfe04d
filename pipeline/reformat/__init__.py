"""Recipes carried out: `render` makes, verifies and keeps what the plan decided, and nothing twice."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.tools.later import imported_later

if TYPE_CHECKING:
    from pipeline.reformat.order import Bench, Order
    from pipeline.reformat.render import cached, render, rendition_key
    from pipeline.reformat.store import Store

__all__ = ["Bench", "Order", "Store", "cached", "render", "rendition_key"]

__getattr__ = imported_later(
    __name__,
    {
        "Bench": "order",
        "Order": "order",
        "Store": "store",
        "cached": "render",
        "render": "render",
        "rendition_key": "render",
    },
)
