"""Read the sidecars that lie beside a file: YAML, plain text, or both."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from datetime import tzinfo
from pathlib import Path

from pipeline.errors import SidecarError
from pipeline.model import Sidecar

MOST_BYTES = 64 << 10


def read_sidecar(paths: Sequence[Path], zone: tzinfo) -> Sidecar:
    """What all sidecars of one file say: YAML leads, a text is the caption where YAML gives none.

    Raises SidecarError, with every mistake on a line of its own.
    """
    sidecar = Sidecar()
    for path in paths:
        text = _text_of(path)
        if path.suffix.lower() != ".txt":
            from pipeline.config.sidecar import parse_sidecar  # pydantic, when there is one

            sidecar = parse_sidecar(text, path.name, path, zone)
        elif not sidecar.caption:
            sidecar = dataclasses.replace(sidecar, path=sidecar.path or path, caption=text.strip())
    return sidecar


def _text_of(path: Path) -> str:
    content = path.read_bytes()
    if len(content) > MOST_BYTES:
        raise SidecarError(
            f"{path.name} has {len(content) >> 10} KB, which is too long for a sidecar (64 KB)"
        )
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        line = content.count(b"\n", 0, fault.start) + 1
        raise SidecarError(f"{path.name}:{line}: isn't UTF-8 text: save it as UTF-8") from None
