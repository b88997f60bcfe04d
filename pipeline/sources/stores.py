"""Stores that fsspec knows, opened for reading: with time limits, few retries, nothing kept."""

from __future__ import annotations

import logging
import os
import re
import shlex
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import SplitResult, unquote, urlsplit

from pipeline.errors import ConfigError, EnvironmentFault

PIP = f"{shlex.quote(sys.executable)} -m pip install"
PACKAGES = {
    "s3": '"fsspec>=2026.2" "s3fs>=2026.2"',
    "s3a": '"fsspec>=2026.2" "s3fs>=2026.2"',
    "sftp": '"fsspec>=2026.2" "paramiko>=4"',
    "ssh": '"fsspec>=2026.2" "paramiko>=4"',
    "webdav": '"fsspec>=2026.2" "webdav4>=0.11,<0.12"',
    "webdavs": '"fsspec>=2026.2" "webdav4>=0.11,<0.12"',
}
FSSPEC = '"fsspec>=2026.2"'
NAMED = re.compile(r"[Ii]nstall ([a-z][a-z0-9_-]+)")
UNKNOWN = "Protocol not known"
APPEAR_WHOLE = frozenset({"s3", "s3a", "gs", "gcs", "abfs", "abfss", "az", "oss"})
"""Stores in which a file is there when all of it is."""
TALKATIVE = ("paramiko", "asyncio", "fsspec", "s3fs", "botocore", "aiobotocore", "httpx", "webdav4")
"""Packages that tell of failures on stderr, which they raise as well; a second handler does no harm."""
OUR_FILES = ("key_filename", "known_hosts")
ATTEMPTS = 2
CHUNK_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class Address:
    """Where a folder is, secrets and all; never shown. `answer_s` is how long the server may take."""

    source: str
    url: str = field(repr=False)
    options: Mapping[str, Any] = field(repr=False)
    connect_s: float
    answer_s: float

    @property
    def scheme(self) -> str:
        """What comes before ://, `file` for a path."""
        return scheme_of(self.url)


@dataclass(frozen=True, slots=True)
class Store:
    """A folder of one file system; every path is one below it.

    `spelled` is how the file system takes a path, `opened` how it opens one where that isn't its own `open`.
    """

    files: Any
    root: str
    scheme: str
    spelled: Callable[[str], str] = str
    opened: Callable[[str], Any] | None = None
    end: Callable[[], None] = lambda: None

    @property
    def appears_whole(self) -> bool:
        """Whether a file is there only when all of it is."""
        return self.scheme in APPEAR_WHOLE

    def entries(self, folder: str) -> list[dict[str, Any]]:
        """What lies in a folder, by bare names; one that doesn't lie there keeps its slashes."""
        place = "/".join(filter(None, (self.root, folder))).strip("/")
        start = f"{place}/" if place else ""
        found = []
        for entry in self.files.ls(self._at(folder), detail=True):
            name = str(entry["name"]).strip("/")
            if name == place or entry.get("islink"):
                continue
            bare = name[len(start) :] if name.startswith(start) else f"/{name}"
            found.append({**entry, "name": bare})
        return found

    def info(self, path: str) -> Mapping[str, Any]:
        """How a file is now."""
        told: Mapping[str, Any] = self.files.info(self._at(path))
        return told

    def open(self, path: str, size: int | None) -> Any:
        """A file to read from its beginning to its end."""
        if self.opened is not None:
            return self.opened(self._at(path))
        opened = self.files.open(self._at(path), "rb", block_size=CHUNK_BYTES)
        if hasattr(opened, "prefetch") and size is not None:  # paramiko asks for a piece at a time otherwise
            opened.prefetch(size, max_concurrent_requests=64)
        return opened

    def close(self) -> None:
        """Leave the server."""
        with suppress(Exception):
            self.end()

    def _at(self, path: str) -> str:
        spelled = self.spelled(path)
        return f"{self.root}/{spelled}" if path and self.root else spelled or self.root


def scheme_of(url: str) -> str:
    """What comes before ://, in lower case; `file` for a path."""
    before, there, _ = url.partition("://")
    return before.lower() if there else "file"


