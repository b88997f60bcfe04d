"""Everything about one story: its file, recipes, texts, the files that were made, every event in order."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, tzinfo
from pathlib import Path
from typing import Any

from pipeline.ledger import Ledger
from pipeline.ledger.queries import Event
from pipeline.ledger.states import LOOKED_FOR
from pipeline.model import Asset, Delivery, Look, Sighting, State, Treatment
from pipeline.report.media import facts_as_json
from pipeline.report.next_step import Program, next_command, retry_file
from pipeline.report.plan_text import asset_in_words, treatment_lines
from pipeline.report.status import delivery_as_json
from pipeline.report.words import about, count, left, moment, part_of, printable, seconds, size
from pipeline.tools.plain import from_plain, to_plain
from pipeline.values import dataclass

PICTURE_BITS = 64


@dataclass(frozen=True, slots=True)
class Made:
    """A file that was made for a delivery: the rendition in the store, or its copy in the outbox."""

    delivery: int
    path: Path
    sha256: str
    bytes: int


@dataclass(frozen=True, slots=True)
class History:
    """One story as the ledger tells it; `events` are in the order they happened.

    `problem` says why some destinations don't get it.
    """

    asset: Asset
    deliveries: tuple[Delivery, ...]
    events: tuple[Event, ...]
    made: tuple[Made, ...]
    problem: str | None = None


def history_of(ledger: Ledger, asset: Asset, deliveries: Sequence[Delivery], store: Path) -> History:
    """What happened to these deliveries of one asset; `store` is the folder of renditions."""
    told = [event for delivery in deliveries for event in ledger.events_of(delivery.id)]
    made = [file for delivery in deliveries for file in _made(delivery.id, told, store)]
    told.sort(key=lambda event: (event.at, event.delivery))
    problem = next((refusal.reason for refusal in ledger.problems() if refusal.path == asset.path), None)
    return History(asset, tuple(deliveries), tuple(told), tuple(made), problem)


def _made(delivery: int, events: Sequence[Event], store: Path) -> Iterator[Made]:
    """The files of the latest attempt; arming names the rendition, offering where its copy lies."""
    own = [event for event in events if event.delivery == delivery]
    armed = next(
        (event for event in reversed(own) if {"sha256", "bytes", "file"} <= event.detail.keys()), None
    )
    if armed is None:
        return
    sha256, length = str(armed.detail["sha256"]), int(armed.detail["bytes"])
    yield Made(delivery, store / str(armed.detail["file"]), sha256, length)
    offered = next((event for event in reversed(own) if "where" in event.detail), None)
    place = None if offered is None or offered.at < armed.at else Path(str(offered.detail["where"]))
    if place is not None and place.is_absolute():  # else it's in words: on the phone
        yield Made(delivery, place, sha256, length)


def history_as_json(history: History) -> dict[str, Any]:
    """What `show --json` prints; fields are only ever added."""
    return {
        "asset": {**to_plain(history.asset), "facts": facts_as_json(history.asset.facts)},
        "problem": history.problem,
        "deliveries": [
            {
                **delivery_as_json(delivery),
                "recipe": to_plain(delivery.recipe),
                "texts": to_plain(delivery.texts),
            }
            for delivery in history.deliveries
        ],
        "files": [{**to_plain(file), "exists": file.path.exists()} for file in history.made],
        "events": [
            {
                "delivery": event.delivery,
                "at": to_plain(event.at),
                "event": event.event,
                "from": to_plain(event.from_state),
                "to": to_plain(event.to_state),
                "detail": to_plain(event.detail),
            }
            for event in history.events
        ],
    }


@dataclass(frozen=True, slots=True)
class Watcher:
    """Who looks: when, on which clock, and how they call the program."""

    now: datetime
    zone: tzinfo
    program: Program


def history_lines(history: History, watcher: Watcher) -> Iterator[str]:
    """The same for people."""
    yield asset_in_words(history.asset)
    yield f"  {printable(str(history.asset.path))}"
    yield f"  sha256 {history.asset.sha256}"
    if history.problem:
        yield f"  refused: {about(history.asset.path, history.problem)}"
        yield f"  Next: {retry_file(history.asset.path, watcher.program)}"
    told: set[str] = set()
    for delivery in history.deliveries:
        yield ""
        yield from _delivery(history, delivery, watcher)
        if delivery.destination not in told:
            told.add(delivery.destination)
            yield from (f"  {line}" for line in treatment_lines(_treatment(delivery), watcher.zone))
        yield from _files(history, delivery)
        yield from _events(history, delivery, watcher)
        own = [event for event in history.events if event.delivery == delivery.id]
        yield from _next(delivery, own, watcher.program)


def _delivery(history: History, delivery: Delivery, watcher: Watcher) -> Iterator[str]:
    story = part_of(history.asset.path, delivery.part, delivery.parts)
    until = f", {left(delivery.expires_at, watcher.now)}" if delivery.expires_at else ""
    reason = f": {printable(delivery.reason)}" if delivery.reason else ""
    yield f"{delivery.id}  {delivery.destination}  {story}  {delivery.state}{until}{reason}"


def _next(delivery: Delivery, events: Sequence[Event], program: Program) -> Iterator[str]:
    number = str(delivery.id)
    command = next_command(delivery, program)
    if delivery.state is State.UNKNOWN:
        yield f"  Next: look at your account. Live? Then: {program.call('confirm', number)}"
        yield f"        Not live? Then: {program.call('retry', number, '--it-is-not-live')}"
        if any(event.event == LOOKED_FOR and event.detail["sightings"] for event in events):
            live_as = program.call("confirm", number, "--live-as", "STORY")
            yield f"        One of the stories above? Then: {live_as}"
    elif command:
        yield f"  Next: {command}"


def _treatment(delivery: Delivery) -> Treatment:
    return Treatment(delivery.destination, delivery.recipe, delivery.texts, delivery.due_at)


def _files(history: History, delivery: Delivery) -> Iterator[str]:
    for file in history.made:
        if file.delivery == delivery.id:
            gone = "" if file.path.exists() else ", not there any more"
            yield f"  {printable(str(file.path))} ({size(file.bytes)}, sha256 {file.sha256[:12]}…{gone})"


def _events(history: History, delivery: Delivery, watcher: Watcher) -> Iterator[str]:
    for event in history.events:
        if event.delivery == delivery.id:
            at = moment(event.at, watcher.now, watcher.zone)
            told = printable(": ".join((event.event, *_remarks(event))))
            yield f"  {at}  {told}"
            yield from _candidates(event, watcher)


def _remarks(event: Event) -> Iterator[str]:
    """What there is to say of an event: its reason, or what a step was about."""
    detail = event.detail
    if detail.get("reason"):
        yield str(detail["reason"])
    elif event.event == LOOKED_FOR:
        yield f"{count(len(detail['sightings']), 'story', 'stories')} there that nobody knows"
    elif "before" in detail:
        yield f"{count(len(detail['before']), 'story', 'stories')} live before"
    elif detail.get("external_id"):
        yield f"as {detail['external_id']}"
    elif detail.get("upload_id"):
        yield f"upload {detail['upload_id']}"


def _candidates(event: Event, watcher: Watcher) -> Iterator[str]:
    """The stories that a look has found, with what tells whether one of them is ours."""
    if event.event != LOOKED_FOR:
        return
    for sighting in from_plain(Look, event.detail).sightings:
        taken = moment(sighting.taken_at, watcher.now, watcher.zone)
        length = f", {seconds(sighting.duration_s)}" if sighting.duration_s else ""
        name = printable(sighting.external_id)
        yield f"      {name}  {sighting.kind}{length}, taken {taken}, {_alike(sighting)}"


def _alike(sighting: Sighting) -> str:
    if sighting.distance is None:
        return "its picture couldn't be fetched"
    return f"{round(100 * (1 - sighting.distance / PICTURE_BITS))} % like ours"
