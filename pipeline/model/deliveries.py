"""What comes of it: renditions, and deliveries with their states."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from pathlib import Path

from pipeline.model.plans import Recipe, Texts
from pipeline.model.shapes import Action
from pipeline.values import dataclass


@dataclass(frozen=True, slots=True)
class Rendition:
    """One encoded and verified result; `part` counts from 1."""

    path: Path
    sha256: str
    bytes: int
    mime: str
    width: int
    height: int
    duration_s: float | None
    action: Action
    profile: str
    part: int
    parts: int


class State(StrEnum):
    """Where a delivery stands."""

    PLANNED = "planned"
    ARMED = "armed"
    OFFERED = "offered"
    OPENED = "opened"
    SHARED = "shared"
    CONFIRMED = "confirmed"
    SKIPPED = "skipped"
    EXPIRED = "expired"
    PUBLISHED = "published"
    PARKED = "parked"
    UNKNOWN = "unknown"
    FAILED = "failed"


WAITING_FOR_SEND = frozenset({State.OFFERED, State.OPENED, State.SHARED})
NEEDS_A_PERSON = frozenset({State.PARKED, State.UNKNOWN})
ENDED = frozenset({State.CONFIRMED, State.SKIPPED, State.EXPIRED, State.PUBLISHED, State.FAILED})


@dataclass(frozen=True, slots=True)
class Delivery:
    """One part of a story at one destination, as the ledger knows it."""

    id: int
    asset: str
    path: Path
    destination: str
    part: int
    parts: int
    state: State
    recipe: Recipe
    texts: Texts
    since: datetime
    lifetime_hours: float
    due_at: datetime | None = None
    not_after: datetime | None = None
    expires_at: datetime | None = None
    reason: str | None = None
    external_id: str | None = None
