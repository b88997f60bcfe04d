"""The bytes of a rendition, if they still are those that were made."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from pipeline.errors import TryAgain

if TYPE_CHECKING:
    from pipeline.model import Rendition


def content_of(rendition: Rendition) -> bytes:
    """The very bytes that were made. Raises TryAgain when they can't be read, or are others."""
    try:
        content = rendition.path.read_bytes()
    except OSError as fault:
        raise TryAgain(f"{rendition.path.name} can't be read: {fault.strerror}") from None
    if hashlib.sha256(content).hexdigest() != rendition.sha256 or len(content) != rendition.bytes:
        raise TryAgain(f"{rendition.path.name} isn't what was made: it is made anew")
    return content
