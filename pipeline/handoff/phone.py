"""The channels `intent` and `status`: adb opens a story in WhatsApp on the phone, the person sends it."""

from __future__ import annotations

from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from pipeline.destination import Journal, Offered, Parcel
from pipeline.errors import EnvironmentFault, TryAgain
from pipeline.handoff.handset import connected, examine, lay, place_for, take_away, why_not
from pipeline.handoff.intents import Intent, am_start, send, share_to_status, why_not_started
from pipeline.handoff.shelf import Laid, Shelf
from pipeline.tools.adb_phone import DOCTOR, Phone
from pipeline.tools.clock import fresh_name

if TYPE_CHECKING:
    from pipeline.config import PhoneSettings

Kind = Literal["intent", "status"]


@dataclass(frozen=True, slots=True)
class OnPhone:
    """One destination's way onto the phone. A repeat only opens the composer again: nothing is sent by it.

    There is one composer, so one story at a time stands in it; the next waits until the person has
    answered for that one.
    """

    name: str
    kind: Kind
    phone: PhoneSettings
    shelf: Shelf

    def blocked(self) -> str | None:
        """Why no story can be put into WhatsApp now, or None."""
        try:
            self._wait_for_turn()
            phone = connected(self.phone)
            return why_not(phone, examine(phone, self.phone.package), self.phone)
        except TryAgain as reason:
            return str(reason)

    def deliver(self, parcel: Parcel, journal: Journal) -> Offered:
        """Copy the file into the phone's gallery and open it in WhatsApp. Raises TryAgain.

        The shelf is told first: whatever is cut short, it names what there is to take away.
        """
        self._wait_for_turn()
        phone = connected(self.phone)
        facts = examine(phone, self.phone.package)
        reason = why_not(phone, facts, self.phone, parcel.rendition.bytes)
        if reason:
            raise TryAgain(reason)
        laid = self._shelved(parcel, phone)
        try:
            uri = lay(phone, parcel.rendition.path, laid.path, facts.sdk, self.phone)
            journal.record("on the phone", {"channel": self.kind, "on_phone": laid.path, "uri": uri})
            self._remember(replace(laid, open=True))
            _open(phone, self._intent(parcel, uri))
        except TryAgain:
            self._remember(laid)
            self._withdraw([laid])
            raise
        return Offered(f"WhatsApp on the phone {phone.serial}")

    def keep_only(self, deliveries: Collection[int]) -> None:
        """Take every file off the phone that doesn't wait for a person any more.

        Without the phone it is left to a later run; the composer is free for the next story all the same.
        """
        try:
            mine = [laid for laid in self.shelf.all() if self._is_mine(laid)]
            ended = [laid for laid in mine if not laid.open or laid.delivery not in deliveries]
            for laid in ended:
                self.shelf.put(replace(laid, open=False))
        except OSError as fault:
            raise EnvironmentFault(_unwritable(self.shelf, fault)) from fault
        self._withdraw(ended)

    def _is_mine(self, laid: Laid) -> bool:
        return (laid.destination, laid.channel) == (self.name, self.kind)

    def _wait_for_turn(self) -> None:
        before = next((laid for laid in self.shelf.all() if laid.open), None)
        if before:
            number = before.delivery
            raise TryAgain(
                f"delivery {number} stands in WhatsApp on the phone and comes first. Next: press Send there, "
                f"then storyrelay confirm {number} (or storyrelay skip {number})"
            )

    def _shelved(self, parcel: Parcel, phone: Phone) -> Laid:
        name = f"storyrelay-{parcel.delivery}-{fresh_name()[:12]}{parcel.rendition.path.suffix}"
        path = place_for(name, parcel.rendition.mime, self.phone.folder)
        laid = Laid(parcel.delivery, self.name, self.kind, phone.serial, path)
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
        for serial in {laid.serial for laid in files}:
            there = [laid for laid in files if laid.serial == serial]
            with suppress(TryAgain, OSError):
                phone = connected(self.phone.model_copy(update={"serial": serial}))
                take_away(phone, [laid.path for laid in there])
                for laid in there:
                    self.shelf.forget(laid)


def _open(phone: Phone, intent: Intent) -> None:
    (answer,) = phone.ask(am_start(intent))
    reason = why_not_started(answer.lines)
    if reason:
        raise TryAgain(f"WhatsApp didn't open on the phone {phone.serial}: {reason}. {DOCTOR}")


def _unwritable(shelf: Shelf, fault: OSError) -> str:
    return f"{shelf.folder} can't be written: {fault.strerror}. Next: check its space and rights"
