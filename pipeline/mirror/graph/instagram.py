"""The mirror to one professional Instagram account by Meta's Graph API: container, poll, publish."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any

from pipeline.destination import Doubt, Journal, Look, Parcel, Published
from pipeline.errors import NeedsPerson, OutcomeUnknown, Rejected, TryAgain

if TYPE_CHECKING:
    from pipeline.mirror.graph.connection import Graph
    from pipeline.mirror.graph.failures import GraphJudge
    from pipeline.mirror.line import Line
    from pipeline.mirror.tokens import TokenFile
    from pipeline.model import Rendition, Texts

FINISHED, IN_PROGRESS, PUBLISHED = "FINISHED", "IN_PROGRESS", "PUBLISHED"
OVER = frozenset({"ERROR", "EXPIRED"})
KINDS = {"IMAGE": "photo", "VIDEO": "video"}
UNNAMED = "container:"
"""Before a container's number, where it's sure that it is live, but not under which id."""


class OfficialInstagram:
    """One destination that ends at Instagram. What it needs is imported when something is due."""

    def __init__(
        self, name: str, line: Line, kept: TokenFile, stop: Callable[[], bool] = lambda: False
    ) -> None:
        self.name = name
        self._line, self._kept, self._stop = line, kept, stop

    def blocked(self) -> str | None:
        """Whether the token is good for this account, and stories are left today: two small reads.

        Raises NeedsPerson when only a new token helps, TryAgain with `rest_until` when the day is used up.
        """
        from pipeline.mirror.graph.steps import why_not

        return why_not(self._judge, self._ask)

    def deliver(self, parcel: Parcel, journal: Journal) -> Published:
        """Publish it. Raises TryAgain, Rejected, NeedsPerson or OutcomeUnknown."""
        from pipeline.mirror.graph.steps import connected, published

        graph = connected(self._judge)
        prepare = partial(self._prepare, graph, parcel, journal)
        publish, again = partial(self._publish, graph), bool(parcel.earlier)
        return published(self._judge, journal, prepare, publish, repeated=again)

    def look(self, doubt: Doubt) -> Look:
        """What the server says of the very container that may be live."""
        from pipeline.mirror.graph.steps import connected, read

        graph = connected(self._judge)
        return read(self._judge, lambda: self._seen(graph, doubt))

    def keep_only(self, deliveries: Collection[int]) -> None:  # noqa: ARG002 - it keeps none of them here
        """What is live ends by itself after a day; no photo that a dead run laid out stays for all to see."""
        from pipeline.mirror.graph.public import sweep

        if self._line.account.public is not None:
            sweep(self._line)

    @cached_property
    def _judge(self) -> GraphJudge:
        from pipeline.mirror.graph.failures import GraphJudge

        return GraphJudge(self._line, "Instagram")

    @property
    def _id(self) -> str:
        return self._line.account.id or ""

    def _ask(self, graph: Graph) -> None:
        from pipeline.mirror.graph.token import look_after

        account = self._line.account
        username = graph.get(self._id, fields="id,username").text("username")
        if username.casefold() != account.username.casefold():
            reason = (
                f"accounts.{self._line.name}.id is @{username}'s, not @{account.username}'s: correct one of "
                f"them. Next: storyrelay session login {self._line.name}"
            )
            raise NeedsPerson(reason, everything=True)
        look_after(self._kept, graph, self._line.clock())
        _check_quota(graph, self._judge, self._id)

    def _prepare(self, graph: Graph, parcel: Parcel, journal: Journal) -> tuple[str, Mapping[str, object]]:
        """A container that only needs to be published; what an earlier attempt left is used again."""
        from pipeline.mirror.graph.steps import noted

        rendition, earlier = parcel.rendition, parcel.earlier
        container = self._left_over(graph, earlier, rendition)
        if container is None:
            container = self._made(graph, parcel, journal)
        seen_at = graph.get(container, fields="id,status_code").at
        return container, {"container": container, "server_at": seen_at.isoformat(), **noted(rendition)}

    def _left_over(self, graph: Graph, earlier: Mapping[str, object], rendition: Rendition) -> str | None:
        """The container of an earlier attempt, if it still waits: the server publishes each only once."""
        container = earlier.get("container")
        if not isinstance(container, str) or earlier.get("sha256") != rendition.sha256:
            return None
        from pipeline.mirror.graph.steps import unless_gone

        answer = unless_gone(lambda: graph.get(container, fields="id,status_code"))
        status = answer.text("status_code") if answer else None
        if status == PUBLISHED:
            raise OutcomeUnknown("Instagram says that it was published already")
        return container if status == FINISHED else None

    def _made(self, graph: Graph, parcel: Parcel, journal: Journal) -> str:
        from pipeline.mirror.content import content_of
        from pipeline.mirror.graph.public import shown

        rendition, content = parcel.rendition, content_of(parcel.rendition)
        form = {"media_type": "STORIES", **_tags(parcel.texts)}
        if rendition.mime.startswith("video/"):
            answer = graph.post(f"{self._id}/media", {**form, "upload_type": "resumable"})
            container = answer.text("id")
            journal.record("container", {"container": container})
            graph.upload(answer.text("uri"), content)
            return self._finished(graph, container)
        with shown(self._line, rendition, content) as url:
            container = graph.post(f"{self._id}/media", {**form, "image_url": url}).text("id")
            journal.record("container", {"container": container})
            return self._finished(graph, container)

    def _finished(self, graph: Graph, container: str) -> str:
        """The container, once the server has prepared it."""
        from pipeline.mirror.graph.steps import awaited

        if awaited(self._judge, lambda: _ready(graph, container), self._stop) is None:
            raise TryAgain("Instagram is still preparing it; nothing was published")
        return container

    def _publish(self, graph: Graph, container: str) -> Published:
        answer = graph.post(f"{self._id}/media_publish", {"creation_id": container})
        return Published(answer.text("id"))

    def _seen(self, graph: Graph, doubt: Doubt) -> Look:
        from pipeline.mirror.graph.steps import unless_gone

        container = doubt.detail.get("container")
        noted = isinstance(container, str)
        answer = unless_gone(lambda: graph.get(str(container), fields="id,status_code")) if noted else None
        if answer is None:
            at = graph.get(self._id, fields="id").at
            return Look(
                at, (), blind=f"its container {'is not known any more' if noted else 'was not noted'}"
            )
        status = answer.text("status_code")
        if status != PUBLISHED:
            not_live = status in OVER or status == FINISHED
            return Look(answer.at, (), not_live=not_live, pending=not not_live)
        since = datetime.fromisoformat(str(doubt.detail.get("server_at")))
        settled_at = since + timedelta(minutes=self._line.account.patience.settle_minutes)
        if answer.at < settled_at:  # it's live, but perhaps not listed yet
            return Look(answer.at, (), pending=True)
        return Look(answer.at, (), live_as=self._named(graph, str(container), doubt, (since, settled_at)))

    def _named(self, graph: Graph, container: str, doubt: Doubt, between: tuple[datetime, datetime]) -> str:
        """The id of what a published container became: the only new story of its kind of that time."""
        stories, _ = graph.listed(f"{self._id}/stories", fields="id,media_type,timestamp")
        new = [
            str(story["id"])
            for story in stories
            if str(story.get("id")) not in doubt.known
            and KINDS.get(str(story.get("media_type"))) == doubt.detail.get("kind")
            and between[0] <= _moment(str(story.get("timestamp"))) < between[1]
        ]
        return new[0] if len(new) == 1 else f"{UNNAMED}{container}"


def _ready(graph: Graph, container: str) -> bool | None:
    """True when it can be published, None when it isn't ready yet."""
    answer = graph.get(container, fields="id,status_code,status")
    status = answer.text("status_code")
    if status == IN_PROGRESS:
        return None
    if status == FINISHED:
        return True
    from pipeline.mirror.telling import short

    said = short(str(answer.plain.get("status") or "no reason given"))
    if status == "ERROR":
        raise Rejected(f'Instagram couldn\'t prepare it: "{said}"')
    raise TryAgain(f"Instagram's container is {status.lower()}; nothing was published")


