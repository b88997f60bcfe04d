"""All that the stand-in remembers, kept in a folder so that it outlives its process."""

from __future__ import annotations

import secrets
import threading
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Literal

from fakes.graph.model import (
    PAGE,
    PAGE_TOKEN,
    PERSON,
    SHOP,
    USER_TOKEN,
    Account,
    Draft,
    Page,
    Story,
    Token,
    Use,
)
from fakes.servers.clock import StandInClock
from fakes.servers.memory import Memory

LIFETIME = timedelta(hours=24)
USER_TOKEN_LIFE = timedelta(days=60)
DATA_ACCESS_LIFE = timedelta(days=90)
FIRST = {"container": 17_889_455_560_051_000, "media": 17_920_238_422_030_000}
FIRST_OF_PAGE = 122_100_000_000_001
SecondPublish = Literal["not found", "not ready", "same id"]
Status = Literal["IN_PROGRESS", "FINISHED", "ERROR", "EXPIRED", "PUBLISHED"]


@dataclass(frozen=True, slots=True)
class Cast:
    """Who there is. `web` says which loopback server is a public host that media is fetched from."""

    accounts: tuple[Account, ...] = (SHOP,)
    pages: tuple[Page, ...] = (PAGE,)
    web: Mapping[str, str] = field(default_factory=dict)


DEFAULT = Cast()


class Settings:
    """What a test may change at any time; durations are seconds of the stand-in's clock.

    `second_publish` is what comes when a container is published again, which the documentation leaves open.
    With `archive_on` off a page lists nothing. `as_reported`: where people report (2026) other forms than
    the documentation has, those are used.
    """

    processing_s: float = 0.0
    listing_delay_s: float = 0.0
    quota_total: int = 50
    page_size: int = 25
    archive_on: bool = True
    as_reported: bool = False
    second_publish: SecondPublish = "not found"


