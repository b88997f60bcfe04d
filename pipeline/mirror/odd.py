"""Answers that don't look as they should, and how to read them without stumbling."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


class OddAnswerError(Exception):
    """An answer of the server that lacks what was asked for."""

    def __init__(self, what: str) -> None:
        super().__init__(f"{what} can't be read in the server's answer")


def at(plain: Any, *path: str) -> Any:
    """What stands at `path`. Raises OddAnswerError when there is nothing."""
    for step in path:
        if not isinstance(plain, Mapping) or plain.get(step) is None:
            raise OddAnswerError(".".join(path))
        plain = plain[step]
    return plain
