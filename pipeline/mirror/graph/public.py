"""A photo laid where everybody can fetch it, for as long as Instagram needs to."""

from __future__ import annotations

import os
import shlex
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from pipeline.config.stores import is_elsewhere
from pipeline.errors import NeedsPerson, TryAgain
from pipeline.mirror.limits import limit_for, within
from pipeline.tools.clock import fresh_name

if TYPE_CHECKING:
    from pipeline.config.accounts import Patience, PublicFolder
    from pipeline.mirror.line import Line
    from pipeline.model import Rendition

PREFIX = "storyrelay-"
SIGNED_S = 3600
FOR_ALL = 0o644
NEEDED = (
    "Instagram's API fetches photos from the internet, and doesn't take them from here: set "
    "accounts.{line}.public to a folder of your web server, or to a bucket, then repeat it"
)


class _Place(Protocol):
    """A folder that everybody can read."""

    def lay(self, name: str, content: bytes) -> str:
        """Where all find it now."""

    def names(self) -> list[str]: ...

    def remove(self, name: str) -> None: ...


@contextmanager
def shown(line: Line, rendition: Rendition, content: bytes) -> Iterator[str]:
    """The address of the photo while the block lasts, under a name that nobody guesses.

    Raises NeedsPerson when no public folder is configured, TryAgain when it can't be written.
    """
    public = line.account.public
    if public is None:
        raise NeedsPerson(NEEDED.format(line=line.name))
    with _telling(line.name):
        place = _place_of(public, line)
        _note(line).parent.mkdir(parents=True, exist_ok=True)
        _note(line).touch()
        _clear(place, line.name)
        name = f"{_prefix(line.name)}{fresh_name()}{rendition.path.suffix}"
        address = place.lay(name, content)
    try:
        yield address
    finally:
        with suppress(Exception):  # the next run sweeps it away
            place.remove(name)
            _note(line).unlink(missing_ok=True)


def sweep(line: Line) -> None:
    """Remove what a run that was killed has left for all to see; what can't be removed now comes later."""
    if line.account.public is None or not _note(line).exists():
        return
    with suppress(Exception):
        _clear(_place_of(line.account.public, line), line.name)
        _note(line).unlink(missing_ok=True)


def _note(line: Line) -> Path:
    """Says that something may lie there: so that no run needs to look for nothing."""
    return line.scratch / f"public-{line.name}"


def _prefix(account: str) -> str:
    return f"{PREFIX}{account}."


def _clear(place: _Place, account: str) -> None:
    for name in place.names():
        if name.startswith(_prefix(account)):
            place.remove(name)


class _Here:
    """A folder that a web server shows."""

    def __init__(self, folder: Path, url: str) -> None:
        self.folder, self.url = folder, url

    def lay(self, name: str, content: bytes) -> str:
        if not self.folder.is_dir():
            raise TryAgain(f"the public folder {self.folder} doesn't exist: make it, or correct its name")
        (self.folder / name).write_bytes(content)  # a hidden name beside it would be swept by nobody
        (self.folder / name).chmod(FOR_ALL)
        return f"{self.url}/{name}"

    def names(self) -> list[str]:
        return os.listdir(self.folder) if self.folder.is_dir() else []  # noqa: PTH208 - names are wanted

    def remove(self, name: str) -> None:
        (self.folder / name).unlink(missing_ok=True)


class _Elsewhere:
    """A folder of a store that fsspec knows; without an address of its own each file gets a signed one."""

    def __init__(self, files: Any, root: str, url: str | None) -> None:
        self.files, self.root, self.url = files, root.rstrip("/"), url

    def lay(self, name: str, content: bytes) -> str:
        self.files.pipe_file(f"{self.root}/{name}", content)
        if self.url is not None:
            return f"{self.url}/{name}"
        return str(self.files.sign(f"{self.root}/{name}", expiration=SIGNED_S))

    def names(self) -> list[str]:
        try:
            found = self.files.ls(self.root, detail=False)
        except FileNotFoundError:
            return []
        return [str(path).rpartition("/")[2] for path in found]

    def remove(self, name: str) -> None:
        with suppress(FileNotFoundError):
            self.files.rm_file(f"{self.root}/{name}")


@dataclass(frozen=True, slots=True)
class _InTime:
    """A place that can't hold up a run: a store has its own idea of patience, and a network disk has none."""

    place: _Place
    patience: Patience

    def lay(self, name: str, content: bytes) -> str:
        limit_s = limit_for(self.patience, len(content)).total_s
        return within(limit_s, lambda: self.place.lay(name, content))

    def names(self) -> list[str]:
        return within(limit_for(self.patience).total_s, self.place.names)

    def remove(self, name: str) -> None:
        within(limit_for(self.patience).total_s, lambda: self.place.remove(name))


def _place_of(public: PublicFolder, line: Line) -> _Place:
    patience = line.account.patience
    if not is_elsewhere(public.folder):
        return _InTime(_Here(Path(public.folder), public.url or ""), patience)
    limit_s = limit_for(patience).total_s
    return _InTime(within(limit_s, lambda: _opened(public, line.name)), patience)


def _opened(public: PublicFolder, account: str) -> _Place:
    from pipeline.tools.stores import opened_store

    try:
        files, root = opened_store(public.folder)
    except ImportError as missing:
        install = f'{shlex.quote(sys.executable)} -m pip install "fsspec>=2026.2" "s3fs>=2026.2"'
        raise TryAgain(
            f"accounts.{account}.public.folder needs a package that isn't here ({missing}). Next: {install}"
        ) from None
    except ValueError as unknown:
        raise TryAgain(f"accounts.{account}.public.folder: {unknown}") from None
    return _Elsewhere(files, root, public.url)


@contextmanager
def _telling(account: str) -> Iterator[None]:
    """Whatever a store raises means that it can't be used now."""
    try:
        yield
    except TryAgain:
        raise
    except Exception as fault:  # noqa: BLE001 - every store has errors of its own
        why = str(fault) if type(fault) is TimeoutError else getattr(fault, "strerror", None)
        why = why or type(fault).__name__
        reason = f"the folder of accounts.{account}.public can't be written: {why}; nothing was published"
        raise TryAgain(reason) from None
