"""What the page shows: stories ready to share, those that come later, and those that ended today."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, get_args

from pipeline.ledger import Move, Queries, reading
from pipeline.ledger.answers import Answer, Verb, decided, pending
from pipeline.ledger.foresight import foreseen
from pipeline.model import WAITING_FOR_SEND, Delivery, Rendition, State
from pipeline.page.site import Site
from pipeline.reformat import Order, rendition_key
from pipeline.report.words import name_of
from pipeline.tools.plain import to_plain

APPS = {"whatsapp_status": "WhatsApp", "instagram_story": "Instagram", "facebook_story": "Facebook"}
TODAY = timedelta(hours=24)
ENDED_BY_A_PERSON = frozenset({State.CONFIRMED, State.SKIPPED, State.EXPIRED})
MOST_READY = 100
MOST_OTHERS = 50
VERBS: tuple[Verb, ...] = get_args(Verb)


@dataclass(frozen=True, slots=True)
class Story:
    """One delivery as the page knows it; without a rendition its file is gone, or not made yet."""

    delivery: Delivery
    key: str | None = None
    rendition: Rendition | None = None
    can: tuple[Verb, ...] = ()


@dataclass(frozen=True, slots=True)
class Board:
    """All of the page, as it is `at` this moment."""

    at: datetime
    ready: tuple[Story, ...]
    later: tuple[Story, ...]
    done: tuple[Story, ...]


def board_of(site: Site) -> Board:
    """What there is to show now. Raises EnvironmentFault when the ledger can't be read."""
    at = site.clock()
    left = pending(site.settings.state)  # before the ledger: what is taken in between counts twice, not never
    with reading(site.settings.state) as ledger:
        known = [*ledger.open_deliveries(), *ledger.recently_ended(at - TODAY)]
        mine = [delivery for delivery in known if is_for_a_person(site, delivery)]
        standing = foreseen(ledger, mine, left)
        ready = [one for one in standing if waits(one, at)]
        later = [one for one in standing if one.state is State.PLANNED]
        done = [one for one in standing if one.state in ENDED_BY_A_PERSON or is_over(one, at)]
        return Board(
            at,
            _stories(site, ledger, sorted(ready, key=lambda one: one.id)[:MOST_READY], at),
            tuple(Story(one) for one in sorted(later, key=_turn)[:MOST_OTHERS]),
            _stories(site, ledger, sorted(done, key=lambda one: one.since, reverse=True)[:MOST_OTHERS], at),
        )


def story_of(site: Site, number: int) -> Story | None:
    """One delivery; None when there is none, or it isn't a person's to send."""
    at = site.clock()
    left = pending(site.settings.state)
    with reading(site.settings.state) as ledger:
        found = ledger.delivery(number)
        if found is None or not is_for_a_person(site, found):
            return None
        return _stories(site, ledger, foreseen(ledger, [found], left), at)[0]


def is_for_a_person(site: Site, delivery: Delivery) -> bool:
    """Whether a person sends it, and not a mirror."""
    destination = site.settings.destinations.get(delivery.destination)
    return destination is None or destination.via == "person"


def waits(delivery: Delivery, at: datetime) -> bool:
    """Whether it's still good to send."""
    return delivery.state in WAITING_FOR_SEND and not is_over(delivery, at)


def is_over(delivery: Delivery, at: datetime) -> bool:
    """Whether its time is over though no run has noticed yet."""
    over = delivery.expires_at is not None and delivery.expires_at <= at
    return delivery.state in WAITING_FOR_SEND and over


def board_as_json(board: Board) -> dict[str, Any]:
    """What the page's script gets."""
    return {
        "now": to_plain(board.at),
        "ready": [_card(story) for story in board.ready],
        "later": [_line(story.delivery) for story in board.later],
        "done": [_card(story, board.at) for story in board.done],
    }


def _turn(delivery: Delivery) -> tuple[str, int]:
    return (delivery.due_at.isoformat() if delivery.due_at else "", delivery.id)


def _stories(site: Site, ledger: Queries, deliveries: Iterable[Delivery], at: datetime) -> tuple[Story, ...]:
    return tuple(_story(site, ledger, delivery, at) for delivery in deliveries)


def _story(site: Site, ledger: Queries, delivery: Delivery, at: datetime) -> Story:
    asset = ledger.asset(delivery.asset)
    key = rendition_key(Order(asset, delivery.recipe, delivery.part)) if asset else None
    rendition = site.store.find(key) if key else None
    return Story(delivery, key, rendition, _can(ledger, delivery, at, there=rendition is not None))


def _can(ledger: Queries, delivery: Delivery, at: datetime, *, there: bool) -> tuple[Verb, ...]:
    """What may be said of it: what is over waits for a run, what has no file can't come back."""
    if is_over(delivery, at):
        return ()
    said = [verb for verb in VERBS if isinstance(_decided(ledger, verb, delivery, at), Move)]
    return tuple(verb for verb in said if there or verb != "undo")


def _decided(ledger: Queries, verb: Verb, delivery: Delivery, at: datetime) -> Move | str | None:
    return decided(ledger, verb, Answer(verb, delivery.id, at), delivery)


def _line(delivery: Delivery) -> dict[str, Any]:
    return {
        "id": delivery.id,
        "app": APPS.get(delivery.recipe.profile, delivery.destination),
        "name": name_of(delivery.path),
        "part": delivery.part,
        "parts": delivery.parts,
        "due": to_plain(delivery.due_at),
    }


def _card(story: Story, at: datetime | None = None) -> dict[str, Any]:
    delivery, texts = story.delivery, story.delivery.texts
    over = at is not None and is_over(delivery, at)
    return _line(delivery) | {
        "state": State.EXPIRED.value if over else delivery.state.value,
        "since": to_plain(delivery.since),
        "expires": to_plain(delivery.expires_at),
        "caption": texts.caption,
        "link": texts.link,
        "mentions": list(texts.mentions),
        "hashtags": list(texts.hashtags),
        "media": _media(story),
        "poster": f"/poster/{delivery.id}" if story.rendition else None,
        "can": list(story.can),
    }


def _media(story: Story) -> dict[str, Any] | None:
    rendition = story.rendition
    if rendition is None:
        return None
    name = media_name(story.delivery.id, rendition)
    return {
        "url": f"/media/{story.delivery.id}/{name}",
        "name": name,
        "mime": rendition.mime,
        "bytes": rendition.bytes,
        "sha256": rendition.sha256,
        "seconds": rendition.duration_s,
    }


def media_name(number: int, rendition: Rendition) -> str:
    """What the file is called on the phone."""
    return f"story-{number}{rendition.path.suffix}"


def shown(stories: Sequence[Story]) -> frozenset[int]:
    """The numbers of these stories."""
    return frozenset(story.delivery.id for story in stories)
