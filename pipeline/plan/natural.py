"""The order in which people expect names: case aside, numbers by their value."""

from __future__ import annotations

import re

NaturalKey = tuple[tuple[tuple[str, int], ...], str]


def natural(name: str) -> NaturalKey:
    """A sorting key for a file's or folder's name: photo 2.jpg comes before Photo 10.jpg.

    The stem apart, so that a.jpg comes before a2.jpg.
    """
    stem, _, suffix = name.casefold().rpartition(".")
    pieces = re.split(r"(\d+)", stem or suffix)
    numbers = [int(digits) for digits in pieces[1::2]]
    return tuple(zip(pieces[::2], [*numbers, -1], strict=True)), suffix
