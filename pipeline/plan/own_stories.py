"""One's own live stories as a source: which of them may be pulled, by what is known of them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Literal

from pipeline.values import dataclass

LIFETIME = timedelta(hours=24)
TOO_LATE = timedelta(minutes=10)
"""What has less time left would be over before the person has pressed Send."""
SLACK = timedelta(minutes=2)
"""Both moments are the server's, but one is that of an answer, the other that of an upload."""


@dataclass(frozen=True, slots=True)
class Unsettled:
    """A delivery to the account that may be live: as what, since when, and which stories are others."""

    delivery: int
    kind: Literal["photo", "video"] | None
    since: datetime | None
    others: frozenset[str]


@dataclass(frozen=True, slots=True)
class Ours:
    """What of an account's stories went out from here: the server's ids, and what isn't settled yet."""

    ids: frozenset[str] = frozenset()
    unsettled: tuple[Unsettled, ...] = ()


@dataclass(frozen=True, slots=True)
class Found:
    """A story that is live. Times are the server's; `close_friends` says that only they see it."""

    number: str
    kind: Literal["photo", "video"] | None
    taken_at: datetime
    ends_at: datetime
    close_friends: bool = False


def why_left(story: Found, unsettled: Iterable[Unsettled], seen_at: datetime) -> str | None:
    """Why a story stays where it is for now; None when it may be pulled. `seen_at` is the server's time."""
    if story.kind is None:
        return "it's neither a photo nor a video"
    if story.close_friends:
        return "it's for your close friends only, and others would see it elsewhere"
    if story.ends_at - seen_at < TOO_LATE:
        return f"it ends in less than {TOO_LATE // timedelta(minutes=1)} minutes"
    doubt = next((one for one in unsettled if _may_be(story, one)), None)
    if doubt is not None:
        number = doubt.delivery
        return f"it may be delivery {number}, which is in doubt: storyrelay show {number}"
    return None


def _may_be(story: Found, doubt: Unsettled) -> bool:
    return (
        story.number not in doubt.others
        and doubt.kind in (None, story.kind)
        and (doubt.since is None or story.taken_at >= doubt.since - SLACK)
    )
