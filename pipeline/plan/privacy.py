"""The privacy sheet: what leaves the machine by these settings, to whom, encrypted how, and what is kept."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from pipeline.plan.describe import TITLES
from pipeline.plan.origin import PULLED
from pipeline.tools.plain import to_plain

if TYPE_CHECKING:
    from pipeline.config.settings import Destination, Settings
    from pipeline.config.sources import SourceSettings

STORY = "the finished photo or video, its caption and its link"
MEDIA = "Media leave without GPS, camera, serial number, comments or embedded thumbnails."
AS_THE_ADDRESS = "as its address says: https is, http isn't"
BY = {
    "instagrapi": ("published by instagrapi", "its stickers; your login"),
    "graph": ("published by Meta's Graph API", "whom it mentions; your token"),
}
ENCRYPTED = {
    "sftp": "SSH, to a server whose key you know",
    "ssh": "SSH, to a server whose key you know",
    "webdavs": "TLS",
    "webdav": "no, login included: webdavs:// is",
    "s3": "TLS, unless `endpoint_url` begins with http://",
}
IN_WHATSAPP = "in WhatsApp, once you press Send"


@dataclass(frozen=True, slots=True)
class Departure:
    """What leaves by one way; `until` is how long it stays where it goes."""

    name: str
    by: str
    what: str
    to: str
    encrypted: str
    until: str


@dataclass(frozen=True, slots=True)
class Kept:
    """What stays on this machine."""

    what: str
    where: str
    until: str


@dataclass(frozen=True, slots=True)
class Upkeep:
    """What isn't a setting: how long renditions stay that nobody needs, and how many backups."""

    renditions_h: float
    backups: int


@dataclass(frozen=True, slots=True)
class PrivacySheet:
    leaves: tuple[Departure, ...]
    kept: tuple[Kept, ...]
    media: str = MEDIA


def privacy_sheet(settings: Settings, upkeep: Upkeep) -> PrivacySheet:
    """By the settings alone: nothing is looked up, no secret is read."""
    return PrivacySheet(
        (*_stories(settings), *_asked(settings), *_farmed(settings), *_words(settings)),
        tuple(_kept(settings, upkeep)),
    )


def privacy_as_json(sheet: PrivacySheet) -> dict[str, Any]:
    """What `plan --privacy --json` prints; fields are only ever added."""
    plain: dict[str, Any] = to_plain(sheet)
    return {"privacy": plain}


def _stories(settings: Settings) -> Iterator[Departure]:
    for name, chosen in settings.destinations.items():
        if not chosen.enabled:
            continue
        hours = settings.profiles[chosen.platform].lifetime_hours
        if chosen.via == "person":
            for channel in chosen.channels:
                yield _handed(settings, name, channel, hours)
            yield _sent_by_you(name, chosen, hours)
        else:
            yield _published(settings, name, chosen, hours)
            yield from _shown(settings, name, chosen)


def _handed(settings: Settings, name: str, channel: str, hours: float) -> Departure:
    answered = f"you answer, at most {hours:g} h"
    if channel == "folder":
        place = f"nobody: it lies in {settings.outbox / name}, unless you sync that folder"
        return Departure(name, channel, STORY, place, "as your own sync does it", answered)
    if channel == "page":
        return Departure(name, channel, STORY, "the phones you paired", _of_the_page(settings), answered)
    to = f"your phone's folder {settings.phone.folder} and WhatsApp on it, by adb; gallery apps see it, too"
    until = (
        f"{settings.phone.keep_minutes:g} min after your answer, at most {hours:g} h; then a run removes it"
    )
    return Departure(name, channel, STORY, to, _of_adb(settings), until)


def _of_the_page(settings: Settings) -> str:
    address = urlsplit(settings.page.address())
    if address.scheme == "https":
        return f"TLS, from {address.hostname} to your phone"
    return f"no, but it goes over the USB cable only: http://localhost:{settings.page.port}"


def _of_adb(settings: Settings) -> str:
    if ":" in (settings.phone.serial or ""):
        return "TLS if the phone was paired for wireless debugging, else not at all: a network carries it"
    return "no, but it goes over the USB cable only, if the phone is on it"


def _sent_by_you(name: str, chosen: Destination, hours: float) -> Departure:
    if chosen.platform == "whatsapp_status":
        seen = "whom Status privacy in your WhatsApp allows"
        return Departure(name, IN_WHATSAPP, STORY, seen, "end-to-end by WhatsApp, after Send", f"{hours:g} h")
    title = TITLES.get(chosen.platform, chosen.platform)
    to = f"the company behind {title}, and whoever may see your stories there"
    encrypted = "TLS by its app; the company can read it"
    return Departure(
        name, "in its app, once you post it", STORY, to, encrypted, f"{hours:g} h; then as its archive says"
    )


def _published(settings: Settings, name: str, chosen: Destination, hours: float) -> Departure:
    account = settings.accounts[chosen.account or ""]
    title = TITLES.get(chosen.platform, chosen.platform)
    to = f"the company behind {title}, as {account.username}, and its followers (all, if it's public)"
    on_the_way = " through your proxy" if account.proxy else ""
    encrypted = f"TLS to the company{on_the_way}; the company can read it"
    until = f"{hours:g} h; then as the account's archive says"
    by, what = BY[chosen.via]
    what = what if chosen.platform.startswith("instagram") else "your token"
    return Departure(name, by, f"{STORY}, {what}", to, encrypted, until)


