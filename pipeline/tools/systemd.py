"""systemd's units of this machine or of one person: where they lie, and how systemd is told of them."""

from __future__ import annotations

import shlex
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pipeline.errors import EnvironmentFault
from pipeline.tools.files import write_whole

PATIENCE_S = 60
READABLE = 0o644
OF_THE_SYSTEM = Path("/etc/systemd/system")


def folders(home: Path | None) -> Iterator[Path]:
    """Where units lie that were put in by hand: a person's own, then the system's."""
    if home is not None:
        yield home / ".config" / "systemd" / "user"
    yield OF_THE_SYSTEM


@dataclass(frozen=True, slots=True)
class Units:
    """A folder of units, and whether they are one person's."""

    folder: Path
    personal: bool

    def command(self, *words: str) -> list[str]:
        """A call of systemctl for these units."""
        return ["systemctl", *(["--user"] if self.personal else []), *words]

    def read(self, name: str) -> str | None:
        """A unit's text, or None."""
        try:
            return (self.folder / name).read_text(encoding="utf-8", errors="surrogateescape")
        except FileNotFoundError:
            return None

    def write(self, texts: Mapping[str, str]) -> None:
        """Write units, each whole or not at all. Raises EnvironmentFault."""
        try:
            for name, text in texts.items():
                write_whole(self.folder / name, text.encode())
                (self.folder / name).chmod(READABLE)
        except OSError as fault:
            raise EnvironmentFault(f"{self.folder} can't be written: {fault.strerror}") from fault

    def remove(self, names: Sequence[str]) -> list[Path]:
        """Remove what is there of them; which that was. Raises EnvironmentFault."""
        there = [self.folder / name for name in names if (self.folder / name).exists()]
        try:
            for path in there:
                path.unlink()
        except OSError as fault:
            raise EnvironmentFault(f"{fault.filename} can't be removed: {fault.strerror}") from fault
        return there

    def tell(self, *calls: Sequence[str]) -> list[str]:
        """Carry out calls of systemctl until one fails; as commands to copy, that one and those after it."""
        for number, words in enumerate(calls):
            if not _done(self.command(*words)):
                return [shlex.join(self.command(*left)) for left in calls[number:]]
        return []


def _done(command: Sequence[str]) -> bool:
    try:
        done = subprocess.run(
            command, stdin=subprocess.DEVNULL, capture_output=True, timeout=PATIENCE_S, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0
