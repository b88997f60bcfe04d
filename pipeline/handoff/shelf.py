"""What was put on phones, remembered beside the ledger, so that all of it is taken away again."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path, PurePosixPath

from pipeline.tools.files import write_whole
from pipeline.tools.plain import from_json, to_json
from pipeline.values import dataclass

_OURS = re.compile(
    r"/sdcard/(?:Movies|Pictures)/[A-Za-z0-9_-]{1,40}/storyrelay-(?:\d+|test)-[0-9a-f]{12}\.[a-z0-9]{1,5}"
)


def is_ours(path: str) -> bool:
    """Whether a path on a phone can only be one of ours: whatever else is said, nothing else is removed."""
    return _OURS.fullmatch(path) is not None


@dataclass(frozen=True, slots=True)
class Laid:
    """A file on a phone; `open` while its story may stand in the composer, waiting for the person.

    `serial` is how adb called the phone then; `number` is the phone's own, which stays when it comes back on
    another line: in the network its serial changes with its address. "" where it didn't tell. `ended` is
    when the person had answered, or its time was over; None for what never stood in the composer.
    """

    delivery: int
    destination: str
    channel: str
    serial: str
    path: str
    open: bool = False
    number: str = ""
    ended: datetime | None = None

    def may_go(self, at: datetime, kept: timedelta) -> bool:
        """Whether nobody needs the file any more: WhatsApp may read it for a while after Send."""
        return not self.open and (self.ended is None or at - self.ended >= kept)


@dataclass(frozen=True, slots=True)
class Shelf:
    """One small file for each file on a phone. It is written before there is anything to take away."""

    folder: Path

    def put(self, laid: Laid) -> None:
        """Remember a file, or how it stands now."""
        write_whole(self._file(laid), to_json(laid).encode() + b"\n")

    def forget(self, laid: Laid) -> None:
        """It is gone."""
        self._file(laid).unlink(missing_ok=True)

    def all(self) -> Iterator[Laid]:
        """Everything, in no order; what a foreign hand spoilt is set aside."""
        for file in self.folder.glob("*.json"):
            laid = _read(file)
            if laid is not None:
                yield laid

    def _file(self, laid: Laid) -> Path:
        return self.folder / f"{PurePosixPath(laid.path).name}.json"


def _read(file: Path) -> Laid | None:
    try:
        laid = from_json(Laid, file.read_text())
    except FileNotFoundError:
        return None
    except (ValueError, AttributeError, TypeError):
        laid = None
    if laid is None or not is_ours(laid.path):
        file.replace(file.with_suffix(".unreadable"))
        return None
    return laid
