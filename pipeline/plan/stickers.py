"""The stickers of a story: which there are, and what isn't among them and why; `room` says where they go."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from pipeline.model import Place, Profile, Rect, Sidecar, Size, Spot, Sticker
from pipeline.plan.cutting import units
from pipeline.plan.room import Room

HEIGHT = 0.05
"""Of a sticker, as a fraction of the canvas's height: 96 px of 1920, which a thumb hits."""
PADDING, LETTER = 0.1, 0.028
"""Width of all that isn't letters, and of a letter, as fractions of the canvas's width."""
MOST = {"mentions": 20, "hashtags": 10}
"""What Instagram is said to take in one story; it publishes no figure."""
WISHES = {"link": (0.5, 1.0), "mentions": (0.5, 1.0), "hashtags": (0.5, 1.0), "location": (0.5, 0.0)}
"""Where a kind goes by itself: the link lowest, people and topics above it, the place at the top."""
RULES = {
    "mention": (re.compile(r"[A-Za-z0-9._]{1,30}"), "no name on Instagram"),
    "hashtag": (re.compile(r"(?!\d+$)\w+"), "no hashtag on Instagram"),
}
NOT_DRAWN = "stickers can be tapped, but Instagram doesn't draw them: let the picture say where to tap"

Kind = Literal["link", "mention", "hashtag", "location"]
EVERY_KIND: frozenset[Kind] = frozenset({"link", "mention", "hashtag", "location"})


@dataclass(frozen=True, slots=True)
class Placed:
    """The stickers of a story, and what isn't among them, in words."""

    stickers: tuple[Sticker, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Piece:
    """A sticker before it has a place; `shown` is the text on it."""

    kind: Kind
    value: str
    shown: str
    label: str | None = None


def stickers_for(
    sidecar: Sidecar,
    profile: Profile,
    room: Room | None = None,
    carried: frozenset[Kind] = EVERY_KIND,
) -> Placed:
    """Everything in the sidecar that can be tapped, each with its place in the room on the canvas.

    Of other kinds than those that are `carried` there is only a note.
    """
    room = room or Room(profile)
    stickers: list[Sticker] = []
    notes: list[str] = []
    spots = {key: sidecar.stickers.get(key, Spot()) for key in WISHES}
    for key, spot in sorted(spots.items(), key=lambda entry: entry[1].at is None):  # a person's own first
        pieces, unusable = _pieces_of(sidecar, key, spot)
        left_out = [piece for piece in pieces if piece.kind not in carried]
        pieces = [piece for piece in pieces if piece.kind in carried]
        places = room.take([_size(piece, room) for piece in pieces], spot.at or WISHES[key])
        stickers += map(_sticker, pieces, places, [profile.canvas] * len(places))
        notes += unusable
        notes += [f"no sticker {piece.shown}: Meta's API takes none of that kind" for piece in left_out]
        notes += [f"no room for the sticker {piece.shown}" for piece in pieces[len(places) :]]
    return Placed(tuple(stickers), tuple(notes))


def _pieces_of(sidecar: Sidecar, key: str, spot: Spot) -> tuple[list[_Piece], list[str]]:
    """What of one key Instagram takes, and why not the rest."""
    usable: list[_Piece] = []
    notes: list[str] = []
    for piece in _wanted(sidecar, key, spot.label) if spot.show else ():
        why = _why_not(piece, sidecar.location)
        if why:
            notes.append(f"no sticker {piece.shown}: {why}")
        elif len(usable) == MOST.get(key, 1):
            notes.append(f"no sticker {piece.shown}: Instagram takes {len(usable)} {key} in a story")
        else:
            usable.append(piece)
    return usable, notes


def _wanted(sidecar: Sidecar, key: str, label: str | None) -> Iterator[_Piece]:
    match key:
        case "link" if sidecar.link:
            yield _Piece("link", sidecar.link, label or _site(sidecar.link), label)
        case "mentions":
            yield from (_Piece("mention", name, f"@{name}") for name in sidecar.mentions)
        case "hashtags":
            yield from (_Piece("hashtag", tag, f"#{tag}") for tag in sidecar.hashtags)
        case "location" if sidecar.location:
            yield _Piece("location", sidecar.location.name, sidecar.location.name)


def _why_not(piece: _Piece, place: Place | None) -> str | None:
    if piece.kind == "location" and place and place.id is None and place.latitude is None:
        return "Instagram finds a place by its id, or by latitude and longitude"
    pattern, what = RULES.get(piece.kind, (None, None))
    return what if pattern and not pattern.fullmatch(piece.value) else None


def _site(link: str) -> str:
    """What Instagram itself writes on a link."""
    return re.split(r"[/?#]", link.partition("://")[2])[0].upper()


def _size(piece: _Piece, room: Room) -> Size:
    width = round(room.canvas.width * (PADDING + LETTER * units(piece.shown)))
    return Size(min(width, room.safe.width), round(room.canvas.height * HEIGHT))


def _sticker(piece: _Piece, rect: Rect, canvas: Size) -> Sticker:
    return Sticker(
        kind=piece.kind,
        value=piece.value,
        x=round((rect.x + rect.width / 2) / canvas.width, 6),
        y=round((rect.y + rect.height / 2) / canvas.height, 6),
        width=round(rect.width / canvas.width, 6),
        height=round(rect.height / canvas.height, 6),
        label=piece.label,
    )
