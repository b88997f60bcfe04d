"""A recipe's hash: the name of its cache entry."""

from __future__ import annotations

import dataclasses
import hashlib

from pipeline.model import Recipe
from pipeline.tools.plain import to_json

ENGINE = "1"
"""Raised whenever the engine would make other bytes of the same recipe."""


def recipe_hash(recipe: Recipe) -> str:
    """Hex SHA-256 of everything in the recipe that changes the result."""
    plain = to_json(dataclasses.replace(recipe, notes=()))
    return hashlib.sha256(f"{ENGINE}\n{plain}".encode()).hexdigest()
