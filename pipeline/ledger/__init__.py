"""The memory of all runs: one SQLite file, one writer, every move with its event."""

from pipeline.ledger.lanes import Lane
from pipeline.ledger.ledger import Ledger, Move
from pipeline.ledger.lock import exclusive
from pipeline.ledger.opening import open_ledger, snapshot
from pipeline.ledger.traces import Trace, doubts, trace

__all__ = ["Lane", "Ledger", "Move", "Trace", "doubts", "exclusive", "open_ledger", "snapshot", "trace"]
