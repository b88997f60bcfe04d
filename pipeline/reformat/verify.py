"""Trust nothing: each result is probed, and held against what its recipe promised."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from pipeline.errors import AssetError, RenderError, VerificationError
from pipeline.model import Facts, Size
from pipeline.reformat.order import Order
from pipeline.tools.mp4_samples import starts_on_key_frame
from pipeline.tools.probe import probe

SHORTEST_SLACK_S = 0.25
SLACK_SHARE = 0.02
FPS_SLACK = 0.01
MOST_MEGAPIXELS = 100


def verified(order: Order, result: Path) -> Facts:
    """The facts of a result that keeps every promise.

    Raises RenderError when the source gave out too early, VerificationError when a promise is broken.
    """
    facts = _probed(order, result)
    _check_length(order, facts)
    broken = "; ".join(_broken(order, facts, result))
    if broken:
        raise VerificationError(
            f"{order.name}, part {order.part}: the result isn't what was promised: {broken}"
        )
    return facts


def _probed(order: Order, result: Path) -> Facts:
    with suppress(AssetError):  # a disk that fails once must not cost the story; asked twice, it can't
        return probe(result, MOST_MEGAPIXELS)
    try:
        return probe(result, MOST_MEGAPIXELS)
    except AssetError as error:
        why = str(error).replace(result.name, "it")
        raise VerificationError(
            f"{order.name}, part {order.part}: the result can't be read ({why}), so the source is probably "
            "damaged: copy it into the inbox again"
        ) from error


def _check_length(order: Order, facts: Facts) -> None:
    """A file that breaks off is a success to ffmpeg (measured 2026-11), so the length tells."""
    if order.makes_photo:
        return
    is_s = facts.duration_s or 0.0
    slack_s = _slack_s(order)
    if is_s < order.seconds - slack_s:
        raise RenderError(
            f"{order.name} is damaged or cut short: of {order.seconds:.1f} s from "
            f"{order.stretch.start_s:.1f} s on, only {is_s:.1f} s can be read; copy it into the inbox again"
        )
    if is_s > order.seconds + slack_s:
        raise VerificationError(
            f"{order.name}, part {order.part}: the result lasts {is_s:.2f} s instead of {order.seconds:.2f} s"
        )


def _slack_s(order: Order) -> float:
    """Of a stretch that is copied no frame may be missing: it might be the one that all others build on."""
    return 0.75 / order.fps if order.is_cut else max(SHORTEST_SLACK_S, order.seconds * SLACK_SHARE)


def _broken(order: Order, facts: Facts, result: Path) -> Iterator[str]:
    yield from _broken_anyway(order, facts)
    if order.makes_photo:
        yield from _broken_photo(facts)
    else:
        yield from _broken_video(order, facts)
    if order.is_cut and not starts_on_key_frame(result):
        yield "it doesn't begin with a key frame"


def _broken_anyway(order: Order, facts: Facts) -> Iterator[str]:
    size, wanted = Size(facts.width, facts.height), _promised_size(order)
    if size != wanted:
        yield f"it is {size.width}×{size.height}, not {wanted.width}×{wanted.height}"
    if facts.rotation or facts.mirrored:
        yield "it is stored turned or mirrored"
    if facts.bytes > order.recipe.max_bytes:
        yield f"it has {facts.bytes} bytes, more than {order.recipe.max_bytes}"
    if facts.metadata:
        yield "it carries metadata"


def _promised_size(order: Order) -> Size:
    if order.recipe.action in {"passthrough", "remux"}:
        return Size(order.asset.facts.width, order.asset.facts.height)
    return order.recipe.canvas


def _broken_photo(facts: Facts) -> Iterator[str]:
    if facts.container != "jpeg" or facts.pix_fmt != "RGB":
        yield f"it is {facts.container} {facts.pix_fmt}, not JPEG RGB"
    if facts.icc:
        yield "it isn't sRGB"


def _broken_video(order: Order, facts: Facts) -> Iterator[str]:
    if (facts.codec, facts.pix_fmt) != ("h264", "yuv420p"):
        yield f"it is {facts.codec} {facts.pix_fmt}, not h264 yuv420p"
    if facts.sample_aspect != 1.0:
        yield "its pixels aren't square"
    if facts.interlaced:
        yield "it is interlaced"
    yield from _broken_colours(order, facts)
    yield from _broken_rate(order, facts)
    yield from _broken_sound(order, facts)
    yield from _broken_wrapping(facts)


def _broken_colours(order: Order, facts: Facts) -> Iterator[str]:
    colour = facts.colour
    untagged_will_do = order.recipe.action in {"passthrough", "remux"}
    allowed = {"bt709", None} if untagged_will_do else {"bt709"}
    if not {colour.matrix, colour.primaries, colour.transfer} <= allowed or colour.full_range or facts.hdr:
        yield f"its colours are {colour.matrix}/{colour.primaries}/{colour.transfer}, not bt709 limited"


def _broken_rate(order: Order, facts: Facts) -> Iterator[str]:
    if facts.vfr or facts.fps is None:
        yield "its frame rate varies"
    elif facts.fps > order.fps * (1 + FPS_SLACK):
        yield f"it has {facts.fps:.2f} fps, more than {order.fps:.2f}"


def _broken_sound(order: Order, facts: Facts) -> Iterator[str]:
    if order.has_sound and facts.audio is None:
        yield "its sound is missing"
    if not order.has_sound and facts.audio is not None:
        yield "it should be silent"
    if facts.audio and (facts.audio.codec != "aac" or facts.audio.channels > 2):  # noqa: PLR2004 - stereo
        yield f"its sound is {facts.audio.codec} with {facts.audio.channels} channels"


def _broken_wrapping(facts: Facts) -> Iterator[str]:
    if facts.container != "mp4":
        yield f"it is {facts.container}, not mp4"
    if not facts.faststart:
        yield "its index isn't in front"
    if facts.edit_list:
        yield "it has an edit list"
    if facts.extra_streams:
        yield f"it has {facts.extra_streams} tracks too many"
