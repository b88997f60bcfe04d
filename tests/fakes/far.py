"""A source that is a dict: what lies elsewhere, how often it was asked, and what goes wrong there."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from pipeline.model import Remote


@dataclass(slots=True)
class FarSource:
    """Its files by their keys; the mark of each is told by its bytes."""

    name: str = "far"
    files: dict[str, bytes] = field(default_factory=dict)
    sidecars: dict[str, dict[str, object]] = field(default_factory=dict)
    left: dict[str, str] = field(default_factory=dict)
    failure: Exception | None = None
    """Raised by the next listing."""
    failures: dict[str, Exception] = field(default_factory=dict)
    """Raised instead of giving a file."""
    before_it_ends: Callable[[Path], None] | None = None
    """What happens in the middle of a file."""
    tells_of_removals: bool = False
    listed: int = 0
    closed: int = 0
    fetched: list[str] = field(default_factory=list)

    def listing(self) -> Sequence[Remote]:
        self.listed += 1
        if self.failure:
            raise self.failure
        return [
            Remote(
                key=key,
                mark=hashlib.sha256(content).hexdigest(),
                path=PurePosixPath(key),
                bytes=len(content),
                sidecar=self.sidecars.get(key),
                left=self.left.get(key),
            )
            for key, content in self.files.items()
        ]

    def gone(self, keys: Collection[str]) -> Collection[str]:
        return {key for key in keys if key not in self.files} if self.tells_of_removals else ()

    def close(self) -> None:
        self.closed += 1

    def fetch(self, remote: Remote, into: Path) -> None:
        self.fetched.append(remote.key)
        content = self.files[remote.key]
        if remote.key in self.failures:
            into.write_bytes(content[: len(content) // 2])
            raise self.failures[remote.key]
        into.write_bytes(content[: len(content) // 2])
        if self.before_it_ends:
            self.before_it_ends(into)
        with into.open("ab") as file:
            file.write(content[len(content) // 2 :])
