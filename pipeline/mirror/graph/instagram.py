"""The mirror to one professional Instagram account by Meta's Graph API: container, poll, publish."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from pipeline.destination import Doubt, Journal, Look, Parcel, Published
from pipeline.errors import NeedsPerson, OutcomeUnknown, Rejected, TryAgain
from pipeline.mirror.content import content_of
from pipeline.mirror.graph.failures import LESS, GraphJudge
from pipeline.mirror.graph.mirror import Desk
from pipeline.mirror.graph.public import shown, sweep
from pipeline.mirror.graph.steps import awaited, noted, unless_gone
from pipeline.mirror.graph.token import look_after
from pipeline.mirror.telling import short

if TYPE_CHECKING:
    from pipeline.mirror.graph.connection import Graph
    from pipeline.model import Rendition, Texts

FINISHED, IN_PROGRESS, PUBLISHED = "FINISHED", "IN_PROGRESS", "PUBLISHED"
OVER = frozenset({"ERROR", "EXPIRED"})
KINDS = {"IMAGE": "photo", "VIDEO": "video"}
UNNAMED = "container:"
"""Before a container's number, where it's sure that it is live, but not under which id."""


@dataclass(frozen=True, slots=True)
class OfficialInstagram:
    """What an account is asked, and how it takes a story."""

    desk: Desk

    @property
    def judge(self) -> GraphJudge:
        return GraphJudge(self.desk.line, "Instagram")

    def sweep(self) -> None:
        """No photo that a dead run laid out stays for all to see."""
        sweep(self.desk.line)

    def ask(self, graph: Graph) -> None:
        account = self.desk.line.account
        username = graph.get(self.desk.id, fields="id,username").text("username")
        if username.casefold() != account.username.casefold():
            name = self.desk.line.name
            reason = (
                f"accounts.{name}.id is @{username}'s, not @{account.username}'s: correct one of them. "
                f"Next: storyrelay session login {name}"
            )
            raise NeedsPerson(reason, everything=True)
        look_after(self.desk.kept, graph, self.desk.line.clock())
        _check_quota(graph, self.judge, self.desk.id)

    def prepare(self, graph: Graph, parcel: Parcel, journal: Journal) -> tuple[str, Mapping[str, object]]:
        """A container that only needs to be published; what an earlier attempt left is used again."""
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
        answer = unless_gone(lambda: graph.get(container, fields="id,status_code"))
        status = answer.text("status_code") if answer else None
        if status == PUBLISHED:
            raise OutcomeUnknown("Instagram says that it was published already")
        return container if status == FINISHED else None

    def _made(self, graph: Graph, parcel: Parcel, journal: Journal) -> str:
        rendition, content = parcel.rendition, content_of(parcel.rendition)
        form = {"media_type": "STORIES", **_tags(parcel.texts)}
        if rendition.mime.startswith("video/"):
            answer = graph.post(f"{self.desk.id}/media", {**form, "upload_type": "resumable"})
            container = answer.text("id")
            journal.record("container", {"container": container})
            graph.upload(answer.text("uri"), content)
            return self._finished(graph, container)
        with shown(self.desk.line, rendition, content) as url:
            container = graph.post(f"{self.desk.id}/media", {**form, "image_url": url}).text("id")
            journal.record("container", {"container": container})
            return self._finished(graph, container)

    def _finished(self, graph: Graph, container: str) -> str:
        """The container, once the server has prepared it."""
        if awaited(self.judge, lambda: _ready(graph, container), self.desk.stop) is None:
            raise TryAgain("Instagram is still preparing it; nothing was published")
        return container

    def publish(self, graph: Graph, container: str) -> Published:
        answer = graph.post(f"{self.desk.id}/media_publish", {"creation_id": container})
        return Published(answer.text("id"))

    def seen(self, graph: Graph, doubt: Doubt) -> Look:
        container = doubt.detail.get("container")
        is_noted = isinstance(container, str)
        answer = unless_gone(lambda: graph.get(str(container), fields="id,status_code")) if is_noted else None
        if answer is None:
            at = graph.get(self.desk.id, fields="id").at
            return Look(
                at, (), blind=f"its container {'is not known any more' if is_noted else 'was not noted'}"
            )
        status = answer.text("status_code")
        if status != PUBLISHED:
            not_live = status in OVER or status == FINISHED
            return Look(answer.at, (), not_live=not_live, pending=not not_live)
        since = datetime.fromisoformat(str(doubt.detail.get("server_at")))
        settled_at = since + timedelta(minutes=self.desk.line.account.patience.settle_minutes)
        if answer.at < settled_at:  # it's live, but perhaps not listed yet
            return Look(answer.at, (), live_as=f"{UNNAMED}{container}", pending=True)
        return Look(answer.at, (), live_as=self._named(graph, str(container), doubt, (since, settled_at)))

    def _named(self, graph: Graph, container: str, doubt: Doubt, between: tuple[datetime, datetime]) -> str:
        """The id of what a published container became: the only new story of its kind of that time."""
        stories, _ = graph.listed(f"{self.desk.id}/stories", fields="id,media_type,timestamp")
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

    said = short(str(answer.plain.get("status") or "no reason given"))
    if status == "ERROR":
        raise Rejected(f'Instagram couldn\'t prepare it: "{said}"')
    raise TryAgain(f"Instagram's container is {status.lower()}; nothing was published")


def _check_quota(graph: Graph, judge: GraphJudge, account: str) -> None:
    """Raises TryAgain when Instagram says that the day's stories are used up."""
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
