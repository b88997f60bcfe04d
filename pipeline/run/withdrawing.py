"""What has ended leaves the places where it waited."""

from __future__ import annotations

from collections.abc import Mapping

from pipeline.destination import Handoff
from pipeline.errors import EnvironmentFault
from pipeline.ledger import Ledger


def withdraw_ended(ledger: Ledger, channels: Mapping[str, Handoff]) -> None:
    """Take everything out of the channels that doesn't wait for a person any more.

    A channel that refuses doesn't stop the others. Raises EnvironmentFault afterwards.
    """
    faults = []
    for name, channel in channels.items():
        try:
            channel.keep_only(ledger.offered(name))
        except EnvironmentFault as fault:
            faults.append(fault)
    if faults:
        raise faults[0]
