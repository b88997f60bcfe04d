"""The coded frames and sound of a video, whatever container holds them."""

from __future__ import annotations

import hashlib
from pathlib import Path

import av

from pipeline.tools.footage import OPTIONS, OPTIONS_WITH_INDEX, STILL
from pipeline.tools.mp4 import movie_of


def digests_of_streams(path: Path) -> list[bytes]:
    """A SHA-256 of each stream's packets, sorted; pictures that are merely attached don't count.

    How packets are interleaved, and what is told about them, differs from container to container.
    """
    options = OPTIONS_WITH_INDEX if movie_of(path) else OPTIONS
    with av.open(f"file:{path}", metadata_errors="replace", options=options) as container:
        streams = [
            stream
            for stream in (*container.streams.video, *container.streams.audio)
            if not stream.disposition & STILL
        ]
        digests = {stream.index: hashlib.sha256(stream.type.encode()) for stream in streams}
        for packet in container.demux(streams):
            digests[packet.stream.index].update(packet)
    return sorted(digest.digest() for digest in digests.values())
