"""Photos: decoded as small as will do, upright, sRGB, on the canvas, as a JPEG within its limit."""

from __future__ import annotations

import io
from pathlib import Path

from PIL import Image, ImageFilter

from pipeline.errors import BudgetError
from pipeline.model import Facts, Overlay, Recipe, Rect, Size
from pipeline.plan.fit import Placement
from pipeline.reformat.colour import scalable, srgb
from pipeline.reformat.jpeg import without_metadata
from pipeline.reformat.order import Order
from pipeline.tools.picture import opened

LOWEST_QUALITY = 40
"""Below this, JPEG's blocks are plain to see on a phone."""

BLUR_WIDTH = 90
BLUR_RADIUS_SHARE = 3 / 90
"""As in the graph for videos: of the same picture, both make the same background."""

TURNS = {
    90: Image.Transpose.ROTATE_270,  # Pillow counts against the clock
    180: Image.Transpose.ROTATE_180,
    270: Image.Transpose.ROTATE_90,
}


def make_photo(order: Order, target: Path) -> None:
    """Write the story's JPEG. Raises UnreadableError for a damaged source, BudgetError when none fits."""
    target.write_bytes(_encoded(photo_on_canvas(order), order))


def photo_on_canvas(order: Order) -> Image.Image:
    """The photo as its recipe wants it, RGB. Raises UnreadableError for a damaged source."""
    recipe = order.recipe
    with opened(order.asset.path, order.asset.facts.container) as picture:
        placement = Placement(recipe.crop, recipe.frame)
        canvas = _on_canvas(_scaled(picture, order.asset.facts, placement, recipe.matte), recipe)
    if recipe.overlay:
        canvas = _under(recipe.overlay, canvas, order.part)
    canvas.info.clear()  # Pillow would write the source's comment into the result
    return canvas


def strip_photo(order: Order, target: Path) -> None:
    """Write the same JPEG without metadata: not one pixel changes."""
    target.write_bytes(without_metadata(order.asset.path.read_bytes(), order.name))


def small_copy(picture: Image.Image, facts: Facts, size: Size, matte: str) -> Image.Image:
    """All of an opened picture at this upright size, sRGB, over a colour where it is transparent."""
    everything = Rect(0, 0, facts.width, facts.height)
    return _scaled(picture, facts, Placement(everything, Rect(0, 0, size.width, size.height)), matte)


def stored_rect(upright: Rect, facts: Facts) -> Rect:
    """Where a rectangle of the upright picture lies in the stored one."""
    x, y, width, height = upright.x, upright.y, upright.width, upright.height
    match facts.rotation:
        case 90:
            x, y, width, height = y, facts.width - x - width, height, width
        case 180:
            x, y = facts.width - x - width, facts.height - y - height
        case 270:
            x, y, width, height = facts.height - y - height, x, height, width
    if facts.mirrored:
        x = stored_size(facts).width - x - width
    return Rect(x, y, width, height)


def stored_size(facts: Facts) -> Size:
    """Width and height as they are in the file."""
    lies = facts.rotation in (90, 270)
    return Size(facts.height, facts.width) if lies else Size(facts.width, facts.height)


def _scaled(picture: Image.Image, facts: Facts, placement: Placement, matte: str) -> Image.Image:
    """The crop at the frame's size, upright, sRGB. Colours and turns come last: small pictures are cheap."""
    profile = picture.info.get("icc_profile")
    crop = stored_rect(placement.crop, facts)
    frame = Size(placement.frame.width, placement.frame.height)
    if facts.rotation in (90, 270):
        frame = Size(frame.height, frame.width)
    whole = picture.size
    _draft(picture, crop, frame)
    shrunk_x, shrunk_y = picture.width / whole[0], picture.height / whole[1]
    box = (
        crop.x * shrunk_x,
        crop.y * shrunk_y,
        min(picture.width, (crop.x + crop.width) * shrunk_x),
        min(picture.height, (crop.y + crop.height) * shrunk_y),
    )
    small = scalable(picture).resize((frame.width, frame.height), Image.Resampling.LANCZOS, box)
    return upright(srgb(small, profile, matte), facts)


def _draft(picture: Image.Image, crop: Rect, frame: Size) -> None:
    """Let JPEG's decoder shrink by 2, 4 or 8, never below what the frame needs: 50 dB from the full way."""
    scale = max(frame.width / crop.width, frame.height / crop.height)
    if scale < 1:
        picture.draft(None, (int(picture.width * scale) + 1, int(picture.height * scale) + 1))


def upright(picture: Image.Image, facts: Facts) -> Image.Image:
    """The stored picture as it is meant to be seen."""
    if facts.mirrored:
        picture = picture.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    turn = TURNS.get(facts.rotation)
    return picture.transpose(turn) if turn is not None else picture


def _on_canvas(front: Image.Image, recipe: Recipe) -> Image.Image:
    canvas = (recipe.canvas.width, recipe.canvas.height)
    if front.size == canvas:
        return front
    back = Image.new("RGB", canvas, recipe.background) if recipe.background else _blurred(front, canvas)
    back.paste(front, (recipe.frame.x, recipe.frame.y))
    return back


def _under(overlay: Overlay, canvas: Image.Image, part: int) -> Image.Image:
    from pipeline.reformat.overlay import drawn  # fonts and codes, for decorated photos only

    layer = drawn(overlay, Size(canvas.width, canvas.height), part)
    canvas.paste(layer, (0, 0), layer)
    return canvas


def _blurred(front: Image.Image, canvas: tuple[int, int]) -> Image.Image:
    """A copy that fills the canvas, blurred small: larger blurs look the same."""
    width, height = front.size
    cut_width = min(width, height * canvas[0] / canvas[1])
    cut_height = min(height, width * canvas[1] / canvas[0])
    left, top = (width - cut_width) / 2, (height - cut_height) / 2
    small_width = min(BLUR_WIDTH, canvas[0])
    small = front.resize(
        (small_width, max(1, round(small_width * canvas[1] / canvas[0]))),
        Image.Resampling.BOX,
        (left, top, left + cut_width, top + cut_height),
    )
    blurred = small.filter(ImageFilter.GaussianBlur(small_width * BLUR_RADIUS_SHARE))
    return blurred.resize(canvas, Image.Resampling.BICUBIC)


def _encoded(canvas: Image.Image, order: Order) -> bytes:
    """The best quality that fits, found by halving; usually the first try."""
    recipe = order.recipe
    best = _jpeg(canvas, recipe.quality)
    if len(best) <= recipe.max_bytes:
        return best
    good, bad = LOWEST_QUALITY, recipe.quality
    best = _jpeg(canvas, good)
    if len(best) > recipe.max_bytes or good >= bad:
        raise BudgetError(
            f"{order.name}: even at JPEG quality {LOWEST_QUALITY} it takes {len(best)} bytes, above "
            f"{recipe.max_bytes}; raise platforms.{recipe.profile}.photo.max_bytes"
        )
    while bad - good > 1:
        middle = (good + bad) // 2
        attempt = _jpeg(canvas, middle)
        if len(attempt) <= recipe.max_bytes:
            good, best = middle, attempt
        else:
            bad = middle
    return best


def _jpeg(canvas: Image.Image, quality: int) -> bytes:
    encoded = io.BytesIO()
    canvas.save(encoded, "JPEG", quality=quality, subsampling="4:2:0", optimize=False)
    return encoded.getvalue()
