"""Stories to what a preview shows of them: plan, reformat in a hidden folder, take frames. Nothing stays."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.cli.studio import Placed, Rendered, Studio, load_all, make_all, recipe_with, refused
from pipeline.errors import AssetError, RenderError
from pipeline.model import Asset, Fit, Part, Refusal, Size, Story, Texts, Treatment
from pipeline.plan.fit import place
from pipeline.reformat import Order, rendition_key
from pipeline.report.events import Postponed, Refused
from pipeline.report.preview import Sight, common_safe_area
from pipeline.tools.child import Limits

if TYPE_CHECKING:
    from pipeline.report.preview.frames import Darkroom

BEFORE = Size(540, 960)
SMALLEST_BEFORE_PX = 64
BEFORE_S = 0.2
PLENTY_BYTES = 1_000_000_000


@dataclass(frozen=True, slots=True)
class Wish:
    """What is to be seen: no `files` is what the inbox has planned, no `destinations` is all of them."""

    files: tuple[Path, ...]
    destinations: tuple[str, ...]
    fit: Fit | None


@dataclass(frozen=True, slots=True)
class View:
    """One rendition that is to be shown, and all destinations that get it."""

    order: Order
    destinations: tuple[str, ...]


def decide(studio: Studio, wish: Wish) -> tuple[list[View], list[Refusal]]:
    """What would be made, without making it, and what can't be."""
    stories, refusals = _named(studio, wish) if wish.files else _planned(studio, wish)
    return list(_views(stories)), refusals


def look(
    studio: Studio, views: Sequence[View], hidden: Path, *, with_before: bool
) -> tuple[list[Sight], list[Refusal]]:
    """Everything made in `hidden` and looked at; what is there of it afterwards is only frames."""
    from pipeline.report.preview.frames import Darkroom  # Pillow

    limits = studio.settings.limits
    limits_of_child = Limits(limits.encode_minutes * 60, limits.child_memory_mb)
    darkroom = Darkroom(hidden, limits_of_child, studio.stop.requested)
    befores = _befores(studio, [view.order for view in views], darkroom) if with_before else {}
    by_target = {hidden / f"after-{number}{view.order.suffix}": view for number, view in enumerate(views)}
    placed = [Placed(view.order, target) for target, view in by_target.items()]
    sights: list[Sight] = []
    refusals: list[Refusal] = []
    for outcome in make_all(studio, placed, hidden):
        if isinstance(outcome, Refusal):
            refusals.append(outcome)
            continue
        view = by_target[outcome.rendition.path]
        try:
            sight = _sight(studio, view, outcome, darkroom)
        except AssetError as failure:
            refusals.append(refused(studio, outcome.source, failure))
        else:
            sights.append(replace(sight, before=befores.get(rendition_key(source_order(view.order)))))
    return sights, refusals


def _named(studio: Studio, wish: Wish) -> tuple[list[Story], list[Refusal]]:
    stories: list[Story] = []
    refusals: list[Refusal] = []
    for outcome in load_all(studio, wish.files, wish.fit):
        if isinstance(outcome, Refusal):
            refusals.append(outcome)
            continue
        names = wish.destinations or _usual_destinations(studio, outcome)
        story, failures = _story(studio, outcome, names, wish.fit)
        stories.append(story)
        refusals += failures
    return stories, refusals


def _usual_destinations(studio: Studio, asset: Asset) -> tuple[str, ...]:
    """Where the config and the sidecar want it."""
    wanted = asset.sidecar.destinations
    return tuple(name for name in _enabled(studio) if wanted is None or name in wanted)


def _enabled(studio: Studio) -> Iterator[str]:
    return (name for name, chosen in studio.settings.destinations.items() if chosen.enabled)


def _story(
    studio: Studio, asset: Asset, names: Sequence[str], fit: Fit | None
) -> tuple[Story, list[Refusal]]:
    """What these destinations get; whether it is due and where it has been already doesn't count."""
    treatments: list[Treatment] = []
    failures: dict[str, AssetError] = {}
    for name in names:
        try:
            treatments.append(Treatment(name, recipe_with(studio, asset, name, fit), Texts()))
        except AssetError as failure:
            failures[str(failure)] = failure
    if not names:
        nowhere = f"{asset.path.name}: none of its destinations is enabled; name one with --to"
        failures[nowhere] = RenderError(nowhere)
    refusals = [refused(studio, asset.path, failure) for failure in failures.values()]
    return Story(asset, tuple(treatments)), refusals


