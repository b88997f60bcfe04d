"""From decisions to people and servers: reformat what is due, deliver each part when it is ready."""

from __future__ import annotations

import errno
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import closing
from dataclasses import dataclass, replace

from pipeline.deliver import Outcome, deliver
from pipeline.errors import AssetError, EnvironmentFault, UnreadableError
from pipeline.execute import cores, in_order, threads
from pipeline.ledger import Move
from pipeline.model import Delivery, Rendition, State
from pipeline.reformat import Bench, Order, render, rendition_key
from pipeline.report.events import Delivered, Postponed, Reformatted, Reformatting, Refused
from pipeline.run.trip import Destinations, Trip


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
    halted: set[tuple[str, str]] = set()
    with (
        threads(trip.workers()) as pool,
        closing(in_order(pool, lambda batch: _rendered(trip, batch), batches, trip.workers() + 1)) as ready,
    ):
        for batch, rendering in ready:
            trip.stop.check()
            rendition = _rendition_of(trip, batch, rendering)
            if rendition is None:
                halted |= {(delivery.asset, delivery.destination) for delivery in batch.deliveries}
                continue
            for delivery in batch.deliveries:
                if (delivery.asset, delivery.destination) not in halted:
                    outcome = deliver(
                        delivery, rendition, open_to[delivery.destination], trip.ledger, trip.clock
                    )
                    _tell(trip, delivery, outcome)
                    if outcome.state not in (State.OFFERED, State.PUBLISHED):
                        halted.add((delivery.asset, delivery.destination))
            if trip.out_of_time():
                break


def _due(trip: Trip, open_to: Destinations) -> Iterator[Delivery]:
    """What may go out now: its destination is wanted and open, its file is there."""
    stories: set[str] = set()
    missing: set[str] = set()
    for delivery in trip.ledger.due(trip.now()):
        if delivery.destination not in open_to or not trip.wants(delivery.destination):
            continue
        if delivery.asset not in stories and len(stories) == trip.request.limit:
            continue
        if not delivery.path.exists():
            if delivery.asset not in missing:
                trip.count("postponed", Postponed(delivery.path, "it isn't in its place at the moment"))
            missing.add(delivery.asset)
            trip.ledger.note(delivery, "held", "its file isn't in its place")
            continue
        stories.add(delivery.asset)
        yield delivery


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


def _rendered(trip: Trip, batch: Batch) -> Rendition:
    """Runs in a worker thread: nothing here touches the ledger."""
    order = batch.order

    def advance(fraction: float) -> None:
        trip.observe(Reformatting(order.asset.path, order.part, len(order.recipe.parts), fraction))

    return render(order, _bench(trip, advance))


def _bench(trip: Trip, advance: Callable[[float], None]) -> Bench:
    limits = trip.settings.limits
    return Bench(
        folder=trip.settings.state / "store",
        scratch=trip.settings.state / "scratch",
        threads=max(1, cores() // trip.workers()),
        encode_minutes=limits.encode_minutes,
        child_memory_mb=limits.child_memory_mb,
        progress=advance,
        stop=trip.stop.requested,
    )


def _rendition_of(trip: Trip, batch: Batch, rendering: Future[Rendition]) -> Rendition | None:
    """The finished rendition, or None with every delivery of it settled as failed."""
    try:
        rendition = rendering.result()
    except AssetError as failure:
        _give_up(trip, batch, failure)
        return None
    except OSError as fault:
        if fault.errno not in (errno.ENOSPC, errno.EDQUOT):
            raise
        message = f"the disk of {trip.settings.state} is full. Next: make room, then run again"
        raise EnvironmentFault(message) from fault
    finally:
        trip.stop.check()
    cached = rendition.cached
    done = Reformatted(
        batch.order.asset.path, rendition.part, rendition.parts, rendition.action, rendition.bytes, cached
    )
    trip.count("reused" if cached else "reformatted", done)
    return rendition


def _give_up(trip: Trip, batch: Batch, failure: AssetError) -> None:
    """Settle what can't be made; a damaged source is given up at every destination at once."""
    lost = batch.deliveries
    if isinstance(failure, UnreadableError):
        lost = tuple(trip.ledger.deliveries_of(batch.order.asset.sha256))
    for delivery in lost:
        if delivery.state is State.PLANNED:
            trip.ledger.move(delivery, Move(State.FAILED, "not reformatted", str(failure)))
            trip.tally["failed"] += 1
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
