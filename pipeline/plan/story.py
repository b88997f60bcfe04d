"""The door: one asset, and what every destination gets of it."""

from __future__ import annotations

import dataclasses
from datetime import datetime

from pipeline.errors import BudgetError, LayoutError, NotCarriedError, SidecarError
from pipeline.model import Asset, Refusal, Story, Treatment
from pipeline.plan.due import Window, due_at, why_never
from pipeline.plan.origin import kept_from
from pipeline.plan.terms import PlanSettings
from pipeline.plan.treatment import treatment_for


def plan_story(asset: Asset, settings: PlanSettings, now: datetime) -> Story:
    """Everything that would be done with one asset; `now` is an aware time.

    Raises SidecarError for destinations nobody knows, looks and links that don't work, BudgetError or
    LayoutError when it can't be made for any of its destinations, NotCarriedError when none may have it.
    """
    if asset.sidecar.skip:
        return Story(asset, (), skip="its sidecar says skip")
    half = _why_not_this_half(asset, settings)
    if half:
        return Story(asset, (), skip=half)
    _check_destinations(asset, settings)
    kept = kept_from(asset, settings)
    never = {one.destination for one in kept}
    chosen = tuple(name for name in _chosen(asset, settings) if name not in never)
    if not chosen:
        why = f"{kept[0].reason}, and goes nowhere else" if kept else "none of its destinations is enabled"
        return Story(asset, (), skip=why, kept_from=kept)
    windows = {name: _window(asset, settings, name) for name in chosen}
    over = [why_never(window, now) for window in windows.values()]
    if all(over):
        return Story(asset, (), skip=over[0])
    treatments: list[Treatment] = []
    failures: dict[str, LayoutError | BudgetError | NotCarriedError] = {}
    for name in chosen:  # one destination's limits don't take the story from the others
        try:
            due = due_at(windows[name], now)
            treatments.append(dataclasses.replace(treatment_for(asset, name, settings), due_at=due))
        except (BudgetError, LayoutError, NotCarriedError) as failure:
            failures[name] = failure
    refusals = tuple(
        Refusal(asset.path, f"not to {name}: {failure}", destination=name)
        for name, failure in failures.items()
    )
    if not treatments:
        kind = type(next(iter(failures.values())))
        raise kind("\n".join(refusal.reason for refusal in refusals))
    return Story(asset, tuple(treatments), refusals=refusals, kept_from=kept)


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


def _window(asset: Asset, settings: PlanSettings, destination: str) -> Window:
    sidecar = asset.sidecar
    quiet_hours = settings.schedule_of(destination).quiet_hours
    return Window(sidecar.not_before, sidecar.not_after, quiet_hours, settings.timezone())


def _chosen(asset: Asset, settings: PlanSettings) -> tuple[str, ...]:
    wanted = asset.sidecar.destinations
    enabled = (name for name, destination in settings.destinations.items() if destination.enabled)
    return tuple(name for name in enabled if wanted is None or name in wanted)


def _check_destinations(asset: Asset, settings: PlanSettings) -> None:
    sidecar, known = asset.sidecar, settings.destinations
    named = [("destinations", name) for name in sidecar.destinations or ()]
    named += [("texts", name) for name in sidecar.texts]
    named += [("variants", name) for name in sidecar.variants]
    problems = [
        f"{sidecar.path or asset.path}: {key}: '{name}' is not one of {', '.join(sorted(known))}"
        for key, name in named
        if name not in known
    ]
    if problems:
        raise SidecarError("\n".join(problems))
