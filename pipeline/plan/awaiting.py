"""How long a service that watches the inbox may rest before the next run."""

from __future__ import annotations

LEAST_S = 1.0
MOST_DOUBLINGS = 20


def rest_s(every_s: float, due_in_s: float | None, unsettled: int, settle_s: float) -> float:
    """Until something is due or a file that is still being written may be whole, but no longer than usual.

    What is due already the run has just tried. `unsettled` counts the runs in a row that found such a file:
    each rests twice as long as the one before, as some are never finished.
    """
    rests_s = [every_s]
    if due_in_s is not None and due_in_s > 0:
        rests_s.append(due_in_s)
    if unsettled:
        rests_s.append(settle_s * 2 ** min(unsettled - 1, MOST_DOUBLINGS))
    return max(LEAST_S, min(rests_s))
