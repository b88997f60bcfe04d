"""What coordinator and workers have in common: a folder, or any store that fsspec knows by its address."""

from __future__ import annotations

import dataclasses
import json
import shlex
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from pipeline.errors import ConfigError, FarmAway
from pipeline.model import Rendition
from pipeline.tools.clock import fresh_name, now
from pipeline.tools.files import TEMPORARY_PREFIX
from pipeline.tools.plain import from_json, to_json
from pipeline.tools.stores import opened_store

INSTALL = f'{shlex.quote(sys.executable)} -m pip install "distributed>=2026.7" "fsspec>=2026.2"'
ASSETS, RENDITIONS, MARK = "assets", "renditions", "storyrelay.json"
APPEAR_WHOLE = frozenset({"s3", "s3a", "gs", "gcs", "abfs", "abfss", "az", "oss", "swift"})
"""Stores in which a file is there when all of it is; elsewhere it's written beside and renamed."""
CHANGED_AT = ("mtime", "LastModified", "last_modified", "updated", "modified", "created")
"""What the stores call it."""


@dataclass(frozen=True, slots=True)
class Share:
    """Files by name below `root`; what fails is an FarmAway that names the share."""

    address: str
    files: Any
    root: str

    def size(self, name: str) -> int | None:
        """How many bytes a file has; None when it isn't there."""
        with self._telling():
            try:
                size = self.files.info(self._at(name))["size"]
            except FileNotFoundError:
                return None
            return int(size)

    def put(self, local: Path, name: str) -> None:
        """Lay a file there, whole or not at all."""
        target = self._at(name)
        with self._telling():
            if self._appears_whole():
                self.files.put_file(str(local), target)
                return
            folder = target.rpartition("/")[0]
            self.files.makedirs(folder, exist_ok=True)
            beside = f"{folder}/{TEMPORARY_PREFIX}{fresh_name()}"
            try:
                self.files.put_file(str(local), beside)
                self.files.mv(beside, target)
            except BaseException:
                with suppress(Exception):
                    self.files.rm_file(beside)
                raise

    def get(self, name: str, local: Path) -> bool:
        """Whether it was there; then a copy of it lies at `local`."""
        with self._telling():
            try:
                self.files.get_file(self._at(name), str(local))
            except FileNotFoundError:
                return False
        return True

    def read(self, name: str) -> bytes | None:
        """The content of a small file; None when it isn't there."""
        with self._telling():
            try:
                content = self.files.cat_file(self._at(name))
            except FileNotFoundError:
                return None
            return bytes(content)

    def write(self, name: str, content: bytes, beside: Path) -> None:
        """Lay a small file there, whole or not at all; `beside` is a folder of ours to write it in first."""
        beside.mkdir(parents=True, exist_ok=True)
        local = beside / f"{TEMPORARY_PREFIX}{fresh_name()}"
        try:
            local.write_bytes(content)
            self.put(local, name)
        finally:
            local.unlink(missing_ok=True)

    def older_than(self, folder: str, moment: datetime) -> Iterator[str]:
        """The names of files in a folder that were laid there before an aware moment, hidden ones too."""
        with self._telling():
            try:
                found = self.files.ls(self._at(folder), detail=True)
            except FileNotFoundError:
                return
            for entry in found:
                if entry.get("type") == "file" and _changed_at(entry) < moment.timestamp():
                    yield entry["name"].rpartition("/")[2]

    def remove(self, folder: str, name: str) -> None:
        """Remove a file, if it's there."""
        with self._telling(), suppress(FileNotFoundError):
            self.files.rm_file(self._at(f"{folder}/{name}"))

    def rendition(self, key: str) -> Rendition | None:
        """What a worker said of the rendition that lies there whole under this key."""
        told = self.read(f"{RENDITIONS}/{key}.json")
        if told is None:
            return None
        try:
            found = from_json(Rendition, told.decode())
        except (ValueError, KeyError, TypeError, AttributeError):
            return None
        return found if self.size(f"{RENDITIONS}/{found.path.name}") == found.bytes else None

    def lay(self, key: str, made: Rendition, scratch: Path) -> Rendition:
        """Lay a rendition there; what is said of it comes last."""
        there = f"{key}{made.path.suffix}"
        self.put(made.path, f"{RENDITIONS}/{there}")
        told = dataclasses.replace(made, path=Path(there))
        self.write(f"{RENDITIONS}/{key}.json", to_json(told).encode(), scratch)
        return told

    def _at(self, name: str) -> str:
        return f"{self.root}/{name}"

    def _appears_whole(self) -> bool:
        spoken = self.files.protocol
        return bool(APPEAR_WHOLE & {spoken} if isinstance(spoken, str) else APPEAR_WHOLE & set(spoken))

    @contextmanager
    def _telling(self) -> Iterator[None]:
        """Whatever a store raises means that it can't be used now; secrets aren't in its words."""
        try:
            yield
        except FarmAway:
            raise
        except Exception as fault:
            why = getattr(fault, "strerror", None) or str(fault) or type(fault).__name__
            raise FarmAway(
                f"the share {self.address} can't be used: {why}. Next: storyrelay doctor"
            ) from fault


def open_share(address: str) -> Share:
    """The share at an address. Raises FarmAway when what it needs isn't installed."""
    if find_spec("fsspec") is None:
        raise FarmAway(f"storyrelay[farm] isn't installed. Next: {INSTALL}")
    try:
        files, root = opened_store(address)
    except ImportError as missing:
        raise FarmAway(f"the share {address} needs more: {missing}") from None
    except ValueError as unknown:
        raise ConfigError(f"execute.share: {address}: {unknown}") from None
    return Share(address, files, root.rstrip("/"))


def claim(share: Share, ledger: str, home: str, scratch: Path) -> None:
    """Say whose share it is, once. Raises ConfigError when it's another ledger's."""
    told = share.read(MARK)
    if told is None:
        mark = {"ledger": ledger, "home": home, "since": now().isoformat(timespec="seconds")}
        share.write(MARK, json.dumps(mark).encode(), scratch)
        told = share.read(MARK) or b""  # two at once: the last one counts, for both
    try:
        mark = json.loads(told)
    except ValueError:
        mark = {}
    if not isinstance(mark, dict) or mark.get("ledger") != ledger:
        mark = mark if isinstance(mark, dict) else {}
        raise ConfigError(
            f"execute.share: {share.address} belongs to the ledger of {mark.get('home', 'somebody else')}, "
            "not to this one; nothing was done. Next: name a share of its own in the config; or, when that "
            f"ledger is gone for good, remove {share.address}/{MARK}"
        )


def _changed_at(entry: dict[str, Any]) -> float:
    """Seconds since 1970; now for a store that doesn't say."""
    at = next((entry[name] for name in CHANGED_AT if entry.get(name) is not None), None)
    if isinstance(at, datetime):
        return at.timestamp()
    return float(at) if isinstance(at, int | float) else now().timestamp()
