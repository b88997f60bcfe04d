"""Stories to what a preview shows of them: plan, reformat in a hidden folder, take frames and keep these."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.cli.studio import Placed, Rendered, Studio, load_all, make_all, refused, treatment_with
from pipeline.errors import AssetError, RenderError
from pipeline.model import Asset, Fit, Part, Refusal, Rendition, Size, Story, Treatment
from pipeline.plan.fit import place
from pipeline.reformat import Order, rendition_key
from pipeline.report.events import Postponed, Refused
from pipeline.report.preview import Screen, Shot, Sight, joined
from pipeline.tools.child import Limits

if TYPE_CHECKING:
    from pipeline.report.preview.frames import Darkroom

BEFORE = Size(540, 960)
SMALLEST_BEFORE_PX = 64
BEFORE_QUALITY = 88
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
    """One rendition that is to be shown, and the apps that show it."""

    order: Order
    screens: tuple[Screen, ...] = ()

    @property
    def key(self) -> str:
        """The name of the rendition."""
        return rendition_key(self.order)


@dataclass(frozen=True, slots=True)
class Developed:
    """A rendition that was made, and the frames that are left of it."""

    rendition: Rendition
    shots: tuple[Shot, ...]


@dataclass(slots=True)
class Album:
    """Frames in a folder of their own, by the keys of what they show: nothing is made twice."""

    folder: Path
    afters: dict[str, Developed] = field(default_factory=dict)
    befores: dict[str, Path] = field(default_factory=dict)


def decide(studio: Studio, wish: Wish) -> tuple[list[View], list[Refusal]]:
    """What would be made, without making it, and what can't be."""
    stories, refusals = _named(studio, wish) if wish.files else _planned(studio, wish)
    return list(_views(studio, stories)), refusals


def look(
    studio: Studio, views: Sequence[View], album: Album, *, with_before: bool
) -> tuple[list[Sight], list[Refusal]]:
    """Everything made that the album lacks, and looked at; what is there of it afterwards is only frames."""
    from pipeline.report.preview.frames import Darkroom  # Pillow

    limits = studio.settings.limits
    limits_of_child = Limits(limits.encode_minutes * 60, limits.child_memory_mb)
    darkroom = Darkroom(album.folder, limits_of_child, studio.stop.requested)
    if with_before:
        sources = {rendition_key(order): order for order in (source_order(view.order) for view in views)}
        _take_befores(studio, _lacking(sources, album.befores), album, darkroom)
    orders = {view.key: view.order for view in views}
    refusals = list(_take_afters(studio, _lacking(orders, album.afters), album, darkroom))
    return [_sight(view, album) for view in views if view.key in album.afters], refusals


def _lacking(orders: Mapping[str, Order], there: Mapping[str, object]) -> dict[str, Order]:
    return {key: order for key, order in orders.items() if key not in there}


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
            treatments.append(treatment_with(studio, asset, name, fit))
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
        told = Refused if refusal.for_good else Postponed
        studio.observe(told(refusal.path, refusal.reason))
    refusals = [refusal for refusal in decided.refusals if refusal.for_good]
    if wish.fit is None:
        return list(decided.stories), refusals
    stories = []
    for known in decided.stories:
        names = [treatment.destination for treatment in known.treatments]
        story, failures = _story(studio, known.asset, names, wish.fit) if names else (known, [])
        stories.append(story)
        refusals += failures
    return stories, refusals


def _views(studio: Studio, stories: Sequence[Story]) -> Iterator[View]:
    """Destinations that get the same rendition share a view; a story's parts stay together."""
    for story in stories:
        views: dict[str, View] = {}
        for treatment in story.treatments:
            screen = _screen(studio, treatment)
            for part in range(1, len(treatment.recipe.parts) + 1):
                new = View(Order(story.asset, treatment.recipe, part))
                known = views.get(new.key, new)
                views[new.key] = replace(known, screens=joined(known.screens, screen))
        yield from views.values()


def _screen(studio: Studio, treatment: Treatment) -> Screen:
    name, settings = treatment.destination, studio.settings
    platform = settings.destinations[name].platform
    return Screen(platform, (name,), settings.profiles[platform].safe_area, treatment.texts)


