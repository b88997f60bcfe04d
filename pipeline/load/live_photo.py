"""Live Photos: which photo and which movie are one, so that only one of them goes out."""

from __future__ import annotations

from pathlib import Path

from pipeline.errors import AssetError
from pipeline.load.scan import Found
from pipeline.model import Facts
from pipeline.tools.faults import may_pass
from pipeline.tools.probe import probe

LONGEST_S = 6.0
"""Live Photos last 3 s; a longer movie is one that somebody made on purpose."""


def other_half(found: Found, facts: Facts, max_megapixels: int) -> Path | None:
    """The other half of a Live Photo: of the same name, and proven by the mark that both carry."""
    if found.half is None or facts.live_photo is None:
        return None
    try:
        other = probe(found.half.path, max_megapixels)
    except AssetError as failure:
        if may_pass(failure):  # not knowing, both might go out
            raise
        return None
    movie = facts if facts.kind == "video" else other
    is_short = movie.duration_s is not None and movie.duration_s <= LONGEST_S
    same = other.live_photo == facts.live_photo and {facts.kind, other.kind} == {"photo", "video"}
    return found.half.path if same and is_short else None


def sidecars_of(found: Found, facts: Facts, half: Path | None) -> tuple[Path, ...]:
    """One sidecar for both halves, so that both come to the same decision: the photo's, else the movie's."""
    if half is None or found.half is None:
        return found.sidecars
    own, others = found.sidecars, found.half.sidecars
    return (own or others) if facts.kind == "photo" else (others or own)
