"""A program that starts the real command in forks of itself, to be killed while it publishes.

It follows the line protocol of `crash_server`. The command's clock is ahead of the machine's by as much as
a request says, so that nobody has to wait until a doubt may be settled.
"""

from __future__ import annotations

import os
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from fakes.crash_server import serve
from fakes.disk import weaken
from fakes.simulation import repeats_blindly

import pipeline.cli.run
import pipeline.mirror.graph.connection
import pipeline.mirror.graph.failures
import pipeline.mirror.graph.public
import pipeline.mirror.graph.steps
import pipeline.mirror.graph.token
import pipeline.mirror.look
import pipeline.mirror.publish
import pipeline.mirror.whoami
import pipeline.run.course
from pipeline.cli import main
from pipeline.tools.clock import now

LOG = "log.txt"


def carry_out(request: dict[str, Any]) -> int:
    """The command that the request names; its exit code."""
    world = Path(request["world"])
    log = os.open(world / LOG, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    for stream in (1, 2):
        os.dup2(log, stream)
    if request["naive"]:
        repeats_blindly(pytest.MonkeyPatch())
    if request["broken"]:
        weaken(request["broken"])
    ahead = timedelta(seconds=request["ahead_s"])
    vars(pipeline.run)["run"] = partial(pipeline.run.run, clock=lambda: now() + ahead)
    try:
        main([*request["words"], "-c", str(world / "storyrelay.yaml")])
    except SystemExit as left:
        return int(left.code or 0)
    raise AssertionError("the command didn't end")


if __name__ == "__main__":
    serve(carry_out)
