"""Videos and animations: one call of ffmpeg per part, a second try at the size, clear words on failure."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from pipeline.errors import BudgetError, EnvironmentFault, RenderError
from pipeline.reformat.arguments import (
    AAC_FRAME,
    SOUND_HZ,
    Call,
    TwoPass,
    clip_arguments,
    encode_arguments,
    remux_arguments,
    two_pass_arguments,
)
from pipeline.reformat.graph import needs_tone_mapping, transfer_of
from pipeline.reformat.laid import Laid, laid_out
from pipeline.reformat.order import Bench, Order
from pipeline.reformat.playlist import repeated
from pipeline.tools.child import Finished, Limits
from pipeline.tools.clock import fresh_name
from pipeline.tools.ffmpeg import OVERRIDE, find_ffmpeg, has_filters, run_ffmpeg
from pipeline.tools.files import TEMPORARY_PREFIX

SECOND_TRY_SHARE = 0.97
SMALLEST_KBPS = 50
CONTAINER_BYTES = 4_096
CONTAINER_BYTES_PER_SAMPLE = 16
HARMLESS_ERRORS = 10
HARMLESS_ERRORS_PER_SECOND = 5
"""Sound sources give none; 40 damaged bytes in 5 s of video gave 70 and visible blocks (measured 2026-11)."""

OUT_OF_MEMORY = ("Cannot allocate memory", "Resource temporarily unavailable", "malloc", "Decode error rate")
NEEDS_A_LIST = frozenset({"apng", "avif", "webp"})
"""AVIF loses its frame times; WebP and many an APNG can't be rewound for another play (measured 2026-11)."""

DISK_FULL = "No space left on device"


def transcode(order: Order, target: Path, bench: Bench) -> None:
    """Encode one part to `target`. Raises RenderError, BudgetError, EnvironmentFault or Interrupted."""
    _check_colours(order)
    with _readable(order, bench) as source, _over(order, bench) as laid:
        call = Call(order, source, bench.threads, laid)
        _run(call, encode_arguments(call, target), bench)
        if target.stat().st_size > order.recipe.max_bytes:
            _transcode_to_size(call, target, bench)


def make_clip(order: Order, target: Path, sound: Path, bench: Bench) -> None:
    """The one part of an order as a clip to compose a film of, and its sound, where it has any, as WAV."""
    _check_colours(order)
    with _readable(order, bench) as source:
        call = Call(order, source, bench.threads)
        _run(call, clip_arguments(call, target, sound), bench)


def remux(order: Order, target: Path, bench: Bench) -> None:
    """Re-wrap picture and sound unchanged, without metadata and other tracks, its index in front."""
    call = Call(order, order.asset.path, bench.threads)
    _run(call, remux_arguments(call, target), bench)


def _check_colours(order: Order) -> None:
    facts = order.asset.facts
    if facts.hdr == "dolby-vision" and transfer_of(facts) is None:
        raise RenderError(
            f"{order.name}: Dolby Vision without an HLG or PQ base layer can't be shown right; "
            "export it as HLG, HDR10 or SDR"
        )
    if needs_tone_mapping(facts) and not has_filters("zscale", "tonemap"):
        raise EnvironmentFault(f"{order.name} is HDR, and {find_ffmpeg()} lacks zscale; unset ${OVERRIDE}")


@contextmanager
def _readable(order: Order, bench: Bench) -> Iterator[Path]:
    """The source, or a list in its place where ffmpeg 9 gets the timing or the repeats wrong."""
    facts, plays = order.asset.facts, order.recipe.plays
    if facts.kind == "animation" and facts.container in NEEDS_A_LIST:
        with _scratch(bench) as prefix:
            yield _list(order, prefix, plays)
    else:
        yield order.asset.path


@contextmanager
def _over(order: Order, bench: Bench) -> Iterator[Laid | None]:
    if order.recipe.overlay is None:
        yield None
        return
    with _scratch(bench) as prefix, laid_out(order, prefix.with_name(f"{prefix.name}.yuv")) as laid:
        yield laid


def _list(order: Order, prefix: Path, plays: int) -> Path:
    if order.asset.facts.container == "avif":
        from pipeline.reformat.frames import frame_by_frame  # Pillow, for this rare kind only

        return frame_by_frame(order.asset.path, prefix, plays)
    return repeated(order.asset, prefix, plays)


