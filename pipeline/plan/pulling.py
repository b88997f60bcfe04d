"""Which of what lies at a source is pulled now, and what is left there, with the reason."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from pathlib import PurePosixPath

from pipeline.model import PulledBefore, Remote
from pipeline.values import dataclass

LONGEST_NAME = 200
"""Bytes. Disks take 255, and names grow: a sidecar's suffix comes after, a temporary name before it."""


@dataclass(frozen=True, slots=True)
class Choice:
    """What to pull, in its order, and what is new but stays where it is, with the reason."""

    wanted: tuple[Remote, ...]
    left: tuple[tuple[Remote, str], ...]


def chosen(
    remotes: Iterable[Remote],
    known: Mapping[str, PulledBefore],
    missed: Collection[PurePosixPath],
    now: datetime,
) -> Choice:
    """What of a listing is new, or changed, or `missed`: pulled before, still needed and no longer there.

    What is over isn't worth a word.
    """
    wanted: list[Remote] = []
    left: list[tuple[Remote, str]] = []
    for remote in remotes:
        before = known.get(remote.key)
        if before is not None and before.mark == remote.mark and before.path not in missed:
            continue
        if remote.expires_at is not None and remote.expires_at <= now:
            continue
        why = remote.left or name_problem(remote.path)
        if why:
            left.append((remote, why))
        else:
            wanted.append(remote)
    return Choice(tuple(wanted), tuple(left))


def name_problem(path: PurePosixPath) -> str | None:
    """Why a file may not be put there: names from elsewhere could lead out of the folder, or to nowhere."""
    if path.is_absolute() or not path.parts or ".." in path.parts:
        return "its name leads out of the folder"
    if any(part.startswith(".") for part in path.parts):
        return "its name is that of a hidden file"
    if any("\0" in part for part in path.parts):
        return "its name can't be that of a file"
    if any(len(part.encode(errors="surrogateescape")) > LONGEST_NAME for part in path.parts):
        return f"its name is longer than {LONGEST_NAME} bytes"
    return None
