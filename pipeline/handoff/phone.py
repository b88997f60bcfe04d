"""The channels `intent` and `status`: adb opens a story in WhatsApp on the phone, the person sends it."""

from __future__ import annotations

from collections.abc import Collection
from contextlib import suppress
from datetime import timedelta
from typing import TYPE_CHECKING, Literal

from pipeline.destination import Ahead, Journal, Offered, Parcel
from pipeline.errors import EnvironmentFault, TryAgain
from pipeline.handoff.handset import (
    Facts,
    connected,
    examine,
    lay,
    place_for,
    take_back,
    why_not,
    why_not_now,
)
from pipeline.handoff.intents import Intent, am_start, send, share_to_status, why_not_started
from pipeline.handoff.shelf import Laid, Shelf
from pipeline.tools.adb_phone import DOCTOR, Phone
from pipeline.tools.clock import Clock, fresh_name, now
from pipeline.values import dataclass, replace

if TYPE_CHECKING:
    from pipeline.config import PhoneSettings

Kind = Literal["intent", "status"]


@dataclass(frozen=True, slots=True)
class OnPhone:
    """One destination's way onto the phone. A repeat only opens the composer again: nothing is sent by it.

    There is one composer, so one story at a time stands in it, whatever destination it is of; the next
    waits until the person has answered for that one. What a dead run, or a dropped line, may have opened
    counts as not offered: its file is taken away, and the story is opened again by a later run.
    """

    name: str
    kind: Kind
    phone: PhoneSettings
    shelf: Shelf
    clock: Clock = now

    def ahead(self) -> Ahead | None:
        """The story that may stand in the composer."""
        open_ones = [laid.delivery for laid in self.shelf.all() if laid.open]
        return Ahead(min(open_ones)) if open_ones else None

    def blocked(self) -> str | None:
        """Why no story can be put into WhatsApp now, or None."""
        try:
            self._ready(0)
        except TryAgain as reason:
            return str(reason)
        return None

    def deliver(self, parcel: Parcel, journal: Journal) -> Offered:
        """Copy the file into the phone's gallery and open it in WhatsApp. Raises TryAgain.

        The shelf is told first: whatever is cut short, it names what there is to take away.
        """
        phone, facts = self._ready(parcel.rendition.bytes)
        laid = self._shelved(parcel, phone, facts)
        try:
            uri = lay(phone, parcel.rendition.path, laid.path, facts.sdk, self.phone)
            journal.record("on the phone", {"channel": self.kind, "on_phone": laid.path, "uri": uri})
            self._remember(replace(laid, open=True))
            _open(phone, self._intent(parcel, uri))
        except TryAgain:
            self._remember(laid)
            self._withdraw([laid])
            raise
        bare = ", without its caption" if self.kind == "status" and parcel.texts.caption else ""
        return Offered(f"WhatsApp on the phone {phone.serial}{bare}")

    def keep_only(self, deliveries: Collection[int]) -> None:
        """Take every file off the phone that hasn't waited for a person for a while.

        Without the phone it is left to a later run; the composer is free for the next story at once.
        """
        at, kept = self.clock(), timedelta(minutes=self.phone.keep_minutes)
        try:
            mine = [laid for laid in self.shelf.all() if self._is_mine(laid)]
            for laid in mine:
                if laid.open and laid.delivery not in deliveries:
                    self.shelf.put(replace(laid, open=False, ended=at))
            over = [laid for laid in self.shelf.all() if self._is_mine(laid) and laid.may_go(at, kept)]
        except OSError as fault:
            raise EnvironmentFault(_unwritable(self.shelf, fault)) from fault
        self._withdraw(over)

    def _is_mine(self, laid: Laid) -> bool:
        return (laid.destination, laid.channel) == (self.name, self.kind)

    def _ready(self, needed_bytes: int) -> tuple[Phone, Facts]:
        """The phone, when it can take so much now."""
        ahead = self.ahead()
        if ahead:
            raise TryAgain(ahead.reason)
        phone = connected(self.phone)
        facts = examine(phone, self.phone.package)
        reason = why_not(phone, facts, self.phone, needed_bytes) or why_not_now(phone, facts)
        if reason:
            raise TryAgain(reason)
        return phone, facts

    def _shelved(self, parcel: Parcel, phone: Phone, facts: Facts) -> Laid:
        name = f"storyrelay-{parcel.delivery}-{fresh_name()[:12]}{parcel.rendition.path.suffix}"
        path = place_for(name, parcel.rendition.mime, self.phone.folder)
        laid = Laid(
            parcel.delivery, self.name, self.kind, serial=phone.serial, path=path, number=facts.number
        )
        self._remember(laid)
        return laid

    def _remember(self, laid: Laid) -> None:
        try:
            self.shelf.put(laid)
        except OSError as fault:
            raise TryAgain(_unwritable(self.shelf, fault)) from fault

    def _intent(self, parcel: Parcel, uri: str) -> Intent:
        if self.kind == "status":
            return share_to_status(uri)
        return send(uri, parcel.rendition.mime, parcel.texts, self.phone.package)

    def _withdraw(self, files: Collection[Laid]) -> None:
        """Take files off the phones they lie on, as far as those are there."""
        for place in {(laid.serial, laid.number) for laid in files}:
            there = [laid for laid in files if (laid.serial, laid.number) == place]
            with suppress(TryAgain, OSError):
                take_back(there, self.phone)
                for laid in there:
                    self.shelf.forget(laid)


def _open(phone: Phone, intent: Intent) -> None:
    (answer,) = phone.ask(am_start(intent))
    reason = why_not_started(answer.lines)
    if reason:
        raise TryAgain(f"WhatsApp didn't open on the phone {phone.serial}: {reason}. {DOCTOR}")


def _unwritable(shelf: Shelf, fault: OSError) -> str:
    return f"{shelf.folder} can't be written: {fault.strerror}. Next: check its space and rights"
