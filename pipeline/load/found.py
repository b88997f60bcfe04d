"""What a scan goes by and what it finds."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from pipeline.load.fingerprint import Fingerprint
from pipeline.load.glance import Mark


@dataclass(frozen=True, slots=True)
class Half:
    """A file that may be the other half of a Live Photo, with its own sidecars."""

    path: Path
    sidecars: tuple[Path, ...] = ()


@dataclass(frozen=True, slots=True)
class Found:
    """One file that is new or changed, as it was when it was found; a YAML sidecar comes first."""

    path: Path
    fingerprint: Fingerprint
    sidecars: tuple[Path, ...] = ()
    half: Half | None = None

    @property
    def beside(self) -> tuple[Path, ...]:
        """Everything that is decided upon together with it."""
        return self.sidecars + ((self.half.path, *self.half.sidecars) if self.half else ())


@dataclass(frozen=True, slots=True)
class Scan:
    """What a look at the inbox gave; `ignored` counts files that are neither media nor sidecars.

    `unreadable` are folders that can't be listed, and files that can't even be looked at, with the reasons.
    """

    changed: tuple[Found, ...]
    seen: int
    ignored: int
    unreadable: tuple[tuple[Path, str], ...] = ()
    marks: Mapping[bytes, Mark] = field(default_factory=dict)
    """Folders in which all is known that weren't known as a whole."""


@dataclass(frozen=True, slots=True)
class Known:
    """What earlier runs knew: the fingerprints of all files, or of those below a folder, and folders."""

    files: Callable[[bytes | None], Mapping[bytes, Fingerprint]]
    folders: Mapping[bytes, Mark]
