"""What `doctor` says of a farm."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.errors import ConfigError, FarmAway
from pipeline.report.health import Check

if TYPE_CHECKING:
    from pipeline.config import Settings


def farm_check(settings: Settings) -> Check:
    """Whether the scheduler and the share can be used, and by how many workers that are as we are."""
    from pipeline.execute.farm.checking import looked_at  # dask and fsspec

    chosen = settings.execute
    try:
        slots, differs = looked_at(chosen.farm or "", chosen.share or "", settings.state / "scratch")
    except (FarmAway, ConfigError) as away:
        problem, _, following = str(away).partition(". Next: ")
        return Check("farm", "fail", problem, following or None)
    if not slots:
        return Check("farm", "fail", f"{chosen.farm} has no worker", f"storyrelay worker {chosen.farm}")
    if differs:
        return Check("farm", "fail", f"a worker has {differs}", "install the same there as here")
    return Check("farm", "ok", f"{chosen.farm}, {slots} at once; {chosen.share} can be written")
