"""Stories, renditions and parcels as the ledger and the channels get them."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from fakes.planning import CANVAS, photo

from pipeline.destination import Parcel
from pipeline.model import (
    Asset,
    Part,
    Recipe,
    Rect,
    Rendition,
    Sidecar,
    Story,
    Texts,
    Treatment,
)

PRINT = b"fingerprint"
INBOX = Path("/stories/inbox")


def sha(content: str | bytes) -> str:
    """The hex SHA-256 of `content`."""
    return hashlib.sha256(content.encode() if isinstance(content, str) else content).hexdigest()


def recipe(parts: int = 1, **changes: Any) -> Recipe:
    """A recipe for so many parts of 30 s; a photo's when there is one."""
    whole = Rect(0, 0, CANVAS.width, CANVAS.height)
    stretches = tuple(Part(30.0 * n, 30.0 * (n + 1)) for n in range(parts)) if parts > 1 else (Part(0, 0),)
    plain: dict[str, Any] = {
        "action": "image" if parts == 1 else "transcode",
        "profile": "whatsapp_status",
        "canvas": CANVAS,
        "fit": "blur",
        "crop": whole,
        "frame": whole,
        "background": None,
        "matte": "#ffffff",
        "parts": stretches,
        "max_bytes": 16_000_000,
        "quality": 88,
    }
    return Recipe(**(plain | changes))


def treatment(destination: str = "whatsapp", parts: int = 1, **changes: Any) -> Treatment:
    """What one destination gets."""
    plain: dict[str, Any] = {"recipe": recipe(parts), "texts": Texts("Fresh bread")}
    return Treatment(destination, **(plain | changes))


def story(
    *treatments: Treatment, path: Path | str = "beach.jpg", content: str = "beach", skip: str | None = None
) -> Story:
    """A story of the file `path` that holds `content`."""
    place = INBOX / path
    return Story(Asset(place, sha(content), photo(), Sidecar()), treatments, skip)


def rendition(folder: Path, content: bytes = b"encoded", **changes: Any) -> Rendition:
    """A rendition that lies in `folder`."""
    path = folder / f"{sha(content)}.jpg"
    folder.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    plain: dict[str, Any] = {
        "path": path,
        "sha256": sha(content),
        "bytes": len(content),
        "mime": "image/jpeg",
        "width": CANVAS.width,
        "height": CANVAS.height,
        "duration_s": None,
        "action": "image",
        "profile": "whatsapp_status",
        "part": 1,
        "parts": 1,
    }
    return Rendition(**(plain | changes))


def parcel(rendition: Rendition, number: int = 1, **changes: Any) -> Parcel:
    """A parcel that is good for a day."""
    plain: dict[str, Any] = {
        "story": "beach.jpg",
        "texts": Texts("Fresh bread"),
        "expires_at": datetime(2026, 11, 24, 18, 0, tzinfo=UTC),
    }
    return Parcel(number, rendition=rendition, **(plain | changes))


DAY = timedelta(hours=24)
