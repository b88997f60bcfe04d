"""The config and the folders it names: there, readable, writable, with room, on a disk that keeps locks."""

from __future__ import annotations

import os
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.errors import EnvironmentFault
from pipeline.ledger import snapshot
from pipeline.plan.clocks import Mark, doubt_of
from pipeline.report.health.check import Check, guarded
from pipeline.report.words import count, size
from pipeline.tools.clock import Clock, now, synchronised, uptime
from pipeline.tools.filesystem import free_bytes, nearest, network_filesystem
from pipeline.tools.whereabouts import unmounted

if TYPE_CHECKING:
    from pipeline.config import Settings

LOCKS = Path("/proc/locks")
SCARCE_BYTES = 500_000_000
FULL_BYTES = 200_000_000
MEGA = 1_000_000


def place_checks(settings: Settings) -> Iterator[Check]:
    """Every folder and file that the settings name."""
    keep_mb = settings.limits.free_mb
    yield guarded("inbox", lambda: inbox_check(settings.inbox, settings.state))
    yield guarded("outbox", lambda: writable_check("outbox", settings.outbox, keep_mb))
    yield guarded("state", lambda: writable_check("state", settings.state, keep_mb))
    yield guarded("disk", lambda: network_check(settings.state))
    yield guarded("ledger", lambda: _ledger(settings.state))
    yield guarded("lock", lambda: lock_check(settings.state))
    yield guarded("clock", lambda: clock_check(settings.state))
    yield guarded("timezone", lambda: _timezone(settings))


def inbox_check(inbox: Path, state: Path) -> Check:
    """Whether there is something to look into."""
    quoted = shlex.quote(str(inbox))
    mount = unmounted(state, "inbox", inbox)
    if mount:
        detail = f"nothing is mounted at {mount}, where {inbox} was"
        return Check("inbox", "fail", detail, f"mount {shlex.quote(str(mount))}")
    if not inbox.is_dir():
        return Check("inbox", "fail", f"{inbox} isn't there", f"mkdir -p {quoted}")
    if not os.access(inbox, os.R_OK | os.X_OK):
        return Check("inbox", "fail", f"{inbox} can't be read", f"chmod u+rx {quoted}")
    return Check("inbox", "ok", str(inbox))


def writable_check(name: str, folder: Path, keep_mb: int | None = None) -> Check:
    """Whether files can be written there, or the folder can be made, and how much room is left.

    Below `keep_mb` runs begin nothing.
    """
    there = nearest(folder)
    quoted = shlex.quote(str(there))
    if not there.is_dir():
        return Check(name, "fail", f"{there} isn't a folder", f"set `{name}` to another folder")
    if not os.access(there, os.W_OK | os.X_OK):
        return Check(name, "fail", f"{there} can't be written", f"chmod u+rwx {quoted}")
    free, full = free_bytes(there), max(FULL_BYTES, (keep_mb or 0) * MEGA)
    detail = f"{folder}, {size(free)} free"
    fix = f"make room on the disk of {there}"
    if free < full:
        return Check(
            name, "fail", detail, f"{fix}; runs keep limits.free_mb ({keep_mb}) free" if keep_mb else fix
        )
    return Check(name, "warn" if free < full + SCARCE_BYTES else "ok", detail, fix)


def network_check(state: Path) -> Check:
    """Whether locks and syncs can be trusted where the state is."""
    kind = network_filesystem(nearest(state))
    if kind:
        detail = f"{state} lies on {kind}, where locks and syncs can't be trusted"
        return Check("disk", "fail", detail, "set `state` to a folder on a local disk")
    return Check("disk", "ok", "the state is on a local disk")


def lock_check(state: Path, locks: Path = LOCKS) -> Check:
    """Whether a run is under way, without touching its lock."""
    file = state / "lock"
    if not file.exists():
        return Check("lock", "ok", "free")
    inode = str(file.stat().st_ino)
    for line in locks.read_text().splitlines():
        kind, holder, place = (line.split()[column] for column in (1, 4, 5))
        if kind == "FLOCK" and place.rpartition(":")[2] == inode:
            detail = f"a run is under way (process {holder})"
            return Check("lock", "warn", detail, "wait for it to end; `ps -p PID` shows it")
    return Check("lock", "ok", "free")


def clock_check(state: Path, clock: Clock = now) -> Check:
    """Whether runs would trust the computer's clock, as far as the ledger tells."""
    on = uptime()
    with snapshot(state) as ledger:
        doubt = doubt_of(Mark(on.boot, on.on_s, clock()), ledger.last_run_at(), None)
    said = f"{clock():%Y-%m-%d %H:%M} UTC"
    if doubt is None or synchronised():
        return Check("clock", "ok", said)
    fix = "timedatectl set-ntp true; if it's right: storyrelay run --clock-is-right"
    return Check("clock", "fail", f"{said}, but {doubt.reason}", fix)


def _ledger(state: Path) -> Check:
    try:
        with snapshot(state) as ledger:
            known = sum(ledger.counts().values())
    except EnvironmentFault as fault:
        return Check(
            "ledger", "fail", str(fault), "storyrelay ledger restore FILE, with a backup of state/backups"
        )
    return Check("ledger", "ok", f"opens; it knows {count(known, 'delivery', 'deliveries')}")


def _timezone(settings: Settings) -> Check:
    chosen = settings.schedule.timezone
    zone = settings.timezone()
    if chosen or getattr(zone, "key", None):
        return Check("timezone", "ok", chosen or str(zone))
    detail = "the computer's zone has no name; times without an offset are taken as it keeps them"
    return Check("timezone", "warn", detail, "set `schedule.timezone`, such as Europe/Berlin")
