"""What a decoder knows once it has read a header: told without decoding a picture.

ffmpeg opens a file by decoding its first picture, to learn its pixel format: 20 to 150 ms for HD and 4K. The
same is told by the parameter sets and the first bytes of a slice, in a millisecond (measured 2026-11).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import cast

import av
from av.codec.context import CodecContext
from av.packet import Packet
from av.video.codeccontext import VideoCodecContext
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

SLICE_BYTES = 64
NAL_LENGTH_AT = {"h264": 4, "hevc": 21}
"""Where avcC and hvcC say how many bytes the length prefix of a NAL unit has."""

UNDECODED = {"skip_frame": "all"}
"""For ffmpeg's own look at a stream when it is opened."""


def read_headers(picture: VideoStream, packet: Packet[VideoStream]) -> VideoFrame | None:
    """Let the decoder see how the first picture starts, so that it knows its format and its colours.

    The frame that it makes of that knows them too, and whether it is interlaced; it shows nothing. The
    container must be rewound before anything else is decoded.
    """
    context = picture.codec_context
    context.thread_count = 1  # more would wait for further packets
    context.options = {"ec": "0"}  # nobody will see the picture that isn't there
    start = b"".join(_up_to_a_slice(bytes(packet), nal_length_bytes(picture), context.name))
    try:
        return next(iter([*context.decode(Packet(start)), *context.decode(None)]), None)
    except av.error.FFmpegError:
        return None  # the context may know enough all the same


def stated(picture: VideoStream) -> VideoCodecContext | None:
    """What the parameter sets of HEVC say, colours above all, without a look at a slice.

    ffmpeg learns its pixel format from them when a file is opened, and then it believes the container.
    """
    name, extradata = picture.codec_context.name, picture.codec_context.extradata
    if name != "hevc" or not extradata:
        return None
    context = cast("VideoCodecContext", CodecContext.create(name, "r"))
    context.extradata, context.thread_count = extradata, 1
    try:
        context.open()
    except av.error.FFmpegError:
        return None
    return context


def nal_length_bytes(picture: VideoStream) -> int:
    """How many bytes tell the length of a NAL unit; 0 where a stream has no such units."""
    where = NAL_LENGTH_AT.get(picture.codec_context.name)
    extradata = picture.codec_context.extradata or b""
    return (extradata[where] & 3) + 1 if where is not None and len(extradata) > where else 0


def _up_to_a_slice(packet: bytes, length_bytes: int, codec: str) -> Iterator[bytes]:
    """The units before the first slice, and its first bytes (ISO 14496-10 and 23008-2, 7.3.1)."""
    at = 0
    while length_bytes and at + length_bytes < len(packet):
        start = at + length_bytes
        at = start + int.from_bytes(packet[at:start], "big")
        unit = packet[start:at]
        if unit and _is_slice(unit[0], codec):
            shortened = unit[:SLICE_BYTES]
            yield len(shortened).to_bytes(length_bytes, "big") + shortened
            return
        yield packet[start - length_bytes : at]


def _is_slice(header: int, codec: str) -> bool:
    return header & 0x1F in {1, 5} if codec == "h264" else header >> 1 & 0x3F < 32  # noqa: PLR2004 - of 64
