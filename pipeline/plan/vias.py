"""What each way of publishing carries of a story, and what it doesn't. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.errors import NotCarriedError
from pipeline.model import Asset, Profile, Sidecar
from pipeline.plan.room import Room
from pipeline.plan.stickers import EVERY_KIND, Kind, Placed, stickers_for
from pipeline.plan.terms import DestinationTerms, Via

INSTAGRAM = "instagram"
MENTIONS: frozenset[Kind] = frozenset({"mention"})
NOTHING: frozenset[Kind] = frozenset()
NO_PUBLIC_FOLDER = (
    "Instagram's API fetches photos from the internet: it waits for you until `public` of its account "
    "names a folder that all can read"
)
MESSENGER = "Messenger shows it too, as there is no API of its own"


def carried(via: Via, profile: Profile) -> frozenset[Kind] | None:
    """The kinds of stickers that a program places there; None where a person does."""
    if via == "person":
        return None
    if via == "instagrapi":
        return EVERY_KIND
    return MENTIONS if profile.name.startswith(INSTAGRAM) else NOTHING


def placed_by_program(
    sidecar: Sidecar, terms: DestinationTerms, profile: Profile, room: Room
) -> Placed | None:
    """The stickers that are published with the story; None where a person sees to them.

    Raises NotCarriedError for a story that all would see though it is meant for few.
    """
    kinds = carried(terms.via, profile)
    if kinds is None:
        return None
    if sidecar.close_friends and terms.via == "graph":
        raise NotCarriedError(
            "it is for close friends only, and Meta's API shows every story to all: publish it "
            "`via: instagrapi`, by hand, or leave this destination out under destinations:"
        )
    return stickers_for(sidecar, profile, room, kinds)


def notes_on(asset: Asset, terms: DestinationTerms, profile: Profile, *, shows_photos: bool) -> Iterator[str]:
    """What people should know of the way."""
    if terms.via != "graph":
        return
    if not profile.name.startswith(INSTAGRAM):
        yield MESSENGER
    elif asset.facts.kind == "photo" and not shows_photos:
        yield NO_PUBLIC_FOLDER
