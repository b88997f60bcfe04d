"""Letting a phone in: how often may be tried, and what a new phone is called."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from pipeline.tools.clock import Clock

TRIES = 10
WITHIN = timedelta(minutes=1)
MOST_CALLERS = 1000
KINDS = {"Android": "Android phone", "iPhone": "iPhone", "iPad": "iPad"}


@dataclass(slots=True)
class Patience:
    """A few tries a minute for each address: nobody guesses 256 bits, but nobody needs to try, either."""

    clock: Clock
    tries: dict[str, deque[datetime]] = field(default_factory=dict)

    def lasts(self, caller: str) -> bool:
        """Whether this address may try once more; it counts as a try."""
        at = self.clock()
        if len(self.tries) >= MOST_CALLERS:
            self.tries = {who: when for who, when in self.tries.items() if when[-1] > at - WITHIN}
        recent = self.tries.setdefault(caller, deque(maxlen=TRIES))
        if len(recent) == TRIES and recent[0] > at - WITHIN:
            return False
        recent.append(at)
        return True


def called_by(user_agent: str) -> str:
    """What a phone is called that wasn't given a name."""
    return next((name for word, name in KINDS.items() if word in user_agent), "browser")
