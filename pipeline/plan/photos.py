"""The recipe of a photo."""

from __future__ import annotations

from pipeline.model import Facts, Part, Profile, Recipe, Size
from pipeline.plan.fit import Placement, crop_note, enlargement_note, place, whole
from pipeline.plan.passthrough import REASONS_APART, photo_gate, undecorated
from pipeline.plan.terms import Look

STILL = (Part(0.0, 0.0),)


def photo_recipe(facts: Facts, look: Look, profile: Profile) -> Recipe:
    """A photo that is already what the platform wants is passed through; any other becomes a new JPEG."""
    gate = undecorated(photo_gate(facts, profile), look)
    source = Size(facts.width, facts.height)
    canvas = profile.canvas if gate.copy is None else source
    placement = place(source, canvas, look.fit, look.focal)
    return Recipe(
        action=gate.copy or "image",
        profile=profile.name,
        canvas=canvas,
        fit=look.fit,
        crop=placement.crop,
        frame=placement.frame,
        background=background_of(look, placement, canvas),
        matte=look.matte,
        parts=STILL,
        max_bytes=min(profile.photo.max_bytes, raw_bytes(canvas)),
        quality=profile.photo.quality,
        notes=() if gate.copy else picture_notes(source, placement),
        why=REASONS_APART.join(gate.why),
    )


def background_of(look: Look, placement: Placement, canvas: Size) -> str | None:
    """The colour round the picture, where there is any such place and it isn't a blur."""
    return look.background if look.fit == "contain" and placement.frame != whole(canvas) else None


def picture_notes(source: Size, placement: Placement) -> tuple[str, ...]:
    """What people should know about how the picture is placed."""
    notes = (enlargement_note(source, placement), crop_note(source, placement))
    return tuple(note for note in notes if note)


def raw_bytes(canvas: Size) -> int:
    """No JPEG is larger than its pixels: pure noise at quality 95 takes half of that (measured 2026-11).

    So every limit above it is the same limit, and platforms that differ only there share a recipe.
    """
    return canvas.width * canvas.height * 3
