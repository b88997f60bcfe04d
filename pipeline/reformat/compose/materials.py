"""What a film is made of, made ready: photos on their canvas, clips upright and steady, sounds as WAV."""

from __future__ import annotations

import dataclasses
import math
import wave
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from pipeline.errors import RenderError, UnreadableError
from pipeline.model import Asset, Composition, Facts, Material, Part, Recipe, Take
from pipeline.reformat.compose.clips import SOUND_HZ
from pipeline.reformat.compose.planes import Planes, planes_of
from pipeline.reformat.order import Bench, Order
from pipeline.reformat.photo import photo_on_canvas
from pipeline.reformat.video import make_clip
from pipeline.tools.child import Limits
from pipeline.tools.ffmpeg import run_ffmpeg
from pipeline.tools.files import sha256_of
from pipeline.tools.motion import film_of

NO_LIMIT = 1 << 62
FORMATS = "mp3,mov,ogg,wav,w64,flac,aac,aiff,caf,matroska,asf,amr"
"""What sound may come in: a list of other files, which ffmpeg would open too, isn't among it."""

MISSING_S, MISSING_SHARE = 0.25, 0.02


def materials_of(composition: Composition) -> Iterator[Material]:
    """Every file, in the order of the takes, then what is only heard."""
    yield from (take.source for take in composition.takes)
    yield from (bed.source for bed in (composition.music, composition.voice) if bed)


@contextmanager
def unchanged(composition: Composition) -> Iterator[None]:
    """Raises RenderError when a file isn't what was planned with, before the block or after it."""
    files = {material.path: material for material in materials_of(composition)}
    before = {path: _state(path) for path in files}
    for path, material in files.items():
        if sha256_of(path) != material.sha256:
            raise _changed(path)
    yield
    for path, state in before.items():
        if _state(path) != state:
            raise _changed(path)


def photo_planes(take: Take, fps: float) -> Planes:
    """A photo on its take's canvas."""
    return planes_of(photo_on_canvas(_order(take, fps)))


def ready_clip(take: Take, fps: float, target: Path, bench: Bench) -> Path | None:
    """Write a clip or an animation to `target`, on its canvas at this rate; gives its sound, if it has any.

    Raises RenderError when it is damaged or gives out before its time.
    """
    order = _order(take, fps)
    sound = target.with_suffix(".wav")
    with film_of(take.source.path, order.asset.facts, bench.scratch) as source:
        asset = dataclasses.replace(order.asset, path=source)
        make_clip(dataclasses.replace(order, asset=asset), target, sound, bench)
    return sound if order.has_sound else None


def check_length(take: Take, is_s: float) -> None:
    """A clip that is shorter than its take stands still at its end; one that gives out is damaged."""
    stretch, plays = _stretch(take, _facts(take))
    promised_s = min(take.seconds, (stretch.end_s - stretch.start_s) * plays)
    if is_s < promised_s - max(MISSING_S, promised_s * MISSING_SHARE):
        raise RenderError(
            f"{take.source.path.name} is damaged or cut short: of {promised_s:.1f} s from "
            f"{take.start_s:.1f} s on, only {is_s:.1f} s can be read; copy it into the inbox again"
        )


def ready_sound(source: Path, seconds: float, target: Path, bench: Bench) -> Path:
    """Write so much of any sound as WAV of one or two channels. Raises UnreadableError when there is none."""
    filters = f"aresample={SOUND_HZ}:async=1:first_pts=0,aformat=sample_fmts=s16:channel_layouts=stereo|mono"
    whitelist = ("-protocol_whitelist", "file", "-format_whitelist", FORMATS)
    finished = run_ffmpeg(
        [
            *(*whitelist, "-i", f"file:{source.absolute()}", "-map", "0:a:0", "-vn", "-t", f"{seconds:.3f}"),
            *("-filter:a", filters, "-c:a", "pcm_s16le", "-map_metadata", "-1", "-fflags", "+bitexact"),
            *("-f", "wav", f"file:{target.absolute()}"),
        ],
        Limits(bench.encode_minutes * 60, bench.child_memory_mb),
        stop=bench.stop,
    )
    if finished.returncode != 0 or not _frames(target):
        why = finished.errors[0].rpartition("] ")[2][:200] if finished.errors else "there is nothing to hear"
        raise UnreadableError(f"{source.name} can't be used as sound: {why}; convert it to MP3, M4A or WAV")
    return target


def _frames(sound: Path) -> int:
    with suppress(OSError, EOFError, wave.Error), wave.open(str(sound)) as header:
        return int(header.getnframes())
    return 0


def _order(take: Take, fps: float) -> Order:
    material, facts = take.source, _facts(take)
    stretch, plays = _stretch(take, facts)
    recipe = Recipe(
        action="image" if facts.kind == "photo" else "transcode",
        profile="",
        canvas=take.canvas,
        fit="cover",
        crop=take.crop,
        frame=take.frame,
        background=take.background,
        matte=take.matte,
        parts=(stretch,),
        max_bytes=NO_LIMIT,
        quality=0,
        fps=fps,
        audio_kbps=1 if facts.audio else None,
        plays=plays,
    )
    return Order(Asset(material.path, material.sha256, facts), recipe, 1)


def _facts(take: Take) -> Facts:
    if take.source.facts is None:
        raise UnreadableError(f"{take.source.path.name} shows nothing: it can't be part of a film")
    return take.source.facts


def _stretch(take: Take, facts: Facts) -> tuple[Part, int]:
    """What of it is needed; an animation loops until its time is over."""
    if facts.kind == "photo":
        return Part(0.0, 0.0), 1
    end_s, is_s = take.start_s + take.seconds, facts.duration_s or 0.0
    if facts.kind == "animation" and is_s > 0:
        return Part(0.0, is_s), math.ceil(end_s / is_s)
    return Part(take.start_s, min(end_s, is_s) if is_s > take.start_s else end_s), 1


def _state(path: Path) -> tuple[int, int, int]:
    try:
        state = path.stat()
    except OSError as error:
        raise RenderError(f"{path} can't be read any more: {error.strerror}") from error
    return (state.st_ino, state.st_size, state.st_mtime_ns)


def _changed(path: Path) -> RenderError:
    return RenderError(f"{path} was changed since it was found; the next run takes it as it is then")
