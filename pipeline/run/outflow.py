"""From decisions to people and servers: reformat what is due, deliver each part when it is ready."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import closing
from dataclasses import dataclass, replace

from pipeline.deliver import Outcome, deliver
from pipeline.errors import AssetError, UnreadableError
from pipeline.execute import in_order, threads, threads_each
from pipeline.ledger import Move
from pipeline.model import Asset, Delivery, Rendition, State
from pipeline.plan.due import after_quiet_hours
from pipeline.reformat import Bench, Order, cached, render, rendition_key
from pipeline.report.events import Delivered, Due, Postponed, Reformatted, Reformatting, Refused
from pipeline.run.trip import Destinations, Trip
from pipeline.tools.files import sha256_of


@dataclass(frozen=True, slots=True)
class Batch:
    """Deliveries that take the same rendition, in the order they go out."""

    order: Order
    deliveries: tuple[Delivery, ...]


def send_due(trip: Trip, open_to: Destinations) -> None:
    """Reformat and deliver everything that is due, each story as soon as it and those before it are ready."""
    batches = _batches(trip, _due(trip, open_to))
    if not batches:
        return
    trip.observe(Due(len(batches), sum(batch.order.seconds for batch in batches)))
    each = threads_each(trip.workers(), sum(batch.order.seconds > 0 for batch in batches))
    halted: set[tuple[str, str]] = set()
    with (
        threads(trip.workers()) as pool,
        closing(
            in_order(pool, lambda batch: _rendered(trip, batch, each), batches, trip.workers() + 1)
        ) as ready,
    ):
        for batch, rendering in ready:
            trip.stop.check()
            rendition = _rendition_of(trip, batch, rendering)
            if rendition is None:
                halted |= {(delivery.asset, delivery.destination) for delivery in batch.deliveries}
                continue
            for delivery in batch.deliveries:
                place = (delivery.asset, delivery.destination)
                if place not in halted and not _send(trip, delivery, rendition, open_to):
                    halted.add(place)
            if trip.out_of_time():
                break


def _send(trip: Trip, delivery: Delivery, rendition: Rendition, open_to: Destinations) -> bool:
    """Whether it is out; it may have been given up meanwhile, with another part of its story."""
    now = trip.ledger.delivery(delivery.id)
    if now is None or now.state is not State.PLANNED:
        return False
    trip.stop.check()
    outcome = deliver(now, rendition, open_to[now.destination], trip.ledger, trip.clock)
    _tell(trip, now, outcome)
    return outcome.state in (State.OFFERED, State.PUBLISHED)


def _quiet(trip: Trip) -> bool:
    """Whether it's quiet now: what was planned for a time before may still be waiting."""
    settings, now = trip.settings, trip.now()
    return after_quiet_hours(now, settings.schedule.quiet_hours, settings.timezone()) > now


def _due(trip: Trip, open_to: Destinations) -> Iterator[Delivery]:
    """What may go out now: its destination is wanted and open, its file is there."""
    stories: set[str] = set()
    missing: set[str] = set()
    for delivery in () if _quiet(trip) else trip.ledger.due(trip.now()):
        if delivery.destination not in open_to or not trip.wants(delivery.destination):
            continue
        if delivery.asset not in stories and len(stories) == trip.request.limit:
            continue
        if not _in_place(trip, delivery):
            if delivery.asset not in missing:
                trip.count("postponed", Postponed(delivery.path, "it isn't in its place at the moment"))
            missing.add(delivery.asset)
            trip.ledger.note(delivery, "held", "its file isn't in its place")
            continue
        stories.add(delivery.asset)
        yield delivery


def _in_place(trip: Trip, delivery: Delivery) -> bool:
    """Whether its file is there, or a copy of it, which then takes its place."""
    if delivery.path.exists():
        return True
    copy = next((path for path in trip.ledger.places_of(delivery.asset) if path.exists()), None)
    if copy:
        trip.ledger.move_home(delivery.asset, copy)
    return copy is not None


