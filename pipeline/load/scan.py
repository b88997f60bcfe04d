"""Find what is new or changed in the inbox, in one pass over its folders."""

from __future__ import annotations

import errno
import os
import shlex
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from pipeline.errors import EnvironmentFault
from pipeline.load.fingerprint import Fingerprint, fingerprint, fingerprint_now
from pipeline.load.found import Found, Half, Known, Scan
from pipeline.load.glance import Glance, Glances, Mark
from pipeline.load.names import (
    LIVE_MOVIE_SUFFIXES,
    MEDIA_SUFFIXES,
    SIDECAR_SUFFIXES,
    TEMPORARY_SUFFIXES,
    half_key,
    half_names,
    left_out,
    sidecar_key,
    sidecar_names,
    story_order,
    suffix_of,
)

__all__ = ["Found", "Half", "Known", "Scan", "scan"]


@dataclass(slots=True)
class _Listing:
    """The files of one folder that matter."""

    media: list[os.DirEntry[bytes]] = field(default_factory=list)
    sidecars: dict[bytes, os.DirEntry[bytes]] = field(default_factory=dict)
    folders: list[bytes] = field(default_factory=list)
    unreadable: list[tuple[Path, str]] = field(default_factory=list)
    ignored: int = 0
    with_movies: bool = False

    def halves(self) -> dict[bytes, os.DirEntry[bytes]]:
        """The media by what their other halves look for; none where there are no movies of Live Photos."""
        return {half_key(entry.name): entry for entry in self.media} if self.with_movies else {}


@dataclass(frozen=True, slots=True)
class _Beside:
    """What lies beside one file and is decided upon together with it."""

    sidecars: Sequence[os.DirEntry[bytes]]
    half: os.DirEntry[bytes] | None = None
    sidecars_of_half: Sequence[os.DirEntry[bytes]] = ()

    def all(self) -> list[os.DirEntry[bytes]]:
        """In the order of `Found.beside`."""
        return [*self.sidecars, *([self.half, *self.sidecars_of_half] if self.half else ())]

    def found(self, path: bytes, mark: Fingerprint) -> Found:
        """The file with all of it."""
        half = Half(_path(self.half.path), _paths(self.sidecars_of_half)) if self.half else None
        return Found(_path(path), mark, _paths(self.sidecars), half)


@dataclass(slots=True)
class _Search:
    """How far a scan has come; folders are told apart by device and inode, so links can't lead in circles."""

    known: Known
    entered: set[tuple[int, int]]
    all_files: Mapping[bytes, Fingerprint] | None = None
    marks: dict[bytes, Mark] = field(default_factory=dict)
    changed: dict[bytes, Found] = field(default_factory=dict)
    seen: int = 0
    ignored: int = 0
    unreadable: list[tuple[Path, str]] = field(default_factory=list)

    def files_in(self, folder: bytes) -> Mapping[bytes, Fingerprint]:
        """What is known of the files there; one folder that changed doesn't have all 100,000 read."""
        if self.all_files is None and self.known.folders:
            return self.known.files(folder)
        if self.all_files is None:
            self.all_files = self.known.files(None)
        return self.all_files


def scan(
    roots: Sequence[Path], known: Known | Mapping[bytes, Fingerprint], leave_out: Collection[Path] = ()
) -> Scan:
    """Everything below `roots` whose fingerprint isn't the one in `known` (by path, as bytes).

    A root that is a file was named by a person and always counts as changed. Nothing below the folders
    `leave_out` is looked at. Raises EnvironmentFault when a root isn't there or can't be read.
    """
    if not isinstance(known, Known):
        fingerprints = known
        known = Known(lambda _: fingerprints, {})
    search = _Search(known, _places(leave_out))
    named: dict[bytes, list[bytes]] = {}
    for root in (Path(os.path.abspath(root)) for root in roots):  # noqa: PTH100 - links stay as they were named
        _check_root(root)
        if any(root.resolve().is_relative_to(folder.resolve()) for folder in leave_out):
            continue
        if root.is_dir():
            _walk(os.fsencode(root), search)
        else:
            named.setdefault(os.fsencode(root.parent), []).append(os.fsencode(root.name))
    for folder, names in named.items():
        _take_named(folder, names, search)
    changed = sorted(search.changed.items(), key=lambda entry: story_order(entry[0]))
    return Scan(
        changed=tuple(found for _, found in changed),
        seen=search.seen,
        ignored=search.ignored,
        unreadable=tuple(sorted(search.unreadable)),
        marks=search.marks,
    )


def _path(path: bytes) -> Path:
    return Path(os.fsdecode(path))


def _paths(entries: Iterable[os.DirEntry[bytes]]) -> tuple[Path, ...]:
    return tuple(_path(entry.path) for entry in entries)


def _places(folders: Iterable[Path]) -> set[tuple[int, int]]:
    there = (folder.stat() for folder in folders if folder.exists())
    return {(folder.st_dev, folder.st_ino) for folder in there}


def _check_root(root: Path) -> None:
    try:
        root.stat()
    except (FileNotFoundError, NotADirectoryError):
        raise EnvironmentFault(_missing(root)) from None
    except OSError as fault:
        raise EnvironmentFault(f"{root} can't be read: {fault.strerror}") from fault
    if root.is_dir() and not os.access(root, os.R_OK | os.X_OK):
        raise EnvironmentFault(f"{root} can't be read: chmod u+rx {shlex.quote(str(root))}")


def _missing(root: Path) -> str:
    if suffix_of(os.fsencode(root.name)) in MEDIA_SUFFIXES:
        return f"{root} doesn't exist: check its name"
    return f"the inbox {root} doesn't exist: mkdir -p {shlex.quote(str(root))} makes it"


