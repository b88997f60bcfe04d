"""A warm program that copies, prunes and restores ledgers in forks of itself, each killed at some step."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

from fakes.crash_server import Countdown, serve

from pipeline.config import Place, load_settings
from pipeline.ledger import backup, exclusive, open_ledger
from pipeline.run.restoring import restore
from pipeline.tools.clock import now


def carry_out(request: dict[str, Any]) -> int:
    """The upkeep that is asked for; 0."""
    world = Path(request["world"])
    settings = load_settings(world / "storyrelay.yaml", (), Place({}, world, None))
    if request["kill_at"]:
        Countdown(request["kill_at"], str(world)).begin()
    match request["do"]:
        case "backup":
            backup(settings.state, now())
        case "restore":
            restore(settings, world / "copy.sqlite3")
        case _:
            before = now() + timedelta(days=1)
            with exclusive(settings.state), open_ledger(settings.state) as ledger:
                ledger.prune(ledger.ended_before(before), before)
                ledger.shrink()
    return 0


if __name__ == "__main__":
    serve(carry_out)
