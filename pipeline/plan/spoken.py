"""The words that a person wrote for one destination."""

from __future__ import annotations

from pipeline.model import Sidecar
from pipeline.plan.terms import CaptionSettings


def spoken(sidecar: Sidecar, destination: str, captions: CaptionSettings) -> str:
    """A text for this very destination counts even when it is empty: somebody wants none there."""
    if destination in sidecar.texts:
        chosen = sidecar.texts[destination]
    else:
        chosen = sidecar.caption or captions.default
    return chosen.replace("\r\n", "\n").strip()
