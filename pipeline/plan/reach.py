"""How people who see a story reach its owner: the link it gets, checked before anything goes out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from pipeline.errors import SidecarError
from pipeline.model import Asset
from pipeline.plan.links import Diagnosis, chat_link, examine
from pipeline.plan.terms import ContactSettings, PlanSettings


@dataclass(frozen=True, slots=True)
class Reach:
    """The link of a story, as it goes out, and what its owner should know about it."""

    link: str | None
    notes: tuple[str, ...] = ()


def reach_of(asset: Asset, settings: PlanSettings) -> Reach:
    """The sidecar's link, or a chat with its number, or with that of the config; `link: ""` means none.

    Raises SidecarError, one line for each reason why a link wouldn't work, with what would.
    """
    sidecar, contact = asset.sidecar, settings.contact
    if sidecar.link is not None:
        return _given_link(asset, sidecar.link, settings)
    if sidecar.whatsapp is not None:
        return _chat(asset, sidecar.whatsapp, settings)
    if contact.whatsapp is not None:
        number = examine(contact.whatsapp).number
        return Reach(chat_link(number, sidecar.message or contact.message) if number else None)
    return Reach(None, _unused(asset, "message"))


def _given_link(asset: Asset, given: str, settings: PlanSettings) -> Reach:
    ignored = _unused(asset, "whatsapp", "message")
    if not given:
        return Reach(None, ignored)
    diagnosis = examine(given, settings.default_region)
    _check(diagnosis, asset, "link")
    return Reach(diagnosis.link, (*_notes(diagnosis, "link"), *ignored))


def _chat(asset: Asset, given: str, settings: PlanSettings) -> Reach:
    diagnosis = examine(given, settings.default_region, must_be_whatsapp=True)
    _check(diagnosis, asset, "whatsapp")
    if diagnosis.number is None:
        where = f"{_name(asset)}: whatsapp"
        raise SidecarError(f"{where}: '{given}' holds no number; write a number here, or this under link:")
    link = chat_link(diagnosis.number, _message(asset, diagnosis, settings.contact))
    return Reach(link, tuple(f"whatsapp: {one.why}" for one in diagnosis.doubts))


def _message(asset: Asset, diagnosis: Diagnosis, contact: ContactSettings) -> str:
    return asset.sidecar.message or diagnosis.text or contact.message


def _check(diagnosis: Diagnosis, asset: Asset, key: str) -> None:
    problems = [
        f"{_name(asset)}: {key}: {error.why}. Use instead: {error.instead}" for error in diagnosis.errors
    ]
    if problems:
        raise SidecarError("\n".join(problems))


def _notes(diagnosis: Diagnosis, key: str) -> Iterator[str]:
    """What was put right, in one line, then what couldn't be."""
    if diagnosis.put_right:
        reasons = "; ".join(one.why for one in diagnosis.put_right)
        yield f"{key} goes out as {diagnosis.link}: {reasons}"
    for one in (*diagnosis.lasting, *diagnosis.doubts):
        yield f"{key}: {one.why}; better: {one.instead}"


def _unused(asset: Asset, *keys: str) -> tuple[str, ...]:
    """Keys that were written and count for nothing."""
    why = {
        "whatsapp": "whatsapp: not used, because there is a link: of its own",
        "message": "message: not used, because there is no number for it under whatsapp:",
    }
    return tuple(why[key] for key in keys if getattr(asset.sidecar, key))


def _name(asset: Asset) -> str:
    return str(asset.sidecar.path or asset.path)
