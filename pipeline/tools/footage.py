"""An opened video: its picture stream, the track it belongs to, and a look at its first packets."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import av
from av.container import InputContainer
from av.packet import Packet
from av.sidedata.sidedata import SideData
from av.sidedata.sidedata import Type as SideDataType
from av.stream import Disposition
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from pipeline.errors import TooLargeError, UnreadableError
from pipeline.tools.first_slice import UNDECODED, nal_length_bytes, read_headers
from pipeline.tools.mp4 import Movie, Track, movie_of
from pipeline.tools.mp4_claims import impossible_frames
from pipeline.tools.picture_bytes import cut_short

# What phones, cameras and screen recorders write. Playlists (HLS, DASH, concat) stay out: they make ffmpeg
# open whatever other file or address they name.
CONTAINERS = "mov,matroska,webm,avi,mpegts,mpeg,flv,asf,ogg,dv,mxf"
OPTIONS = {"format_whitelist": CONTAINERS, "protocol_whitelist": "file"}
# ffmpeg decodes up to seven H.264 frames to guess a delay that nobody here asks for: 290 ms for a 4K file,
# 50 ms with this (2026-11). The index of an MP4 says everything else.
OPTIONS_WITH_INDEX = OPTIONS | {"probesize": "32"}
PACKETS_TO_COMPARE = 240
STILL = Disposition.attached_pic | Disposition.timed_thumbnails | Disposition.still_image
IN_NAL_UNITS = frozenset({b"avc1", b"avc3", b"hvc1", b"hev1", b"dvh1", b"dvhe"})


Starts = dict[int, VideoFrame | None]
"""By the index of a stream: a frame that shows nothing, but knows what the headers said."""


@dataclass(frozen=True, slots=True)
class Look:
    """What the first packets told: one frame, whole if `decoded` was tried, and when the frames are shown."""

    decoded: bool = False
    frame: VideoFrame | None = None
    shown_at: tuple[int, ...] = ()

    def attached(self, kind: SideDataType) -> bytes | None:
        """What comes with the frame besides its picture."""
        if self.frame is None:
            return None
        attached = cast("Iterable[SideData]", self.frame.side_data)  # PyAV's annotation calls it a mapping
        return next((bytes(data) for data in attached if data.type == kind), None)


@dataclass(frozen=True, slots=True)
class Footage:
    """An opened video, its picture stream, and where it has one, that stream's track."""

    path: Path
    container: InputContainer
    picture: VideoStream
    movie: Movie | None
    look: Look

    @property
    def track(self) -> Track | None:
        return self.movie.track(self.picture.id) if self.movie else None


@contextmanager
def footage_of(path: Path, max_megapixels: int) -> Iterator[Footage]:
    """An opened file with a picture that can be decoded. Raises UnreadableError or TooLargeError."""
    movie = movie_of(path)
    if movie is not None:
        _check_movie(movie, path)
    with _opened(path, movie) as (container, starts):
        picture = _picture_stream(container, path)
        _check_picture(picture, path, max_megapixels)
        look = _short_look(container, picture, starts) if starts is not None else None
        footage = Footage(path, container, picture, movie, look or _look(container, picture, movie))
        _check_decoded(footage)
        yield footage


@contextmanager
def _opened(path: Path, movie: Movie | None) -> Iterator[tuple[InputContainer, Starts | None]]:
    """PyAV's view of the file; the short way first where an index tells the rest."""
    if movie is not None and not movie.fragmented:
        with _open(path, OPTIONS_WITH_INDEX, [_decoding(track) for track in movie.tracks]) as container:
            starts = _starts(container)
            if not any(_unclear(stream) for stream in container.streams.video):
                yield container, starts
                return
    with _open(path, OPTIONS) as container:
        yield container, None


def _starts(container: InputContainer) -> Starts:
    """How each video stream starts, seen without decoding a picture, where that was needed and possible."""
    starts: Starts = {}
    for stream in container.streams.video:
        if _unclear(stream) and nal_length_bytes(stream):
            try:
                starts[stream.index] = read_headers(stream, next(iter(container.demux(stream))))
                container.seek(0)
            except (av.error.FFmpegError, StopIteration):
                break  # the long way tells what is wrong with it
    return starts


def _decoding(track: Track) -> dict[str, str]:
    return UNDECODED if track.coding in IN_NAL_UNITS else {}


