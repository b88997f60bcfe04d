"""From a source to its folder here: whole under its name, or not there at all."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from pipeline.model import Remote
from pipeline.sources import Source
from pipeline.tools.files import whole_file, write_whole

SIDECAR_SUFFIX = ".yaml"


class NotWanted(Exception):
    """What was fetched is dropped again, for this reason."""


def place(
    source: Source, remote: Remote, folder: Path, check: Callable[[Path], None] = lambda _: None
) -> Path:
    """Fetch one file to its place below `folder`, with its sidecar there before it; where it lies.

    `check` may look at the whole file first, and raise NotWanted. Raises as `Source.fetch`, and OSError.
    """
    target = folder / remote.path
    with whole_file(target) as temporary:
        source.fetch(remote, temporary)
        check(temporary)
        if remote.sidecar is not None:
            from pipeline.config.sidecar_text import sidecar_text  # YAML, when there is one to write

            beside = target.with_name(target.name + SIDECAR_SUFFIX)
            write_whole(beside, sidecar_text(remote.sidecar).encode())
    return target
