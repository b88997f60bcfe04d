"""Pictures as video has them, in BT.709 at half the colour resolution: less to move, and nothing to convert.

A camera's view of 1080×1920 takes 17 ms of them and 25 ms of RGB, without what RGB costs later (2026-11).
"""

from __future__ import annotations

from dataclasses import dataclass

from PIL import Image

from pipeline.model import Size

Window = tuple[float, float, float, float]
"""Left, top, right and bottom in pixels, and in parts of them."""

LUMA = (0.182586, 0.614231, 0.062007, 16.0)
BLUENESS = (-0.100644, -0.338572, 0.439216, 128.0)
REDNESS = (0.439216, -0.398942, -0.040274, 128.0)
"""BT.709 in limited range, of 8-bit RGB."""

SHARP, SOFT = Image.Resampling.BICUBIC, Image.Resampling.BILINEAR


@dataclass(frozen=True, slots=True)
class Planes:
    """Brightness, and blue and red at half the size; never changed once made."""

    y: Image.Image
    cb: Image.Image
    cr: Image.Image

    @property
    def size(self) -> Size:
        """In pixels of brightness."""
        return Size(self.y.width, self.y.height)

    def seen(self, window: Window, size: Size) -> Planes:
        """What lies in the window, at this size."""
        if self.size == size and window == (0.0, 0.0, float(size.width), float(size.height)):
            return self
        left, top, right, bottom = (edge / 2 for edge in window)
        half, half_size = (left, top, right, bottom), (size.width // 2, size.height // 2)
        return Planes(
            self.y.resize((size.width, size.height), SHARP, window),
            self.cb.resize(half_size, SOFT, half),
            self.cr.resize(half_size, SOFT, half),
        )

    def fading(self, other: Planes, share: float) -> Planes:
        """This with so much of the other in its place."""
        return Planes(
            Image.blend(self.y, other.y, share),
            Image.blend(self.cb, other.cb, share),
            Image.blend(self.cr, other.cr, share),
        )

    def stored(self) -> bytes:
        """As yuv420p."""
        return b"".join((self.y.tobytes(), self.cb.tobytes(), self.cr.tobytes()))


@dataclass(frozen=True, slots=True)
class Layer:
    """Something that is laid over; `x` and `y` are even."""

    colours: Planes
    alpha: Image.Image
    half_alpha: Image.Image
    x: int
    y: int

    def over(self, picture: Planes) -> Planes:
        """The picture with it."""
        result = Planes(picture.y.copy(), picture.cb.copy(), picture.cr.copy())
        half = (self.x // 2, self.y // 2)
        result.y.paste(self.colours.y, (self.x, self.y), self.alpha)
        result.cb.paste(self.colours.cb, half, self.half_alpha)
        result.cr.paste(self.colours.cr, half, self.half_alpha)
        return result


def planes_of(picture: Image.Image) -> Planes:
    """An RGB picture, of even width and height."""
    half = picture.reduce(2)
    return Planes(picture.convert("L", LUMA), half.convert("L", BLUENESS), half.convert("L", REDNESS))


@dataclass(frozen=True, slots=True)
class Cutting:
    """What is seen of an RGBA picture: of even width and height, from an even place."""

    picture: Image.Image
    x: int
    y: int


def cutting(picture: Image.Image) -> Cutting | None:
    """Of an RGBA picture of even size; None when nothing of it is seen."""
    box = picture.getchannel("A").getbbox()
    if box is None:
        return None
    left, top = box[0] // 2 * 2, box[1] // 2 * 2
    right, bottom = (box[2] + 1) // 2 * 2, (box[3] + 1) // 2 * 2
    return Cutting(picture.crop((left, top, right, bottom)), left, top)


def layer_at(cut: Cutting) -> Layer:
    """It as a layer. Colours count as much as they are seen."""
    half = cut.picture.reduce(2)
    plain, small = cut.picture.convert("RGB"), half.convert("RGB")
    planes = Planes(plain.convert("L", LUMA), small.convert("L", BLUENESS), small.convert("L", REDNESS))
    return Layer(planes, cut.picture.getchannel("A"), half.getchannel("A"), cut.x, cut.y)
