"""From decisions to finished files: each rendition once, whoever it is for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from pipeline.errors import AssetError, FarmAway, NotReadyError, UnreadableError
from pipeline.execute import cores
from pipeline.ledger import Move
from pipeline.model import Asset, Delivery, Rendition, State
from pipeline.reformat import Bench, Order, cached, render
from pipeline.report.events import Alarm, Postponed, Reformatted, Reformatting, Refused
from pipeline.run.room import Room
from pipeline.run.trip import Trip
from pipeline.tools.faults import passes
from pipeline.tools.files import sha256_of

AGAIN = "the next run tries it again"


@dataclass(frozen=True, slots=True)
class Batch:
    """Deliveries that take the same rendition, in the order they go out."""

    order: Order
    deliveries: tuple[Delivery, ...]


@dataclass(frozen=True, slots=True)
class Result:
    """A rendition, and whether it was there before."""

    rendition: Rendition
    cached: bool


def rendered(trip: Trip, batch: Batch, its_threads: int) -> Result:
    """Runs in a worker thread: nothing here touches the ledger."""
    order = batch.order

    def advance(fraction: float) -> None:
        parts, profile = len(order.recipe.parts), order.recipe.profile
        trip.observe(Reformatting(order.asset.path, order.part, parts, fraction, order.seconds, profile))

    bench = _bench(trip, its_threads, advance)
    known = cached(order, bench)
    if known:
        return Result(known, cached=True)
    farm = trip.elsewhere
    make = farm.opened().made if farm and farm.is_wanted() else render
    return Result(make(order, bench), cached=False)


def may_begin(trip: Trip, batch: Batch, room: Room) -> bool:
    """Whether it's made already, or there is room to make it; its deliveries say so if not."""
    if is_cached(trip, batch.order) or room.promise(batch.order):
        return True
    for delivery in batch.deliveries:
        trip.ledger.note(delivery, "held", "the disk is nearly full")
    return False


def is_made(trip: Trip, delivery: Delivery) -> bool:
    """Whether its rendition is finished, so that its source isn't needed any more."""
    asset = trip.ledger.asset(delivery.asset)
    return asset is not None and is_cached(trip, Order(asset, delivery.recipe, delivery.part))


def is_cached(trip: Trip, order: Order) -> bool:
    """Whether a rendition is there already."""
    return cached(order, _bench(trip, 1, lambda _: None)) is not None


def kept_rendition(trip: Trip, delivery: Delivery) -> Rendition | None:
    """What was made for a delivery, if it's still in the store; nothing is made for it."""
    asset = trip.ledger.asset(delivery.asset)
    if asset is None:
        return None
    return cached(Order(asset, delivery.recipe, delivery.part), _bench(trip, 1, lambda _: None))


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


def rendition_of(trip: Trip, batch: Batch, result_of: Callable[[], Result]) -> Rendition | None:
    """The finished rendition; None when there is none, with its deliveries failed if there never will be."""
    try:
        result = result_of()
    except NotReadyError:
        return None
    except FarmAway as away:
        _tell_away(trip, batch, away)
        return None
    except AssetError as failure:
        if passes(failure):
            trip.count("refused", Refused(batch.order.asset.path, f"{failure}; {AGAIN}"))
        elif _still_there(batch.order.asset):
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


def _tell_away(trip: Trip, batch: Batch, away: FarmAway) -> None:
    """The story is as it was. Each reason is told once a run."""
    for delivery in batch.deliveries:
        trip.ledger.note(delivery, "held", "the farm couldn't make it")
    if trip.elsewhere and str(away) not in trip.elsewhere.told:
        trip.elsewhere.told.add(str(away))
        trip.count("unfit", Alarm("farm", f"{away}; what it should make waits, and {AGAIN}"))


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


def made_for(trip: Trip, delivery: Delivery) -> Rendition | None:
    """The finished rendition of one delivery, made now unless it's there; None as above."""
    asset = trip.ledger.asset(delivery.asset)
    if asset is None:
        return None
    batch = Batch(Order(asset, delivery.recipe, delivery.part), (delivery,))
    if not may_begin(trip, batch, Room(trip)):
        return None
    return rendition_of(trip, batch, lambda: rendered(trip, batch, cores()))
