"""ffmpeg's filter graph for one picture: pure text made of what is known about source and recipe."""

from __future__ import annotations

from fractions import Fraction

from pipeline.model import Facts, Rect, Size
from pipeline.reformat.laid import Laid
from pipeline.reformat.order import Order

BACKGROUND_FPS = 10
"""A blur may move in steps of 0.1 s: that saves 17 % of the work and 14 % of the bytes (2026-11)."""

BLUR_WIDTH = 144
BLUR_SIGMA_SHARE = 5 / 144
BLUR_STEPS = 3
"""One step leaves a peak in the middle through which shapes are seen; three are as good as a Gaussian."""

HD_LINES = 720
WIDE_PRIMARIES = frozenset({"bt2020", "smpte431", "smpte432"})
WIDEST_PRIMARIES, WIDEST_MATRIX = "bt2020", "bt2020nc"
TURNS = {90: ("transpose=clock",), 180: ("hflip", "vflip"), 270: ("transpose=cclock",)}
TRANSFER_OF = {"hlg": "arib-std-b67", "pq": "smpte2084"}
TAGS = (
    "sidedata=mode=delete,setparams=range=tv:color_primaries=bt709:color_trc=bt709:colorspace=bt709,setsar=1"
)
"""What else is known of the source's frames would be written to the result: its turn, so that it is turned
once more, HDR brightness for a picture that is no longer HDR, the room it was taken in (seen 2026-11)."""


def picture_graph(order: Order, laid: Laid | None = None) -> str:
    """From the picture stream, as it is stored, to [v]: upright, constant rate, BT.709, on the canvas.

    What is `laid` over it is the second input: a single picture, which stays until the end.
    """
    if laid is None:
        return f"{_picture(order)},{TAGS}[v]"
    over = f"overlay={laid.x}:{laid.y}:format=yuv420:eof_action=repeat"
    known = "setparams=range=tv:colorspace=bt709"
    return f"{_picture(order)}[under];[1:v]{known}[layer];[under][layer]{over},{TAGS}[v]"


def _picture(order: Order) -> str:
    facts, recipe = order.asset.facts, order.recipe
    frame = _even(recipe.frame)
    fills = (frame.width, frame.height) == (recipe.canvas.width, recipe.canvas.height)
    foreground = ",".join(
        (*_timing(order), *_upright(facts), *_matte(order), *_crop(order), *_scale(facts, frame))
    )
    foreground = f"[0:{facts.picture_stream}]{foreground},format=yuv420p,setsar=1"
    if fills:
        return foreground
    if recipe.background is not None:
        return f"{foreground},{_pad(recipe.canvas, frame, recipe.background)}"
    return _over_blur(foreground, order, frame)


def looking_graph(facts: Facts, size: Size) -> str:
    """From the picture stream to [v]: upright, small, in the colours of the result, as RGB."""
    scale = _scale(facts, Rect(0, 0, size.width, size.height))
    filters = ",".join((*_upright(facts), *scale))
    return f"[0:{facts.picture_stream}]{filters},scale=in_color_matrix=bt709:in_range=tv,format=rgb24[v]"


def rate(fps: float) -> str:
    """A frame rate as ffmpeg wants it, exact: 29.97 → 30000/1001."""
    exact = Fraction(fps).limit_denominator(1001)
    return str(exact.numerator) if exact.denominator == 1 else f"{exact.numerator}/{exact.denominator}"


def needs_tone_mapping(facts: Facts) -> bool:
    """Whether the graph uses filters that not every ffmpeg has."""
    return facts.hdr is not None or facts.colour.primaries in WIDE_PRIMARIES


def transfer_of(facts: Facts) -> str | None:
    """The transfer curve of an HDR source by ffmpeg's name; None where no usual one would show it right."""
    return TRANSFER_OF.get(facts.hdr or "") or _hdr_transfer(facts.colour.transfer)


def _hdr_transfer(transfer: str | None) -> str | None:
    return transfer if transfer in TRANSFER_OF.values() else None


def _timing(order: Order) -> tuple[str, ...]:
    """Deinterlace, then a constant rate from 0 on, so that sound keeps its place."""
    filters = ("bwdif=mode=send_frame:deint=interlaced",) if order.asset.facts.interlaced else ()
    filters = (*filters, f"fps={rate(order.fps)}:start_time=0")
    start_s = order.stretch.start_s
    if order.asset.facts.kind == "animation" and start_s > 0:  # their files have no index to seek in
        return (*filters, f"trim=start={start_s:.6f}", "setpts=PTS-STARTPTS")
    return filters


def _upright(facts: Facts) -> tuple[str, ...]:
    """Turned by the facts that the crop was made for: ffmpeg itself passes over EXIF in animated WebP."""
    flip = ("hflip",) if facts.mirrored else ()
    return (*flip, *TURNS.get(facts.rotation, ()))


def _matte(order: Order) -> tuple[str, ...]:
    """A colour under what is transparent."""
    if not order.asset.facts.alpha:
        return ()
    colour = _colour(order.recipe.matte)
    fill = f"drawbox=color={colour}:thickness=fill:replace=1"
    return (
        "format=rgba",
        f"split[top][under];[under]{fill}[matte];[matte][top]overlay=format=rgb",
    )


