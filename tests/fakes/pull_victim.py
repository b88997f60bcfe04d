"""A warm program that pulls, or runs, in forks of itself, each killed at some step."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from fakes.crash_server import Countdown, serve
from fakes.far import FarSource

import pipeline.run.pulling
from pipeline.config import Place, load_settings
from pipeline.run import Request, run
from pipeline.run.pulling import pull

FAR = "elsewhere"
"""The folder of a world that plays the server."""


def far_of(world: Path) -> FarSource:
    """What lies at the server; every file comes with a sidecar."""
    files = {path.name: path.read_bytes() for path in sorted((world / FAR).iterdir())}
    return FarSource(files=files, sidecars={name: {"caption": f"of {name}"} for name in files})


def carry_out(request: dict[str, Any]) -> int:
    """What is asked for; the exit code."""
    world = Path(request["world"])
    settings = load_settings(world / "storyrelay.yaml", (), Place({}, world, None))
    vars(pipeline.run.pulling)["sources"] = lambda *_: iter([far_of(world)])
    if request["kill_at"]:
        Countdown(request["kill_at"], str(world)).begin()
    if request["do"] == "pull":
        return pull(settings, (), lambda _: None)
    return run(settings, Request(), lambda _: None).exit_code


if __name__ == "__main__":
    serve(carry_out)
