"""What lies elsewhere and may be pulled: one file of a folder, or one story of an account."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import PurePosixPath

from pipeline.values import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Remote:
    """One file or story at a source.

    `key` is its lasting name there: a path within the folder, or a story's number. `mark` changes when its
    content does: an etag, or size and time. `path` is where it goes below the source's own folder. What
    `sidecar` says is written beside it before it gets its name. `left` says why it isn't pulled now, though
    it's new. `changed_at` is by the clock there.
    """

    key: str
    mark: str
    path: PurePosixPath
    bytes: int | None = None
    sidecar: Mapping[str, object] | None = None
    expires_at: datetime | None = None
    left: str | None = None
    changed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class PulledBefore:
    """What is remembered of one that was pulled: the mark it had, and its place below the source's folder."""

    mark: str
    path: PurePosixPath
