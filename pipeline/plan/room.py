"""The room for stickers on a canvas while it fills up: inside the safe area, never one over another.

All of it is in whole pixels.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from math import ceil, floor

from pipeline.model import Profile, Rect, Size

GAP = 0.022
"""Between two stickers, as a fraction of the canvas's width: 24 px of 1080."""


class Room:
    """The safe area of a profile, and what of it is taken."""

    def __init__(self, profile: Profile) -> None:
        area, canvas = profile.safe_area, profile.canvas
        left, top = ceil(canvas.width * area.left), ceil(canvas.height * area.top)
        right, bottom = floor(canvas.width * (1 - area.right)), floor(canvas.height * (1 - area.bottom))
        self.canvas = canvas
        self.safe = Rect(left, top, max(0, right - left), max(0, bottom - top))
        self.gap = round(canvas.width * GAP)
        self._taken: list[Rect] = []

    def take(self, sizes: Sequence[Size], wish: tuple[float, float]) -> list[Rect]:
        """Places for as many of the sizes as there is room for, from the first on, together in rows.

        The middle of them all comes as near to `wish` (fractions of the canvas) as the others leave.
        """
        for count in range(len(sizes), 0, -1):
            rows = self._rows(sizes[:count])
            whole = self._around(rows)
            corner = self._free_corner(whole, wish)
            if corner is not None:
                block = Rect(*corner, whole.width, whole.height)
                self._taken.append(block)
                return list(self._inside_block(rows, block, wish[0]))
        return []

    def band(self) -> Rect:
        """The highest strip of the safe area, from side to side, in which nothing is yet."""
        floor = self.safe.y
        strips: list[tuple[int, int]] = []
        for rect in sorted(self._taken, key=lambda rect: rect.y):
            strips.append((floor, rect.y - self.gap))
            floor = max(floor, rect.y + rect.height + self.gap)
        strips.append((floor, self.safe.y + self.safe.height))
        top, bottom = max(strips, key=lambda strip: strip[1] - strip[0])
        return Rect(self.safe.x, top, self.safe.width, max(0, bottom - top))

    def _rows(self, sizes: Sequence[Size]) -> list[list[Size]]:
        """Row after row, as words are set."""
        rows: list[list[Size]] = [[]]
        for size in sizes:
            if rows[-1] and self._width([*rows[-1], size]) > self.safe.width:
                rows.append([])
            rows[-1].append(size)
        return rows

    def _width(self, row: Sequence[Size]) -> int:
        return sum(size.width for size in row) + self.gap * (len(row) - 1)

    def _around(self, rows: Sequence[Sequence[Size]]) -> Size:
        height = sum(row[0].height for row in rows) + self.gap * (len(rows) - 1)
        return Size(max(map(self._width, rows)), height)

    def _free_corner(self, size: Size, wish: tuple[float, float]) -> tuple[int, int] | None:
        """The free place nearest to the wish: there, or at an edge of what is taken."""
        if not 0 < size.width <= self.safe.width or size.height > self.safe.height:
            return None
        middle = round(wish[0] * self.canvas.width), round(wish[1] * self.canvas.height)
        wished = self._kept_inside(size, middle[0] - size.width // 2, middle[1] - size.height // 2)
        xs, ys = {wished[0]}, {wished[1]}
        for rect in self._taken:
            xs |= {rect.x + rect.width + self.gap, rect.x - size.width - self.gap}
            ys |= {rect.y + rect.height + self.gap, rect.y - size.height - self.gap}
        corners = {self._kept_inside(size, x, y) for x, y in itertools.product(xs, ys)}
        free = [corner for corner in corners if self._is_free(corner, size)]
        return min(free, key=lambda corner: (_distance(corner, wished), corner), default=None)

    def _kept_inside(self, size: Size, x: int, y: int) -> tuple[int, int]:
        most_x = self.safe.x + self.safe.width - size.width
        most_y = self.safe.y + self.safe.height - size.height
        return max(self.safe.x, min(x, most_x)), max(self.safe.y, min(y, most_y))

    def _is_free(self, corner: tuple[int, int], size: Size) -> bool:
        x, y = corner
        return all(
            x >= rect.x + rect.width + self.gap
            or rect.x >= x + size.width + self.gap
            or y >= rect.y + rect.height + self.gap
            or rect.y >= y + size.height + self.gap
            for rect in self._taken
        )

    def _inside_block(self, rows: Sequence[Sequence[Size]], block: Rect, align: float) -> Iterator[Rect]:
        """The single places; shorter rows lean to the side that was wished for."""
        y = block.y
        for row in rows:
            x = block.x + round((block.width - self._width(row)) * align)
            for size in row:
                yield Rect(x, y, size.width, size.height)
                x += size.width + self.gap
            y += row[0].height + self.gap


def _distance(corner: tuple[int, int], wished: tuple[int, int]) -> int:
    """In pixels, squared."""
    return (corner[0] - wished[0]) ** 2 + (corner[1] - wished[1]) ** 2
