"""A plan in words for people, and as JSON for programs."""

from __future__ import annotations

from datetime import UTC, tzinfo
from typing import Any

from pipeline.model import Asset, Plan, Recipe, Sticker, Story, Treatment
from pipeline.plan.fit import whole
from pipeline.plan.openings import NO_MOMENT
from pipeline.plan.rates import rate_in_words
from pipeline.tools.plain import to_plain

TITLES = {
    "whatsapp_status": "WhatsApp Status",
    "instagram_story": "Instagram Story",
    "facebook_story": "Facebook Story",
}
EVEN_S = 0.1
THIRD = 1 / 3
BACKGROUNDS = {"blur": "blurred background", "cover": "cropped to fill"}


def plan_as_json(plan: Plan) -> dict[str, Any]:
    """What `plan --json` prints; fields are only ever added."""
    told = {
        "stories": [_story_as_json(story) for story in plan.stories],
        "refusals": [to_plain(refusal) for refusal in plan.refusals],
        "holds": [to_plain(hold) for hold in plan.holds],
    }
    told |= {"sources_not_asked": list(plan.sources)} if plan.sources else {}
    return told if plan.calendar is None else {**told, "calendar": to_plain(plan.calendar)}


def recipe_in_words(treatment: Treatment, zone: tzinfo = UTC) -> list[str]:
    """One line that says what is made, then one for each thing a person should know; times are `zone`'s."""
    recipe = treatment.recipe
    lines = [f"{_title(treatment)}: {', '.join(_made(recipe))}{_because(recipe)}"]
    if treatment.due_at and treatment.held not in NO_MOMENT:
        why = f": {treatment.held}" if treatment.held else ""
        lines.append(f"not before {treatment.due_at.astimezone(zone):%Y-%m-%d %H:%M %Z}{why}")
    elif treatment.held:
        lines.append(treatment.held)
    return [*lines, *recipe.notes]


def sticker_in_words(sticker: Sticker) -> str:
    """`sticker “Order here” at the bottom: https://wa.me/…`, with what it shows where it has no label."""
    signs = {"mention": "@", "hashtag": "#"}
    shown = signs.get(sticker.kind, "") + sticker.value
    where = _where(sticker.x, sticker.y)
    return f"sticker “{sticker.label}” {where}: {shown}" if sticker.label else f"sticker {shown} {where}"


def _where(x: float, y: float) -> str:
    row = "at the top" if y < THIRD else "in the middle" if y <= 1 - THIRD else "at the bottom"
    side = ", left" if x < THIRD else "" if x <= 1 - THIRD else ", right"
    return row + side


def _story_as_json(story: Story) -> dict[str, Any]:
    told = {
        "asset": _asset_as_json(story.asset),
        "destinations": [_treatment_as_json(treatment) for treatment in story.treatments],
        "skip": story.skip,
    }
    kept_from = [to_plain(one) for one in story.kept_from]
    return {**told, "kept_from": kept_from} if kept_from else told


def _asset_as_json(asset: Asset) -> dict[str, Any]:
    facts = asset.facts
    return {
        "path": str(asset.path),
        "sha256": asset.sha256,
        "kind": facts.kind,
        "width": facts.width,
        "height": facts.height,
        "duration_s": facts.duration_s,
    }


def _treatment_as_json(treatment: Treatment) -> dict[str, Any]:
    plain: dict[str, Any] = to_plain(treatment)
    del plain["repeat"]  # what repeats another isn't among what goes out; its question is told by itself
    return {"name": plain.pop("destination"), **plain}


def _title(treatment: Treatment) -> str:
    platform = treatment.recipe.profile
    title = TITLES.get(platform, platform.replace("_", " "))
    return title if platform.startswith(treatment.destination) else f"{treatment.destination} ({title})"


def _made(recipe: Recipe) -> list[str]:
    match recipe.action:
        case "passthrough":
            return ["sent as it is"]
        case "remux":
            kept = "picture and sound stay as they are" if recipe.fps else "the picture stays as it is"
            return [kept, _length(recipe)] if len(recipe.parts) > 1 else [kept]
        case "image":
            return [_placing(recipe), f"JPEG of quality {recipe.quality}"]
        case "transcode":
            return [_placing(recipe), _length(recipe), *_rates(recipe)]


def _placing(recipe: Recipe) -> str:
    if recipe.composition:
        return "a film of our own making"
    if recipe.fit != "cover" and recipe.frame == whole(recipe.canvas):
        return "fills the screen"
    return BACKGROUNDS.get(recipe.fit, f"on {recipe.background}")


def _length(recipe: Recipe) -> str:
    lengths_s = [(part.end_s - part.start_s) * recipe.plays for part in recipe.parts]
    longest = f"{max(lengths_s):.1f} s"
    if len(lengths_s) == 1:
        return longest
    even = max(lengths_s) - min(lengths_s) < EVEN_S
    return f"{len(lengths_s)} parts of {longest if even else f'up to {longest}'}"


def _rates(recipe: Recipe) -> list[str]:
    rates = [f"{rate_in_words(recipe.fps)} fps"] if recipe.fps else []
    if recipe.video_kbps:
        rates.append(f"up to {recipe.video_kbps / 1000:.1f} Mbit/s")
    return rates if recipe.audio_kbps else [*rates, "silent"]


def _because(recipe: Recipe) -> str:
    match recipe.action:
        case "passthrough":
            return ""
        case "remux":
            return f"; {recipe.why}" if recipe.why else ""
        case "image" | "transcode":
            return f"; re-encoded because {recipe.why}" if recipe.why else ""
