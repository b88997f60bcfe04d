"""Stickers in Instagram's terms: people and places need their numbers, which are looked up first."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from instagrapi.types import (
    Hashtag,
    Location,
    StoryHashtag,
    StoryLink,
    StoryLocation,
    StoryMention,
    UserShort,
)

from pipeline.errors import Rejected
from pipeline.mirror.kinds import Kind, kind_of
from pipeline.mirror.odd import OddAnswerError, at
from pipeline.model import Place, Sticker, Texts

if TYPE_CHECKING:
    from pipeline.mirror.phone import Phone


@dataclass(frozen=True, slots=True)
class Placed:
    """The stickers ready to be placed, by the client's own names for them, and what had to be left out."""

    stickers: Mapping[str, list[Any]]
    left_out: tuple[str, ...] = ()


@dataclass(slots=True)
class _Tray:
    by_name: dict[str, list[Any]] = field(default_factory=dict)
    left_out: list[str] = field(default_factory=list)

    def put(self, name: str, sticker: Any) -> None:
        self.by_name.setdefault(name, []).append(sticker)


def placed(phone: Phone, texts: Texts) -> Placed:
    """Look up what the stickers name. Nothing is published by it.

    A person or place that Instagram doesn't know is left out: the story is worth more than its sticker.
    Raises the client's errors.
    """
    tray = _Tray()
    for sticker in texts.stickers:
        _PLACE[sticker.kind](phone, texts, sticker, tray)
    return Placed(tray.by_name, tuple(tray.left_out))


def _link(phone: Phone, texts: Texts, sticker: Sticker, tray: _Tray) -> None:  # noqa: ARG001 - as the others
    if "links" in tray.by_name:
        tray.left_out.append(f"link {sticker.value}: Instagram takes one link a story")
        return
    try:
        tray.put("links", StoryLink(webUri=sticker.value, **_box(sticker)))
    except ValueError:
        raise Rejected(
            f"{sticker.value} is no link for Instagram. Next: storyrelay link {sticker.value}"
        ) from None


def _mention(phone: Phone, texts: Texts, sticker: Sticker, tray: _Tray) -> None:  # noqa: ARG001 - as the others
    name = sticker.value.lstrip("@").strip()
    if not re.fullmatch(r"[A-Za-z0-9._]+", name):
        tray.left_out.append(f"@{name}: this is no name of an account")
        return
    found = _found(lambda: phone.private_request(f"users/{name.lower()}/usernameinfo/"))
    if found is None:
        tray.left_out.append(f"@{name}: Instagram knows no such account")
        return
    user = UserShort(pk=str(at(found, "user", "pk")), username=name)
    tray.put("mentions", StoryMention(user=user, **_box(sticker)))


def _hashtag(phone: Phone, texts: Texts, sticker: Sticker, tray: _Tray) -> None:  # noqa: ARG001 - as the others
    hashtag = Hashtag(id="0", name=sticker.value.lstrip("#"))
    tray.put("hashtags", StoryHashtag(hashtag=hashtag, **_box(sticker)))


def _location(phone: Phone, texts: Texts, sticker: Sticker, tray: _Tray) -> None:
    place = texts.place or Place(sticker.value)
    number = place.id or _number_of(phone, place)
    if number is None or not number.isdecimal():
        tray.left_out.append(f"{place.name}: Instagram knows no such place")
        return
    # with all of these given, the client looks nothing up by itself
    known = {"lat": place.latitude or 0.001, "lng": place.longitude or 0.001, "external_id": int(number)}
    location = Location(pk=int(number), name=place.name, **known)
    tray.put("locations", StoryLocation(location=location, **_box(sticker)))


_PLACE: Mapping[str, Callable[[Phone, Texts, Sticker, _Tray], None]] = {
    "link": _link,
    "mention": _mention,
    "hashtag": _hashtag,
    "location": _location,
}


def _number_of(phone: Phone, place: Place) -> str | None:
    """Instagram's number of the place of exactly that name near its coordinates; the nearest comes first."""
    if place.latitude is None or place.longitude is None:
        return None
    where = {"latitude": str(place.latitude), "longitude": str(place.longitude)}
    found = _found(lambda: phone.private_request("location_search/", params=where)) or {}
    for venue in found.get("venues") or ():
        if str(venue.get("name", "")).casefold() == place.name.casefold():
            numbers = (venue.get(key) for key in ("external_id", "facebook_places_id", "pk"))
            return next((str(number) for number in numbers if str(number or "").isdecimal()), None)
    return None


def _found(ask: Callable[[], Any]) -> Mapping[str, Any] | None:
    """The answer; None when what was asked for isn't there."""
    try:
        answer = ask()
    except Exception as failure:
        if kind_of(failure) is Kind.MISSING or "user not found" in str(failure).lower():
            return None
        raise
    if not isinstance(answer, Mapping):
        raise OddAnswerError("a look-up")
    return answer


def _box(sticker: Sticker) -> dict[str, float]:
    return {"x": sticker.x, "y": sticker.y, "width": sticker.width, "height": sticker.height}
