"""A note of all that a run with nothing to do depended on: while it's so, the next has nothing to do either.

Read before anything else is imported, so that a run every few minutes costs next to nothing. Whatever is in
doubt wakes the whole program: a note that can't be read, a file that can't be looked at, other words.
"""

from __future__ import annotations

import marshal
import os
import sys
import time
from collections.abc import Iterator, Sequence
from stat import S_ISDIR

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

STARTED_S = time.time()
"""When this process began, by the clock of the machine; what changed since may have been read before it."""
FILE = "seen/standstill"
"""In a state folder."""
OURS = "STORYRELAY_"
QUIET = frozenset(("-q", "--quiet"))
CONFIG = frozenset(("-c", "--config"))
WITH_A_VALUE = CONFIG | {"--max-runtime", "-j", "--jobs"}
TICK_S = 0.05
"""Two changes within one tick of the kernel's clock, 10 ms at most, have the same time."""
COARSE_S = 2.5
"""The same for disks that keep whole seconds, or every other one."""
NANO = 1_000_000_000
MINUTE_NS = 60 * NANO
DOT = ord(".")
NOWHERE = -1
PLAIN = 2
"""The version of marshal's format that always writes the same value in the same way."""

Place = tuple[bytes, tuple[bytes, ...]]
"""A file or a folder, and the names directly in it that are left out."""
Stamp = tuple[bytes, int, int, int, int]
"""A file: its name, when anything of it and when its content changed (ns), its size, its inode.

The first time is the kernel's own and would do, but FAT keeps it as the moment of creation.
"""
Other = tuple[bytes, int, int]
"""A folder with its device and inode; or a name that leads NOWHERE, with the reason."""
Stamps = tuple[bytes, list[Other], list[Stamp]]
Note = tuple[float, float, "tuple[object, ...]", "tuple[Place, ...]", bytes]
"""When it was written, until when it may be good, how the run was called, where it looked, what was there."""


def config_of(words: Sequence[str]) -> str | None:
    """The config of a quiet run as cron begins it; None for every other command."""
    if "run" not in words[:1] or QUIET.isdisjoint(words):
        return None
    rest, config = iter(words[1:]), None
    for word in rest:
        if word in WITH_A_VALUE:
            value = next(rest, None)
            config = value if word in CONFIG else config
        elif word not in QUIET:
            return None
    return config


def stands_still(words: Sequence[str]) -> bool:
    """Whether a run has nothing to do, as all is as the note of an earlier one says."""
    config = config_of(words)
    if config is None:
        return False
    try:
        noted = _read(os.path.join(state_of(config), FILE))  # noqa: PTH118 - pathlib takes 3 ms
        return noted is not None and _holds(noted, words)
    except (OSError, ValueError):
        return False


def _read(path: str) -> Note | None:
    with open(path, "rb") as file:  # noqa: PTH123
        try:
            noted_s, until_s, called, places, seen = marshal.load(file)  # noqa: S302 - a file of our own
        except (ValueError, EOFError, TypeError):
            return None
    return noted_s, until_s, called, places, seen


def _holds(noted: Note, words: Sequence[str]) -> bool:
    noted_s, until_s, called, places, seen = noted
    in_time = noted_s <= time.time() < until_s
    return in_time and called == circumstances(words) and seen == look(places)[1]


def note(words: Sequence[str], until_s: float, places: Sequence[Place], seen: bytes) -> bytes:
    """What to write into a state folder: `seen` is what was at `places`, nothing is due before `until_s`."""
    told: Any = (time.time(), until_s, circumstances(words), tuple(places), seen)
    return marshal.dumps(told, PLAIN)


def circumstances(words: Sequence[str]) -> tuple[object, ...]:
    """What else a run depends on: where and how it was called, and by whom."""
    names = sorted(name for name in os.environ if name == "PATH" or name.startswith(OURS))
    variables = tuple((name, os.environ[name]) for name in names)
    return (program(), os.getcwd(), tuple(words), variables)  # noqa: PTH109


def program() -> tuple[object, ...]:
    """This very program, for whom it works, and what it goes by when it reads a config."""
    variables = tuple(os.environ.get(name) for name in ("HOME", "TZ"))
    return (os.stat(__file__).st_mtime_ns, sys.version, __file__, os.geteuid(), variables)  # noqa: PTH116


def state_of(config: str) -> str:
    """The state folder as far as a glance at the config tells; a wrong one holds no note of this config.

    Raises OSError or ValueError where it can't be told.
    """
    written = {}
    with open(config, encoding="utf-8") as file:  # noqa: PTH123
        for line in file:
            key, colon, value = line.partition(":")
            if colon and key in ("inbox", "state"):
                written[key] = _path_in(value.partition(" #")[0].strip().strip("\"'"), config)
    beside = os.path.join(os.path.dirname(written.get("inbox", "")), ".storyrelay")  # noqa: PTH118, PTH120
    return written.get("state", beside)


def _path_in(written: str, config: str) -> str:
    if written.startswith("~/"):
        return os.environ.get("HOME", "") + written[1:]
    return os.path.normpath(os.path.join(os.path.dirname(os.path.realpath(config)), written))  # noqa: PTH118, PTH120


def look(places: Sequence[Place]) -> tuple[float, bytes]:
    """When the last file at some places changed, in seconds, and everything there in a form to compare.

    A time that a disk may have rounded counts as somewhat later, one that hasn't come yet doesn't count.
    Hidden files, and what isn't there, are as good as nothing. Raises OSError for what can't be listed.
    """
    latest_ns, newest_ns, seen = time.time_ns() + MINUTE_NS, 0, []
    for path, left_out in places:
        for folder, others, files in _stamps(path, left_out):
            times = [at for stamp in files for at in stamp[1:3] if at <= latest_ns]
            newest_ns = max(newest_ns, max(times, default=0))
            seen.append(marshal.dumps((folder, others, files), PLAIN))
    slack_s = TICK_S if newest_ns % NANO else COARSE_S
    return newest_ns / NANO + slack_s, b"".join(seen)


def _stamps(path: bytes, left_out: Sequence[bytes]) -> Iterator[Stamps]:
    """Folder by folder; each is entered once, whatever links lead to it."""
    try:
        found = os.stat(path)  # noqa: PTH116
    except FileNotFoundError:
        yield path, [], []
        return
    if not S_ISDIR(found.st_mode):
        yield path, [], [(path, found.st_ctime_ns, found.st_mtime_ns, found.st_size, found.st_ino)]
        return
    waiting, entered = [path], {(found.st_dev, found.st_ino)}
    yield path, [(b"", found.st_dev, found.st_ino)], []
    while waiting:
        folder = waiting.pop()
        others, files = _listed(folder, left_out if folder == path else ())
        yield folder, others, files
        for below in others:
            if below[1] != NOWHERE and below[1:] not in entered:
                entered.add(below[1:])
                waiting.append(folder + b"/" + below[0])


def _listed(folder: bytes, left_out: Sequence[bytes]) -> tuple[list[Other], list[Stamp]]:
    others: list[Other] = []
    files: list[Stamp] = []
    with os.scandir(folder) as entries:
        for entry in entries:
            name = entry.name
            if name[0] == DOT or name in left_out:
                continue
            try:
                found = entry.stat()
            except OSError as fault:  # a link to nowhere
                others.append((name, NOWHERE, fault.errno or 0))
                continue
            if S_ISDIR(found.st_mode):
                others.append((name, found.st_dev, found.st_ino))
            else:
                files.append((name, found.st_ctime_ns, found.st_mtime_ns, found.st_size, found.st_ino))
    others.sort()
    files.sort()
    return others, files
