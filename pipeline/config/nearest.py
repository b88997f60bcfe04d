"""The suggestion after a misspelt word."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import get_close_matches


def nearest(word: str, known: Sequence[str]) -> str | None:
    """The known word that is nearest, whatever the capitals and dashes; None if none is near."""
    folded = {name.lower(): name for name in known}
    near = get_close_matches(word.lower().replace("-", "_"), folded, n=1)
    return folded[near[0]] if near else None


def did_you_mean(word: str, known: Sequence[str]) -> str:
    """A suggestion, or all that is known if nothing is near."""
    near = nearest(word, known)
    return f"did you mean {near}?" if near else f"known are {', '.join(known)}"
