"""A recipe's hash: the name of its cache entry."""

from __future__ import annotations

import hashlib
from typing import Any

from pipeline.model import Recipe
from pipeline.plan.film import film_hash
from pipeline.tools.plain import to_json, to_plain

ENGINE = "2"
"""Raised whenever the engine would make other bytes of the same recipe."""

FOR_PEOPLE = frozenset({"profile", "notes", "why"})
"""Not part of the hash: two platforms with the same limits share one encode."""

ADDED = frozenset({"overlay", "composition"})
"""Not part of it where there is none, so that plain stories keep their renditions."""


def recipe_hash(recipe: Recipe) -> str:
    """Hex SHA-256 of everything in the recipe that changes the result."""
    return hashlib.sha256(f"{ENGINE}\n{to_json(_deciding(recipe))}".encode()).hexdigest()


def _deciding(recipe: Recipe) -> dict[str, Any]:
    """A copy is the source's own picture and sound, whatever the limits it was measured against."""
    plain: dict[str, Any] = to_plain(recipe)
    match recipe.action:
        case "passthrough" | "remux":
            cut = {"parts": plain["parts"]} if len(recipe.parts) > 1 else {}
            return {"action": recipe.action, **cut}
        case "transcode" | "image":
            deciding = {name: value for name, value in plain.items() if name not in FOR_PEOPLE}
            if recipe.composition is not None:
                deciding["composition"] = film_hash(recipe.composition)
            return {name: value for name, value in deciding.items() if value is not None or name not in ADDED}
