"""A look at a farm, for the doctor: it makes nothing, and leaves nothing."""

from __future__ import annotations

from pathlib import Path

from pipeline.errors import FarmAway
from pipeline.execute.farm.likeness import differences, likeness
from pipeline.execute.farm.line import open_line
from pipeline.execute.farm.share import open_share
from pipeline.tools.clock import fresh_name

ANSWER_S = 20.0
TRIED = "assets"


def looked_at(farm: str, share: str, scratch: Path) -> tuple[int, str]:
    """How many slots there are, and how one worker differs from us. Raises FarmAway or ConfigError."""
    opened, name = open_share(share), f".storyrelay-{fresh_name()}"
    opened.write(f"{TRIED}/{name}", b"tried", scratch)
    opened.remove(TRIED, name)
    line = open_line(farm)
    try:
        if not line.slots:
            return 0, ""
        return line.slots, differences(likeness(), line.executor.submit(likeness).result(ANSWER_S))
    except Exception as fault:
        why = str(fault) or type(fault).__name__
        raise FarmAway(f"no worker of {farm} answers as ours would: {why}") from fault
    finally:
        line.close()
