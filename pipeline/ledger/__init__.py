"""The memory of all runs: one SQLite file, one writer, every move with its event."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.tools.later import imported_later

if TYPE_CHECKING:
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

__getattr__ = imported_later(
    __name__,
    {
        "Finding": "checking",
        "Lane": "lanes",
        "Ledger": "ledger",
        "Move": "ledger",
        "Pruned": "pruning",
        "Queries": "queries",
        "Trace": "traces",
        "backup": "copies",
        "doubts": "traces",
        "exclusive": "lock",
        "findings": "checking",
        "lapse": "clocks",
        "ledger_files": "opening",
        "open_ledger": "opening",
        "reading": "opening",
        "snapshot": "opening",
        "trace": "traces",
    },
)