def open_store(address: Address) -> Store:
    """The store at an address.

    Raises EnvironmentFault when a package is missing, ConfigError for what fsspec doesn't know, and whatever
    the server is answered with.
    """
    for talkative in TALKATIVE:
        logging.getLogger(talkative).addHandler(logging.NullHandler())
    try:
        match address.scheme:
            case "sftp" | "ssh":
                return _sftp(address)
            case "webdav" | "webdavs":
                return _webdav(address)
            case "s3" | "s3a":
                return _s3(address)
            case _:
                return _any(address, dict(address.options))
    except ImportError as missing:
        raise EnvironmentFault(_what_is_missing(address, missing)) from None
    except (TypeError, ValueError) as wrong:
        # what of an address can't be understood may be its password
        why = (
            str(wrong) if isinstance(wrong, TypeError) or UNKNOWN in str(wrong) else "it can't be understood"
        )
        raise ConfigError(
            f"sources.{address.source}: {why}. Next: correct it, then: storyrelay pull {address.source}"
        ) from None


def _what_is_missing(address: Address, missing: ImportError) -> str:
    if address.scheme in PACKAGES:
        return f"{missing.name or missing} isn't installed. Next: {PIP} {PACKAGES[address.scheme]}"
    named = NAMED.search(str(missing))  # fsspec says which
    return f"{missing}. Next: {PIP} {FSSPEC}{f' {named[1]}' if named else ''}"


def _any(address: Address, options: dict[str, Any]) -> Store:
    from fsspec.core import url_to_fs  # 60 ms, for sources only

    files, root = url_to_fs(address.url, use_listings_cache=False, skip_instance_cache=True, **options)
    return Store(files, root.rstrip("/"), address.scheme)


def _s3(address: Address) -> Store:
    import s3fs  # noqa: F401 - fsspec's own word of what is missing names no package

    limits = {
        "connect_timeout": address.connect_s,
        "read_timeout": address.answer_s,
        "retries": {"total_max_attempts": ATTEMPTS},
    }
    options = dict(address.options)
    store = _any(address, {**options, "config_kwargs": {**limits, **options.get("config_kwargs", {})}})
    store.files.retries = 1  # a round of its own, over those of botocore
    return replace(store, end=lambda: _end_s3(store.files))


def _end_s3(files: Any) -> None:
    """s3fs leaves it to whatever comes later."""
    client = files._s3  # noqa: SLF001 - it has no other name
    if client is not None:
        files.close_session(files.loop, client)


def _sftp(address: Address) -> Store:
    from pipeline.sources.sftp import Sftp  # paramiko

    parts = _parts(address.url)
    options = {"port": parts.port, **_login(parts), **address.options}
    options |= {key: os.path.expanduser(options[key]) for key in OUR_FILES if key in options}  # noqa: PTH111
    if options.get("password") or options.get("key_filename"):  # or a server tires of keys that weren't meant
        options = {"allow_agent": False, "look_for_keys": False, **options}
    files = Sftp(
        parts.hostname or "",
        connect_s=address.connect_s,
        answer_s=address.answer_s,
        skip_instance_cache=True,
        **{key: value for key, value in options.items() if value is not None},
    )
    path = unquote(parts.path)
    root = files.home() + path[2:] if path == "/~" or path.startswith("/~/") else path
    return Store(files, root.rstrip("/"), "sftp", end=files.leave)


def _webdav(address: Address) -> Store:
    from webdav4.fsspec import WebdavFileSystem  # httpx
    from webdav4.stream import IterStream

    parts = _parts(address.url)
    options: dict[str, Any] = dict(address.options)
    login: dict[str, Any] = {
        **_login(parts),
        **{key: options.pop(key) for key in ("username", "password") if key in options},
    }
    if login.get("username"):
        options["auth"] = (login["username"], login.get("password") or "")
    scheme = "https" if parts.scheme == "webdavs" else "http"
    place = parts.netloc.rpartition("@")[2]
    files = WebdavFileSystem(
        f"{scheme}://{place}{parts.path.rstrip('/')}",
        retry=False,
        timeout=(address.connect_s, address.answer_s, address.answer_s, address.connect_s),
        skip_instance_cache=True,
        **options,
    )
    client = files.client

    def opened(path: str) -> Any:
        return IterStream(client, client.join_url(path), chunk_size=CHUNK_BYTES).__enter__()

    return Store(files, "", "webdav", _in_url, opened, client.http.close)


def _in_url(path: str) -> str:
    """webdav4 takes these signs for what they mean in an address."""
    return path.replace("%", "%25").replace("#", "%23").replace("?", "%3F")


def _parts(url: str) -> SplitResult:
    """Of an address with a server. Raises ValueError when it can't be understood."""
    parts = urlsplit(url)
    if not parts.hostname or parts.port == 0:
        raise ValueError(url)
    return parts


def _login(parts: SplitResult) -> dict[str, str | None]:
    return {
        "username": unquote(parts.username) if parts.username else None,
        "password": unquote(parts.password) if parts.password else None,
    }
