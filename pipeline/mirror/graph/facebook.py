"""The mirror to one Facebook Page's stories, which Messenger shows too: upload, then publish."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from pipeline.destination import Doubt, Journal, Look, Parcel, Published
from pipeline.errors import NeedsPerson, OutcomeUnknown, Rejected
from pipeline.mirror.content import content_of
from pipeline.mirror.graph.failures import GraphJudge
from pipeline.mirror.graph.mirror import Desk
from pipeline.mirror.graph.steps import awaited, noted, unless_gone
from pipeline.mirror.graph.token import look_after
from pipeline.mirror.odd import OddAnswerError
from pipeline.mirror.telling import short

if TYPE_CHECKING:
    from pipeline.mirror.graph.connection import Answer, Graph

NO_ARCHIVE = (
    "the Page lists no stories at all, so nobody can tell whether it is among them: turn on the Page's story "
    "archive, and look there"
)
SLACK = timedelta(hours=1)
"""So much earlier than an attempt a story of it can't be, whatever a listing's times mean."""
COMPLETE, IN_PROGRESS, NOT_STARTED, EXPIRED = "complete", "in_progress", "not_started", "expired"
UNNAMED = "video:"
"""Before the number of a video or photo, where it's sure that it is live, but not under which id."""


@dataclass(frozen=True, slots=True)
class FacebookPage:
    """What a Page is asked, and how it takes a story."""

    desk: Desk

    @property
    def judge(self) -> GraphJudge:
        return GraphJudge(self.desk.line, "Facebook")

    def sweep(self) -> None:
        """Nothing: everything is uploaded from here."""

    def ask(self, graph: Graph) -> None:
        whose = graph.get("me", fields="id,name")
        if whose.text("id") != self.desk.id:
            owner, account = whose.plain.get("name") or whose.text("id"), self.desk.line.name
            reason = (
                f"accounts.{account}.token is that of {owner}, not of the Page {self.desk.id}: "
                f"make a Page token. Next: storyrelay session login {account}"
            )
            raise NeedsPerson(reason, everything=True)
        look_after(self.desk.kept, graph, self.desk.line.clock())

    def prepare(
        self, graph: Graph, parcel: Parcel, journal: Journal
    ) -> tuple[tuple[str, str], Mapping[str, object]]:
        """The kind and the number of what was uploaded; what an earlier attempt uploaded is used again.

        Facebook takes a photo or a video for one story only, so that a request that comes twice is refused.
        """
        told = noted(parcel.rendition)
        media = self._left_over(graph, parcel, told)
        if media is None:
            content = content_of(parcel.rendition)
            upload = self._upload_video if told["kind"] == "video" else self._upload_photo
            media = upload(graph, parcel, content, journal)
        at = graph.get(media, fields="id").at
        detail = {"media": media, "server_at": at.isoformat(), **told}
        return (str(told["kind"]), media), detail

    def _left_over(self, graph: Graph, parcel: Parcel, told: Mapping[str, Any]) -> str | None:
        media = parcel.earlier.get("media")
        if not isinstance(media, str):
            return None
        stories, _ = self._listed(graph, parcel.earlier)
        if any(story["media"] == media for story in stories):
            raise OutcomeUnknown("the Page lists it as published already")
        if parcel.earlier.get("sha256") != told["sha256"] or _is_over(graph, media, str(told["kind"])):
            return None
        return media

    def _upload_photo(self, graph: Graph, parcel: Parcel, content: bytes, journal: Journal) -> str:
        file = (parcel.rendition.path.name, content, parcel.rendition.mime)
        media = graph.post(f"{self.desk.id}/photos", {"published": "false"}, file).text("id")
        journal.record("uploaded", {"media": media})
        return media

    def _upload_video(self, graph: Graph, parcel: Parcel, content: bytes, journal: Journal) -> str:
        answer = graph.post(f"{self.desk.id}/video_stories", {"upload_phase": "start"})
        media = answer.text("video_id")
        journal.record("begun", {"media": media, "bytes": parcel.rendition.bytes})
        graph.upload(answer.text("upload_url"), content)
        journal.record("uploaded", {"media": media})
        return media

    def publish(self, graph: Graph, what: tuple[str, str]) -> Published:
        kind, media = what
        if kind == "photo":
            return _post(graph.post(f"{self.desk.id}/photo_stories", {"photo_id": media}))
        form = {"upload_phase": "finish", "video_id": media}
        post = _post(graph.post(f"{self.desk.id}/video_stories", form))
        self._await_video(graph, media)
        return post

    def _await_video(self, graph: Graph, media: str) -> None:
        """Facebook has said yes; only then does it find out whether it can show the video.

        Raises Rejected when it can't. That nobody can tell is no doubt about the yes.
        """
        try:
            failed = awaited(self.judge, lambda: _outcome(graph, media), self.desk.stop)
        except Exception:  # noqa: BLE001 - the story is accepted all the same
            return
        if failed:
            raise Rejected(f'Facebook took the video, but couldn\'t make a story of it: "{failed}"')

    def seen(self, graph: Graph, doubt: Doubt) -> Look:
        stories, at = self._listed(graph, doubt.detail)
        media = doubt.detail.get("media")
        post = next((story["post"] for story in stories if story["media"] == media), None)
        if post is not None:
            return Look(at, (), live_as=post or f"{UNNAMED}{media}")
        if doubt.detail.get("kind") == "video" and isinstance(media, str):
            phases = _phases(graph, media)
            shown = _told(phases.get("publishing_phase"), "status")
            if shown == COMPLETE:
                return Look(at, (), live_as=f"{UNNAMED}{media}")
            if IN_PROGRESS in (shown, _told(phases.get("processing_phase"), "status")):
                return Look(at, (), pending=True)
            if shown == NOT_STARTED:
                return Look(at, (), not_live=True)
        return Look(at, (), blind=None if stories or self._lists_any(graph) else NO_ARCHIVE)

    def _listed(self, graph: Graph, attempt: Mapping[str, object]) -> tuple[list[dict[str, str]], datetime]:
        """The Page's stories since an attempt, and the server's time; its archive may hold those of years."""
        begun = datetime.fromisoformat(str(attempt.get("server_at"))) - SLACK
        fields, since = "post_id,status,creation_time,media_id", str(int(begun.timestamp()))
        entries, at = graph.listed(f"{self.desk.id}/stories", fields=fields, since=since)
        ids = ({"post": one.get("post_id"), "media": one.get("media_id")} for one in entries)
        return [{name: str(plain or "") for name, plain in one.items()} for one in ids], at

    def _lists_any(self, graph: Graph) -> bool:
        """Whether it lists any story, of whatever day."""
        return bool(graph.get(f"{self.desk.id}/stories", fields="post_id", limit="1").plain.get("data"))


