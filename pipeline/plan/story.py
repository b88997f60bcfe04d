"""The door: one asset, and what every destination gets of it."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from datetime import datetime

from pipeline.errors import BudgetError, SidecarError
from pipeline.model import Asset, Recipe, Refusal, Story, Treatment
from pipeline.plan.choices import choose
from pipeline.plan.due import Window, due_at, why_never
from pipeline.plan.photos import photo_recipe
from pipeline.plan.reach import Reach, reach_of
from pipeline.plan.terms import DestinationTerms, PlanSettings, wish_for
from pipeline.plan.texts import texts_for
from pipeline.plan.videos import video_recipe

FILM = "the film of a motion photo"


@dataclass(frozen=True, slots=True)
class _Going:
    """What all destinations of a story share: when it goes, and the link that goes with it."""

    due_at: datetime | None
    reach: Reach


def plan_story(asset: Asset, settings: PlanSettings, now: datetime) -> Story:
    """Everything that would be done with one asset; `now` is an aware time.

    Raises SidecarError for destinations nobody knows and links that don't work, BudgetError when no quality
    fits the limits of any of its destinations.
    """
    if asset.sidecar.skip:
        return Story(asset, (), skip="its sidecar says skip")
    half = _why_not_this_half(asset, settings)
    if half:
        return Story(asset, (), skip=half)
    _check_destinations(asset, settings)
    chosen = _chosen(asset, settings)
    if not chosen:
        return Story(asset, (), skip="none of its destinations is enabled")
    window = _window(asset, settings)
    over = why_never(window, now)
    if over:
        return Story(asset, (), skip=over)
    going = _Going(due_at(window, now), reach_of(asset, settings))
    outcomes = [_outcome(asset, name, settings, going) for name in chosen]
    treatments = tuple(outcome for outcome in outcomes if isinstance(outcome, Treatment))
    refusals = tuple(outcome for outcome in outcomes if isinstance(outcome, Refusal))
    if not treatments:
        raise BudgetError("\n".join(refusal.reason for refusal in refusals))
    return Story(asset, treatments, refusals=refusals)


def recipe_for(asset: Asset, destination: DestinationTerms, settings: PlanSettings) -> Recipe:
    """How the asset is reformatted for one destination."""
    profile = settings.profiles[destination.platform]
    chosen = choose(wish_for(asset.sidecar, destination, settings), asset, profile.canvas)
    match asset.facts.kind:
        case "photo":
            recipe = photo_recipe(asset.facts, chosen.look, profile)
        case "animation" | "video":
            recipe = video_recipe(asset, chosen.look, profile)
    made = recipe.action in {"image", "transcode"}
    film = (FILM,) if asset.facts.clip and asset.facts.kind == "video" else ()
    notes = (*film, *(chosen.notes if made else ()), *recipe.notes)
    return dataclasses.replace(recipe, notes=notes)


def _why_not_this_half(asset: Asset, settings: PlanSettings) -> str | None:
    """Of a Live Photo, the photo or the movie goes out, by the same key as for motion photos."""
    if asset.other_half is None:
        return None
    wanted = asset.sidecar.motion_photo or settings.motion_photo
    other, is_photo = asset.other_half.name, asset.facts.kind == "photo"
    if is_photo and wanted == "clip":
        return f"its movie {other} goes out in its place (motion_photo: clip)"
    if not is_photo and wanted == "still":
        return f"it's the movie of the Live Photo {other}, which goes out; motion_photo: clip sends the movie"
    return None


def _outcome(asset: Asset, name: str, settings: PlanSettings, going: _Going) -> Treatment | Refusal:
    """One destination's limits don't take the story from the others."""
    try:
        return _treatment(asset, name, settings, going)
    except BudgetError as failure:
        return Refusal(asset.path, f"not to {name}: {failure}", destination=name)


def _treatment(asset: Asset, name: str, settings: PlanSettings, going: _Going) -> Treatment:
    destination = settings.destinations[name]
    profile = settings.profiles[destination.platform]
    recipe = recipe_for(asset, destination, settings)
    sidecar = dataclasses.replace(asset.sidecar, link=going.reach.link)
    wording = texts_for(sidecar, name, profile, settings.captions, destination.via)
    return Treatment(
        destination=name,
        recipe=dataclasses.replace(recipe, notes=(*recipe.notes, *going.reach.notes, *wording.notes)),
        texts=wording.texts,
        due_at=going.due_at,
        not_after=sidecar.not_after,
        lifetime_hours=profile.lifetime_hours,
    )


def _window(asset: Asset, settings: PlanSettings) -> Window:
    sidecar = asset.sidecar
    quiet_hours = settings.schedule.quiet_hours
    return Window(sidecar.not_before, sidecar.not_after, quiet_hours, settings.timezone())


def _chosen(asset: Asset, settings: PlanSettings) -> tuple[str, ...]:
    wanted = asset.sidecar.destinations
    enabled = (name for name, destination in settings.destinations.items() if destination.enabled)
    return tuple(name for name in enabled if wanted is None or name in wanted)


def _check_destinations(asset: Asset, settings: PlanSettings) -> None:
    sidecar, known = asset.sidecar, settings.destinations
    named = [("destinations", name) for name in sidecar.destinations or ()]
    named += [("texts", name) for name in sidecar.texts]
    problems = [
        f"{sidecar.path or asset.path}: {key}: '{name}' is not one of {', '.join(sorted(known))}"
        for key, name in named
        if name not in known
    ]
    if problems:
        raise SidecarError("\n".join(problems))
