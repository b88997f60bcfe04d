"""One story, step by step: numbers looked up, bytes uploaded, the step noted, one request that publishes."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pipeline.destination import Journal, Parcel, Published
from pipeline.errors import OutcomeUnknown, Rejected, TryAgain
from pipeline.mirror.content import content_of
from pipeline.mirror.failures import Judge
from pipeline.mirror.kinds import Kind, kind_of
from pipeline.mirror.look import live_now
from pipeline.mirror.odd import OddAnswerError, at
from pipeline.mirror.phone import FormReady
from pipeline.mirror.stickers import placed
from pipeline.mirror.upload import upload
from pipeline.model import Rendition, Texts
from pipeline.tools.clock import monotonic_s, pause

if TYPE_CHECKING:
    from pipeline.mirror.phone import Phone

CLOSE_FRIENDS = {"audience": "besties"}
FIRST_WAIT_S, LONGEST_WAIT_S = 3.0, 15.0
NEVER: Callable[[], bool] = lambda: False  # noqa: E731 - a name for it


@dataclass(frozen=True, slots=True)
class Form:
    """The one request that publishes, ready to be sent."""

    endpoint: str
    data: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Publisher:
    """Publishes one parcel after the other through one phone."""

    phone: Phone
    judge: Judge
    stop: Callable[[], bool] = NEVER

    def publish(self, parcel: Parcel, journal: Journal) -> Published:
        """All steps. Raises TryAgain, Rejected, NeedsPerson or OutcomeUnknown, and nothing else.

        Each request is sent once; the only one that is repeated is one the server answered with "not yet".
        """
        try:
            form, detail = self._prepare(parcel, journal)
        except Exception as failure:  # noqa: BLE001 - whatever it was, nothing can be live
            raise self.judge.before(failure) from None
        journal.publishing(detail)
        try:
            return self._configure(form, frozenset(detail["before"]))
        except Exception as failure:  # noqa: BLE001 - whatever it was, it may be live
            raise self.judge.publishing(failure) from None

    def _prepare(self, parcel: Parcel, journal: Journal) -> tuple[Form, dict[str, Any]]:
        rendition = parcel.rendition
        content = content_of(rendition)
        live = live_now(self.phone)
        looked = {"before": sorted(live.ids), "server_at": live.seen_at.isoformat()}
        journal.record("looked", looked)
        stickers = placed(self.phone, parcel.texts)
        if stickers.left_out:
            journal.record("left out", {"stickers": list(stickers.left_out)})
        fresh = int(self.judge.line.clock().timestamp() * 1000)
        upload_id = str(parcel.earlier.get("upload_id") or fresh)
        form = self._form(rendition, upload_id, parcel.texts, stickers.stickers)
        self._upload(rendition, upload_id, content)
        journal.record("uploaded", {"upload_id": upload_id})
        kind = "video" if _is_video(rendition) else "photo"
        return form, {**looked, "upload_id": upload_id, "kind": kind, "duration_s": rendition.duration_s}

    def _upload(self, rendition: Rendition, upload_id: str, content: bytes) -> None:
        try:
            upload(self.phone, rendition, upload_id, content)
        except Exception as failure:  # noqa: BLE001 - whatever it was, nothing can be live
            raise self.judge.before(failure, uploading=True) from None

    def _form(
        self, rendition: Rendition, upload_id: str, texts: Texts, stickers: Mapping[str, list[Any]]
    ) -> Form:
        """The client fills in the form, and asks Instagram whether it takes the link; then it is caught."""
        size = (upload_id, rendition.width, rendition.height)
        extra = {"extra_data": dict(CLOSE_FRIENDS)} if texts.close_friends else {}
        try:
            if _is_video(rendition):
                seconds, no_thumbnail = rendition.duration_s, rendition.path
                self.phone.video_configure_to_story(*size, seconds, no_thumbnail, "", **stickers, **extra)
            else:
                self.phone.photo_configure_to_story(*size, "", **stickers, **extra)
        except FormReady as ready:
            return Form(ready.endpoint, _all_mentions(ready.form))
        except Exception as failure:
            if "links" in stickers and kind_of(failure) is Kind.AGAIN and _answered_no(failure):
                link = stickers["links"][0].webUri
                raise Rejected(f"Instagram refuses the link {link}. Next: storyrelay link {link}") from None
            raise
        raise RuntimeError("the client didn't come to its form")

    def _configure(self, form: Form, before: frozenset[str]) -> Published:
        began_s, wait_s = monotonic_s(), FIRST_WAIT_S
        patience_s = self.judge.line.account.patience.transcode_minutes * 60
        while True:
            try:
                return _published(self.phone.send_once(form.endpoint, dict(form.data)), before)
            except Exception as failure:
                out_of_time = monotonic_s() - began_s + wait_s > patience_s
                if kind_of(failure) is not Kind.NOT_YET or out_of_time:
                    raise
            self._wait(wait_s)
            wait_s = min(wait_s * 2, LONGEST_WAIT_S)

    def _wait(self, seconds: float) -> None:
        until_s = monotonic_s() + seconds
        while (left_s := until_s - monotonic_s()) > 0:
            if self.stop():
                raise TryAgain("stopped while Instagram was preparing the video; nothing was published")
            pause(min(left_s, 0.5))


def _published(answer: Any, before: frozenset[str]) -> Published:
    """Raises OddAnswerError or OutcomeUnknown for an answer that doesn't name a new story."""
    if not isinstance(answer, Mapping) or answer.get("status") != "ok":
        raise OddAnswerError("status")
    number = str(at(answer, "media", "pk"))
    if not number.isdecimal() or number in before:
        raise OutcomeUnknown("Instagram answered with a story that was there before")
    return Published(number)


def _is_video(rendition: Rendition) -> bool:
    return rendition.mime.startswith("video/")


def _all_mentions(form: dict[str, Any]) -> dict[str, Any]:
    """The client keeps only the last mention of a photo in one of the two places where they belong."""
    taps = json.loads(form.get("tap_models") or "[]")
    mentions = [tap for tap in taps if tap.get("type") == "mention"]
    return {**form, "reel_mentions": json.dumps(mentions)} if "reel_mentions" in form else form


def _answered_no(failure: Exception) -> bool:
    status = getattr(getattr(failure, "response", None), "status_code", 0)
    return status in (200, 400)