def _post(answer: Answer) -> Published:
    """Raises OddAnswerError for an answer that doesn't say yes."""
    if answer.plain.get("success") is not True:
        raise OddAnswerError("success")
    return Published(answer.text("post_id"))


def _is_over(graph: Graph, media: str, kind: str) -> bool:
    """Whether what was uploaded can't be published any more. Raises OutcomeUnknown when it is live."""
    if kind == "photo":
        return unless_gone(lambda: graph.get(media, fields="id")) is None
    outcome = _outcome(graph, media)
    if outcome == "":
        raise OutcomeUnknown("Facebook says that it was published already")
    return bool(outcome) or _phases(graph, media).get("video_status") in (EXPIRED, "error")


def _outcome(graph: Graph, media: str) -> str | None:
    """Why the video will never be shown, an empty text once it is, None while nobody knows."""
    phases = _phases(graph, media)
    for phase in (phases.get("processing_phase"), phases.get("publishing_phase")):
        error = _told(phase, "error") or _told(phase, "errors")
        if error or _told(phase, "status") == "error":
            return short(str(_told(error, "message") or error or "no reason given"))
    return "" if _told(phases.get("publishing_phase"), "status") == COMPLETE else None


def _phases(graph: Graph, media: str) -> Mapping[str, Any]:
    """How far a video has come; nothing of one that isn't known any more."""
    answer = unless_gone(lambda: graph.get(media, fields="status"))
    status = answer.plain.get("status") if answer else {"video_status": EXPIRED}
    return status if isinstance(status, Mapping) else {}


def _told(plain: Any, key: str) -> Any:
    return plain.get(key) if isinstance(plain, Mapping) else None