def _batches(trip: Trip, deliveries: Iterator[Delivery]) -> list[Batch]:
    batches: dict[str, Batch] = {}
    for delivery in deliveries:
        asset = trip.ledger.asset(delivery.asset)
        if asset is None:
            continue
        order = Order(asset, delivery.recipe, delivery.part)
        key = rendition_key(order)
        known = batches.get(key, Batch(order, ()))
        batches[key] = replace(known, deliveries=(*known.deliveries, delivery))
    return list(batches.values())


@dataclass(frozen=True, slots=True)
class Result:
    """A rendition, and whether it was there before."""

    rendition: Rendition
    cached: bool


def _rendered(trip: Trip, batch: Batch, its_threads: int) -> Result:
    """Runs in a worker thread: nothing here touches the ledger."""
    order = batch.order

    def advance(fraction: float) -> None:
        parts, profile = len(order.recipe.parts), order.recipe.profile
        trip.observe(Reformatting(order.asset.path, order.part, parts, fraction, order.seconds, profile))

    bench = _bench(trip, its_threads, advance)
    known = cached(order, bench)
    return Result(known, cached=True) if known else Result(render(order, bench), cached=False)


def _bench(trip: Trip, its_threads: int, advance: Callable[[float], None]) -> Bench:
    limits = trip.settings.limits
    return Bench(
        folder=trip.settings.state / "store",
        scratch=trip.settings.state / "scratch",
        threads=its_threads,
        encode_minutes=limits.encode_minutes,
        child_memory_mb=limits.child_memory_mb,
        progress=advance,
        stop=trip.stop.requested,
    )


def _rendition_of(trip: Trip, batch: Batch, rendering: Future[Result]) -> Rendition | None:
    """The finished rendition; None when there is none, with its deliveries failed if there never will be."""
    try:
        result = rendering.result()
    except AssetError as failure:
        if _still_there(batch.order.asset):
            _give_up(trip, batch, failure)
        else:
            reason = "it changed or went while it was worked on; the next run takes it as it is then"
            trip.count("postponed", Postponed(batch.order.asset.path, reason))
        return None
    finally:
        trip.stop.check()
    done = result.rendition
    order = batch.order
    told = Reformatted(
        path=order.asset.path,
        part=done.part,
        parts=done.parts,
        action=done.action,
        bytes=done.bytes,
        cached=result.cached,
        seconds=order.seconds,
        profile=done.profile,
    )
    trip.count("reused" if result.cached else "reformatted", told)
    return done


def _still_there(asset: Asset) -> bool:
    try:
        return sha256_of(asset.path) == asset.sha256
    except OSError:
        return False


def _give_up(trip: Trip, batch: Batch, failure: AssetError) -> None:
    """Settle what can't be made; a damaged source is given up at every destination at once."""
    lost = batch.deliveries
    if isinstance(failure, UnreadableError):
        lost = tuple(trip.ledger.deliveries_of(batch.order.asset.sha256))
    move = Move(State.FAILED, "not reformatted", str(failure))
    given_up = [
        delivery for delivery in lost if delivery.state is State.PLANNED and trip.ledger.move(delivery, move)
    ]
    if given_up:
        trip.tally["failed"] += len(given_up)
        trip.count("refused", Refused(batch.order.asset.path, str(failure)))


def delivered(delivery: Delivery, outcome: Outcome) -> Delivered:
    """The event that tells how a delivery stands now."""
    return Delivered(
        delivery.id,
        delivery.path,
        delivery.destination,
        delivery.part,
        delivery.parts,
        outcome.state,
        outcome.where,
        outcome.reason,
    )


def _tell(trip: Trip, delivery: Delivery, outcome: Outcome) -> None:
    name = str(outcome.state) if outcome.state is not State.PLANNED else "failed"
    trip.count(name, delivered(delivery, outcome))