@contextmanager
def _scratch(bench: Bench) -> Iterator[Path]:
    """A prefix for files that are gone afterwards."""
    bench.scratch.mkdir(parents=True, exist_ok=True)
    prefix = bench.scratch / f"{TEMPORARY_PREFIX}{fresh_name()}"
    try:
        yield prefix
    finally:
        for leftover in bench.scratch.glob(f"{prefix.name}*"):
            leftover.unlink(missing_ok=True)


def _transcode_to_size(call: Call, target: Path, bench: Bench) -> None:
    """The ceiling didn't hold: once more, in two passes, at an average that fits."""
    order, recipe = call.order, call.order.recipe
    first_bytes = target.stat().st_size
    kbps = average_kbps(order)
    if kbps >= SMALLEST_KBPS:
        with _scratch(bench) as log:
            for number in (1, 2):
                _run(call, two_pass_arguments(call, target, TwoPass(number, kbps, log)), bench)
    if kbps < SMALLEST_KBPS or target.stat().st_size > recipe.max_bytes:
        raise BudgetError(
            f"{order.name}, part {order.part}: {order.seconds:.1f} s take {first_bytes / 1e6:.2f} MB and "
            f"can't be made to fit {recipe.max_bytes / 1e6:.2f} MB; "
            f"lower platforms.{recipe.profile}.video.max_seconds"
        )


def average_kbps(order: Order) -> int:
    """The video bitrate at which picture, sound and container take 97 % of the limit; may be negative."""
    seconds = order.frames / order.fps
    samples = order.frames + (seconds * SOUND_HZ / AAC_FRAME if order.has_sound else 0)
    container = CONTAINER_BYTES + CONTAINER_BYTES_PER_SAMPLE * samples
    bits = (order.recipe.max_bytes * SECOND_TRY_SHARE - container) * 8
    sound_kbps = (order.recipe.audio_kbps or 0) if order.has_sound else 0
    return int(bits / seconds / 1000 - sound_kbps)


def _run(call: Call, arguments: list[str], bench: Bench) -> None:
    limits = Limits(bench.encode_minutes * 60, bench.child_memory_mb)
    try:
        finished = run_ffmpeg(arguments, limits, _reporter(call.order, bench.progress), bench.stop)
    except RenderError as error:
        raise RenderError(f"{call.order.name}: {error}") from error
    check(call.order, finished, bench)


def _reporter(order: Order, progress: Callable[[float], None] | None) -> Callable[[str], None] | None:
    """Turns ffmpeg's `out_time_us=…` lines into fractions."""
    if progress is None:
        return None

    def report(line: str) -> None:
        key, _, value = line.partition("=")
        if key == "out_time_us" and value.lstrip("-").isdigit() and order.seconds > 0:
            progress(min(1.0, max(0.0, int(value) / 1e6 / order.seconds)))

    return report


def check(order: Order, finished: Finished, bench: Bench) -> None:
    """Raises EnvironmentFault or RenderError, in words about the source, when ffmpeg didn't succeed."""
    said = _in_words(finished)
    if finished.returncode != 0 and any(DISK_FULL in line for line in finished.errors):
        raise EnvironmentFault(f"{order.name}: no space left in {bench.folder}; make room")
    if finished.returncode != 0 and any(sign in line for line in finished.errors for sign in OUT_OF_MEMORY):
        raise RenderError(
            f"{order.name}: ffmpeg failed, perhaps for lack of memory ({said}); "
            f"`limits.child_memory_mb` is {bench.child_memory_mb}"
        )
    if finished.returncode != 0:
        raise RenderError(
            f"{order.name}: ffmpeg failed ({said}); `storyrelay probe` shows what the file holds"
        )
    if finished.error_lines > HARMLESS_ERRORS + HARMLESS_ERRORS_PER_SECOND * order.seconds:
        raise RenderError(f"{order.name} is damaged: {finished.error_lines} errors while reading it ({said})")


def _in_words(finished: Finished) -> str:
    """The first kept complaint without ffmpeg's addresses; the later ones mostly repeat it."""
    if not finished.errors:
        return f"code {finished.returncode}, without a word"
    return finished.errors[0].rpartition("] ")[2][:200]
