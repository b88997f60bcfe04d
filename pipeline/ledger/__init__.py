"""The memory of all runs: one SQLite file, one writer, every move with its event."""

from pipeline.ledger.checking import Finding, findings
from pipeline.ledger.clocks import lapse
from pipeline.ledger.copies import backup
from pipeline.ledger.lanes import Lane
from pipeline.ledger.ledger import Ledger, Move
from pipeline.ledger.lock import exclusive
from pipeline.ledger.opening import ledger_files, open_ledger, reading, snapshot
from pipeline.ledger.pruning import Pruned
from pipeline.ledger.queries import Queries
from pipeline.ledger.traces import Trace, doubts, trace

__all__ = [
    "Finding",
    "Lane",
    "Ledger",
    "Move",
    "Pruned",
    "Queries",
    "Trace",
    "backup",
    "doubts",
    "exclusive",
    "findings",
    "lapse",
    "ledger_files",
    "open_ledger",
    "reading",
    "snapshot",
    "trace",
]
