"""A file that lines are added to, readable by its owner alone; when it is full it gets a number."""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass
from pathlib import Path

ONLY_OWNER = 0o600
ADDING = os.O_WRONLY | os.O_APPEND | os.O_CLOEXEC | os.O_NONBLOCK  # a pipe that nobody reads mustn't stop us


@dataclass(frozen=True, slots=True)
class LogFile:
    """`run.log`, then `run.log.1` and so on, the higher the older, `keep` of them. One writer at a time."""

    path: Path
    keep: int
    max_bytes: int

    def add(self, line: bytes) -> None:
        """Add one line. Raises OSError when it can't be written, whole or at all."""
        if self._is_full(len(line)):
            self._turn()
        fd = self._opened()
        try:
            written = os.write(fd, line)
            if written < len(line):
                os.write(fd, line[written:])  # says why there is no room
        finally:
            os.close(fd)

    def _is_full(self, more_bytes: int) -> bool:
        try:
            found = self.path.stat()
        except FileNotFoundError:
            return False
        held_bytes = found.st_size if stat.S_ISREG(found.st_mode) else 0
        return held_bytes > 0 and held_bytes + more_bytes > self.max_bytes

    def _opened(self) -> int:
        try:
            fd = os.open(self.path, ADDING | os.O_CREAT | os.O_EXCL, ONLY_OWNER)
        except FileExistsError:
            return os.open(self.path, ADDING)
        except FileNotFoundError:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            return self._opened()
        os.fchmod(fd, ONLY_OWNER)  # whatever the umask takes away
        return fd

    def _turn(self) -> None:
        """Give every file the next number; the oldest is overwritten, with `keep: 0` there is none."""
        if not self.keep:
            self.path.unlink()
            return
        for number in range(self.keep - 1, 0, -1):
            if self._numbered(number).exists():
                self._numbered(number).replace(self._numbered(number + 1))
        self.path.replace(self._numbered(1))

    def _numbered(self, number: int) -> Path:
        return self.path.with_name(f"{self.path.name}.{number}")
