"""A look at the inbox that tells a disk that isn't mounted from a folder that somebody emptied."""

from __future__ import annotations

import shlex

from pipeline.errors import EnvironmentFault
from pipeline.load.scan import Scan
from pipeline.report.events import Alarm
from pipeline.run.intake import look_around
from pipeline.run.pulled import with_pulled
from pipeline.run.trip import Trip
from pipeline.tools.whereabouts import remember, unmounted

EMPTY = Scan((), 0, 0)


def look(trip: Trip) -> Scan:
    """What lies in the inbox and was pulled, or where the person named.

    An inbox that isn't there is told, and nothing lost. Raises EnvironmentFault for what was named and isn't
    there.
    """
    return with_pulled(trip, look_around(trip) if trip.request.paths else _in_the_inbox(trip))


def _in_the_inbox(trip: Trip) -> Scan:
    inbox, state = trip.settings.inbox, trip.settings.state
    try:
        scanned, missing = look_around(trip), None
    except EnvironmentFault as fault:
        scanned, missing = EMPTY, str(fault)
    if scanned.seen:
        remember(state, "inbox", inbox)
        return scanned
    mount = unmounted(state, "inbox", inbox)
    if mount is not None:
        missing = (
            f"nothing is mounted at {mount}, where the inbox {inbox} was; nothing is given up. Next:"
            f" mount {shlex.quote(str(mount))} (where that is over, the first file in the inbox settles it)"
        )
    if missing:
        trip.tally["away"] += 1
        trip.count("unfit", Alarm("inbox", missing))
    return scanned
