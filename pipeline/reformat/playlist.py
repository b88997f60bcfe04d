"""Lists of files and times that ffmpeg plays as one, for animations whose timing or repeats it gets wrong."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from pipeline.model import Asset

SUFFIX = ".ffconcat"


@dataclass(frozen=True, slots=True)
class Shown:
    """A file beside the list, and for how many seconds it is shown."""

    name: str
    seconds: float


def write_playlist(prefix: Path, shown: Sequence[Shown]) -> Path:
    """A list beside `prefix`; its names must be plain ones."""
    listing = prefix.with_name(f"{prefix.name}{SUFFIX}")
    listing.write_text("\n".join(("ffconcat version 1.0", *_lines(shown))) + "\n")
    return listing


def repeated(asset: Asset, prefix: Path, plays: int) -> Path:
    """The whole source, `plays` times. A link lends it a name without anything to quote."""
    link = prefix.with_name(f"{prefix.name}-source{asset.path.suffix.lower()}")
    link.symlink_to(asset.path.absolute())
    return write_playlist(prefix, [Shown(link.name, asset.facts.duration_s or 0.0)] * plays)


def _lines(shown: Sequence[Shown]) -> Iterator[str]:
    for entry in shown:
        yield f"file {entry.name}"
        yield f"duration {entry.seconds:.6f}"
