"""The words that a person wrote for one destination."""

from __future__ import annotations

from unicodedata import category

from pipeline.model import Sidecar
from pipeline.plan.terms import CaptionSettings


def spoken(sidecar: Sidecar, destination: str, captions: CaptionSettings) -> str:
    """A text for this very destination counts even when it is empty: somebody wants none there."""
    if destination in sidecar.texts:
        chosen = sidecar.texts[destination]
    else:
        chosen = sidecar.caption or captions.default
    text = chosen.replace("\r\n", "\n").strip()
    return text if any(map(_is_seen, text)) else ""


def _is_seen(sign: str) -> bool:
    """Marks that only tell the direction leave no trace by themselves."""
    return not sign.isspace() and category(sign) not in {"Cf", "Cc"}
