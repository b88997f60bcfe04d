"""From files to decisions: scan, load, plan, and remember all of it in the ledger."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import partial
from pathlib import Path

from pipeline.errors import AssetError, NotReadyError
from pipeline.execute import in_order, threads
from pipeline.load.asset import LoadTerms, load_asset
from pipeline.load.glance import Mark
from pipeline.load.scan import Found, Known, Scan, scan
from pipeline.look import Onlooker
from pipeline.model import Asset, State, Story
from pipeline.plan.origin import source_of
from pipeline.plan.repeats import RepeatSettings, with_repeats, without_asking
from pipeline.plan.story import plan_story
from pipeline.report.events import Asked, Postponed, Refused, Repeated, Scanned, Taken
from pipeline.run.renditions import AGAIN
from pipeline.run.surging import let_through
from pipeline.run.trip import Trip
from pipeline.tools.faults import passes


def look_around(trip: Trip) -> Scan:
    """What lies in the inbox, or where the person named. Raises EnvironmentFault when that isn't there."""
    settings = trip.settings
    return look_below(trip, trip.request.paths or (settings.inbox,), (settings.outbox, settings.state))


def look_below(trip: Trip, roots: Sequence[Path], leave_out: Collection[Path]) -> Scan:
    """What lies below some folders. Raises EnvironmentFault when one isn't there."""
    ledger = trip.ledger
    folders = {path: Mark(*mark) for path, mark in ledger.known_folders().items()}
    scanned = scan(roots, Known(ledger.known_files, folders), leave_out)
    if scanned.marks:
        ledger.enter_folders(scanned.marks)
    return scanned


def take_in(trip: Trip, scanned: Scan) -> list[Story]:
    """Look at every file that is new or changed, and decide what becomes of it. Returns the decisions."""
    settings = trip.settings
    trip.tally["seen"] = scanned.seen
    trip.observe(Scanned(scanned.seen, len(scanned.changed), scanned.ignored))
    for folder, reason in scanned.unreadable:
        trip.count("refused", Refused(folder, reason))
    decided: list[Story] = []
    changed = let_through(trip, scanned.changed)
    if not changed:
        return decided
    limits = settings.limits
    terms = LoadTerms(
        settle_seconds=limits.settle_seconds,
        max_megapixels=limits.max_megapixels,
        zone=settings.timezone(),
        motion_photo=settings.motion_photo,
        look=Onlooker(settings, trip.stop.requested),
        logo=settings.watermark.file if settings.watermark else None,
        compared=settings.same_picture != "send",
    )
    load = partial(load_asset, terms=terms)
    with threads(trip.workers()) as pool:
        for found, loading in in_order(pool, load, changed, ahead=2 * trip.workers()):
            trip.stop.check()
            if trip.out_of_time():  # what isn't decided yet is new to the next run too
                break
            try:
                decided.append(_decide(trip, found, loading.result()))
            except NotReadyError as postponed:
                trip.count("postponed", Postponed(found.path, str(postponed)))
            except AssetError as refused:
                _refuse(trip, found, refused)
    return decided


def _refuse(trip: Trip, found: Found, refused: AssetError) -> None:
    """Remember a file as it is to be looked at no more; what only its disk failed to give comes again."""
    if passes(refused):
        trip.count("refused", Refused(found.path, f"{refused}; {AGAIN}"))
        return
    trip.ledger.enter_problem(found.path, found.fingerprint, str(refused))
    trip.count("refused", Refused(found.path, str(refused)))


def _decide(trip: Trip, found: Found, asset: Asset) -> Story:
    home = trip.ledger.home_of(asset.sha256)
    if home and home != asset.path and _still_holds(home, asset):
        trip.ledger.enter_copy(asset.path, found.fingerprint, asset.sha256)
        trip.observe(Repeated(asset.path, home))
        return Story(asset, (), f"the same as {home.name}")
    if not home and asset.path not in trip.request.paths and trip.ledger.is_adopted(asset.sha256):
        trip.ledger.adopt(asset.path, found.fingerprint, asset.sha256, asset.picture)
        return Story(asset, (), f"adopted as seen; `storyrelay run {asset.path}` sends it")
    story = _unless_its_half_is_out(trip, plan_story(asset, trip.settings, trip.now()))
    story = _unless_it_repeats(trip, story)
    trip.ledger.enter(story, found.fingerprint)
    trip.observe(Taken(asset.path))
    _ask(trip, story)
    for refusal in story.refusals:
        trip.count("refused", Refused(refusal.path, refusal.reason, refusal.destination))
    return story


def _unless_its_half_is_out(trip: Trip, story: Story) -> Story:
    """Of a Live Photo whose halves came one after the other, the first may have gone out alone."""
    half = story.asset.other_half
    if half is None or story.skip:
        return story
    gone = {State.SKIPPED, State.EXPIRED, State.FAILED, State.PLANNED}
    out = [delivery for delivery in trip.ledger.find(str(half)) if delivery.state not in gone]
    if not out:
        return story
    return Story(story.asset, (), f"{half.name}, the other half of this Live Photo, went out before")


def _unless_it_repeats(trip: Trip, story: Story) -> Story:
    """What the person named goes out whatever went before."""
    if story.skip or story.asset.path in trip.request.paths:
        return story
    decided = {delivery.destination for delivery in trip.ledger.deliveries_of(story.asset.sha256)}
    return with_repeats(
        story, partial(trip.ledger.earlier, story.asset), decided, _about_repeats(trip, story)
    )


def _about_repeats(trip: Trip, story: Story) -> RepeatSettings:
    """Who posts the same once more in an app was asked nothing there, and isn't asked here: it's skipped."""
    settings = trip.settings
    source = source_of(story.asset.path, settings.state)
    chosen = settings.sources.get(source) if source else None
    if chosen is None or chosen.instagram is None:
        return settings
    return without_asking(settings)


def _ask(trip: Trip, story: Story) -> None:
    """One question for all destinations that it's the same for."""
    questions: dict[str, list[str]] = {}
    for treatment in story.treatments:
        if treatment.repeat and treatment.repeat.asks:
            questions.setdefault(treatment.repeat.reason, []).append(treatment.destination)
    for reason, destinations in questions.items():
        trip.count("parked", Asked(story.asset.path, tuple(destinations), reason))


def _still_holds(home: Path, asset: Asset) -> bool:
    try:
        return home.stat().st_size == asset.path.stat().st_size
    except OSError:
        return False
