"""Started as a program of its own: limits itself, then becomes the program it is given.

Python's `preexec_fn` isn't safe in a program with threads, so the limits are set on this side of the exec.
"""

from __future__ import annotations

import ctypes
import os
import resource
import signal
import sys

PR_SET_PDEATHSIG = 1
CANNOT_START = 127


def main(parent: str, memory_mb: str, nice: str, *argv: str) -> None:
    """Die with the parent, take little memory and little of the processor, leave no core file; then exec."""
    _die_with(int(parent))
    _limit(resource.RLIMIT_AS, int(memory_mb) * 1_000_000)
    _limit(resource.RLIMIT_CORE, 0)
    os.nice(int(nice))
    try:
        os.execvp(argv[0], argv)  # noqa: S606 - a list, no shell
    except OSError as error:
        sys.stderr.write(f"{argv[0]}: {error.strerror}\n")
        sys.exit(CANNOT_START)


def _die_with(parent: int) -> None:
    """Ask the kernel to kill this process when its parent dies, however that happens (Linux only)."""
    if sys.platform != "linux":
        return
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:  # it died before it could be asked
        sys.exit(CANNOT_START)


def _limit(kind: int, most: int) -> None:
    _, hard = resource.getrlimit(kind)
    if hard != resource.RLIM_INFINITY:
        most = min(most, hard)
    resource.setrlimit(kind, (most, most))


if __name__ == "__main__":
    main(*sys.argv[1:])