def _sight(view: View, album: Album) -> Sight:
    recipe, made = view.order.recipe, album.afters[view.key]
    return Sight(
        asset=view.order.asset,
        rendition=made.rendition,
        screens=view.screens,
        canvas=recipe.canvas,
        fit=recipe.fit if made.rendition.action in {"transcode", "image"} else None,
        shots=made.shots,
        before=album.befores.get(rendition_key(source_order(view.order))),
    )


def _take_afters(
    studio: Studio, orders: Mapping[str, Order], album: Album, darkroom: Darkroom
) -> Iterator[Refusal]:
    """Into the album what can be made and looked at; the rest is refused."""
    from pipeline.report.preview.frames import shots_of  # Pillow

    by_target = {album.folder / f"after-{key}{order.suffix}": key for key, order in orders.items()}
    placed = [Placed(orders[key], target) for target, key in by_target.items()]
    for outcome in make_all(studio, placed, album.folder):
        if isinstance(outcome, Refusal):
            yield outcome
            continue
        rendition = outcome.rendition
        try:
            shots = shots_of(rendition, darkroom, rendition.path.stem)
        except AssetError as failure:
            yield refused(studio, outcome.source, failure)
        else:
            album.afters[by_target[rendition.path]] = Developed(rendition, shots)
        finally:
            rendition.path.unlink()


def source_order(order: Order) -> Order:
    """The source in the middle of a part, nothing drawn over it, by the engine that knows its colours."""
    facts = order.asset.facts
    is_photo = facts.kind == "photo"  # which may have become a film
    source = Size(facts.width, facts.height)
    canvas = _canvas_of(source)
    placement = place(source, canvas, "contain")
    recipe = replace(
        order.recipe,
        action="image" if is_photo else "transcode",
        canvas=canvas,
        fit="contain",
        crop=placement.crop,
        frame=placement.frame,
        background="#000000",
        parts=(Part(0.0, 0.0) if is_photo else _middle_of(order),),
        max_bytes=PLENTY_BYTES,
        quality=BEFORE_QUALITY if is_photo else order.recipe.quality,
        video_kbps=None,
        audio_kbps=None,
        plays=1,
        overlay=None,
        composition=None,
    )
    return Order(order.asset, recipe, 1)


def _canvas_of(source: Size) -> Size:
    """The source's shape, small, in even numbers."""
    scale = min(BEFORE.width / source.width, BEFORE.height / source.height)
    width, height = (round(length * scale / 2) * 2 for length in (source.width, source.height))
    return Size(max(SMALLEST_BEFORE_PX, width), max(SMALLEST_BEFORE_PX, height))


def _middle_of(order: Order) -> Part:
    """A moment of the source that is shown in the middle of the part; of a clip in a composition, its own."""
    start_s, end_s, seconds = order.stretch.start_s, order.stretch.end_s, order.seconds
    if order.recipe.composition:
        start_s, end_s = 0.0, order.asset.facts.duration_s or 0.0
        seconds = end_s
    once_s = end_s - start_s
    if once_s <= 0:
        return order.stretch
    middle_s = start_s + seconds / 2 % once_s
    return Part(middle_s, min(end_s, middle_s + BEFORE_S))


def _take_befores(studio: Studio, orders: Mapping[str, Order], album: Album, darkroom: Darkroom) -> None:
    """Into the album a picture of each source. What fails here fails again, and is told, later."""
    from pipeline.report.preview.frames import first_shot  # Pillow

    by_target = {album.folder / f"before-{key}{order.suffix}": key for key, order in orders.items()}
    placed = [Placed(orders[key], target) for target, key in by_target.items()]
    unheard = replace(studio, observe=lambda _: None)
    for outcome in make_all(unheard, placed, album.folder):
        if isinstance(outcome, Rendered):
            path = outcome.rendition.path
            with suppress(AssetError):
                album.befores[by_target[path]] = first_shot(outcome.rendition, darkroom, path.stem)
            path.unlink()
