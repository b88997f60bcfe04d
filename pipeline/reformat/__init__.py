"""Recipes carried out: `render` makes, verifies and keeps what the plan decided, and nothing twice."""

from pipeline.reformat.order import Bench, Order
from pipeline.reformat.render import cached, made_elsewhere, render, rendition_key
from pipeline.reformat.store import Store

__all__ = ["Bench", "Order", "Store", "cached", "made_elsewhere", "render", "rendition_key"]
