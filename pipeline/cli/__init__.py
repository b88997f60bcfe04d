"""The command line: `main` finds the command, and turns whatever happens into messages and an exit code."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

from pipeline.tools.standstill import stands_still
from pipeline.tools.utf8 import take_names_for_utf8

OTHERS = 0o077


def main(arguments: Sequence[str] | None = None) -> None:
    """Run one command and exit with its code."""
    _open_standard_streams()
    take_names_for_utf8()
    if stands_still(sys.argv[1:] if arguments is None else arguments):
        sys.exit(0)
    from pipeline.cli.failures import told  # with click, which takes longer than all before
    from pipeline.cli.group import storyrelay

    os.umask(os.umask(OTHERS) & OTHERS)  # one that takes our own rights leaves what the next run can't open
    sys.exit(told(lambda: storyrelay.main(arguments, prog_name="storyrelay", standalone_mode=False)))


def _open_standard_streams() -> None:
    """A cron job or a service may start without them; the next file that is opened would take their place."""
    for fd in (0, 1, 2):
        try:
            os.fstat(fd)
        except OSError:
            os.open(os.devnull, os.O_RDWR)
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure:
            reconfigure(errors="backslashreplace")
