"""The stand-in inside the test's own process."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from fakes.graph import api
from fakes.graph.faults import REPLIES, Fault, Faults
from fakes.graph.forms import Form, form_of
from fakes.graph.model import PAGE_TOKEN, USER_TOKEN, Draft, Kind, Story, Token, TokenState, Use
from fakes.graph.tokens import token_value
from fakes.graph.world import DEFAULT, Cast, Settings, World
from fakes.servers.base import Server
from fakes.servers.clock import StandInClock
from fakes.servers.faults import cut_short
from fakes.servers.wire import Answer, Drop, Reply, Request

BAD = "2207026"


class GraphStandIn(Server, Settings):
    """Meta's Graph API on this machine. Use it as a context manager, and talk to it through `proxy`."""

    hosts = api.HOSTS
    domains = tuple(f".{host}" for host in api.HOSTS)

    def __init__(self, *, folder: Path | None = None, port: int = 0, cast: Cast = DEFAULT) -> None:
        super().__init__(folder, port)
        self._world = World(self.folder, cast, self)
        self.faults = Faults()
        self.user_token = USER_TOKEN
        self.page_token = PAGE_TOKEN

    def close(self) -> None:
        self._listener.close()
        self._world.close()
        self._open.close()

    @property
    def clock(self) -> StandInClock:
        return self._world.clock

    @property
    def offences(self) -> list[str]:
        """What was answered, but must not be done: a token in a URL, a photo in the feed."""
        return list(self._world.offences)

    @property
    def fetched(self) -> list[str]:
        """The addresses on the web that media was fetched from."""
        return list(self._world.fetched)

    @property
    def drafts(self) -> list[Draft]:
        """Containers, and a page's photos and videos, oldest first."""
        with self._world.lock:
            return list(self._world.drafts.values())

    def stories(self, owner: str | None = None) -> list[Story]:
        """All that clients published, also what is over or isn't listed yet, oldest first."""
        with self._world.lock:
            return [story for story in self._world.published(owner) if not story.foreign]

    def live(self, owner: str) -> list[Story]:
        """What the listing shows now, oldest first, foreign ones too."""
        with self._world.lock:
            return self._world.live(owner)

    def content(self, thing: Story | Draft) -> bytes:
        """The exact bytes that came in."""
        return self._world.media(thing.sha256 or "").read_bytes()

    def serve_host(self, host: str, server: str) -> None:
        """From now on a public host is that loopback server, when media is fetched."""
        self._world.web[host] = server

    def add_foreign_story(self, owner: str, content: bytes, kind: Kind = "photo") -> Story:
        """A story that the person put up themselves, in the app."""
        with self._world.lock:
            page = self._world.page(owner) is not None
            of_page: Use = "page video" if kind == "video" else "page photo"
            use: Use = of_page if page else "container"
            draft = self._world.received(self._world.new_draft(use, owner, kind=kind), content, None)
            story = self._world.publish(
                replace(draft, ready_at=None), self._world.new_id("page" if page else "media")
            )
            foreign = replace(story, foreign=True, listed_at=story.published_at)
            self._world.put(foreign)
            return foreign

    def token_of(self, page: str) -> str:
        """The page's own token."""
        return next(it.value for it in self._world.tokens.values() if it.owner == page)

    def add_token(self, token: Token) -> None:
        """One more, or another state of one that there is."""
        self._world.put(token)

    def end_token(self, value: str, state: TokenState = "password changed") -> None:
        """From now on it is refused."""
        self._world.put(replace(self._world.tokens[value], state=state))

    def expire_token(self, value: str, in_s: float = 0.0) -> datetime:
        """It is good for so many seconds more; when it ends."""
        at = self.clock.now() + timedelta(seconds=in_s)
        self._world.put(replace(self._world.tokens[value], expires_at=at))
        return at

    def withdraw(self, value: str, permission: str) -> None:
        """The person takes a permission back."""
        token = self._world.tokens[value]
        left = tuple(it for it in token.permissions if it != permission)
        self._world.put(replace(token, permissions=left))

    def _user_of(self, request: Request) -> str:
        fields = {} if self._is_upload(request) else form_of(request).fields
        token = self._world.tokens.get(token_value(request, Form(fields)))
        return token.owner if token else ""

    def _is_upload(self, request: Request) -> bool:
        multipart = request.headers.get("content-type", "").startswith("multipart/")
        return request.host.startswith(api.UPLOADS) or multipart

    def _interrupted(self, request: Request) -> None:
        """What came of an upload is kept, so that it can go on from there."""
        if request.host.startswith(api.UPLOADS):
            api.answer(self._world, request)

    def _answer(self, request: Request, user: str) -> Reply:
        fault = self.faults.strike(f"{request.method} {request.endpoint.strip('/')}")
        match fault:
            case None:
                return api.answer(self._world, request)
            case Fault.HALF_UPLOAD:
                api.answer(self._world, replace(request, body=request.body[: len(request.body) // 2]))
                return Drop()
            case Fault.PROCESSING_ERROR:
                return self._spoiled(request)
            case Fault.CUT_SHORT_AFTER:
                return cut_short(api.answer(self._world, request))
            case _ if fault.commits:
                api.answer(self._world, request)
        return REPLIES[fault]

    def _spoiled(self, request: Request) -> Reply:
        """The usual answer; what it made, or was about, won't become anything."""
        reply = api.answer(self._world, request)
        made = json.loads(reply.body) if isinstance(reply, Answer) else {}
        asked = {} if self._is_upload(request) else form_of(request).fields
        last = request.endpoint.rsplit("/", 1)[-1]
        for draft_id in (made.get("id"), made.get("video_id"), asked.get("video_id"), last):
            self._world.spoil(str(draft_id), BAD)
        return reply
