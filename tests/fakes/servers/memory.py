"""What a stand-in keeps in a folder, so that it outlives its process: events, and media by their hash."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any


class Memory:
    """Each event is a line of `events.jsonl` before it is true; a half line of a crash is forgotten."""

    def __init__(self, folder: Path) -> None:
        self._media = folder / "media"
        self._media.mkdir(parents=True, exist_ok=True)
        log = folder / "events.jsonl"
        lines = log.read_text(encoding="utf-8").splitlines(keepends=True) if log.exists() else []
        whole = [line for line in lines if line.endswith("\n")]
        log.write_text("".join(whole), encoding="utf-8")
        self.past: list[dict[str, Any]] = [json.loads(line) for line in whole]
        self._file = log.open("a", encoding="utf-8")

    def close(self) -> None:
        self._file.close()

    def write(self, what: str, detail: Mapping[str, Any]) -> dict[str, Any]:
        """The event as the next life will read it."""
        line = json.dumps({"what": what, **detail}, default=datetime.isoformat)
        self._file.write(line + "\n")
        self._file.flush()
        return dict(json.loads(line))

    def keep(self, body: bytes) -> str:
        """The SHA-256 by which the bytes are found again."""
        sha256 = hashlib.sha256(body).hexdigest()
        (self._media / sha256).write_bytes(body)
        return sha256

    def media(self, sha256: str) -> Path:
        """The file that holds those bytes."""
        return self._media / sha256
