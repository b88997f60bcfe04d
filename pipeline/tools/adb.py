"""The adb program: which one, how it is run, which phones it knows, and its server."""

from __future__ import annotations

import atexit
import os
import re
from collections.abc import Sequence
from contextlib import suppress
from functools import cache
from pathlib import Path

from pipeline.errors import EnvironmentFault, RenderError, TryAgain
from pipeline.tools.clock import monotonic_s, pause
from pipeline.values import dataclass

OVERRIDE = "STORYRELAY_ADB"
MEMORY_MB = 2000
QUICK_S = 10.0
LOOK_AGAIN_S = 0.1
USABLE = "device"
INSTALL = 'install it (Debian: apt install adb), or pip install "adbutils>=2.12"'
UNSETTLED = frozenset({"authorizing", "connecting", "offline"})
"""What adb calls a phone while it still shakes hands with it."""

_DETAIL = re.compile(r"(?<=\s)(usb|product|model|device|transport_id):(\S+)")
_STARTED = re.compile(r"daemon not running.* starting (?:now|it now)(?: at| on port)? (\S+)")


@dataclass(frozen=True, slots=True)
class Said:
    """How a call of adb ended; `started` tells that it had to start its server first."""

    returncode: int
    lines: tuple[str, ...]
    errors: tuple[str, ...]
    started: bool = False


@dataclass(frozen=True, slots=True)
class Listed:
    """A phone as `adb devices` lists it; `state` is "device" when it can be used."""

    serial: str
    state: str
    model: str | None = None
    usb: bool = False


def find_adb() -> str:
    """The path of adb: $STORYRELAY_ADB, else the one on the PATH, else the one that adbutils brings."""
    import shutil  # with all compressors, 2 ms

    chosen = os.environ.get(OVERRIDE)
    found = shutil.which(chosen or "adb") or (None if chosen else _bundled())
    if found is None and chosen:
        raise EnvironmentFault(
            f"${OVERRIDE} is {chosen}, which is no program. Next: unset it, or name an adb"
        )
    if found is None:
        raise EnvironmentFault(f"there is no adb. Next: {INSTALL}")
    return found


def _bundled() -> str | None:
    """Found without importing it: only its program is wanted."""
    import shutil
    from importlib.util import find_spec

    package = find_spec("adbutils")
    folders = package.submodule_search_locations if package else None
    return shutil.which(str(Path(folders[0]) / "binaries" / "adb")) if folders else None


def run_adb(words: Sequence[str], seconds: float) -> Said:
    """Run adb with a time limit. Raises TryAgain past it, EnvironmentFault when there is no adb.

    A server that this call had to start is stopped when our process ends: while it runs, every user of
    this machine can command the phone. One that was running before is left alone.
    """
    from pipeline.tools.child import Limits, run_child  # 8 ms, and most have no phone on a cable

    program = find_adb()
    lines: list[str] = []
    argv = [os.fsdecode(word.encode(errors="replace")) for word in (program, *words)]  # UTF-8 in any locale
    try:
        ended = run_child(argv, Limits(seconds, MEMORY_MB, nice=0), lines.append)
    except RenderError as slow:
        raise TryAgain(f"adb gave no answer within {seconds:g} s. Next: reconnect the phone") from slow
    said = "\n".join(ended.errors)
    started = _STARTED.search(said)
    if started and "doesn't match" not in said:  # else one of another version was running before
        _stop_at_exit(program, started.group(1))
    return Said(ended.returncode, tuple(lines), ended.errors, started is not None)


@cache
def _stop_at_exit(program: str, address: str) -> None:
    atexit.register(_stop, program, address)


def _stop(program: str, address: str) -> None:
    from pipeline.tools.child import Limits, run_child

    with suppress(EnvironmentFault, RenderError):
        run_child([program, "-L", address, "kill-server"], Limits(QUICK_S, MEMORY_MB, nice=0))


def version() -> str:
    """What adb calls itself ("29.0.6-debian"); starts no server."""
    told = run_adb(["version"], QUICK_S)
    return next((line.split()[1] for line in told.lines if line.startswith("Version ")), "unknown")


def phones(wanted: str | None, patience_s: float) -> tuple[Listed, ...]:
    """Every phone that adb knows; those that are just shaking hands get a little time.

    `wanted` may be an address (host:port) that isn't connected yet: it is dialled.
    """
    begun = monotonic_s()
    said = run_adb(["devices", "-l"], QUICK_S)
    listed = listed_in(said.lines)
    if wanted and ":" in wanted and _dial(wanted, listed):
        listed = _list()
    while _may_change(listed, wanted, fresh=said.started) and monotonic_s() - begun < patience_s:
        pause(LOOK_AGAIN_S)
        listed = _list()
    return listed


def listed_in(lines: Sequence[str]) -> tuple[Listed, ...]:
    """What `adb devices -l` tells, without its first line and the server's remarks."""
    rows = (line for line in lines if line and line[0] != "*" and not line.startswith("List of devices"))
    return tuple(_listed(row) for row in rows)


def _listed(row: str) -> Listed:
    serial, *words = row.split(maxsplit=1)
    rest = "".join(words)
    details = dict(_DETAIL.findall(rest))
    state = _DETAIL.split(rest, maxsplit=1)[0].strip()
    return Listed(serial, state, details.get("model"), usb="usb" in details)


def _list() -> tuple[Listed, ...]:
    return listed_in(run_adb(["devices", "-l"], QUICK_S).lines)


def _dial(address: str, listed: Sequence[Listed]) -> bool:
    """Connect to a phone in the network unless it is there; one whose line dropped must be let go first."""
    state = next((phone.state for phone in listed if phone.serial == address), None)
    if state not in (None, "offline"):
        return False
    with suppress(TryAgain):  # whether it worked is seen in the list
        if state == "offline":
            run_adb(["disconnect", address], QUICK_S)
        run_adb(["connect", address], QUICK_S)
    return True


def _may_change(listed: Sequence[Listed], wanted: str | None, *, fresh: bool) -> bool:
    mine = [phone.state for phone in listed if wanted in (None, phone.serial)]
    return USABLE not in mine and (fresh or not UNSETTLED.isdisjoint(mine))