def _planned(studio: Studio, wish: Wish) -> tuple[list[Story], list[Refusal]]:
    """What a run would do now, by the run's own plan, which writes nothing."""
    from pipeline.run import Request, plan

    only = frozenset(wish.destinations or _enabled(studio))
    decided = plan(studio.settings, Request(only=only, workers=studio.workers))
    for refusal in decided.refusals:
        told = Postponed if refusal.later else Refused
        studio.observe(told(refusal.path, refusal.reason))
    refusals = [refusal for refusal in decided.refusals if not refusal.later]
    if wish.fit is None:
        return list(decided.stories), refusals
    stories = []
    for known in decided.stories:
        names = [treatment.destination for treatment in known.treatments]
        story, failures = _story(studio, known.asset, names, wish.fit) if names else (known, [])
        stories.append(story)
        refusals += failures
    return stories, refusals


def _views(stories: Sequence[Story]) -> Iterator[View]:
    """Destinations that get the same rendition share a view; a story's parts stay together."""
    for story in stories:
        views: dict[str, View] = {}
        for treatment in story.treatments:
            for part in range(1, len(treatment.recipe.parts) + 1):
                order = Order(story.asset, treatment.recipe, part)
                key = rendition_key(order)
                known = views.get(key, View(order, ()))
                views[key] = replace(known, destinations=(*known.destinations, treatment.destination))
        yield from views.values()


def _sight(studio: Studio, view: View, made: Rendered, darkroom: Darkroom) -> Sight:
    from pipeline.report.preview.frames import shots_of  # Pillow

    recipe, rendition = view.order.recipe, made.rendition
    settings = studio.settings
    profiles = [settings.profiles[settings.destinations[name].platform] for name in view.destinations]
    shots = shots_of(rendition, darkroom, rendition.path.stem)
    rendition.path.unlink()
    return Sight(
        asset=view.order.asset,
        rendition=rendition,
        destinations=view.destinations,
        canvas=recipe.canvas,
        safe_area=common_safe_area(profile.safe_area for profile in profiles),
        fit=recipe.fit if rendition.action in {"transcode", "image"} else None,
        shots=shots,
    )


def source_order(order: Order) -> Order:
    """The source in the middle of a part: nothing cut or added, by the engine that knows its colours."""
    facts = order.asset.facts
    source = Size(facts.width, facts.height)
    canvas = _canvas_of(source)
    placement = place(source, canvas, "contain")
    recipe = replace(
        order.recipe,
        action="image" if facts.kind == "photo" else "transcode",
        canvas=canvas,
        fit="contain",
        crop=placement.crop,
        frame=placement.frame,
        background="#000000",
        parts=(_middle_of(order),),
        max_bytes=PLENTY_BYTES,
        video_kbps=None,
        audio_kbps=None,
        plays=1,
    )
    return Order(order.asset, recipe, 1)


def _canvas_of(source: Size) -> Size:
    """The source's shape, small, in even numbers."""
    scale = min(BEFORE.width / source.width, BEFORE.height / source.height)
    width, height = (round(length * scale / 2) * 2 for length in (source.width, source.height))
    return Size(max(SMALLEST_BEFORE_PX, width), max(SMALLEST_BEFORE_PX, height))


def _middle_of(order: Order) -> Part:
    """A moment of the source that is shown in the middle of the part; 0 s of a photo."""
    start_s, end_s = order.stretch.start_s, order.stretch.end_s
    once_s = end_s - start_s
    if once_s <= 0:
        return order.stretch
    middle_s = start_s + order.seconds / 2 % once_s
    return Part(middle_s, min(end_s, middle_s + BEFORE_S))


def _befores(studio: Studio, orders: Sequence[Order], darkroom: Darkroom) -> dict[str, Path]:
    """A picture of each source by the key of its order. What fails here fails again, and is told, later."""
    from pipeline.report.preview.frames import first_shot  # Pillow

    wanted = {rendition_key(order): order for order in map(source_order, orders)}
    by_target = {
        darkroom.folder / f"before-{number}{order.suffix}": key
        for number, (key, order) in enumerate(wanted.items())
    }
    placed = [Placed(wanted[key], target) for target, key in by_target.items()]
    unheard = replace(studio, observe=lambda _: None)
    befores: dict[str, Path] = {}
    for outcome in make_all(unheard, placed, darkroom.folder):
        if isinstance(outcome, Rendered):
            path = outcome.rendition.path
            with suppress(AssetError):
                befores[by_target[path]] = first_shot(outcome.rendition, darkroom, path.stem)
            path.unlink()
    return befores
