"""The one place where failures become messages on stderr and an exit code."""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Callable
from typing import Any

from pipeline.cli.output import say
from pipeline.errors import ConfigError, EnvironmentFault, Interrupted, StoryrelayError
from pipeline.report.words import printable

BUG = 1
SIGINT, SIGPIPE = 2, 13
"""The module signal makes classes of all of them, 1 ms."""
READER_GONE = 128 + SIGPIPE
INTERRUPTED = 128 + SIGINT
MACHINES = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EIO, errno.ENFILE, errno.EMFILE})
"""A disk that is full, broken or read-only, or too many open files."""
SHORT_TRACE = 6
"""Frames of a bug's traceback that are shown without STORYRELAY_DEBUG."""


def told(command: Callable[[], Any]) -> int:
    """The exit code of a command, after telling what went wrong."""
    try:
        code = command()
        if sys.stdout is not None:
            sys.stdout.flush()
    except KeyboardInterrupt:
        return _tell_interrupted()
    except StoryrelayError as failure:
        tell(failure)
        return failure.exit_code
    except SystemExit as left:
        # by itself, click leaves with 1 when nobody reads its output any more, with 0 after a completion
        return READER_GONE if left.code else 0
    except OSError as fault:
        return _tell_system(fault)
    except Exception as fault:  # noqa: BLE001 - the last resort: every other failure has a name
        return _tell_other(fault)
    return code if isinstance(code, int) else 0


def _tell_other(fault: Exception) -> int:
    """What click says of the command line, if it's there at all; or a bug."""
    if "click" in sys.modules:
        import click

        if isinstance(fault, click.ClickException):
            fault.show()
            return fault.exit_code
        if isinstance(fault, click.Abort):
            return _tell_interrupted()
    return _tell_bug(fault)


def _tell_interrupted() -> int:
    complain("interrupted")
    return INTERRUPTED


def tell(failure: StoryrelayError) -> None:
    """Say what happened, and the next command, on stderr."""
    problems = failure.problems if isinstance(failure, ConfigError) else (str(failure),)
    for problem in problems:
        complain(problem)
    if isinstance(failure, Interrupted):
        complain("nothing is lost; start it again")
    for note in getattr(failure, "__notes__", ()):
        complain(note)


def complain(text: str) -> None:
    """One message on stderr."""
    say(f"storyrelay: {printable(text, keep=chr(10))}", err=True)


def _tell_system(fault: OSError) -> int:
    """A full or broken disk is nobody's bug, wherever it strikes."""
    if fault.errno == errno.EPIPE:
        _silence_stdout()
        return READER_GONE
    if fault.errno not in MACHINES:
        return _tell_bug(fault)
    complain(f"{fault.filename or 'the results'} can't be written: {fault.strerror}. Next: storyrelay doctor")
    _silence_stdout()
    return EnvironmentFault.exit_code


def _silence_stdout() -> None:
    """What is still buffered goes nowhere, or Python would complain once more when it ends."""
    if sys.stdout is not None:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _tell_bug(bug: Exception) -> int:
    import traceback  # with tokens and lines, for the rare case

    limit = None if os.environ.get("STORYRELAY_DEBUG") else -SHORT_TRACE
    say("".join(traceback.format_exception(bug, limit=limit)), err=True, nl=False)
    complain("this is a bug in storyrelay, not in your files or settings; nothing was sent twice")
    complain("please report the lines above; STORYRELAY_DEBUG=1 shows more of them")
    return BUG
