"""One file from a store to our disk, exactly as it was listed."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

from pipeline.errors import NotReadyError, TryAgain
from pipeline.model import Remote
from pipeline.sources.stores import CHUNK_BYTES, Store
from pipeline.sources.tree import mark_of

MOST_BYTES = 4_000_000_000
"""Of a file whose size the store doesn't tell."""
CHANGED = "it was changed while it was fetched, and may still be arriving"


class OurDisk(Exception):
    """What our own disk refused, told apart from what the server's did."""

    def __init__(self, fault: OSError) -> None:
        self.fault = fault
        super().__init__()


def copy(store: Store, remote: Remote, into: Path, beat: Callable[[], None]) -> None:
    """Copy it; `beat` is called with each piece.

    Raises NotReadyError when it isn't what was listed, TryAgain when it's cut short, OurDisk, and whatever
    the store does.
    """
    if not store.appears_whole:
        _check(store, remote)
    most = MOST_BYTES if remote.bytes is None else remote.bytes
    with closing(store.open(remote.key, remote.bytes)) as there:
        got = _poured(there, into, most, beat)
    if remote.bytes is not None and got < remote.bytes:
        raise TryAgain(f"it was cut short: {got} of {remote.bytes} bytes came")
    _check(store, remote)


def _poured(there: Any, into: Path, most: int, beat: Callable[[], None]) -> int:
    got = 0
    try:
        here = into.open("wb")
    except OSError as fault:
        raise OurDisk(fault) from None
    with here:
        while chunk := there.read(CHUNK_BYTES):
            beat()
            got += len(chunk)
            if got > most:
                raise NotReadyError(CHANGED)
            try:
                here.write(chunk)
            except OSError as fault:
                raise OurDisk(fault) from None
    return got


def _check(store: Store, remote: Remote) -> None:
    if mark_of(store.info(remote.key)) != remote.mark:
        raise NotReadyError(CHANGED)
