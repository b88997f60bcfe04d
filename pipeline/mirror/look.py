"""What is live on the account now, by the server's own word and clock."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import requests
from instagrapi import config

from pipeline.destination import Doubt, Look, Sighting
from pipeline.errors import StoryrelayError
from pipeline.mirror.bounded import bounded
from pipeline.mirror.odd import OddAnswerError, at
from pipeline.model import Rendition
from pipeline.tools.dhash import dhash, dhash_of_clip, distance

if TYPE_CHECKING:
    from pipeline.mirror.phone import Phone

KINDS: Mapping[int, Literal["photo", "video"]] = {1: "photo", 2: "video"}
SMALL_PX = 200
OK = 200


@dataclass(frozen=True, slots=True)
class Live:
    """One story that is live, and where its picture can be fetched."""

    sighting: Sighting
    picture: str | None


@dataclass(frozen=True, slots=True)
class LiveNow:
    """All of them, by the server's own time; `ids` may hold more than are described."""

    seen_at: datetime
    ids: frozenset[str]
    stories: tuple[Live, ...]


@dataclass(frozen=True, slots=True)
class Listing:
    """The server's own words about the stories of `owner`; `ids` may hold more than there are items."""

    seen_at: datetime
    owner: str
    items: tuple[Any, ...]
    ids: frozenset[str]


def listing(phone: Phone) -> Listing:
    """Every own story, from the account's own view alone. Raises OddAnswerError, and the client's errors."""
    capabilities = {"supported_capabilities_new": json.dumps(config.SUPPORTED_CAPABILITIES)}
    answer = phone.private_request(f"feed/user/{phone.user_id}/story/", params=capabilities)
    if not isinstance(answer, Mapping) or answer.get("status") != "ok" or "reel" not in answer:
        raise OddAnswerError("reel")
    reel = answer["reel"] or {}
    ids = frozenset(str(number) for number in reel.get("media_ids") or ())
    owner = str((reel.get("user") or {}).get("username") or "")
    return Listing(_server_time(phone), owner, tuple(reel.get("items") or ()), ids)


def live_now(phone: Phone) -> LiveNow:
    """The same, read: all of it, as a story that is overlooked could be claimed later."""
    told = listing(phone)
    stories = tuple(_live(item) for item in told.items)
    ids = {story.sighting.external_id for story in stories} | told.ids
    return LiveNow(told.seen_at, frozenset(ids), stories)


def look(phone: Phone, doubt: Doubt, scratch: Path) -> Look:
    """What might be the doubtful delivery, with the distance of its picture where it can be told."""
    live = live_now(phone)
    strangers = [story for story in live.stories if story.sighting.external_id not in doubt.known]
    kind = "video" if doubt.rendition.mime.startswith("video/") else "photo"
    alike = [story for story in strangers if story.sighting.kind == kind]
    others = [story.sighting for story in strangers if story.sighting.kind != kind]
    if not alike:
        return Look(live.seen_at, tuple(others))
    scratch.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=scratch) as folder:
        seen = tuple(_compared(phone, alike, _hash_of(doubt.rendition, Path(folder)), Path(folder)))
    return Look(live.seen_at, (*seen, *others))


def _live(item: Any) -> Live:
    number, kind = str(at(item, "pk")), KINDS.get(at(item, "media_type"))
    if not number.isdecimal() or kind is None:
        raise OddAnswerError("a story")
    taken_at = datetime.fromtimestamp(int(at(item, "taken_at")), UTC)
    seconds = item.get("video_duration")
    duration_s = float(seconds) if kind == "video" and seconds else None
    return Live(Sighting(number, kind, taken_at, duration_s), _picture_of(item))


def _picture_of(item: Mapping[str, Any]) -> str | None:
    """The smallest picture that is large enough to compare, else the largest."""
    found = (item.get("image_versions2") or {}).get("candidates") or ()
    usable = [one for one in found if isinstance(one, Mapping) and one.get("url")]
    by_size = sorted(usable, key=lambda one: one.get("height") or 0)
    large = [one for one in by_size if (one.get("height") or 0) >= SMALL_PX]
    best = next(iter(large or by_size[::-1]), None)
    return str(best["url"]) if best else None


def _server_time(phone: Phone) -> datetime:
    try:
        told = parsedate_to_datetime(phone.last_response.headers["Date"])
    except (KeyError, ValueError, TypeError):
        raise OddAnswerError("the time") from None
    return told if told.tzinfo else told.replace(tzinfo=UTC)


def _hash_of(rendition: Rendition, folder: Path) -> int | None:
    try:
        is_clip = rendition.mime.startswith("video/")
        return dhash_of_clip(rendition.path, folder) if is_clip else dhash(rendition.path)
    except (StoryrelayError, OSError):  # it may be gone after a day
        return None


def _compared(phone: Phone, stories: list[Live], ours: int | None, folder: Path) -> Iterator[Sighting]:
    """Each story with its distance; after one picture that can't be fetched no other is tried."""
    reachable = ours is not None
    for story in stories:
        theirs = _fetched(phone, story.picture, folder) if reachable and story.picture else None
        reachable = reachable and (theirs is not None or story.picture is None)
        far = None if ours is None or theirs is None else distance(ours, theirs)
        one = story.sighting
        yield Sighting(one.external_id, one.kind, one.taken_at, one.duration_s, far)


def _fetched(phone: Phone, url: str, folder: Path) -> int | None:
    """The hash of a picture on the content network, which gets neither cookies nor any other sign of us."""
    with bounded(requests.Session(), phone.patience) as plain:
        plain.proxies, plain.verify = phone.private.proxies, phone.tls_verify
        try:
            answer = plain.get(url)
        except (requests.RequestException, OSError):
            return None
    if answer.status_code != OK:
        return None
    file = folder / "theirs"
    file.write_bytes(answer.content)
    try:
        return dhash(file)
    except StoryrelayError:
        return None
