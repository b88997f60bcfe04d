"""Stories of one's own account that aren't new: they went out from here, or by hand from what lay ready."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Literal

from pipeline.deliver import doubt_about
from pipeline.errors import StoryrelayError
from pipeline.ledger import trace
from pipeline.model import WAITING_FOR_SEND, Delivery, Rendition, State
from pipeline.plan.own_stories import Ours, Unsettled
from pipeline.report.words import part_of
from pipeline.run.renditions import kept_rendition
from pipeline.run.trip import Trip
from pipeline.sources.placing import NotWanted
from pipeline.tools.likeness import Glimpse, alike, glimpse_of
from pipeline.tools.probe import probe

RECENT = timedelta(hours=48)
"""A story lives for a day, and was made at most about a day before."""
GONE_OUT = WAITING_FOR_SEND | {State.CONFIRMED, State.PUBLISHED, State.UNKNOWN, State.ARMED}
KINDS: dict[str, Literal["photo", "video"]] = {"photo": "photo", "video": "video"}


def ours_at(trip: Trip, account: str) -> Ours:
    """What went out to an account from here, by the ledger."""
    names = [name for name, one in trip.settings.destinations.items() if one.account == account]
    ids = frozenset[str]().union(*(trip.ledger.claimed(name) for name in names))
    doubtful = trip.ledger.in_states({State.ARMED, State.UNKNOWN})
    return Ours(ids, tuple(_unsettled(trip, one) for one in doubtful if one.destination in names))


def _unsettled(trip: Trip, delivery: Delivery) -> Unsettled:
    traced = trace(trip.ledger, delivery.id)
    detail = traced.publishing or {}
    others = doubt_about(delivery, traced, trip.ledger, trip.settings.state / "store").known
    return Unsettled(
        delivery.id, KINDS.get(str(detail.get("kind"))), _moment(detail.get("server_at")), others
    )


def _moment(plain: Any) -> datetime | None:
    return None if plain is None else datetime.fromisoformat(plain)


def check_is_new(trip: Trip, file: Path) -> None:
    """Raise NotWanted when a story shows what has gone out lately, or lies ready: somebody posted that."""
    made = list(_made_lately(trip))
    if not made:
        return
    is_clip = file.suffix == ".mp4"
    scratch = trip.settings.state / "scratch"
    scratch.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=scratch) as folder:
        theirs = _glimpse(file, None if is_clip else 0, Path(folder))
        for delivery, rendition in made:
            if theirs is None or is_clip != rendition.mime.startswith("video/"):
                continue
            own = _glimpse(rendition.path, rendition.duration_s or 0, Path(folder))
            if own is not None and alike(own, theirs):
                story = part_of(delivery.path, delivery.part, delivery.parts)
                raise NotWanted(f"it shows what went out from here as {story} (delivery {delivery.id})")


def _made_lately(trip: Trip) -> Iterator[tuple[Delivery, Rendition]]:
    """Each rendition once, with one of its deliveries."""
    open_ones, ended = trip.ledger.open_deliveries(), trip.ledger.recently_ended(trip.now() - RECENT)
    seen: set[Path] = set()
    for delivery in (*open_ones, *ended):
        rendition = kept_rendition(trip, delivery) if delivery.state in GONE_OUT else None
        if rendition is not None and rendition.path not in seen:
            seen.add(rendition.path)
            yield delivery, rendition


def _glimpse(file: Path, seconds: float | None, scratch: Path) -> Glimpse | None:
    """None for what can't be seen: then nothing is told by it, and loading says why."""
    try:
        length_s = probe(file).duration_s or 0 if seconds is None else seconds
        return glimpse_of(file, length_s, scratch)
    except (StoryrelayError, OSError):
        return None