def _check_quota(graph: Graph, judge: GraphJudge, account: str) -> None:
    """Raises TryAgain when Instagram says that the day's stories are used up."""
    from pipeline.mirror.graph.failures import LESS

    answer = graph.get(f"{account}/content_publishing_limit", fields="config,quota_usage")
    entries: Sequence[Any] = answer.plain.get("data") or ()
    entry = entries[0] if entries and isinstance(entries[0], Mapping) else {}
    used, config = entry.get("quota_usage"), entry.get("config")
    total = config.get("quota_total") if isinstance(config, Mapping) else None
    if isinstance(used, int) and isinstance(total, int) and used >= total:
        reason = f"Instagram's API has taken {used} posts in 24 hours, and takes no more than {total}"
        raise TryAgain(reason, rest_until=judge.line.clock() + LESS)


def _tags(texts: Texts) -> dict[str, str]:
    """The people who are mentioned, each where their name stands on the picture."""
    people = [
        {"username": one.value, "x": one.x, "y": one.y} for one in texts.stickers if one.kind == "mention"
    ]
    return {"user_tags": json.dumps(people)} if people else {}


def _moment(text: str) -> datetime:
    """`2026-11-27T08:00:00+0000`, as the API writes it."""
    found = datetime.fromisoformat(text)
    return found if found.tzinfo else found.replace(tzinfo=UTC)
