"""The command line: `main` finds the command, and turns whatever happens into messages and an exit code."""

from __future__ import annotations

import gc
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
    words = sys.argv[1:] if arguments is None else arguments
    if stands_still(words):
        sys.exit(0)
    gc.disable()  # there is nothing to find among what is just being loaded
    from pipeline.cli.failures import told

    os.umask(os.umask(OTHERS) & OTHERS)  # one that takes our own rights leaves what the next run can't open
    sys.exit(told(lambda: _command(words)))


def _command(words: Sequence[str]) -> object:
    from pipeline.cli.quickly import quickly

    called = quickly(words)
    if called is not None:
        try:
            return called()
        except KeyboardInterrupt:
            sys.stderr.write("\n")  # after the ^C of the terminal, as click does
            raise
        finally:
            gc.enable()
            gc.freeze()  # nor when all of it goes: together 7 of 50 ms
    gc.enable()
    from pipeline.cli.group import storyrelay  # with click, which takes longer than all before

    return storyrelay.main(list(words), prog_name="storyrelay", standalone_mode=False)


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
