"""The nouns: frozen plain values, the only things that cross from one stage to the next."""

from pipeline.model.assets import Asset, Audio, Colour, Cut, Facts, Hdr, Kind, Sidecar
from pipeline.model.deliveries import ENDED, NEEDS_A_PERSON, WAITING_FOR_SEND, Delivery, Rendition, State
from pipeline.model.plans import (
    Part,
    PhotoLimits,
    Plan,
    Profile,
    Recipe,
    Refusal,
    Story,
    Texts,
    Treatment,
    VideoLimits,
)
from pipeline.model.shapes import Action, Fit, Preset, Rect, SafeArea, Size

__all__ = [
    "ENDED",
    "NEEDS_A_PERSON",
    "WAITING_FOR_SEND",
    "Action",
    "Asset",
    "Audio",
    "Colour",
    "Cut",
    "Delivery",
    "Facts",
    "Fit",
    "Hdr",
    "Kind",
    "Part",
    "PhotoLimits",
    "Plan",
    "Preset",
    "Profile",
    "Recipe",
    "Rect",
    "Refusal",
    "Rendition",
    "SafeArea",
    "Sidecar",
    "Size",
    "State",
    "Story",
    "Texts",
    "Treatment",
    "VideoLimits",
]
