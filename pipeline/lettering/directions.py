"""Right to left, left to right: the levels of a line by Unicode's rules (UAX 9), and its order on screen."""

from __future__ import annotations

import unicodedata
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import Any, Protocol, TypeVar

LEFT_TO_RIGHT, RIGHT_TO_LEFT = "\u200e", "\u200f"
"""Marks that nothing is seen of; a line begins with one where its own letters would mislead."""

_STRONG = {"L": False, "R": True, "AL": True}
_SIMPLER = {"": "ON", "LRI": "LRE", "RLI": "RLE", "FSI": "LRE", "PDI": "PDF"}
"""python-bidi knows neither isolates nor characters newer than Python's own tables."""


class Leveled(Protocol):
    """What has a level: even is read from the left, odd from the right."""

    @property
    def level(self) -> int:
        """0 at most levels of nesting less than 62."""


Run = TypeVar("Run", bound=Leveled)


def is_rtl(text: str) -> bool:
    """Whether the first letter that has a direction is written from right to left."""
    return _first(text) or False


def _first(text: Iterable[str]) -> bool | None:
    """Whether the first character with a direction goes from right to left; None if there is none."""
    kinds = (unicodedata.bidirectional(character) for character in text)
    return next((_STRONG[kind] for kind in kinds if kind in _STRONG), None)


def marked(lines: Sequence[str], *, rtl: bool) -> list[str]:
    """Lines of a paragraph that goes this way, each of which alone is read as it is within the paragraph.

    A sign between two letters of one direction goes with them, even where a line ends between.
    """
    turns = ["", *(_turn(one, other, rtl=rtl) for one, other in pairwise(lines)), ""]
    told = []
    for line, before, after in zip(lines, turns, turns[1:], strict=False):
        start = before if _first(line[:1]) is None else ""
        end = after if _first(line[-1:]) is None else ""
        whole = f"{start}{line}{end}" if line else line
        told.append(whole if is_rtl(whole) == rtl else _mark(rtl=rtl) + whole)
    return told


def _turn(line: str, following: str, *, rtl: bool) -> str:
    """A mark of the direction on both sides of a line's end, if it isn't the paragraph's."""
    way = _first(reversed(line))
    return "" if way is None or way == rtl or way != _first(following) else _mark(rtl=way)


def _mark(*, rtl: bool) -> str:
    return RIGHT_TO_LEFT if rtl else LEFT_TO_RIGHT


def levels(line: str) -> list[int]:
    """The level of each code point."""
    base = int(is_rtl(line))
    kinds = [unicodedata.bidirectional(character) for character in line]
    if not base and not {"R", "AL", "AN", "RLE", "RLO", "RLI"}.intersection(kinds):
        return [0] * len(line)
    found = dict(_resolved(line, kinds, base))
    last = base
    return [last := found.get(at, last) for at in range(len(line))]


def _resolved(line: str, kinds: Sequence[str], base: int) -> Iterator[tuple[int, int]]:
    """Positions and levels; rule X9 takes away what has none of its own."""
    from bidi import algorithm

    chars: list[dict[str, Any]] = [
        {"ch": character, "level": base, "type": _SIMPLER.get(kind, kind), "orig": kind, "at": at}
        for at, (character, kind) in enumerate(zip(line, kinds, strict=True))
    ]
    storage: dict[str, Any] = {"base_level": base, "base_dir": "LR"[base], "chars": chars, "runs": deque()}
    algorithm.explicit_embed_and_overrides(storage)
    algorithm.resolve_weak_types(storage)
    _resolve_brackets(storage)
    algorithm.resolve_neutral_types(storage, debug=False)
    algorithm.resolve_implicit_levels(storage, debug=False)
    return ((char["at"], char["level"]) for char in storage["chars"])


def _resolve_brackets(storage: dict[str, Any]) -> None:
    """Rule N0, which python-bidi lacks: both of a pair go the way of what is in them or before them."""
    for run in storage["runs"]:
        chars = storage["chars"][run["start"] : run["start"] + run["length"]]
        for opening, closing in _pairs(chars):
            inside = {_strength(char["type"]) for char in chars[opening + 1 : closing]} - {""}
            own = "LR"[chars[opening]["level"] % 2]
            before = (_strength(char["type"]) for char in reversed(chars[:opening]))
            context = next((strength for strength in before if strength), run["sor"])
            if inside:
                way = own if own in inside or context == own else context
                chars[opening]["type"] = chars[closing]["type"] = way


def _strength(kind: str) -> str:
    return {"L": "L", "R": "R", "EN": "R", "AN": "R"}.get(kind, "")


def _pairs(chars: Sequence[dict[str, Any]]) -> list[tuple[int, int]]:
    """Positions of brackets that belong together, in the order of the opening ones."""
    from bidi.mirror import MIRRORED

    pairs, waiting = [], list[tuple[int, str]]()
    for at, char in enumerate(chars):
        category = unicodedata.category(char["ch"]) if char["type"] == "ON" else ""
        if category == "Ps":
            waiting.append((at, MIRRORED.get(char["ch"], "")))
        elif category == "Pe" and any(closing == char["ch"] for _, closing in waiting):
            while waiting[-1][1] != char["ch"]:
                waiting.pop()
            pairs.append((waiting.pop()[0], at))
    return sorted(pairs)


def on_screen(runs: Sequence[Run]) -> list[Run]:
    """Runs in the order they are drawn in, from left to right (rule L2)."""
    ordered = list(runs)
    for level in range(max((run.level for run in runs), default=0), 0, -1):
        start = 0
        while start < len(ordered):
            end = start
            while end < len(ordered) and ordered[end].level >= level:
                end += 1
            ordered[start:end] = reversed(ordered[start:end])
            start = max(end, start + 1)
    return ordered
