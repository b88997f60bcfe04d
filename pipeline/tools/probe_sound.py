"""How long a sound file plays, whatever its format."""

from __future__ import annotations

from pathlib import Path

import av

from pipeline.errors import UnreadableError

LONGEST_HOURS = 24


def sound_seconds(path: Path) -> float:
    """The length of the first sound track. Raises UnreadableError, with one line for people."""
    try:
        with av.open(f"file:{path}", metadata_errors="replace") as container:
            if not container.streams.audio:
                raise UnreadableError(f"{path.name} has no sound in it")
            track = container.streams.audio[0]
            own = float(track.duration * track.time_base) if track.duration and track.time_base else 0.0
            seconds = own or (container.duration or 0) / 1e6
    except av.FFmpegError as fault:
        raise UnreadableError(f"{path.name} can't be read as sound: {fault.strerror}") from fault
    if not 0 < seconds < LONGEST_HOURS * 3600:
        raise UnreadableError(f"{path.name} doesn't say how long it plays: convert it to MP3 or M4A first")
    return seconds
