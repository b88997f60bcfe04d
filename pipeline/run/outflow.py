"""From decisions to people: reformat what is due, offer each part when it is ready."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from concurrent.futures import Executor, Future
from contextlib import closing
from dataclasses import replace
from itertools import takewhile
from math import inf

from pipeline.deliver import deliver
from pipeline.errors import NotReadyError
from pipeline.execute import cores, lined_up, threads
from pipeline.model import Delivery, Rendition, State
from pipeline.plan.due import after_quiet_hours
from pipeline.plan.lineup import cost_s, order_of_work, threads_for
from pipeline.reformat import Order, rendition_key
from pipeline.report.events import Due
from pipeline.run.elsewhere import Crew, crew_of
from pipeline.run.presence import in_place
from pipeline.run.pulled import no_longer_than_the_original
from pipeline.run.renditions import Batch, Result, is_cached, may_begin, rendered, rendition_of
from pipeline.run.room import Room
from pipeline.run.telling import tell
from pipeline.run.trip import Destinations, Trip
from pipeline.run.turns import Turns


def send_due(trip: Trip, open_to: Destinations, turns: Turns) -> None:
    """Reformat and deliver everything that is due, each story as soon as it and those before it are ready."""
    batches = _batches(trip, _due(trip, open_to))
    if not batches or trip.out_of_time():
        return
    trip.observe(Due(len(batches), sum(batch.order.seconds for batch in batches)))
    halted: set[tuple[str, str]] = set()
    crew = crew_of(trip, lambda: not all(is_cached(trip, batch.order) for batch in batches))
    with threads(crew.threads) as pool, closing(_made(trip, pool, batches, crew)) as ready:
        for batch, rendering in ready:
            trip.stop.check()
            rendition = rendition_of(trip, batch, rendering.result)
            if rendition is None:
                halted |= {(delivery.asset, delivery.destination) for delivery in batch.deliveries}
                continue
            for delivery in filter(turns.has_come, batch.deliveries):
                place = (delivery.asset, delivery.destination)
                if place not in halted and not _send(trip, delivery, rendition, open_to):
                    halted.add(place)
            if trip.out_of_time():
                break


def _made(
    trip: Trip, pool: Executor, batches: Sequence[Batch], crew: Crew
) -> Generator[tuple[Batch, Future[Result]]]:
    """Each batch when it is finished, in the order they go out; they begin so that all cores end together.

    Some more are begun than are worked on, so that no core waits while something is handed over. What there
    is no room for fails with NotReadyError. An encode gets as many threads from a farm as it would get here:
    they decide about the bytes.
    """
    room, workers = Room(trip), trip.workers()
    costs = [cost_s(batch.order.asset, batch.order.recipe, batch.order.part) for batch in batches]
    encodes = [cost if batch.order.seconds > 0 else 0 for cost, batch in zip(costs, batches, strict=True)]
    its_threads = dict(zip(map(id, batches), threads_for(encodes, workers, cores()), strict=True))

    def begin(batch: Batch) -> Future[Result]:
        if may_begin(trip, batch, room):
            return pool.submit(_render, trip, batch, its_threads[id(batch)], room)
        unfit: Future[Result] = Future()
        unfit.set_exception(NotReadyError("there is no room for it"))
        return unfit

    line = order_of_work(costs, crew.hands) if trip.time_left_s() == inf else range(len(batches))
    in_time = takewhile(lambda _: not trip.out_of_time(), line)
    return lined_up(begin, batches, in_time, crew.ahead)


def _render(trip: Trip, batch: Batch, its_threads: int, room: Room) -> Result:
    try:
        return rendered(trip, batch, its_threads)
    finally:
        room.release(batch.order)


def _send(trip: Trip, delivery: Delivery, rendition: Rendition, open_to: Destinations) -> bool:
    """Whether it is out; it may have been given up meanwhile, with another part of its story."""
    now = trip.ledger.delivery(delivery.id)
    if now is None or now.state is not State.PLANNED:
        return False
    trip.stop.check()
    ending = no_longer_than_the_original(trip, now)
    outcome = deliver(ending, rendition, open_to[now.destination], trip.ledger, trip.clock)
    tell(trip, now, outcome)
    return outcome.state in (State.OFFERED, State.PUBLISHED)


def _quiet(trip: Trip, name: str) -> bool:
    """Whether it's quiet there now: what was planned for a time before may still be waiting."""
    settings, now = trip.settings, trip.now()
    return after_quiet_hours(now, settings.schedule_of(name).quiet_hours, settings.timezone()) > now


def _due(trip: Trip, open_to: Destinations) -> Iterator[Delivery]:
    """What may go out now: its destination is wanted and open, its file is there."""
    for delivery in trip.ledger.due(trip.now(), list(filter(trip.wants, open_to))):
        if _quiet(trip, delivery.destination):
            continue
        if trip.has_room_for(delivery.asset) and in_place(trip, delivery):
            trip.stories.add(delivery.asset)
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