class World:
    """Change it only with `lock` held. Every change is a line of `events.jsonl` before it is true."""

    def __init__(self, folder: Path, cast: Cast, settings: Settings) -> None:
        self.cast = cast
        self.web = dict(cast.web)
        self.clock = StandInClock()
        self.settings = settings
        self.lock = threading.RLock()
        self.tokens: dict[str, Token] = {}
        self.drafts: dict[str, Draft] = {}
        self.stories: dict[str, Story] = {}
        self.offences: list[str] = []
        self.fetched: list[str] = []
        self._numbers = 0
        self._memory = Memory(folder)
        for event in self._memory.past:
            self._apply(event)
        if not self.tokens:
            self._hand_out_tokens()

    def _hand_out_tokens(self) -> None:
        now = self.clock.now()
        access = now + DATA_ACCESS_LIFE
        self.put(Token(USER_TOKEN, "USER", PERSON, issued_at=now, expires_at=now + USER_TOKEN_LIFE))
        for page in self.cast.pages:
            value = PAGE_TOKEN if page == PAGE else f"{PAGE_TOKEN}{page.id}"
            self.put(Token(value, "PAGE", page.id, issued_at=now, data_access_expires_at=access))

    def close(self) -> None:
        self._memory.close()

    def account(self, object_id: str) -> Account | None:
        return next((it for it in self.cast.accounts if it.id == object_id), None)

    def page(self, object_id: str) -> Page | None:
        return next((it for it in self.cast.pages if it.id == object_id), None)

    def new_id(self, what: Literal["container", "media", "page"]) -> str:
        """A number that nothing else has; not one after the other."""
        with self.lock:
            self._numbers += 1
            return str(FIRST.get(what, FIRST_OF_PAGE) + self._numbers * 100 + secrets.randbelow(100))

    def put(self, thing: Token | Draft | Story) -> None:
        """From now on it is so."""
        with self.lock:
            self._apply(self._memory.write(type(thing).__name__, {"it": asdict(thing)}))

    def new_draft(self, use: Use, owner: str, **more: Any) -> Draft:
        draft_id = self.new_id("container" if use == "container" else "page")
        kind = more.pop("kind", "photo")
        draft = Draft(draft_id, use, owner, kind, self.clock.now(), **more)
        self.put(draft)
        return draft

    def received(self, draft: Draft, body: bytes, error: str | None) -> Draft:
        """All of it is here; it is worked on now, and `error` is what will come of it."""
        ready_at = self.clock.now() + timedelta(seconds=self.settings.processing_s)
        whole = replace(draft, sha256=self.keep(body), size_bytes=len(body), got_bytes=len(body))
        done = replace(whole, ready_at=ready_at, error=error)
        self.put(done)
        return done

    def spoil(self, draft_id: str, error: str) -> None:
        """Whatever it is, it fails while it is processed."""
        with self.lock:
            draft = self.drafts.get(draft_id)
            if draft is None:
                return
            self.put(replace(draft, error=error))
            if draft.story is not None:
                self.put(replace(self.stories[draft.story], live=False))

    def status(self, draft: Draft) -> Status:
        """How far it is."""
        now = self.clock.now()
        if draft.story is not None:
            return "PUBLISHED"
        if now >= draft.created_at + LIFETIME:
            return "EXPIRED"
        if draft.ready_at is None or now < draft.ready_at:
            return "ERROR" if draft.error and draft.ready_at is None else "IN_PROGRESS"
        return "ERROR" if draft.error else "FINISHED"

    def publish(self, draft: Draft, story_id: str) -> Story:
        """The draft is a story: now, or once it is processed."""
        with self.lock:
            now = self.clock.now()
            at = max(now, draft.ready_at or now)
            story = Story(
                id=story_id,
                network="instagram" if draft.use == "container" else "facebook",
                owner=draft.owner,
                kind=draft.kind,
                sha256=draft.sha256 or "",
                size_bytes=draft.size_bytes or 0,
                published_at=at,
                listed_at=at + timedelta(seconds=self.settings.listing_delay_s),
                draft=draft.id,
                form=draft.form,
                live=draft.error is None,
            )
            self.put(story)
            self.put(replace(draft, story=story_id))
            return story

    def published(self, owner: str | None = None) -> list[Story]:
        """All that went live, oldest first, foreign ones too."""
        now = self.clock.now()
        mine = [story for story in self.stories.values() if owner in (None, story.owner) and story.live]
        return sorted((story for story in mine if story.published_at <= now), key=lambda it: it.published_at)

    def live(self, owner: str) -> list[Story]:
        """What can be seen now, oldest first."""
        now = self.clock.now()
        listed = [story for story in self.published(owner) if story.listed_at <= now]
        return [story for story in listed if now < story.published_at + LIFETIME]

    def quota_used(self, account: str, since: datetime | None = None) -> int:
        """How many stories came by the API since then, or in the last 24 hours."""
        start = since or self.clock.now() - LIFETIME
        return sum(not it.foreign and it.published_at >= start for it in self.published(account))

    def keep(self, body: bytes) -> str:
        return self._memory.keep(body)

    def media(self, sha256: str) -> Path:
        return self._memory.media(sha256)

    def _apply(self, event: dict[str, Any]) -> None:
        content = event["it"]
        match event["what"]:
            case "Token":
                content["permissions"] = tuple(content["permissions"])
                token = Token(**timed(content))
                self.tokens[token.value] = token
            case "Draft":
                draft = Draft(**timed(content))
                self._numbers += draft.id not in self.drafts
                self.drafts[draft.id] = draft
            case "Story":
                story = Story(**timed(content))
                self._numbers += story.id not in self.stories
                self.stories[story.id] = story


def timed(content: Mapping[str, Any]) -> dict[str, Any]:
    """Times as times again, out of JSON."""
    return {
        key: datetime.fromisoformat(value) if key.endswith("_at") and value else value
        for key, value in content.items()
    }