def _crop(order: Order) -> tuple[str, ...]:
    """The recipe's crop, in shares of the frame: its pixels may be stored oblong."""
    facts, crop = order.asset.facts, order.recipe.crop
    if (crop.x, crop.y, crop.width, crop.height) == (0, 0, facts.width, facts.height):
        return ()
    width, height = facts.width, facts.height
    return (
        f"crop=iw*{crop.width}/{width}:ih*{crop.height}/{height}:iw*{crop.x}/{width}:ih*{crop.y}/{height}",
    )


def _scale(facts: Facts, frame: Rect) -> tuple[str, ...]:
    if facts.hdr is not None:
        return _hdr_scale(facts, frame)
    if facts.colour.primaries in WIDE_PRIMARIES:
        return _wide_scale(facts, frame)
    known = "" if facts.colour.matrix else f":in_color_matrix={_usual_matrix(facts)}"
    size, flags = f"{frame.width}:{frame.height}", _scaler_flags(facts)
    return (f"scale={size}:flags={flags}{known}:out_color_matrix=bt709:out_range=tv",)


def _scaler_flags(facts: Facts) -> str:
    """Converting colours fast misses by up to 10 levels of red, exactly by 3, for 9 % more work (2026-11)."""
    matrix = facts.colour.matrix or _usual_matrix(facts)
    stays = matrix == "bt709" and not facts.colour.full_range and facts.pix_fmt.startswith("yuv")
    return "bicubic" if stays else "bicubic+accurate_rnd"


def _usual_matrix(facts: Facts) -> str:
    """What players take an untagged picture for: HD is BT.709, smaller is BT.601."""
    return "bt709" if min(facts.width, facts.height) >= HD_LINES else "bt601"


def _hdr_scale(facts: Facts, frame: Rect) -> tuple[str, ...]:
    """Tone-mapped after shrinking: 1.5 times the cost of decoding instead of 2.7 (measured 2026-11)."""
    transfer = transfer_of(facts) or TRANSFER_OF["pq"]
    source = _zscale_source(facts, transfer)
    return (
        _told(facts, transfer),
        f"zscale=w={frame.width}:h={frame.height}:{source}:t=linear:p=bt709:npl=150",
        "format=gbrpf32le",
        "tonemap=hable:desat=0",
        "zscale=t=bt709:m=bt709:r=tv",
    )


def _told(facts: Facts, transfer: str) -> str:
    """Frames that don't say what they are can't be converted, although zscale is told what it gets."""
    colour = facts.colour
    primaries, matrix = colour.primaries or WIDEST_PRIMARIES, colour.matrix or WIDEST_MATRIX
    return f"setparams=color_primaries={primaries}:color_trc={transfer}:colorspace={matrix}"


def _wide_scale(facts: Facts, frame: Rect) -> tuple[str, ...]:
    transfer = facts.colour.transfer or "bt709"
    source = _zscale_source(facts, transfer)
    return (
        _told(facts, transfer),
        f"zscale=w={frame.width}:h={frame.height}:{source}:t=bt709:p=bt709:m=bt709:r=tv",
    )


def _zscale_source(facts: Facts, transfer: str) -> str:
    colour = facts.colour
    primaries, matrix = colour.primaries or WIDEST_PRIMARIES, colour.matrix or WIDEST_MATRIX
    extent = "full" if colour.full_range else "limited"
    return f"tin={transfer}:pin={primaries}:min={matrix}:rin={extent}"


def _pad(canvas: Size, frame: Rect, background: str) -> str:
    return f"pad={canvas.width}:{canvas.height}:{frame.x}:{frame.y}:color={_colour(background)}"


def _over_blur(foreground: str, order: Order, frame: Rect) -> str:
    """The picture over a blurred copy that fills the canvas: blurred small, as large blurs only cost time.

    In 4:4:4, or the colours, at half the size, would be blurred twice as far and turn grey.

    The rate is raised again after enlarging, or the overlay would come out at the background's rate.
    """
    canvas = order.recipe.canvas
    width = min(BLUR_WIDTH, canvas.width)
    small = f"{_round_even(width)}:{_round_even(width * canvas.height / canvas.width)}"
    shape = f"crop=min(iw\\,ih*{canvas.width}/{canvas.height}):min(ih\\,iw*{canvas.height}/{canvas.width})"
    sigma = f"{width * BLUR_SIGMA_SHARE:.4g}"
    blur = f"scale={small}:flags=area,format=yuv444p,gblur=sigma={sigma}:steps={BLUR_STEPS}"
    return (
        f"{foreground},split[front][copy];"
        f"[copy]fps={BACKGROUND_FPS}:start_time=0,{shape},{blur},scale={canvas.width}:{canvas.height},format=yuv420p,setsar=1,"
        f"fps={rate(order.fps)}:start_time=0[back];"
        f"[back][front]overlay={frame.x}:{frame.y}"
    )


def _colour(value: str) -> str:
    return "0x" + value.removeprefix("#")


def _even(frame: Rect) -> Rect:
    """4:2:0 video halves its colour planes."""
    return Rect(frame.x // 2 * 2, frame.y // 2 * 2, _round_even(frame.width), _round_even(frame.height))


def _round_even(length: float) -> int:
    return max(2, round(length / 2) * 2)
