"""What is seen of an account when it is looked at."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pipeline.values import dataclass


@dataclass(frozen=True, slots=True)
class Sighting:
    """One story that is live now; `taken_at` is the server's time.

    `distance` tells how far its picture is from the rendition's, in differing bits of a 64-bit dHash;
    None when it couldn't be fetched.
    """

    external_id: str
    kind: Literal["photo", "video"]
    taken_at: datetime
    duration_s: float | None = None
    distance: int | None = None


@dataclass(frozen=True, slots=True)
class Look:
    """What is live now, by the server's own time `seen_at`; known stories are left out.

    A server that knows the very delivery by what it was given says so itself: `live_as` is its id there,
    `not_live` that it wasn't published, `pending` that it is still at work on it or doesn't list it yet.
    `blind` says why nothing can be told from what is seen.
    """

    seen_at: datetime
    sightings: tuple[Sighting, ...]
    live_as: str | None = None
    not_live: bool = False
    blind: str | None = None
    pending: bool = False
