"""The memory of all runs: one SQLite file, one writer, every move with its event."""

from pipeline.ledger.ledger import Ledger, Move
from pipeline.ledger.lock import exclusive
from pipeline.ledger.opening import open_ledger, snapshot

__all__ = ["Ledger", "Move", "exclusive", "open_ledger", "snapshot"]
