"""Tokens that end soon: told once a day, while there is still time to make a new one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress

from pipeline.mirror.tokens import token_file
from pipeline.report.events import Alarm
from pipeline.run.trip import Trip
from pipeline.values import replace


def tell_of_tokens(trip: Trip) -> tuple[str, ...]:
    """Tell of each token that ends soon; what was told of them, for a message too."""
    told = tuple(_endings(trip))
    for reason in told:
        trip.observe(Alarm("token", reason))
    return told


def _endings(trip: Trip) -> Iterator[str]:
    for name, account in trip.settings.accounts.items():
        kept = token_file(trip.settings.state, name)
        known = kept.read() if account.token else None
        if known is None or known.ends_at is None or not known.is_to_be_told(trip.now()):
            continue
        with suppress(OSError):  # then it's told more often
            kept.write(replace(known, told_at=trip.now()))
        day = known.ends_at.astimezone(trip.settings.timezone())
        over = known.ends_at <= trip.now()
        yield (
            f"the token of account {name} {'ended' if over else 'ends'} on {day:%Y-%m-%d}: make a new one "
            f"and put it where accounts.{name}.token says. Next: storyrelay session login {name}"
        )
