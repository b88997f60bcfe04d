"""One's own live stories of an account: listed by one read, their media fetched, nothing ever changed."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import Any

from pipeline.errors import TryAgain
from pipeline.mirror.kept_phone import KeptPhone
from pipeline.model import Remote
from pipeline.plan.own_stories import Found, Ours, why_left

SUFFIXES = {"photo": ".jpg", "video": ".mp4", None: ""}
NO_CHANGE = ""
"""A story can't be changed once it's live, so its number says all."""


@dataclass(slots=True)
class OwnStories:
    """The source of one account. A session is needed, as for publishing; it never logs in."""

    name: str
    phone: KeptPhone
    ours: Callable[[str], Ours]
    stop: Callable[[], bool]
    places: dict[str, str] = field(default_factory=dict)
    """Where the best rendition of each listed story can be fetched."""

    def listing(self) -> Sequence[Remote]:
        """Every live story but those that went out from here, the oldest first."""
        from pipeline.mirror.look import listing

        self.phone.forget_if_replaced()
        opened = self.phone.opened()
        try:
            told = listing(opened)
            if told.items:
                self._check_owner(told.owner)
            return self._remotes(told.items, told.seen_at)
        except Exception as failure:  # noqa: BLE001 - a read changes nothing
            raise self.phone.judge().reading(failure) from None
        finally:
            self.phone.keep()

    def fetch(self, remote: Remote, into: Path) -> None:
        """The best rendition of a listed story."""
        from pipeline.mirror.content_network import fetch

        place = self.places.get(remote.key)
        if place is None:
            raise TryAgain("Instagram doesn't say where it lies")
        fetch(self.phone.opened(), place, into, self.stop)

    def gone(self, keys: Collection[str]) -> Collection[str]:  # noqa: ARG002 - as every source
        """None: a story that isn't live any more may have ended, and ends here at the same time."""
        return ()

    def close(self) -> None:
        """The phone stays as it is, for whoever publishes next."""

    def _check_owner(self, owner: str) -> None:
        """Somebody may have logged in as somebody else: then what is live there isn't this account's."""
        from pipeline.mirror.whoami import whoami

        expected = self.phone.line.account.username
        if owner.casefold() != expected.casefold():
            whoami(self.phone.opened(), self.phone.judge(), expected)

    def _remotes(self, items: Sequence[Mapping[str, Any]], seen_at: datetime) -> list[Remote]:
        from pipeline.mirror.odd import OddAnswerError
        from pipeline.mirror.own_items import found_in

        ours = self.ours(self.phone.line.name)
        found, odd = [], []
        for item in items:
            try:
                found.append((found_in(item), item))
            except OddAnswerError as unreadable:
                odd.append(Remote(key="", mark="", path=PurePosixPath("a story"), left=str(unreadable)))
        found.sort(key=lambda one: (one[0].taken_at, one[0].number))
        strangers = [(story, item) for story, item in found if story.number not in ours.ids]
        told = [
            self._remote(story, item, why_left(story, ours.unsettled, seen_at)) for story, item in strangers
        ]
        return [*told, *odd]

    def _remote(self, story: Found, item: Mapping[str, Any], left: str | None) -> Remote:
        from pipeline.mirror.own_items import best_of, sidecar_of

        place = best_of(item)
        if place is not None:
            self.places[story.number] = place
        elif left is None:
            left = "Instagram doesn't say where it can be fetched"
        at = f"{story.taken_at.astimezone(UTC):%Y%m%d-%H%M%S}"
        return Remote(
            key=story.number,
            mark=NO_CHANGE,
            path=PurePosixPath(f"{self.phone.line.name}-{at}-{story.number}{SUFFIXES[story.kind]}"),
            sidecar=sidecar_of(item, story.ends_at),
            expires_at=story.ends_at,
            left=left,
        )
