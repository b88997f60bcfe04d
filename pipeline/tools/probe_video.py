"""Facts of videos, read by PyAV and from the boxes of MP4 and MOV files."""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from statistics import median
from typing import cast

import av
from av.audio.codeccontext import AudioCodecContext
from av.audio.stream import AudioStream
from av.sidedata.sidedata import Type as SideData
from av.stream import Stream
from av.video.stream import VideoStream

from pipeline.model import Audio, Colour, Facts, Hdr
from pipeline.tools import colour_names
from pipeline.tools.cuts import cuts_of
from pipeline.tools.first_slice import stated
from pipeline.tools.footage import Footage, footage_of
from pipeline.tools.live_photo import identifier_of_movie
from pipeline.tools.mp4 import UNEVEN
from pipeline.tools.mp4_samples import samples_of
from pipeline.tools.orientation import UPRIGHT, Orientation, from_matrix

NEUTRAL_TAGS = frozenset(
    {"major_brand", "minor_version", "compatible_brands", "encoder", "language", "handler_name", "vendor_id"}
    | {"duration", "bps", "number_of_frames", "number_of_bytes", "timecode"}
)
NEUTRAL_STARTS = ("_statistics", "duration-", "bps-", "number_of_", "variant_bitrate", "id3v2_priv")
HDR_BY_TRANSFER: Mapping[str | None, Hdr] = {"arib-std-b67": "hlg", "smpte2084": "pq"}
PROGRESSIVE = 1
MOST_REORDERED_S = 1.0
AAC_PROFILES = {2: "LC", 5: "HE-AAC", 29: "HE-AACv2"}


def video_facts(path: Path, max_megapixels: int) -> Facts:
    """Facts of anything that isn't a still picture or an animation."""
    with footage_of(path, max_megapixels) as footage:
        return _facts(footage)


def _facts(footage: Footage) -> Facts:
    picture, context = footage.picture, footage.picture.codec_context
    turn = _orientation(footage)
    aspect = float(picture.sample_aspect_ratio or context.sample_aspect_ratio or 1)
    size = (max(1, round(context.width * aspect)), context.height)
    width, height = size[::-1] if turn.lies_on_its_side else size
    colour = _colour(footage)
    audio = footage.container.streams.audio
    duration_s = _duration_s(footage)
    rate = picture.average_rate or picture.guessed_rate
    return Facts(
        kind="video",
        width=width,
        height=height,
        bytes=footage.path.stat().st_size,
        container=_container_name(footage),
        codec=context.codec.canonical_name,
        pix_fmt=context.pix_fmt or "",
        rotation=turn.rotation,
        mirrored=turn.mirrored,
        duration_s=duration_s,
        fps=float(rate) if rate else None,
        vfr=_varies(footage),
        hdr="dolby-vision" if _is_dolby_vision(footage) else HDR_BY_TRANSFER.get(colour.transfer),
        audio=_audio(audio[0], picture) if audio else None,
        colour=colour,
        sample_aspect=aspect,
        interlaced=_is_interlaced(footage),
        metadata=_tells_more(footage),
        faststart=bool(footage.movie and footage.movie.faststart and not footage.movie.fragmented),
        edit_list=bool(footage.movie and any(entry.edited for entry in footage.movie.tracks)),
        extra_streams=len(footage.container.streams) - 1 - bool(audio),
        profile=picture.profile,
        level=context.level if context.level > 0 else None,
        picture_stream=picture.index,
        cuts=cuts_of(footage, duration_s),
        live_photo=identifier_of_movie(footage.container.metadata),
    )


def _container_name(footage: Footage) -> str:
    """The name that ffmpeg gives; of a family of formats, the one that this file is of."""
    names = footage.container.format.name
    if names.startswith("mov,"):
        return "mov" if footage.container.metadata.get("major_brand", "qt  ") == "qt  " else "mp4"
    return names.partition(",")[0]


def _orientation(footage: Footage) -> Orientation:
    if footage.track is not None:
        return footage.track.orientation
    matrix = footage.look.attached(SideData.DISPLAYMATRIX)
    if matrix is None:
        return UPRIGHT
    a, b, _, c, d = struct.unpack_from("=5i", matrix)
    return from_matrix((a, b, c, d))


def _is_dolby_vision(footage: Footage) -> bool:
    """By its configuration in an MP4 or MOV, elsewhere by what comes with its first frame."""
    if footage.track is not None:
        return footage.track.dolby_vision
    return footage.look.attached(SideData.DOVI_RPU_BUFFER) is not None