def _walk(root: bytes, search: _Search) -> None:
    waiting, glances = [root], Glances()
    while waiting:
        folder = waiting.pop()
        seen = glances.of(folder, waiting)
        mark = search.known.folders.get(folder)
        if mark is None or seen.digest != mark.digest or seen.place is None:
            waiting += _look_closer(folder, seen, search)
        elif seen.place not in search.entered:
            search.entered.add(seen.place)
            search.seen += mark.seen
            search.ignored += mark.ignored
            waiting += [other for other in seen.folders if not left_out(other.rpartition(b"/")[2])]


def _look_closer(folder: bytes, seen: Glance, search: _Search) -> list[bytes]:
    """Compare file by file. Returns the folders in it."""
    try:
        status = os.stat(folder)  # noqa: PTH116 - paths stay bytes here: 100,000 of them
        if (status.st_dev, status.st_ino) in search.entered:
            return []
        search.entered.add((status.st_dev, status.st_ino))
        listing = _list(folder)
    except OSError as fault:
        search.unreadable.append((Path(os.fsdecode(folder)), fault.strerror or str(fault)))
        return []
    before = (search.seen, search.ignored)
    known = search.files_in(folder) if listing.media else {}
    all_known = _compare(listing, known, search)
    if all_known and seen.digest is not None:
        # the glance came first: what changed between the two gives another digest next time
        counts = (search.seen - before[0], search.ignored - before[1])
        search.marks[folder] = Mark(seen.digest, *counts)
    return listing.folders


def _list(folder: bytes) -> _Listing:
    listing = _Listing()
    with os.scandir(folder) as entries:
        for entry in entries:
            name = entry.name
            if name[:1] == b"." or name[-1:] == b"~":
                continue
            suffix = suffix_of(name)
            try:
                if entry.is_dir():
                    if not left_out(name):
                        listing.folders.append(entry.path)
                elif suffix in MEDIA_SUFFIXES and entry.is_file():
                    listing.media.append(entry)
                    listing.with_movies |= suffix in LIVE_MOVIE_SUFFIXES
                elif suffix in SIDECAR_SUFFIXES and entry.is_file():
                    listing.sidecars[sidecar_key(name)] = entry
                elif suffix not in TEMPORARY_SUFFIXES:
                    listing.ignored += 1
            except OSError as fault:
                if fault.errno == errno.ELOOP:  # a link that leads to itself: as good as a dead one
                    listing.ignored += 1
                else:
                    listing.unreadable.append((_path(entry.path), fault.strerror or str(fault)))
    return listing


def _compare(listing: _Listing, known: Mapping[bytes, Fingerprint], search: _Search) -> bool:
    """Whether all of it is known as it is."""
    search.unreadable += listing.unreadable
    all_known = not listing.unreadable
    used: set[bytes] = set()
    has_sidecar = {key.rpartition(b".")[0] for key in listing.sidecars}
    halves = listing.halves()
    for entry in listing.media:
        name = entry.name
        with_sidecar = name in has_sidecar or name.rpartition(b".")[0] in has_sidecar
        own = _sidecars_of(name, listing.sidecars) if with_sidecar else []
        beside = _Beside(own, *_half_of(name, halves, listing)) if halves else _Beside(own)
        try:
            mark = fingerprint(entry.stat(), [(other.name, other.stat()) for other in beside.all()])
        except FileNotFoundError:  # gone meanwhile: the next run looks again
            all_known = False
            continue
        except OSError as fault:  # such as a path that is too long
            all_known = False
            search.unreadable.append((_path(entry.path), fault.strerror or str(fault)))
            continue
        search.seen += 1
        used.update(other.name for other in own)
        if known.get(entry.path) != mark:
            all_known = False
            search.changed[entry.path] = beside.found(entry.path, mark)
    search.ignored += listing.ignored + len(listing.sidecars) - len(used)
    return all_known


def _sidecars_of(name: bytes, sidecars: Mapping[bytes, os.DirEntry[bytes]]) -> list[os.DirEntry[bytes]]:
    hits = (next((key for key in keys if key in sidecars), None) for keys in sidecar_names(name))
    return [sidecars[key] for key in hits if key is not None]


def _half_of(
    name: bytes, halves: Mapping[bytes, os.DirEntry[bytes]], listing: _Listing
) -> tuple[os.DirEntry[bytes] | None, list[os.DirEntry[bytes]]]:
    half = next((halves[key] for key in half_names(name) if key in halves), None)
    return half, _sidecars_of(half.name, listing.sidecars) if half else []


def _take_named(folder: bytes, names: Sequence[bytes], search: _Search) -> None:
    """Files that were named one by one, known or not, whatever their suffix but a sidecar's.

    `run inbox/*` names the sidecars too; they are read with their media.
    """
    try:
        listing = _list(folder)
    except OSError:  # a folder may let its files be opened without letting them be listed
        listing = _Listing()
    halves = listing.halves()
    for name in names:
        if suffix_of(name) in SIDECAR_SUFFIXES:
            search.ignored += 1
            continue
        path = folder.rstrip(b"/") + b"/" + name
        beside = _Beside(_sidecars_of(name, listing.sidecars), *_half_of(name, halves, listing))
        try:
            mark = fingerprint_now(path, [other.path for other in beside.all()])
        except OSError as fault:
            raise EnvironmentFault(f"{os.fsdecode(path)} is gone: {fault.strerror}") from fault
        search.seen += path not in search.changed
        search.changed[path] = beside.found(path, mark)
