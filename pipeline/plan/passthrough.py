"""The gate for sources that a platform takes as they are: re-encoding those only costs time and quality."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from pipeline.model import Facts, PhotoLimits, Profile, Size, VideoLimits
from pipeline.plan.canvas import SMALLER_CANVAS
from pipeline.plan.rates import SLOWEST_FPS, nominal_fps, rate_in_words
from pipeline.plan.terms import Look

H264_PROFILES = frozenset({"constrained baseline", "baseline", "main", "high", "constrained high"})
HIGHEST_LEVEL = 42
SDR_TAGS = frozenset({None, "bt709"})
"""Untagged HD is shown as BT.709 everywhere, so sending it as it is changes nothing."""

MOST_CHANNELS = 2
MOST_SAMPLE_RATE = 48_000
SOUND_OVERHANG_S = 0.5
MOST_APART_S = 0.03
"""Copies have no edit list, so both tracks start at 0: so much, a packet of sound, is seen by nobody."""

REASONS_APART = "; "


@dataclass(frozen=True, slots=True)
class Gate:
    """`copy` says how the source can be sent untouched, None that it can't; `why` says why not as it is.

    `in_parts` says that only its length, and perhaps its bytes, stand in the way.
    """

    copy: Literal["passthrough", "remux"] | None
    why: tuple[str, ...] = ()
    in_parts: bool = False


def photo_gate(facts: Facts, profile: Profile) -> Gate:
    """Whether a photo is already the story that would be made of it."""
    return _gate(tuple(_photo_faults(facts, profile)), _photo_wrapping_faults(facts))


def video_gate(facts: Facts, profile: Profile) -> Gate:
    """Whether a video is already the story, in one part or in several, that would be made of it."""
    limits = profile.video
    lasting = (
        *_size_faults(facts, profile),
        *_coding_faults(facts),
        *_colour_faults(facts),
        *_rate_faults(facts, limits),
        *_sound_faults(facts),
        *_bitrate_faults(facts, limits),
    )
    passing = (*_length_faults(facts, limits), *_bytes_faults(facts, limits))
    is_long = (facts.duration_s or 0) > limits.max_seconds
    gate = _gate((*lasting, *passing), _video_wrapping_faults(facts))
    return dataclasses.replace(gate, in_parts=is_long and not lasting)


def undecorated(gate: Gate, look: Look) -> Gate:
    """The gate closed where the picture gets something drawn on it."""
    if not look.decorated:
        return gate
    why = gate.why if gate.copy is None else ()
    return Gate(None, (*why, look.decorated))


def most_kbps(facts: Facts, limits: VideoLimits) -> int:
    """The highest bitrate of picture and sound together that the platform takes."""
    return limits.max_video_kbps + (limits.audio_kbps if facts.audio else 0)


def _gate(faults: tuple[str, ...], wrapping_faults: Iterator[str]) -> Gate:
    if faults:
        return Gate(None, faults)
    wrapping = tuple(wrapping_faults)
    return Gate("remux" if wrapping else "passthrough", wrapping)


def _photo_faults(facts: Facts, profile: Profile) -> Iterator[str]:
    yield from _size_faults(facts, profile)
    if facts.kind != "photo" or facts.codec != "jpeg" or facts.container != "jpeg":
        yield f"it is {facts.container}, not JPEG"
    elif facts.pix_fmt != "RGB":
        yield f"its pixels are {facts.pix_fmt}, not RGB"
    if facts.icc or facts.hdr:
        yield "its colours aren't sRGB"
    if facts.alpha:
        yield "it has transparent parts"
    limits: PhotoLimits = profile.photo
    if facts.bytes > limits.max_bytes:
        yield f"{_megabytes(facts.bytes)} is above {_megabytes(limits.max_bytes)}"


def _photo_wrapping_faults(facts: Facts) -> Iterator[str]:
    if facts.metadata:
        yield "its metadata is removed"


def _size_faults(facts: Facts, profile: Profile) -> Iterator[str]:
    size, canvas = Size(facts.width, facts.height), profile.canvas
    if size not in {canvas, SMALLER_CANVAS}:
        yield f"it is {size.width}×{size.height}, not {canvas.width}×{canvas.height}"
    if facts.rotation or facts.mirrored:
        yield "it is stored turned or mirrored"
    if facts.sample_aspect != 1.0:
        yield "its pixels aren't square"


def _coding_faults(facts: Facts) -> Iterator[str]:
    if facts.kind != "video" or facts.codec != "h264":
        yield f"it is {facts.codec}, not H.264"
        return  # nothing else in it is worth comparing
    if (facts.profile or "").lower() not in H264_PROFILES:
        yield f"H.264 profile {facts.profile or 'unknown'} isn't High or below"
    elif facts.level is None or not 0 < facts.level <= HIGHEST_LEVEL:
        yield f"H.264 level {'unknown' if facts.level is None else facts.level / 10} isn't 4.2 or below"
    if facts.pix_fmt != "yuv420p":
        yield f"its pixels are {facts.pix_fmt}, not yuv420p"
    if facts.interlaced:
        yield "it is interlaced"
    if facts.edit_list:
        yield "its edit list hides frames that a copy would show again"


def _colour_faults(facts: Facts) -> Iterator[str]:
    colour = facts.colour
    if facts.hdr:
        yield f"it is HDR ({facts.hdr})"
    elif not {colour.matrix, colour.primaries, colour.transfer} <= SDR_TAGS:
        yield "its colours aren't BT.709"
    if colour.full_range:
        yield "its colours are full range"


def _rate_faults(facts: Facts, limits: VideoLimits) -> Iterator[str]:
    if facts.vfr or facts.fps is None:
        yield "its frame rate varies"
    elif nominal_fps(facts.fps) > limits.max_fps:
        yield f"{rate_in_words(facts.fps)} fps is above {rate_in_words(limits.max_fps)}"
    elif nominal_fps(facts.fps) < min(SLOWEST_FPS, limits.max_fps):
        yield f"{rate_in_words(facts.fps)} fps is below {rate_in_words(SLOWEST_FPS)}"


def _length_faults(facts: Facts, limits: VideoLimits) -> Iterator[str]:
    if facts.duration_s is None:
        yield "its length isn't known"
    elif facts.duration_s > limits.max_seconds:
        yield f"{facts.duration_s:g} s is above {limits.max_seconds:g} s"
    elif facts.duration_s < limits.min_seconds:
        yield f"{facts.duration_s:g} s is below {limits.min_seconds:g} s"


def _sound_faults(facts: Facts) -> Iterator[str]:
    audio = facts.audio
    if audio is None:
        return
    if audio.codec != "aac" or audio.profile != "LC":
        yield f"its sound is {audio.codec} {audio.profile or ''}".rstrip() + ", not AAC-LC"
    if audio.channels > MOST_CHANNELS:
        yield f"its sound has {audio.channels} channels"
    if audio.sample_rate > MOST_SAMPLE_RATE:
        yield f"its sound has {audio.sample_rate} Hz"
    if (audio.duration_s or 0) > (facts.duration_s or 0) + SOUND_OVERHANG_S:
        yield "its sound is longer than its picture"
    if abs(audio.late_s) > MOST_APART_S:
        yield "its sound and its picture don't start together"


def _bytes_faults(facts: Facts, limits: VideoLimits) -> Iterator[str]:
    if facts.bytes > limits.max_bytes:
        yield f"{_megabytes(facts.bytes)} is above {_megabytes(limits.max_bytes)}"


def _bitrate_faults(facts: Facts, limits: VideoLimits) -> Iterator[str]:
    kbps, most = facts.bytes * 8 / 1000 / (facts.duration_s or 1), most_kbps(facts, limits)
    if kbps > most:
        yield f"{kbps / 1000:.1f} Mbit/s is above {most / 1000:.1f}"


def _video_wrapping_faults(facts: Facts) -> Iterator[str]:
    if facts.container != "mp4":
        yield "it is put into an MP4"
    if not facts.faststart:
        yield "its index is moved to the front"
    if facts.metadata:
        yield "its metadata is removed"
    if facts.extra_streams:
        yield "its other tracks are removed"


def _megabytes(count: int) -> str:
    return f"{count / 1e6:.1f} MB"
