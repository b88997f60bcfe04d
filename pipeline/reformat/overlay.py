"""An overlay drawn: panels, decals, codes and words as one layer with transparency."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

from PIL import Image, ImageChops, ImageColor, ImageDraw

from pipeline.errors import RenderError
from pipeline.model import Code, Decal, Overlay, Panel, Rect, Size, Words
from pipeline.reformat.colour import scalable, srgb
from pipeline.reformat.photo import upright
from pipeline.tools.files import sha256_of
from pipeline.tools.picture import opened
from pipeline.tools.probe import probe

Piece = TypeVar("Piece", Panel, Words)
AGAIN = "`storyrelay retry` plans it again"
SMOOTH = 4
"""Round corners are drawn so many times larger, and made smaller."""

QUIET_MODULES = 4
CLEAR = (0, 0, 0, 0)


def drawn(overlay: Overlay, size: Size, part: int) -> Image.Image:
    """Everything that one part shows, as RGBA of this size.

    Raises RenderError when the file of a decal was changed or is gone, ConfigError for a font that can't be
    read.
    """
    canvas = overlay.canvas
    layer = Image.new("RGBA", (canvas.width, canvas.height), CLEAR)
    for panel in _of_part(overlay.panels, part):
        _draw_panel(layer, panel)
    for decal in overlay.decals:
        _draw_decal(layer, decal)
    for code in overlay.codes:
        _draw_code(layer, code)
    words = list(_of_part(overlay.words, part))
    if words:
        from pipeline.lettering import typesetter  # fonts

        setter = typesetter(overlay.fallback)
        for text in words:
            setter.draw(layer, text)
    return layer if canvas == size else _scaled(layer, size)


def _of_part(pieces: Iterable[Piece], part: int) -> Iterable[Piece]:
    return (piece for piece in pieces if piece.part in (None, part))


def _draw_panel(layer: Image.Image, panel: Panel) -> None:
    """Parts of it may lie outside the layer."""
    box = panel.box
    mask = _rounded(Size(box.width, box.height), panel.radius_px)
    if panel.fade != "none":
        slope = Image.linear_gradient("L").resize((box.width, box.height), Image.Resampling.BILINEAR)
        if panel.fade == "up":
            slope = slope.transpose(Image.Transpose.FLIP_TOP_BOTTOM)
        mask = ImageChops.multiply(mask, slope)
    mask = mask.point([round(level * panel.opacity) for level in range(256)])
    piece = Image.new("RGBA", mask.size, panel.colour)
    piece.putalpha(mask)
    _lay(layer, piece, box)


def _rounded(size: Size, radius_px: int) -> Image.Image:
    if not radius_px:
        return Image.new("L", (size.width, size.height), 255)
    large = Image.new("L", (size.width * SMOOTH, size.height * SMOOTH), 0)
    corner = (large.width - 1, large.height - 1)
    ImageDraw.Draw(large).rounded_rectangle(((0, 0), corner), radius_px * SMOOTH, fill=255)
    return large.resize((size.width, size.height), Image.Resampling.BOX)


def _draw_decal(layer: Image.Image, decal: Decal) -> None:
    """As our photos: upright and sRGB, but with its transparency."""
    try:
        same = sha256_of(decal.path) == decal.sha256
    except OSError as error:
        raise RenderError(f"{decal.path} can't be read any more: {error.strerror}; {AGAIN}") from error
    if not same:
        raise RenderError(f"{decal.path} was changed since the story was planned; {AGAIN}")
    facts = probe(decal.path)
    with opened(decal.path, facts.container) as picture:
        picture.load()
        profile = picture.info.get("icc_profile")
        source = scalable(picture)
        alpha = source.getchannel("A") if source.mode in {"LA", "RGBA"} else None
        colours = srgb(source.convert(source.mode[:-1]) if alpha else source, profile, "#000000")
    colours = upright(colours, facts)
    piece = colours.convert("RGBA")
    if alpha:
        piece.putalpha(upright(alpha, facts))
    piece = _scaled(piece, Size(decal.box.width, decal.box.height))
    piece.putalpha(piece.getchannel("A").point([round(level * decal.opacity) for level in range(256)]))
    _lay(layer, piece, decal.box)


def _draw_code(layer: Image.Image, code: Code) -> None:
    """Modules of whole pixels in the middle of the box, the quiet zone round them as wide as it gets."""
    import segno

    matrix = segno.make(code.payload, error="m", micro=False).matrix
    side = len(matrix)
    module_px = max(1, code.box.width // (side + 2 * QUIET_MODULES))
    piece = Image.new("RGBA", (code.box.width, code.box.height), code.light)
    small = Image.new("RGBA", (side, side), code.light)
    dark = ImageColor.getrgb(code.dark)
    for y, row in enumerate(matrix):
        for x, module in enumerate(row):
            if module:
                small.putpixel((x, y), (*dark[:3], 255))
    large = small.resize((side * module_px, side * module_px), Image.Resampling.NEAREST)
    piece.paste(large, ((piece.width - large.width) // 2, (piece.height - large.height) // 2))
    _lay(layer, piece, code.box)


def _lay(layer: Image.Image, piece: Image.Image, box: Rect) -> None:
    left, top = max(0, -box.x), max(0, -box.y)
    right, bottom = min(piece.width, layer.width - box.x), min(piece.height, layer.height - box.y)
    if left < right and top < bottom:
        layer.alpha_composite(piece.crop((left, top, right, bottom)), (box.x + left, box.y + top))


def _scaled(layer: Image.Image, size: Size) -> Image.Image:
    """With colours weighted by their opacity, or what is transparent would darken the edges."""
    weighted = layer.convert("RGBa").resize((size.width, size.height), Image.Resampling.LANCZOS)
    return weighted.convert("RGBA")
