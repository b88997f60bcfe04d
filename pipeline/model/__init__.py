"""The nouns: frozen plain values, the only things that cross from one stage to the next."""

from pipeline.model.assets import Asset, Audio, Colour, Cut, Facts, Hdr, Kind, Sidecar
from pipeline.model.deliveries import ENDED, NEEDS_A_PERSON, WAITING_FOR_SEND, Delivery, Rendition, State
from pipeline.model.plans import (
    Hold,
    Part,
    PhotoLimits,
    Place,
    Plan,
    Profile,
    Recipe,
    Refusal,
    Sticker,
    Story,
    Texts,
    Treatment,
    VideoLimits,
)
from pipeline.model.shapes import Action, Fit, Rect, SafeArea, Size
from pipeline.model.sightings import Look, Sighting

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
    "Hold",
    "Kind",
    "Look",
    "Part",
    "PhotoLimits",
    "Place",
    "Plan",
    "Profile",
    "Recipe",
    "Rect",
    "Refusal",
    "Rendition",
    "SafeArea",
    "Sidecar",
    "Sighting",
    "Size",
    "State",
    "Sticker",
    "Story",
    "Texts",
    "Treatment",
    "VideoLimits",
]
