"""Whether a story may be published yet, when it follows what the person sends (mirror.after). Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from pipeline.model import Delivery, State
from pipeline.values import dataclass

MISSED = "missed its slot"
WAY_BACK = frozenset({State.SKIPPED, State.EXPIRED, State.FAILED})
"""The person may still take these back: undo, a late confirm, retry."""


@dataclass(frozen=True, slots=True)
class Go:
    """It may be published."""


@dataclass(frozen=True, slots=True)
class Wait:
    """It waits for the person's word; `ended` when that can only come by taking back an earlier one."""

    reason: str
    ended: bool = False


@dataclass(frozen=True, slots=True)
class GiveUp:
    """That word won't come any more."""

    reason: str


Verdict = Go | Wait | GiveUp


def verdict(
    own: Delivery, sent_by_person: Sequence[Delivery], now: datetime, insisted_at: datetime | None = None
) -> Verdict:
    """What becomes of `own`, by how the same asset stands where a person sends it.

    Where both are cut alike, each part follows its own; else it follows all of them. What ended unsent is
    waited for as long again as it would have lived. `insisted_at` is when the person last said `retry` of
    `own`: what had ended by then doesn't hold it back.
    """
    followed = list(_followed(own, sent_by_person))
    ended = [
        one for one in followed if one.state in WAY_BACK and (insisted_at is None or one.since > insisted_at)
    ]
    if ended:
        reason = _why_not(ended[0])
        over = all(one.since + timedelta(hours=one.lifetime_hours) <= now for one in ended)
        return GiveUp(reason) if over else Wait(reason, ended=True)
    ahead = [one for one in followed if one.state not in WAY_BACK | {State.CONFIRMED, State.PUBLISHED}]
    if ahead:
        return Wait(f"follows once you have confirmed it at {ahead[0].destination}")
    return Go()


def _followed(own: Delivery, sent_by_person: Sequence[Delivery]) -> Iterator[Delivery]:
    for one in sent_by_person:
        if was_dropped(one) or (one.recipe.parts == own.recipe.parts and one.part != own.part):
            continue
        yield one


def was_dropped(delivery: Delivery) -> bool:
    """Whether it isn't to go there any more by its sidecar, rather than by `skip` or its slot."""
    return delivery.state is State.SKIPPED and delivery.reason is not None and not _was_missed(delivery)


def _was_missed(delivery: Delivery) -> bool:
    return delivery.reason is not None and delivery.reason.startswith(MISSED)


def _why_not(ended: Delivery) -> str:
    match ended.state:
        case State.SKIPPED if _was_missed(ended):
            why = f"it {MISSED} at {ended.destination}"
        case State.SKIPPED:
            why = f"you skipped it at {ended.destination}"
        case State.EXPIRED:
            why = f"you didn't confirm it at {ended.destination} in time"
        case _:
            why = f"it couldn't go to {ended.destination}"
    return f"{why}, so it isn't published"
