"""Programs that take a crontab, and orders to systemd, as the real ones do."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

CRONTAB = """\
#!{python} -IS
import pathlib, sys
kept = pathlib.Path({kept!r})
if sys.argv[1] == "-l":
    if not kept.exists():
        sys.exit("no crontab for ana")
    sys.stdout.buffer.write(kept.read_bytes())
else:
    new = sys.stdin.buffer.read()
    if b"refuse" in new:
        sys.exit('"-":1: bad minute')
    kept.write_bytes(new)
"""
SYSTEMCTL = """\
#!/bin/sh
echo "$@" >> '{heard}'
test ! -e '{heard}.deaf'
"""


@dataclass(frozen=True, slots=True)
class Timers:
    """A folder of programs for the PATH, and what they were told."""

    folder: Path

    def make(self) -> None:
        for name, text in (("crontab", CRONTAB), ("systemctl", SYSTEMCTL)):
            program = self.folder / name
            program.parent.mkdir(parents=True, exist_ok=True)
            program.write_text(text.format(python=sys.executable, kept=str(self.kept), heard=self.heard))
            program.chmod(0o755)

    @property
    def kept(self) -> Path:
        """The crontab."""
        return self.folder / "kept"

    @property
    def heard(self) -> Path:
        """What systemctl was called with."""
        return self.folder / "heard"

    def deafen(self) -> None:
        """Let systemctl fail, as where no systemd runs."""
        Path(f"{self.heard}.deaf").touch()

    def orders(self) -> list[str]:
        return self.heard.read_text().splitlines() if self.heard.exists() else []
