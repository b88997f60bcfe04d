"""The bytes of a story to the server, exactly as they lie on the disk; nothing is live after it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from instagrapi.exceptions import PhotoNotUpload, VideoNotUpload

from pipeline.mirror.phone import API
from pipeline.model import Rendition
from pipeline.tools.clock import fresh_number

if TYPE_CHECKING:
    from pipeline.mirror.phone import Phone

NO_RETRIES = '{"num_step_auto_retry":0,"num_reupload":0,"num_step_manual_retry":0}'
OK = 200
TEN_DIGITS = (1_000_000_000, 9_999_999_999)


def upload(phone: Phone, rendition: Rendition, upload_id: str, content: bytes) -> None:
    """Upload a photo or a video. instagrapi's own way would encode a photo anew, at quality 75.

    Raises the client's errors, network errors, and ValueError for an answer that says nothing.
    """
    name = f"{upload_id}_0_{fresh_number(*TEN_DIGITS)}"
    if rendition.mime.startswith("video/"):
        _upload_video(phone, rendition, name, content)
    else:
        _upload_photo(phone, rendition, name, content)


def _upload_photo(phone: Phone, rendition: Rendition, name: str, content: bytes) -> None:
    parameters = {
        "retry_context": NO_RETRIES,
        "media_type": "1",
        "xsharing_user_ids": "[]",
        "upload_id": name.partition("_")[0],
        "image_compression": '{"lib_name":"moz","lib_version":"3.1.m","quality":"80"}',
    }
    headers = {
        "Accept-Encoding": "gzip",
        "X-Instagram-Rupload-Params": json.dumps(parameters),
        "X_FB_PHOTO_WATERFALL_ID": phone.generate_uuid(),
        **_entity(rendition, name, content),
    }
    url = f"{API}rupload_igphoto/{name}"
    _check(phone.private.post(url, data=content, headers=phone.private_headers(headers)), PhotoNotUpload)


def _upload_video(phone: Phone, rendition: Rendition, name: str, content: bytes) -> None:
    parameters = {
        "extract_cover_frame": "1",
        "content_tags": "has-overlay",
        "for_album": "1",
        "retry_context": NO_RETRIES,
        "media_type": "2",
        "xsharing_user_ids": json.dumps([phone.user_id]),
        "upload_id": name.partition("_")[0],
        "upload_media_duration_ms": str(round((rendition.duration_s or 0) * 1000)),
        "upload_media_width": str(rendition.width),
        "upload_media_height": str(rendition.height),
    }
    headers = {
        "Accept-Encoding": "gzip, deflate",
        "X-Instagram-Rupload-Params": json.dumps(parameters),
        "X_FB_VIDEO_WATERFALL_ID": phone.generate_uuid(),
    }
    url = f"{API}rupload_igvideo/{name}"
    _check(phone.private.get(url, headers=phone.private_headers(headers)), VideoNotUpload)
    headers = phone.private_headers({**headers, **_entity(rendition, name, content)})
    _check(phone.private.post(url, data=content, headers=headers), VideoNotUpload)


def _entity(rendition: Rendition, name: str, content: bytes) -> dict[str, str]:
    return {
        "Offset": "0",
        "X-Entity-Name": name,
        "X-Entity-Length": str(len(content)),
        "X-Entity-Type": rendition.mime,
        "Content-Type": "application/octet-stream",
        "Content-Length": str(len(content)),
    }


def _check(response: Any, failure: Any) -> None:
    """Raise `failure` for anything but a clear yes; what the answer says decides what it means."""
    try:
        answer = response.json()
    except ValueError:
        answer = None
    said = answer if isinstance(answer, dict) else {}
    if response.status_code != OK or said.get("status") == "fail":
        raise failure("the upload was refused", response=response)
    if answer is None:
        raise failure("the answer to the upload can't be read", response=response)
