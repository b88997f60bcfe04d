"""Upright or not: what EXIF and MP4 say about turning and flipping a stored picture."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Orientation:
    """Shows a stored picture upright: a left-right flip when `mirrored`, then a clockwise turn in degrees."""

    rotation: int = 0
    mirrored: bool = False

    @property
    def lies_on_its_side(self) -> bool:
        """Whether upright width and height are the stored height and width."""
        return self.rotation in (90, 270)


UPRIGHT = Orientation()
BY_EXIF = {
    1: UPRIGHT,
    2: Orientation(0, mirrored=True),
    3: Orientation(180),
    4: Orientation(180, mirrored=True),
    5: Orientation(270, mirrored=True),
    6: Orientation(90),
    7: Orientation(90, mirrored=True),
    8: Orientation(270),
}

# Signs of (a, b, c, d), where x' = a·x + c·y and y' = b·x + d·y, with y downwards (ISO 14496-12, 6.2.2).
BY_MATRIX = {
    (1, 0, 0, 1): UPRIGHT,
    (0, 1, -1, 0): Orientation(90),
    (-1, 0, 0, -1): Orientation(180),
    (0, -1, 1, 0): Orientation(270),
    (-1, 0, 0, 1): Orientation(0, mirrored=True),
    (0, -1, -1, 0): Orientation(90, mirrored=True),
    (1, 0, 0, -1): Orientation(180, mirrored=True),
    (0, 1, 1, 0): Orientation(270, mirrored=True),
}


def from_exif(orientation: object) -> Orientation:
    """Of EXIF's tag 274; anything that isn't 1 to 8 counts as upright, as it does for browsers."""
    return BY_EXIF.get(orientation, UPRIGHT) if isinstance(orientation, int) else UPRIGHT


def from_matrix(matrix: tuple[float, float, float, float]) -> Orientation:
    """Of a display matrix (a, b, c, d), to the nearest quarter turn; a matrix of zeros counts as upright."""
    largest = max(abs(entry) for entry in matrix) or 1.0
    a, b, c, d = (round(entry / largest) for entry in matrix)
    return BY_MATRIX.get((a, b, c, d), UPRIGHT)