def _open(path: Path, options: dict[str, str], each: list[dict[str, str]] | None = None) -> InputContainer:
    """The scheme keeps a colon in a relative name from being taken for another protocol."""
    try:
        told = cast("list[str]", each)  # PyAV's annotation is wrong: it takes dictionaries
        return av.open(f"file:{path}", metadata_errors="replace", options=options, stream_options=told)
    except EOFError:
        raise cut_short(path.name) from None
    except av.error.FFmpegError as fault:
        raise UnreadableError(f"{path.name} is no photo, animation or video, or it is damaged") from fault


def _unclear(stream: VideoStream) -> bool:
    return stream.codec_context is None or not stream.codec_context.pix_fmt


def _check_movie(movie: Movie, path: Path) -> None:
    if movie.encrypted:
        raise UnreadableError(f"{path.name} is copy-protected")
    if movie.cut_short:
        raise cut_short(path.name)
    frames = impossible_frames(path, movie)
    if frames:
        raise UnreadableError(f"{path.name} is damaged: its index claims {frames} frames")


def _picture_stream(container: InputContainer, path: Path) -> VideoStream:
    """The first enabled video stream that isn't cover art; a disabled one only where there is no other."""
    moving = [stream for stream in container.streams.video if not stream.disposition & STILL]
    if not moving:
        what = "only sound" if container.streams.audio else "nothing that can be seen"
        raise UnreadableError(f"{path.name} has {what}: stories need a picture")
    enabled = (stream for stream in moving if stream.disposition & Disposition.default)
    return next(enabled, moving[0])


def _check_picture(picture: VideoStream, path: Path, max_megapixels: int) -> None:
    context = picture.codec_context
    if context is None:
        raise UnreadableError(f"{path.name} is coded in a way that ffmpeg can't decode")
    if context.width * context.height > max_megapixels * 1_000_000:
        megapixels = context.width * context.height / 1e6
        raise TooLargeError(
            f"{path.name} has {megapixels:.0f} megapixels, more than limits.max_megapixels "
            f"({max_megapixels}) allows: shrink it, or raise the limit"
        )


def _short_look(container: InputContainer, picture: VideoStream, starts: Starts) -> Look | None:
    """What the start told, where the first packet is whole besides."""
    return Look(frame=starts.get(picture.index)) if _starts_well(container, picture) else None


def _look(container: InputContainer, picture: VideoStream, movie: Movie | None) -> Look:
    """Decode one frame."""
    wanted = 1 if movie is not None and not movie.fragmented else PACKETS_TO_COMPARE
    picture.codec_context.thread_count = 1
    try:
        return _decoded(container, picture, wanted)
    except av.error.FFmpegError:
        return Look(decoded=True)


def _decoded(container: InputContainer, picture: VideoStream, packets_wanted: int) -> Look:
    container.seek(0)
    frame: VideoFrame | None = None
    shown_at: list[int] = []
    for packet in container.demux(picture):
        if packet.pts is not None:
            shown_at.append(packet.pts)
        if frame is None:
            frame = _first_frame(packet)
        if len(shown_at) >= (PACKETS_TO_COMPARE if frame is None else packets_wanted):
            break
    return Look(True, frame, tuple(sorted(shown_at)))


def _first_frame(packet: Packet[VideoStream]) -> VideoFrame | None:
    """A stream that was cut somewhere begins with packets that can't be decoded alone."""
    try:
        return next(iter(packet.decode()), None)
    except av.error.FFmpegError:
        return None


def _starts_well(container: InputContainer, picture: VideoStream) -> bool:
    """Whether the first packet of H.264 or HEVC in MP4 is a chain of whole NAL units: as good as decoding.

    Other codecs answer False.
    """
    length_bytes = nal_length_bytes(picture)
    if not length_bytes:
        return False
    packet = next(iter(container.demux(picture)), None)
    return packet is not None and nal_units_are_whole(bytes(packet), length_bytes)


def nal_units_are_whole(packet: bytes, length_bytes: int) -> bool:
    """Whether every unit is as long as its prefix says and has a possible header (ISO 14496-15)."""
    at = 0
    while at + length_bytes < len(packet):
        length = int.from_bytes(packet[at : at + length_bytes], "big")
        if length == 0 or packet[at + length_bytes] & 0x80:
            return False
        at += length_bytes + length
    return at == len(packet) > 0


def _check_decoded(footage: Footage) -> None:
    if footage.look.frame is None and (footage.look.decoded or _unclear(footage.picture)):
        raise UnreadableError(f"{footage.path.name} is damaged: its first picture can't be decoded")