def _colour(footage: Footage) -> Colour:
    """What the bitstream says, which is right where a container says something else; else the container."""
    context = footage.picture.codec_context
    tags = footage.look.frame or stated(footage.picture) or context
    extent = tags.color_range or context.color_range  # 0 says nothing
    return Colour(
        matrix=_first(colour_names.MATRICES, tags.colorspace, context.colorspace),
        primaries=_first(colour_names.PRIMARIES, tags.color_primaries, context.color_primaries),
        transfer=_first(colour_names.TRANSFERS, tags.color_trc, context.color_trc),
        full_range=extent == colour_names.FULL_RANGE or (context.pix_fmt or "").startswith("yuvj"),
    )


def _first(names: Mapping[int, str], *numbers: int) -> str | None:
    """The name of the first number that has one: "unspecified" has none."""
    return next((names[number] for number in numbers if number in names), None)


def _is_interlaced(footage: Footage) -> bool:
    frame = footage.look.frame
    return footage.picture.codec_context.field_order > PROGRESSIVE or bool(frame and frame.interlaced_frame)


def _audio(stream: AudioStream, picture: VideoStream) -> Audio:
    context = cast("AudioCodecContext | None", stream.codec_context)
    if context is None:
        return Audio("unknown", 0, 0)
    profile = stream.profile
    if profile is None and context.name == "aac" and context.extradata:
        profile = AAC_PROFILES.get(context.extradata[0] >> 3)
    return Audio(
        codec=context.codec.canonical_name,
        channels=context.channels,
        sample_rate=context.sample_rate,
        profile=profile,
        duration_s=_seconds(stream.duration, stream.time_base),
        late_s=_late_s(stream, picture),
    )


def _late_s(stream: AudioStream, picture: VideoStream) -> float:
    if stream.start_time is None or picture.start_time is None:
        return 0.0
    heard_s, shown_s = (
        stream.start_time * (stream.time_base or 0),
        picture.start_time * (picture.time_base or 0),
    )
    return round(float(heard_s - shown_s), 6)


def _seconds(ticks: int | None, time_base: Fraction | None) -> float | None:
    return float(ticks * time_base) if ticks and time_base else None


def _duration_s(footage: Footage) -> float | None:
    """How long the picture lasts, whatever the sound does."""
    picture = footage.picture
    whole = footage.container.duration
    return (
        _shown_s(footage)
        or _seconds(picture.duration, picture.time_base)
        or _tagged_s(picture)
        or (whole / av.time_base if whole else None)
        or _counted_s(footage)
    )


def _shown_s(footage: Footage) -> float | None:
    """For frames that are reordered and unevenly long: an index only adds up how long they are decoded.

    With B-frames where a phone slowed down, that left out the last 0.1 s (2026-11).
    """
    movie, track = footage.movie, footage.track
    if movie is None or track is None or movie.fragmented or track.edited:
        return None
    samples = samples_of(movie.index, track.id) if track.uneven and track.first_shown_s else None
    if samples is None:
        return None
    shown_s = (max(samples.shown) - min(samples.shown) + track.timing[-1][1]) / track.ticks_per_s
    decoded_s = sum(track.delays_s())
    return shown_s if abs(shown_s - decoded_s) < MOST_REORDERED_S else None


def _tagged_s(stream: Stream) -> float | None:
    """Matroska keeps a stream's duration in a tag: "00:00:04.480000000"."""
    text = next((value for key, value in stream.metadata.items() if key.upper().startswith("DURATION")), "")
    try:
        hours, minutes, seconds = text.split(":")
        return int(hours) * 3600 + int(minutes) * 60 + float(seconds) or None
    except ValueError:
        return None


def _counted_s(footage: Footage) -> float | None:
    """By reading the whole file, for browsers' recordings, which don't say how long they are."""
    picture = footage.picture
    footage.container.seek(0)
    shown_at = [packet.pts for packet in footage.container.demux(picture) if packet.pts is not None]
    if not shown_at:
        return None
    usual = median(_steps(sorted(shown_at)) or [1])
    return _seconds(round(max(shown_at) - min(shown_at) + usual), picture.time_base)


def _varies(footage: Footage) -> bool:
    if footage.track is not None and footage.movie and not footage.movie.fragmented:
        return footage.track.uneven
    steps = _steps(footage.look.shown_at)
    usual = median(steps or [0])
    return any(abs(step - usual) > 1 + usual * UNEVEN for step in steps)


def _steps(shown_at: Sequence[int]) -> list[int]:
    return [later - earlier for earlier, later in pairwise(shown_at)]


def _tells_more(footage: Footage) -> bool:
    tags = [footage.container.metadata, *(stream.metadata for stream in footage.container.streams)]
    keys = {key.lower() for entry in tags for key in entry}
    told = (key for key in keys if key not in NEUTRAL_TAGS and not key.startswith(NEUTRAL_STARTS))
    return bool(footage.movie and footage.movie.metadata) or any(told)
