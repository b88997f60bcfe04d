"""Faces drawn of ellipses, nobody's, but good enough for a detector; and things that lie alone on a table."""

from __future__ import annotations

from PIL import Image, ImageDraw, ImageFilter

SKIN, HAIR, DARK, LIPS, LIGHT = "#d9a880", "#3a2a20", "#2a2020", "#a04848", "#f4f0ea"
WALL = "#8fa3ad"


def draw_face(picture: Image.Image, middle: tuple[int, int], height: int) -> None:
    """A frontal face with hair and shoulders, its chin to its forehead so high."""
    size = height * 2
    face = Image.new("RGBA", (size, size), (0, 0, 0, 0))
    draw = ImageDraw.Draw(face)

    def oval(x: float, y: float, wide: float, high: float, colour: str) -> None:
        """In shares of the face's height from its middle."""
        at_x, at_y = size / 2 + x * height, size / 2 + y * height
        half = (wide * height / 2, high * height / 2)
        draw.ellipse((at_x - half[0], at_y - half[1], at_x + half[0], at_y + half[1]), fill=colour)

    oval(0, 0.95, 1.5, 0.9, "#35506b")
    oval(0, -0.12, 0.98, 1.25, HAIR)
    oval(0, 0.45, 0.42, 0.5, "#c08f6a")
    oval(0, 0.02, 0.78, 1.02, SKIN)
    for side in (-1, 1):
        oval(side * 0.19, -0.11, 0.24, 0.13, "#b98a66")
        oval(side * 0.19, -0.17, 0.24, 0.05, HAIR)
        oval(side * 0.19, -0.08, 0.17, 0.085, LIGHT)
        oval(side * 0.19, -0.08, 0.085, 0.085, DARK)
        oval(side * 0.06, 0.13, 0.05, 0.035, "#8a5f48")
    oval(0, 0.06, 0.11, 0.2, "#e2b48e")
    oval(0, 0.28, 0.32, 0.1, LIPS)
    oval(0, 0.272, 0.26, 0.03, DARK)
    soft = face.filter(ImageFilter.GaussianBlur(max(1.0, height / 60)))
    picture.paste(soft, (middle[0] - size // 2, middle[1] - size // 2), soft)


def with_faces(size: tuple[int, int], *faces: tuple[int, int, int]) -> Image.Image:
    """A wall with faces before it: x and y of their middles, and their heights."""
    picture = Image.new("RGB", size, WALL)
    for x, y, height in faces:
        draw_face(picture, (x, y), height)
    return picture


def lone_thing(size: tuple[int, int], middle: tuple[int, int], width: int) -> Image.Image:
    """A striped box alone on a table that is lit from the left."""
    light = Image.linear_gradient("L").rotate(90).resize(size)
    picture = Image.merge(
        "RGB", [light.point(lambda level, to=to: to + level // 12) for to in (200, 190, 170)]
    )
    draw = ImageDraw.Draw(picture)
    left, top, step = middle[0] - width // 2, middle[1] - width // 2, max(2, width // 6)
    for number in range(6):
        colour = "#7a1f2b" if number % 2 else "#f0d060"
        draw.rectangle((left + number * step, top, left + (number + 1) * step, top + width), fill=colour)
    return picture