def _shown(settings: Settings, name: str, chosen: Destination) -> Iterator[Departure]:
    """A photo for Instagram's API, which fetches it."""
    public = settings.accounts[chosen.account or ""].public
    if chosen.via != "graph" or public is None or not chosen.platform.startswith("instagram"):
        return
    where = public.url or f"an address that {public.folder} signs for an hour"
    to = f"whoever knows its address below {where}, which nobody guesses; Instagram fetches it there"
    until = "Instagram has fetched it; after a crash, the next run"
    yield Departure(name, "laid in public", "the finished photo", to, "TLS", until)


def _asked(settings: Settings) -> Iterator[Departure]:
    """Nothing of a story leaves by a source; but who asks, and when, is seen there."""
    for name, chosen in settings.sources.items():
        if not chosen.enabled:
            continue
        if chosen.instagram is None:
            yield from _of_folder(name, chosen)
            continue
        account = settings.accounts[chosen.instagram]
        on_the_way = " through your proxy" if account.proxy else ""
        yield Departure(
            name,
            "your own stories, fetched",
            "nothing but your login, to ask which stories are live"
            f" ({_how_often(chosen.rest_minutes)}); media are fetched without it",
            f"the company behind Instagram, as {account.username}",
            f"TLS to the company{on_the_way}",
            "as that company says",
        )


def _of_folder(name: str, chosen: SourceSettings) -> Iterator[Departure]:
    """Nothing by a folder of this computer."""
    from pipeline.config.folder_address import scheme_in, shown  # with the schema

    scheme = scheme_in(chosen)
    if scheme == "file":
        return
    often = _how_often(chosen.rest_minutes)
    what = f"nothing but your login, to list what lies there ({often}) and fetch it; nothing is changed there"
    encrypted = ENCRYPTED.get(scheme or "", "as its address and options say")
    to = f"who keeps {shown(chosen)}" if scheme else "who keeps the folder; its address is a secret"
    yield Departure(name, "files, fetched", what, to, encrypted, "as its keeper says")


def _how_often(minutes: float) -> str:
    return f"no more often than every {minutes:g} min" if minutes else "by every run"


def _farmed(settings: Settings) -> Iterator[Departure]:
    execute = settings.execute
    if execute.farm is None:
        return
    what = "your files as they are, what is drawn on them, the finished stories"
    to = f"the scheduler {execute.farm}, its workers, and who keeps {execute.share}"
    on_the_way = "TLS" if execute.farm.startswith("tls://") else "orders not at all"
    until = "no delivery needs them and they are a day old; then a run removes them"
    encrypted = f"{on_the_way}; files as the share's own way is"
    yield Departure("execute", "a render farm", what, to, encrypted, until)


def _words(settings: Settings) -> Iterator[Departure]:
    for number, _ in enumerate(settings.notify.urls):
        what = "names of files, where they go, how long they are good, what is wrong"
        to = "the service behind that address, and who reads there"
        name = f"notify.urls[{number}]"
        yield Departure(name, "a message", what, to, AS_THE_ADDRESS, "as that service says")
    if settings.monitor.url is not None:
        lines = settings.monitor.lines
        what = "when runs begin and end, how they ended"
        said = f"{what}; the last {lines} lines of what they said, which name files" if lines else what
        yield Departure(
            "monitor", "a ping", said, "the monitor's service", AS_THE_ADDRESS, "as that service says"
        )


def _needs_login(settings: Settings) -> Iterator[bool]:
    yield from (one.enabled and one.via == "instagrapi" for one in settings.destinations.values())
    yield from (one.enabled and one.instagram is not None for one in settings.sources.values())


def _kept(settings: Settings, upkeep: Upkeep) -> Iterator[Kept]:
    state = settings.state
    yield Kept(
        "your files and their sidecars", str(settings.inbox), "you remove them; they are never changed"
    )
    unneeded = f"no delivery needs them and they are {upkeep.renditions_h:g} h old"
    limit_mb = settings.limits.store_mb
    earlier = "" if limit_mb is None else f"; earlier beyond {limit_mb:g} MB"
    yield Kept("finished stories", str(state / "store"), unneeded + earlier)
    yield Kept("stories to send, with captions", str(settings.outbox), "you answer, or their time is over")
    if any(one.enabled for one in settings.sources.values()):
        ended = f"{upkeep.renditions_h:g} h after all that became of them; that they came is kept for ever"
        yield Kept("what was pulled from sources", str(state / PULLED), ended)
    forever = "for ever; `ledger prune` forgets words and histories, hashes and names stay"
    yield Kept("ledger: names, hashes, words, what went where", str(state / "ledger.sqlite3"), forever)
    newest = f"the newest {upkeep.backups} stay; those made elsewhere until you remove them"
    yield Kept("backups of the ledger", str(state / "backups"), newest)
    if any(one.enabled and one.via == "graph" for one in settings.destinations.values()):
        yield Kept("when tokens end; never the tokens", str(state / "tokens"), "you remove it")
    if any(_needs_login(settings)):
        yield Kept("logins, readable by you alone", str(state / "sessions"), "`session logout`")
    if any(one.enabled and "page" in one.channels for one in settings.destinations.values()):
        yield Kept("which phones are paired", str(state / "phones.json"), "`phone revoke`")
    log = settings.log
    if log.file is not None:
        full = f"{log.keep} older ones of {log.max_kb} kB stay"
        yield Kept("log: names of files, what runs did", str(log.file), full)
