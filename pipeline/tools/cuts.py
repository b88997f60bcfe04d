"""Where an H.264 video in MP4 or MOV can be cut without encoding it anew, told by its index."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

import av

from pipeline.model import Cut
from pipeline.tools.first_slice import NAL_LENGTH_AT
from pipeline.tools.footage import Footage
from pipeline.tools.mp4_samples import Amounts, Samples, amounts_of, samples_of
from pipeline.tools.orientation import UPRIGHT

LONG_S = 10.0
"""No platform's limit is shorter; reading the tables of ten minutes takes 9 ms (measured 2026-11)."""

CLOSEST_S = 0.25
MOST_CUTS = 2_000
NAL_HEADER_BYTES = 1
SLICE, IDR_SLICE = 1, 5
MOST_UNITS = 64


def cuts_of(footage: Footage, duration_s: float | None) -> tuple[Cut, ...]:
    """The start, every frame at which a decoder can begin, at least 0.25 s apart, and the end.

    Empty for videos below 10 s, for what is sent nowhere as it is, and where it isn't certain that each
    stretch between two of them, taken by the times at which its frames are shown, can be decoded alone.
    """
    movie, picture = footage.movie, footage.picture
    if movie is None or (duration_s or 0) < LONG_S or not _is_simple(footage):
        return ()
    samples = samples_of(movie.index, picture.id)
    if samples is None or duration_s is None or not _starts_at_zero(footage, samples):
        return ()
    apart_s = max(CLOSEST_S, duration_s / MOST_CUTS)
    keys = [key for key in _beginnings(footage, samples, apart_s) if _at_s(samples, key) < duration_s]
    if not keys or keys[0] != 0:
        return ()
    audio = footage.container.streams.audio
    sound = amounts_of(movie.index, audio[0].id) if audio else None
    whole = samples.before[-1] + (sound.before[-1] if sound else 0)
    return (*(_cut(samples, sound, key) for key in keys), Cut(duration_s, whole))


def _is_simple(footage: Footage) -> bool:
    """Whether it might be copied at all: most long videos of phones can't, and their tables are long too."""
    movie, track, context = footage.movie, footage.track, footage.picture.codec_context
    coding = (context.name, context.pix_fmt) == ("h264", "yuv420p")
    return bool(
        coding and movie and track and not (movie.fragmented or track.uneven or track.orientation != UPRIGHT)
    )


def _starts_at_zero(footage: Footage, samples: Samples) -> bool:
    """Whether ffmpeg's clock, by which parts are cut, starts with the very first frame."""
    picture, track = footage.picture, footage.track
    if track is None or picture.start_time is None or picture.time_base is None:
        return False
    frame_s = (samples.decoded[-1] / samples.ticks_per_s) / max(1, len(samples.decoded) - 1)
    starts_s = (
        float(picture.start_time * picture.time_base) - (footage.container.start_time or 0) / av.time_base
    )
    shown_s = samples.shown[0] / samples.ticks_per_s
    hidden_s = [abs(edit.media_start_s - shown_s) for edit in track.edits if edit.media_start_s is not None]
    return max(abs(starts_s), *hidden_s, 0.0) < frame_s / 2


def _beginnings(footage: Footage, samples: Samples, apart_s: float) -> Iterator[int]:
    """Key frames so far apart that are IDR pictures: after others, a decoder may need what was before."""
    extradata = footage.picture.codec_context.extradata or b""
    where = NAL_LENGTH_AT["h264"]
    if len(extradata) <= where:
        return
    length_bytes, not_before_s = (extradata[where] & 3) + 1, 0.0
    with footage.path.open("rb", buffering=0) as content:
        for key in samples.clean_keys():
            start, size = samples.place(key)
            at_s = _at_s(samples, key)
            if (
                at_s < not_before_s
                or _first_slice(content, range(start, start + size), length_bytes) != IDR_SLICE
            ):
                continue
            yield key
            not_before_s = at_s + apart_s


def _first_slice(content: BinaryIO, sample: range, length_bytes: int) -> int | None:
    """The type of the first NAL unit of a sample that holds a slice (ISO 14496-10, table 7-1)."""
    at = sample.start
    for _ in range(MOST_UNITS):
        content.seek(at)
        head = content.read(length_bytes + NAL_HEADER_BYTES)
        if len(head) <= length_bytes or at >= sample.stop:
            return None
        kind = head[length_bytes] & 0x1F
        if SLICE <= kind <= IDR_SLICE:
            return kind
        at += length_bytes + int.from_bytes(head[:length_bytes], "big")
    return None


def _at_s(samples: Samples, key: int) -> float:
    return (samples.shown[key] - samples.shown[0]) / samples.ticks_per_s


def _cut(samples: Samples, sound: Amounts | None, key: int) -> Cut:
    at_s = _at_s(samples, key)
    return Cut(round(at_s, 6), samples.before[key] + (sound.bytes_before(at_s) if sound else 0))
